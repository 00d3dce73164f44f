"""After the first visit: no network, a network that lies, a new deck, a broken deploy. Always a cold start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import change_a_cue, keep_offline
from tests.support.badnet import BadNet
from tests.support.briefing import wait_until
from tests.support.server import PROJECT, Server

Opener = Callable[[str], BrowserContext]
Visitor = Callable[[str], Page]


def read_everything(page: Page) -> None:
    """Home, a situation, a card, the other language, search, kept cards, safety, settings."""
    page.goto("/nl/")
    page.locator('a[href="/nl/s/anger"]').first.tap()
    page.locator('section[data-open] a[href="/nl/k/anger-is-fear"]').tap()
    expect(page.locator("section[data-open] h1")).to_have_text("Boosheid is vaak angst")
    page.locator("#pin").tap()
    page.locator(".languages a[lang=en]").tap()
    expect(page.locator("section[data-open] h1")).to_have_text("Read anger as fear")
    page.goto("/en/search")
    page.locator("#q").fill("tantrum")
    expect(page.locator('#search a[href="/en/k/anger-is-fear"]')).to_be_visible()
    page.goto("/en/pinned")
    expect(page.locator('#pins a[href="/en/k/anger-is-fear"]')).to_be_visible()
    page.goto("/nl/safety")
    expect(page.locator('#safety a[href="tel:112"]').first).to_be_visible()
    page.goto("/nl/settings")
    expect(page.locator("#choices")).to_be_visible()


@pytest.mark.parametrize("mode", ["refuse", "hang", "captive", "error"])
def test_everything_reads_on_a_cold_start_whatever_the_network_does(visitor: Visitor, mode: str) -> None:
    page = visitor(mode)
    page.goto("/nl/k/keep-recess")  # a fresh tab on a deep link
    expect(page.locator("section[data-open] h1")).to_have_text("Pak de pauze niet af")
    read_everything(page)


def test_every_page_of_both_languages_is_on_the_device_after_one_visit(visitor: Visitor) -> None:
    page = visitor("refuse")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")  # what the device speaks
    kept = page.evaluate("""async () => {
        const cache = await caches.open((await caches.keys())[0]);
        return (await cache.keys()).map((request) => new URL(request.url).pathname);
    }""")
    cards = [path.stem for path in (PROJECT / "pwa" / "content" / "cards").glob("*.toml")]
    wanted = {f"/{language}/k/{card}" for language in ("nl", "en") for card in cards}
    wanted |= {f"/{language}/{page}" for language in ("nl", "en") for page in ("", "safety", "search", "pinned", "tips", "about")}
    assert wanted <= set(kept)
    # newer than the deck, too seldom read to be kept, mistyped, and a link that was cut off
    for path in ("/nl/k/not-here-yet", "/nl/privacy", "/nl/savety", "/nl/k/a/b", "/nl/b/kort?x"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404
        expect(page.locator("section[data-open] h1")).to_have_text("Nog niet op dit toestel")


def test_a_new_deck_arrives_beside_an_open_card_and_is_offered_at_home(
    profile: Opener, own_server: Server, content: Path
) -> None:
    own_server.start(HOUVAST_CONTENT=str(content))
    page = profile(own_server.url).pages[0]
    keep_offline(page)
    page.locator('a[href="/nl/s/restless"]').first.tap()
    page.locator('[id="k/keep-recess"]').wait_for(state="attached")  # else the tap is a visit, and leaves home
    page.locator('section[data-open] a[href="/nl/k/keep-recess"]').tap()
    own_server.stop()
    change_a_cue(content)
    own_server.start()
    page.evaluate("navigator.serviceWorker.getRegistration().then((worker) => worker.update()).then(() => 0)")
    expect(page.locator("#news")).not_to_have_attribute("hidden", "")  # waits under the open card
    expect(page.locator("section[data-open]")).to_have_attribute("id", "k/keep-recess")
    expect(page.locator("section[data-open] .cue")).not_to_have_text("Een heel nieuwe regel.")
    page.locator('.bottom a[href="/nl/"]').tap()
    page.locator("#news button").tap()
    page.locator('a[href="/nl/s/restless"]').first.tap()
    page.locator('section[data-open] a[href="/nl/k/keep-recess"]').tap()
    expect(page.locator("section[data-open] .cue")).to_have_text("Een heel nieuwe regel.")


def test_a_deploy_that_breaks_off_never_replaces_the_deck_that_works(
    profile: Opener, own_server: Server, content: Path
) -> None:
    own_server.start(HOUVAST_CONTENT=str(content))
    net = BadNet(target_port=own_server.port)
    url = f"http://localhost:{net.port}"
    page = profile(url).pages[0]
    keep_offline(page)
    own_server.stop()
    change_a_cue(content)
    own_server.start()
    net.mode("cut", cut_bytes=9_000)  # the worker's script is whole, the decks are not
    page.evaluate("navigator.serviceWorker.getRegistration().then((worker) => worker.update()).then(() => 0, () => 0)")
    net.mode("refuse")
    page = profile(url).pages[0]
    page.goto("/nl/k/keep-recess")
    expect(page.locator("section[data-open] .cue")).not_to_have_text("Een heel nieuwe regel.")
    expect(page.locator("section[data-open] h1")).to_have_text("Pak de pauze niet af")


def test_the_chosen_colours_stand_in_every_page_of_the_device(visitor: Visitor) -> None:
    page = visitor("pass")
    page.goto("/nl/settings")
    page.locator("[name=theme][value=dark]").check()
    eventually_worn(page, "dark")
    answer = page.goto("/en/k/keep-recess")
    assert answer is not None
    assert "houvast.theme" not in answer.text(), "nothing is looked up before the paint"
    page.goto("/reset")
    page.locator("#reset button").tap()
    expect(page.locator("[data-state=done]")).to_be_visible()
    eventually_worn(page, "dark")
    page.evaluate("localStorage['houvast.theme'] = '\"light\"'")  # nobody told the worker
    page.goto("/nl/")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    eventually_worn(page, "light")
    page.goto("/nl/settings")
    page.locator("[name=theme][value='']").check()
    eventually_worn(page, "")
    assert page.evaluate("caches.has('theme')") is False


def test_colours_that_do_not_fit_on_a_full_device_do_not_hold_up_the_next_ones(visitor: Visitor) -> None:
    page = visitor("pass")
    page.goto("/nl/settings")
    [worker] = page.context.service_workers
    worker.evaluate("""() => {
        const {put} = Cache.prototype;
        self.room = () => { Cache.prototype.put = put; };
        self.refused = new Promise((refused) => {
            Cache.prototype.put = async () => { refused(); throw new DOMException('', 'QuotaExceededError'); };
        });
    }""")
    page.locator("[name=theme][value=dark]").check()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    worker.evaluate("self.refused")
    worker.evaluate("self.room()")
    page.locator("[name=theme][value=light]").check()
    eventually_worn(page, "light")


def eventually_worn(page: Page, theme: str) -> None:
    """Until all pages that the device cut have this theme."""
    wait_until(page, """(async () => {
        const cache = await caches.open((await caches.keys()).find((name) => name.startsWith('deck-')));
        const pages = (await cache.keys()).filter(({url}) => /\\/(nl|en)\\/(?!whole|cards|manifest)/.test(url));
        const texts = await Promise.all(pages.map(async (page) => (await cache.match(page)).text()));
        return texts.length > 120 && texts.every((text) => (/<html data-theme="(\\w*)"/.exec(text)?.[1] ?? '') === 'THEME');
    })()""".replace("THEME", theme))


def test_the_bypass_worker_takes_over_and_every_page_comes_from_the_network(
    profile: Opener, own_server: Server
) -> None:
    own_server.start()
    page = profile(own_server.url).pages[0]
    keep_offline(page)
    own_server.stop()
    own_server.start(HOUVAST_WORKER="bypass")
    page.evaluate("""async () => {
        const changed = new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done));
        await (await navigator.serviceWorker.getRegistration()).update();
        await changed;
        while ((await caches.keys()).length) await new Promise((done) => setTimeout(done, 50));
    }""")
    page.goto("/nl/k/keep-recess")
    expect(page.locator("section[data-open] h1")).to_have_text("Pak de pauze niet af")


def test_chromium_finds_nothing_that_stands_in_the_way_of_installing(visitor: Visitor) -> None:
    page = visitor("pass")
    for language in ("nl", "en"):
        page.goto(f"/{language}/")
        session = page.context.new_cdp_session(page)
        errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert [error for error in errors if error["errorId"] != "in-incognito"] == []
        assert session.send("Page.getAppManifest")["errors"] == []


def test_a_card_of_the_device_asks_for_the_manifest_at_rest(visitor: Visitor) -> None:
    page = visitor("refuse")
    page.goto("/nl/k/keep-recess")
    expect(page.locator("link[rel=later]")).to_have_count(0)
    expect(page.locator("link[rel=manifest]")).to_have_count(1)
