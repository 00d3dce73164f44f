"""A coach's own phone, in real Chromium: tied by the code on the desk, and a test that arrives and says so."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import SLOW_MACHINE
from tests.browser.tips.test_tips_chromium import desktop, phone  # noqa: F401  (fixtures)
from tests.support import desk
from tests.support.browsers import listen
from tests.support.push.desktop import Desktop
from tests.support.whole import Whole


def test_a_test_reaches_the_coachs_own_phone_and_the_desk_says_so(
    phone: Callable[[], Page],  # noqa: F811
    desktop: Desktop,  # noqa: F811
    whole: Whole, chromium: object, complaints: list[str],
) -> None:  # fmt: skip
    context = chromium.new_context(base_url=whole.url, service_workers="block")
    context.set_default_timeout(SLOW_MACHINE)
    listen(context, complaints, whole.url)
    page = context.new_page()
    desk.come_in(page, desk.settings_of(whole.folder))
    page.goto("/coach/en/phone")
    page.get_by_role("button", name="Connect my phone").click()
    code = page.locator(".code-word").inner_text().replace("-", "")

    own = phone()
    own.goto(f"/nl/tips#join={code}")
    own.locator("[data-do=begin]").tap()
    desktop.wait("Tips staan aan")
    expect(page.locator(".figure")).to_have_text("Your phone is connected.")  # the page comes anew

    group = desk.make_group(page, "De Proef")
    page.goto(f"/coach/en/groups/{group}/tips/new?card=keep-recess")
    page.get_by_role("button", name="Test on my phone").nth(1).click()
    expect(page.get_by_text("Shown on your phone.")).to_be_visible()
    assert "Keep playtime, keep moving" in desktop.shown.values()
    context.close()
