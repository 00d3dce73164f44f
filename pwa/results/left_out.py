"""The moments at which a tip does not go out, and why: those that are over, and those that are still to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection, Engine, Row, select

from pwa.database import reading
from pwa.delivery.planning import due_at
from pwa.delivery.tables import runs
from pwa.groups.calendar import Calendar, DayOff, calendar_of
from pwa.language import of_request
from pwa.tips.composing import day_off_words
from pwa.tips.tables import tips

WAITING = ("held", "scheduled")


def left_out(connection: Connection, tip: Row[Any], calendar: Calendar) -> list[tuple[str, str]]:
    """The local times at which a tip did not go out, and why; of one that was cancelled between two moments too."""
    found = connection.execute(select(runs).where(runs.c.tip_id == tip.id).order_by(runs.c.due_at)).all()
    said = [(_times([run.due_at], calendar), _why(run, calendar)) for run in found if run.state in {"skipped", "late"}]
    there = {run.moment for run in found}
    if tip.state == "cancelled" and found:
        never = [due_at(tip, moment, calendar) for moment in tip.moments.split() if moment not in there]
        if never:
            said.append((_times(never, calendar), gettext("cancelled before it was time")))
    return said


def left_out_ahead(tip: Row[Any], calendar: Calendar) -> str:
    """Why a tip that waits will not go out, should nobody change that; empty when it will."""
    if tip.state not in WAITING:
        return ""
    off = calendar.day_off(calendar.today(due_at(tip, tip.moments.split()[0], calendar)))
    return day_off_words(off) if off else ""


def how_many_ahead(engine: Engine, content: Path, group_id: int) -> int:
    """How many tips of a group wait for a day on which they will not go out."""
    with reading(engine) as connection:
        calendar = calendar_of(connection, group_id, content)
        waiting = select(tips).where(tips.c.group_id == group_id, tips.c.state.in_(WAITING))
        return sum(bool(left_out_ahead(tip, calendar)) for tip in connection.execute(waiting))


def _times(moments: Iterable[datetime], calendar: Calendar) -> str:
    return ", ".join(f"{at.astimezone(calendar.zone):%H:%M}" for at in moments)


def _why(run: Row[Any], calendar: Calendar) -> str:
    if run.state == "late":
        return gettext("skipped: nothing was sent in time")
    off = calendar.day_off(calendar.today(run.due_at))  # in the reader's language, where the run has one only
    return gettext("skipped: no lessons (%(name)s)", name=_name(off) if off else run.reason)


def _name(off: DayOff) -> str:
    return off.name(of_request()) or (gettext("study day") if off.kind == "study" else gettext("weekend"))
