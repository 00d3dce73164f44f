"""The picture of a shared link."""

from __future__ import annotations

import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa.config import Settings
from pwa.deck.model import Card, Deck
from pwa.deck.previews import picture
from tests.support.house import check_headers


def kept(settings: Settings) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in (settings.instance / "previews").glob("*")}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_preview_is_a_picture_of_1200_by_630_that_is_drawn_once(
    client: FlaskClient, settings: Settings, language: str
) -> None:
    first = client.get(f"/preview/{language}/anger-is-fear.png")
    assert first.status_code == 200
    assert first.content_type == "image/png"
    check_headers(first.headers)
    assert first.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", first.data[16:24]) == (1200, 630)
    before = kept(settings)
    assert client.get(f"/preview/{language}/anger-is-fear.png").data == first.data
    assert kept(settings) == before
    assert not [path for path in before if path.suffix != ".png"], "a half-written file was left"


def test_a_picture_that_several_ask_for_first_is_drawn_for_each_of_them(app: Flask, tmp_path: Path, deck: Deck) -> None:
    askers = 4
    together = threading.Barrier(askers)

    def ask(card: Card) -> bytes:
        with app.app_context():
            together.wait()
            return picture(tmp_path, card, "nl")

    with ThreadPoolExecutor(askers) as pool:
        for card in list(deck.cards.values())[:10]:
            assert len(set(pool.map(ask, [card] * askers))) == 1
    assert {path.suffix for path in (tmp_path / "previews").iterdir()} == {".png"}
    assert len(list((tmp_path / "previews").iterdir())) == 10


def test_the_languages_have_a_picture_each(client: FlaskClient) -> None:
    assert client.get("/preview/nl/keep-recess.png").data != client.get("/preview/en/keep-recess.png").data


@pytest.mark.parametrize(
    "path", ["/preview/nl/no-card.png", "/preview/fy/keep-recess.png", "/preview/nl/keep-recess.svg"]
)
def test_no_card_has_no_picture(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
