"""Real Chromium: the same way as in Firefox, as far as it lets a test look: what is displayed is asked of the browser, and
nobody can tap there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.conftest import FLAGS, listen, open_profile
from tests.support.push.process import Push
from tests.support.whole import CODE, Whole, eventually

# else this build takes jmt17.google.com, which is for browsers that are not released
PUSH_FLAGS = ["--enable-features=PushMessagingGcmEndpointWebpushPath"]
DISPLAYED = """async () => {
    const {active} = await navigator.serviceWorker.ready;
    return (await (await navigator.serviceWorker.getRegistration('/')).getNotifications()).map(({title}) => title);
}"""


@pytest.fixture
def phone(
    playwright: Playwright, push: Push, whole: Whole, tmp_path: Path, complaints: list[str]
) -> Iterator[Callable[[], Page]]:
    """One and the same phone, switched on again and again; whoever asks is allowed notifications."""
    opened: list[BrowserContext] = []

    def switch_on() -> Page:
        switch_off(opened)
        context = open_profile(playwright, tmp_path / "chromium", whole.url, locale="nl-NL",
                               args=[*FLAGS, *PUSH_FLAGS, *(push.chromium_flags or [])])  # fmt: skip
        context.grant_permissions(["notifications"], origin=whole.url)
        listen(context, complaints, whole.url)
        opened.append(context)
        return context.pages[0]

    yield switch_on
    switch_off(opened)


def switch_off(opened: list[BrowserContext]) -> None:
    while opened:
        opened.pop().close()


def displayed(page: Page) -> Any:
    return page.evaluate(DISPLAYED)


@pytest.fixture
def school(whole: Whole) -> int:
    return whole.school()


@pytest.fixture
def reader(phone: Callable[[], Page], school: int) -> Page:
    """Somebody who scanned the poster, subscribed and joined."""
    page = phone()
    page.goto(f"/nl/tips#join={CODE}")
    page.locator("[data-do=begin]").tap()
    expect(page.locator("#tips-groups")).to_contain_text("De Regenboog")
    eventually(lambda: displayed(page) == ["Tips staan aan"], "the first message")
    expect(page.locator("#tips-said")).to_contain_text("aangekomen")
    return page


def test_a_tip_is_decrypted_displayed_and_kept(reader: Page, whole: Whole, school: int) -> None:
    [row] = whole.rows()
    assert row.endpoint.startswith("https://fcm.googleapis.com/")
    assert row.confirmed_at
    tip = whole.tip(school, "Pauze blijft")
    whole.send(tip)
    eventually(lambda: "Pauze blijft" in displayed(reader), "the tip")
    expect(reader.locator("#tips-inbox")).to_contain_text("Pauze blijft")
    eventually(lambda: whole.counted(tip) == {"accepted": 1, "shown": 1}, "the counts")
    reader.locator("#tips-inbox a").tap()
    expect(reader.locator("section[data-open] h1")).to_have_text("Pak de pauze niet af")


def test_a_tip_waits_for_a_browser_that_is_off_and_of_two_the_newer_comes(
    reader: Page, phone: Callable[[], Page], whole: Whole, school: int, push: Push
) -> None:
    reader.context.close()
    first = whole.tip(school, "Met een fout", batch="cafe", date=whole.days[0])
    whole.send(first)
    whole.send(whole.tip(school, "Zonder fout", batch="cafe", date=whole.days[0], corrects_id=first))
    assert push.report()["replaced_by_topic"] == 1
    page = phone()
    page.goto("/nl/tips")
    expect(page.locator("#tips-inbox")).to_contain_text("Zonder fout")
    eventually(lambda: "Zonder fout" in displayed(page), "the newer one")
    assert "Met een fout" not in displayed(page)


def test_stopping_erases_the_reader_and_the_browsers_address(
    reader: Page, whole: Whole, school: int, push: Push
) -> None:
    [row] = whole.rows()
    reader.locator("[data-do=stop]").tap()
    expect(reader.locator("#tips-said")).to_contain_text("Gestopt")
    assert whole.rows() == []
    assert whole.holds(row.endpoint.rpartition("/")[2]) == []
    [path] = push.report()["endpoints"]
    eventually(lambda: push.report()["endpoints"][path]["gone"], "word of it at the push service")


def test_a_rotated_key_loses_no_tip_and_is_taken_over_at_the_next_start(
    reader: Page, phone: Callable[[], Page], whole: Whole, school: int
) -> None:
    [before] = whole.rows()
    whole.flask("keys", "rotate")
    whole.stop()
    whole.start()
    whole.send(whole.tip(school, "Oude sleutel"))
    eventually(lambda: "Oude sleutel" in displayed(reader), "a tip with the older key")
    page = phone()
    page.goto("/nl/")
    eventually(lambda: whole.rows()[0].key_id != before.key_id, "the new key")
    whole.send(whole.tip(school, "Nieuwe sleutel"))
    eventually(lambda: "Nieuwe sleutel" in displayed(page), "a tip with the new key")
