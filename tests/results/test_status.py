"""`flask status` says what whoever runs Houvast must look at, and its lines in the journal say how bad they are."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import insert

from pwa import create_app, status
from pwa.clock import now
from pwa.config import PROJECT, Settings, read_settings
from pwa.database import writing
from pwa.delivery.tables import push_services
from tests.support import desk as school
from tests.support.coaches import Person, group_of


def said(settings: Settings) -> tuple[int, list[str]]:
    result = FlaskCliRunner(create_app(settings, serve=False)).invoke(args=["status"])
    return result.exit_code, result.output.splitlines()


def test_it_is_well_until_something_waits_is_refused_or_has_no_room(
    coach: Person, desk: Flask, desk_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "LEAST_FREE", 0)
    assert said(desk_settings) == (0, ["All is well."])
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        refused = {"origin": "https://fcm.googleapis.com", "key_id": "k", "alarm": "Refused.", "alarm_at": now()}
        connection.execute(insert(push_services).values(refused))
        school.tip(connection, group, now().date(), "held", held_until=now() - timedelta(minutes=4))
    monkeypatch.setattr(status, "LEAST_FREE", 10**9)
    code, lines = said(desk_settings)
    assert (code, len(lines)) == (1, 3)
    assert lines[0] == "Refused."
    assert "nothing is sending them" in lines[1]
    assert "nearly full" in lines[2]


def test_a_database_that_is_not_there_or_cannot_be_written_is_told(tmp_path: Path) -> None:
    mistyped = tmp_path / "mistyped"
    code, lines = said(read_settings({"HOUVAST_INSTANCE": str(mistyped)}))
    assert code == 1
    assert [line.rpartition(": ")[0] or line[:20] for line in lines] == [
        "There is no database", f"The instance folder {mistyped} cannot be used"]  # fmt: skip
    assert not mistyped.exists()
    (tmp_path / "houvast.db").touch()
    code, lines = said(read_settings({"HOUVAST_INSTANCE": str(tmp_path)}))
    assert code == 1
    assert "The database cannot be read and written: no such table" in lines[0]


LOGS = """import logging, sys
from pwa.logs import set_up
set_up()
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("pwa").exception("It went wrong.")
"""


@pytest.mark.parametrize("journal", [True, False])
def test_every_line_of_an_error_has_its_priority_in_the_journal_and_none_elsewhere(
    tmp_path: Path, journal: bool
) -> None:
    with (tmp_path / "log").open("wb") as log:
        there = os.fstat(log.fileno())
        stream = {"JOURNAL_STREAM": f"{there.st_dev}:{there.st_ino}" if journal else "1:1"}
        subprocess.run([sys.executable, "-c", LOGS], cwd=PROJECT, stderr=log, env=os.environ | stream, check=True)
    lines = (tmp_path / "log").read_text().splitlines()
    assert lines[0] == ("<3>" if journal else "") + "ERROR pwa: It went wrong."
    assert len(lines) > 3
    assert {line.startswith("<3>") for line in lines} == {journal}
