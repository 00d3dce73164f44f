"""A school's calendar: the days without lessons, the quiet hours, and both changes of clocks."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays

from pwa.config import PROJECT
from pwa.groups.calendar import TIMES, Calendar, load_holidays
from scripts.holidays import FILE, REGIONS, YEARS, text

HOLIDAYS = load_holidays(PROJECT / "pwa" / "content")
ZONES = ("Europe/Amsterdam", "Europe/Brussels")


def calendar(zone: str = ZONES[0], region: str = "NL-midden", quiet: tuple[time, time] = (time(20), time(7)),
             study: dict[date, str] | None = None) -> Calendar:  # fmt: skip
    return Calendar(ZoneInfo(zone), region[:2], region, *quiet, HOLIDAYS, study or {})


def test_the_file_is_what_the_package_says() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "run python -m scripts.holidays"
    assert set(tomllib.loads(text())) == {"NL", "BE", *REGIONS}


@pytest.mark.parametrize(("region", "where"), REGIONS.items())
def test_every_day_of_five_years_is_off_exactly_when_it_should_be(region: str, where: tuple[str, str]) -> None:
    country, subdivision = where
    school = country_holidays(country, subdiv=subdivision, categories=("school",), years=YEARS)
    public = country_holidays(country, years=YEARS)
    day, ours = date(2026, 1, 1), calendar(region=region)
    while day.year in YEARS:
        expected = day in school or day in public or day.weekday() >= 5
        assert (ours.day_off(day) is not None) == expected, day
        day += timedelta(days=1)


def test_a_day_off_says_why_in_the_language_of_the_reader() -> None:
    ours = calendar(study={date(2026, 11, 24): "Studiedag rekenen"})
    holiday = ours.day_off(date(2026, 10, 20))
    assert holiday is not None
    assert (holiday.kind, holiday.name("nl"), holiday.name("en")) == ("holiday", "Herfstvakantie", "Autumn break")
    study, weekend = ours.day_off(date(2026, 11, 24)), ours.day_off(date(2026, 11, 28))
    assert study is not None
    assert weekend is not None
    assert (study.kind, study.name("en"), weekend.kind, weekend.name("nl")) == (
        "study", "Studiedag rekenen", "weekend", "",
    )  # fmt: skip


def test_a_programme_skips_weekends_holidays_and_study_days() -> None:
    ours = calendar(region="NL-noord", study={date(2026, 10, 8): "Studiedag"})
    assert [day.isoformat() for day in ours.school_days(date(2026, 10, 7), 4)] == [
        "2026-10-07", "2026-10-09", "2026-10-19", "2026-10-20",
    ]  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_a_moment_is_at_the_same_local_time_all_year_round(zone: str) -> None:
    ours = calendar(zone)
    for offset in range(3650):
        day = date(2026, 1, 1) + timedelta(days=offset)
        for moment, at in TIMES.items():
            due = ours.due(day, moment)
            assert due.tzinfo is UTC
            assert due.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(day, at)


def test_a_time_that_is_left_out_comes_later_and_one_that_comes_twice_is_the_first() -> None:
    ours = calendar(quiet=(time(20), time(2, 30)))
    at_night = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    assert ours.next_awake(at_night) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 in summer time
    assert ours.next_awake(datetime(2026, 10, 24, 23, 0, tzinfo=UTC)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_quiet_hours_move_a_moment_and_never_to_another_day() -> None:
    early = calendar(quiet=(time(19), time(8)))
    day = date(2026, 11, 24)
    assert early.due(day, "before") == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert early.due(day, "evening") == datetime(2026, 11, 24, 17, 50, tzinfo=UTC)
    assert early.due(day, "after") == datetime(2026, 11, 24, 14, 45, tzinfo=UTC)
    assert early.is_quiet(time(23))
    assert early.is_quiet(time(0))
    assert not early.is_quiet(time(8))


def test_a_group_that_is_awake_for_five_minutes_gets_its_tips_then() -> None:
    hardly = calendar(quiet=(time(7, 5), time(7)))
    for moment in ("before", "after", "evening"):
        assert hardly.due(date(2026, 11, 24), moment).astimezone(hardly.zone).time() == time(7)


def test_the_quiet_hours_begin_this_evening_or_tomorrow_or_never() -> None:
    ours = calendar()
    assert ours.next_quiet(datetime(2026, 11, 24, 18, 30, tzinfo=UTC)) == datetime(2026, 11, 24, 19, tzinfo=UTC)
    assert ours.next_quiet(datetime(2026, 11, 24, 19, tzinfo=UTC)) == datetime(2026, 11, 25, 19, tzinfo=UTC)
    assert calendar(quiet=(time(0), time(0))).next_quiet(datetime(2026, 11, 24, tzinfo=UTC)).year == 9999


def test_at_night_now_is_the_next_morning() -> None:
    ours = calendar()
    assert ours.next_awake(datetime(2026, 11, 24, 22, tzinfo=UTC)) == datetime(2026, 11, 25, 6, tzinfo=UTC)
    assert ours.next_awake(datetime(2026, 11, 25, 2, tzinfo=UTC)) == datetime(2026, 11, 25, 6, tzinfo=UTC)
    assert ours.next_awake(datetime(2026, 11, 25, 10, tzinfo=UTC)) == datetime(2026, 11, 25, 10, tzinfo=UTC)
