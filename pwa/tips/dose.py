"""The dose guard: three tips a week help as much as five, and five make people leave (see docs/coaches.md).

Never more than one a day or five a week for one reader, over all groups and coaches; a fourth and a fifth only when the
coach asks for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import Connection, select

from pwa.groups.calendar import Calendar
from pwa.groups.tables import groups
from pwa.subscriptions.tables import subscription_groups
from pwa.tips.tables import tips

USUAL = 3
MOST = 5
GOES_OUT = ("held", "scheduled", "sent")
Refusal = Literal["day", "week", "most"]


def groups_sharing(connection: Connection, group_id: int) -> list[int]:
    """The groups that have a reader in common with this one, itself included.

    They are locked until the end of the transaction, so that two coaches at once cannot both be the first."""
    ours = select(subscription_groups.c.subscription_id).where(subscription_groups.c.group_id == group_id)
    theirs = select(subscription_groups.c.group_id).where(subscription_groups.c.subscription_id.in_(ours)).distinct()
    chosen = select(groups.c.id).where((groups.c.id == group_id) | groups.c.id.in_(theirs)).order_by(groups.c.id)
    return list(connection.scalars(chosen.with_for_update()))


def taken(connection: Connection, group_ids: Collection[int], first: date, last: date) -> Counter[date]:
    """How many tips go out on each day; one for several groups counts once, a correction not at all."""
    rows = connection.execute(
        select(tips.c.date, tips.c.batch)
        .where(
            tips.c.group_id.in_(group_ids), tips.c.state.in_(GOES_OUT), tips.c.corrects_id.is_(None),
            tips.c.date.between(first, last),
        )
        .distinct()
    )  # fmt: skip
    return Counter(row.date for row in rows)


def refusal(counts: Mapping[date, int], day: date, *, usual: int = USUAL) -> Refusal | None:
    """Why no tip may go out on a day: one is there already, or the week has `usual`, or the most there may be."""
    if counts.get(day, 0):
        return "day"
    monday = day - timedelta(days=day.weekday())
    week = sum(counts.get(monday + timedelta(days=offset), 0) for offset in range(7))
    if week >= MOST:
        return "most"
    return "week" if week >= usual else None


def lay_out(calendar: Calendar, counts: Mapping[date, int], first: date, number: int, *, a_week: int) -> list[date]:
    """The first `number` school days from `first` on that have room, at most `a_week` a week; fewer after a year."""
    counts = Counter(counts)
    days: list[date] = []
    for day in calendar.school_days(first, 366):
        if len(days) == number:
            break
        if refusal(counts, day, usual=a_week) is None:
            days.append(day)
            counts[day] += 1
    return days


def free_days(calendar: Calendar, counts: Mapping[date, int], days: Iterable[date]) -> list[date]:
    """Those of the days that have lessons and room, at the usual dose."""
    return [day for day in days if calendar.day_off(day) is None and refusal(counts, day) is None]
