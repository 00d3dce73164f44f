"""Search on the server, for a browser that runs no script: every word must start somewhere in the card."""

from __future__ import annotations

import unicodedata

from pwa.deck.glance import face
from pwa.deck.model import Card, Deck


def find_cards(deck: Deck, language: str, query: str) -> list[Card]:
    """The cards with every word of `query` in them or in their situations' names; hits in a title come first."""
    wanted = fold(query).split()[:8]
    if not wanted:
        return []
    hits = [card for card in deck.cards.values() if all(word in _haystack(deck, card) for word in wanted)]
    return sorted(hits, key=lambda card: not any(word in fold(card.texts[language].title) for word in wanted))


def fold(text: str) -> str:
    """Without case and accents (Unicode NFKD without its marks)."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))


def _haystack(deck: Deck, card: Card) -> str:
    pieces = [name for place in card.facts.situations for name in deck.situations[place].names.values()]
    for text in card.texts.values():
        pieces += [part for _, part in face(text)] + list(text.words)
    return fold(" ".join(pieces))
