"""Chromium for the parts that need one: a phone of 360 × 640, throttled four times."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright, sync_playwright

from bench.served import NotHereError
from scripts.browser import FLAGS, PHONE, find_chromium

PATIENCE = 60_000
SLOWER = 4


@contextlib.contextmanager
def driver() -> Iterator[Playwright]:
    if not find_chromium():
        raise NotHereError("There is no Chromium: install it, or set CHROMIUM to where it is.")
    with sync_playwright() as playwright:
        yield playwright


@contextlib.contextmanager
def phone(playwright: Playwright, profile: Path, url: str) -> Iterator[Page]:
    """A new browser process on a profile that stays."""
    context: BrowserContext = playwright.chromium.launch_persistent_context(
        str(profile), executable_path=find_chromium(), args=FLAGS, viewport=PHONE, has_touch=True, base_url=url,
        timeout=PATIENCE * 2)
    context.set_default_timeout(PATIENCE)
    try:
        yield context.pages[0]
    finally:
        context.close()


def keep_offline(page: Page) -> None:
    """Visit home and wait until the device has everything."""
    page.goto("/nl/")
    page.evaluate("""async () => {
        await navigator.serviceWorker.ready;
        while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 50));
    }""")


def throttle(session: CDPSession) -> None:
    """Only on a page that is already there: before the first navigation Chromium may never answer."""
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
