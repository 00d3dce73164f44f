"""A tip that was due and did not go out: left out, with the reason, and not called sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Connection, insert

from pwa.clock import now
from pwa.database import writing
from pwa.delivery.tables import runs
from pwa.groups.tables import study_days
from tests.support import desk as school
from tests.support.coaches import Person, group_of

TUESDAY = datetime(2026, 11, 24, 8, tzinfo=UTC)  # with lessons, whatever today is
WORDS = {"nl": ("Nooit gegaan", "Niemand kreeg dit."), "en": ("Never went", "Nobody got this.")}


def did_not_go(connection: Connection, tip: int, state: str = "late", **more: Any) -> None:
    """A moment of a tip at which nothing was sent."""
    row = {"tip_id": tip, "moment": "before", "date": now().date(), "due_at": now(), "fresh_until": now(),
           "planned_at": now(), "done_at": now(), "state": state}  # fmt: skip
    connection.execute(insert(runs).values(row | more))


def test_a_tip_that_did_not_go_out_is_left_out_and_says_why(coach: Person, desk: Flask) -> None:
    group = group_of(coach, "De Spreeuw")
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, now().date(), "skipped", WORDS)
        did_not_go(connection, number)
        did_not_go(connection, number, "skipped", moment="after", reason="Studiedag rekenen", due_at=TUESDAY)
    page = coach.page(f"/tips/{number}")
    assert page.all("b", class_="state skipped")[0].text == "skipped"
    assert "skipped: nothing was sent in time" in page.text
    assert "skipped: no lessons (Studiedag rekenen)" in page.text
    assert "fewer than five" not in page.text
    assert not page.all("table")
    [planned] = coach.page(f"/tips?group_id={group}").all("a", class_="planned skipped")
    assert planned.all("span")[0].text == "skipped"
    coach.page(f"/tips/{number}/correction", 404)


def test_the_last_tip_of_a_group_is_one_that_went_out(coach: Person, desk: Flask) -> None:
    group, yesterday = group_of(coach, "De Ekster"), now().date() - timedelta(days=1)
    with writing(desk.extensions["engine"]) as connection:
        gone = school.tip(connection, group, yesterday, "sent")
        school.went_out(connection, group, gone, yesterday, {"accepted": 40})
        did_not_go(connection, school.tip(connection, group, now().date(), "skipped", WORDS))
    [row] = [row for row in coach.page("/").all("li", class_="school") if "De Ekster" in row.text]
    assert "Greet at the door" in row.text
    assert "Never went" not in row.text


def test_a_tip_whose_first_moment_was_late_says_no_more_while_it_waits_for_the_second(
    coach: Person, desk: Flask
) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, now().date() + timedelta(days=1))
        did_not_go(connection, number)
    page = coach.page(f"/tips/{number}")
    assert "skipped: nothing was sent in time" in page.text
    assert "fewer than five" not in page.text
    assert page.all("b", class_="state scheduled")


def test_a_correction_that_did_not_go_out_can_be_made_again(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        gone = school.tip(connection, group, now().date(), "sent")
        school.went_out(connection, group, gone, now().date(), {"accepted": 40})
        did_not_go(connection, school.tip(connection, group, now().date(), "skipped", corrects_id=gone), moment="now")
    assert "This was corrected later." not in coach.page(f"/tips/{gone}").text
    coach.page(f"/tips/{gone}/correction")


def test_a_study_day_without_a_name_and_a_holiday_are_said_in_the_language_of_the_coach(
    coach: Person, desk: Flask
) -> None:
    group = group_of(coach)
    studies, christmas = TUESDAY.date(), datetime(2026, 12, 25, 8, tzinfo=UTC)
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, studies, "skipped", WORDS)
        connection.execute(insert(study_days).values(group_id=group, date=studies, name=""))
        did_not_go(connection, number, "skipped", reason="study", due_at=TUESDAY)
        did_not_go(connection, number, "skipped", moment="after", reason="Kerstvakantie", due_at=christmas)
    said = coach.page(f"/tips/{number}").text
    assert "skipped: no lessons (study day)" in said
    assert "skipped: no lessons (Christmas break)" in said


def test_a_tip_that_waits_for_a_day_that_became_a_study_day_says_that_it_will_not_go_out(
    coach: Person, desk: Flask
) -> None:
    group, day = group_of(coach, "De Roek"), now().date() + timedelta(days=3)
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, day)
    coach.post(f"/groups/{group}/study-days", on=f"/groups/{group}", date=day.isoformat(), name="Rekenen")
    assert "One planned tip falls on a day without lessons and will be left out." in coach.page(f"/groups/{group}").text
    page = coach.page(f"/tips/{number}")
    assert "That is a study day (Rekenen): nothing goes out." in page.text
    assert "Goes out at" not in page.text
    [row] = [row for row in coach.page("/").all("li", class_="school") if "De Roek" in row.text]
    assert "will be skipped" in row.text
    [planned] = coach.page(f"/tips?group_id={group}&month={day:%Y-%m}").all("a", class_="planned off")
    assert planned.all("span")[0].text == "will be skipped"


def test_a_tip_that_was_cancelled_between_two_moments_says_which_of_them_did_not_go_out(
    coach: Person, desk: Flask
) -> None:
    group, today = group_of(coach), now().date()
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, today, "cancelled")
        school.went_out(connection, group, number, today, {"accepted": 40})
    page = coach.page(f"/tips/{number}")
    assert "15:45, 19:30: cancelled before it was time" in page.text
    assert page.all("b", class_="state cancelled")[0].text == "cancelled", "nothing was stopped while going out"
    assert "not sent" not in page.text
    [planned] = coach.page(f"/tips?group_id={group}").all("a", class_="planned cancelled")
    assert planned.all("span")[0].text == "cancelled"
