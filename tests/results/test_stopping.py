"""A tip is taken back or corrected, in all of its groups."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine
from flask import Flask
from sqlalchemy import select

from pwa.clock import now
from pwa.coaches.cli import new_link
from pwa.config import read_settings
from pwa.database import reading, writing
from pwa.groups.calendar import today_at
from pwa.tips.tables import tips
from tests.support import desk as school
from tests.support.coaches import WORDS, Coming, Person, group_of, make_light_desk
from tests.support.postgres import Postgres, waiting
from tests.support.worker import until


def test_a_tip_that_goes_out_is_stopped_where_nobody_has_it_yet_and_corrected(coach: Person, desk: Flask) -> None:
    group, today = group_of(coach), today_at([], now())
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, today, "sent")
        school.goes_out(connection, number, today, 48, 31)
    assert coach.post(f"/tips/{number}/cancellation", on=f"/tips/{number}").status_code == 302
    page = coach.page(f"/tips/{number}")
    assert page.all("b", class_="state cancelled")[0].text == "stopped while going out"
    assert "The tip is cancelled." in page.text
    rows = {row.all("span")[0].text: row.all("td")[0].text for row in page.all("table")[0].all("tr")}
    assert (rows["accepted"], rows["not sent"]) == ("31", "17")
    [planned] = coach.page(f"/tips?group_id={group}").all("a", class_="planned stopped")
    assert planned.all("span")[0].text == "stopped while going out"
    coach.page(f"/tips/{number}/correction")


def test_a_tip_that_is_taken_back_twice_was_taken_back(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, now().date() + timedelta(days=3))
    for said in ("Taken back. Nobody got it.", "This tip has already been cancelled."):
        coach.post(f"/tips/{number}/cancellation", on=f"/groups/{group}")
        assert said in coach.page(f"/tips/{number}").text


def test_what_came_too_late_says_that_it_can_be_corrected_only_when_it_can(coach: Person, desk: Flask) -> None:
    group, today = group_of(coach), now().date()
    with writing(desk.extensions["engine"]) as connection:
        gone = school.tip(connection, group, today, "sent")
        school.went_out(connection, group, gone, today, {"accepted": 40})
        skipped = school.tip(connection, group, today, "skipped")
    for number, can in ((gone, True), (skipped, False)):
        coach.post(f"/tips/{number}/cancellation", on=f"/groups/{group}")
        page = coach.page(f"/tips/{number}").text
        assert "Too late: this tip" in page
        assert ("You can still correct it." in page) is can


def test_who_got_the_correction_only_is_no_failure_of_the_tip(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        gone = school.tip(connection, group, now().date(), "sent")
        school.went_out(connection, group, gone, now().date(), {"accepted": 40, "failed cancelled": 12})
    page = coach.page(f"/tips/{gone}")
    rows = {row.all("span")[0].text: row.all("td")[0].text for row in page.all("table")[0].all("tr")}
    assert (rows["failed"], rows["not sent"]) == ("–", "12")
    assert "They got the correction only." in page.text
    assert not [title for title in page.all("h2") if title.text == "Why"]


def test_a_correction_that_was_taken_back_in_time_can_be_made_again(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        gone = school.tip(connection, group, now().date(), "sent")
        school.went_out(connection, group, gone, now().date(), {"accepted": 40})
        school.tip(connection, group, now().date(), "cancelled", corrects_id=gone)
    assert "This was corrected later." not in coach.page(f"/tips/{gone}").text
    coach.page(f"/tips/{gone}/correction")
    with writing(desk.extensions["engine"]) as connection:
        again = school.tip(connection, group, now().date(), "cancelled", corrects_id=gone)
        school.went_out(connection, group, again, now().date(), {"accepted": 3})
    coach.page(f"/tips/{gone}/correction", 404)
    with writing(desk.extensions["engine"]) as connection:  # as from before, when two could be made
        newest = school.tip(connection, group, now().date(), corrects_id=gone)
        school.tip(connection, group, now().date(), "cancelled", corrects_id=gone)
    [link] = [link for link in coach.page(f"/tips/{gone}").all("a") if link.text == "This was corrected later."]
    assert link.attributes["href"].endswith(f"/tips/{newest}")


def test_a_tip_can_be_corrected_for_a_week(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    for days, status in ((7, 200), (8, 404)):
        day = now().date() - timedelta(days=days)
        with writing(desk.extensions["engine"]) as connection:
            gone = school.tip(connection, group, day, "sent")
            school.went_out(connection, group, gone, day, {"accepted": 40})
        assert ("Correct it" in coach.page(f"/tips/{gone}").text) is (status == 200)
        coach.page(f"/tips/{gone}/correction", status)


def test_pages_to_look_at_do_not_wait_for_somebody_who_writes(coach: Person, desk: Flask) -> None:
    """SQLite lets one write at a time: who takes that turn to read keeps a tip that goes out from its records."""
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        gone = school.tip(connection, group, now().date(), "sent")
        school.went_out(connection, group, gone, now().date(), {"accepted": 40})
    with writing(desk.extensions["engine"]):
        coach.page(f"/tips/{gone}/correction")
        coach.page(f"/groups/{group}/programmes/after-a-hard-week")


def test_of_two_corrections_at_once_one_is_made(postgres: Postgres, migrated: str, tmp_path: Path) -> None:
    """Both wait for the row of the tip, which somebody holds until both are there. SQLite lets one write at a time."""
    known = replace(read_settings({"HOUVAST_INSTANCE": str(tmp_path)}), database_url=postgres.url(migrated))
    desk = make_light_desk(known)
    engine = desk.extensions["engine"]
    with time_machine.travel(datetime(2026, 11, 23, 11, tzinfo=UTC)):  # a Monday, in lessons
        both = [Person(desk), Person(desk)]
        for number, person in enumerate(both):
            person.accept(new_link(known, administrator=True), f"coach{number}@school.example")
        group = group_of(both[0])
        with writing(engine) as connection:
            gone = school.tip(connection, group, now().date(), "sent")
            school.went_out(connection, group, gone, now().date(), {"accepted": 40})
        here = f"/tips/{gone}/correction"
        forms = [person.get(here) for person in both]
        with ThreadPoolExecutor(2) as threads:
            with writing(engine) as connection:
                connection.execute(select(tips).where(tips.c.id == gone).with_for_update())
                answers = [threads.submit(person.post_from, form, here, **WORDS)
                           for person, form in zip(both, forms, strict=True)]  # fmt: skip
                assert until(lambda: waiting(engine) == 2)
            assert {answer.result().status_code for answer in answers} == {302, 404}
        with reading(engine) as connection:
            assert len(connection.execute(select(tips).where(tips.c.corrects_id == gone)).all()) == 1
    engine.dispose()


def test_one_tip_goes_to_several_groups_or_to_none(new_coach: Coming, desk: Flask) -> None:
    coach = new_coach()
    here, there = group_of(coach, "Hier"), group_of(coach, "Daar")
    day = next(radio.attributes["value"] for radio in coach.page(f"/groups/{here}/tips/new").all("input", name="when"))
    on = f"/groups/{here}/tips/new"
    assert coach.post(on, when=day, also=str(there), **WORDS).status_code == 302
    with reading(desk.extensions["engine"]) as connection:
        found = connection.execute(select(tips).where(tips.c.group_id.in_((here, there)))).all()
    assert {tip.group_id for tip in found} == {here, there}
    assert len({tip.batch for tip in found}) == 1
    assert "Daar" in coach.page(f"/tips/{found[0].id}").text
    third = group_of(coach, "Derde")
    answer = coach.post(f"/groups/{third}/tips/new", when=day, also=str(here), **WORDS)
    assert answer.status_code == 422, "one of the two has a tip that day"
    assert "Hier: " in answer.text
    with reading(desk.extensions["engine"]) as connection:
        assert not connection.execute(select(tips).where(tips.c.group_id == third)).all()


def test_a_tip_for_several_groups_is_taken_back_in_all_of_them(new_coach: Coming, desk: Flask) -> None:
    coach, other = new_coach(), new_coach()
    here, there, theirs = group_of(coach, "Hier"), group_of(coach, "Daar"), group_of(other, "Elders")
    with writing(desk.extensions["engine"]) as connection:
        soon = {"held_until": now() + timedelta(minutes=1), "batch": "samen"}
        day, groups = now().date(), (here, there, theirs)
        one, same, foreign = (school.tip(connection, group, day, "held", **soon) for group in groups)
    assert "What you take back or stop here applies to 2 groups." in coach.page(f"/tips/{one}").text
    coach.post(f"/tips/{one}/cancellation", on=f"/tips/{one}")
    assert "Taken back for 2 groups. Nobody got it." in coach.page(f"/tips/{one}").text
    assert states_of(desk, one, same, foreign) == ["cancelled", "cancelled", "held"]
    done = [line.text for line in coach.page("/audit").all("li") if "cancelled a tip" in line.text]
    assert [name for name in ("Hier", "Daar", "Elders") if any(name in line for line in done)] == ["Hier", "Daar"]
    assert len(done) == 2


def test_of_several_groups_those_are_stopped_that_do_not_have_all_of_it(new_coach: Coming, desk: Flask) -> None:
    coach = new_coach()
    here, there, third = group_of(coach, "Hier"), group_of(coach, "Daar"), group_of(coach, "Derde")
    with writing(desk.extensions["engine"]) as connection:
        gone = school.tip(connection, here, now().date(), "sent", batch="deels")
        school.went_out(connection, here, gone, now().date(), {"accepted": 40})
        going = school.tip(connection, there, now().date(), "sent", batch="deels")
        school.goes_out(connection, going, now().date(), 48, 31)
        waiting = school.tip(connection, third, now().date(), batch="deels")
        correction = school.tip(connection, here, now().date(), "held", batch="deels", corrects_id=gone)
    coach.post(f"/tips/{gone}/cancellation", on="/groups/new")
    said = "Too late for this group. The tip is cancelled in 2 other groups."
    assert said in coach.page(f"/tips/{gone}").text
    assert states_of(desk, gone, going, waiting, correction) == ["sent", "cancelled", "cancelled", "held"]


def test_corrections_of_several_groups_are_taken_back_together_and_what_they_correct_is_not(
    new_coach: Coming, desk: Flask
) -> None:
    coach = new_coach()
    sent, corrections = [], []
    for group in (group_of(coach, "Hier"), group_of(coach, "Daar")):
        with writing(desk.extensions["engine"]) as connection:
            sent.append(school.tip(connection, group, now().date(), "sent", batch="beter"))
            school.goes_out(connection, sent[-1], now().date(), 48, 31)
            corrections.append(school.tip(connection, group, now().date(), "held", batch="beter", corrects_id=sent[-1]))
    coach.post(f"/tips/{corrections[0]}/cancellation", on=f"/tips/{corrections[0]}")
    assert "Taken back for 2 groups." in coach.page(f"/tips/{corrections[0]}").text
    assert states_of(desk, *sent, *corrections) == ["sent", "sent", "cancelled", "cancelled"]


def states_of(desk: Flask, *numbers: int) -> list[str]:
    with reading(desk.extensions["engine"]) as connection:
        found = {tip.id: tip.state for tip in connection.execute(select(tips).where(tips.c.id.in_(numbers)))}
    return [found[number] for number in numbers]


def test_another_coachs_group_is_never_sent_to(new_coach: Coming, desk: Flask) -> None:
    coach, other = new_coach(), new_coach()
    here, theirs = group_of(coach), group_of(other)
    day = next(radio.attributes["value"] for radio in coach.page(f"/groups/{here}/tips/new").all("input", name="when"))
    assert coach.post(f"/groups/{here}/tips/new", when=day, also=str(theirs), **WORDS).status_code == 302
    with reading(desk.extensions["engine"]) as connection:
        assert not connection.execute(select(tips).where(tips.c.group_id == theirs)).all()
