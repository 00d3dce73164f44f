"""A briefing is written: taps, words, warnings, cards, drafts. The same in every browser, seen in one."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Locator, Page, expect

from tests.support.briefing import DAY, PERSON, PHONE_NUMBER, WORD, database, make, open_maker, tab

__all__ = ["database", "tab"]  # fixtures


def test_a_briefing_is_made_in_ten_taps_at_most_from_the_settings_on(tab: Page) -> None:
    taps = 0

    def tap(target: Locator) -> None:
        nonlocal taps
        target.tap()
        taps += 1

    tab.goto("/nl/")
    expect(tab.locator("html[data-ready]")).to_be_attached()
    tap(tab.locator(".settings-link"))
    tap(tab.locator('#settings a[href="/nl/briefings/"]'))
    expect(tab.locator("html[data-ready]")).to_be_attached()
    counter = "addEventListener('pointerdown', (event) => event.isTrusted && (window.touched = (window.touched ?? 0) + 1), true)"
    tab.evaluate(counter)
    make(tab, taps=tap)
    tap(tab.locator("#share [data-do=copy]"))
    assert tab.evaluate("window.touched") == taps - 2
    assert taps <= 10


def test_a_name_is_noticed_while_writing_and_an_initial_or_a_seat_offered(tab: Page) -> None:
    open_maker(tab).locator("[data-template=half-day]").tap()
    tab.locator("#f-name").fill(PERSON)
    tab.locator("#f-phone").fill("06 12345678")
    area = tab.locator("#f-avoid")
    area.fill("Zet Sem niet naast Yara. BSN 111222333.")
    area.blur()
    warnings = tab.locator("[data-for=avoid] li")
    expect(warnings).to_have_count(3)
    expect(warnings.nth(2)).to_contain_text("burgerservicenummer")
    own = tab.locator("[data-for=phone] li")
    expect(own).to_contain_text("iemands eigen telefoon")
    expect(own).not_to_contain_text("hierboven")
    tab.locator("#f-phone").fill(PHONE_NUMBER)
    tab.locator("#f-phone").blur()
    expect(area).to_have_accessible_description(re.compile("Sem lijkt op een naam"))
    tab.locator("#write [type=submit]").tap()
    tab.locator("#write [type=submit]").dispatch_event("click")  # the second tap of a double one
    expect(tab.locator("#write [type=submit]")).to_contain_text("Toch delen")
    expect(tab.locator("#found")).to_have_text("3 dingen om na te kijken")
    expect(tab.locator("[data-for=avoid]")).to_be_focused()
    expect(tab.locator("#share")).to_be_hidden()
    warnings.first.locator("[data-do=initial]").tap()
    expect(area).to_have_value("Zet S. niet naast Yara. BSN 111222333.")
    warnings.first.locator("[data-do=seat]").tap()
    expect(area).to_have_value("Zet S. niet naast de leerling op plek …. BSN 111222333.")
    area.fill("Samen eten we; zit Sem bij de semantiek? Sem, ja.")
    area.blur()
    warnings.first.locator("[data-do=initial]").tap()
    expect(area).to_have_value("Samen eten we; zit S. bij de semantiek? S., ja.")
    expect(tab.locator("#write [type=submit]")).to_contain_text("Verzegel en deel")  # what was agreed to was another text
    area.fill("Zet S. vooraan.")
    area.blur()
    expect(warnings).to_have_count(0)
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#share")).to_be_visible()


def test_words_and_seconds_are_counted_while_writing(tab: Page) -> None:
    open_maker(tab, "en").locator("[data-template=half-day]").tap()
    before = int(re.match(r"\d+", tab.locator("#count").inner_text())[0])  # type: ignore[index]
    tab.locator("#f-avoid").fill("word " * 200)
    count = tab.locator("#count").inner_text()
    words, seconds = map(int, re.findall(r"\d+", count))
    assert words > before + 100
    assert seconds == round(words / 4)
    expect(tab.locator("#long")).to_be_visible()


def test_cards_are_chosen_by_situation_and_by_search_and_there_are_five_at_most(tab: Page) -> None:
    open_maker(tab, "en").locator("[data-template=half-day]").tap()
    tab.locator("#choose summary").tap()
    tab.locator("#by-situation").select_option("anger")
    shown = tab.locator("#pick li:visible")
    assert 0 < shown.count() < 25
    tab.locator("#by-situation").select_option("")
    tab.locator("#by-word").fill("woede")  # words of the other language find it too
    expect(tab.locator("#pick [data-card=anger-is-fear]")).to_be_visible()
    tab.locator("#pick [data-card=anger-is-fear]").tap()
    expect(tab.locator("#chosen li")).to_have_count(5)
    tab.locator("#by-word").fill("")
    expect(tab.locator("#pick [data-card=full-head]")).to_be_disabled()
    tab.locator("#pick [data-card=keep-recess]").tap()
    expect(tab.locator("#chosen li")).to_have_count(4)
    expect(tab.locator("#pick [data-card=full-head]")).to_be_enabled()


def test_choosing_cards_says_when_nothing_is_found_and_when_five_are_enough(tab: Page) -> None:
    open_maker(tab).locator("[data-template=support-day]").tap()
    tab.locator("#choose summary").tap()
    expect(tab.locator("#enough")).to_be_visible()
    tab.locator("#by-word").fill("xylofoon")
    expect(tab.locator("#none-found")).to_have_text("Niets gevonden: probeer een ander woord")
    tab.locator("#by-word").fill("doesn't understand")  # the card has a curly apostrophe
    expect(tab.locator("#pick [data-card=check-the-task]")).to_be_visible()
    tab.locator("#by-word").fill("")
    expect(tab.locator("#none-found")).to_be_hidden()
    expect(tab.locator("#pick [data-card=full-head]")).to_be_disabled()
    words = int(tab.locator("#count").inner_text().split()[0])
    removers = tab.locator("#chosen button")
    first = tab.locator("#chosen b").first.inner_text()
    expect(removers.first).to_have_accessible_name(f"{first} weghalen")
    removers.first.focus()
    tab.keyboard.press("Enter")
    expect(removers).to_have_count(4)
    expect(removers.first).to_be_focused()
    expect(tab.locator("#enough")).to_be_hidden()
    expect(tab.locator("#pick [data-card=full-head]")).to_be_enabled()
    assert int(tab.locator("#count").inner_text().split()[0]) < words
    open_maker(tab).locator("#drafts button").first.tap()
    expect(removers).to_have_count(4)
    for _ in range(4):
        removers.last.tap()
    expect(tab.locator("#choose summary")).to_be_focused()


def test_the_language_of_each_part_is_marked(tab: Page) -> None:
    open_maker(tab, "nl").locator("[data-template=half-day]").tap()
    tab.locator("#f-name").fill(PERSON)
    tab.locator("#f-phone").fill(PHONE_NUMBER)
    tab.locator("#f-help").fill("Send a child with the red card.")
    tab.locator("[name=help-lang]").select_option("en")
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#share")).to_be_visible()
    tab.goto(tab.locator("#address").input_value())
    expect(tab.locator(".item.help .text")).to_have_attribute("lang", "en")
    expect(tab.locator(".item.rhythm .text")).to_have_attribute("lang", "nl")


def test_a_draft_stays_on_the_device_and_the_last_one_can_be_used_again(tab: Page) -> None:
    open_maker(tab).locator("[data-template=half-day]").tap()
    tab.locator("#f-title").fill("Groep 8")
    open_maker(tab)
    tab.locator("#drafts button").first.tap()
    expect(tab.locator("#f-title")).to_have_value("Groep 8")
    tab.locator("#f-name").fill(PERSON)
    tab.locator("#f-phone").fill(PHONE_NUMBER)
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#share")).to_be_visible()
    first = tab.locator("#address").input_value()
    open_maker(tab)
    expect(tab.locator("#drafts li")).to_have_count(0)
    tab.locator("#copy-last").tap()
    expect(tab.locator("#f-title")).to_have_value("Groep 8")
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#share")).to_be_visible()
    assert tab.locator("#address").input_value() != first, "another briefing, with a key of its own"
    tab.locator("#done").tap()
    expect(tab.locator("#list article")).to_have_count(2)


def test_after_a_change_the_page_says_that_the_link_stays_the_same(tab: Page) -> None:
    link = make(open_maker(tab))
    expect(tab.locator("#share h2")).to_have_text("Verzegeld. Deel nu de link.")
    tab.locator("#done").tap()
    tab.locator("#list [data-do=change]").tap()
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#share h2")).to_have_text("Gewijzigd. De link blijft dezelfde.")
    expect(tab.locator("#address")).to_have_value(link)
    tab.locator("#done").tap()
    tab.locator("#list [data-do=show]").tap()
    expect(tab.locator("#share h2")).to_have_text("Verzegeld. Deel nu de link.")


def test_two_briefings_with_one_name_are_told_apart_by_when_they_were_written(tab: Page) -> None:
    for minute in (10, 25):
        tab.clock.set_fixed_time(f"2026-11-24T08:{minute}:00")
        open_maker(tab)
        tab.evaluate("""([minute, name]) => localStorage.setItem('houvast.briefings', JSON.stringify([
            {id: String(minute), token: '', key: '', revision: 1, expires: 1796000000, written: Date.now(), draft: {title: name}},
            ...JSON.parse(localStorage.getItem('houvast.briefings') ?? '[]'),
        ]))""", [minute, "Groep 6"])
    open_maker(tab)
    expect(tab.locator("#list h3")).to_have_text(["Groep 6", "Groep 6"])
    written = tab.locator("#list .written").all_inner_texts()
    assert [text[-5:] for text in written] == ["08:25", "08:10"]
    assert all(text.startswith("Geschreven op di 24 nov") for text in written)


def test_what_is_still_valid_stays_on_the_list_however_many_are_over(tab: Page) -> None:
    open_maker(tab)
    tab.route("**/api/**", lambda route: route.continue_() if route.request.method == "PUT" else route.abort())
    tab.evaluate("""(now) => localStorage.setItem('houvast.briefings', JSON.stringify(Array.from({length: 13}, (_, place) => (
        {id: String(place), token: '', key: '', revision: 1, expires: now + (place === 12 ? 86400 : -place * 172800 - 60),
         written: now * 1000, draft: {title: place === 12 ? 'Geldig' : 'Over'}}))))""", int(time.time()))
    make(open_maker(tab))
    kept = tab.evaluate("JSON.parse(localStorage.getItem('houvast.briefings')).map((one) => one.draft.title)")
    assert len(kept) == 12
    expect(tab.locator("#which")).to_contain_text(f"Groep 6, {WORD} · Geldig tot ")
    assert kept.count("Geldig") == 1
    tab.locator("#done").tap()
    expect(tab.locator("#list article")).to_have_count(9)
    expect(tab.locator("#past article").first).to_be_hidden()  # of two weeks ago and more; what is to be begun stands before it
    tab.locator("#past summary").tap()
    expect(tab.locator("#past article")).to_have_count(3)
    expect(tab.locator("#list .notes").first).to_have_text("Of er een briefje is, is nu niet te zien.")


def test_a_makers_link_that_cannot_be_copied_is_selected(tab: Page) -> None:
    make(open_maker(tab))
    tab.evaluate("() => void (navigator.clipboard.writeText = () => Promise.reject(new Error('no')))")
    tab.locator("#share summary").first.tap()
    for what, field in (("copy-own", "own"), ("copy", "address")):
        tab.locator(f"#share [data-do={what}]").tap()
        tab.wait_for_function("(id) => document.activeElement.id === id", arg=field)


def test_what_is_older_than_thirty_days_is_marked(tab: Page) -> None:
    make(open_maker(tab))
    expect(tab.locator("#list [data-state=old]")).to_be_hidden()
    tab.clock.set_fixed_time(time.time() + 31 * DAY)
    open_maker(tab).locator("#past summary").tap()
    expect(tab.locator("#past [data-state=old]")).to_be_visible()
    expect(tab.locator("#past [data-state=over]")).to_be_visible()
    expect(tab.locator("#past [data-do=change]")).to_be_hidden()


def test_a_briefing_made_in_the_evening_is_for_tomorrow(tab: Page) -> None:
    for hour, days in ((7, 0), (16, 0), (17, 1), (22, 1)):
        tab.clock.set_fixed_time(f"2026-11-24T{hour:02}:30:00")
        open_maker(tab).locator("[data-template=half-day]").tap()
        expect(tab.locator("#f-until")).to_have_value(f"2026-11-{24 + days}")
        tab.evaluate("localStorage.clear()")


def test_a_briefing_made_on_friday_evening_is_for_monday_and_its_weekday_is_told(tab: Page) -> None:
    tab.clock.set_fixed_time("2026-11-27T21:10:00")
    open_maker(tab).locator("[data-template=half-day]").tap()
    expect(tab.locator("#f-until")).to_have_value("2026-11-30")
    expect(tab.locator("#weekday")).to_have_text("maandag 30 november")
    tab.locator("#f-until").fill("2026-12-05")
    expect(tab.locator("#weekday")).to_have_text("zaterdag 5 december")
    open_maker(tab).locator("#drafts button").first.tap()
    expect(tab.locator("#f-until")).to_have_value("2026-12-05")  # who chose a Saturday meant it
    tab.evaluate("localStorage.clear()")
    open_maker(tab, "en").locator("[data-template=week]").tap()
    expect(tab.locator("#f-until")).to_have_value("2026-12-04")
    expect(tab.locator("#weekday")).to_have_text("Friday 4 December")


def test_who_changes_the_language_while_writing_goes_on_writing(tab: Page) -> None:
    open_maker(tab).locator("[data-template=half-day]").tap()
    tab.locator(".languages a").tap()
    expect(tab.locator("html[lang=en][data-ready]")).to_be_attached()
    expect(tab.locator("#write")).to_be_visible()
    expect(tab.locator("[name=help-lang]")).to_have_value("en")  # an untouched template is there in both languages
    tab.locator("#f-title").fill("Groep 8")
    tab.locator("#f-until").fill(tab.locator("#f-until").get_attribute("max") or "")
    until = tab.locator("#f-until").input_value()
    tab.locator(".languages a").tap()
    expect(tab.locator("html[lang=nl][data-ready]")).to_be_attached()
    expect(tab.locator("#f-title")).to_have_value("Groep 8")
    expect(tab.locator("[name=help-lang]")).to_have_value("en")
    expect(tab.locator("#f-until")).to_have_value(until)
    tab.reload()
    expect(tab.locator("html[data-ready]")).to_be_attached()
    expect(tab.locator("#begin")).to_be_visible()
    tab.locator(".languages a").tap()
    expect(tab.locator("html[lang=en][data-ready]")).to_be_attached()
    expect(tab.locator("#begin")).to_be_visible()


def test_without_a_network_the_draft_stays_and_says_so(tab: Page) -> None:
    open_maker(tab).locator("[data-template=half-day]").tap()
    tab.locator("#f-title").fill("Groep 8")
    tab.locator("#f-name").fill(PERSON)
    tab.locator("#f-phone").fill(PHONE_NUMBER)
    tab.route("**/api/**", lambda route: route.abort())
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#refused")).to_contain_text("geen internet")
    tab.unroute("**/api/**")
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#share")).to_be_visible()
