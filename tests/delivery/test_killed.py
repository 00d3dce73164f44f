"""Nothing is lost when the sending processes are killed, and little is sent twice."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from pwa.delivery.push import WIDTH
from pwa.delivery.recording import FLUSH_COUNT
from tests.support.killing import kill_again_and_again
from tests.support.push.process import Push
from tests.support.school import School

READERS = 3000


@pytest.mark.parametrize(("how", "kills"), [(signal.SIGKILL, 5), (signal.SIGTERM, 2)])  # 200: `make bench ARGS=faults`
def test_two_workers_that_are_killed_again_and_again_lose_nobody(
    school: School, push: Push, tmp_path: Path, how: signal.Signals, kills: int
) -> None:
    killed = kill_again_and_again(school, push, tmp_path, how, readers=READERS, kills=kills)
    assert killed.kills >= kills // 2, "the tip had gone out before"
    assert killed.lost == 0
    assert killed.twice <= (killed.kills * (WIDTH + FLUSH_COUNT) if how == signal.SIGKILL else 0)
    assert school.totals() == {"accepted": READERS}
    assert [run.state for run in school.runs()] == ["done"]
