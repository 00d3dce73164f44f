"""Programmes: ready-made series of tips, one TOML file each, with their own words for the lock screen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from pwa.deck.characters import odd_character
from pwa.deck.loading import ContentError, convert, read_toml
from pwa.deck.model import Deck
from pwa.tips.texts import BODY_FROM_A_CARD, TITLE


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """One tip in one language."""

    title: str
    body: str


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One tip of a programme, and the card that it opens."""

    card: str
    nl: Words
    en: Words

    def words(self, language: str) -> Words | None:
        """In a language; None when nobody wrote it yet."""
        found = getattr(self, language, None)
        return found if isinstance(found, Words) else None


class Name(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    about: str


class Programme(Struct, frozen=True, forbid_unknown_fields=True):
    """A series, in its order."""

    nl: Name
    en: Name
    tips: tuple[Step, ...]

    def name(self, language: str) -> Name:
        """In a language, or in Dutch when there is no such part."""
        found = getattr(self, language, None)
        return found if isinstance(found, Name) else self.nl

    def speaks(self, languages: Iterable[str]) -> bool:
        """Whether all of it is written in one of these."""
        return any(all(step.words(language) for step in self.tips) for language in languages)


def load_programmes(content: Path, deck: Deck) -> dict[str, Programme]:
    """All programmes by their id. Raises ContentError that names the file and what to mend."""
    found = {}
    for path in sorted((content / "programmes").glob("*.toml")):
        programme = convert(read_toml(path), Programme, f"{path.name}:")
        _check(path.name, programme, deck)
        found[path.stem] = programme
    return found


def _check(name: str, programme: Programme, deck: Deck) -> None:
    if not programme.tips:
        raise ContentError(f"{name}: there are no [[tips]] yet.")
    for number, step in enumerate(programme.tips, 1):
        if step.card not in deck.cards:
            raise ContentError(f"{name}, tip {number}: there is no card “{step.card}”.")
        for language in ("nl", "en"):
            words = step.words(language)
            assert words is not None  # noqa: S101  (both are fields of Step)
            for field, most in (("title", TITLE), ("body", BODY_FROM_A_CARD)):
                text = getattr(words, field)
                if odd := odd_character(text):
                    raise ContentError(f"{name}, tip {number}: the {language} {field} {odd}.")
                if len(text) > most:
                    raise ContentError(
                        f"{name}, tip {number}: the {language} {field} has {len(text)} characters; {most} fit."
                    )
