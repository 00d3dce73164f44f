"""The dose guard: three tips a week help as much as five, and five make people leave (see docs/coaches.md).

Never more than one a day or five a week for one reader, over all groups and coaches; a fourth and a fifth only when the
coach asks for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from itertools import combinations, groupby, pairwise
from typing import Literal

from sqlalchemy import Connection, select

from pwa.groups.calendar import Calendar
from pwa.groups.tables import groups
from pwa.subscriptions.tables import subscription_groups
from pwa.tips.tables import tips

USUAL = 3
MOST = 5
WHOLE_WEEK = 5  # school days
GOES_OUT = ("held", "scheduled", "sent")
Refusal = Literal["day", "week", "most"]


def groups_sharing(connection: Connection, *group_ids: int) -> list[int]:
    """The groups that have a reader in common with these, themselves included.

    They are locked until the end of the transaction, so that two coaches at once cannot both be the first; who asks for
    several asks for all of them first, in one order for everybody, or two could wait for each other."""
    ours = select(subscription_groups.c.subscription_id).where(subscription_groups.c.group_id.in_(group_ids))
    theirs = select(subscription_groups.c.group_id).where(subscription_groups.c.subscription_id.in_(ours)).distinct()
    chosen = select(groups.c.id).where(groups.c.id.in_(group_ids) | groups.c.id.in_(theirs)).order_by(groups.c.id)
    return list(connection.scalars(chosen.with_for_update()))


def taken(
    connection: Connection, group_ids: Collection[int], first: date, last: date, *, but: str = ""
) -> Counter[date]:
    """How many tips go out on each day; one for several groups counts once, corrections and the batch `but` do not."""
    rows = connection.execute(
        select(tips.c.date, tips.c.batch)
        .where(
            tips.c.group_id.in_(group_ids), tips.c.state.in_(GOES_OUT), tips.c.corrects_id.is_(None),
            tips.c.date.between(first, last), tips.c.batch != but,
        )
        .distinct()
    )  # fmt: skip
    return Counter(row.date for row in rows)


def refusal(counts: Mapping[date, int], day: date, *, usual: int = USUAL) -> Refusal | None:
    """Why no tip may go out on a day: one is there already, or the week has `usual`, or the most there may be."""
    if counts.get(day, 0):
        return "day"
    week = in_week(counts, day)
    if week >= MOST:
        return "most"
    return "week" if week >= usual else None


def in_week(counts: Mapping[date, int], day: date) -> int:
    """How many tips the week of a day has."""
    monday = day - timedelta(days=day.weekday())
    return sum(counts.get(monday + timedelta(days=offset), 0) for offset in range(7))


def lay_out(calendar: Calendar, counts: Mapping[date, int], first: date, number: int, *, a_week: int) -> list[date]:
    """`number` school days from `first` on that have room, `a_week` spread over each week; fewer after a year.

    In a whole week two are Tuesday and Thursday, three Monday, Wednesday and Friday. A week with fewer school days has
    fewer tips; what goes out already counts, and stays where it is."""
    days: list[date] = []
    monday = first - timedelta(days=first.weekday())
    for _, week in groupby(calendar.school_days(monday, 366), key=lambda day: day.isocalendar()[:2]):
        days += _spread(list(week), first, counts, a_week)
        if len(days) >= number:
            break
    return days[:number]


def next_free(calendar: Calendar, counts: Mapping[date, int], first: date) -> date | None:
    """The first school day from `first` on that has room at the usual dose; None when there is none within a year."""
    return next((day for day in calendar.school_days(first, 366) if refusal(counts, day) is None), None)


def _spread(lessons: list[date], first: date, counts: Mapping[date, int], a_week: int) -> list[date]:
    """The days for new tips in a week with these school days: as far from each other and from the others as can be.

    Two on successive days weigh more than any distance from the even places."""
    there = [day for day in lessons if counts.get(day, 0)]
    left = [day for day in lessons if day >= first]
    free = [day for day in left if refusal(counts, day, usual=a_week) is None]
    wanted = max(1, round(a_week * len(left) / WHOLE_WEEK)) - sum(day >= first for day in there)
    new = min(wanted, a_week - in_week(counts, lessons[0]), len(free))
    if new <= 0:
        return []
    places = {day: place for place, day in enumerate(lessons)}
    step = len(lessons) / (new + len(there))

    def unevenness(chosen: Iterable[date]) -> tuple[int, float]:
        together = sorted([*there, *chosen])
        running = sum((after - before).days == 1 for before, after in pairwise(together))
        return running, round(sum((places[day] - (n + 0.5) * step + 0.5) ** 2 for n, day in enumerate(together)), 3)

    return list(min(combinations(free, new), key=unevenness))
