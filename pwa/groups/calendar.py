"""A school's calendar: on which days and at which moments a tip may go out.

Local time and zone are kept, and UTC is computed for each day: adding 24 hours goes wrong when the clocks change."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select

from pwa.groups.tables import groups, study_days

TIMES = {"before": time(7, 45), "after": time(15, 45), "evening": time(19, 30)}
MARGIN = timedelta(minutes=10)  # before quiet hours begin, so that the last reader is served in time
WEEKEND = (5, 6)
LONGEST_SEARCH = 366
AHEAD = timedelta(days=548)  # a year and a half: a tip may be planned a year ahead, and somebody must have the time
HOME = "Europe/Amsterdam"  # the zone where there is no group to ask


@dataclass(frozen=True)
class DayOff:
    """Why there are no lessons: `kind` is weekend, holiday or study; the names are empty for a weekend."""

    kind: str
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, language: str) -> str:
        return self.names.get(language) or next(iter(self.names.values()), "")


@dataclass(frozen=True)
class Calendar:
    """What of a group matters for time. `study` is local day → what the coach calls it."""

    zone: ZoneInfo
    country: str
    region: str
    quiet_from: time
    quiet_till: time
    holidays: Mapping[str, Mapping[date, DayOff]]
    study: Mapping[date, str] = field(default_factory=dict)

    def day_off(self, day: date) -> DayOff | None:
        """Why nothing is sent on a local day, or None when it is a school day."""
        if day in self.study:
            return DayOff("study", {"": self.study[day]})
        for key in (self.region, self.country):
            if found := self.holidays.get(key, {}).get(day):
                return found
        return DayOff("weekend") if day.weekday() in WEEKEND else None

    def school_days(self, first: date, count: int) -> list[date]:
        """The first `count` school days from `first` on, at most a year ahead."""
        return list(self._school_days(first, count))

    def due(self, day: date, moment: str) -> datetime:
        """When a moment is, in UTC; one in the quiet hours moves to their end, or to just before they begin."""
        return self._utc(day, self._awake(TIMES[moment]))

    def next_awake(self, at: datetime) -> datetime:
        """The first moment from `at` on (aware) that is not in the quiet hours, in UTC."""
        local = at.astimezone(self.zone)
        if not self.is_quiet(local.time()):
            return at.astimezone(UTC)
        later = local.date() + timedelta(days=local.time() >= self.quiet_till)
        return self._utc(later, self.quiet_till)

    def next_quiet(self, at: datetime) -> datetime:
        """When the quiet hours begin after `at` (aware), in UTC; the end of time for a group that has none."""
        local = at.astimezone(self.zone)
        if self.quiet_from == self.quiet_till:
            return datetime.max.replace(tzinfo=UTC)
        return self._utc(local.date() + timedelta(days=local.time() >= self.quiet_from), self.quiet_from)

    def is_quiet(self, at: time) -> bool:
        """Whether nothing may be sent at a local time; quiet hours may pass midnight."""
        if self.quiet_from <= self.quiet_till:
            return self.quiet_from <= at < self.quiet_till
        return at >= self.quiet_from or at < self.quiet_till

    def today(self, at: datetime) -> date:
        """The local day of a moment."""
        return at.astimezone(self.zone).date()

    def regions_off(self, day: date) -> list[str]:
        """All regions, of every country, with school holidays on a day; for readers who chose their own."""
        return [key for key, days in self.holidays.items() if "-" in key and day in days]

    def _school_days(self, first: date, count: int) -> Iterator[date]:
        for offset in range(LONGEST_SEARCH):
            if count <= 0:
                return
            day = first + timedelta(days=offset)
            if self.day_off(day) is None:
                count -= 1
                yield day

    def _awake(self, at: time) -> time:
        if not self.is_quiet(at):
            return at
        if at < self.quiet_till:
            return self.quiet_till
        before = (datetime.combine(date.min + timedelta(days=1), self.quiet_from) - MARGIN).time()
        return self.quiet_till if self.is_quiet(before) else before  # awake for less than the margin

    def _utc(self, day: date, at: time) -> datetime:
        """A local time that a change of clocks leaves out is that much later; one that comes twice is the first."""
        return datetime.combine(day, at, self.zone).astimezone(UTC)


def calendar_of(connection: Connection, group_id: int, content: Path) -> Calendar:
    """The calendar of a group. Raises LookupError when there is no such group."""
    return calendars_of(connection, [group_id], content)[group_id]


def calendars_of(connection: Connection, group_ids: Collection[int], content: Path) -> dict[int, Calendar]:
    """The calendars of several groups, by their numbers; a group that is not there is left out."""
    study: dict[int, dict[date, str]] = {number: {} for number in group_ids}
    for row in connection.execute(select(study_days).where(study_days.c.group_id.in_(group_ids))):
        study[row.group_id][row.date] = row.name
    return {
        row.id: Calendar(ZoneInfo(row.timezone), row.country, row.holiday_region, row.quiet_from, row.quiet_till,
                         load_holidays(content), study[row.id])
        for row in connection.execute(select(groups).where(groups.c.id.in_(group_ids)))
    }  # fmt: skip


def today_at(groups: Sequence[Row[Any]], at: datetime) -> date:
    """The local day of a moment (aware) at the first of some groups, or in the Netherlands when there is none."""
    return at.astimezone(ZoneInfo(groups[0].timezone if groups else HOME)).date()


def known_until(content: Path) -> date:
    """The last day of which every region's school holidays are known: holidays.toml has whole years."""
    regions = [days for key, days in load_holidays(content).items() if "-" in key]
    return date(min(max(days) for days in regions).year, 12, 31)


def ends_soon(content: Path, today: date) -> date | None:
    """The last day that is known, when whoever runs Houvast must look after it; None when that is far away."""
    last = known_until(content)
    return last if last - today < AHEAD else None


@cache
def load_holidays(content: Path) -> Mapping[str, Mapping[date, DayOff]]:
    """holidays.toml as country or region → local day → why; read once."""
    table = tomllib.loads((content / "holidays.toml").read_text(encoding="utf-8"))
    return {key: dict(_days(part["days"])) for key, part in table.items()}


def _days(stretches: list[dict[str, Any]]) -> Iterator[tuple[date, DayOff]]:
    for stretch in stretches:
        why = DayOff("holiday", {key: name for key, name in stretch.items() if key not in {"first", "last"}})
        for offset in range((stretch["last"] - stretch["first"]).days + 1):
            yield stretch["first"] + timedelta(days=offset), why
