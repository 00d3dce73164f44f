"""Houvast as `make run` starts it, with its sending process, in front of a real push service; and a school in it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time as time_
from collections.abc import Callable
from datetime import date, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import select

from pwa.clock import now
from pwa.config import Settings, read_settings
from pwa.database import make_engine, metadata, reading, writing
from pwa.delivery.foreground import send_in_sight
from pwa.delivery.message import tip_message
from pwa.delivery.planning import GRACE, plan_due
from pwa.delivery.tables import chunks, outcomes, runs
from pwa.groups.calendar import Calendar
from pwa.groups.tables import groups
from pwa.subscriptions.tables import subscriptions
from pwa.tips.tables import tip_texts, tips
from tests.support.push.process import Push
from tests.support.server import PROJECT, Server, select_for

CODE = "ABCDEFGH12"
PATIENCE = 120  # seconds, on a machine with much else to do
MOZILLA = "https://updates.push.services.mozilla.com"


class Whole(Server):
    """One command, an instance folder of its own; `releases` has the pages ready-made already."""

    def __init__(self, folder: Path, releases: Path, push: Push, **settings: str) -> None:
        folder.mkdir(exist_ok=True)
        if releases.is_dir():
            shutil.copytree(releases, folder / "releases")
        super().__init__(folder, HOUVAST_PUSH_PROXY=push.proxy, HOUVAST_PUSH_CA_FILE=push.cert,
                         HOUVAST_PUSH_SPREAD="0", **settings)  # fmt: skip
        self.folder = folder
        self.database = folder / "houvast.db"
        self.days = school_days()
        self.was_stopped = False

    def start(self, **settings: str) -> Whole:
        self.environment |= settings
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pwa.serve"], cwd=PROJECT, env=self.environment, start_new_session=True
        )
        self.wait()
        return self

    def empty(self) -> None:
        """As it was before anybody came, for the next test: a start takes seconds."""
        with writing(self.engine) as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        self.days = school_days()

    def stop(self) -> None:
        """As systemd does, so that the sending process ends as well."""
        self.was_stopped = True
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
            self.process = None

    def flask(self, *command: str) -> str:
        """What a command of ours says."""
        done = subprocess.run([sys.executable, "-m", "flask", *command], cwd=PROJECT, env=self.environment,
                              capture_output=True, text=True, timeout=PATIENCE)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def engine(self) -> Any:
        return make_engine(f"sqlite:///{self.database}")

    def school(self, code: str = CODE, name: str = "De Regenboog") -> int:
        """A school that is never quiet: the tests run at night as well."""
        row = {"name": name, "languages": "nl en", "join_code": code, "quiet_from": time(0), "quiet_till": time(0),
               "created_at": now()}  # fmt: skip
        with writing(self.engine) as connection:
            return int(connection.scalar(groups.insert().values(row).returning(groups.c.id)) or 0)

    def tip(self, group: int, title: str, *, card: str | None = "keep-recess", **values: Any) -> int:
        """A tip that waits for `send`. Each has a school day of its own, because a reader gets one a day."""
        row = {"group_id": group, "batch": os.urandom(8).hex(), "card": card, "state": "held", "moments": "now",
               "date": values.pop("date", None) or self.days.pop(0), "created_at": now(),
               "held_until": now() + timedelta(days=1)}  # fmt: skip
        with writing(self.engine) as connection:
            number = int(connection.scalar(tips.insert().values(row | values).returning(tips.c.id)) or 0)
            for language, body in (("nl", "Altijd, wat er ook gebeurt."), ("en", "Always, come what may.")):
                text = {"tip_id": number, "language": language, "title": title, "body": body}
                connection.execute(tip_texts.insert().values(text))
        return number

    def send(self, tip: int) -> dict[str, int]:
        """Send a tip here and now, as somebody at a terminal does; outcome and reason → how many."""
        return send_in_sight(self.settings, self.planned(tip))

    def planned(self, tip: int) -> int:
        """The tip, due now whatever day it is: tests run at weekends too, and days off are the calendar's own tests.

        It is planned for a little later, so that the sending process of the server does not plan it for today."""
        soon = now() + timedelta(minutes=10)
        with writing(self.engine) as connection:
            connection.execute(tips.update().where(tips.c.id == tip).values(held_until=soon))
        with patch.object(Calendar, "day_off", lambda _calendar, _day: None):
            plan_due(self.engine, self.settings.content, soon, 0.0)
        times = {"due_at": now(), "planned_at": now(), "fresh_until": now() + GRACE}
        with writing(self.engine) as connection:
            run = connection.scalar(runs.update().where(runs.c.tip_id == tip).values(times).returning(runs.c.id))
            ready = {"not_before": now(), "lease_until": now()}
            connection.execute(chunks.update().where(chunks.c.run_id == run).values(ready))
        return tip

    def message(self, tip: int, title: str) -> bytes:
        """What goes out for a tip, to send it once more."""
        return tip_message(url=self.url, language="nl", tip=tip, batch=self.batch(tip), card="keep-recess",
                           title=title, body="Altijd, wat er ook gebeurt.")  # fmt: skip

    def rows(self, table: Any = subscriptions) -> list[Any]:
        with reading(self.engine) as connection:
            return list(connection.execute(select(table)))

    def batch(self, tip: int) -> str:
        return next(str(row.batch) for row in self.rows(tips) if row.id == tip)

    def lose_readers(self) -> None:
        """As after a backup was put back that is older than they are."""
        with writing(self.engine) as connection:
            connection.execute(subscriptions.delete())

    @property
    def settings(self) -> Settings:
        return read_settings(self.environment)

    def counted(self, tip: int) -> dict[str, int]:
        return {row.outcome: row.total for row in self.rows(outcomes) if row.tip_id == tip}

    def holds(self, secret: str) -> list[str]:
        """The files of the database that have these bytes in them."""
        return [
            path.name for path in self.folder.iterdir()
            if path.name.startswith(("houvast.db", "queue.db")) and secret.encode() in path.read_bytes()
        ]  # fmt: skip


def eventually(look: Callable[[], Any], what: str) -> Any:
    """The first answer that is not empty, as soon as it is there; an answer that never comes fails the test."""
    end = time_.monotonic() + PATIENCE
    while not (found := look()):
        assert time_.monotonic() < end, f"never came: {what}"
        select_for(0.1)
    return found


def school_days() -> list[date]:
    """The last days without a weekend, the newest first; holidays are the calendar's own tests."""
    today = now().date()
    back = (today - timedelta(days=number) for number in range(20))
    return list(islice((day for day in back if day.weekday() < 5), 6))
