"""What a device can do about pages that are damaged: somebody starts afresh, or the worker sees that some are missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import change_a_cue, keep_offline
from tests.support.badnet import BadNet
from tests.support.briefing import wait_until
from tests.support.server import Server

Opener = Callable[[str], BrowserContext]
Visitor = Callable[[str], Page]


def test_reset_fetches_everything_anew_and_keeps_the_kept_cards(visitor: Visitor) -> None:
    page = visitor("pass")
    page.goto("/nl/")
    page.evaluate("localStorage['houvast.pins'] = '[\"keep-recess\"]'")
    page.evaluate("""async () => {
        const cache = await caches.open((await caches.keys())[0]);
        await cache.put('/nl/k/keep-recess', new Response('<p>rubbish', {headers: {'content-type': 'text/html'}}));
    }""")
    page.goto("/reset")
    page.locator("#reset button").tap()
    expect(page.locator("[data-state=done]")).to_be_visible()
    page.goto("/nl/k/keep-recess")
    expect(page.locator("#pin")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("mode", ["refuse", "hang"])
def test_starting_afresh_without_a_network_says_so_on_the_page_itself(visitor: Visitor, mode: str) -> None:
    page = visitor(mode)
    page.goto("/nl/settings")
    expect(page.locator("#choices")).to_be_visible()
    page.locator("#settings a[href='/reset']").tap()
    expect(page.locator("#no-reset")).to_be_visible()
    page.goto("/nl/cards")
    expect(page.locator("h1:visible")).to_have_text("Alle kaarten")


def test_a_network_that_breaks_off_while_somebody_starts_afresh_takes_no_page_away(
    visitor: Visitor, network: BadNet
) -> None:
    page = visitor("pass")
    page.goto("/reset")
    expect(page.locator("#reset button")).to_be_visible()
    network.mode("cut", cut_bytes=9_000)
    page.locator("#reset button").tap()
    expect(page.locator("[data-state=later]")).to_be_visible()
    network.mode("refuse")
    page.goto("/nl/k/keep-recess")
    expect(page.locator("section[data-open] h1")).to_have_text("Pak de pauze niet af")


def test_a_device_that_is_full_keeps_the_pages_that_it_has(visitor: Visitor, network: BadNet) -> None:
    page = visitor("pass")
    page.goto("/reset")
    expect(page.locator("#reset button")).to_be_visible()
    origin = page.evaluate("location.origin")
    page.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
    page.locator("#reset button").tap()
    expect(page.locator("[data-state=later]")).to_be_visible()
    network.mode("refuse")
    page.goto("/nl/k/keep-recess")
    expect(page.locator("section[data-open] h1")).to_have_text("Pak de pauze niet af")


def test_starting_afresh_takes_in_a_release_that_came_out_meanwhile(
    profile: Opener, own_server: Server, content: Path
) -> None:
    own_server.start(HOUVAST_CONTENT=str(content))
    page = profile(own_server.url).pages[0]
    keep_offline(page)
    page.goto("/reset")
    expect(page.locator("#reset button")).to_be_visible()
    own_server.stop()
    change_a_cue(content)
    own_server.start()
    page.locator("#reset button").tap()
    expect(page.locator("[data-state=done]")).to_be_visible()
    page.goto("/nl/k/keep-recess")
    expect(page.locator("section[data-open] .cue")).to_have_text("Een heel nieuwe regel.")


LOSE_PAGES = """async () => {
    const cache = await caches.open((await caches.keys()).find((name) => name.startsWith('deck-')));
    const pages = (await cache.keys()).filter(({url}) => url.includes('/en/'));
    await Promise.all(pages.map((page) => cache.delete(page)));
}"""
IS_BACK = """(async () => {
    const cache = await caches.open((await caches.keys()).find((name) => name.startsWith('deck-')));
    return Boolean(await cache.match('/en/k/keep-recess'));
})()"""


def test_pages_that_a_device_lost_come_back_by_themselves(visitor: Visitor) -> None:
    page = visitor("pass")
    page.goto("/nl/")
    page.evaluate(LOSE_PAGES)
    page.reload()
    wait_until(page, IS_BACK)
