"""Content files → Deck. The first thing that is wrong stops the start, in a sentence that names the file,
the language and the field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container
from pathlib import Path
from typing import Any, TypeVar, get_args

import msgspec

from pwa.assets import STATIC
from pwa.deck.model import Card, Country, Deck, Facts, Helpline, Language, MomentId, Place, Sources, Text

CONTENT = Path(__file__).parent.parent / "content"
ICONS = STATIC / "icons" / "outline"
CARD_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")

T = TypeVar("T")


class ContentError(Exception):
    """A content file that cannot be used; the message is a sentence for the person who edits it."""


def load_deck(content: Path = CONTENT) -> Deck:
    """Read a whole content folder.

    Raises ContentError for the first file that cannot be read, is incomplete, or contradicts another."""
    languages = load_languages(content)
    cards = load_cards(content, languages)
    for card in cards.values():
        _refuse_gaps(card, languages)
    aliases = _aliases(cards)
    situations = _places(content / "situations.toml", languages)
    moments = _places(content / "moments.toml", languages)
    sources = convert(read_toml(content / "sources.toml"), Sources, "sources.toml:")
    _refuse_unknown(cards, situations, sources)
    _refuse_lost(cards, moments)
    _refuse_untold(sources, languages)
    return Deck(
        languages=languages,
        cards=cards,
        aliases=aliases,
        situations=_fill_situations(situations, cards, list(moments)),
        moments={
            key: msgspec.structs.replace(place, cards=tuple(c.id for c in _by_rank(cards) if c.facts.moment == key))
            for key, place in moments.items()
        },
        countries=_countries(content / "helplines.toml", languages, cards),
        sources=sources,
    )


def load_languages(content: Path) -> dict[str, Language]:
    """The languages that cards are written in, in their order."""
    table = read_toml(content / "languages.toml")
    languages = {code: convert(part, Language, f"languages.toml: [{code}]") for code, part in table.items()}
    if not any(language.live for language in languages.values()):
        raise ContentError("languages.toml: no language is live, so there is nothing to read.")
    return languages


def load_cards(content: Path, languages: dict[str, Language]) -> dict[str, Card]:
    """Every card by id, whatever its gaps in languages that are not live."""
    return {path.stem: load_card(path, languages) for path in sorted((content / "cards").glob("*.toml"))}


def load_card(path: Path, languages: dict[str, Language]) -> Card:
    """One card file. Raises ContentError with the file, the language and the field."""
    if not CARD_ID.match(path.stem):
        raise ContentError(f"{path.name}: a card's file name has small letters, digits and single hyphens only.")
    table = read_toml(path)
    texts = {
        code: convert(table.pop(code), Text, f"{path.name}: [{code}]") for code in languages if code in table
    }
    return Card(id=path.stem, facts=convert(table, Facts, f"{path.name}:"), texts=texts)


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a table. Raises ContentError when it is not there or is not TOML (https://toml.io/en/v1.0.0)."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError as error:
        raise ContentError(f"{path.name}: there is no such file in {path.parent.name}/.") from error
    except UnicodeDecodeError as error:
        raise ContentError(f"{path.name}: byte {error.start + 1} is not UTF-8 text.") from error
    except (ValueError, RecursionError) as error:  # ValueError: a number of more digits than Python reads
        raise ContentError(f"{path.name}: this is not TOML: {error}.") from error


_FIELD = re.compile(r" - at `\$\.?(?P<field>[^`]*)`$")


def convert(value: Any, kind: type[T], where: str) -> T:
    """A table from a content file as `kind`. Raises ContentError that begins with `where`, in an editor's words."""
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        message = str(error)
        found = _FIELD.search(message)
        place = f"{where} {found['field']}:" if found else where.removesuffix(":") + ":"
        raise ContentError(f"{place} {_plain(_FIELD.sub('', message))}.") from error


# what msgspec says → what a teacher reads
_SAYINGS = {
    re.compile(r"Object missing required field `(.+)`"): "there is no “{}” yet",
    re.compile(r"Object contains unknown field `(.+)`"): "“{}” is not a field here, nor a language that we know",
    re.compile(r"Invalid enum value '(.+)'"): "there is no “{}”; docs/adding-a-card.md says what there is",
    re.compile(r"Invalid RFC3339 encoded date"): "this must be a date like 2026-11-22, without quotation marks",
}
_KINDS = {"str": "text", "int": "a whole number", "float": "a number with a point", "array": "a list",
          "object": "a table", "date": "a date", "datetime": "a date with a time", "bool": "true or false"}  # fmt: skip


def _plain(message: str) -> str:
    """msgspec's message, in a teacher's words."""
    for pattern, saying in _SAYINGS.items():
        found = pattern.match(message)
        if found:
            return saying.format(*found.groups())
    named = re.sub(r"`([a-z]+)(?: \| null)?`", lambda m: _KINDS.get(m[1], m[1]), message)
    return named.replace("Expected", "this must be")


def _refuse_gaps(card: Card, languages: dict[str, Language]) -> None:
    for code, language in languages.items():
        if language.live and code not in card.texts:
            raise ContentError(f"{card.id}.toml: there is no [{code}] part yet.")


def _aliases(cards: dict[str, Card]) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for card in cards.values():
        for alias in card.facts.aliases:
            if alias in cards or alias in aliases:
                owner = alias if alias in cards else aliases[alias]
                raise ContentError(f"{card.id}.toml: the alias “{alias}” belongs to {owner}.toml already.")
            aliases[alias] = card.id
    return aliases


def _places(path: Path, languages: dict[str, Language]) -> dict[str, Place]:
    places = {}
    for key, part in read_toml(path).items():
        if not isinstance(part, dict) or not isinstance(part.get("icon"), str):
            raise ContentError(f"{path.name}: [{key}] has no “icon”.")
        where = f"{path.name}: [{key}]"
        _refuse_no_picture(part["icon"], f"{where} icon")
        places[key] = Place(key, part["icon"], _names(part, languages, where), _ids(part, "first", where))
    return places


def _ids(part: dict[str, Any], field: str, where: str) -> tuple[str, ...]:
    return convert(part.get(field, []), tuple[str, ...], f"{where} {field}:")


def _refuse_no_picture(name: str, where: str) -> None:
    if not (ICONS / f"{name}.svg").is_file():
        raise ContentError(f"{where}: there is no picture “{name}” in static/icons/outline/.")


def _names(part: dict[str, Any], languages: dict[str, Language], where: str) -> dict[str, str]:
    for code, language in languages.items():
        if language.live and not isinstance(part.get(code), str):
            raise ContentError(f"{where} has no “{code}” text yet.")
    return {code: part[code] for code in languages if code in part}


def _refuse_unknown(cards: dict[str, Card], situations: dict[str, Place], sources: Sources) -> None:
    known: dict[str, Container[str]] = {
        "situations": situations,
        "passages": sources.passages,
        "references": sources.references,
    }
    for card in cards.values():
        for field, ids in known.items():
            for name in getattr(card.facts, field):
                if name not in ids:
                    raise ContentError(f"{card.id}.toml: {field}: there is no “{name}”.")
    for place in situations.values():
        for name in place.cards:
            if name not in cards or place.id not in cards[name].facts.situations:
                raise ContentError(f"situations.toml: [{place.id}] first: no card “{name}” is in this situation.")


def _refuse_lost(cards: dict[str, Card], moments: dict[str, Place]) -> None:
    """A card must be found somewhere, and have a picture to be found by."""
    for moment in get_args(MomentId):
        if moment not in moments:
            raise ContentError(f"moments.toml: there is no [{moment}] part.")
    for card in cards.values():
        _refuse_no_picture(card.facts.picture, f"{card.id}.toml: picture")
        if card.facts.moment == "now" and not card.facts.situations:
            raise ContentError(f"{card.id}.toml: situations: a card for “now” has at least one.")


def _refuse_untold(sources: Sources, languages: dict[str, Language]) -> None:
    for key, names in sources.passages.items():
        _names(names, languages, f"sources.toml: [passages] {key}")


def _fill_situations(
    situations: dict[str, Place], cards: dict[str, Card], moments: list[str]
) -> dict[str, Place]:
    ranked = sorted(_by_rank(cards), key=lambda card: moments.index(card.facts.moment))
    filled = {}
    for key, place in situations.items():
        rest = [card.id for card in ranked if key in card.facts.situations and card.id not in place.cards]
        filled[key] = msgspec.structs.replace(place, cards=(*place.cards, *rest))
    return filled


def _by_rank(cards: dict[str, Card]) -> list[Card]:
    return sorted(cards.values(), key=lambda card: (card.facts.rank, card.id))


def _countries(path: Path, languages: dict[str, Language], cards: dict[str, Card]) -> dict[str, Country]:
    countries = {}
    for key, part in read_toml(path).items():
        where = f"{path.name}: [{key}]"
        if not isinstance(part, dict):
            raise ContentError(f"{where} is not a country.")
        lines = convert(part.get("lines", []), list[dict[str, Any]], f"{where} lines:")
        helplines = tuple(
            _helpline(line, f"{where} line {number}", languages, cards) for number, line in enumerate(lines, 1)
        )
        countries[key] = Country(id=key, names=_names(part, languages, where), lines=helplines)
    return countries


def _helpline(line: dict[str, Any], where: str, languages: dict[str, Language], cards: dict[str, Card]) -> Helpline:
    if not isinstance(line.get("number"), str):
        raise ContentError(f"{where} has no “number” as text.")
    notes = convert(line.get("notes", {}), dict[str, str], f"{where} notes:")
    safety = _ids(line, "cards", where)
    for name in safety:
        if name not in cards:
            raise ContentError(f"{where}: there is no card “{name}”.")
    return Helpline(
        number=line["number"],
        names=_names(line, languages, where),
        notes=_names(notes, languages, f"{where} notes") if notes else {},
        cards=safety,
    )
