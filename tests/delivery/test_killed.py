"""Nothing is lost when the sending processes are killed, and little is sent twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pwa.config import PROJECT
from pwa.delivery.push import WIDTH
from pwa.delivery.recording import FLUSH_COUNT
from pwa.delivery.vapid import load_keys
from tests.support.push.process import Push
from tests.support.school import School
from tests.support.server import select_for

READERS = 1500
KILLS = 6


def start(school: School, folder: Path, began: float) -> subprocess.Popen[str]:
    assert school.push
    url = school.engine.url.render_as_string(hide_password=False)
    arguments = [url, school.push.proxy, school.push.cert, str(folder), str(began)]
    command = [sys.executable, "-m", "tests.support.drain", *arguments]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.wait(60)
    assert process.stdout
    process.stdout.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_two_workers_that_are_killed_again_and_again_lose_nobody(
    school: School, push: Push, tmp_path: Path, how: signal.Signals
) -> None:
    school.keys = load_keys(tmp_path, "mailto:coach@houvast.example")
    endpoints = school.readers(READERS)
    school.tip()
    assert school.plan() == READERS
    began, chance = time.time(), random.Random(how)  # noqa: S311
    workers = [start(school, tmp_path, began) for _ in range(2)]
    kills = 0
    try:
        while kills < KILLS and push.report()["accepted"] < READERS * 0.9:
            select_for(chance.uniform(0.05, 0.5))
            place = kills % 2
            workers[place].send_signal(how)
            end(workers[place])
            kills += 1
            workers[place] = start(school, tmp_path, began)
        for worker in workers:
            assert worker.wait(300) == 0
    finally:
        for worker in workers:
            worker.kill()
            end(worker)
    assert kills > 0
    came_for = push.report()["endpoints"]
    came = [came_for.get(urlsplit(endpoint).path, {"accepted": 0})["accepted"] for endpoint in endpoints]
    assert came.count(0) == 0
    twice = sum(came) - READERS
    assert twice <= (kills * (WIDTH + FLUSH_COUNT) if how == signal.SIGKILL else 0)
    assert school.totals() == {"accepted": READERS}
    assert [run.state for run in school.runs()] == ["done"]
