"""Ready in 60 seconds: one item at a time, at the reader's own pace. The same in every browser, seen in one."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.briefing import PLAIN, WORD, database, make, open_maker, put, read, tab

__all__ = ["database", "tab"]  # fixtures


def test_ready_in_sixty_seconds_shows_one_item_at_a_time(tab: Page) -> None:
    read(tab, make(open_maker(tab)))
    expect(tab.locator("#paper")).not_to_have_attribute("hidden", "")
    expect(tab.locator(".bottom .shield")).to_be_visible()
    expect(tab.locator(".top .shield")).to_be_hidden()
    tab.locator("#sixty").click()
    expect(tab.locator("#steps")).to_be_visible()
    expect(tab.locator(".top .shield")).to_be_visible()  # safety stays one tap away
    sizes = tab.evaluate("['.person', '.call .text'].map((part) => getComputedStyle(document.querySelector(part)).fontSize)")
    assert sizes[0] == sizes[1]
    seen = []
    for _ in range(9):
        (shown,) = [item for item in tab.locator("[data-item]").all() if item.is_visible()]
        seen.append(shown.get_attribute("data-item"))
        expect(tab.locator("#note-back")).to_be_hidden()
        tab.locator("[data-step='1']").click()
    assert seen == ["call", "help", "rhythm", "cards", "attention", "toilet", "avoid", "neighbour", "note"]
    expect(tab.locator("#steps")).to_be_hidden()
    expect(tab.locator(".item:visible")).to_have_count(9)
    tab.locator("#sixty").click()
    expect(tab.locator("#steps")).to_be_visible()
    tab.evaluate("for (let tap = 0; tap < 2; tap++) document.querySelector('#steps:not([hidden]) [data-step=\"0\"]')?.click()")
    expect(tab.locator("#steps")).to_be_hidden()
    expect(tab.locator("h1")).to_contain_text(WORD)  # two taps lead no further back than one
    tab.locator("#sixty").click()
    expect(tab.locator("#steps")).to_be_visible()
    tab.go_back()  # as the way back of a phone does
    expect(tab.locator("#steps")).to_be_hidden()
    expect(tab.locator("h1")).to_contain_text(WORD)
    expect(tab.locator("#note-back")).to_be_visible()


def test_ready_in_sixty_seconds_begins_at_the_first_tap_whatever_else_is_still_on_its_way(tab: Page) -> None:
    tab.route("**/noting*.js", lambda _: None)
    tab.goto(put(tab, PLAIN))
    tab.locator("#sixty").tap()
    expect(tab.locator("#steps")).to_be_visible()


def test_a_note_without_a_sentence_is_no_step(tab: Page) -> None:
    tab.goto(put(tab, PLAIN))
    expect(tab.locator("#note-back")).to_be_visible()
    tab.locator("#sixty").tap()
    for item in ("call", "help"):
        expect(tab.locator(".item[data-now]")).to_have_attribute("data-item", item)
        tab.locator("[data-step='1']").tap()
    expect(tab.locator("#steps")).to_be_hidden()


def test_what_takes_longer_than_a_minute_does_not_promise_sixty_seconds(tab: Page) -> None:
    long = {**PLAIN, "parts": {"rhythm": {"lang": "nl", "text": "woord " * 400}}}
    tab.goto(put(tab, long))
    expect(tab.locator("#time")).to_contain_text("10")
    expect(tab.locator("#sixty")).to_have_text("Eén voor één")
    expect(tab.locator("#steps")).to_have_attribute("aria-label", "Eén voor één")
