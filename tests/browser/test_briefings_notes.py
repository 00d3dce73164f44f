"""A note back from a reader to the maker: sealed, seen by the maker only, kept while there is no network, told when late."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.badnet import BadNet
from tests.support.briefing import Phone, browser_name, database, keep, make, net, open_maker, phones, read

__all__ = ["browser_name", "database", "net", "phones"]  # fixtures


def answer(reader: Page, words: str = "") -> None:
    """Two taps, words if there are any, and send."""
    for choice in ("Lastig", "Een collega"):
        reader.locator("#note-back label", has_text=choice).click()
    reader.locator("#words").fill(words)
    reader.locator("#note-back [type=submit]").click()


@pytest.mark.parametrize("browser_name", ["chromium"], indirect=True)  # its parts are tested in both
def test_a_note_comes_back_in_three_taps_and_only_the_maker_reads_it(phones: Phone, net: BadNet) -> None:
    maker = phones("maker")
    link = make(open_maker(maker))
    reader = phones("reader")
    read(reader, link)
    form = reader.locator("#note-back")
    expect(form).to_be_visible()
    form.locator("label", has_text="Goed").click()
    form.locator("label", has_text="Een kaart").click()
    form.locator("#words").fill("S. had het lastig na de pauze. " * 10)
    assert len(form.locator("#words").input_value()) <= 310
    form.locator("[type=submit]").click()
    expect(reader.locator("[data-note=sent]")).to_be_visible()
    maker.locator("#done").click()
    note = maker.locator("#list .notes li")
    expect(note).to_contain_text("Het ging goed. Wat hielp: een kaart. S. had het lastig na de pauze.")
    assert re.match(r"\w\w \d+ \w+\.?,? \d\d:\d\d – Het ging", note.inner_text()), "of which day it is"
    assert len(note.inner_text()) < 210
    reader.reload()
    reader.locator("#another").click()  # the next day, in a week
    expect(reader.locator("[data-note=sent]")).to_be_hidden()
    answer(reader, "Rustige dag.")
    expect(reader.locator("[data-note=sent]")).to_be_visible()
    open_maker(maker)
    expect(note).to_have_count(2)


@pytest.mark.parametrize("browser_name", ["chromium"], indirect=True)  # how it is kept and sent is the page's own
def test_a_note_without_a_network_waits_sealed_and_goes_later(phones: Phone, net: BadNet) -> None:
    maker = phones("maker")
    link = make(open_maker(maker))
    reader = phones("reader")
    read(reader, link)
    keep(reader)
    net.mode("refuse")
    reader = phones("reader")
    read(reader, link)
    answer(reader, "Vergeetmijnietje")
    expect(reader.locator("[data-note=waiting]")).to_be_visible()
    assert "Vergeetmijnietje" not in reader.evaluate("JSON.stringify(localStorage)")
    reader.evaluate("localStorage['houvast.note.another'] = 'sealed too'")  # what waits of another briefing
    net.mode("pass")
    reader = phones("reader")
    reader.goto(link)
    expect(reader.locator("[data-note=sent]")).to_be_visible()
    assert reader.evaluate("localStorage['houvast.note.another']") == "sealed too"
    maker.locator("#done").click()
    expect(maker.locator("#list .notes li")).to_contain_text("Vergeetmijnietje")


@pytest.mark.parametrize("browser_name", ["chromium"], indirect=True)  # it is the server that says so
def test_a_note_that_came_too_late_is_told(phones: Phone, net: BadNet) -> None:
    maker = phones("maker")
    link = make(open_maker(maker))
    reader = phones("reader")
    read(reader, link)
    keep(reader)
    reader.route("**/notes", lambda route: route.fulfill(status=429))
    answer(reader)
    expect(reader.locator("[data-note=later]")).to_be_visible()
    reader.unroute("**/notes")
    maker.locator("#done").click()
    for _ in range(2):  # it asks once whether that is meant
        maker.locator("#list [data-do=withdraw]").click()
    expect(maker.locator("#list article")).to_have_count(0)
    reader = phones("reader")
    reader.goto(link)
    expect(reader.locator("#unsent")).to_be_visible()
    assert not reader.evaluate("Object.keys(localStorage).some((name) => name.includes('note'))")
