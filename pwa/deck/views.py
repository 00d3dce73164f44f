"""What the deck answers beyond its ready-made pages: the choice of a language, old names, search, preview pictures."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Blueprint, Response, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from pwa import language as speech
from pwa.config import Settings
from pwa.deck import pages, previews
from pwa.deck.finding import find_cards
from pwa.deck.model import Deck, Diagram

blueprint = Blueprint("deck", __name__)
LONGEST_QUERY = 200
NO_BREAK = "\u00a0"
TIED_FROM = 4  # words in a line
SHORT = 9  # letters of its last word
CONTACT_HOLDS = timedelta(days=180)


def deck() -> Deck:
    """The deck of this application, loaded when somebody first needs more than a ready-made page."""
    loaded: Deck = current_app.extensions["deck"]()
    return loaded


def day(date: date) -> str:
    """A date in words, in the language of the page."""
    return format_date(date, speech.DAY)


def weekday(number: int) -> str:
    """The short name of a day of the week, Monday 0, in the language of the page."""
    return format_date(date(2024, 1, 1 + number), "EEE")


def tied(line: str) -> str:
    """A line of a card whose last word does not stand on a line by itself, unless it is long enough to do so."""
    words = line.split(" ")
    if len(words) < TIED_FROM or len(words[-1]) > SHORT:
        return line
    return " ".join(words[:-1]) + NO_BREAK + words[-1]


def diagram_kind(diagram: Diagram) -> str:
    """Which template draws a diagram."""
    return str(diagram.__struct_config__.tag)


def live_language(language: str) -> str:
    """The language, or 404."""
    return language if language in current_app.config["LANGUAGES"] else abort(404)


@blueprint.get("/")
def choose_language() -> ResponseReturnValue:
    answer = redirect(f"/{speech.best(request.accept_languages, current_app.config['LANGUAGES'])}/", 302)
    answer.headers["Vary"] = "Accept-Language"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/<language>")
def home_without_its_slash(language: str) -> ResponseReturnValue:
    """By hand: Flask would lead any word to an address with a slash first, and say there that it is not a page."""
    return redirect(f"/{live_language(language)}/", 308)


@blueprint.get("/<language>/")
@blueprint.get("/<language>/s/<key>")
@blueprint.get("/<language>/m/<key>")
@blueprint.get("/<language>/<any(safety, pinned, tips, settings, about, cards, privacy):key>")
def not_here(language: str, key: str = "") -> ResponseReturnValue:
    """Every page that exists was answered before it came here; the routes say which methods they take."""
    abort(404)


@blueprint.get("/<language>/k/<card_id>")
def renamed(language: str, card_id: str) -> ResponseReturnValue:
    """An old name of a card leads to its new one."""
    new = deck().aliases.get(card_id)
    return redirect(f"/{live_language(language)}/k/{new}", 301) if new else abort(404)


@blueprint.get("/<language>/search")
def search(language: str) -> ResponseReturnValue:
    live_language(language)
    query = request.args.get("q", "")[:LONGEST_QUERY]
    title = pages.plain_title("search", language)
    html = speech.render(
        language, "deck/_search.html", deck=deck(), title=title, path_of=pages.path_of,
        query=query, found=find_cards(deck(), language, query),
    )
    piece = pages.Piece("search", "search", title, "", html)
    settings: Settings = current_app.config["SETTINGS"]
    page = pages.render_page(deck(), piece, pages.opened(html), language, settings.url)
    return Response(page, headers={"Cache-Control": "no-store"})


@blueprint.get("/preview/<language>/<card_id>.png")
def preview(language: str, card_id: str) -> ResponseReturnValue:
    """A card as the picture that goes with a shared link, 1200 × 630."""
    card = deck().cards.get(card_id)
    if card is None:
        abort(404)
    body = previews.picture(current_app.config["SETTINGS"].instance, card, live_language(language))
    return Response(body, mimetype="image/png", headers={"Cache-Control": "public, max-age=86400"})


@blueprint.get("/healthz")
def healthy() -> ResponseReturnValue:
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@blueprint.get("/robots.txt")
def robots() -> ResponseReturnValue:
    return Response("User-agent: *\nAllow: /\n", mimetype="text/plain")


@blueprint.get("/.well-known/security.txt")
def security_text() -> ResponseReturnValue:
    """Where to report a weakness (RFC 9116). A Houvast that nobody has started anew for half a year says so itself."""
    started: datetime = current_app.config["STARTED"]
    expires = f"{(started + CONTACT_HOLDS).date()}T00:00:00Z"
    body = speech.render("en", "security.txt", settings=current_app.config["SETTINGS"], expires=expires)
    return Response(body, mimetype="text/plain")


