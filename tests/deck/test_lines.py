"""How the lines of a card break."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from pwa.deck.views import tied


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Blijf laag, praat zacht, wacht.", "Blijf laag, praat zacht,\u00a0wacht."),
        ("Walk beside, not behind.", "Walk beside, not\u00a0behind."),
        ("Zeg even niets.", "Zeg even niets."),  # on one line anyway
        ("Vraag hulp aan de vertrouwenspersoon.", "Vraag hulp aan de vertrouwenspersoon."),  # may stand by itself
    ],
)
def test_a_short_last_word_does_not_stand_on_a_line_by_itself(line: str, shown: str) -> None:
    assert tied(line) == shown


def test_cards_are_written_with_plain_spaces_and_shown_with_their_last_words_tied(client: FlaskClient) -> None:
    lines = re.findall(r"<dd>([^<]*)</dd>", client.get("/nl/cards").text)
    assert sum("\u00a0" in line for line in lines) > len(lines) / 2
    assert all(line.count("\u00a0") <= 1 for line in lines)
