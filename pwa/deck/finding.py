"""Search on the server, for a browser that runs no script; static/js/search.js does the same on the device.

A word is found where a word of a card begins with it, as it sounds and without its ending, so that "boose" and "boze"
find "boos", and "throws" finds "throwing". When no card has every word, those that have the most are the answer."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from pwa.deck.glance import face
from pwa.deck.model import Card, Deck

MOST_WORDS = 8
# As they sound. They say nothing about what to look for, and stand in nearly every text.
NOISE = re.compile(
    ".|de|het|en|of|met|in|op|ik|hij|sij|se|is|wil|niet|kind|lerling|the|and|with|to|he|she|not|won|don|kid|child|pupil"
)
SOUNDS = str.maketrans("zv", "sf")
TWICE = re.compile(r"([a-z])\1+")
BETWEEN = re.compile(r"[\W_]+")
ENDING = re.compile(r"(.{3,}?)(?:e[nsd]?|ing|[ts])")
IN_TITLE, AS_IT_IS, IN_NAMES, WITHIN_A_NAME, IN_TEXT = 6, 5, 3, 2, 1
LONG_ENOUGH_WITHIN, LONG_ENOUGH_FOR_AN_ERROR = 4, 5


class Entry(NamedTuple):
    """The words of a card: its title, all that it is looked for by (in every language), and what it says."""

    card: Card
    title: list[str]
    names: list[str]
    text: list[str]


def find_cards(deck: Deck, language: str, query: str) -> list[Card]:
    """The cards that have the most words of `query`, the best first; equally good ones by their id."""
    words = words_in(query)[:MOST_WORDS]
    entries = _entries(deck, language)
    points = [_points(entries, word) for word in [word for word in words if not NOISE.fullmatch(word)] or words]
    hits = []
    for at, entry in enumerate(entries):
        own = [each[at] for each in points if each[at]]
        hits.append((len(own), sum(own), entry.card))
    most = max(1, *(many for many, _, _ in hits))
    found = [hit for hit in hits if hit[0] == most]
    return [card for _, _, card in sorted(found, key=lambda hit: (-hit[1], hit[2].id))]


def fold(text: str) -> str:
    """Without case and accents (Unicode NFKD without its marks)."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))


def words_in(text: str) -> list[str]:
    """The words of a text as they sound: s for z, f for v, and no letter twice in a row."""
    return [word for word in BETWEEN.split(TWICE.sub(r"\1", fold(text).translate(SOUNDS))) if word]


def stem(word: str) -> str:
    """A word without an ending of Dutch or English; three letters are left at least."""
    match = ENDING.fullmatch(word)
    return match[1] if match else word


@lru_cache(maxsize=8)  # languages: worked out anew, it would take most of the time of each question
def _entries(deck: Deck, language: str) -> list[Entry]:
    return [_entry(deck, card, language) for card in deck.cards.values()]


def _entry(deck: Deck, card: Card, language: str) -> Entry:
    text = card.texts[language]
    names = [name for place in card.facts.situations for name in deck.situations[place].names.values()]
    for each in card.texts.values():
        names += [each.title, *each.words]
    says = [part for field, part in face(text) if field != "title"]
    return Entry(card, words_in(text.title), words_in(" ".join(names)), words_in(" ".join(says)))


def _points(entries: list[Entry], word: str) -> list[int]:
    """What a word is worth on each card; only a word that is nowhere may have a typing error, and that in a name."""
    root = stem(word)
    points = [_worth(entry, word) for entry in entries]
    if any(points) or len(root) < LONG_ENOUGH_FOR_AN_ERROR:
        return points
    return [int(any(_near(word, name) or _near(root, stem(name)) for name in entry.names)) for entry in entries]


def _worth(entry: Entry, word: str) -> int:
    root = stem(word)
    title, names, text = (sum(each.startswith(root) for each in part) for part in entry[1:])
    within = len(root) >= LONG_ENOUGH_WITHIN and any(root in name for name in entry.names)
    named = names * IN_NAMES or within * WITHIN_A_NAME
    as_it_is = (word in entry.names or word in entry.text) * AS_IT_IS
    return title * IN_TITLE + as_it_is + named + bool(text) * IN_TEXT


def _near(one: str, other: str) -> bool:
    """Whether one letter is too many, missing, another one, or two changed places."""
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[at:], other[at:]
    swapped = left[1:2] + left[:1] + left[2:]
    return right in (left[1:], right[:1] + left, right[:1] + left[1:], swapped)
