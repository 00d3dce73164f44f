"""A coach at the desk in real Chromium: coming in, planning, looking on, a passkey, and going."""

from __future__ import annotations

import re
import time
from datetime import timedelta

from playwright.sync_api import BrowserContext, expect

from pwa.clock import now
from pwa.config import Settings
from tests.browser.conftest import PHONE
from tests.browser.desk.conftest import faults
from tests.support import desk
from tests.support.coaches import PASSWORD, code_of


def test_from_the_invitation_to_a_tip_that_stands_in_the_month(browser: BrowserContext, desk_settings: Settings) -> None:
    page = browser.new_page()
    desk.come_in(page, desk_settings, email="first@school.example")
    page.goto("/coach/en/")
    page.get_by_role("link", name="Make a group").click()
    page.locator("#name").fill("De Zwaluw")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("De Zwaluw")

    page.goto("/coach/en/")
    taps = 0
    for role, name in (("link", "New tip for De Zwaluw"), ("link", "Keep playtime, keep moving"), ("button", "Schedule it")):
        page.get_by_role(role, name=name).first.click()
        taps += 1
    expect(page.locator(".state")).to_have_text("held for 60 seconds")
    assert taps <= 6
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"^(1:00|0:\d\d)$"))
    started = page.locator("[data-left]").inner_text()
    expect(page.locator("[data-left]")).not_to_have_text(started)
    expect(page.get_by_role("timer")).to_have_attribute("aria-live", "off")
    page.get_by_role("link", name="Tips", exact=True).click()
    tip = page.locator(".planned")
    while not tip.count():  # the next school day may be in another month
        page.get_by_label("Month after").click()
    expect(tip).to_contain_text("held for 60 seconds")


def test_previews_and_counters_follow_what_is_typed(browser: BrowserContext, desk_settings: Settings) -> None:
    page, group = desk.come_with_a_group(browser, desk_settings, "typist@school.example", "De Typemachine")
    page.goto(f"/coach/en/groups/{group}/tips/new")
    page.locator("#title-nl").press_sequentially("Groet bij de deur 👋")
    page.locator("#body-en").fill("x" * 101)
    dutch, english = page.locator('.words[data-language="nl"]'), page.locator('.words[data-language="en"]')
    for screen in (".android", ".iphone"):
        expect(dutch.locator(f"{screen} .shown-title")).to_have_text("Groet bij de deur 👋")
        expect(english.locator(f"{screen} .shown-body")).to_have_text("x" * 101)
    expect(page.locator("#count-title-nl output")).to_have_text("19")
    expect(dutch.locator(".iphone")).to_be_visible()
    expect(page.locator("#count-body-en output")).to_have_text("101")
    expect(english.locator(".long")).to_be_visible()
    expect(dutch.locator(".long")).to_be_hidden()
    page.get_by_role("button", name="Test on my phone").first.click()
    expect(page.locator(".words .error")).to_have_count(1)
    expect(page.locator("#title-nl")).to_have_value("Groet bij de deur 👋")


def test_another_day_is_chosen_by_filling_it_in(browser: BrowserContext, desk_settings: Settings) -> None:
    page, group = desk.come_with_a_group(browser, desk_settings, "later@school.example", "De Agenda")
    page.goto(f"/coach/en/groups/{group}/tips/new?card=keep-recess")
    other, day = page.locator("[name=when][value=other]"), page.locator("#day")
    later = (now().date() + timedelta(days=100)).isoformat()
    day.fill(later)
    expect(other).to_be_checked()
    page.reload()
    expect(other).to_be_checked()
    expect(day).to_have_value(later)
    page.locator("[name=when]").first.check()
    expect(day).to_have_value("")
    expect(other).not_to_be_checked()
    page.set_viewport_size(PHONE)
    page.reload()
    expect(page.locator(".android").first).to_be_hidden()
    page.locator(".looks summary").first.click()
    expect(page.locator(".android").first).to_be_visible()
    assert faults(page) == []


def test_a_passkey_signs_a_coach_in_without_a_password(browser: BrowserContext, desk_settings: Settings) -> None:
    page = browser.new_page()
    devices = browser.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})  # fmt: skip
    desk.come_in(page, desk_settings, email="passkey@school.example")
    page.goto("/coach/en/account/passkeys")
    page.locator("#name").fill("Laptop of school")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/coach/en/account")
    page.goto("/coach/en/account/passkeys")
    expect(page.locator(".rows")).to_contain_text("Laptop of school")
    page.goto("/coach/en/account")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in as a coach")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("h1")).to_have_text("Your groups")
    page.goto("/coach/en/account")
    here = page.url.removesuffix("/coach/en/account")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"/coach/en/sign-in?next={here}//coach/en/account")  # which a browser takes for a host named coach
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{here}/coach/en/account")


def test_progress_moves_by_itself_and_without_scripts_by_looking_again(
    browser: BrowserContext, planner: dict[str, object], desk_settings: Settings
) -> None:
    from sqlalchemy import update

    from pwa.database import make_engine, writing
    from pwa.delivery.tables import chunks, runs

    browser.add_cookies(planner["state"]["cookies"])
    page = browser.new_page()
    page.goto(f"/coach/en/tips/{planner['going']}")
    expect(page.locator('[data-number="done"]')).to_have_text("31")
    with writing(make_engine(desk_settings.database_url)) as connection:
        connection.execute(update(chunks).values(done=((1 << 40) - 1).to_bytes(6, "little"), counts='{"accepted": 40}'))
    expect(page.locator('[data-number="done"]')).to_have_text("40")
    expect(page.locator('[data-number="accepted"]')).to_have_text("40")
    assert page.locator("progress").evaluate("bar => bar.value") == 40
    with writing(make_engine(desk_settings.database_url)) as connection:
        connection.execute(update(runs).where(runs.c.tip_id == planner["going"]).values(state="done"))
    expect(page.locator("progress")).to_have_count(0)
    expect(page.locator(".state")).to_have_text("sent")
    with writing(make_engine(desk_settings.database_url)) as connection:
        connection.execute(update(runs).where(runs.c.tip_id == planner["going"]).values(state="open"))


def test_a_link_is_copied_by_its_button_and_without_scripts_there_is_none(
    browser: BrowserContext, planner: dict[str, object]
) -> None:
    browser.add_cookies(planner["state"]["cookies"])
    browser.grant_permissions(["clipboard-read", "clipboard-write"])
    page = browser.new_page()
    page.goto("/coach/en/colleagues")
    page.get_by_role("button", name="Invite a coach").click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    link = page.locator("#link").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.evaluate("() => void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Link copied")).to_have_count(0)
    assert page.evaluate("getSelection().toString()") == link
    page.route("**/copying*.js", lambda route: route.abort())
    page.goto(f"/coach/en/groups/{planner['group']}/templates")
    expect(page.locator("#address")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the link")).to_be_hidden()


def test_a_password_can_be_seen_while_it_is_typed(browser: BrowserContext) -> None:
    page = browser.new_page()
    page.goto("/coach/en/sign-in")
    page.locator("#password").fill("groen fietst 7 nachten")
    expect(page.locator("#password")).to_have_attribute("type", "password")
    page.get_by_label("Show what I type").check()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    page.get_by_label("Show what I type").uncheck()
    expect(page.locator("#password")).to_have_attribute("type", "password")
    page.route("**/revealing*.js", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_label("Show what I type")).to_be_hidden()


def test_after_signing_out_going_back_shows_nothing(browser: BrowserContext, desk_settings: Settings) -> None:
    page = browser.new_page()
    key = desk.come_in(page, desk_settings, email="leaver@school.example")
    desk.make_group(page, "Geheim Gezelschap")
    page.goto("/coach/en/account")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in as a coach")
    page.goto("/coach/en/")
    expect(page.locator("h1")).to_have_text("Sign in as a coach")
    page.go_back()
    expect(page.get_by_text("Geheim Gezelschap")).to_have_count(0)
    page.goto("/coach/en/sign-in")
    page.locator("#email").fill("leaver@school.example")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("#code").fill(code_of(key, time.time() + 30))  # the app's next one: the last was used
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Geheim Gezelschap")).to_be_visible()
