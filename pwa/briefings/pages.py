"""The two pages of a briefing, for its maker and for its reader: the same for everybody, made once per language.

A reader's page is the same for every id, known or not: what makes it a briefing is fetched and opened on the device."""

from __future__ import annotations

import gzip
import hashlib

import brotli
from flask import Flask
from msgspec import Struct

from pwa import language as speech
from pwa import security
from pwa.assets import Assets
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
    shared = {"deck": deck, "items": ITEMS, "most_words": MOST_WORDS, "words_a_minute": WORDS_A_MINUTE,
              "import_map": assets.apart_map_markup}  # fmt: skip
    with app.app_context():
        return {
            "maker": _shell(assets, speech.render(
                language, "briefings/making.html", templates=templates, cards=cards_to_choose(deck), **shared)),
            "reader": _shell(assets, speech.render(language, "briefings/reading.html", **shared)),
        }  # fmt: skip


def cards_to_choose(deck: Deck) -> list[Card]:
    """Every card with something to do on its face, in the order of the moments."""
    ids = [card for moment in deck.moments.values() if moment.id != FACELESS for card in moment.cards]
    return [deck.cards[card] for card in ids]


def _shell(assets: Assets, html: str) -> Shell:
    body = html.encode()
    policy = security.content_security_policy(assets.apart_map_hash)
    return Shell(body, gzip.compress(body, 9, mtime=0), brotli.compress(body, quality=9), policy)
