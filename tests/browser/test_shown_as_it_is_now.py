"""What a page shows after something else was kept meanwhile: on another page that it comes back from, or in another tab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright, expect

from scripts.browser import FLAGS, PHONE, find_chromium
from tests.browser.conftest import SLOW_MACHINE
from tests.support.browsers import listen
from tests.support.server import Server


@pytest.fixture
def tab(playwright: Playwright, server: Server, complaints: list[str]) -> Iterator[Page]:
    """A browser that keeps the page before in its memory, as phones do; Playwright's own does not."""
    browser = playwright.chromium.launch(
        executable_path=find_chromium(), args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    context = browser.new_context(viewport=PHONE, has_touch=True, base_url=server.url, service_workers="block")
    context.set_default_timeout(SLOW_MACHINE)
    listen(context, complaints, server.url)
    yield context.new_page()
    browser.close()


def go_back_to_what_is_in_memory(tab: Page) -> None:
    """The page itself, with what a script left on it; no `load` comes that one could wait for."""
    tab.go_back(wait_until="commit")
    assert tab.evaluate("window.same") is True


def test_a_card_kept_in_the_other_language_is_kept_on_the_page_that_one_comes_back_to(tab: Page) -> None:
    tab.goto("/nl/k/anger-is-fear")
    expect(tab.locator("#helped button").first).to_be_visible()
    tab.evaluate("window.same = true; scrollTo(0, 200)")
    tab.locator(".languages a[lang=en]").evaluate("link => link.click()")
    expect(tab.locator("html")).to_have_attribute("lang", "en")
    tab.locator("#pin").tap()
    tab.locator("#helped button").first.tap()
    tab.evaluate("localStorage['houvast.theme'] = '\"dark\"'")
    go_back_to_what_is_in_memory(tab)
    expect(tab.locator("html")).to_have_attribute("lang", "nl")
    expect(tab.locator("#pin")).to_have_attribute("aria-pressed", "true")
    expect(tab.locator("#helped button").first).to_have_attribute("aria-pressed", "true")
    expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    assert tab.evaluate("scrollY") == 200


def test_what_another_tab_keeps_is_shown_and_moves_no_focus(tab: Page) -> None:
    tab.goto("/nl/k/keep-recess")
    tab.locator("#pin").tap()
    tab.goto("/nl/pinned")
    first = tab.locator('#pins a[href="/nl/k/keep-recess"]')
    first.focus()
    other = tab.context.new_page()
    other.goto("/nl/k/anger-is-fear")
    other.locator("#pin").tap()
    expect(tab.locator("#pins a b")).to_have_text(["Boosheid is vaak angst", "Pak de pauze niet af"])
    expect(first).to_be_focused()
    other.goto("/nl/settings")
    other.locator("[name=theme][value=dark]").check()
    other.locator("[name=country][value=BE]").check()
    expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    tab.goto("/nl/safety")
    expect(tab.locator("#safety .lines[data-country=NL]")).to_be_hidden()
    other.locator("[name=country][value=NL]").check()
    expect(tab.locator("#safety .lines[data-country=NL]")).to_be_visible()
    expect(tab.locator("#safety .lines[data-country=BE]")).to_be_hidden()


def test_what_is_typed_stays_whatever_another_tab_keeps(tab: Page) -> None:
    tab.goto("/nl/tips")
    code = tab.locator("#tips-code")
    code.evaluate("input => { input.value = 'ABC'; }")
    other = tab.context.new_page()
    other.goto("/nl/settings")
    other.locator("[name=theme][value=dark]").check()
    expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    expect(code).to_have_value("ABC")
