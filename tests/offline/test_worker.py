"""The worker's list is true, and what it cuts is what the server says."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace

from pwa.assets import JOINED, STATIC, integrity
from pwa.deck.model import Deck
from pwa.deck.pages import make_pages, make_pieces
from tests.conftest import LANGUAGES
from tests.support import nodejs, push_worker

WORKER = STATIC / "js" / "worker"


def facts(client: FlaskClient) -> dict[str, Any]:
    first = client.get("/sw.js").text.splitlines()[0]
    assert first.startswith("const RELEASE = ")
    listed: dict[str, Any] = json.loads(first.removeprefix("const RELEASE = ").removesuffix(";"))
    return listed


def test_the_worker_is_a_script_that_is_never_kept(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["sw.js", "bypass.js"])
def test_the_worker_can_be_read_by_a_machine(client: FlaskClient, tmp_path: Path, name: str) -> None:
    source = client.get("/sw.js").data if name == "sw.js" else (WORKER / name).read_bytes()
    (tmp_path / name).write_bytes(source)
    nodejs.run("--check", str(tmp_path / name))


def test_the_worker_knows_every_page_once(client: FlaskClient, deck: Deck) -> None:
    pages = [f"/{language}/{page}" for language in LANGUAGES for page in facts(client)["pages"]]
    assert max(Counter(pages).values()) == 1
    assert {f"/{language}/k/{card}" for language in LANGUAGES for card in deck.cards} <= set(pages)
    for path in pages:
        assert client.head(path).status_code == (404 if path.endswith("/gone") else 200), path


def test_every_file_of_the_list_is_served_as_it_says(client: FlaskClient) -> None:
    listed = facts(client)["files"]
    assert len(listed) <= 20, "as many requests as the first visit may cost"
    for path, promised in listed.items():
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert integrity(answer.data) == promised, path


def test_every_file_that_a_page_loads_is_on_the_list_or_is_for_others(client: FlaskClient) -> None:
    """Icons, manifests and pictures to share are for the system and for others; a page itself needs none of them."""
    listed = facts(client)["files"]
    loaded = set(
        re.findall(
            r'(?:<script[^>]* src|<link rel="(?:stylesheet|modulepreload|icon)" href)="([^"]+)"',
            client.get("/nl/").text,
        )
    )
    imported = json.loads(re.search(r'<script type="importmap">(.*?)</script>', client.get("/nl/").text)[1])["imports"]  # type: ignore[index]
    assert loaded
    assert loaded <= set(listed)
    assert {path for name, path in imported.items() if name != "#reset"} <= set(listed)


def test_a_module_is_imported_by_a_name_that_the_map_has(client: FlaskClient) -> None:
    imported = json.loads(re.search(r'<script type="importmap">(.*?)</script>', client.get("/nl/").text)[1])["imports"]  # type: ignore[index]
    for path in [*STATIC.glob("js/*.js")]:
        joined = {f"#{Path(part).stem}" for part in JOINED.get(f"js/{path.name}", ())}
        for name in re.findall(r"""(?:from|import\()\s*['"]([^'"]+)['"]""", path.read_text(encoding="utf-8")):
            assert name in imported or name in joined, f"{path.name} imports {name}"


def test_everything_that_is_kept_is_small(app: Flask, client: FlaskClient) -> None:
    answers = app.extensions["release"].answers
    total = sum(len(answers[path].brotli or answers[path].body) for path in [*facts(client)["files"], "/sw.js"])
    assert total <= 100_000


CUT = """
const {language, home, cards} = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(cut(language, home, cards)));
"""
HOLD = """
const {html, texts} = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify([needed(html), holding(html, new Map(Object.entries(texts)))]));
"""
# What only a crawler reads, and what a page of the device asks for at rest.
OWN = [re.compile(r"<!--meta-->.*?<!--/meta-->", re.DOTALL), re.compile(r'<link rel="(?:manifest|later)"')]


def shared(html: str) -> str:
    for pattern in OWN:
        html = pattern.sub("", html)
    return html


def main_of(html: str) -> str:
    (main,) = re.findall(r"<main .*?</main>", html, re.DOTALL)
    return str(main)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_device_cuts_the_pages_that_the_server_makes(
    app: Flask, client: FlaskClient, deck: Deck, tmp_path: Path, language: str
) -> None:
    (tmp_path / "cut.cjs").write_text((WORKER / "cut.js").read_text(encoding="utf-8") + CUT, encoding="utf-8")
    documents = {
        "language": language,
        "home": client.get(f"/{language}/").text,
        "cards": client.get(f"/{language}/cards").text,
    }
    device = dict(json.loads(nodejs.run(str(tmp_path / "cut.cjs"), stdin=json.dumps(documents))))
    with app.app_context():
        server = {page.path: page.html for page in make_pages(deck, language, app.config["SETTINGS"].url)}
    assert {*device, f"/{language}/", f"/{language}/cards"} == set(server)
    for path, html in device.items():
        assert main_of(html) == main_of(server[path]), path
        assert shared(html) == shared(server[path]), path
        assert "<!--meta-->" not in html
        if not path.endswith("/gone"):
            assert client.get(path).text == server[path], path


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_by_itself_lists_what_may_be_card_of_the_day(
    client: FlaskClient, deck: Deck, tmp_path: Path, language: str
) -> None:
    """No background, and nothing about safety."""
    script = "process.stdout.write(alone(require('fs').readFileSync(0, 'utf8')));"
    (tmp_path / "cut.cjs").write_text((WORKER / "cut.js").read_text(encoding="utf-8") + script, encoding="utf-8")
    home = nodejs.run(str(tmp_path / "cut.cjs"), stdin=client.get(f"/{language}/").text)
    fit = [card for card in deck.cards.values() if card.facts.moment not in {"know", "safety"}]
    (days,) = re.findall(r'id="today" data-days="([^"]*)"', home)
    assert days.split("\n") == sorted(f"{card.id} {card.texts[language].title}" for card in fit)


def test_a_page_on_the_device_holds_what_it_needs_to_paint_and_its_policy_allows_that(
    client: FlaskClient, tmp_path: Path
) -> None:
    (tmp_path / "cut.cjs").write_text((WORKER / "cut.js").read_text(encoding="utf-8") + HOLD, encoding="utf-8")
    home = client.get("/nl/")
    paths = re.findall(r'<(?:link rel="stylesheet" href|script src)="([^"]+)">', home.text)
    given = {"html": home.text, "texts": {path: client.get(path).text for path in paths}}
    needed, held = json.loads(nodejs.run(str(tmp_path / "cut.cjs"), stdin=json.dumps(given)))
    assert needed == paths
    assert len(paths) == 2
    assert "modulepreload" not in held
    assert "<html data-later " in held
    assert "data-later" not in home.text  # a first visit would paint twice
    inline = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", held, re.DOTALL)
    assert len(inline) == 2
    for text in inline:
        assert f"'{integrity(text.encode())}'" in home.headers["Content-Security-Policy"]


FONTS = """
const {html, device} = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(dressed(inOwnFont(html, device), 'dark')));
"""


@pytest.mark.parametrize(
    ("device", "font"),
    [
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36", "own"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "own"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "own"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", ""),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", ""),
    ],
)
def test_a_device_names_only_fonts_that_it_may_have(tmp_path: Path, device: str, font: str) -> None:
    (tmp_path / "cut.cjs").write_text((WORKER / "cut.js").read_text(encoding="utf-8") + FONTS, encoding="utf-8")
    given = {"html": '<!doctype html>\n<html lang="nl">', "device": device}
    said = f' data-font="{font}"' if font else ""
    html = json.loads(nodejs.run(str(tmp_path / "cut.cjs"), stdin=json.dumps(given)))
    assert html == f'<!doctype html>\n<html data-theme="dark"{said} lang="nl">'


DESTINATIONS = """
const location = {origin: 'https://houvast.example'};
process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0, 'utf8')).map(destination)));
"""
ELSEWHERE = [
    "https://evil.example/nl/", "//evil.example/nl/tips", "\\\\evil.example\\nl\\", "/\\evil.example/nl/",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "blob:https://houvast.example/nl/",
    "http://houvast.example/nl/", "https://houvast.example:8443/nl/",
    "https://houvast.example.evil.example/nl/", "https://houvast.example@evil.example/nl/", "/coach/nl/",
    "/nl/../coach/en/tips/7/send", "/nl/%2e%2e/api/subscription", "/api/key", "/", "/nlx/", "/reset", "", None,
    7, "https://[", "file:///nl/", "\tjavascript:alert(1)", {}, ["//evil.example"],
]  # fmt: skip


def test_a_message_leads_to_a_page_of_ours_whatever_it_says(client: FlaskClient, tmp_path: Path) -> None:
    given = ["/nl/k/keep-recess", "/en/tips#proof=abc", "https://houvast.example/nl/", *ELSEWHERE]
    led = push_worker.does(client, tmp_path, DESTINATIONS, given)
    ours = ["/nl/k/keep-recess", "/en/tips#proof=abc", "/nl/"]
    assert led == [f"https://houvast.example{path}" for path in ours + ["/nl/tips"] * len(ELSEWHERE)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_section_says_its_title_where_the_device_looks_for_it(client: FlaskClient, language: str) -> None:
    for document in (f"/{language}/", f"/{language}/cards"):
        sections = re.findall(r"<section [^>]*>", client.get(document).text)
        assert sections
        assert all('data-title="' in section for section in sections)


def test_a_card_says_its_old_names_where_the_device_looks_for_them(app: Flask, deck: Deck) -> None:
    card = deck.cards["keep-recess"]
    old = replace(card, facts=replace(card.facts, aliases=("recess", "old-name")))
    changed = replace(deck, cards=deck.cards | {card.id: old})
    with app.app_context():
        pieces = {piece.key: piece.html for piece in make_pieces(changed, "nl")}
    assert [key for key, html in pieces.items() if "data-aliases" in html] == ["k/keep-recess"]
    assert 'data-aliases="recess old-name"' in pieces["k/keep-recess"]
