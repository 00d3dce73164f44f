"""Templates: three in the content folder, in every language, short enough, and from any table of the same form."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from pwa.briefings.templates import ITEMS, MOST_WORDS, WRITTEN, load_templates, read_template
from pwa.deck.loading import CONTENT, ContentError, read_toml
from pwa.deck.model import Deck

FOLDER = CONTENT / "briefings"
Break = Callable[[dict[str, Any]], object]


def test_there_are_three_templates_in_both_languages(deck: Deck) -> None:
    templates = load_templates(FOLDER, deck)
    assert [template.id for template in templates] == ["half-day", "week", "support-day"]
    for template in templates:
        assert set(template.words) == {"nl", "en"}
        assert 3 <= len(template.facts.cards) <= 5


def test_recess_stays_in_every_template(deck: Deck) -> None:
    for template in load_templates(FOLDER, deck):
        assert "pauze gaat door" in template.words["nl"].rhythm
        assert "Playtime goes ahead" in template.words["en"].rhythm


def test_the_items_have_a_fixed_order() -> None:
    assert ITEMS == ("call", "help", "rhythm", "cards", "attention", "toilet", "avoid", "neighbour", "note")


def test_a_template_may_come_from_any_table(deck: Deck) -> None:
    """As from a coach's row: the same words, the same checks."""
    table = read_toml(FOLDER / "week.toml")
    assert read_template("of-a-coach", table, deck).words == load_templates(FOLDER, deck)[1].words


BROKEN: dict[str, tuple[Break, str]] = {
    "a language is missing": (lambda table: table.pop("en"), "there is no [en] part yet"),
    "an item is missing": (lambda table: table["nl"].pop("avoid"), "[nl]: there is no “avoid” yet"),
    "an item too many": (lambda table: table["nl"].update(name="x"), "“name” is not a field"),
    "no such card": (lambda table: table.update(cards=["nope"]), "there is no “nope”"),
    "no cards": (lambda table: table.update(cards=[]), "one to 5"),
    "six cards": (lambda table: table.update(cards=table["cards"] + ["full-head"]), "one to 5"),
    "too many days": (lambda table: table.update(days=32), "days: must be from 1 to 31"),
    "too long": (lambda table: table["en"].update({item: "word " * 40 + "." for item in WRITTEN}),
                 f"[en] has more than {MOST_WORDS} words"),
    "an item too long": (lambda table: table["en"].update(note="word" * 151), "[en] note: has more than 600"),
    "a blank item": (lambda table: table["nl"].update(help=" "), "[nl] help: is blank"),
    "invisible": (lambda table: table["en"].update(note="a\u202eb"), "[en] note: has the direction control U+202E"),
    "not a table": (lambda table: table.update(nl="text"), "[nl]"),
}


@pytest.mark.parametrize(("change", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_template_that_cannot_be_used_is_told_in_a_sentence(deck: Deck, change: Break, sentence: str) -> None:
    table = copy.deepcopy(read_toml(FOLDER / "week.toml"))
    change(table)
    with pytest.raises(ContentError) as caught:
        read_template("week", table, deck)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("week")
    assert str(caught.value).endswith(".")


def test_a_name_that_is_no_name_is_refused(deck: Deck) -> None:
    with pytest.raises(ContentError):
        read_template("../week", read_toml(FOLDER / "week.toml"), deck)
