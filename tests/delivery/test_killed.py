"""Nothing is lost when the sending processes are killed, and little is sent twice."""

from __future__ import annotations

import signal
from pathlib import Path

from pwa.delivery.push import WIDTH
from pwa.delivery.recording import FLUSH_COUNT
from tests.support.killing import kill_again_and_again
from tests.support.push.process import Push
from tests.support.school import School

READERS = 3000


def test_two_workers_that_are_killed_again_and_again_lose_nobody(school: School, push: Push, tmp_path: Path) -> None:
    """Two hundred kills, and as many polite ends: `make bench ARGS=faults`."""
    killed = kill_again_and_again(school, push, tmp_path, signal.SIGKILL, readers=READERS, kills=3)
    assert killed.kills >= 2, "the tip had gone out before"
    assert killed.lost == 0
    assert killed.twice <= killed.kills * (WIDTH + FLUSH_COUNT)
    assert school.totals() == {"accepted": READERS}
    assert [run.state for run in school.runs()] == ["done"]
