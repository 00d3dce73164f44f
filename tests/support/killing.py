"""Two sending processes that are told to stop, or are killed, again and again while a tip goes out."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from pwa.config import PROJECT
from pwa.delivery.vapid import load_keys
from tests.support.push.process import Push
from tests.support.school import School
from tests.support.server import select_for


class Killed(NamedTuple):
    """How often a process was ended, how many readers got nothing, and how many messages came once more."""

    kills: int
    lost: int
    twice: int


def kill_again_and_again(
    school: School, push: Push, folder: Path, how: signal.Signals, *, readers: int, kills: int, seconds: float = 0.5
) -> Killed:
    """Send a tip to so many readers by two processes, of which one lives for `seconds` at most, and let it finish.

    The push service has a message at once and answers a tenth of a second later: what was in flight is there twice."""
    school.keys = load_keys(folder, "mailto:coach@houvast.example")
    endpoints = school.readers(readers, plan="late;ms=100", same=True)
    school.tip()
    assert school.plan() == readers
    began, chance, done = time.time(), random.Random(how), 0  # noqa: S311
    workers = [_start(school, push, folder, began) for _ in range(2)]
    try:
        while done < kills and push.get("/report?endpoints=0")["accepted"] < readers * 0.9:
            select_for(chance.uniform(0.05, seconds))
            place = done % 2
            workers[place].send_signal(how)
            _end(workers[place])
            done += 1
            workers[place] = _start(school, push, folder, began)
        for worker in workers:
            assert worker.wait(300) == 0
    finally:
        for worker in workers:
            worker.kill()
            _end(worker)
    came_for = push.report()["endpoints"]
    came = [came_for.get(urlsplit(endpoint).path, {"accepted": 0})["accepted"] for endpoint in endpoints]
    return Killed(done, came.count(0), sum(came) - readers + came.count(0))


def _start(school: School, push: Push, folder: Path, began: float) -> subprocess.Popen[str]:
    url = school.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.support.drain", url, push.proxy, push.cert, str(folder), str(began)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def _end(process: subprocess.Popen[str]) -> None:
    process.wait(120)
    assert process.stdout
    process.stdout.close()
