"""Do the cards speak for themselves? Finds runs of words that a card shares with a given text."""

from __future__ import annotations

import re

from pwa.deck.glance import Finding, all_parts
from pwa.deck.model import Deck

LONGEST_RUN = 5


def check_borrowed(deck: Deck, text: str, longest: int = LONGEST_RUN) -> list[Finding]:
    """Findings for every part of a card that repeats more than `longest` consecutive words of `text`."""
    runs = _runs(text, longest + 1)
    findings = []
    for card in deck.cards.values():
        for language, words in card.texts.items():
            for field, part in all_parts(words):
                shared = sorted(_runs(part, longest + 1) & runs)
                if shared:
                    quoted = " ".join(shared[0])
                    findings.append(Finding(card.id, language, field, f"repeats “{quoted}” from the text"))
    return findings


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    joined = re.sub(r"-\n\s*", "", text)  # a word that was broken at the end of a line
    words = re.findall(r"[\w’']+", joined.casefold())
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}
