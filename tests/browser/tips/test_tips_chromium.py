"""Real Chromium, the same way as in Firefox: what is displayed is asked of the browser and of the desktop that it shows
notifications on, and the tap comes from that desktop."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.conftest import open_profile
from tests.support.briefing import wait_until
from tests.support.browsers import CHROMIUM_AT_REST, listen
from tests.support.push.desktop import Desktop
from tests.support.push.process import Push
from tests.support.whole import CODE, Whole, eventually

# else this build takes jmt17.google.com, which is for browsers that are not released
PUSH_FLAGS = ["--enable-features=PushMessagingGcmEndpointWebpushPath"]
DISPLAYED = """async () => {
    const {active} = await navigator.serviceWorker.ready;
    return (await (await navigator.serviceWorker.getRegistration('/')).getNotifications()).map(({title}) => title);
}"""


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    """Where Chromium's notifications are shown, and where a finger can be put on them."""
    desktop = Desktop()
    yield desktop
    desktop.stop()


@pytest.fixture
def phone(
    playwright: Playwright, push: Push, whole: Whole, desktop: Desktop, tmp_path: Path, complaints: list[str]
) -> Iterator[Callable[[], Page]]:
    """One and the same phone, switched on again and again; whoever asks is allowed notifications."""
    opened: list[BrowserContext] = []

    def switch_on() -> Page:
        switch_off(opened)
        context = open_profile(playwright, tmp_path / "chromium", whole.url, locale="nl-NL",
                               args=[*CHROMIUM_AT_REST, *PUSH_FLAGS, *(push.chromium_flags or [])],
                               env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": desktop.address})  # fmt: skip
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
    """What the browser says is displayed. Ask this when the worker is done with a message, and never again and again: asked
    while a notification is on its way to the desktop, Chromium forgets that notification, and the worker waits for ever."""
    return page.evaluate(DISPLAYED)


@pytest.fixture
def reader(phone: Callable[[], Page], desktop: Desktop, school: int) -> Page:
    """Somebody who scanned the poster, subscribed and joined."""
    page = phone()
    page.goto(f"/nl/tips#join={CODE}")
    page.locator("[data-do=begin]").tap()
    desktop.wait("Tips staan aan")
    expect(page.locator("#tips-said")).to_contain_text("aangekomen")
    expect(page.locator("#tips-groups")).to_contain_text("De Regenboog")
    assert displayed(page) == ["Tips staan aan"]
    return page


def test_a_tip_is_decrypted_displayed_and_kept(reader: Page, desktop: Desktop, whole: Whole, school: int) -> None:
    [row] = whole.rows()
    assert row.endpoint.startswith("https://fcm.googleapis.com/")
    assert row.confirmed_at
    tip = whole.tip(school, "Pauze blijft")
    whole.send(tip)
    desktop.wait("Pauze blijft")
    expect(reader.locator("#tips-inbox")).to_contain_text("Pauze blijft")
    expect(reader.locator("#tips-inbox small")).to_contain_text("nieuw · ")
    eventually(lambda: whole.counted(tip) == {"accepted": 1, "shown": 1}, "the counts")
    assert "Pauze blijft" in displayed(reader)
    reader.locator("#tips-inbox a").tap()
    expect(reader.locator("section[data-open] h1")).to_have_text("Pak de pauze niet af")


def test_a_tap_on_a_tip_opens_its_card_in_the_window_that_is_there_or_in_a_new_one(
    reader: Page, desktop: Desktop, whole: Whole, school: int
) -> None:
    """The whole way back: Chromium hands the notification to its desktop (D-Bus), the desktop reports the tap as it does for
    a finger, and Chromium gives our worker a click that it trusts, which alone may bring a window to the front. Only the
    desktop is the test's own; it stands where the system's is."""
    tip = whole.tip(school, "Pauze blijft")
    whole.send(tip)
    desktop.wait("Pauze blijft")
    desktop.tap("Pauze blijft")
    expect(reader.locator("section[data-open] h1")).to_have_text("Pak de pauze niet af")
    assert len(reader.context.pages) == 1
    eventually(lambda: whole.counted(tip) == {"accepted": 1, "shown": 1, "opened": 1}, "the counts")
    desktop.wait("Pauze blijft", there=False)
    reader.goto("about:blank")
    whole.send(whole.tip(school, "App dicht"))
    desktop.wait("App dicht")
    with reader.context.expect_page() as opened:
        desktop.tap("App dicht")
    expect(opened.value.locator("section[data-open] h1")).to_have_text("Pak de pauze niet af")


HELD = """const {getRegistration} = ServiceWorkerContainer.prototype;
const held = new Promise((go) => (window.go = go));
ServiceWorkerContainer.prototype.getRegistration = async function (...asked) {
    await held;
    return getRegistration.apply(this, asked);
};"""


def test_a_thumb_that_is_quicker_than_the_page_takes_the_code_of_the_poster_along(
    phone: Callable[[], Page], desktop: Desktop, school: int
) -> None:
    page = phone()
    page.add_init_script(HELD)
    page.goto(f"/nl/tips#join={CODE}")
    page.locator("[data-do=begin]").tap()
    desktop.wait("Tips staan aan")
    expect(page.locator("#tips-groups")).to_contain_text("De Regenboog")
    page.evaluate("window.go()")
    expect(page.locator("#tips-said")).to_contain_text("aangekomen")
    expect(page.locator("#tips-code")).to_have_value("")
    assert "#" not in page.url


LISTEN = """() => {
    const line = document.querySelector('#tips-said');
    window.said = [];
    new MutationObserver(() => window.said.push(line.textContent)).observe(line, {childList: true});
}"""


def test_only_the_message_that_was_asked_for_is_said_to_have_arrived(reader: Page, whole: Whole, school: int) -> None:
    reader.evaluate(LISTEN)
    for title in ("De eerste", "De tweede"):
        whole.send(whole.tip(school, title))
        expect(reader.locator("#tips-inbox")).to_contain_text(title)
    reader.locator("#tips-doctor summary").tap()
    reader.locator("[data-do=trial]").tap()
    expect(reader.locator("#tips-said")).to_contain_text("aangekomen")
    said = reader.evaluate("window.said")
    assert [line for line in said if "aangekomen" in line] == said[-1:], said
    whole.send(whole.tip(school, "De derde"))
    expect(reader.locator("#tips-inbox")).to_contain_text("De derde")
    reader.locator("[data-mute='1']").tap()
    expect(reader.locator("#tips-said")).to_contain_text("Opgeslagen")
    assert sum("aangekomen" in line for line in reader.evaluate("window.said")) == 1


TOP = "node => node.closest('label').getBoundingClientRect().top + scrollY"


def test_what_is_said_moves_nothing_away_under_a_thumb_and_the_last_day_stays(reader: Page, whole: Whole) -> None:
    reader.reload()
    line, days = reader.locator("#tips-said"), reader.locator("[name=days]")
    expect(line).to_have_text("Tips staan aan.")
    where = days.nth(3).evaluate(TOP)
    days.nth(0).uncheck()
    expect(line).to_have_text("Opgeslagen.")
    assert days.nth(3).evaluate(TOP) == where
    assert line.evaluate("line => line.getBoundingClientRect().top") >= 0, "it is in sight"
    for number in range(4):
        days.nth(number).uncheck()
        eventually(lambda left=31 & -2 << number: [row.days for row in whole.rows()] == [left], "one day less")
    expect(line).to_have_text("Opgeslagen.")
    days.nth(4).click()
    expect(line).to_have_text("Kies minstens één dag, of stop de tips.")
    expect(days.nth(4)).to_be_checked()
    assert [row.days for row in whole.rows()] == [16]


SLOW = """() => {
    const {fetch} = self;
    self.held = [];
    self.fetch = async (...asked) => {
        if (asked[1]?.method === 'PUT') await new Promise((go) => self.held.push(go));
        return fetch(...asked);
    };
}"""
DRAWN = """() => {
    window.drawn = 0;
    new MutationObserver(() => (window.drawn += 1)).observe(document.querySelector('#tips-groups'), {childList: true});
}"""


def test_days_that_are_chosen_faster_than_the_network_all_count(reader: Page, whole: Whole) -> None:
    [worker] = reader.context.service_workers
    worker.evaluate(SLOW)
    reader.evaluate(DRAWN)
    days = reader.locator("[name=days]")
    days.nth(0).uncheck()
    days.nth(1).uncheck()
    eventually(lambda: worker.evaluate("self.held.length") == 1, "the first on its way")
    worker.evaluate("self.held[0]()")
    wait_until(reader, "window.drawn > 0")
    days.nth(2).uncheck()
    for number in (1, 2):
        eventually(lambda number=number: worker.evaluate("self.held.length") > number, "the next on its way")
        worker.evaluate(f"self.held[{number}]()")
    eventually(lambda: [row.days for row in whole.rows()] == [24], "three days less")
    expect(days.nth(1)).not_to_be_checked()


def test_who_takes_the_permission_away_can_stop_which_erases_the_reader_and_the_browsers_address(
    reader: Page, whole: Whole, push: Push
) -> None:
    begin, stop, form = (reader.locator(f"#tips {part}") for part in ("[data-do=begin]", "[data-do=stop]", "form"))
    reader.context.clear_permissions()
    reader.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(begin).to_be_visible()
    expect(stop).to_be_visible()
    expect(form).to_be_hidden()
    reader.context.grant_permissions(["notifications"], origin=whole.url)
    reader.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(form).to_be_visible()
    expect(begin).to_be_hidden()
    [row] = whole.rows()
    stop.tap()
    expect(reader.locator("#tips-said")).to_contain_text("Gestopt")
    assert whole.rows() == []
    assert whole.holds(row.endpoint.rpartition("/")[2]) == []
    [path] = push.report()["endpoints"]
    eventually(lambda: push.report()["endpoints"][path]["gone"], "word of it at the push service")


def test_what_is_chosen_in_another_window_is_shown_and_not_undone(reader: Page, whole: Whole) -> None:
    other = reader.context.new_page()
    other.goto("/nl/tips")
    other.locator("[name=moment][value=evening]").check()
    expect(reader.locator("[name=moment][value=evening]")).to_be_checked()
    reader.locator("[name=days][value='1']").uncheck()
    eventually(lambda: [(row.moment, row.days) for row in whole.rows()] == [("evening", 30)], "both")


def test_a_test_message_that_does_not_come_is_missed_and_it_is_said_where_to_look(reader: Page, whole: Whole) -> None:
    whole.stop()
    whole.start(HOUVAST_SENDER="alone")  # and none is started
    reader.clock.install()
    reader.locator("#tips-doctor summary").tap()
    expect(reader.locator("[data-check=proved] b")).to_have_text("In orde")
    reader.locator("[data-do=trial]").tap()
    expect(reader.locator("#tips-said")).to_contain_text("Verstuurd")
    reader.clock.fast_forward(61_000)
    expect(reader.locator("#tips-said")).to_contain_text("niet aangekomen")
    expect(reader.locator("[data-check=proved] b")).to_have_text("Nog niet")


def test_copies_at_the_same_moment_leave_one_on_the_screen(
    reader: Page, desktop: Desktop, whole: Whole, school: int
) -> None:
    """As after a crash of the sender, for a phone that was off. The second must not take the first away while that is on its
    way to the screen; through the wire they are too far apart to show it."""
    devtools, known = reader.context.new_cdp_session(reader), []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"]))
    devtools.send("ServiceWorker.enable")
    eventually(lambda: reader.title() and known, "the worker")  # the title: events are only heard while something is asked
    worker = {"origin": whole.url, "registrationId": known[-1]["registrationId"]}
    once, after = (whole.message(whole.tip(school, title), title).decode() for title in ("Eenmaal", "Daarna"))
    for message in (once, once, once, after):
        devtools.send("ServiceWorker.deliverPushMessage", worker | {"data": message})
    desktop.wait("Daarna")
    assert sorted(desktop.shown.values()) == ["Daarna", "Eenmaal", "Tips staan aan"]
    assert sorted(displayed(reader)) == ["Daarna", "Eenmaal", "Tips staan aan"]


def test_a_tip_waits_for_a_browser_that_is_off_and_of_two_the_newer_comes(
    reader: Page, phone: Callable[[], Page], desktop: Desktop, whole: Whole, school: int, push: Push
) -> None:
    reader.context.close()
    first = whole.tip(school, "Met een fout", batch="cafe", date=whole.days[0])
    whole.send(first)
    whole.send(whole.tip(school, "Zonder fout", batch="cafe", date=whole.days[0], corrects_id=first))
    assert push.report()["replaced_by_topic"] == 1
    page = phone()
    page.goto("/nl/tips")
    expect(page.locator("#tips-inbox")).to_contain_text("Zonder fout")
    desktop.wait("Zonder fout")
    assert "Met een fout" not in desktop.shown.values()
    assert "Met een fout" not in displayed(page)


def test_a_rotated_key_loses_no_tip_and_is_taken_over_at_the_next_start(
    reader: Page, phone: Callable[[], Page], desktop: Desktop, whole: Whole, school: int
) -> None:
    [before] = whole.rows()
    whole.flask("keys", "rotate")
    whole.stop()
    whole.start()
    whole.send(whole.tip(school, "Oude sleutel"))
    desktop.wait("Oude sleutel")
    page = phone()
    page.goto("/nl/")
    eventually(lambda: whole.rows()[0].key_id != before.key_id, "the new key")
    whole.send(whole.tip(school, "Nieuwe sleutel"))
    desktop.wait("Nieuwe sleutel")
