"""What a deck is made of. Everything here is frozen: a deck is loaded once and never changes."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

MomentId = Literal["now", "before", "after", "you", "know", "safety"]


class Say(Struct, frozen=True, forbid_unknown_fields=True):
    """Two sentences to say aloud: one that connects, one that holds the limit."""

    connect: str | None = None
    limit: str | None = None


class CircleWords(Struct, frozen=True, forbid_unknown_fields=True, tag="circle", tag_field="kind"):
    """The circle of security: out to explore, back for safety, and what the child asks on each half."""

    base: str
    out_title: str
    out: tuple[str, ...]
    back_title: str
    back: tuple[str, ...]


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One age on the staircase, with the shapes that nearness has then."""

    age: str
    nearness: tuple[str, ...]


class StaircaseWords(Struct, frozen=True, forbid_unknown_fields=True, tag="staircase", tag_field="kind"):
    """Nearness by age: every step keeps what the one before it had."""

    steps: tuple[Step, ...]


class Chart(Struct, frozen=True, forbid_unknown_fields=True):
    """One row of dots: `children[i]` of the class belong to `labels[i]`."""

    title: str
    labels: tuple[str, ...]
    children: tuple[int, ...]


class DotsWords(Struct, frozen=True, forbid_unknown_fields=True, tag="dots", tag_field="kind"):
    """How common it is, as charts of one class of children each."""

    charts: tuple[Chart, ...]


class TableWords(Struct, frozen=True, forbid_unknown_fields=True, tag="table", tag_field="kind"):
    """A small table; every row has as many cells as the head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Diagram = CircleWords | StaircaseWords | DotsWords | TableWords


class Text(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The words of one card in one language. Limits: see `glance.py`."""

    title: str
    cue: str
    you: str | None = None
    see: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    say: Say | None = None
    avoid: str | None = None
    why: str
    rehearse: str | None = None
    words: tuple[str, ...]
    alt: str
    diagram: Diagram | None = None


class Facts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a card says once, whatever the language."""

    moment: MomentId
    situations: tuple[str, ...] = ()
    rank: int
    passages: tuple[str, ...]
    references: tuple[str, ...] = ()
    picture: str
    reviewed: date
    aliases: tuple[str, ...] = ()


class Card(Struct, frozen=True, kw_only=True):
    """One idea, whole in every live language."""

    id: str
    facts: Facts
    texts: dict[str, Text]


class Language(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    short: str
    live: bool


class Place(Struct, frozen=True):
    """A situation or a moment: a name per language, an icon, and the ids of its cards, best first."""

    id: str
    icon: str
    names: dict[str, str]
    cards: tuple[str, ...]


class Helpline(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number to call; `cards` names the safety cards that it belongs to (none: to all)."""

    number: str
    names: dict[str, str]
    notes: dict[str, str] = {}
    cards: tuple[str, ...] = ()


class Country(Struct, frozen=True, kw_only=True):
    id: str
    names: dict[str, str]
    lines: tuple[Helpline, ...]


class Sources(Struct, frozen=True):
    book: dict[str, str]
    passages: dict[str, dict[str, str]]
    references: dict[str, str]


class Deck(Struct, frozen=True, kw_only=True, eq=False):
    """All content, checked and in order. One that is loaded stays as it is, and equals itself alone."""

    languages: dict[str, Language]
    cards: dict[str, Card]
    aliases: dict[str, str]
    situations: dict[str, Place]
    moments: dict[str, Place]
    countries: dict[str, Country]
    sources: Sources

    def live(self) -> list[str]:
        """The codes of the languages that readers see."""
        return [code for code, language in self.languages.items() if language.live]
