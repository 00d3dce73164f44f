"""A tip that was due and did not go out: left out, with the reason, and not called sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Connection, insert

from pwa.clock import now
from pwa.database import writing
from pwa.delivery.tables import runs
from tests.support import desk as school
from tests.support.coaches import Person, group_of

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
        did_not_go(connection, number, "skipped", moment="after", reason="Studiedag rekenen")
    page = coach.page(f"/tips/{number}")
    assert page.all("b", class_="state skipped")[0].text == "left out"
    assert "left out: nothing was sending in time" in page.text
    assert "left out: no lessons (Studiedag rekenen)" in page.text
    assert "fewer than five" not in page.text
    assert not page.all("table")
    [planned] = coach.page(f"/tips?group_id={group}").all("a", class_="planned skipped")
    assert planned.all("span")[0].text == "left out"
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
    assert "left out: nothing was sending in time" in page.text
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
