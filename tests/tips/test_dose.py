"""The dose guard and the school calendar: never more than the readers can bear, and only on school days."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from pwa.config import PROJECT
from pwa.groups.calendar import Calendar, load_holidays
from pwa.tips.dose import MOST, USUAL, lay_out, refusal

HOLIDAYS = load_holidays(PROJECT / "pwa" / "content")
SCHOOL = Calendar(ZoneInfo("Europe/Amsterdam"), "NL", "NL-midden", time(20), time(7), HOLIDAYS)
MONDAY = date(2026, 11, 23)
days = st.dates(date(2026, 1, 1), date(2027, 6, 30))


def test_one_a_day_three_a_week_and_five_when_it_is_meant() -> None:
    assert refusal({}, MONDAY) is None
    assert refusal({MONDAY: 1}, MONDAY) == "day"
    three = {MONDAY + timedelta(days=offset): 1 for offset in range(USUAL)}
    assert refusal(three, MONDAY + timedelta(days=3)) == "week"
    assert refusal(three, MONDAY + timedelta(days=3), usual=MOST) is None
    assert refusal(three, MONDAY + timedelta(days=7)) is None, "a week begins on Monday"
    five = {MONDAY + timedelta(days=offset): 1 for offset in range(MOST)}
    assert refusal(five, MONDAY + timedelta(days=5), usual=MOST) == "most"


def test_a_series_skips_weekends_and_the_christmas_holiday() -> None:
    found = lay_out(SCHOOL, {}, date(2026, 12, 14), 5, a_week=USUAL)
    assert [day.isoformat() for day in found] == ["2026-12-14", "2026-12-15", "2026-12-16", "2027-01-04", "2027-01-05"]


@settings(deadline=None)  # a busy machine is no failure
@given(days, st.dictionaries(days, st.integers(1, 2), max_size=60), st.integers(1, 20), st.sampled_from([USUAL, MOST]))
def test_no_series_breaks_the_rules_whatever_is_there_already(first: date, there: dict[date, int], number: int,
                                                             a_week: int) -> None:  # fmt: skip
    found = lay_out(SCHOOL, there, first, number, a_week=a_week)
    assert found == sorted(set(found))
    for day in found:
        assert day >= first
        assert SCHOOL.day_off(day) is None
        assert day not in there
        monday = day - timedelta(days=day.weekday())
        week = [monday + timedelta(days=offset) for offset in range(7)]
        assert sum(there.get(one, 0) + (one in found) for one in week) <= a_week
