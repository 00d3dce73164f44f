"""Real browsers against the real server. Debian's Chromium, or whatever scripts/browser.py finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from pwa.config import Settings
from scripts.browser import find_chromium
from tests.support.badnet import BadNet
from tests.support.server import Server

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]
PHONE = {"width": 360, "height": 640}
SLOW_MACHINE = 30_000

# How Chromium words a network that fails; it fetches the manifest past the worker, so a portal's page is no manifest.
NETWORK = ("Failed to load resource", "Manifest fetch from", "Manifest: Line: 1, column: 1, Syntax error")

expect.set_options(timeout=SLOW_MACHINE // 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def instance(settings: Settings) -> Path:
    """The folder that the other tests use too: the release in it is built once."""
    return settings.instance


@pytest.fixture(scope="session")
def server(instance: Path) -> Iterator[Server]:
    """One server that stays up for all tests that only read."""
    running = Server(instance).start()
    yield running
    running.stop()


@pytest.fixture
def own_server(instance: Path) -> Iterator[Server]:
    """A server that a test may stop, start and set otherwise."""
    running = Server(instance)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[object]:
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What browsers complained about: errors on a page, messages of the policy, requests to somebody else."""
    heard: list[str] = []
    yield heard
    assert heard == []


def listen(context: BrowserContext, complaints: list[str], url: str) -> None:
    """Hear every page of a context. The network may fail on purpose; nothing else may."""
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda message: complaints.append(message.text)
               if message.type == "error" and not message.text.startswith(NETWORK) else None)
    context.on("request", lambda request: complaints.append(f"asked {request.url}")
               if not request.url.startswith((url, "data:", "blob:")) else None)


@pytest.fixture
def phone(chromium: object, server: Server, complaints: list[str]) -> Iterator[Page]:
    """A phone of 360 × 640 without a worker: what the server itself sends."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, base_url=server.url, service_workers="block")
    context.set_default_timeout(SLOW_MACHINE)
    listen(context, complaints, server.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def profile(playwright: Playwright, tmp_path: Path, complaints: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Opens one and the same phone again and again: a new browser process on the same profile is a cold start."""
    opened: list[BrowserContext] = []

    def open_again(url: str, **options: object) -> BrowserContext:
        for context in opened:
            context.close()
        opened.clear()
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"), executable_path=find_chromium(), args=FLAGS, viewport=PHONE, has_touch=True,
            base_url=url, **options)
        context.set_default_timeout(SLOW_MACHINE)
        listen(context, complaints, url)
        opened.append(context)
        return context

    yield open_again
    for context in opened:
        context.close()


@pytest.fixture
def network() -> Iterator[Callable[[Server], BadNet]]:
    """A bad network in front of a server."""
    nets: list[BadNet] = []

    def before(server: Server) -> BadNet:
        nets.append(BadNet(target_port=server.port))
        return nets[-1]

    yield before
    for net in nets:
        net.mode("refuse")


def keep_offline(page: Page) -> None:
    """Visit home and wait until the device has everything."""
    page.goto("/nl/")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.evaluate("""async () => {
        while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 50));
    }""")


def drop_http_cache(page: Page) -> None:
    """What is read offline must come from the worker's cache, not from the browser's."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.detach()
