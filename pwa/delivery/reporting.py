"""What became of a tip: how far it is while it goes out, and what devices say afterwards. Totals only, no names."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, exists, func, select

from pwa.coaches import phones
from pwa.database import upsert
from pwa.delivery.tables import WENT_OUT, chunks, outcomes, runs
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


def believed(counts: Mapping[str, int]) -> dict[str, int]:
    """The same, with no more shown or opened than were accepted: anybody can say that there were."""
    most = counts.get("accepted", 0)
    return {key: min(total, most) if key in REPORTED else total for key, total in counts.items()}


def by_tip(
    connection: Connection, group_ids: Collection[int], first: date
) -> dict[tuple[int, date], dict[str, int]]:
    """What became of these groups' tips from a day on that are not on their way any more: (number, day) → as above."""
    on_its_way = exists().where(runs.c.tip_id == tips.c.id, runs.c.state == "open")
    rows = connection.execute(
        select(tips.c.id, tips.c.date, outcomes.c.outcome, outcomes.c.reason, func.sum(outcomes.c.total).label("total"))
        .join(tips, tips.c.id == outcomes.c.tip_id)
        .where(outcomes.c.group_id.in_(group_ids), tips.c.date >= first, ~on_its_way)
        .group_by(tips.c.id, tips.c.date, outcomes.c.outcome, outcomes.c.reason)
    )
    found: dict[tuple[int, date], dict[str, int]] = {}
    for tip_id, day, outcome, reason, total in rows:
        found.setdefault((tip_id, day), {})[f"{outcome} {reason}".rstrip()] = int(total)
    return found


def report(connection: Connection, tip_id: int, what: str, today: date, times: int = 1) -> bool:
    """Count that devices have shown or opened a tip; False for what cannot be, which is not counted.

    No more of them than readers that it was planned for, and one, which shows that somebody reports who is none."""
    if what not in REPORTED:
        return False
    if tip_id >= phones.FIRST:  # a coach's test on the own phone
        return phones.shown(connection, tip_id)
    tip = connection.execute(
        select(tips.c.group_id, tips.c.date, func.sum(runs.c.readers).label("readers"))
        .join(runs, runs.c.tip_id == tips.c.id)
        .where(tips.c.id == tip_id, runs.c.state.in_(WENT_OUT))
        .group_by(tips.c.id)
    ).first()
    if tip is None or not tip.date <= today <= tip.date + LATEST:
        return False
    times = min(times, tip.readers + 1 - _said(connection, tip_id, what))
    if times < 1:
        return False
    which = {"date": today, "group_id": tip.group_id, "tip_id": tip_id, "outcome": what, "reason": ""}
    connection.execute(upsert(connection, outcomes, which, {"total": times}, add=True))
    return True


def _said(connection: Connection, tip_id: int, what: str) -> int:
    said = select(func.sum(outcomes.c.total)).where(outcomes.c.tip_id == tip_id, outcomes.c.outcome == what)
    return connection.scalar(said) or 0
