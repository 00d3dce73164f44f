"""The dose guard and the school calendar: never more than the readers can bear, and only on school days."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pwa.config import PROJECT
from pwa.groups.calendar import Calendar, load_holidays
from pwa.tips.dose import MOST, USUAL, lay_out, next_free, refusal

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
    assert [day.isoformat() for day in found] == ["2026-12-14", "2026-12-16", "2026-12-18", "2027-01-04", "2027-01-06"]


@pytest.mark.parametrize(
    ("a_week", "first", "there", "wanted"),
    [
        (2, 0, [], "Tue 1, Thu 1, Tue 2, Thu 2, Tue 3"),
        (3, 0, [], "Mon 1, Wed 1, Fri 1, Mon 2, Wed 2"),
        (5, 0, [], "Mon 1, Tue 1, Wed 1, Thu 1, Fri 1"),
        (3, 1, [], "Tue 1, Thu 1, Mon 2, Wed 2, Fri 2"),  # from Tuesday on: a week of four days
        (3, 3, [], "Thu 1, Mon 2, Wed 2, Fri 2, Mon 3"),
        (2, 4, [], "Fri 1, Tue 2, Thu 2, Tue 3, Thu 3"),
        (3, 0, [0], "Wed 1, Fri 1, Mon 2, Wed 2, Fri 2"),  # one of the three is there already
        (3, 1, [0], "Wed 1, Fri 1, Mon 2, Wed 2, Fri 2"),  # from Tuesday on, which would be the day after
        (3, 0, [1, 3], "Mon 1, Mon 2, Wed 2, Fri 2, Mon 3"),  # no day is free of neighbours
        (3, 0, [0, 2, 4], "Mon 2, Wed 2, Fri 2, Mon 3, Wed 3"),
        (2, 0, [2], "Mon 1, Tue 2, Thu 2, Tue 3, Thu 3"),
    ],
)  # fmt: skip
def test_a_series_is_spread_over_the_school_days_of_a_week(a_week: int, first: int, there: list[int],
                                                          wanted: str) -> None:  # fmt: skip
    counts = {MONDAY + timedelta(days=offset): 1 for offset in there}
    found = lay_out(SCHOOL, counts, MONDAY + timedelta(days=first), 5, a_week=a_week)
    assert ", ".join(f"{day:%a} {(day - MONDAY).days // 7 + 1}" for day in found) == wanted


def test_a_week_with_a_holiday_has_fewer_tips_and_none_of_them_on_successive_days() -> None:
    """17 May 2027 is Whit Monday."""
    found = lay_out(SCHOOL, {}, date(2027, 5, 10), 5, a_week=USUAL)
    assert [f"{day:%a %d}" for day in found] == ["Mon 10", "Wed 12", "Fri 14", "Tue 18", "Thu 20"]



def test_the_next_free_day_is_the_first_with_room() -> None:
    assert next_free(SCHOOL, {MONDAY: 1}, MONDAY) == MONDAY + timedelta(days=1)
    three = {MONDAY + timedelta(days=offset): 1 for offset in range(USUAL)}
    assert next_free(SCHOOL, three, MONDAY) == MONDAY + timedelta(days=7)


@settings(deadline=None)  # a busy machine is no failure
@given(
    days, st.dictionaries(days, st.integers(1, 2), max_size=60), st.integers(1, 20), st.sampled_from([2, USUAL, MOST])
)
def test_no_series_breaks_the_rules_whatever_is_there_already(first: date, there: dict[date, int], number: int,
                                                             a_week: int) -> None:  # fmt: skip
    found = lay_out(SCHOOL, there, first, number, a_week=a_week)
    assert len(found) == number or there
    assert found == sorted(set(found))
    for day in found:
        assert day >= first
        assert SCHOOL.day_off(day) is None
        assert day not in there
        monday = day - timedelta(days=day.weekday())
        week = [monday + timedelta(days=offset) for offset in range(7)]
        assert sum(there.get(one, 0) + (one in found) for one in week) <= a_week
