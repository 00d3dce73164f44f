"""The sending process as `make run` starts it: it takes what lies ready and answers those who wait."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from pwa.clock import now
from pwa.config import PROJECT, Settings, read_settings
from pwa.delivery.message import welcome_message
from pwa.delivery.tables import chunks, runs
from pwa.delivery.vapid import load_keys
from pwa.worker import make_tasks, post
from tests.support.push.process import Push
from tests.support.school import URL, School
from tests.support.server import select_for

PATIENCE = 90  # seconds, on a machine with much else to do


@pytest.fixture
def environment(engine: Engine, push: Push, tmp_path: Path) -> dict[str, str]:
    return {
        "HOUVAST_INSTANCE": str(tmp_path),
        "HOUVAST_DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "HOUVAST_PUSH_PROXY": push.proxy,
        "HOUVAST_PUSH_CA_FILE": push.cert,
    }


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    return replace(read_settings(environment), url=URL)


@pytest.fixture
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Beside a parent that can be ended: a shell that only waits."""
    script = 'python=$1; "$python" -m pwa.worker $$ & read _; exit 0'
    command = ["sh", "-c", script, "sh", sys.executable]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdin=subprocess.PIPE)
    yield process
    assert process.stdin
    process.stdin.close()
    process.wait(PATIENCE)


def until(seen: object) -> bool:
    """Whether something came to be in time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if seen():  # type: ignore[operator]
            return True
        select_for(0.2)
    return False


def test_it_sends_what_lies_ready_and_answers_who_waits(
    school: School, push: Push, settings: Settings, worker: subprocess.Popen[bytes]
) -> None:
    school.keys = load_keys(settings.instance, settings.contact)
    endpoints = school.readers(20)
    school.tip()
    assert school.plan() == 20
    school.change(runs, fresh_until=now() + timedelta(minutes=30))
    school.change(chunks, not_before=now(), lease_until=now())
    tasks = make_tasks(settings)
    tasks.drain()
    assert until(lambda: school.totals() == {"accepted": 20})
    payload = welcome_message(url=URL, language="nl", nonce="once", title="Tips komen hier aan", body="Het is gelukt.")
    assert post(settings, 1, payload, wait=PATIENCE) == "accepted"
    assert "once" in push.messages(endpoints[0])[1]["plaintext"]
    assert push.report()["problems"] == {}
