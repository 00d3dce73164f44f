"""The glance linter: what makes a card readable at arm's length, under pressure, as measurable rules.

The limits are the content brief's; every finding names the file, the language and the field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pwa.deck.characters import odd_character
from pwa.deck.model import Card, Deck, Diagram, Text

FACE_WORDS = 60
CUE_AND_DO_WORDS = 30
WHY_WORDS = 60
SENTENCE_WORDS = 18
AVERAGE_SENTENCE_WORDS = 12
SEARCH_WORDS = range(3, 11)
STRAIGHT = re.compile(r"""['"]""")
REHEARSE = {"nl": re.compile(r"Als .+, dan .+[.]\Z"), "en": re.compile(r"If .+, then I .+[.]\Z|If .+, then .+[.]\Z")}


class Finding(NamedTuple):
    card: str
    language: str
    field: str
    problem: str

    def __str__(self) -> str:
        part = f"[{self.language}] " if self.language else ""
        return f"{self.card}.toml: {part}{self.field}: {self.problem}."


def check_deck(deck: Deck) -> list[Finding]:
    """Every finding in the live languages of a deck; an empty list lets a release through."""
    findings = []
    for card in deck.cards.values():
        for language in deck.live():
            findings += check_text(card, language)
        if len(card.facts.situations) > 3:
            findings.append(Finding(card.id, "", "situations", "a card has at most three situations"))
    return [*findings, *_same_titles(deck)]


def check_text(card: Card, language: str) -> list[Finding]:
    """The findings in one card's text in one language."""
    text = card.texts[language]
    problems = [
        *_odd_characters(text),
        *_straight_quotes(text),
        *_missing_parts(text, card.facts.moment),
        *_long_parts(text),
        *_long_sentences(text),
        *_rehearsal(text, language),
    ]
    return [Finding(card.id, language, field, problem) for field, problem in problems]


def words_in(text: str) -> list[str]:
    """The words of a text; a lone dash or quotation mark is not a word."""
    return [word for word in text.split() if any(character.isalnum() for character in word)]


def face(text: Text) -> list[tuple[str, str]]:
    """The parts of a card's face in their fixed order, as (field, text)."""
    parts = [("title", text.title), ("cue", text.cue), ("you", text.you)]
    parts += [("see", item) for item in text.see]
    parts += [("do", item) for item in text.do]
    if text.say:
        parts += [("say.connect", text.say.connect), ("say.limit", text.say.limit)]
    parts.append(("avoid", text.avoid))
    return [(field, part) for field, part in parts if part is not None]


def all_parts(text: Text) -> list[tuple[str, str]]:
    """Every piece of text on a card, as (field, text)."""
    parts = [*face(text), ("why", text.why), ("alt", text.alt), *(("words", word) for word in text.words)]
    if text.rehearse is not None:
        parts.append(("rehearse", text.rehearse))
    if text.diagram is not None:
        parts += [("diagram", piece) for piece in diagram_words(text.diagram)]
    return parts


def diagram_words(diagram: Diagram) -> list[str]:
    """Every piece of text in a diagram, in reading order."""
    return list(_strings(tuple(getattr(diagram, field) for field in diagram.__struct_fields__)))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif hasattr(value, "__struct_fields__"):
        for field in value.__struct_fields__:
            yield from _strings(getattr(value, field))


def _odd_characters(text: Text) -> Iterator[tuple[str, str]]:
    for field, part in all_parts(text):
        problem = odd_character(part)
        if problem:
            yield field, problem


def _straight_quotes(text: Text) -> Iterator[tuple[str, str]]:
    for field, part in all_parts(text):
        straight = STRAIGHT.search(part)
        if straight:
            yield field, f"“{part}” has a straight {straight[0]}; write ‘…’ around words, and ’ as the apostrophe"


def _missing_parts(text: Text, moment: str) -> Iterator[tuple[str, str]]:
    if moment == "know":
        if not text.do and text.diagram is None:
            yield "diagram", "a card to know has a diagram, or something to do"
        return
    for field in ("you", "see", "do", "avoid", "rehearse"):
        if not getattr(text, field):
            yield field, "is missing"
    if text.say is None or not (text.say.connect or text.say.limit):
        yield "say", "is missing: a sentence that connects, or one that holds the limit"


# field: most words, most characters, most items
_LIMITS = {
    "title": (5, 32, 1),
    "cue": (9, 48, 1),
    "you": (6, 48, 1),
    "see": (7, 48, 2),
    "do": (8, 48, 3),
    "say.connect": (10, 64, 1),
    "say.limit": (10, 64, 1),
    "avoid": (8, 48, 1),
    "why": (WHY_WORDS, 480, 1),
    "alt": (12, 80, 1),
    "words": (3, 32, SEARCH_WORDS.stop - 1),
}


def _long_parts(text: Text) -> Iterator[tuple[str, str]]:
    seen: dict[str, int] = {}
    for field, part in all_parts(text):
        if field not in _LIMITS:
            continue
        most_words, most_characters, most_items = _LIMITS[field]
        seen[field] = seen.get(field, 0) + 1
        if len(words_in(part)) > most_words:
            yield field, f"“{part}” has {len(words_in(part))} words, {most_words} fit"
        if len(part) > most_characters:
            yield field, f"“{part}” has {len(part)} characters, {most_characters} fit"
        if seen[field] == most_items + 1:
            yield field, f"has more than {most_items} items"
    if len(text.words) < SEARCH_WORDS.start:
        yield "words", f"has {len(text.words)} search words, {SEARCH_WORDS.start} to {SEARCH_WORDS.stop - 1} are asked"
    on_face = sum(len(words_in(part)) for _, part in face(text))
    if on_face > FACE_WORDS:
        yield "face", f"has {on_face} words together, {FACE_WORDS} fit"
    quick = len(words_in(text.cue)) + sum(len(words_in(item)) for item in text.do)
    if quick > CUE_AND_DO_WORDS:
        yield "do", f"has, with the cue, {quick} words, {CUE_AND_DO_WORDS} fit"


def sentences(text: str) -> list[str]:
    """A paragraph cut at full stops, question and exclamation marks."""
    return [part for part in re.split(r"(?<=[.!?…])[”\"')]*\s+", text) if words_in(part)]


def _long_sentences(text: Text) -> Iterator[tuple[str, str]]:
    lengths = [len(words_in(sentence)) for sentence in sentences(text.why)]
    if lengths and max(lengths) > SENTENCE_WORDS:
        yield "why", f"has a sentence of {max(lengths)} words, {SENTENCE_WORDS} are enough"
    if lengths and sum(lengths) / len(lengths) > AVERAGE_SENTENCE_WORDS:
        average = sum(lengths) / len(lengths)
        yield "why", f"has {average:.1f} words in a sentence on average, {AVERAGE_SENTENCE_WORDS} are enough"


def _rehearsal(text: Text, language: str) -> Iterator[tuple[str, str]]:
    if not text.rehearse:
        return
    if len(sentences(text.rehearse)) > 1:
        yield "rehearse", "is more than one sentence"
    pattern = REHEARSE.get(language)
    if pattern and not pattern.match(text.rehearse):
        yield "rehearse", "is not of the form “Als …, dan …” or “If …, then …”"


def _same_titles(deck: Deck) -> Iterator[Finding]:
    for language in deck.live():
        owners: dict[str, str] = {}
        for card in deck.cards.values():
            title = card.texts[language].title.casefold()
            if title in owners:
                yield Finding(card.id, language, "title", f"is the same as in {owners[title]}.toml")
            owners.setdefault(title, card.id)
