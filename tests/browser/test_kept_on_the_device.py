"""What a reader keeps on the device: cards, settings, rehearsals and what helped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

LANGUAGES = ("nl", "en")


def test_kept_cards_survive_and_can_be_carried_to_another_device(phone: Page, tmp_path: Path) -> None:
    phone.goto("/nl/k/keep-recess")
    phone.locator("#pin").tap()
    expect(phone.locator("#pin")).to_have_attribute("aria-pressed", "true")
    phone.goto("/nl/pinned")
    expect(phone.locator('#pins a[href="/nl/k/keep-recess"]')).to_be_visible()
    with phone.expect_download() as saved:
        phone.locator('[data-do="file"]').tap()
    file = tmp_path / "houvast.json"
    saved.value.save_as(file)
    assert json.loads(file.read_text()) == {"houvast": 1, "pins": ["keep-recess"]}
    phone.evaluate("localStorage.clear()")
    phone.goto("/nl/pinned")
    expect(phone.locator("#empty")).to_be_visible()
    expect(phone.locator("#carry h2:visible")).to_have_text(["Van een ander toestel"])
    phone.locator("#take-in").set_input_files(file)
    read_at_once(phone, "De kaarten zijn toegevoegd.")
    expect(phone.locator("#carry h2:visible")).to_have_text(["Naar een ander toestel", "Van een ander toestel"])
    expect(phone.locator('#pins a[href="/nl/k/keep-recess"]')).to_be_visible()


def read_at_once(phone: Page, words: str) -> None:
    """The message stands above the bottom bar, without scrolling."""
    message = phone.locator("#taken")
    expect(message).to_contain_text(words)
    expect(message).to_be_visible()
    box = message.bounding_box()
    assert box["y"] > 0
    assert box["y"] + box["height"] < phone.locator(".bottom").bounding_box()["y"]


def test_a_link_brings_kept_cards_and_rubbish_changes_nothing(phone: Page, tmp_path: Path) -> None:
    phone.goto("/nl/pinned#pins=keep-recess%2Canger-is-fear")  # as some messengers send a comma
    expect(phone.locator("#pins li")).to_have_count(2)
    assert phone.url.endswith("/nl/pinned")
    rubbish = tmp_path / "rubbish.json"
    rubbish.write_text('{"pins": ["<script>", 7]}')
    phone.locator("#take-in").set_input_files(rubbish)
    read_at_once(phone, "geen bewaarde kaarten")
    expect(phone.locator("#pins li")).to_have_count(2)


def test_a_card_that_is_not_here_yet_is_kept_and_said(phone: Page) -> None:
    phone.goto("/nl/pinned#pins=keep-recess,card-of-tomorrow")
    expect(phone.locator("#taken")).to_contain_text("zodra het er is")
    expect(phone.locator("#pins li")).to_have_count(1)
    assert "card-of-tomorrow" in phone.evaluate("localStorage['houvast.pins']")


def test_a_card_that_was_renamed_is_still_kept_and_what_waits_alone_leaves_the_hint(phone: Page) -> None:
    phone.route("**/nl/cards", has_another_name)
    phone.goto("/nl/pinned")
    phone.evaluate("localStorage['houvast.pins'] = '[\"card-of-tomorrow\"]'")
    phone.reload()
    expect(phone.locator("#carry")).to_be_visible()
    expect(phone.locator("#empty")).to_be_visible()
    phone.evaluate("localStorage['houvast.pins'] = '[\"old-name\", \"keep-recess\"]'")
    phone.reload()
    expect(phone.locator('#pins a[href="/nl/k/keep-recess"]')).to_be_visible()
    expect(phone.locator("#pins li")).to_have_count(1)
    expect(phone.locator("#empty")).to_be_hidden()


def has_another_name(route: Route) -> None:
    answer = route.fetch()
    section = '<section id="k/keep-recess" '
    route.fulfill(response=answer, body=answer.text().replace(section, f'{section}data-aliases="recess old-name" '))


def test_a_second_word_at_the_bottom_stays_as_long_as_the_first(phone: Page) -> None:
    phone.clock.install(time=0)
    phone.goto("/nl/k/keep-recess")
    expect(phone.locator("#pin")).to_be_enabled()  # its script starts after the paint, and not with a clock that stands
    phone.clock.pause_at(600_000)  # from here on it goes by what the test says, however long a tap takes
    for _ in range(2):
        phone.locator("#pin").tap()
        phone.clock.run_for(1500)
    expect(phone.locator("#said")).to_be_visible()
    phone.clock.run_for(1500)
    expect(phone.locator("#said")).to_be_hidden()


FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }"


def test_a_device_that_keeps_nothing_says_so(phone: Page) -> None:
    phone.add_init_script(FULL)
    phone.goto("/nl/pinned#pins=keep-recess")
    read_at_once(phone, "Niet bewaard: dit toestel is vol")
    expect(phone.locator("#pins li")).to_have_count(0)
    phone.goto("/nl/k/keep-recess")
    phone.locator("#pin").tap()
    expect(phone.locator("#said")).to_contain_text("Niet bewaard: dit toestel is vol")
    expect(phone.locator("#pin")).to_have_attribute("aria-pressed", "false")


def test_odd_storage_is_read_as_if_nothing_was_kept(phone: Page) -> None:
    phone.goto("/nl/")
    phone.evaluate("""() => { localStorage['houvast.pins'] = '{"a":1}'; localStorage['houvast.recent'] = 'not json';
                              localStorage['houvast.theme'] = '[]'; localStorage['houvast.country'] = '42'; }""")
    phone.goto("/nl/pinned")
    expect(phone.locator("#empty")).to_be_visible()


def test_the_theme_and_the_country_are_chosen_at_once(phone: Page) -> None:
    phone.goto("/nl/settings")
    phone.locator('[name=theme][value=dark]').check()
    expect(phone.locator("html")).to_have_attribute("data-theme", "dark")
    expect(phone.locator("[name=theme-color][media=all]")).to_have_attribute("content", "#14130F")  # the bar of the phone
    phone.locator('[name=country][value=BE]').check()
    phone.goto("/nl/safety")
    expect(phone.locator("html")).to_have_attribute("data-theme", "dark")
    expect(phone.locator('#safety .lines[data-country=BE] a[href="tel:1813"]')).to_be_visible()
    expect(phone.locator("#safety .lines[data-country=NL]")).to_be_hidden()
    phone.locator('[data-choose=NL]').tap()
    expect(phone.locator('#safety .lines[data-country=NL] a[href="tel:08002000"]')).to_be_visible()


def test_a_double_tap_forgets_nothing_and_a_question_that_was_left_is_asked_anew(phone: Page) -> None:
    phone.goto("/nl/settings")
    phone.evaluate("localStorage['houvast.pins'] = '[\"keep-recess\"]'")
    forget = phone.locator("#forget button")
    first = forget.inner_text()
    forget.dblclick()
    expect(forget).to_contain_text("ook je briefings")
    expect(phone.locator("#forgotten")).to_be_hidden()
    assert phone.evaluate("localStorage['houvast.pins']")
    phone.evaluate("dispatchEvent(new Event('storage'))")
    expect(forget).to_have_text(first)
    forget.tap()
    forget.tap()
    expect(phone.locator("#forgotten")).to_contain_text("briefings")
    assert phone.evaluate("localStorage.length") == 0


def test_a_rehearsal_takes_twenty_seconds_and_what_helped_stays_on_the_device(phone: Page) -> None:
    phone.clock.install()
    phone.goto("/nl/k/anger-is-fear")
    phone.clock.run_for(1000)
    phone.locator("#rehearse").tap()
    phone.clock.run_for(6000)
    expect(phone.locator("#drill .step")).to_contain_text("Zeg in je hoofd: Als een kind ontploft")
    phone.clock.run_for(15000)
    expect(phone.locator("#drill .step")).to_contain_text("Klaar")
    phone.locator("#helped button").first.tap()
    phone.reload()
    phone.clock.run_for(1000)
    expect(phone.locator("#helped button").first).to_have_attribute("aria-pressed", "true")


def test_what_helped_is_the_same_in_the_other_language_and_what_was_kept_in_words_is_not_lost(phone: Page) -> None:
    phone.goto("/nl/k/anger-is-fear")
    second = phone.locator("#helped button").nth(1)
    kept = json.dumps({"anger-is-fear": [second.inner_text().replace("\u00a0", " ")]})
    phone.evaluate("kept => localStorage.setItem('houvast.helped', kept)", kept)
    phone.reload()
    expect(second).to_have_attribute("aria-pressed", "true")
    phone.locator("#helped button").first.tap()
    phone.locator(".languages a[lang=en]").tap()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    expect(phone.locator("#helped button[aria-pressed=true]")).to_have_count(2)
    assert json.loads(phone.evaluate("localStorage['houvast.helped']")) == {"anger-is-fear": ["do.0", "you.0"]}


LONGEST = """() => [...document.querySelectorAll('.card')]
  .map((card) => [card.querySelector('.rehearse')?.textContent.length ?? 0, card.id])
  .sort((a, b) => b[0] - a[0])[0][1]"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rehearsal_moves_nothing_below_it(phone: Page, language: str) -> None:
    phone.clock.install()
    phone.goto(f"/{language}/cards")
    phone.goto(f"/{language}/{phone.evaluate(LONGEST)}")
    phone.clock.run_for(1000)
    phone.locator("#rehearse").tap()
    heights = set()
    for _ in range(21):
        heights.add(phone.locator("#drill").bounding_box()["height"])
        phone.clock.run_for(1000)
    assert len(heights) == 1, heights


def test_the_keyboard_comes_from_the_card_to_its_tools_and_only_then_to_the_bar(phone: Page) -> None:
    phone.goto("/nl/k/anger-is-fear")
    phone.locator("#rehearse").wait_for()
    phone.locator("#pin").focus()
    passed = []
    while not passed or "Kaarten" not in passed[-1]:
        phone.keyboard.press("Tab")
        passed.append(phone.evaluate("document.activeElement.textContent"))
        assert len(passed) < 20
    assert passed[:4] == ["Waarom · oefen · bron", "Oefen 20 seconden", "Deel", "Print"]


HEADS = """(circle) => [...circle.parentNode.querySelectorAll('path')].filter((path, at) => at % 2).map((head) =>
  Math.min(...[...Array(21).keys()].map((step) => {
    const {x, y} = head.getPointAtLength(head.getTotalLength() * step / 20);
    return Math.hypot(x - circle.cx.baseVal.value, y - circle.cy.baseVal.value) - circle.r.baseVal.value;
  })))"""


def test_both_arrows_of_the_circle_have_their_heads_in_sight(phone: Page) -> None:
    phone.goto("/nl/k/safe-base-circle")
    heads = phone.locator("section[data-open] circle.base").evaluate(HEADS)
    assert len(heads) == 2
    assert min(heads) > 2.5
