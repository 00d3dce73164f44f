"""The chart of the last weeks: how many messages were accepted, shown and opened, as bars in SVG.

Geometry is computed here, because the policy of the pages allows presentation attributes and no styles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta

from msgspec import Struct
from sqlalchemy import Connection, func, select

from pwa.delivery.tables import outcomes

WEEKS = 8
FEWEST_SHOWN = 5
WIDTH, HEIGHT, FLOOR = 320, 160, 132
SHOWN = ("accepted", "shown", "opened")


class Bar(Struct, frozen=True):
    """One bar in the chart's own units; `total` None: fewer than five, and so no bar."""

    outcome: str
    total: int | None
    x: float
    y: float
    height: float


class Week(Struct, frozen=True):
    monday: date
    middle: float
    bars: list[Bar]


def last_weeks(connection: Connection, group_ids: Collection[int], today: date) -> list[Week]:
    """The last eight weeks of these groups, the oldest first."""
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    rows = connection.execute(
        select(outcomes.c.date, outcomes.c.outcome, func.sum(outcomes.c.total).label("total"))
        .where(outcomes.c.group_id.in_(group_ids), outcomes.c.date >= first, outcomes.c.outcome.in_(SHOWN))
        .group_by(outcomes.c.date, outcomes.c.outcome)
    )
    totals: dict[tuple[date, str], int] = defaultdict(int)
    for row in rows:
        totals[row.date - timedelta(days=row.date.weekday()), row.outcome] += int(row.total)
    return drawn([first + timedelta(weeks=week) for week in range(WEEKS)], totals)


def drawn(mondays: list[date], totals: dict[tuple[date, str], int]) -> list[Week]:
    """Totals as bars, the highest as high as the chart."""
    most = max([*totals.values(), FEWEST_SHOWN])
    slot = WIDTH / len(mondays)
    width = slot * 0.8 / len(SHOWN)
    weeks = []
    for number, monday in enumerate(mondays):
        bars = []
        for place, outcome in enumerate(SHOWN):
            total = totals.get((monday, outcome), 0)
            height = round((FLOOR - 8) * total / most, 1) if total >= FEWEST_SHOWN else 0
            x = round(number * slot + slot * 0.1 + place * width, 1)
            bars.append(Bar(outcome, total if total >= FEWEST_SHOWN else None, x, round(FLOOR - height, 1), height))
        weeks.append(Week(monday, round((number + 0.5) * slot, 1), bars))
    return weeks
