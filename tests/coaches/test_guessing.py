"""Guesses: of passwords and of codes; none gets far, and nobody is locked out by them."""

from __future__ import annotations

import re
import time

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from pwa.clock import now
from pwa.coaches.cli import new_link
from pwa.coaches.known_devices import KnownDevices
from pwa.coaches.tables import coach_sessions
from pwa.config import Settings
from pwa.database import reading
from tests.support.coaches import PASSWORD, Coming, Person, form_token

WRONG = "not the right words"


def guess(person: Person, email: str, address: str, token: str = "", password: str = WRONG) -> int:
    token = token or form_token(person)
    return person.client.post(
        "/coach/en/sign-in", data={"csrf_token": token, "email": email, "password": password},
        environ_base={"REMOTE_ADDR": address},
    ).status_code  # fmt: skip


@pytest.mark.parametrize("spread", ["one account", "one address"])
def test_of_a_thousand_guesses_in_an_hour_at_most_fifty_are_looked_at(desk: Flask, spread: str) -> None:
    thief = Person(desk)
    token, looked_at, start = form_token(thief), 0, now().timestamp()
    for number in range(1000):
        with time_machine.travel(start + number * 3.6, tick=False):
            who = "boss@school.example" if spread == "one account" else f"{number}@school.example"
            where = f"10.0.{number // 250}.{number % 250}" if spread == "one account" else "10.9.9.9"
            looked_at += guess(thief, who, where, token) == 200
    assert 20 <= looked_at <= 50


def test_a_flood_is_told_to_wait_and_what_was_not_looked_at_does_not_count(desk: Flask) -> None:
    hashing = desk.extensions["security"].pwd_context
    person = Person(desk)
    token = form_token(person)
    hashing.waits.left[""] = (0.0, time.monotonic())
    with hashing.busy:
        assert {guess(person, "many@school.example", "10.7.7.7", token) for _ in range(30)} == {429}
    assert guess(person, "many@school.example", "10.7.7.7", token) == 200
    hashing.waits.left.clear()


def test_guesses_from_elsewhere_do_not_keep_out_who_signed_in_here_before(new_coach: Coming, desk: Flask) -> None:
    coach = new_coach()
    assert coach.post("/sign-out", on="/account").status_code == 302
    thief = Person(desk)
    token = form_token(thief)
    assert [guess(thief, coach.email, f"10.1.0.{number}", token) for number in range(30)][-1] == 429
    assert guess(thief, coach.email, "10.1.1.1", token, PASSWORD) == 429, "even with the right password, for a while"
    with time_machine.travel(now().timestamp() + 60):
        assert coach.post("/sign-in", email=coach.email, password=PASSWORD).status_code == 302
        assert coach.post("/second-step", code=coach.code()).status_code == 302
        assert coach.get("/").status_code == 200
        assert thief.post("/sign-in/passkey", start="1").status_code == 200, "a passkey is asked for meanwhile"


def test_an_address_has_one_count_however_it_is_spelled(new_coach: Coming, desk: Flask) -> None:
    name, _, host = new_coach().email.partition("@")
    wide = [f"{name}@{host[:at]}{chr(ord(host[at]) + 0xFEE0)}{host[at + 1 :]}" for at in range(len(host))]  # ｓchool
    spelled = [*wide, f"{name}@{host.replace('.', chr(0x3002))}", f"{name.upper()}@{host}", f"{name}@{host}"]
    thief = Person(desk)
    token = form_token(thief)
    answers = [guess(thief, email, f"10.5.0.{number}", token) for number, email in enumerate([*spelled, *spelled])]
    assert answers.count(200) <= 21
    assert answers[-1] == 429


@pytest.mark.parametrize("aside", ["second-step", "second-step/recovery-code"])
def test_six_digits_are_not_guessed_whatever_else_is_sent_from_wherever(
    new_coach: Coming, desk: Flask, aside: str
) -> None:
    coach = new_coach()
    thief = Person(desk)
    assert thief.post("/sign-in", email=coach.email, password=PASSWORD).status_code == 302
    token = form_token(thief, "/second-step")
    answers = [
        thief.client.post(
            f"/coach/en/{aside}",
            data={"csrf_token": token, "code": f"{number:06}", "email": f"{number}@school.example"},
            environ_base={"REMOTE_ADDR": f"10.2.2.{number}"},
        ).status_code
        for number in range(40)
    ]
    assert answers.count(200) <= 20
    assert answers[-1] == 429
    assert thief.get("/").status_code == 302


def test_the_current_password_is_not_guessed_by_changing_it_and_a_right_one_is_not_counted(new_coach: Coming) -> None:
    coach = new_coach()
    token = form_token(coach, "/account/password")

    def change(current: str, new: str) -> int:
        fields = {"csrf_token": token, "password": current, "new_password": new, "new_password_confirm": new}
        return coach.client.post("/coach/en/account/password", data=fields).status_code

    for number in range(22):
        assert change(f"{PASSWORD} {number - 1}" if number else PASSWORD, f"{PASSWORD} {number}") == 302
        token = form_token(coach, "/account/password")
    answers = [change(WRONG, f"{PASSWORD} nieuw") for _ in range(22)]
    assert answers.count(200) <= 21
    assert answers[-1] == 429


def test_one_network_of_ipv6_is_one_guesser(desk: Flask) -> None:
    thief = Person(desk)
    token = form_token(thief)
    answers = [guess(thief, f"six{number}@school.example", f"2001:db8::{number + 1:x}", token) for number in range(25)]
    assert answers.count(200) <= 21
    assert answers[-1] == 429
    assert guess(thief, "seven@school.example", "2001:db8:0:1::1", token) == 200


@pytest.mark.parametrize(("ahead", "works"), [(-3, False), (-2, False), (-1, True), (1, True), (2, False), (4, False)])
def test_a_code_is_taken_one_step_late_or_early_and_no_more(
    new_coach: Coming, desk: Flask, ahead: int, works: bool
) -> None:
    coach = new_coach()
    again = Person(desk)
    again.key = coach.key
    with time_machine.travel(now().timestamp() + 600, tick=False):
        assert again.post("/sign-in", email=coach.email, password=PASSWORD).status_code == 302
        assert (again.post("/second-step", code=again.code(ahead)).status_code == 302) == works


def test_a_known_device_is_known_for_one_account_and_cannot_be_made_up() -> None:
    devices = KnownDevices("k" * 40)
    word = devices.new("coach@school.example")
    assert devices.knows(word, " Coach@school.example")
    for other in ("", ".", word[:-1], f"x{word}", "é.é"):
        assert not devices.knows(other, "coach@school.example")
    assert not devices.knows(word, "other@school.example")
    assert not KnownDevices("j" * 40).knows(word, "coach@school.example")


def test_a_flood_at_the_door_takes_nothing_from_who_is_typing_a_password(
    new_coach: Coming, desk: Flask, desk_settings: Settings
) -> None:
    def rows() -> int:
        with reading(desk.extensions["engine"]) as connection:
            return connection.scalar(select(func.count()).select_from(coach_sessions)) or 0

    coach = new_coach()
    here, half, invited = Person(desk), Person(desk), Person(desk)
    here.key = half.key = coach.key
    form = here.get("/sign-in")
    with time_machine.travel(now().timestamp() + 600):
        assert half.post("/sign-in", email=coach.email, password=PASSWORD).status_code == 302
        path = re.sub("^.*/coach", "", new_link(desk_settings))
        invitation = invited.get(path)
        before = rows()
        for _ in range(20):
            for path_ in ("/sign-in", "/sign-in/passkey", "/again", "/second-step", "/account/second-step", "/none"):
                Person(desk).get(path_)
            guess(Person(desk), "flood@school.example", "10.8.8.8")
            Person(desk).post("/groups/new", on="/sign-in")
        assert rows() == before
        assert here.post_from(form, "/sign-in", email=coach.email, password=PASSWORD).status_code == 302
        assert half.post("/second-step", code=half.code()).status_code == 302
        fields = {"name": "Noor", "email": "after.a.flood@school.example", "password": PASSWORD}
        assert invited.post_from(invitation, path, **fields).status_code == 302


def test_a_cookie_of_nobody_cannot_be_made_up_and_stays_small(coach: Person, desk: Flask) -> None:
    thief = Person(desk)
    for _ in range(30):
        thief.get("/second-step")
    assert len(word := cookie_of(thief)) < 1000
    assert "." in word
    assert "." not in cookie_of(coach)
    assert len(thief.page("/sign-in").all("p", role="alert")) <= 1
    token = form_token(thief)
    assert guess(thief, "cookie@school.example", "10.8.8.9", token) == 200
    for other in (f"x{cookie_of(thief)}", f"{cookie_of(thief)}x", ".", "..", "a.b.c", "é.é.é"):
        thief.client.set_cookie("coach", other)
        assert guess(thief, "cookie@school.example", "10.8.8.9", token) == 400, other


def cookie_of(person: Person) -> str:
    found = person.client.get_cookie("coach")
    assert found
    return found.value
