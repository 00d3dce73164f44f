"""What was done, by whom: kept for a year, shown to administrators whole and to coaches for their own groups."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Engine, Row, delete, insert, or_, select

from pwa.clock import now
from pwa.coaches.tables import deeds, group_coaches
from pwa.database import reading

KEPT = timedelta(days=365)
SHOWN = 200
DEEDS = {
    "joined": _l("accepted an invitation"),
    "signed-in": _l("signed in"),
    "password": _l("changed the password"),
    "second-step": _l("changed the second step"),
    "passkey-added": _l("added a passkey"),
    "passkey-removed": _l("removed a passkey"),
    "recovery-codes": _l("made new recovery codes"),
    "sessions-ended": _l("ended other sessions"),
    "invited": _l("made an invitation"),
    "stopped": _l("switched an account off"),
    "started": _l("switched an account on"),
    "group-made": _l("made a group"),
    "group-changed": _l("changed a group"),
    "group-removed": _l("removed a group"),
    "code-changed": _l("changed a join code"),
    "study-day-added": _l("added a study day"),
    "study-day-removed": _l("removed a study day"),
    "tip-scheduled": _l("scheduled a tip"),
    "tip-cancelled": _l("cancelled a tip"),
    "tip-corrected": _l("corrected a tip"),
    "programme-scheduled": _l("scheduled a programme"),
}


def note(connection: Connection, who: Any, deed: str, what: str = "", group_id: int | None = None) -> None:
    """Write down a deed in the transaction that does it; `who` is a coach, or None for the command line."""
    if deed not in DEEDS:
        raise KeyError(deed)
    connection.execute(
        insert(deeds).values(
            at=now(), coach_id=who.id if who else None, coach_name=who.name if who else "flask",
            deed=deed, what=what[:120], group_id=group_id,
        )
    )  # fmt: skip
    connection.execute(delete(deeds).where(deeds.c.at < now() - KEPT))


def recent(engine: Engine, coach: Any) -> list[Row[Any]]:
    """The last deeds that this coach may see, the newest first."""
    chosen = select(deeds).order_by(deeds.c.at.desc(), deeds.c.id.desc()).limit(SHOWN)
    if not coach.is_administrator:
        own = select(group_coaches.c.group_id).where(group_coaches.c.coach_id == coach.id)
        chosen = chosen.where(or_(deeds.c.coach_id == coach.id, deeds.c.group_id.in_(own)))
    with reading(engine) as connection:
        return list(connection.execute(chosen))
