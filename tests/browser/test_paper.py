"""Cards and situations on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route

from pwa.deck.model import Deck
from tests.support.briefing import wait_until

LANGUAGES = ("nl", "en")


def test_a_card_prints_on_one_a6_and_a_situation_on_a4(phone: Page) -> None:
    phone.goto("/nl/k/anger-is-fear")
    card = phone.pdf(prefer_css_page_size=True)
    assert card.count(b"/Type /Page\n") == 1
    width, height = page_size(card)
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (105, 148)
    phone.goto("/nl/s/anger")
    width, height = page_size(phone.pdf(prefer_css_page_size=True))
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (210, 297)


A6 = {"width": 351, "height": 514}  # what its margins leave, in CSS pixels
HEIGHTS = """() => [...document.querySelectorAll('.card')].map((card) => {
  document.querySelector('[data-open]').removeAttribute('data-open');
  card.setAttribute('data-open', '');
  document.documentElement.dataset.kind = 'card';
  return [card.id, Math.ceil(card.getBoundingClientRect().height)];
})"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_fits_one_a6_with_its_picture_or_its_numbers(phone: Page, deck: Deck, language: str) -> None:
    phone.set_viewport_size(A6)
    phone.goto(f"/{language}/cards")
    phone.emulate_media(media="print")
    heights = phone.evaluate(HEIGHTS)
    assert len(heights) == len(deck.cards)
    assert [card for card in heights if card[1] > A6["height"]] == []
    whole = phone.locator(".diagram, .card .lines")
    rules = whole.evaluate_all("all => all.map((each) => getComputedStyle(each).breakInside)")
    assert rules == ["avoid"] * len(rules)
    assert rules


@pytest.mark.parametrize(
    "path", ["k/how-common", "k/near-in-every-age", "k/safe-base-circle", "k/talk-of-not-living", "s/left-out", "safety"]
)
def test_paper_has_no_second_page_that_is_not_needed(phone: Page, path: str) -> None:
    """Six cards are one sheet; no page is blank."""
    phone.goto(f"/nl/{path}")
    assert phone.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


ON_THE_SHEET = "[...document.querySelectorAll('.card[data-sheet]')].map((card) => card.id.slice(2)).sort().join(' ')"


def open_a_place_that_came_without_its_cards(phone: Page) -> str:
    """As on a device, where home brings the other sections after its first second. The cards of that place, in order."""
    phone.goto("/nl/")
    phone.locator('a[href="/nl/s/anger"]').first.tap()
    return cards_of_the_place(phone)


def cards_of_the_place(phone: Page) -> str:
    cues = phone.locator("section[data-open] .cues a").all()
    return " ".join(sorted(cue.get_attribute("href").rpartition("/")[2] for cue in cues))


def test_a_sheet_has_its_cards_although_they_came_after_the_place_was_opened(phone: Page) -> None:
    cards = open_a_place_that_came_without_its_cards(phone)
    wait_until(phone, f"{ON_THE_SHEET} === '{cards}'")
    phone.locator('.bottom a[href="/nl/"]').tap()
    phone.locator('a[href="/nl/m/before"]').first.tap()
    phone.evaluate("dispatchEvent(new Event('beforeprint'))")  # at once
    assert phone.evaluate(ON_THE_SHEET) == cards_of_the_place(phone) != cards


def test_printing_a_sheet_waits_for_its_cards(phone: Page) -> None:
    phone.add_init_script(f"window.print = () => {{ window.printed = {ON_THE_SHEET}; }}")
    held: list[Route] = []
    phone.route("**/nl/cards", lambda route: held.append(route))
    with phone.expect_request("**/nl/cards"):
        cards = open_a_place_that_came_without_its_cards(phone)
    phone.locator("section[data-open] [data-print]").tap()
    assert phone.evaluate("window.printed") is None
    held[0].continue_()
    wait_until(phone, f"window.printed === '{cards}'")


def page_size(pdf: bytes) -> tuple[float, float]:
    box = pdf.split(b"/MediaBox [")[1].split(b"]")[0].split()
    return float(box[2]), float(box[3])
