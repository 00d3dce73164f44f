"""Real browsers against the real server. Debian's Chromium, or whatever scripts/browser.py finds."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from pwa.config import Settings
from scripts.browser import PHONE, find_chromium, find_firefox
from tests.support.badnet import BadNet
from tests.support.browsers import CHROMIUM_AT_REST, listen
from tests.support.push.firefox import Firefox
from tests.support.push.process import Push
from tests.support.server import PROJECT, Server
from tests.support.whole import MOZILLA, Whole, eventually

SLOW_MACHINE = 180_000

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
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_AT_REST)
    yield browser
    browser.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What browsers complained about: errors on a page, messages of the policy, requests to somebody else."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def phone(chromium: object, server: Server, complaints: list[str]) -> Iterator[Page]:
    """A phone of 360 × 640 without a worker: what the server itself sends."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, base_url=server.url, service_workers="block")
    context.set_default_timeout(SLOW_MACHINE)
    listen(context, complaints, server.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def profile(playwright: Playwright, tmp_path: Path, complaints: list[str]) -> Iterator[Callable[[str], BrowserContext]]:
    """Opens one and the same phone again and again: a new browser process on the same profile is a cold start."""
    opened: list[BrowserContext] = []

    def open_again(url: str) -> BrowserContext:
        for context in opened:
            context.close()
        opened.clear()
        context = open_profile(playwright, tmp_path / "profile", url)
        listen(context, complaints, url)
        opened.append(context)
        return context

    yield open_again
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def network(server: Server) -> Iterator[BadNet]:
    """A network in front of the server that can go bad."""
    net = BadNet(target_port=server.port)
    yield net
    net.mode("refuse")


@pytest.fixture(scope="session")
def first_visit(playwright: Playwright, network: BadNet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile of a phone that opened home once, with a good network."""
    folder = tmp_path_factory.mktemp("first-visit")
    context = open_profile(playwright, folder, f"http://localhost:{network.port}", locale="en-GB")
    keep_offline(context.pages[0])
    context.close()
    return folder


@pytest.fixture
def visitor(
    playwright: Playwright, first_visit: Path, network: BadNet, tmp_path: Path, complaints: list[str]
) -> Iterator[Callable[[str], Page]]:
    """That phone, switched on again with its network in one of the modes of BadNet: a cold start."""
    opened: list[BrowserContext] = []

    def cold_start(mode: str) -> Page:
        network.mode(mode)
        url = f"http://localhost:{network.port}"
        folder = shutil.copytree(first_visit, tmp_path / "visitor", ignore=shutil.ignore_patterns("Singleton*"))
        context = open_profile(playwright, folder, url, locale="en-GB")
        listen(context, complaints, url)
        opened.append(context)
        drop_http_cache(context.pages[0])
        return context.pages[0]

    yield cold_start
    for context in opened:
        context.close()
    network.mode("pass")


def open_profile(playwright: Playwright, folder: Path, url: str, **options: object) -> BrowserContext:
    options = {"args": CHROMIUM_AT_REST, "viewport": PHONE, "has_touch": True, "base_url": url, **options}
    context = playwright.chromium.launch_persistent_context(str(folder), executable_path=find_chromium(), **options)
    context.set_default_timeout(SLOW_MACHINE)
    return context


def keep_offline(page: Page) -> None:
    """Visit home and wait until the device has everything."""
    page.goto("/nl/")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.evaluate("""async () => {
        while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 50));
    }""")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the content that a test may change."""
    copy = tmp_path / "content"
    shutil.copytree(PROJECT / "pwa" / "content", copy)
    return copy


def change_a_cue(content: Path) -> None:
    card = content / "cards" / "keep-recess.toml"
    lines = card.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("cue ="))
    lines[at] = 'cue = "Een heel nieuwe regel."'
    card.write_text("\n".join(lines), encoding="utf-8")


def drop_http_cache(page: Page) -> None:
    """What is read offline must come from the worker's cache, not from the browser's."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.detach()


@pytest.fixture(scope="session")
def push(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Push]:
    """The push services of Firefox and Chromium, under their real names."""
    push = Push(tmp_path_factory.mktemp("push"), "--public", MOZILLA, "--mcs-port", "0")
    yield push
    push.stop()


@pytest.fixture(scope="session")
def running() -> Iterator[list[Whole]]:
    """What the test before left as it was."""
    left: list[Whole] = []
    yield left
    for whole in left:
        whole.stop()


@pytest.fixture
def whole(
    push: Push, instance: Path, server: Server, running: list[Whole], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Whole]:
    """Houvast with everything, and a database of its own with nobody in it; `server` has made the pages."""
    push.reset()
    whole = running.pop() if running else Whole(tmp_path_factory.mktemp("whole"), instance / "releases", push).start()
    yield whole
    if whole.was_stopped:
        whole.stop()
    else:
        whole.empty()
        running.append(whole)


@pytest.fixture(scope="session")
def used_firefox(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Copies the profile of a Firefox that was on before: with an empty one each start takes twice the work."""

    @cache
    def used() -> Path:
        folder = tmp_path_factory.mktemp("firefox")
        browser = Firefox(profile=str(folder), binary=find_firefox())
        eventually(lambda: list(folder.glob("startupCache/scriptCache.bin")), "what the next start need not look up")
        browser.close()
        return folder

    def copy(profile: Path) -> Path:
        return shutil.copytree(used(), profile, ignore=shutil.ignore_patterns("lock", ".parentlock", "*.log", "user.js"))

    return copy


@pytest.fixture
def firefox(push: Push, used_firefox: Callable[[Path], Path], tmp_path: Path) -> Iterator[Firefox]:
    """A phone's worth of Firefox whose notifications can be seen and clicked."""
    profile = used_firefox(tmp_path / "firefox")
    browser = Firefox(push.ws, profile=str(profile), locale="nl", binary=find_firefox())
    yield browser
    browser.close()
