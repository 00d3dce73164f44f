"""A teacher reads: what is on the screen, where, and how many taps it took."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pwa.deck.finding import find_cards
from pwa.deck.model import Deck
from tests.support.asked import ASKED

CONTENT = Path(__file__).parent.parent.parent / "pwa" / "content"
CARDS = sorted(path.stem for path in (CONTENT / "cards").glob("*.toml"))
SITUATIONS = list(tomllib.loads((CONTENT / "situations.toml").read_text(encoding="utf-8")))
LANGUAGES = ("nl", "en")

# Everything that must hold of the first screen of a card, measured in one go for every card.
MEASURE = """() => [...document.querySelectorAll('.card')].map((card) => {
  document.querySelector('[data-open]').removeAttribute('data-open');
  card.setAttribute('data-open', '');
  document.documentElement.dataset.kind = 'card';
  scrollTo(0, 0);
  const cue = card.querySelector('.cue');
  const style = getComputedStyle(cue);
  const bar = document.querySelector('.bottom').getBoundingClientRect().top;
  const last = [...card.querySelectorAll('.face > :last-child, .cue')].at(-1);
  const lines = cue.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  const below = card.querySelector('.below')?.getBoundingClientRect();
  const hint = below ? Math.round(bar - below.bottom) : card.querySelector('.avoid') ? -1 : 0;
  return {id: card.id, hint, high: below?.height ?? 48, room: Math.round(bar - last.getBoundingClientRect().bottom), size: parseFloat(style.fontSize),
          lines: Math.round(lines / parseFloat(style.lineHeight)), wide: document.documentElement.scrollWidth};
})"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_face_of_every_card_fits_the_first_screen(phone: Page, language: str) -> None:
    phone.goto(f"/{language}/cards")
    cards = phone.evaluate(MEASURE)
    assert len(cards) == len(CARDS)
    assert [card for card in cards if card["room"] < 0] == []
    assert [card for card in cards if card["size"] < 28 or card["lines"] > 2] == []
    assert [card for card in cards if card["wide"] > 360] == []
    assert [card for card in cards if card["hint"] < 0 or card["high"] < 48] == []


def test_the_line_at_the_fold_leads_to_what_is_below_and_is_no_step_on_the_way_back(phone: Page) -> None:
    phone.goto("/nl/s/anger")
    phone.locator('section[data-open] a[href="/nl/k/anger-is-fear"]').tap()
    expect(phone.locator("#share")).to_be_visible()
    line = phone.locator(".card[data-open] .below")
    expect(line).to_have_text("Waarom · oefen · bron")
    line.tap()
    assert line.bounding_box()["y"] == pytest.approx(0, abs=1)
    expect(phone).to_have_url(re.compile("/nl/k/anger-is-fear$"))
    phone.go_back()
    expect(phone.locator("section[data-open]")).to_have_attribute("id", "s/anger")


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_fits_one_screen_with_eight_tiles_in_the_lower_two_thirds(phone: Page, language: str) -> None:
    phone.goto(f"/{language}/")
    expect(phone.locator(".today a")).to_be_visible()  # the card of the day, which comes last
    assert phone.evaluate("document.documentElement.scrollHeight") <= 640
    tiles = [tile.bounding_box() for tile in phone.locator(".tile").all()]
    assert len(tiles) == len(SITUATIONS) == 8
    assert all(tile["height"] >= 64 for tile in tiles)
    assert sum(tile["y"] + tile["height"] / 2 for tile in tiles) / 8 > 640 / 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cue_is_two_taps_away(phone: Page, language: str) -> None:
    for situation in SITUATIONS:
        phone.goto(f"/{language}/")
        phone.locator(f'a[href="/{language}/s/{situation}"]').first.tap()
        place = phone.locator("section[data-open]")
        expect(place).to_have_attribute("id", f"s/{situation}")
        first = place.locator(".cues a").first
        title = first.locator("b").inner_text()
        first.tap()
        expect(phone.locator("section[data-open] h1")).to_have_text(title)
        expect(phone).to_have_title(f"{title} – Houvast")


def test_the_way_back_leads_through_the_situation_to_the_tiles(phone: Page) -> None:
    phone.goto("/nl/")
    phone.locator('a[href="/nl/s/defiance"]').tap()
    phone.locator('section[data-open] a[href="/nl/k/anger-is-fear"]').tap()
    expect(phone.locator("#back")).to_have_attribute("href", "/nl/s/defiance")
    phone.go_back()
    expect(phone.locator("section[data-open]")).to_have_attribute("id", "s/defiance")
    phone.go_back()
    expect(phone.locator("section[data-open]")).to_have_attribute("id", "home")


def test_the_language_changes_and_the_card_stays(phone: Page) -> None:
    phone.goto("/nl/")
    phone.locator('a[href="/nl/s/anger"]').tap()
    phone.locator('section[data-open] a[href="/nl/k/anger-is-fear"]').tap()
    before = [each.bounding_box() for each in phone.locator(".languages > *").all()]
    phone.locator(".languages a[lang=en]").tap()
    expect(phone).to_have_url(re.compile("/en/k/anger-is-fear$"))
    assert [each.bounding_box() for each in phone.locator(".languages > *").all()] == before
    expect(phone.locator("section[data-open] h1")).to_have_text("Read anger as fear")
    expect(phone.locator("html")).to_have_attribute("lang", "en")


def test_arrow_keys_go_through_the_cards_of_the_situation(phone: Page) -> None:
    phone.goto("/nl/s/anger")
    cards = phone.locator("section[data-open]").get_attribute("data-cards").split()
    phone.locator("section[data-open] .cues a").first.tap()
    expect(phone.locator("#tools .next")).to_be_visible()
    phone.keyboard.press("ArrowRight")
    expect(phone.locator("section[data-open]")).to_have_attribute("id", f"k/{cards[1]}")
    phone.keyboard.press("ArrowLeft")
    expect(phone.locator("section[data-open]")).to_have_attribute("id", f"k/{cards[0]}")


TYPED = {
    "pauze": "keep-recess", "schoolplein": "keep-recess", "pauzze": "keep-recess", "recess": "keep-recess",
    "Driftbui": "anger-is-fear", "tantrum": "anger-is-fear",
}


def test_search_finds_a_card_by_synonym_typing_error_and_the_other_language(phone: Page) -> None:
    phone.goto("/nl/")
    phone.locator('.bottom a[href="/nl/search"]').tap()
    for typed, card in TYPED.items():
        phone.locator("#q").fill(typed)
        expect(phone.locator(f'#search .cues li:not([hidden]) a[href="/nl/k/{card}"]')).to_be_visible()
    phone.locator("#q").fill("qqqqxxxx")
    expect(phone.locator("#none")).to_be_visible()


FOUND = """() => [...document.querySelectorAll('#search .cues li:not([hidden])')]
  .sort((a, b) => a.style.order - b.style.order)
  .map((item) => item.querySelector('a').getAttribute('href').split('/').at(-1))"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_device_finds_what_the_server_finds_in_the_same_order(phone: Page, deck: Deck, language: str) -> None:
    with phone.expect_response(f"**/{'en' if language == 'nl' else 'nl'}/cards"):  # the words of the other language
        phone.goto(f"/{language}/search")
    first = next(iter(ASKED[language]))
    phone.locator("#q").fill(first)
    expect(phone.locator("#search .cues li:not([hidden])")).to_have_count(len(find_cards(deck, language, first)))
    for query in [*ASKED[language], "boos", "left", "recess xyzzy", "een", "de", "xyzzy", "Één", "112", "schoolplien"]:
        phone.locator("#q").fill(query)
        assert phone.evaluate(FOUND) == [card.id for card in find_cards(deck, language, query)], query


def test_an_answer_of_the_server_does_not_stand_beside_that_of_the_device(phone: Page) -> None:
    with phone.expect_response("**/nl/cards"):
        phone.goto("/en/search?q=throws+chair")
    phone.locator("#q").fill("throws chairs")
    expect(phone.locator("#search .cues li:not([hidden])")).to_have_count(1)


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
    phone.goto("/nl/pinned#pins=keep-recess,anger-is-fear")
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
    phone.locator('[name=country][value=BE]').check()
    phone.goto("/nl/safety")
    expect(phone.locator("html")).to_have_attribute("data-theme", "dark")
    expect(phone.locator('#safety .lines[data-country=BE] a[href="tel:1813"]')).to_be_visible()
    expect(phone.locator("#safety .lines[data-country=NL]")).to_be_hidden()
    phone.locator('[data-choose=NL]').tap()
    expect(phone.locator('#safety .lines[data-country=NL] a[href="tel:08002000"]')).to_be_visible()


def test_safety_is_one_tap_from_everywhere(phone: Page) -> None:
    for path in ("/nl/", "/nl/s/anger", "/nl/k/keep-recess", "/nl/search", "/nl/about", "/nl/nowhere"):
        phone.goto(path)
        phone.locator(".bottom .shield").tap()
        expect(phone.locator("section[data-open] a[href='tel:112']").first).to_be_visible()


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
    kept = json.dumps({"anger-is-fear": [second.inner_text()]})
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


def test_everything_that_reads_works_without_scripts(chromium: object, server: object) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=server.url, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto("/nl/")
    page.locator('a[href="/nl/s/anger"]').click()
    page.locator('a[href="/nl/k/anger-is-fear"]').first.click()
    expect(page.locator("h1:visible")).to_have_text("Boosheid is vaak angst")
    expect(page.locator("section[data-open] .source")).to_contain_text("Horeweg")
    page.locator("section[data-open] .below").click()
    expect(page.locator("section[data-open] .more h2").first).to_be_in_viewport()
    assert page.evaluate("scrollY") > 0
    page.goto("/nl/search")
    page.locator("#q").fill("driftbui")
    page.locator("#search button").click()
    expect(page.locator('#search a[href="/nl/k/anger-is-fear"]')).to_be_visible()
    context.close()


def test_a_card_prints_on_one_a6_and_a_situation_on_a4(phone: Page) -> None:
    phone.goto("/nl/k/anger-is-fear")
    card = phone.pdf(prefer_css_page_size=True)
    assert card.count(b"/Type /Page\n") == 1
    width, height = page_size(card)
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (105, 148)
    phone.goto("/nl/s/anger")
    width, height = page_size(phone.pdf(prefer_css_page_size=True))
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (210, 297)


A6 = {"width": 351, "height": 514}  # what its margins leave, in CSS pixels
HEIGHTS = """() => [...document.querySelectorAll('.card')].map((card) => {
  document.querySelector('[data-open]').removeAttribute('data-open');
  card.setAttribute('data-open', '');
  document.documentElement.dataset.kind = 'card';
  return [card.id, Math.ceil(card.getBoundingClientRect().height)];
})"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_fits_one_a6_with_its_picture_or_its_numbers(phone: Page, language: str) -> None:
    phone.set_viewport_size(A6)
    phone.goto(f"/{language}/cards")
    phone.emulate_media(media="print")
    heights = phone.evaluate(HEIGHTS)
    assert len(heights) == len(CARDS)
    assert [card for card in heights if card[1] > A6["height"]] == []
    whole = phone.locator(".diagram, .card .lines")
    rules = whole.evaluate_all("all => all.map((each) => getComputedStyle(each).breakInside)")
    assert rules == ["avoid"] * len(rules)
    assert rules


@pytest.mark.parametrize(
    "path", ["k/how-common", "k/near-in-every-age", "k/safe-base-circle", "k/talk-of-not-living", "s/left-out", "safety"]
)
def test_paper_has_no_second_page_that_is_not_needed(phone: Page, path: str) -> None:
    """Six cards are one sheet; no page is blank."""
    phone.goto(f"/nl/{path}")
    assert phone.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def page_size(pdf: bytes) -> tuple[float, float]:
    box = pdf.split(b"/MediaBox [")[1].split(b"]")[0].split()
    return float(box[2]), float(box[3])


INVITE = """async () => {
  await new Promise((idle) => requestIdleCallback(idle));
  await import('#keep');  // which the page fetches when it is idle
  await new Promise((later) => setTimeout(later));
  dispatchEvent(Object.assign(new Event('beforeinstallprompt'), {prompt() {}}));
}"""


def test_the_hint_to_install_moves_nothing_and_is_sent_away_for_good(phone: Page) -> None:
    phone.goto("/nl/")
    before = phone.locator(".tile").first.bounding_box()
    phone.evaluate(INVITE)
    expect(phone.locator("#install .yes")).to_be_visible()
    expect(phone.locator("#today")).to_be_hidden()
    assert phone.locator(".tile").first.bounding_box() == before
    phone.locator("#install .no").tap()
    expect(phone.locator("#today a")).to_be_visible()
    phone.reload()
    phone.evaluate(INVITE)
    expect(phone.locator("#today a")).to_be_visible()
    expect(phone.locator("#install")).to_be_hidden()
