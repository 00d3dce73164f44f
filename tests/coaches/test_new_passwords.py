"""New passwords: which are good enough, and how often somebody may ask."""

from __future__ import annotations

import re
import secrets

from flask import Flask

from pwa.coaches.cli import new_link
from pwa.coaches.passwords import LONGEST, is_guessable
from pwa.config import Settings
from tests.support.coaches import PASSWORD, Person
from tests.support.house import read


def test_the_ten_thousand_most_used_passwords_are_refused_and_odd_ones_are_not() -> None:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    common = [word for word in FREQUENCY_LISTS["passwords"][:10_000] if len(word) >= 15]
    assert common
    assert all(map(is_guessable, common))
    emoji = "".join(chr(0x1F300 + secrets.randbelow(0x300)) for _ in range(LONGEST))
    for good in (emoji, PASSWORD, "mijn paard eet graag gras", "Ik zie 3 koeien!", "ὦ ξεῖν᾽ ἀγγέλλειν"):
        assert not is_guessable(good), good


def test_a_password_that_is_hard_to_look_at_is_looked_at_in_part_and_not_again_and_again(
    desk: Flask, desk_settings: Settings
) -> None:
    assert is_guessable("a" * 32 + "vier losse woorden samen"), "the beginning alone is looked at"
    invited = Person(desk)
    path = re.sub("^.*/coach", "", new_link(desk_settings))
    token = read(invited.get(path).text).all("input", name="csrf_token")[0].attributes["value"]
    fields = {"csrf_token": token, "name": "", "email": "hard@school.example", "password": "a" * 20}
    answers = [invited.client.post(f"/coach/en{path}", data=fields).status_code for _ in range(30)]
    assert answers[:20] == [422] * 20
    assert answers[-1] == 429
    other = re.sub("^.*/coach", "", new_link(desk_settings))
    assert Person(desk).post(other, name="", email="hard@school.example", password=PASSWORD).status_code == 422
