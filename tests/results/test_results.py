"""What becomes of a tip, as a coach sees it: progress, outcomes with their reasons, alarms, stopping; and a test."""

from __future__ import annotations

import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, delete, insert, select, text, update

from pwa import create_app
from pwa.clock import now
from pwa.coaches import phones
from pwa.coaches.cli import new_link
from pwa.coaches.tables import coach_phones, deeds
from pwa.config import Settings, read_settings
from pwa.database import reading, writing
from pwa.delivery.reporting import report
from pwa.delivery.tables import push_services
from pwa.desk import make_desk
from pwa.results.hiding import FEWEST_SHOWN, reported, told
from pwa.subscriptions import keeping as subscribing
from pwa.subscriptions.tables import subscriptions
from pwa.tips.tables import tips
from pwa.worker import make_tasks
from tests.support import desk as school
from tests.support.coaches import Coming, Person, group_of
from tests.support.device import invented
from tests.support.postgres import Postgres
from tests.support.worker import until

WORDS = {"title-nl": "Groet bij de deur", "body-nl": "Zeg ieder kind gedag.",
         "title-en": "Greet at the door", "body-en": "Say hello to every child."}  # fmt: skip


def today() -> Any:
    return now().date()


def test_while_a_tip_goes_out_its_page_tells_how_far_it_is(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, today(), "sent")
        school.goes_out(connection, number, today(), 48, 31)
    page = coach.page(f"/tips/{number}")
    [bar] = page.all("progress")
    assert (bar.attributes["value"], bar.attributes["max"]) == ("31", "48")
    answer = coach.get(f"/tips/{number}/progress").json
    assert answer == {"state": "going", "done": 31, "readers": 48, "numbers": {
        "accepted": "31", "shown": "–", "opened": "–", "expired": "–", "failed": "–"}}  # fmt: skip
    month = coach.page(f"/tips?group_id={group}").text
    assert "going out" in month
    assert "sent" not in month


def test_of_fewer_than_five_readers_no_number_is_told(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        going, gone = (school.tip(connection, group, today(), "sent") for _ in range(2))
        school.goes_out(connection, going, today(), 4, 3)
        school.went_out(connection, group, gone, today(), {"accepted": 3, "expired answer-410": 1, "shown": 2})
    for number in (going, gone):
        page = coach.page(f"/tips/{number}")
        assert not page.all("progress")
        assert not page.all("table")
        assert "fewer than five" in page.text
        answer = coach.get(f"/tips/{number}/progress").json
        assert (answer["done"], answer["readers"], set(answer["numbers"].values())) == (None, None, {"–"})


def test_afterwards_each_outcome_has_its_number_and_each_failure_its_reason(coach: Person, desk: Flask) -> None:
    group = group_of(coach, "De Uitkomst")
    counts = {"accepted": 40, "shown": 30, "opened": 12, "expired answer-410": 6, "failed too-late": 5,
              "failed answer-413": 7, "failed bad-key": 2}  # fmt: skip
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, today(), "sent")
        school.went_out(connection, group, number, today(), counts)
    page = coach.page(f"/tips/{number}")
    rows = {row.all("span")[0].text: row.all("td")[0].text for row in page.all("table")[0].all("tr")}
    assert rows == {"accepted": "40", "shown": "30", "opened": "12", "expired": "6", "failed": "14"}
    why = {item.all("span")[0].text: item.all("b")[0].text for item in page.all("li")}
    assert why["The reader has stopped, or the phone is gone; it is taken off the list."] == "6"
    assert [said for said in why if "answer-413" in said]
    assert why["What the phone gave us as its address or key cannot be used; the phone is left out."] == "–"
    assert "40 accepted, 30 shown, 12 opened" in coach.page("/").text


def test_a_hidden_number_cannot_be_worked_out_from_the_others(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        number, few = (school.tip(connection, group, today(), "sent") for _ in range(2))
        counts = {"accepted": 41, "shown": 36, "expired answer-410": 2, "failed too-late": 5}
        school.went_out(connection, group, number, today(), counts)
        counts = {"accepted": 4, "shown": 4, "expired answer-410": 6, "failed too-late": 20, "failed bad-key": 22}
        school.went_out(connection, group, few, today(), counts)
    page = coach.page(f"/tips/{number}")
    rows = {row.all("span")[0].text: row.all("td")[0].text for row in page.all("table")[0].all("tr")}
    assert rows == {"accepted": "41", "shown": "36", "opened": "–", "expired": "–", "failed": "–"}
    assert {item.all("b")[0].text for item in page.all("ul", class_="rows")[-1].all("li")} == {"–"}
    numbers = coach.get(f"/tips/{few}/progress").json["numbers"]
    assert numbers == {"accepted": "–", "shown": "–", "opened": "–", "expired": "–", "failed": "42"}


def test_the_reasons_of_a_number_do_not_tell_a_hidden_one(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, today(), "sent")
        counts = {"accepted": 40, "expired answer-410": 6, "failed too-late": 9, "failed answer-500": 7,
                  "failed bad-key": 2}  # fmt: skip
        school.went_out(connection, group, number, today(), counts)
    page = coach.page(f"/tips/{number}")
    assert page.all("td", data_number="failed")[0].text == "18"
    why = {item.all("span")[0].text[:30]: item.all("b")[0].text for item in page.all("ul", class_="rows")[-1].all("li")}
    assert sorted(why.values()) == ["6", "9", "–", "–"], why


@pytest.mark.parametrize("least", [0, 1])
def test_whatever_the_numbers_are_two_cases_look_the_same(least: int) -> None:
    """A part between one and four could always be another one, as far as the page and the sum tell."""
    cases = defaultdict(list)
    for one, two in product(range(least, 25), repeat=2):
        parts = {"one": one, "two": two, "three": 24 - one - two}
        if parts["three"] >= least:
            cases[tuple(told(parts, least).items())].append(parts)
    for alike in cases.values():
        for name in alike[0]:
            values = {parts[name] for parts in alike}
            assert len(values) > 1 or values.isdisjoint(range(1, FEWEST_SHOWN)), alike


def test_what_the_numbers_leave_of_the_sum_is_never_under_five() -> None:
    for one, two in product(range(25), repeat=2):
        parts = {"one": one, "two": two, "three": 24 - one - two}
        seen = [total for total in told(parts).values() if total is not None] if parts["three"] >= 0 else []
        assert not seen or 24 - sum(seen) not in range(1, FEWEST_SHOWN), parts


def test_what_phones_said_leaves_no_number_under_five_of_what_was_accepted() -> None:
    """Neither of those who were not heard of, nor between shown and opened; whoever opens a tip saw it, or not."""
    for accepted, fair in product(range(FEWEST_SHOWN, 20), (True, False)):
        cases = defaultdict(list)
        for shown, opened in product(range(accepted + 1), repeat=2):
            if opened <= shown or not fair:
                said = reported(accepted, {"shown": shown, "opened": opened})
                cases[tuple(said.items())].append((shown, opened, accepted - shown, accepted - opened, shown - opened))
        for alike in cases.values():
            for values in map(set, zip(*alike, strict=True)):
                assert len(values) > 1 or {abs(value) for value in values}.isdisjoint(range(1, FEWEST_SHOWN)), alike


def test_where_fewer_than_five_did_not_get_it_the_number_of_readers_is_not_told(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        few, five = (school.tip(connection, group, today(), "sent") for _ in range(2))
        counts = {"accepted": 47, "shown": 44, "opened": 20, "expired answer-410": 1}
        school.went_out(connection, group, few, today(), counts)
        school.went_out(connection, group, five, today(), counts | {"expired answer-410": 2, "failed too-late": 3})
    page = coach.page(f"/tips/{few}")
    rows = {row.all("span")[0].text: row.all("td")[0].text for row in page.all("table")[0].all("tr")}
    assert rows == {"accepted": "47", "shown": "–", "opened": "20", "expired": "–", "failed": "–"}
    assert "48" not in page.all("caption")[0].text
    answer = coach.get(f"/tips/{few}/progress").json
    assert (answer["readers"], answer["done"]) == (None, None)
    assert "Of 52 readers" in coach.page(f"/tips/{five}").text


@pytest.mark.parametrize(("done", "told"), [(0, 0), (3, None), (5, 5), (43, 43), (45, None)])
def test_while_it_goes_out_neither_who_has_it_nor_who_waits_is_told_under_five(
    coach: Person, desk: Flask, done: int, told: int | None
) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, today(), "sent")
        school.goes_out(connection, number, today(), 48, done)
    answer = coach.get(f"/tips/{number}/progress").json
    assert (answer["done"], answer["readers"]) == (told, 48)
    page = coach.page(f"/tips/{number}")
    assert page.all("output", data_number="done")[0].text == ("–" if told is None else str(told))
    assert page.all("progress")[0].attributes.get("value") == (None if told is None else str(told))
    assert answer["numbers"]["accepted"] == (str(told) if told else "–")


def test_a_week_adds_up_what_its_tips_tell(coach: Person, desk: Flask) -> None:
    large, small = group_of(coach), group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        for group, accepted in ((large, 41), (large, 3), (small, 3), (small, 4)):
            number = school.tip(connection, group, today(), "sent")
            school.went_out(connection, group, number, today(), {"accepted": accepted, "shown": accepted})
    week = coach.page(f"/tips?group_id={large}").all("table", class_="numbers")[0].all("tr")[-1]
    assert [cell.text for cell in week.all("td")] == ["41", "41", "–"]
    assert "Nothing to show yet." in coach.page(f"/tips?group_id={small}").text


def test_what_is_reported_beyond_what_was_accepted_is_left_out_and_said(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        fair, forged = (school.tip(connection, group, today(), "sent") for _ in range(2))
        school.went_out(connection, group, fair, today(), {"accepted": 40, "shown": 40, "opened": 12})
        school.went_out(connection, group, forged, today(), {"accepted": 40, "shown": 41, "opened": 41})
    for number, doubted in ((fair, False), (forged, True)):
        page = coach.page(f"/tips/{number}")
        assert page.all("table")[0].all("tr")[1].all("td")[0].text == "40"
        assert ("More was reported" in page.text) is doubted


def test_a_tip_that_goes_out_is_stopped_where_nobody_has_it_yet_and_corrected(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, today(), "sent")
        school.goes_out(connection, number, today(), 48, 31)
    assert coach.post(f"/tips/{number}/cancellation", on=f"/tips/{number}").status_code == 302
    page = coach.page(f"/tips/{number}")
    assert page.all("b", class_="state cancelled")[0].text == "stopped while it went out"
    assert "The tip is cancelled." in page.text
    rows = {row.all("span")[0].text: row.all("td")[0].text for row in page.all("table")[0].all("tr")}
    assert (rows["accepted"], rows["not sent any more"]) == ("31", "17")
    [planned] = coach.page(f"/tips?group_id={group}").all("a", class_="planned stopped")
    assert planned.all("span")[0].text == "stopped while it went out"
    coach.page(f"/tips/{number}/correction")


def test_a_correction_that_was_taken_back_in_time_can_be_made_again(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        gone = school.tip(connection, group, today(), "sent")
        school.went_out(connection, group, gone, today(), {"accepted": 40})
        school.tip(connection, group, today(), "cancelled", corrects_id=gone)
    coach.page(f"/tips/{gone}/correction")
    with writing(desk.extensions["engine"]) as connection:
        again = school.tip(connection, group, today(), "cancelled", corrects_id=gone)
        school.went_out(connection, group, again, today(), {"accepted": 3})
    coach.page(f"/tips/{gone}/correction", 404)


def test_of_two_corrections_at_once_one_is_made(postgres: Postgres, migrated: str, tmp_path: Path) -> None:
    """Both wait for the row of the tip, which somebody holds until both are there. SQLite lets one write at a time."""
    known = replace(read_settings({"HOUVAST_INSTANCE": str(tmp_path)}), database_url=postgres.url(migrated))
    desk = make_desk(known)
    engine = desk.extensions["engine"]
    with time_machine.travel(datetime(2026, 11, 23, 11, tzinfo=UTC)):  # a Monday, in lessons
        both = [Person(desk), Person(desk)]
        for number, person in enumerate(both):
            person.accept(new_link(known, administrator=True), f"coach{number}@school.example")
        group = group_of(both[0])
        with writing(engine) as connection:
            gone = school.tip(connection, group, today(), "sent")
            school.went_out(connection, group, gone, today(), {"accepted": 40})
        here = f"/tips/{gone}/correction"
        forms = [person.get(here) for person in both]
        with ThreadPoolExecutor(2) as threads:
            with writing(engine) as connection:
                connection.execute(select(tips).where(tips.c.id == gone).with_for_update())
                answers = [threads.submit(person.post_from, form, here, **WORDS)
                           for person, form in zip(both, forms, strict=True)]  # fmt: skip
                assert until(lambda: _waiting(engine) == 2)
            assert {answer.result().status_code for answer in answers} == {302, 404}
        with reading(engine) as connection:
            assert len(connection.execute(select(tips).where(tips.c.corrects_id == gone)).all()) == 1
    engine.dispose()


def _waiting(engine: Engine) -> int:
    """How many transactions of this database wait for somebody else's lock."""
    with reading(engine) as connection:
        activity = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return int(connection.scalar(text(f"SELECT count(*) {activity}")) or 0)


def test_who_did_not_get_a_stopped_tip_is_no_failure_and_never_told_under_five(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        many, few, alone = (school.tip(connection, group, today(), "cancelled") for _ in range(3))
        counts = {"accepted": 31, "expired answer-410": 5, "failed timeout": 6, "failed cancelled": 17}
        school.went_out(connection, group, many, today(), counts)
        school.went_out(connection, group, few, today(), {"accepted": 31, "failed cancelled": 4})
        school.went_out(connection, group, alone, today(), {"accepted": 1, "failed cancelled": 3})
    page = coach.page(f"/tips/{many}")
    rows = {row.all("span")[0].text: row.all("td")[0].text for row in page.all("table")[0].all("tr")}
    assert (rows["failed"], rows["not sent any more"]) == ("6", "17")
    page = coach.page(f"/tips/{few}")
    assert page.all("td", data_number="unsent")[0].text == "–"
    page = coach.page(f"/tips/{alone}")
    assert not page.all("table")
    assert "stopped while it went out" in page.text


def test_only_a_page_with_reasons_sends_the_coach_to_them(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        well, badly = (school.tip(connection, group, today(), "sent") for _ in range(2))
        school.went_out(connection, group, well, today(), {"accepted": 40})
        school.went_out(connection, group, badly, today(), {"accepted": 40, "failed too-late": 5})
    for number, has_reasons in ((well, False), (badly, True)):
        page = coach.page(f"/tips/{number}")
        assert ("see why below" in page.text) is has_reasons
        assert bool([title for title in page.all("h2") if title.text == "Why"]) is has_reasons


def test_an_administrator_is_told_of_somebody_who_guesses_join_codes(
    coach: Person, administrator: Person, desk: Flask, desk_settings: Settings
) -> None:
    devices = create_app(desk_settings, serve=False)
    wrong = "guessing join codes"
    for number in range(5):
        assert wrong not in administrator.page("/").text
        guesses = [f"{number:05}{guess:05}" for guess in range(20)]
        assert invented(devices, f"198.51.100.{number}").begin(codes=guesses).status_code == 200
    assert any(wrong in alarm.text for alarm in administrator.page("/account").all(role="alert"))
    assert "Houvast noticed somebody who guesses join codes" in administrator.page("/audit").text
    for path in ("/", "/audit"):
        assert "join codes" not in coach.page(path).text
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(update(deeds).where(deeds.c.deed == "codes-guessed").values(at=now() - timedelta(hours=25)))
    assert wrong not in administrator.page("/").text


@pytest.mark.parametrize(
    ("origin", "which"), [("https://fcm.googleapis.com", "Chrome"), ("https://web.push.apple.com", "iPhone")]
)
def test_an_alarm_of_the_engine_stands_on_every_page_of_the_desk(coach: Person, somebody: Person, desk: Flask,
                                                                origin: str, which: str) -> None:  # fmt: skip
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(insert(push_services).values(origin=origin, key_id="k", alarm="refuses", alarm_at=now()))
    try:
        for path in ("/", "/tips", "/account"):
            assert any(which in alarm.text for alarm in coach.page(path).all(role="alert"))
        assert not somebody.page("/sign-in").all(role="alert"), "not a stranger's business"
    finally:
        with writing(desk.extensions["engine"]) as connection:
            connection.execute(delete(push_services))


def test_when_nothing_sends_the_desk_says_so(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, today(), "held", held_until=now() - timedelta(minutes=4))
    assert "nothing is sending them" in coach.page("/").text
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(update(tips).where(tips.c.id == number).values(state="scheduled"))
    assert "nothing is sending them" not in coach.page("/").text


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
        one, same, foreign = (school.tip(connection, group, today(), "held", **soon) for group in (here, there, theirs))
    assert "What you take back or stop here counts for 2 groups." in coach.page(f"/tips/{one}").text
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
        gone = school.tip(connection, here, today(), "sent", batch="deels")
        school.went_out(connection, here, gone, today(), {"accepted": 40})
        going = school.tip(connection, there, today(), "sent", batch="deels")
        school.goes_out(connection, going, today(), 48, 31)
        waiting = school.tip(connection, third, today(), batch="deels")
        correction = school.tip(connection, here, today(), "held", batch="deels", corrects_id=gone)
    coach.post(f"/tips/{gone}/cancellation", on="/groups/new")
    said = "That came too late for this group. In 2 other groups the tip is cancelled."
    assert said in coach.page(f"/tips/{gone}").text
    assert states_of(desk, gone, going, waiting, correction) == ["sent", "cancelled", "cancelled", "held"]


def test_corrections_of_several_groups_are_taken_back_together_and_what_they_correct_is_not(
    new_coach: Coming, desk: Flask
) -> None:
    coach = new_coach()
    sent, corrections = [], []
    for group in (group_of(coach, "Hier"), group_of(coach, "Daar")):
        with writing(desk.extensions["engine"]) as connection:
            sent.append(school.tip(connection, group, today(), "sent", batch="beter"))
            school.goes_out(connection, sent[-1], today(), 48, 31)
            corrections.append(school.tip(connection, group, today(), "held", batch="beter", corrects_id=sent[-1]))
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


@pytest.fixture
def tied(new_coach: Coming, desk: Flask) -> tuple[Person, int]:
    """A coach with a phone: the code of the desk, used by a device as it would use a group's."""
    coach = new_coach()
    code = coach.post("/phone/code", on="/phone")
    word = read_code_on(code.text)
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        [number] = school.readers(connection, group, 1)
        joined = subscribing.join(connection, number, word)
        assert joined is not None
        assert joined.id == 0
        assert subscribing.join(connection, number, word) is None, "a code works once"
    return coach, number


def read_code_on(text: str) -> str:
    from tests.support.house import read

    return read(text).all(class_="code-word")[0].text.replace("-", "")


def try_out(coach: Person, **more: str) -> Any:
    group = group_of(coach)
    return coach.post(f"/groups/{group}/tips/test", on=f"/groups/{group}/tips/new", test="en", **{**WORDS, **more})


def last_test(desk: Flask, number: int) -> Any:
    with reading(desk.extensions["engine"]) as connection:
        return connection.execute(select(coach_phones).where(coach_phones.c.subscription_id == number)).one()


def test_without_a_phone_the_words_stay_and_the_way_is_shown(new_coach: Coming) -> None:
    coach = new_coach()
    answer = try_out(coach)
    assert answer.status_code == 200
    assert "Your phone is not connected yet." in answer.text
    assert "Greet at the door" in answer.text
    assert coach.get("/phone/state").json == {"ready": False, "state": "none", "answer": ""}


def test_a_test_tells_what_became_of_it(tied: tuple[Person, int], desk: Flask, desk_settings: Settings) -> None:
    coach, number = tied
    answer = try_out(coach)
    assert "On its way to the push service" in answer.text
    test = last_test(desk, number)
    assert coach.get("/phone/state").json["state"] == "waiting"
    tasks = make_tasks(desk_settings)
    waiting = [task for task in tasks.huey.pending() if task.name == "trial"]  # confirmations may wait beside it
    assert [json.loads(task.args[2])["notification"]["title"] for task in waiting] == ["Greet at the door"]
    for said, state in (("accepted", "accepted"), ("gone answer-410", "gone"), ("pause answer-429", "paused"),
                        ("retry timeout", "unreachable"), ("stop answer-403", "refused")):  # fmt: skip
        act, _, reason = said.partition(" ")
        with writing(desk.extensions["engine"]) as connection:
            phones.answered(connection, test.test_number, act, reason)
        assert coach.get("/phone/state").json == {"ready": True, "state": state, "answer": said}
    with writing(desk.extensions["engine"]) as connection:
        assert report(connection, test.test_number, "shown", today())
        assert not report(connection, test.test_number + 1, "shown", today())
    assert coach.get("/phone/state").json["state"] == "shown"
    assert "Shown on your phone." in coach.page("/phone").text
    tasks.huey.flush()


def test_a_test_that_nobody_sends_and_a_phone_that_keeps_silent_are_told(tied: tuple[Person, int], desk: Flask,
                                                                        desk_settings: Settings) -> None:  # fmt: skip
    coach, number = tied
    try_out(coach)
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(update(coach_phones).where(coach_phones.c.subscription_id == number).values(
            test_at=now() - timedelta(minutes=1)))  # fmt: skip
    assert coach.get("/phone/state").json["state"] == "stuck"
    with writing(desk.extensions["engine"]) as connection:
        phones.answered(connection, last_test(desk, number).test_number, "accepted", "")
    assert coach.get("/phone/state").json["state"] == "silent"
    make_tasks(desk_settings).huey.flush()


def test_words_that_cannot_be_sent_are_not_tried_out_either(tied: tuple[Person, int], desk: Flask) -> None:
    coach, number = tied
    assert try_out(coach, **{"title-en": "a\u202eb"}).status_code == 422
    assert last_test(desk, number).test_number is None


def test_a_phone_that_stops_is_the_coachs_no_more(tied: tuple[Person, int], desk: Flask) -> None:
    coach, number = tied
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(delete(subscriptions).where(subscriptions.c.id == number))
    assert coach.get("/phone/state").json["ready"] is False
    assert coach.post("/phone/removal", on="/phone").status_code == 302
