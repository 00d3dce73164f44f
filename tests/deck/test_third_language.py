"""A language is content: a third one goes from draft to pages without a line of code."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from flask import Flask

from pwa import create_app
from pwa.assets import Assets
from pwa.config import read_settings
from pwa.deck.loading import ContentError, load_deck
from pwa.deck.pages import make_pages
from pwa.offline.manifests import manifest
from tests.support.house import check_page
from tests.support.small import CARDS, replace_once


def translate(content: Path) -> None:
    """English in small letters with a mark, everywhere that a reader looks."""
    for path in (content / "cards").glob("*.toml"):
        english = path.read_text(encoding="utf-8").partition("\n[en]\n")[2]
        path.write_text(
            path.read_text(encoding="utf-8")
            + "\n[fy]\n"
            + english.replace("en.diagram", "fy.diagram").replace('title = "', 'title = "Fy ', 1),
            encoding="utf-8",
        )
    for name in ("situations", "moments", "helplines", "sources"):
        path = content / f"{name}.toml"
        text = re.sub(
            r'^en = "(.*)"$', r'en = "\1"\nfy = "Fy \1"', path.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        path.write_text(re.sub(r', en = "(.*?)" \}', r', en = "\1", fy = "Fy \1" }', text), encoding="utf-8")
        tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def draft(content: Path, tmp_path: Path) -> Flask:
    settings = read_settings({"HOUVAST_CONTENT": str(content), "HOUVAST_INSTANCE": str(tmp_path / "instance")})
    with (content / "languages.toml").open("a", encoding="utf-8") as file:
        file.write('\n[fy]\nname = "Frysk"\nshort = "FY"\nlive = false\n')
    return create_app(settings, serve=False)


def test_a_draft_is_on_no_page(draft: Flask, content: Path) -> None:
    translate(content)
    deck = load_deck(content)
    with draft.app_context():
        pages = [page for language in deck.live() for page in make_pages(deck, language, "http://localhost")]
    assert {page.language for page in pages} == {"nl", "en"}
    assert not any("Frysk" in page.html for page in pages)


def test_a_language_cannot_be_live_before_every_card_has_it(draft: Flask, content: Path) -> None:
    replace_once(content / "languages.toml", "live = false", "live = true")
    with pytest.raises(ContentError, match=r"\.toml: there is no \[fy\] part yet\."):
        load_deck(content)


def test_a_language_cannot_be_live_before_every_tile_has_it(draft: Flask, content: Path) -> None:
    translate(content)
    replace_once(content / "languages.toml", "live = false", "live = true")
    replace_once(content / "situations.toml", 'fy = "Fy Angry or aggressive"', "")
    with pytest.raises(ContentError, match=r"situations\.toml: \[anger\] has no “fy” text yet\."):
        load_deck(content)


def test_a_live_language_has_every_page_and_is_offered_on_all_others(draft: Flask, content: Path) -> None:
    translate(content)
    replace_once(content / "languages.toml", "live = false", "live = true")
    deck = load_deck(content)
    settings = read_settings({"HOUVAST_CONTENT": str(content)})
    app = create_app(settings, serve=False)
    with app.app_context():
        pages = {
            page.path: page.html for language in deck.live() for page in make_pages(deck, language, "http://localhost")
        }
    assert {path.removeprefix("/fy") for path in pages if path.startswith("/fy/")} == {
        path.removeprefix("/nl") for path in pages if path.startswith("/nl/")
    }
    home, card = check_page(pages["/fy/"], "fy"), check_page(pages["/fy/k/keep-recess"], "fy")
    assert home.all("a", class_="tile")[0].text == "Fy Angry or aggressive"
    assert card.all("section", data_open=True)[0].all("h1")[0].text.startswith("Fy ")
    offered = check_page(pages["/nl/k/keep-recess"], "nl").all("nav", class_="languages")[0].all("a")
    assert [(link.attributes["href"], link.attributes["lang"]) for link in offered] == [
        ("/en/k/keep-recess", "en"),
        ("/fy/k/keep-recess", "fy"),
    ]
    assert sum(path.startswith("/fy/k/") for path in pages) == len(CARDS)
    made = json.loads(manifest(app, deck, "fy", Assets()))
    assert (made["lang"], made["start_url"], made["id"]) == ("fy", "/fy/", "/")
