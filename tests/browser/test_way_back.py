"""The link back says where it leads, and home is called as it was."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from pwa.deck.model import Deck


def test_the_link_back_from_a_place_that_came_without_home_leads_to_all_cards_and_says_so(phone: Page) -> None:
    phone.goto("/nl/s/anger")
    title = phone.locator("section[data-open]").get_attribute("data-title")
    phone.locator('section[data-open] a[href="/nl/k/anger-is-fear"]').tap()
    leads(phone, "/nl/s/anger", title)
    phone.go_back()
    leads(phone, "/nl/", "Alle kaarten")


def test_the_link_back_from_a_card_that_was_searched_for_leads_where_it_says(phone: Page, deck: Deck) -> None:
    phone.goto("/nl/search")
    phone.locator("#q").fill("driftbui")
    phone.locator('#search a[href="/nl/k/anger-is-fear"]').tap()
    leads(phone, "/nl/", "Alle kaarten")
    phone.reload()
    leads(phone, "/nl/s/anger", deck.situations["anger"].names["nl"])


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
