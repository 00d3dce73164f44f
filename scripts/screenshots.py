"""Take the manifest's screenshots, which the README shows too, from the real app: `python -m scripts.screenshots`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from pwa.config import read_settings
from pwa.database import upgrade
from scripts.browser import FLAGS, PHONE, find_chromium
from tests.support.server import PROJECT, Server

DESK = {"width": 1280, "height": 800}
PATIENCE = 120_000


def main() -> None:
    screenshots = PROJECT / "static" / "screenshots"
    pictures = PROJECT / "docs" / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        upgrade(read_settings({"HOUVAST_INSTANCE": folder}))
        server = Server(Path(folder)).start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for language in ("nl", "en"):
            home = [f"{server.url}/{language}/"]
            through = [f'a[href="/{language}/s/anger"]', f'[data-open] a[href="/{language}/k/anger-is-fear"]']
            card = [*home, *through]
            take(browser, home, PHONE, 2, screenshots / f"home-narrow-{language}.png")
            take(browser, card, PHONE, 2, screenshots / f"card-narrow-{language}.png")
            take(browser, card, DESK, 1, screenshots / f"card-wide-{language}.png")
        take_briefing(browser, f"{server.url}/en/briefings/", pictures)
        browser.close()
        server.stop()


def take(browser: Browser, steps: list[str], size: dict[str, int], scale: int, target: Path) -> None:
    """Open the first step's address, tap the others, and keep what is seen."""
    context = browser.new_context(
        viewport=size, device_scale_factor=scale, service_workers="block", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    address, *taps = steps
    page.goto(address)
    for selector in taps:
        page.locator(selector).first.click()
    page.locator(".home[data-open] #today[data-set], .card[data-open]").first.wait_for()
    page.mouse.move(0, 0)
    page.screenshot(path=target, animations="disabled")
    context.close()


def take_briefing(browser: Browser, address: str, pictures: Path) -> None:
    """Make a briefing from a template and open it, with a picture of every step for the documents."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    page.locator("html[data-ready]").wait_for(state="attached")
    page.screenshot(path=pictures / "briefing-begin-en.png")
    page.locator("[data-template=half-day]").click()
    page.locator("#f-title").fill("Year 4, room 12")
    page.locator("#f-name").fill("Ilse, deputy head")
    page.locator("#f-phone").fill("030 123 45 67")
    page.screenshot(path=pictures / "briefing-write-en.png")
    page.locator("#write [type=submit]").click()
    page.locator("#share").wait_for()
    page.screenshot(path=pictures / "briefing-share-en.png")
    page.goto(page.locator("#address").input_value())
    page.locator("#note-back").wait_for()
    page.screenshot(path=pictures / "briefing-read-en.png")
    context.close()


if __name__ == "__main__":
    main()
