"""Words that a coach typed stay in the tab until they have arrived; what was ticked does not come back unasked."""

from __future__ import annotations

import re
import time

from playwright.sync_api import BrowserContext, expect

from pwa.config import Settings
from tests.support import desk
from tests.support.coaches import PASSWORD, code_of


def test_words_of_an_earlier_visit_come_back_without_the_day_and_can_be_put_away(
    browser: BrowserContext, desk_settings: Settings
) -> None:
    page = browser.new_page()
    desk.come_in(page, desk_settings, email="earlier@school.example")
    other, group = desk.make_group(page, "De Buren"), desk.make_group(page, "De Bewaarder")
    here = f"/coach/en/groups/{group}/tips/new?card=keep-recess"
    page.goto(here)
    title, also = page.locator("#title-en"), page.locator(f"[name=also][value='{other}']")
    said = page.get_by_text("Your words from earlier are here.")
    expect(said).to_be_hidden()
    cards = title.input_value()
    title.fill("Out they go")
    also.check()
    page.locator("[name=when]").last.check()
    page.goto("/coach/en/")
    page.goto(here)
    expect(title).to_have_value("Out they go")
    expect(said).to_be_visible()
    expect(also).not_to_be_checked()
    expect(page.locator("[name=when]").last).not_to_be_checked()
    page.get_by_role("button", name="Start afresh").click()
    expect(title).to_have_value(cards)
    expect(page.locator('.words[data-language="en"] .android .shown-title')).to_have_text(cards)
    page.goto(here)
    expect(title).to_have_value(cards)
    expect(said).to_be_hidden()


def test_a_form_whose_answer_was_lost_is_known_again(browser: BrowserContext, desk_settings: Settings) -> None:
    page, group = desk.come_with_a_group(browser, desk_settings, "lost@school.example", "De Tunnel")
    here = f"/coach/en/groups/{group}/tips/new?card=keep-recess"
    page.goto(here)
    page.route("**/tips/new*", lambda route: (route.fetch(max_redirects=0), route.abort()))  # it arrives, its answer not
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Schedule it").click(no_wait_after=True)
    page.unroute("**/tips/new*")
    page.goto(here)
    page.get_by_role("button", name="Schedule it").click()  # for another day: that of the first is taken
    expect(page.get_by_text("A tip from this page was scheduled already")).to_be_visible()
    page.get_by_role("link", name="Look at it").click()
    expect(page.locator(".state")).to_have_text("held for 60 seconds")
    page.goto("/coach/en/audit")
    expect(page.get_by_text("scheduled a tip")).to_have_count(1)


def test_the_words_of_a_template_stay_over_a_change_of_language(browser: BrowserContext, desk_settings: Settings) -> None:
    page, group = desk.come_with_a_group(browser, desk_settings, "template@school.example", "De Mal")
    page.goto(f"/coach/en/groups/{group}/templates/new?template=half-day")
    page.locator("#title-nl").fill("Bij ons")
    page.locator("#card-1").select_option(index=3)
    card = page.locator("#card-1").input_value()
    page.locator(".languages a").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.locator("#title-nl")).to_have_value("Bij ons")
    expect(page.locator("#card-1")).to_have_value(card)
    page.locator("form.compose .go").click()
    expect(page).to_have_url(re.compile("/templates$"))
    assert page.evaluate("sessionStorage.length") == 0


def test_words_stay_in_the_tab_until_they_are_sent(browser: BrowserContext, desk_settings: Settings) -> None:
    page = browser.new_page()
    key = desk.come_in(page, desk_settings, email="keeper@school.example")
    other = desk.make_group(page, "De Buren")
    group = desk.make_group(page, "De Bewaarder")
    page.goto(f"/coach/en/groups/{group}/tips/new?card=keep-recess")
    page.locator("#title-nl").fill("Groet bij de deur")
    page.locator(f"[name=also][value='{other}']").check()
    last = page.locator("[name=when]:not([value=now], [value=other])").last
    last.check()
    day = last.get_attribute("value")
    page.get_by_role("button", name="Test on my phone").first.click()
    page.locator(".languages a").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.locator("#title-nl")).to_have_value("Groet bij de deur")
    expect(page.locator('.words[data-language="nl"] .android .shown-title')).to_have_text("Groet bij de deur")
    expect(page.locator(f"[name=also][value='{other}']")).to_be_checked()
    expect(page.locator(f"[name=when][value='{day}']")).to_be_checked()

    browser.clear_cookies()  # the session has ended
    page.get_by_role("button", name="Plan de tip").click()
    page.locator("#email").fill("keeper@school.example")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen", exact=True).click()
    page.locator("#code").fill(code_of(key, time.time() + 30))
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page.locator("#title-nl")).to_have_value("Groet bij de deur")
    page.goto(f"/coach/nl/groups/{group}/tips/new")
    expect(page.locator("#title-nl")).to_have_value("")

    page.goto(f"/coach/nl/groups/{group}/tips/new?card=keep-recess")
    page.get_by_role("button", name="Plan de tip").click()
    expect(page.locator("h1")).to_have_text("Groet bij de deur")
    page.goto(f"/coach/nl/groups/{group}/tips/new?card=keep-recess")
    expect(page.locator("#title-nl")).to_have_value("Pak de pauze niet af")
    page.locator("#title-nl").fill("Iets anders")
    page.goto("/coach/nl/account")
    page.get_by_role("button", name="Uitloggen", exact=True).click()
    expect(page.locator("h1")).to_have_text("Inloggen als coach")
    assert page.evaluate("sessionStorage.length") == 0
