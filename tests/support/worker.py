"""The sending process as it is started in earnest, and a tip that is due at this moment."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from pwa.clock import now
from pwa.config import PROJECT
from pwa.delivery.tables import chunks, runs
from tests.support.school import School
from tests.support.server import select_for

PATIENCE = 180  # seconds, on a machine with much else to do


@contextmanager
def running(environment: dict[str, str], *command: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-m", "pwa.worker"] if not command else list(command), cwd=PROJECT,
                               env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert process.stdin
    assert process.stdout
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def until(seen: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Whether something came to be in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if seen():
            return True
        select_for(0.1)
    return False


def ready(school: School, count: int, plan: str = "201") -> list[str]:
    """A tip that is planned, and due at this moment."""
    endpoints = school.readers(count, plan=plan)
    school.tip()
    assert school.plan() == count
    school.change(runs, fresh_until=now() + timedelta(minutes=30))
    school.change(chunks, not_before=now(), lease_until=now())
    return endpoints
