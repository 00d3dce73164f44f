"""The tips page where tips cannot come yet: without scripts, in a browser that has no push, on an iPhone."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE
from tests.support.server import Server
from tests.support.whole import CODE

# what Safari on an iPhone has, and has not, until Houvast is on the home screen
IPHONE = "delete window.PushManager; Object.defineProperty(Navigator.prototype, 'standalone', {get: () => false});"
NO_PUSH = "delete window.PushManager;"
WORDS = {"nl": ("Zet Houvast eerst op je beginscherm", "De code van je school"),
         "en": ("First put Houvast on your home screen", "The code of your school")}  # fmt: skip


@pytest.mark.parametrize("language", WORDS)
def test_an_iphone_is_led_to_the_home_screen_with_pictures_and_keeps_the_code_in_sight(
    phone: Page, language: str
) -> None:
    title, code = WORDS[language]
    phone.add_init_script(IPHONE)
    phone.goto(f"/{language}/tips#join={CODE}")
    expect(phone.get_by_role("heading", name=title)).to_be_visible()
    expect(phone.locator(".steps li")).to_have_count(3)
    for picture in phone.locator(".steps svg").all():
        expect(picture).to_be_visible()
    expect(phone.locator("#tips-said")).to_contain_text(code)
    expect(phone.locator("#tips-said")).to_contain_text(CODE)
    expect(phone.locator("[data-do=begin]")).to_be_hidden()
    phone.locator(".languages a").tap()
    expect(phone.locator("html")).not_to_have_attribute("lang", language)
    expect(phone.locator("#tips-said")).to_contain_text(CODE)
    phone.reload()
    expect(phone.locator("#tips-said")).to_contain_text(CODE)


def test_a_browser_without_push_says_so_and_so_does_the_doctor(phone: Page) -> None:
    phone.add_init_script(NO_PUSH)
    phone.goto("/nl/tips")
    expect(phone.locator("#tips [data-when=none]")).to_be_visible()
    phone.locator("#tips-doctor summary").tap()
    expect(phone.locator("[data-check=can] b")).to_have_text("Nog niet")
    expect(phone.locator("[data-check=has] b")).to_have_text("Nog niet")


def test_a_tip_without_a_card_is_read_when_it_is_tapped(phone: Page) -> None:
    phone.goto("/nl/tips")
    phone.evaluate("""async () => {
        const tip = {tip: 1, tag: 'tip-1', title: 'Adem', body: 'Even.', lang: 'nl', path: '/nl/tips', at: 1, read: false};
        await (await caches.open('tips')).put('/-/tips/tip-1', Response.json(tip));
    }""")
    phone.reload()
    expect(phone.locator("#tips-inbox a[data-new]")).to_have_count(1)
    phone.locator("#tips-inbox a").tap()
    expect(phone.locator("#tips-inbox a:not([data-new])")).to_have_count(1)


def test_the_page_is_one_tap_from_everywhere_and_reads_without_scripts(chromium: object, server: Server) -> None:
    context: BrowserContext = chromium.new_context(viewport=PHONE, has_touch=True, base_url=server.url,
                                                   java_script_enabled=False)  # fmt: skip
    page = context.new_page()
    for start in ("/en/", "/en/k/keep-recess", "/en/safety"):
        page.goto(start)
        page.locator('.bottom a[href="/en/tips"]').tap()
        expect(page.locator("section[data-open] h1")).to_have_text("Tips")
        expect(page.get_by_text("A short tip on your lock screen")).to_be_visible()
        expect(page.locator("[data-do=begin]")).to_be_hidden()
    context.close()


def test_nothing_is_asked_of_the_server_by_who_only_reads(phone: Page) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    for path in ("/nl/", "/nl/k/keep-recess", "/nl/tips"):
        phone.goto(path)
        expect(phone.locator("html")).to_have_attribute("data-ready", "")
        phone.wait_for_load_state("networkidle")
    assert asked == []
    assert phone.evaluate("caches.has('tips')") is False
