"""The two pages of a briefing, for its maker and for its reader: the same for everybody, made once per language.

A reader's page is the same for every id, known or not: what makes it a briefing is fetched and opened on the device."""

from __future__ import annotations

import gzip
import hashlib

import brotli
from flask import Flask
from markupsafe import Markup
from msgspec import Struct

from pwa import language as speech
from pwa import security
from pwa.assets import Assets, Inline, integrity
from pwa.briefings.templates import ITEMS, MOST_WORDS, WORDS_A_MINUTE, load_templates
from pwa.deck.model import Card, Deck

FACELESS = "know"  # cards of this moment have a diagram in place of something to do


class Shell(Struct, frozen=True):
    """One page ready to be sent: as it is, gzipped, in brotli; and the policy that allows its import map."""

    body: bytes
    gzip: bytes
    brotli: bytes
    policy: str

    @property
    def etag(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:24]


def make_pages(app: Flask, assets: Assets, language: str) -> dict[str, Shell]:
    """The pages "maker" and "reader" of one language. Raises ContentError when a template cannot be used."""
    deck: Deck = app.extensions["deck"]()
    templates = load_templates(app.config["SETTINGS"].content / "briefings", deck)
    shared = {"deck": deck, "items": ITEMS, "most_words": MOST_WORDS, "words_a_minute": WORDS_A_MINUTE}
    more = {"templates": templates, "cards": cards_to_choose(deck)}
    with app.app_context():
        return {
            "maker": _shell(language, "briefings/making.html", assets.apart_map, **shared, **more),
            "reader": _shell(language, "briefings/reading.html", assets.apart_map, **shared),
        }


def cards_to_choose(deck: Deck) -> list[Card]:
    """Every card with something to do on its face, in the order of the moments."""
    ids = [card for moment in deck.moments.values() if moment.id != FACELESS for card in moment.cards]
    return [deck.cards[card] for card in ids]


def _shell(language: str, template: str, import_map: str, **values: object) -> Shell:
    made = Markup(import_map)  # noqa: S704  (paths of our own files; its digest is in the policy)
    body = speech.render(language, template, import_map=made, **values).encode()
    policy = security.content_security_policy(Inline((integrity(import_map.encode()),), ()))
    return Shell(body, gzip.compress(body, 9, mtime=0), brotli.compress(body, quality=9), policy)
