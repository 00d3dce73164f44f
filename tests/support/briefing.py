"""A teacher who makes a briefing and a substitute who reads it, in real browsers: what the tests of both share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect

from pwa.config import Settings
from pwa.database import upgrade
from tests.support.badnet import BadNet
from tests.support.browsers import BROWSERS, listen, open_phone
from tests.support.sealing import fresh, id_of, seal
from tests.support.server import Server

DAY = 86_400
WEEK = 7 * DAY  # over, on whichever day it was made: one of a Friday evening is for Monday
PATIENCE = 45  # seconds
WORD = "Zonnebloemlokaal"  # stands in the text and nowhere else
PERSON, PHONE_NUMBER = "Directeur Vergeetmeniet", "030 123 45 67"
Phone = Callable[[str], Page]


@pytest.fixture(scope="module")
def database(settings: Settings) -> Path:
    """The tables, in the database of the server that all tests share."""
    upgrade(settings)
    return settings.instance / "houvast.db"


@pytest.fixture
def net(server: Server, database: Path) -> Iterator[BadNet]:
    """A network of this test's own."""
    made = BadNet(target_port=server.port)
    yield made
    made.mode("refuse")


@pytest.fixture(params=BROWSERS)
def browser_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def phones(
    playwright: Playwright, browser_name: str, tmp_path: Path, net: BadNet, complaints: list[str],
    used_firefox: Callable[[Path], Path],
) -> Iterator[Phone]:  # fmt: skip
    """A phone by name, switched on (again): a cold start with what its profile holds.

    The maker's is always Chromium; a maker with Firefox is in the test of what reaches the server."""
    on: dict[str, BrowserContext] = {}

    def switch_on(name: str) -> Page:
        if name in on:
            on.pop(name).close()
        url = f"http://localhost:{net.port}"
        kind = "chromium" if name == "maker" else browser_name
        on[name] = context = open_phone(playwright, kind, tmp_path / name, url, used_firefox)
        context.set_default_timeout(60_000)
        listen(context, complaints, url)
        page = context.pages[0] if context.pages else context.new_page()
        if kind == "chromium":
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.clearBrowserCache")
        return page

    yield switch_on
    for context in on.values():
        context.close()


def make(page: Page, template: str = "half-day", taps: Callable[[Locator], None] = Locator.click) -> str:
    """From the maker's page to the reader's link, as a teacher does it."""
    taps(page.locator(f"[data-template={template}]"))
    for field, text in (("#f-title", f"Groep 6, {WORD}"), ("#f-name", PERSON), ("#f-phone", PHONE_NUMBER)):
        taps(page.locator(field))
        page.locator(field).fill(text)
    taps(page.locator("#write [type=submit]"))
    expect(page.locator("#share")).to_be_visible()
    return page.locator("#address").input_value()


def open_maker(page: Page, language: str = "nl") -> Page:
    page.goto(f"/{language}/briefings/")
    expect(page.locator("html[data-ready]")).to_be_attached()
    return page


def read(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.locator("#items")).to_be_visible()
    expect(page.locator("h1")).to_contain_text(WORD)


def keep(page: Page) -> None:
    """Until the device has it all, the worker included."""
    expect(page.locator("html[data-kept]")).to_be_attached()
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")


def wait_until(page: Page, question: str) -> None:
    """Until an asynchronous question is answered with yes; Playwright's own wait takes any promise for a yes."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(question):
        assert time.monotonic() < end, question


def kept_paths(page: Page) -> list[str]:
    paths: list[str] = page.evaluate("""async () => !(await caches.has('briefings')) ? [] :
        (await (await caches.open('briefings')).keys()).map((request) => new URL(request.url).pathname)""")
    return paths


@pytest.fixture
def tab(chromium: Browser, server: Server, database: Path, complaints: list[str]) -> Iterator[Page]:
    yield from _tab(chromium, server, complaints, "allow")


@pytest.fixture
def tab_without_worker(chromium: Browser, server: Server, database: Path, complaints: list[str]) -> Iterator[Page]:
    """For what is the same without: a new device that keeps everything is as much work as the rest of such a test."""
    yield from _tab(chromium, server, complaints, "block")


def _tab(chromium: Browser, server: Server, complaints: list[str], workers: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 640}, has_touch=True, base_url=server.url,
                                   service_workers=workers)  # fmt: skip
    context.set_default_timeout(60_000)
    listen(context, complaints, server.url)
    yield context.new_page()
    context.close()


def put(page: Page, text: dict[str, object], revision: int = 1, ahead: int = DAY) -> str:
    """A briefing sealed apart from our scripts; its path and key."""
    page.goto("/healthz")
    token, key = fresh(), fresh()
    id_ = id_of(token)
    expires = int(time.time()) + ahead
    body = {"revision": revision, "after": 0, "expires": expires,
            "sealed": seal(text | {"expires": expires}, key, f"text {revision}", id_)}  # fmt: skip
    status = page.evaluate("""([id, token, body]) => fetch(`/api/briefings/${id}`, {
        method: 'PUT', body: JSON.stringify(body),
        headers: {authorization: `Bearer ${token}`, 'content-type': 'application/json'},
    }).then((answer) => answer.status)""", [id_, token, body])  # fmt: skip
    assert status == 201
    return f"/nl/b/{id_}#{key}"


PLAIN = {"title": {"lang": "nl", "text": WORD}, "person": {"name": PERSON, "phone": PHONE_NUMBER},
         "parts": {"help": {"lang": "nl", "text": "Bel"}}, "cards": [], "made": 0}  # fmt: skip
