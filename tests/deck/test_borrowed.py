"""A card speaks for itself: six words in a row from the given text are found, five are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from pwa.deck.borrowed import check_borrowed
from pwa.deck.model import Deck

SOURCE = "In the morning the tired child quietly looks for a safe place near the warm stove. Then it sleeps."


def with_reason(deck: Deck, why: str) -> Deck:
    card = deck.cards["keep-recess"]
    text = replace(card.texts["en"], why=why)
    return replace(deck, cards={card.id: replace(card, texts={**card.texts, "en": text})})


def test_six_words_in_a_row_are_found(deck: Deck) -> None:
    found = check_borrowed(with_reason(deck, "Often the tired child quietly looks for help."), SOURCE)
    assert [str(finding) for finding in found] == [
        "keep-recess.toml: [en] why: repeats “the tired child quietly looks for” from the text."
    ]


def test_five_words_in_a_row_are_not_found(deck: Deck) -> None:
    assert check_borrowed(with_reason(deck, "Often the tired child quietly looks at you."), SOURCE) == []


@pytest.mark.parametrize(
    "printed",
    [
        "the tired child qui-\netly looks for",
        "the tired\nchild quietly\n\nlooks for",
        "THE TIRED, “child” quietly – looks for!",
        "the tired child qui-\n    etly looks for",
    ],
)
def test_the_run_is_found_however_it_was_printed(deck: Deck, printed: str) -> None:
    assert check_borrowed(with_reason(deck, "Often the tired child quietly looks for help."), printed)


def test_a_run_does_not_go_from_one_part_of_a_card_to_the_next(deck: Deck) -> None:
    card = deck.cards["keep-recess"]
    text = replace(card.texts["en"], do=("the tired child", "quietly looks for"))
    changed = replace(deck, cards={card.id: replace(card, texts={**card.texts, "en": text})})
    assert check_borrowed(changed, SOURCE) == []


def test_every_part_of_a_card_is_looked_at(deck: Deck) -> None:
    card = deck.cards["keep-recess"]
    run = "the tired child quietly looks for"
    text = replace(card.texts["nl"], title=run, rehearse=run, alt=run, see=("no", run))
    changed = replace(deck, cards={card.id: replace(card, texts={"nl": text})})
    assert [finding.field for finding in check_borrowed(changed, SOURCE)] == ["title", "see", "alt", "rehearse"]


def test_the_real_deck_borrows_nothing_from_the_text_that_the_environment_names(deck: Deck) -> None:
    named = os.environ.get("SOURCE_TEXT")  # the book is not ours to hand out
    source = Path(named).read_text(encoding="utf-8", errors="replace") if named else SOURCE
    assert [str(finding) for finding in check_borrowed(deck, source)] == []
