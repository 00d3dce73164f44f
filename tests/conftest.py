"""What all tests share: one application for the whole session, because its pages take a while to make."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url

from pwa import create_app
from pwa.config import Settings, read_settings
from pwa.database import upgrade
from pwa.deck.loading import load_deck
from pwa.deck.model import Deck
from tests.support.house import Element, check_headers, check_page
from tests.support.small import CARDS, copy_content

if TYPE_CHECKING:
    from tests.support.postgres import Postgres

LANGUAGES = ("nl", "en")
# What takes minutes, the longest first: parts of names. A name that is not here only begins later.
LONG = ("test_tips_chromium", "firefox", "two_phones", "browser/test_briefings", "browser/desk", "test_the_sender",
        "test_killed", "tests/browser/", "tests/delivery/")  # fmt: skip
Page = Callable[..., Element]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than there are cores, because much of a test is waiting; for named files or -k only this one."""
    if config.option.keyword or all(name.partition("::")[0].endswith(".py") for name in config.args):
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, 8) + 1  # each may have a browser, a server and a database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long begin first, so that no process is left with one while the others have nothing to do."""
    items.sort(key=lambda item: next((rank for rank, name in enumerate(LONG) if name in item.nodeid), len(LONG)))


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """As on a fresh machine: nothing set but a folder of its own."""
    return read_settings({"HOUVAST_INSTANCE": str(tmp_path_factory.mktemp("instance"))})


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server that starts when the first test asks for it."""
    from tests.support.postgres import Postgres

    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database to copy, with its tables as an operator gets them."""

    known = read_settings({"HOUVAST_INSTANCE": str(tmp_path_factory.mktemp("upgraded"))})
    made = replace(known, database_url=postgres.url())
    upgrade(made)
    return make_url(made.database_url).database or ""


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def deck(settings: Settings) -> Deck:
    return load_deck(settings.content)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of a small deck, to break."""
    return copy_content(tmp_path / "content", CARDS)


@pytest.fixture
def page(client: FlaskClient) -> Page:
    """Fetches a page, and its counterpart in the other language, and holds both to the rules of the house."""

    def fetch(path: str, status: int = 200) -> Element:
        first = path.split("/")[1]
        if first not in LANGUAGES:  # the browser's own language decides
            return {language: _checked(client, path, status, language) for language in LANGUAGES}[LANGUAGES[0]]
        rest = path.removeprefix(f"/{first}")
        return {language: _checked(client, f"/{language}{rest}", status, language) for language in LANGUAGES}[first]

    return fetch


def _checked(client: FlaskClient, path: str, status: int, language: str) -> Element:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == status, f"{path} answers {answer.status}"
    assert answer.content_type == "text/html; charset=utf-8"
    check_headers(answer.headers)
    return check_page(answer.text, language)
