"""The chart of the last weeks: how many messages were accepted, shown and opened, as bars in SVG.

Geometry is computed here, because the policy of the pages allows presentation attributes and no styles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from msgspec import Struct
from sqlalchemy import Connection

from pwa.delivery.reporting import by_tip
from pwa.groups.keeping import FEWEST_SHOWN
from pwa.results.outcome import told_afterwards

WEEKS = 8
WIDTH, HEIGHT, LEFT, CEILING, FLOOR = 420, 180, 30, 10, 152
SHOWN = ("accepted", "shown", "opened")
SLOT = (WIDTH - LEFT) / WEEKS
BAR = 12
ROUND = (1, 2, 5)  # times a power of ten: numbers that a scale may have


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


class Level(Struct, frozen=True):
    """A line of the scale."""

    value: int
    y: float


class Chart(Struct, frozen=True):
    weeks: list[Week]
    scale: list[Level]


def last_weeks(connection: Connection, group_ids: Collection[int], today: date) -> Chart:
    """The last eight weeks of these groups, the oldest first.

    Added up is what the pages of the tips tell, so that no hidden number is what they leave of a week."""
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    totals = Counter[tuple[date, str]]()
    for (_, day), counts in by_tip(connection, group_ids, first).items():
        for outcome, number in told_afterwards(counts).items():
            totals[day - timedelta(days=day.weekday()), outcome] += number or 0
    return drawn([first + timedelta(weeks=week) for week in range(WEEKS)], totals)


def drawn(mondays: list[date], totals: Mapping[tuple[date, str], int]) -> Chart:
    """Totals as bars, on a scale of round numbers."""
    step = _step(max([*(total for (_, outcome), total in totals.items() if outcome in SHOWN), FEWEST_SHOWN]))
    most = step * 4
    weeks = []
    for number, monday in enumerate(mondays):
        middle = LEFT + (number + 0.5) * SLOT
        bars = []
        for place, outcome in enumerate(SHOWN):
            total = totals.get((monday, outcome), 0)
            height = round((FLOOR - CEILING) * total / most, 1) if total >= FEWEST_SHOWN else 0
            x = round(middle + (place - len(SHOWN) / 2) * (BAR + 1), 1)
            bars.append(Bar(outcome, total if total >= FEWEST_SHOWN else None, x, round(FLOOR - height, 1), height))
        weeks.append(Week(monday, round(middle, 1), bars))
    return Chart(weeks, [Level(step * line, round(FLOOR - (FLOOR - CEILING) * line / 4, 1)) for line in range(5)])


def _step(most: int) -> int:
    """The smallest round number that four of reach `most`."""
    ten = 1
    while True:
        for factor in ROUND:
            if factor * ten * 4 >= most:
                return factor * ten
        ten *= 10
