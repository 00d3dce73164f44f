"""Templates of a briefing: content files that teachers edit, or whatever else holds the same table of words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from pwa.deck.characters import odd_character
from pwa.deck.glance import words_in
from pwa.deck.loading import CARD_ID, ContentError, convert, read_toml
from pwa.deck.model import Deck

# The items of a briefing in their fixed order. Cards are chosen, not written; the name and number are the maker's own.
ITEMS = ("call", "help", "rhythm", "cards", "attention", "toilet", "avoid", "neighbour", "note")
WRITTEN = tuple(item for item in ITEMS if item != "cards")
LONGEST_DAYS = 31
MOST_CARDS = 5
MOST_WORDS = 240  # are read in 60 seconds
WORDS_A_MINUTE = 240


class Words(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A template in one language: what it is called, whom it is for, and the written items."""

    title: str
    hint: str
    call: str
    help: str
    rhythm: str
    attention: str
    toilet: str
    avoid: str
    neighbour: str
    note: str

    def items(self) -> dict[str, str]:
        """The written items in their order."""
        return {item: getattr(self, item) for item in WRITTEN}


class Facts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a template says once: its place in the list, its picture, the days that it is valid, its cards."""

    order: int
    icon: str
    days: int
    cards: tuple[str, ...]


class Template(Struct, frozen=True, kw_only=True):
    """A whole template, in every live language."""

    id: str
    facts: Facts
    words: dict[str, Words]


def load_templates(folder: Path, deck: Deck) -> list[Template]:
    """The templates of a content folder in their order. Raises ContentError with a sentence for the editor."""
    found = [read_template(path.stem, read_toml(path), deck) for path in sorted(folder.glob("*.toml"))]
    return sorted(found, key=lambda template: template.facts.order)


def read_template(name: str, table: Mapping[str, Any], deck: Deck) -> Template:
    """One template from a table: a file's, or the row of a coach. Raises ContentError for the first thing wrong."""
    if not CARD_ID.match(name):
        raise ContentError(f"{name}: a template's name has small letters, digits and single hyphens only.")
    facts = convert({key: value for key, value in table.items() if key not in deck.languages}, Facts, f"{name}:")
    words = {code: convert(table[code], Words, f"{name}: [{code}]") for code in deck.languages if code in table}
    for code in deck.live():
        if code not in words:
            raise ContentError(f"{name}: there is no [{code}] part yet.")
    _refuse_odd(name, words)
    _refuse_facts(name, facts, deck)
    return Template(id=name, facts=facts, words=words)


def _refuse_odd(name: str, words: dict[str, Words]) -> None:
    for code, part in words.items():
        lines = [line for text in (part.title, part.hint, *part.items().values()) for line in text.split("\n")]
        problem = next(filter(None, map(odd_character, lines)), None)
        if problem:
            raise ContentError(f"{name}: [{code}] {problem}.")
        if sum(len(words_in(line)) for line in lines) > MOST_WORDS:
            raise ContentError(f"{name}: [{code}] has more than {MOST_WORDS} words.")


def _refuse_facts(name: str, facts: Facts, deck: Deck) -> None:
    if not 1 <= facts.days <= LONGEST_DAYS:
        raise ContentError(f"{name}: days must be from 1 to {LONGEST_DAYS}.")
    if not 1 <= len(facts.cards) <= MOST_CARDS:
        raise ContentError(f"{name}: cards: a briefing has one to {MOST_CARDS}.")
    for card in facts.cards:
        if card not in deck.cards:
            raise ContentError(f"{name}: cards: there is no “{card}”.")
