"""Search while the cards are on their way, or could not be fetched: what is not known is not said."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

ANGER = '#search .cues a[href="/nl/k/anger-is-fear"]'


def test_nothing_is_said_to_be_missing_while_the_cards_are_on_their_way(phone: Page) -> None:
    held: list[Route] = []
    phone.route("**/nl/cards", lambda route: held.append(route))
    with phone.expect_request("**/nl/cards"):
        phone.goto("/nl/search")
    phone.locator("#q").fill("qqqqxxxx")
    assert phone.locator("#none").is_hidden()
    phone.locator("#q").fill("driftbui")
    held[0].continue_()
    expect(phone.locator(ANGER)).to_be_visible()


def test_cards_that_could_not_be_fetched_are_asked_for_at_the_next_key(phone: Page) -> None:
    phone.route("**/nl/cards", lambda route: route.abort(), times=1)
    with phone.expect_event("requestfailed"):
        phone.goto("/nl/search")
    phone.locator("#q").fill("driftbui")
    expect(phone.locator(ANGER)).to_be_visible()


def test_what_the_server_found_stays_and_it_can_be_asked_again_when_the_cards_cannot_be_fetched(phone: Page) -> None:
    phone.route("**/cards", lambda route: route.abort())
    with phone.expect_event("requestfailed"):
        phone.goto("/nl/search?q=driftbui")
    assert phone.locator(ANGER).is_visible()
    phone.locator("#q").fill("woede")
    assert phone.locator("#none").is_hidden()
    phone.keyboard.press("Enter")
    expect(phone).to_have_url("/nl/search?q=woede")
