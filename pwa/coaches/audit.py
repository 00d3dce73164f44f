"""What was done, by whom: kept for a year, shown to administrators whole and to coaches for their own groups."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Connection, Engine, Row, func, insert, or_, select

from pwa.clock import now
from pwa.coaches.tables import deeds, group_coaches
from pwa.database import reading
from pwa.groups.tables import groups

LONGEST = 120  # characters of what a deed was about
SHOWN = 200
COMMAND_LINE = SimpleNamespace(id=None, name="flask")
HOUVAST = SimpleNamespace(id=None, name="Houvast")  # what nobody did, and an administrator must know
DEEDS = {
    "joined": _("accepted an invitation"),
    "signed-in": _("signed in"),
    "password": _("changed the password"),
    "second-step": _("changed the second step"),
    "passkey-added": _("added a passkey"),
    "passkey-removed": _("removed a passkey"),
    "recovery-codes": _("made new recovery codes"),
    "phone-removed": _("disconnected the phone for tests"),
    "sessions-ended": _("signed out on other devices"),
    "invited": _("made an invitation"),
    "stopped": _("switched an account off"),
    "started": _("switched an account on"),
    "made-administrator": _("made somebody an administrator"),
    "made-coach": _("made an administrator a coach again"),
    "renamed": _("changed their own name"),
    "address-changed": _("changed somebody’s address"),
    "erased": _("erased an account"),
    "group-made": _("made a group"),
    "group-changed": _("changed a group"),
    "group-removed": _("removed a group"),
    "code-changed": _("changed a join code"),
    "study-day-added": _("added a study day"),
    "study-day-removed": _("removed a study day"),
    "coach-added": _("shared a group with a coach"),
    "coach-removed": _("removed a coach from a group"),
    "invitation-withdrawn": _("withdrew an invitation"),
    "tip-scheduled": _("scheduled a tip"),
    "tip-cancelled": _("cancelled a tip"),
    "tip-corrected": _("corrected a tip"),
    "codes-guessed": _("noticed someone guessing join codes"),
    "programme-scheduled": _("scheduled a programme"),
    "programme-cancelled": _("cancelled a programme"),
    "template-offered": _("offered a template for briefings"),
    "template-changed": _("changed a template for briefings"),
    "template-withdrawn": _("withdrew a template for briefings"),
}


def note(connection: Connection, who: Any, deed: str, what: str = "", group_id: int | None = None) -> None:
    """Write down a deed in the transaction that does it; `who` is a coach, HOUVAST, or None for the command line."""
    who = who or COMMAND_LINE
    if deed not in DEEDS:
        raise KeyError(deed)
    connection.execute(
        insert(deeds).values(
            at=now(), coach_id=who.id, coach_name=who.name, deed=deed, what=what[:LONGEST], group_id=group_id,
        )
    )  # fmt: skip


def last(connection: Connection, deed: str) -> datetime | None:
    """When something was last done; None: not within the year."""
    return connection.scalar(select(func.max(deeds.c.at)).where(deeds.c.deed == deed))


def recent(engine: Engine, coach: Any, before: int | None = None) -> tuple[list[Row[Any]], int | None]:
    """(the last deeds that this coach may see, the newest first, the number that those before them are `before`).

    Each has the `group_name` of now if there is one; the number is None when there are no others."""
    named = select(deeds, groups.c.name.label("group_name")).outerjoin(groups, groups.c.id == deeds.c.group_id)
    chosen = named.order_by(deeds.c.id.desc()).limit(SHOWN + 1)
    if before is not None:
        chosen = chosen.where(deeds.c.id < before)
    if not coach.is_administrator:
        own = select(group_coaches.c.group_id).where(group_coaches.c.coach_id == coach.id)
        chosen = chosen.where(or_(deeds.c.coach_id == coach.id, deeds.c.group_id.in_(own)))
    with reading(engine) as connection:
        found = list(connection.execute(chosen))
    return found[:SHOWN], found[SHOWN - 1].id if len(found) > SHOWN else None
