"""On which days a tip can go out, and what is said of the others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests.support.coaches import Person, group_of
from tests.support.house import read
from tests.support.monday import NOON, monday, plan, planner, rows

__all__ = ["monday", "planner"]  # fixtures


REFUSED = {
    "2026-11-22": "That day is over.", "2026-11-28": "weekend", "2026-12-25": "holiday (Christmas",
    "2026-12-28": "holiday (", "2028-01-01": "more than a year", "soon": "Choose a day.", "": "Choose a day.",
}  # fmt: skip


@pytest.mark.parametrize("when", REFUSED)
def test_a_day_that_cannot_be_is_refused_with_its_reason(planner: Person, desk: Flask, when: str) -> None:
    group = group_of(planner)
    answer = plan(planner, group, when)
    assert answer.status_code == 422
    assert any(REFUSED[when] in error.text for error in read(answer.text).all(class_="error")), answer.text
    assert rows(desk, group) == []


def test_any_other_school_day_of_the_coming_year_can_be_chosen(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    [field] = planner.page(f"/groups/{group}/tips/new").all("input", type="date")
    assert (field.attributes["min"], field.attributes["max"]) == ("2026-11-23", "2027-12-28")
    assert plan(planner, group, "other", day="2027-03-10").status_code == 302
    [tip] = rows(desk, group)
    assert (tip.date, tip.moments) == (date(2027, 3, 10), "before after evening")


@pytest.mark.parametrize("day", REFUSED)
def test_another_day_is_held_to_the_same_rules(planner: Person, desk: Flask, day: str) -> None:
    group = group_of(planner)
    answer = plan(planner, group, "other", day=day)
    assert answer.status_code == 422
    page = read(answer.text)
    assert any(REFUSED[day] in error.text for error in page.all(class_="error"))
    assert page.all("input", type="date")[0].attributes["value"] == day
    assert page.all("input", type="radio", checked=True)[0].attributes["value"] == "other"
    assert rows(desk, group) == []


@pytest.mark.parametrize("when", ["2026-11-24", "now"])
def test_two_days_at_once_are_asked_about(planner: Person, desk: Flask, when: str) -> None:
    group = group_of(planner)
    answer = plan(planner, group, when, day="2027-03-10")
    assert answer.status_code == 422
    assert "Two days are chosen." in answer.text
    assert rows(desk, group) == []


def test_a_study_day_is_skipped_and_refused(planner: Person) -> None:
    group = group_of(planner)
    planner.post(f"/groups/{group}/study-days", on=f"/groups/{group}", date="2026-11-24", name="Rekenen")
    answer = plan(planner, group, "2026-11-24")
    assert answer.status_code == 422
    assert "study day (Rekenen)" in answer.text
    offered = [
        radio.attributes["value"] for radio in planner.page(f"/groups/{group}/tips/new").all("input", type="radio")
    ]
    assert offered[:3] == ["2026-11-23", "2026-11-25", "2026-11-26"]
    assert not {"2026-11-28", "2026-11-29"} & set(offered)


# UTC, an hour behind the schools → what is said of today, and which day is chosen at first
LATE = {
    6: ("Monday 23 November 2026", "2026-11-23"),
    11: ("Monday 23 November 2026 only after school and in the evening from now on", "2026-11-24"),
    16: ("Monday 23 November 2026 only in the evening from now on", "2026-11-24"),
    19: ("Tuesday 24 November 2026", "2026-11-24"),
}


@pytest.mark.parametrize("hour", LATE)
def test_today_says_which_readers_it_still_reaches(planner: Person, monday: Any, hour: int) -> None:
    group = group_of(planner)
    monday.move_to(NOON.replace(hour=hour))
    days = planner.page(f"/groups/{group}/tips/new").all("label")
    offered = [day for day in days if day.all("input", type="radio")]
    chosen = [day.all("input", checked=True)[0].attributes["value"] for day in offered if day.all(checked=True)]
    assert (offered[0].text, chosen) == (LATE[hour][0], [LATE[hour][1]])
