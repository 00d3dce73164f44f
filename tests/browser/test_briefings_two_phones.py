"""A briefing from one phone to another, in both browsers: made, shared, read, kept, changed, withdrawn, over, answered."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.support.badnet import BadNet
from tests.support.briefing import (
    PERSON,
    PHONE_NUMBER,
    WEEK,
    WORD,
    Phone,
    browser_name,
    database,
    keep,
    kept_paths,
    make,
    net,
    open_maker,
    phones,
    read,
    wait_until,
)

__all__ = ["browser_name", "database", "net", "phones"]  # fixtures


# Sealing, keeping and that a briefing is over are seen in both browsers; what follows from it is the same code in each.
IN_ONE = pytest.mark.parametrize("browser_name", ["chromium"], indirect=True)
# Of a briefing that is over a device keeps no text, only a page that says so.
NOTHING_LEFT = """async () => {
    if (!(await caches.has('briefings'))) return true;
    const cache = await caches.open('briefings');
    const pages = (await cache.keys()).filter((request) => !new URL(request.url).pathname.startsWith('/static/'));
    const texts = await Promise.all(pages.map(async (request) => (await cache.match(request))?.text() ?? ''));
    return pages.every((page) => page.url.includes('/b/')) && texts.every((text) => text.includes('id="briefing" data-sealed="over"'));
}"""


def says_that_it_is_over(reader: Page, link: str) -> None:
    reader.goto(link)
    expect(reader.locator("[data-state=gone] h2")).to_have_text("Hier is geen briefing")
    expect(reader.locator("[data-state=gone]")).to_be_visible()
    expect(reader.locator("#items")).to_be_hidden()
    assert WORD not in reader.content()


def test_a_briefing_goes_from_one_phone_to_another_and_stays_there_without_a_network(
    phones: Phone, net: BadNet
) -> None:
    link = make(open_maker(phones("maker")))
    reader = phones("reader")
    read(reader, link)
    expect(reader.locator("[data-item]")).to_have_count(9)
    expect(reader.locator("#phone")).to_have_attribute("href", "tel:0301234567")
    expect(reader.locator(".person")).to_have_text(PERSON)
    expect(reader.locator("#until")).to_contain_text("18:00")
    keep(reader)
    for mode in ("refuse", "hang"):
        net.mode(mode)
        reader = phones("reader")
        read(reader, link)
        reader.locator(".item .card-here summary").first.click()
        expect(reader.locator(".item .card-here[open] .do dd").first).to_be_visible()
        reader.locator(".languages a").click()
        expect(reader.locator("html")).to_have_attribute("lang", "en")
        expect(reader.locator(".item .card-here b").first).to_have_text("Start at the door")
        expect(reader.locator(".item.help .text")).to_have_attribute("lang", "nl")


@IN_ONE
def test_a_teacher_writes_without_a_network_and_seals_when_there_is_one(phones: Phone, net: BadNet) -> None:
    keep(open_maker(phones("maker")))
    for mode in ("hang", "refuse"):
        net.mode(mode)
        maker = open_maker(phones("maker"), "en")
        maker.locator(".languages a").click()
        expect(maker.locator("html[lang=nl][data-ready]")).to_be_attached()
    maker.locator("[data-template=half-day]").click()
    for field, text in (("#f-title", f"Groep 6, {WORD}"), ("#f-name", PERSON), ("#f-phone", PHONE_NUMBER)):
        maker.locator(field).fill(text)
    maker.locator("#write [type=submit]").click()
    expect(maker.locator("#refused")).to_contain_text("geen internet")
    net.mode("pass")
    maker.locator("#write [type=submit]").click()
    expect(maker.locator("#share")).to_be_visible()
    read(phones("reader"), maker.locator("#address").input_value())


@IN_ONE
def test_the_makers_page_that_a_phone_never_had_is_told_in_our_words(phones: Phone, net: BadNet) -> None:
    phone = phones("somebody")
    phone.goto("/nl/")
    phone.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    net.mode("refuse")
    phone = phones("somebody")
    phone.goto("/nl/briefings/")
    expect(phone.locator("h1")).to_have_text("Nog niet op dit toestel")


def come_back(page: Page) -> None:
    """To a page that stayed open, a little later."""
    page.clock.set_fixed_time(page.evaluate("Date.now()") / 1000 + 120)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")


@IN_ONE
def test_a_reader_sees_a_change_at_once_and_a_withdrawn_briefing_never_again(phones: Phone, net: BadNet) -> None:
    maker = phones("maker")
    link = make(open_maker(maker))
    reader = phones("reader")
    read(reader, link)
    keep(reader)
    maker.locator("#done").click()
    maker.locator("#list [data-do=change]").click()
    maker.locator("#f-help").fill("Bel meteen.")
    maker.locator("#write [type=submit]").click()
    expect(maker.locator("#address")).to_have_value(link)
    come_back(reader)
    expect(reader.locator(".item.help .text")).to_have_text("Bel meteen.")
    expect(reader.locator("#changed")).to_be_visible()
    keep(reader)
    maker.locator("#done").click()
    reader.locator("#note-back label", has_text="Goed").click()
    reader.locator("#note-back label", has_text="Een kaart").click()
    reader.locator("#note-back [type=submit]").click()
    expect(reader.locator("[data-note=sent]")).to_be_visible()
    come_back(maker)
    expect(maker.locator("#list .notes li")).to_contain_text("Het ging goed.")
    withdraw = maker.locator("#list [data-do=withdraw]")
    withdraw.click()
    expect(withdraw).to_contain_text("Tik nog eens")
    withdraw.click()
    expect(maker.locator("#mine")).to_be_hidden()
    expect(maker.locator("#last")).to_be_hidden()
    come_back(reader)
    expect(reader.locator("[data-state=gone]")).to_be_visible()
    expect(reader.locator("#items")).to_be_hidden()
    assert WORD not in reader.locator("body").inner_text()
    assert WORD not in reader.content()
    wait_until(reader, NOTHING_LEFT)
    for mode in ("refuse", "hang"):
        net.mode(mode)
        reader = phones("reader")
        says_that_it_is_over(reader, link)


def test_a_briefing_that_is_over_is_gone_from_the_device_with_and_without_a_network(phones: Phone, net: BadNet) -> None:
    link = make(open_maker(phones("maker")))
    reader = phones("reader")
    read(reader, link)
    keep(reader)
    net.mode("refuse")
    reader = phones("reader")
    reader.clock.set_fixed_time(time.time() + WEEK)
    reader.goto(link)
    expect(reader.locator("[data-state=gone], [data-state=later]").filter(visible=True)).to_be_visible()
    assert WORD not in reader.content()
    wait_until(reader, NOTHING_LEFT)
    says_that_it_is_over(phones("reader"), link)


def over_on_the_screen(phones: Phone) -> tuple[Page, str]:
    """A phone on which a briefing was open when its time was over, and the link."""
    link = make(open_maker(phones("maker")))
    reader = phones("reader")
    reader.clock.install()
    read(reader, link)
    keep(reader)
    reader.clock.fast_forward(WEEK * 1000)
    expect(reader.locator("[data-state=gone]")).to_be_visible()
    return reader, link


@IN_ONE
def test_it_disappears_from_the_screen_in_the_minute_that_it_is_over(phones: Phone, net: BadNet) -> None:
    reader, _ = over_on_the_screen(phones)
    assert WORD not in reader.content()


@IN_ONE
def test_houvast_itself_sweeps_away_what_is_over(phones: Phone, net: BadNet) -> None:
    link = make(open_maker(phones("maker")))
    reader = phones("reader")
    read(reader, link)
    keep(reader)
    reader.evaluate("""async () => {
        const cache = await caches.open('briefings');
        for (const request of await cache.keys()) {
            const answer = await cache.match(request);
            if (!answer.headers.has('x-until')) continue;
            const headers = new Headers(answer.headers);
            headers.set('x-until', '1000');
            await cache.put(request, new Response(await answer.text(), {headers}));
        }
    }""")
    assert any(path.startswith("/api/") for path in kept_paths(reader))
    reader = phones("reader")
    reader.goto("/nl/")
    wait_until(reader, NOTHING_LEFT)
    net.mode("refuse")
    says_that_it_is_over(phones("reader"), link)


@IN_ONE
def test_a_link_that_was_over_and_is_made_anew_opens_again(phones: Phone) -> None:
    """Whatever a device thinks that it knows, of a clock that was wrong for a day: the server is asked."""
    reader, link = over_on_the_screen(phones)
    wait_until(reader, NOTHING_LEFT)
    read(phones("reader"), link)


@IN_ONE
def test_the_makers_link_lets_another_device_change_it_and_the_readers_does_not(phones: Phone) -> None:
    maker = phones("maker")
    link = make(open_maker(maker))
    own = maker.locator("#own").input_value()
    assert re.fullmatch(r"http://localhost:\d+/nl/briefings/#[\w-]{22}\.[\w-]{22}", own)
    other = phones("other")
    other.goto(own)
    expect(other.locator("#list h3")).to_contain_text(WORD)
    assert "#" not in other.evaluate("location.href")
    maker.locator("#done").click()
    maker.locator("#list [data-do=change]").click()
    other.locator("#list [data-do=change]").click()
    other.locator("#f-avoid").fill("Niet rennen.")
    other.locator("#write [type=submit]").click()
    expect(other.locator("#address")).to_have_value(link)
    id_, key = link.rpartition("/")[2].split("#")
    for token in (key, id_):
        status = other.evaluate("""([id, token]) => fetch(`/api/briefings/${id}`, {method: 'DELETE',
            headers: {authorization: `Bearer ${token}`}}).then((answer) => answer.status)""", [id_, token])
        assert status == 404
    maker.locator("#write [type=submit]").click()
    expect(maker.locator("#refused")).to_contain_text("op een ander toestel gewijzigd")
