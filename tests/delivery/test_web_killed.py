"""A process that is killed while a coach sends a tip: the tip is there with all that belongs to it, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from pwa.coaches.tables import deeds
from pwa.config import PROJECT
from pwa.database import make_engine, reading
from pwa.delivery import bits
from pwa.delivery.tables import chunks, runs
from pwa.tips.tables import tip_texts, tips
from tests.support.school import database
from tests.support.sending_now import READERS

KILLS = 20


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_tip_is_there_with_its_texts_its_groups_and_its_chunks_or_it_is_not_there(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = database(tmp_path) if kind == "sqlite" else request.getfixturevalue("postgres").url()
    environment = {"HOUVAST_INSTANCE": str(tmp_path), "HOUVAST_DATABASE_URL": url}
    command = [sys.executable, "-m", "tests.support.sending_now", str(KILLS)]
    done = subprocess.run(command, cwd=PROJECT, env=os.environ | environment, capture_output=True, text=True,
                          timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr
    engine = make_engine(url)
    with reading(engine) as connection:
        made = connection.execute(select(tips)).all()
        texts = Counter(connection.scalars(select(tip_texts.c.tip_id)))
        planned = connection.execute(select(runs)).all()
        pieces = connection.execute(select(chunks)).all()
        noted = connection.scalars(select(deeds.c.deed).where(deeds.c.deed == "tip-scheduled")).all()
    engine.dispose()
    sent = Counter(tip.batch for tip in made)
    assert 1 < len(sent) < KILLS + 1, "some were killed before, and some after they were kept"
    assert set(sent.values()) == {2}, "for both groups or for none"
    assert texts == dict.fromkeys([tip.id for tip in made], 2), "in both languages"
    assert len(noted) == len(made)
    assert sorted(run.tip_id for run in planned) == sorted(tip.id for tip in made), "each is planned, and once"
    assert {run.readers for run in planned} == {READERS}
    assert {run.id: READERS for run in planned} == {piece.run_id: len(bits.unpack(piece.ids)) for piece in pieces}
