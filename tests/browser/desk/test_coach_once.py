"""A form of the desk that is sent twice, by a double tap or on a network that hangs, is sent once."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Route, expect

from pwa.config import Settings
from tests.support import desk


def test_a_button_that_is_pressed_twice_makes_one_group(browser: BrowserContext, desk_settings: Settings) -> None:
    page = browser.new_page()
    desk.come_in(page, desk_settings, email="twice@school.example")
    page.goto("/coach/en/groups/new")
    page.locator("#name").fill("De Dubbele")
    sent: list[Route] = []
    page.route("**/groups/new", lambda route: sent.append(route) or route.continue_())
    page.get_by_role("button", name="Save").evaluate("(button) => { button.click(); button.click(); }")
    expect(page.locator("h1")).to_have_text("De Dubbele")
    assert len(sent) == 1
    page.go_back()
    page.locator("#name").fill("De Volgende")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("De Volgende")
