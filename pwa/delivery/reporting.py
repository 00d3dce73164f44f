"""What became of a tip: how far it is while it goes out, and what devices say afterwards. Totals only, no names."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from pwa.coaches import phones
from pwa.database import upsert
from pwa.delivery.tables import chunks, outcomes, runs
from pwa.tips.tables import tips

REPORTED = ("shown", "opened")
LATEST = timedelta(days=7)  # a device that was off for longer has another week's tips to show


class Progress(NamedTuple):
    """`readers` it was planned for, how many of them are `done`, and why: outcome and reason → how many."""

    readers: int
    done: int
    counts: dict[str, int]


def progress(connection: Connection, tip_id: int) -> Progress:
    """How far a tip is, over all of its moments that were planned so far."""
    ours = select(runs.c.id).where(runs.c.tip_id == tip_id)
    readers = connection.scalar(select(func.sum(runs.c.readers)).where(runs.c.tip_id == tip_id)) or 0
    left, counts = 0, Counter[str]()
    columns = (chunks.c.state, chunks.c.size, chunks.c.done, chunks.c.counts)
    for state, size, done, counted in connection.execute(select(*columns).where(chunks.c.run_id.in_(ours))):
        counts.update(json.loads(counted))
        if state == "open":
            left += size - int.from_bytes(done, "little").bit_count()
    return Progress(readers, readers - left, dict(counts))


def outcomes_of(connection: Connection, tip_id: int) -> dict[str, int]:
    """What became of a tip, over all days: "accepted", "shown", "failed too-late" … → how many."""
    counts = Counter[str]()
    for row in connection.execute(select(outcomes).where(outcomes.c.tip_id == tip_id)):
        counts[f"{row.outcome} {row.reason}".rstrip()] += row.total
    return dict(counts)


def weekly(connection: Connection, group_ids: Collection[int], first: date) -> dict[tuple[date, str], int]:
    """The totals of these groups from a day on: the week's Monday and the outcome → how many."""
    rows = connection.execute(
        select(outcomes.c.date, outcomes.c.outcome, func.sum(outcomes.c.total).label("total"))
        .where(outcomes.c.group_id.in_(group_ids), outcomes.c.date >= first)
        .group_by(outcomes.c.date, outcomes.c.outcome)
    )
    totals = Counter[tuple[date, str]]()
    for row in rows:
        totals[row.date - timedelta(days=row.date.weekday()), row.outcome] += int(row.total)
    return dict(totals)


def report(connection: Connection, tip_id: int, what: str, today: date) -> bool:
    """Count that a device has shown or opened a tip; False for what cannot be, which is not counted."""
    if what not in REPORTED:
        return False
    if tip_id >= phones.FIRST:  # a coach's test on the own phone
        return phones.shown(connection, tip_id)
    tip = connection.execute(
        select(tips.c.group_id, runs.c.date)
        .join(runs, runs.c.tip_id == tips.c.id)
        .where(tips.c.id == tip_id, runs.c.state.in_(("open", "done")))
    ).first()
    if tip is None or not tip.date <= today <= tip.date + LATEST:
        return False
    which = {"date": today, "group_id": tip.group_id, "tip_id": tip_id, "outcome": what, "reason": ""}
    connection.execute(upsert(connection, outcomes, which, {"total": 1}, add=True))
    return True
