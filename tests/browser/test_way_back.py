"""The link back says where it leads, and home is called as it was."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from pwa.deck.model import Deck


def test_the_link_back_from_a_place_that_came_without_home_leads_there_and_calls_it_by_its_name(phone: Page) -> None:
    phone.goto("/nl/s/anger")
    title = phone.locator("section[data-open]").get_attribute("data-title")
    phone.locator('section[data-open] a[href="/nl/k/anger-is-fear"]').tap()
    leads(phone, "/nl/s/anger", title)
    phone.go_back()
    leads(phone, "/nl/", "Wat zie je?")


def test_a_card_that_is_one_of_all_cards_leads_back_to_them_and_on_to_the_next(phone: Page) -> None:
    phone.goto("/nl/cards")
    phone.locator("#cards .cues a").nth(1).tap()
    leads(phone, "/nl/cards", "Alle kaarten")
    expect(phone.locator("#tools .before")).to_be_visible()
    expect(phone.locator("#tools .next")).to_be_visible()


@pytest.mark.parametrize("path", ["/nl/k/anger-is-fear", "/nl/search?q=driftbui"])
def test_a_card_that_came_without_its_place_soon_knows_it(phone: Page, deck: Deck, path: str) -> None:
    phone.goto(path)
    if "search" in path:
        phone.locator('#search a[href="/nl/k/anger-is-fear"]').tap()
    expect(phone.locator("#tools .next")).to_be_visible()
    leads(phone, "/nl/s/anger", deck.situations["anger"].names["nl"])


def test_a_card_in_the_other_language_belongs_to_the_place_that_it_was_opened_from(phone: Page, deck: Deck) -> None:
    phone.goto("/nl/s/defiance")
    phone.locator('section[data-open] a[href="/nl/k/anger-is-fear"]').tap()
    phone.locator(".languages a[lang=en]").tap()
    leads(phone, "/en/s/defiance", deck.situations["defiance"].names["en"])
    phone.locator("#tools .next:visible, #tools .before:visible").first.tap()
    leads(phone, "/en/s/defiance", deck.situations["defiance"].names["en"])


def test_the_way_back_from_the_third_card_is_one_step_and_ends_where_it_began(phone: Page) -> None:
    phone.goto("/nl/s/anger")
    phone.locator("section[data-open] .cues a").last.tap()
    phone.locator("#tools .before").tap()
    phone.locator("#tools .before").tap()
    steps = phone.evaluate("history.length")
    phone.locator("#back").tap()
    place = phone.locator("section[data-open]")
    expect(place).to_have_attribute("id", "s/anger")
    expect(place.locator("h1")).to_be_focused()
    assert phone.evaluate("history.length") == steps
    phone.go_back()
    assert phone.url == "about:blank"


def test_to_go_to_the_text_is_no_step_to_another_card(phone: Page) -> None:
    phone.goto("/nl/s/defiance")
    phone.locator('section[data-open] a[href="/nl/k/anger-is-fear"]').tap()
    expect(phone.locator("#share")).to_be_visible()
    phone.locator(".skip").press("Enter")
    expect(phone.locator("#main")).to_be_focused()
    phone.keyboard.press("ArrowRight")
    leads(phone, "/nl/s/defiance", phone.locator('[id="s/defiance"]').get_attribute("data-title"))


def leads(phone: Page, path: str, words: str | None) -> None:
    back = phone.locator("#back")
    expect(back).to_have_attribute("href", path)
    expect(back).to_have_text(words or "")


def test_home_has_its_own_title_again_after_a_card(phone: Page) -> None:
    phone.goto("/nl/")
    title = phone.title()
    phone.locator('a[href="/nl/s/anger"]').first.tap()
    expect(phone).not_to_have_title(title)
    phone.go_back()
    expect(phone).to_have_title(title)
