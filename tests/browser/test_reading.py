"""A teacher reads: what is on the screen, where, and how many taps it took."""

from __future__ import annotations

import re
import tomllib
from datetime import date
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


# The words on home's tiles of which a part stands on another line.
BROKEN = """() => [...document.querySelectorAll('.tile span')].flatMap(({firstChild: text}) =>
  [...text.data.matchAll(/[^\\s\u00a0]+/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map(([word]) => word))"""


@pytest.mark.parametrize("width", [320, 360, 390])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_on_a_tile_is_broken(phone: Page, language: str, width: int) -> None:
    phone.set_viewport_size({"width": width, "height": 640})
    phone.goto(f"/{language}/")
    assert phone.locator(".tile span").count() == len(SITUATIONS)
    assert phone.evaluate(BROKEN) == []


def test_a_first_visit_shows_all_of_a_card_without_waiting_for_a_script(phone: Page) -> None:
    phone.route("**/static/js/start.*", lambda route: route.fulfill(content_type="text/javascript"))
    phone.goto("/nl/k/anger-is-fear")
    expect(phone.locator("section[data-open] .more")).to_be_visible()


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
    phone.locator('[id="k/anger-is-fear"]').wait_for(state="attached")  # else the tap is a visit
    phone.locator('section[data-open] a[href="/nl/k/anger-is-fear"]').tap()
    expect(phone.locator("#back")).to_have_attribute("href", "/nl/s/defiance")
    phone.go_back()
    expect(phone.locator("section[data-open]")).to_have_attribute("id", "s/defiance")
    phone.go_back()
    expect(phone.locator("section[data-open]")).to_have_attribute("id", "home")


def test_the_language_changes_and_the_card_stays(phone: Page) -> None:
    phone.goto("/nl/")
    phone.locator('a[href="/nl/s/anger"]').tap()
    phone.locator('[id="k/anger-is-fear"]').wait_for(state="attached")  # else the tap is a visit
    phone.locator('section[data-open] a[href="/nl/k/anger-is-fear"]').tap()
    before = [each.bounding_box() for each in phone.locator(".languages > *").all()]
    phone.locator(".languages a[lang=en]").tap()
    expect(phone).to_have_url(re.compile("/en/k/anger-is-fear$"))
    assert [each.bounding_box() for each in phone.locator(".languages > *").all()] == before
    expect(phone.locator("section[data-open] h1")).to_have_text("Read anger as fear")
    expect(phone.locator("html")).to_have_attribute("lang", "en")


def test_arrow_keys_go_through_the_cards_of_the_situation(phone: Page) -> None:
    phone.goto("/nl/s/anger")
    cues = phone.locator("section[data-open] .cues a")
    cards = [cue.get_attribute("href").rpartition("/")[2] for cue in cues.all()]
    cues.first.tap()
    expect(phone.locator("#tools .next")).to_be_visible()
    phone.keyboard.press("ArrowRight")
    expect(phone.locator("section[data-open]")).to_have_attribute("id", f"k/{cards[1]}")
    phone.keyboard.press("ArrowLeft")
    expect(phone.locator("section[data-open]")).to_have_attribute("id", f"k/{cards[0]}")


def test_in_a_week_there_are_seven_cards_of_the_day(phone: Page, deck: Deck) -> None:
    fit = [card.id for card in deck.cards.values() if card.facts.moment not in {"know", "safety"}]
    first = (date(2026, 9, 1) - date(1970, 1, 1)).days
    week = [sorted(fit)[(first + day) * 7919 % len(fit)] for day in range(7)]
    assert len(set(week)) == 7
    for day, card in enumerate(week, 1):
        phone.clock.set_fixed_time(f"2026-09-0{day}T12:00:00Z")
        phone.goto("/nl/")
        today = phone.locator(".today a")
        expect(today).to_have_attribute("href", f"/nl/k/{card}")
        expect(today.locator("b")).to_have_text(deck.cards[card].texts["nl"].title)


TYPED = {
    "pauze": "keep-recess", "schoolplein": "keep-recess", "pauzze": "keep-recess", "recess": "keep-recess",
    "Driftbui": "anger-is-fear", "tantrum": "anger-is-fear",
}


def test_search_finds_a_card_by_synonym_typing_error_and_the_other_language(phone: Page) -> None:
    phone.goto("/nl/")
    phone.locator('.bottom a[href="/nl/search"]').tap()
    for typed, card in TYPED.items():
        phone.locator("#q").fill(typed)
        expect(phone.locator(f'#search .cues li a[href="/nl/k/{card}"]')).to_be_visible()
    hits = phone.locator("#search .cues li").count()
    heard = phone.locator("#search [role=status]")
    expect(heard).to_have_text(f"Kaarten: {hits}")
    phone.locator("#q").fill("qqqqxxxx")
    expect(phone.locator("#none")).to_be_visible()
    expect(heard).to_contain_text("Niets gevonden")


FOUND = """() => [...document.querySelectorAll('#search .cues li')]
  .map((item) => item.querySelector('a').getAttribute('href').split('/').at(-1))"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_device_finds_what_the_server_finds_in_the_same_order(phone: Page, deck: Deck, language: str) -> None:
    with phone.expect_response(f"**/{'en' if language == 'nl' else 'nl'}/cards"):  # the words of the other language
        phone.goto(f"/{language}/search")
    first = next(iter(ASKED[language]))
    phone.locator("#q").fill(first)
    expect(phone.locator("#search .cues li")).to_have_count(len(find_cards(deck, language, first)))
    for query in [*ASKED[language], "boos", "left", "recess xyzzy", "een", "de", "xyzzy", "Één", "112", "schoolplien"]:
        phone.locator("#q").fill(query)
        assert phone.evaluate(FOUND) == [card.id for card in find_cards(deck, language, query)], query


def test_an_answer_of_the_server_does_not_stand_beside_that_of_the_device(phone: Page) -> None:
    with phone.expect_response("**/nl/cards"):
        phone.goto("/en/search?q=throws+chair")
    phone.locator("#q").fill("throws chairs")
    expect(phone.locator("#search .cues li")).to_have_count(1)


def test_safety_is_one_tap_from_everywhere(phone: Page) -> None:
    for path in ("/nl/", "/nl/s/anger", "/nl/k/keep-recess", "/nl/search", "/nl/about", "/nl/nowhere", "/nl/briefings/"):
        phone.goto(path)
        phone.locator("a.shield:visible").tap()
        expect(phone.locator("section[data-open] a[href='tel:112']").first).to_be_visible()


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
