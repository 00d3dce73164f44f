"""Templates of a briefing: content files that teachers edit, or whatever else holds the same table of words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

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
LONGEST = {"title": 40, "hint": 80, **dict.fromkeys(WRITTEN, 600)}  # characters; a maker's fields hold as many


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


class Fault(NamedTuple):
    """Why a template cannot be used: in a field of a language, in a language as a whole, or in what it says once.

    `kind` is blank, odd, long, words, days, cards or unknown; `problem` says it to whoever edits the file."""

    language: str
    field: str
    kind: str
    problem: str

    def __str__(self) -> str:
        part = f"[{self.language}] " if self.language else ""
        return f"{part}{self.field}: {self.problem}." if self.field else f"{part}{self.problem}."


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
    template = Template(id=name, facts=facts, words=words)
    fault = next(faults(template, deck), None)
    if fault:
        raise ContentError(f"{name}: {fault}")
    return template


def faults(template: Template, deck: Deck) -> Iterator[Fault]:
    """Everything that is wrong with a template, whoever wrote it."""
    for code, part in template.words.items():
        yield from _faults_in(code, part)
    yield from _faults_once(template.facts, deck)


def _faults_in(code: str, part: Words) -> Iterator[Fault]:
    texts = {"title": part.title, "hint": part.hint, **part.items()}
    for field, text in texts.items():
        if not text.strip():
            yield Fault(code, field, "blank", "is blank")
        elif problem := next(filter(None, map(odd_character, text.split("\n"))), None):
            yield Fault(code, field, "odd", problem)
        elif len(text) > LONGEST[field]:
            yield Fault(code, field, "long", f"has more than {LONGEST[field]} characters")
    if count_words(part) > MOST_WORDS:
        yield Fault(code, "", "words", f"has more than {MOST_WORDS} words")


def count_words(part: Words) -> int:
    """The words of a template in one language."""
    return sum(len(words_in(text)) for text in (part.title, part.hint, *part.items().values()))


def _faults_once(facts: Facts, deck: Deck) -> Iterator[Fault]:
    if not 1 <= facts.days <= LONGEST_DAYS:
        yield Fault("", "days", "days", f"must be from 1 to {LONGEST_DAYS}")
    if not 1 <= len(facts.cards) <= MOST_CARDS:
        yield Fault("", "cards", "cards", f"a briefing has one to {MOST_CARDS}")
    for card in facts.cards:
        if card not in deck.cards:
            yield Fault("", "cards", "unknown", f"there is no “{card}”")
