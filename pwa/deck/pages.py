"""Deck → pages. Two documents hold one language: home with everything but the cards, and the cards. Every other page
is a few of their sections in the same shell; the device cuts its pages out of the two (static/js/worker/cut.js)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext
from markupsafe import Markup
from msgspec import Struct

from pwa import language as speech
from pwa.deck.model import Card, Deck

# The pages that are no card and no group of cards. "gone" is what a device shows for an address that it doesn't have.
PLAIN = ("safety", "search", "pinned", "tips", "settings", "about", "gone")
GROUPS = ("before", "after", "you", "know")


class Piece(Struct, frozen=True):
    """One section of the deck. `with_cards` are the cards that come along on its page, out of sight."""

    key: str
    kind: str
    title: str
    description: str
    html: str
    with_cards: tuple[str, ...] = ()
    back: str = "home"
    back_title: str = ""


class Page(Struct, frozen=True):
    """A whole document. `path` is its address for ever."""

    path: str
    language: str
    key: str
    html: str


def path_of(language: str, key: str) -> str:
    """The address of a section: `/nl/` for "home", `/nl/k/keep-recess` for "k/keep-recess"."""
    return f"/{language}/" if key == "home" else f"/{language}/{key}"


def make_pages(deck: Deck, language: str, base_url: str) -> Iterator[Page]:
    """Every page of one language, home first; needs an application context."""
    pieces = {piece.key: piece for piece in make_pieces(deck, language)}
    for piece in pieces.values():
        shown = _together(piece, pieces)
        html = render_page(deck, piece, shown, language, base_url)
        yield Page(path_of(language, piece.key), language, piece.key, html)


def render_page(deck: Deck, piece: Piece, body: str, language: str, base_url: str) -> str:
    """The shell around one open section."""
    return speech.render(
        language,
        "deck/page.html",
        deck=deck,
        piece=piece,
        body=Markup(body),  # noqa: S704  (made by the templates below)
        base_url=base_url,
        path_of=path_of,
    )


def make_pieces(deck: Deck, language: str) -> Iterator[Piece]:
    """The sections of one language in their order: home, situations, groups, the plain pages, cards."""
    with speech.force_locale(language):
        home = gettext("What do you see?")
        about = gettext("Short cue cards for the classroom, in Dutch and English. They also work without a network.")
    yield _piece(deck, language, "home", "home", home, about)
    for key, places in (("s", deck.situations), ("m", {key: deck.moments[key] for key in GROUPS})):
        for place in places.values():
            cards = [deck.cards[id_] for id_ in place.cards]
            cues = " · ".join(card.texts[language].title for card in cards[:4])
            yield _piece(deck, language, f"{key}/{place.id}", "place", place.names[language], cues,
                         with_cards=place.cards, place=place, cards=cards)
    for key in PLAIN:
        yield _piece(deck, language, key, key, plain_title(key, language), about)
    yield _piece(deck, language, "cards", "cards", plain_title("cards", language), about, with_cards=deck.cards)
    for card in deck.cards.values():
        text = card.texts[language]
        yield _piece(deck, language, f"k/{card.id}", "card", text.title, text.cue, card=card, text=text,
                     back=back_of(card), back_title=_back_title(deck, back_of(card), language))


def plain_title(key: str, language: str) -> str:
    """The headline of a plain page."""
    with speech.force_locale(language):
        return {
            "safety": gettext("Safety"),
            "search": gettext("Search"),
            "pinned": gettext("Kept cards"),
            "tips": gettext("Tips"),
            "settings": gettext("Settings"),
            "about": gettext("About Houvast"),
            "cards": gettext("All cards"),
            "gone": gettext("Not on this device yet"),
        }[key]


def back_of(card: Card) -> str:
    """Where a card's way back leads when nobody came from anywhere."""
    facts = card.facts
    if facts.moment == "safety":
        return "safety"
    return f"m/{facts.moment}" if facts.moment in GROUPS else f"s/{facts.situations[0]}"


def _back_title(deck: Deck, key: str, language: str) -> str:
    folder, _, name = key.partition("/")
    if not name:
        return plain_title(key, language)
    return (deck.situations if folder == "s" else deck.moments)[name].names[language]


def _piece(deck: Deck, language: str, key: str, kind: str, title: str, description: str, *,
           with_cards: Iterable[str] = (), back: str = "home", back_title: str = "", **values: object) -> Piece:
    template = "subscriptions/_tips.html" if kind == "tips" else f"deck/_{kind}.html"
    html = speech.render(language, template, deck=deck, key=key, title=title, path_of=path_of,
                         back=back, **values)
    return Piece(key, kind, title, description, html, tuple(with_cards), back, back_title)


def _together(piece: Piece, pieces: dict[str, Piece]) -> str:
    """The sections of a piece's page, in the deck's order, with its own one open."""
    if piece.key == "home":
        keys = [key for key in pieces if key != "cards" and not key.startswith("k/")]
    else:
        keys = [piece.key, *(f"k/{card}" for card in piece.with_cards)]
    return "".join(f"<!--§{key}-->{_dressed(pieces[key], piece)}" for key in keys)


def _dressed(part: Piece, page: Piece) -> str:
    """A section as it stands on somebody's page: open if it is the page's own, on the sheet to print with a place."""
    if part is page:
        return opened(part.html)
    return part.html.replace("<section ", "<section data-sheet ", 1) if page.kind == "place" else part.html


def opened(html: str) -> str:
    """A section's markup, open."""
    return html.replace("<section ", "<section data-open ", 1)
