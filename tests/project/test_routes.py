"""Every route stands in the table of who may have it, and every page keeps the rules of the house."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa.database import upgrade
from pwa.deck.model import Deck
from pwa.deck.pages import GROUPS, PLAIN
from tests.conftest import LANGUAGES, Page
from tests.support.house import check_headers, check_page

TABLE = tomllib.loads((Path(__file__).parent / "access.toml").read_text(encoding="utf-8"))


def test_every_route_has_an_entry_and_every_entry_a_route(app: Flask) -> None:
    assert {rule.rule for rule in app.url_map.iter_rules()} == set(TABLE)


def test_every_route_takes_the_methods_of_its_entry_and_only_devices_write(app: Flask) -> None:
    for name, entry in TABLE.items():
        taken = {method for rule in app.url_map.iter_rules() if rule.rule == name for method in rule.methods or ()}
        reads = set() if entry["reader"] == 405 else {"GET", "HEAD"}
        assert taken == {"OPTIONS", *reads, *entry.get("methods", {})}, name
        assert "methods" not in entry or name.startswith("/api/")


@pytest.mark.parametrize(("rule", "entry"), TABLE.items(), ids=TABLE)
def test_a_reader_gets_what_the_table_says(app: Flask, client: FlaskClient, rule: str, entry: dict[str, Any]) -> None:
    upgrade(app.config["SETTINGS"])
    path = entry["path"].partition("?")[0]
    method = next(iter(entry.get("methods", {"GET": 200})))
    assert app.url_map.bind("localhost").match(path, method, return_rule=True)[0].rule == rule
    for method, status in {"GET": entry["reader"], **entry.get("methods", {})}.items():
        sent = {} if method == "GET" else {"json": {}}
        answer = client.open(entry["path"], method=method, **sent)
        assert answer.status_code == status, method
        assert "Set-Cookie" not in answer.headers
        check_headers(answer.headers)


def test_every_page_keeps_the_rules_of_the_house(app: Flask, client: FlaskClient, deck: Deck) -> None:
    pages = [path for path, answer in app.extensions["release"].answers.items() if answer.type.startswith("text/html")]
    plain = {"home", "cards", "privacy", *PLAIN} - {"gone"}  # which a device shows for an address that it lacks
    assert len(pages) == len(LANGUAGES) * (len(deck.cards) + len(deck.situations) + len(GROUPS) + len(plain))
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200, path
        check_headers(answer.headers)
        check_page(answer.text, path.split("/")[1])


def test_every_link_leads_to_a_page_or_a_telephone(app: Flask, client: FlaskClient) -> None:
    pages = [path for path, answer in app.extensions["release"].answers.items() if answer.type.startswith("text/html")]
    links: dict[str, str] = {}
    for path in pages:
        root = check_page(client.get(path).text, path.split("/")[1])
        for element in [*root.all("a", href=True), *root.all("link", href=True)]:
            links.setdefault(element.attributes["href"], path)
    for href, path in links.items():
        if href.startswith("tel:"):
            assert href.removeprefix("tel:").isdigit(), f"{href} on {path}"
        elif not href.startswith("#"):
            where = href.removeprefix(app.config["SETTINGS"].url)
            assert client.get(where.partition("#")[0]).status_code == 200, f"{href} on {path}"


@pytest.mark.parametrize("path", ["/nl/briefings/", "/nl/b/AAAAAAAAAAAAAAAAAAAAAA"])
def test_the_pages_of_a_briefing_keep_the_rules_of_the_house(page: Page, path: str) -> None:
    assert page(path).all("noscript"), "what it takes is told to a browser without scripts"


def test_helplines_of_both_countries_are_one_tap_from_every_page(app: Flask, client: FlaskClient) -> None:
    for language in LANGUAGES:
        for path in (f"/{language}/", f"/{language}/k/keep-recess", f"/{language}/no-page"):
            assert f'href="/{language}/safety"' in client.get(path).text
        numbers = [
            link.attributes["href"]
            for link in check_page(client.get(f"/{language}/safety").text, language).all("a", href=True)
        ]
        assert {"tel:112", "tel:08002000", "tel:113", "tel:1712", "tel:1813"} <= set(numbers)
        assert numbers.count("tel:112") == 1, "once, above the list"
        assert client.get(f"/{language}/k/talk-of-not-living").text.count('href="tel:112"') == 2, "once in each country"
