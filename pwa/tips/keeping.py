"""Tips as they are kept: scheduled, taken back, corrected; each change with its line in the audit."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, func, insert, select

from pwa.clock import now
from pwa.coaches import audit
from pwa.groups.calendar import TIMES, Calendar
from pwa.groups.tables import groups
from pwa.tips.tables import tip_texts, tips

HOLD = timedelta(seconds=60)
GRACE = timedelta(minutes=2)  # a moment that is this near is over: planning needs the hold and a little more
Texts = dict[str, tuple[str, str]]  # language → (title, body)


class Draft(Struct, frozen=True, kw_only=True):
    """A tip that is ready to go; a tip for several groups has one `batch`."""

    group_id: int
    texts: Texts
    date: date
    moments: str
    card: str | None = None
    programme: str | None = None
    batch: str = ""


def schedule(
    connection: Connection, coach: Any, draft: Draft, *, corrects: Row[Any] | None = None, alone: bool = True
) -> int:
    """Keep a tip, held for 60 seconds in which nobody sees it; its number. Not `alone`: the audit names its series."""
    batch = corrects.batch if corrects else draft.batch or new_batch()
    tip_id: int = connection.scalars(
        insert(tips).returning(tips.c.id).values(
            group_id=draft.group_id, batch=batch, author=coach.id,
            card=draft.card, programme=draft.programme, state="held", date=draft.date, moments=draft.moments,
            held_until=now() + HOLD, corrects_id=corrects.id if corrects else None, created_at=now(),
        )
    ).one()  # fmt: skip
    connection.execute(
        insert(tip_texts),
        [{"tip_id": tip_id, "language": language, "title": title, "body": body}
         for language, (title, body) in draft.texts.items()],
    )  # fmt: skip
    if alone:
        deed = "tip-corrected" if corrects else "tip-scheduled"
        audit.note(connection, coach, deed, next(iter(draft.texts.values()))[0], draft.group_id)
    return tip_id


def just_scheduled(connection: Connection, coach: Any, group_id: int, programme: str) -> bool:
    """Whether this coach scheduled the programme for the group within the last minute."""
    held = (tips.c.state == "held", tips.c.held_until > now())
    same = (tips.c.author == coach.id, tips.c.group_id == group_id, tips.c.programme == programme)
    return connection.scalar(select(tips.c.id).where(*held, *same).limit(1)) is not None


def new_batch() -> str:
    """What the tips that are sent together have in common."""
    return secrets.token_urlsafe(16)


def batch_of(coach: Any, key: str) -> str:
    """The batch of one form of this coach's, so that it is known again when it comes twice; without a key a new one.

    A digest, for whoever chose a batch could name somebody else's."""
    if not key:
        return new_batch()
    return base64.urlsafe_b64encode(hashlib.sha256(f"{coach.id} {key}".encode()).digest()[:16]).decode().rstrip("=")


def made_before(connection: Connection, batch: str) -> list[Row[Any]]:
    """The tips of a batch that were scheduled already, and not taken back since."""
    same = select(tips).where(tips.c.batch == batch, tips.c.corrects_id.is_(None), tips.c.state != "cancelled")
    return list(connection.execute(same.order_by(tips.c.id)))


def tips_between(connection: Connection, group_ids: Iterable[int], first: date, last: date) -> list[Row[Any]]:
    """The tips of these groups in a stretch of days, in order."""
    return list(
        connection.execute(
            select(tips)
            .where(tips.c.group_id.in_(list(group_ids)), tips.c.date.between(first, last))
            .order_by(tips.c.date, tips.c.id)
        )
    )


def next_and_last(
    connection: Connection, group_ids: Iterable[int], today: date
) -> tuple[dict[int, Row[Any]], dict[int, Row[Any]]]:
    """By group: the tip that goes out next, from today on, and the last one that went out."""
    ours = tips.c.group_id.in_(list(group_ids))
    waiting = (ours, tips.c.state.in_(("held", "scheduled")), tips.c.date >= today)
    first = select(tips).where(*waiting).order_by(tips.c.date.desc(), tips.c.id.desc())
    sent = select(func.max(tips.c.id)).where(ours, tips.c.state == "sent").group_by(tips.c.group_id, tips.c.date)
    last = select(tips).where(tips.c.id.in_(sent)).order_by(tips.c.date, tips.c.id)
    coming, gone = connection.execute(first), connection.execute(last)
    return {tip.group_id: tip for tip in coming}, {tip.group_id: tip for tip in gone}  # the last of each wins


def texts_of(connection: Connection, tip_ids: Iterable[int]) -> dict[int, Texts]:
    """The words of tips, by number and language, the main language of the group first."""
    found: dict[int, Texts] = {}
    rows = connection.execute(
        select(tip_texts, groups.c.languages)
        .select_from(tip_texts.join(tips).join(groups))
        .where(tip_texts.c.tip_id.in_(list(tip_ids)))
    ).all()
    for row in sorted(rows, key=lambda row: row.languages.find(row.language) % 100):  # one that was dropped comes last
        found.setdefault(row.tip_id, {})[row.language] = (row.title, row.body)
    return found


def written_by(connection: Connection, coach_id: int) -> list[dict[str, str]]:
    """The tips that have this coach as their author, as plain values for JSON: the first title, the day, the group."""
    found = connection.execute(
        select(tips.c.id, tips.c.date, groups.c.name)
        .join(groups, groups.c.id == tips.c.group_id)
        .where(tips.c.author == coach_id)
        .order_by(tips.c.date, tips.c.id)
    ).all()
    words = texts_of(connection, [tip.id for tip in found])
    return [
        {"title": next(iter(words.get(tip.id, {}).values()), ("", ""))[0],
         "date": tip.date.isoformat() if tip.date else "", "group": tip.name}
        for tip in found
    ]  # fmt: skip


def moments_left(calendar: Calendar, day: date, at: datetime) -> list[str]:
    """Which of the three moments of a local day are still to come."""
    return [moment for moment in TIMES if calendar.due(day, moment) > at + HOLD + GRACE]
