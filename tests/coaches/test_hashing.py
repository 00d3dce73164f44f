"""What looking at a password costs: whoever guesses pays it each time, and a crowd pays it one after the other."""

from __future__ import annotations

import re
import sys
import threading
from types import FrameType
from typing import Any

import pytest
from flask import Flask

from pwa.config import Settings
from pwa.desk import make_desk
from tests.coaches.test_guessing import WRONG, guess
from tests.support.coaches import Person, form_token


@pytest.fixture(scope="module")
def desk(desk_settings: Settings) -> Flask:
    """With passwords as they are kept."""
    return make_desk(desk_settings)


def hashes_for(desk: Flask, email: str, password: str = WRONG) -> list[tuple[str, ...]]:
    """What of Argon2 the library in C is asked for while somebody tries to sign in: kind and cost of each hash."""
    asked = []
    thief = Person(desk)
    token = form_token(thief)

    def listen(frame: FrameType, event: str, what: Any) -> None:
        if event != "c_call" or getattr(what, "__name__", "") not in {"argon2_hash", "argon2_verify", "argon2_ctx"}:
            return
        here = frame.f_locals
        if "hash" in here:  # what a known account's hash was made with stands in it (PHC string format)
            [(kind, cost)] = re.findall(rb"^\$(argon2\w+)\$v=\d+\$([\w=,]+)\$", bytes(here["hash"]))
            asked.append((kind.decode(), *sorted(cost.decode().split(","))))
        else:
            asked.append((f"argon2{here['type'].name.lower()}", f"m={here['memory_cost']}", f"p={here['parallelism']}",
                          f"t={here['time_cost']}"))  # fmt: skip

    sys.setprofile(listen)
    try:
        assert guess(thief, email, "10.3.3.3", token, password) in {200, 413}
    finally:
        sys.setprofile(None)
    return asked


def test_an_unknown_address_costs_the_same_hash_as_a_known_one(coach: Person, desk: Flask) -> None:
    known = hashes_for(desk, coach.email)
    assert known == [("argon2id", "m=65536", "p=4", "t=3")]
    assert hashes_for(desk, "nobody@school.example") == known
    assert hashes_for(desk, "no address") == [], "or this test shows nothing"


def test_one_hash_is_taken_at_a_time(desk: Flask) -> None:
    counting = threading.Lock()
    now_taken, most = 0, 0

    def listen(_frame: FrameType, event: str, what: Any) -> None:
        nonlocal now_taken, most
        if event in {"c_call", "c_return"} and what.__name__ in {"argon2_hash", "argon2_verify"}:
            with counting:
                now_taken += 1 if event == "c_call" else -1
                most = max(most, now_taken)

    def come(number: int) -> None:
        sys.setprofile(listen)
        statuses.append(guess(people[number], f"crowd{number}@school.example", f"10.6.0.{number}", tokens[number]))

    statuses: list[int] = []
    people = [Person(desk) for _ in range(4)]
    tokens = [form_token(person) for person in people]
    crowd = [threading.Thread(target=come, args=(number,)) for number in range(4)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert most == 1
    assert statuses.count(200) >= 2, "who came second waited"
    assert set(statuses) <= {200, 429}


def test_a_password_that_is_longer_than_any_is_refused_before_it_is_looked_at(coach: Person, desk: Flask) -> None:
    for email in (coach.email, "nobody@school.example"):
        assert hashes_for(desk, email, "x" * 5000) == []
    for path in ("/again", "/account/password"):
        answer = coach.post(path, password="x" * 5000)
        assert answer.status_code == 413
        assert "longer than this page can take" in answer.text
