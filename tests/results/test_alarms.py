"""What the desk says by itself: somebody guesses, the engine has an alarm, nothing sends."""


from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, update

from pwa import create_app
from pwa.clock import now
from pwa.coaches.tables import deeds
from pwa.config import Settings
from pwa.database import writing
from pwa.delivery.tables import chunks, push_services
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
    assert "Houvast noticed someone guessing join codes" in administrator.page("/audit").text
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
            assert "Nobody is taken off the list" in coach.page(path).text
        assert not somebody.page("/sign-in").all(role="alert"), "not a stranger's business"
    finally:
        with writing(desk.extensions["engine"]) as connection:
            connection.execute(delete(push_services))


STUCK = "aren’t being sent"


def test_when_nothing_sends_the_desk_says_so(coach: Person, desk: Flask) -> None:
    group, yesterday = group_of(coach), now().date() - timedelta(days=1)
    long_ago, lately = now() - timedelta(minutes=4), now() - timedelta(minutes=2)
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, yesterday, "held", held_until=long_ago)
    assert STUCK in coach.page("/").text
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(update(tips).where(tips.c.id == number).values(state="scheduled", moments="before"))
    assert STUCK in coach.page("/").text, "its moment is over, and nobody has planned it"
    with writing(desk.extensions["engine"]) as connection:
        school.goes_out(connection, number, yesterday, 48, 31)
    assert STUCK not in coach.page("/").text
    for not_before, lease_until, stuck in ((long_ago, long_ago, True), (lately, long_ago, False),
                                           (long_ago, lately, False)):  # fmt: skip
        with writing(desk.extensions["engine"]) as connection:
            connection.execute(update(chunks).values(not_before=not_before, lease_until=lease_until))
        assert (STUCK in coach.page("/").text) is stuck


def test_while_the_first_chunks_of_a_large_tip_go_out_the_last_ones_are_not_stuck(coach: Person, desk: Flask) -> None:
    group, today, long_ago = group_of(coach), now().date(), now() - timedelta(minutes=4)
    with writing(desk.extensions["engine"]) as connection:
        for _ in range(2):
            school.goes_out(connection, school.tip(connection, group, today, "sent"), today, 48, 31)
        connection.execute(update(chunks).values(not_before=long_ago, lease_until=long_ago))
    assert STUCK in coach.page("/").text
    with writing(desk.extensions["engine"]) as connection:
        first = select(func.min(chunks.c.id)).scalar_subquery()
        connection.execute(update(chunks).where(chunks.c.id == first).values(lease_until=now()))
    assert STUCK not in coach.page("/").text
