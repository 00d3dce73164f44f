"""The chart of the last weeks: how many messages were accepted, shown and opened, as bars in SVG.

Geometry is computed here, because the policy of the pages allows presentation attributes and no styles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from msgspec import Struct
from sqlalchemy import Connection

from pwa.delivery.reporting import weekly
from pwa.results.outcome import FEWEST_SHOWN

WEEKS = 8
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
    return drawn([first + timedelta(weeks=week) for week in range(WEEKS)], weekly(connection, group_ids, first))


def drawn(mondays: list[date], totals: Mapping[tuple[date, str], int]) -> list[Week]:
    """Totals as bars, the highest as high as the chart."""
    most = max([*(total for (_, outcome), total in totals.items() if outcome in SHOWN), FEWEST_SHOWN])
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
