"""What the desk says by itself: somebody guesses, the engine has an alarm, nothing sends."""


from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, insert, update

from pwa import create_app
from pwa.clock import now
from pwa.coaches.tables import deeds
from pwa.config import Settings
from pwa.database import writing
from pwa.delivery.tables import push_services
from pwa.tips.tables import tips
from tests.support import desk as school
from tests.support.coaches import Person, group_of
from tests.support.device import invented


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
        number = school.tip(connection, group, now().date(), "held", held_until=now() - timedelta(minutes=4))
    assert "nothing is sending them" in coach.page("/").text
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(update(tips).where(tips.c.id == number).values(state="scheduled"))
    assert "nothing is sending them" not in coach.page("/").text
