"""A test to the coach's own phone tells what became of it."""


from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from pwa.clock import now
from pwa.coaches import phones
from pwa.coaches.tables import coach_phones
from pwa.config import Settings
from pwa.database import reading, writing
from pwa.delivery.reporting import report
from pwa.subscriptions import keeping as subscribing
from pwa.subscriptions.tables import subscriptions
from pwa.worker import make_tasks
from tests.support import desk as school
from tests.support.coaches import WORDS, Coming, Person, group_of


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
    assert coach.get("/phone/state").json == {"ready": False, "over": False, "state": "none", "answer": ""}


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
        assert coach.get("/phone/state").json == {"ready": True, "over": False, "state": state, "answer": said}
    with writing(desk.extensions["engine"]) as connection:
        assert report(connection, test.test_number, "shown", now().date())
        assert not report(connection, test.test_number + 1, "shown", now().date())
    assert coach.get("/phone/state").json["state"] == "shown"
    assert "Shown on your phone." in coach.page("/phone").text
    tasks.huey.flush()


def test_another_phone_takes_the_place_of_the_one_that_is_tied(tied: tuple[Person, int], desk: Flask) -> None:
    coach, _ = tied
    assert coach.get("/phone/state").json["ready"] is True
    word = read_code_on(coach.post("/phone/code", on="/phone").text)
    assert coach.get("/phone/state").json["ready"] is False, "the page goes on to wait"
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        [another] = school.readers(connection, group, 1)
        assert subscribing.join(connection, another, word) is not None
    assert coach.get("/phone/state").json["ready"] is True
    assert last_test(desk, another).coach_id


def test_a_code_that_ran_out_leaves_the_page_to_say_so_and_not_the_old_phone(
    tied: tuple[Person, int], desk: Flask
) -> None:
    coach, number = tied
    coach.post("/phone/code", on="/phone")
    assert coach.get("/phone/state").json["over"] is False
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(update(coach_phones).where(coach_phones.c.subscription_id == number).values(
            code_ends_at=now() - timedelta(seconds=1)))  # fmt: skip
    answer = coach.get("/phone/state").json
    assert (answer["ready"], answer["over"]) == (False, True)
    assert "No phone used the code within fifteen minutes" in coach.page("/phone?over").text


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
