"""Words that were pasted from elsewhere are taken as they were meant; what cannot be shown is told with its place."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from pwa.database import reading
from pwa.deck.characters import before_odd, odd_character, one_line
from pwa.tips.keeping import texts_of
from tests.support.coaches import Person, group_of
from tests.support.house import read
from tests.support.monday import monday, plan, planner, rows

__all__ = ["monday", "planner"]  # fixtures

PASTED = {
    "three blanks": "één   kind",
    "an accent apart": "e\u0301e\u0301n kind",
    "a soft hyphen": "één ki\u00adnd",
    "a blank without width": "één\u200b kind",
    "line breaks": " één\r\n\r\nkind\n",
    "a hard blank": "één\u00a0kind",
}
PLACES = {"één kind": None, "": None, "\u202eéén": "", "Geef elk kind\x00": "elk kind", "een\nki\u2060nd": "een ki"}


@pytest.mark.parametrize("text", PASTED.values(), ids=PASTED)
def test_what_was_pasted_is_taken_as_it_was_meant(text: str) -> None:
    assert one_line(text) == "één kind"
    assert odd_character(one_line(text)) is None


@pytest.mark.parametrize(("text", "place"), PLACES.items())
def test_the_place_of_an_odd_character_is_found(text: str, place: str | None) -> None:
    assert before_odd(text) == place


def test_a_pasted_tip_is_scheduled_and_a_refused_one_says_where(planner: Person, desk: Flask, monday: Any) -> None:
    group = group_of(planner)
    wrong = plan(planner, group, "2026-11-24", **{"body-nl": "Geef elk\u2066 kind een hand"})
    assert wrong.status_code == 422
    assert "After ‘Geef elk’ comes a character that cannot be shown." in read(wrong.text).text
    assert plan(planner, group, "2026-11-24", **{"title-nl": PASTED["an accent apart"] + "   "}).status_code == 302
    [tip] = rows(desk, group)
    with reading(desk.extensions["engine"]) as connection:
        assert texts_of(connection, [tip.id])[tip.id]["nl"][0] == "één kind"
