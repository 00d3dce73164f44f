"""What goes wrong while a briefing is written or read: nothing is lost by it, and what the page says is so."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.briefing import DAY, PERSON, PHONE_NUMBER, WORD, database, make, open_maker, read, tab, wait_until

__all__ = ["database", "tab"]  # fixtures

NO_ROOM = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"
EXPIRES = "JSON.parse(localStorage.getItem('houvast.briefings'))[0].expires"
WAITS = "localStorage.setItem(`houvast.note.${location.pathname.split('/').pop()}`, 'sealed')"


def begin(page: Page, template: str, title: str) -> None:
    open_maker(page).locator(f"[data-template={template}]").tap()
    page.locator("#f-title").fill(title)


def seal(page: Page) -> None:
    page.locator("#write [type=submit]").tap()


def change(page: Page, title: str) -> None:
    open_maker(page).locator("#list [data-do=change]").first.tap()
    page.locator("#f-title").fill(title)
    seal(page)


def test_no_draft_takes_the_place_of_another(tab: Page) -> None:
    begin(tab, "half-day", "De eerste")
    begin(tab, "week", "De tweede")
    open_maker(tab)
    drafts = tab.locator("#drafts li")
    expect(drafts).to_have_count(2)
    expect(drafts.first).to_contain_text("De tweede")
    drafts.last.locator("button").first.tap()
    expect(tab.locator("#f-title")).to_have_value("De eerste")
    tab.locator("#f-name").fill(PERSON)
    tab.locator("#f-phone").fill(PHONE_NUMBER)
    seal(tab)
    expect(tab.locator("#share")).to_be_visible()
    open_maker(tab)
    expect(drafts).to_have_count(1)
    remove = drafts.locator("button").last
    remove.tap()
    remove.dispatch_event("click")  # the second tap of a double one
    expect(remove).to_have_text("Tik nog eens om weg te halen")
    remove.tap()
    expect(drafts).to_have_count(0)


def test_a_change_that_was_begun_goes_on_where_it_was_left(tab: Page) -> None:
    make(open_maker(tab))
    open_maker(tab).locator("#list [data-do=change]").tap()
    tab.locator("#f-title").fill("Groep 7")
    begin(tab, "week", "Iets anders")
    open_maker(tab).locator("#list [data-do=change]").tap()
    expect(tab.locator("#f-title")).to_have_value("Groep 7")


def test_a_change_whose_answer_was_lost_can_be_changed_again(tab: Page) -> None:
    link = make(open_maker(tab))

    def lose_the_answer(route: Route) -> None:
        assert route.fetch().ok
        route.abort()

    tab.route("**/api/briefings/*", lose_the_answer)
    change(tab, "Groep 7")
    expect(tab.locator("#refused")).to_have_text("Er is nu geen internet. Je concept staat op dit toestel.")
    tab.unroute("**/api/briefings/*")
    tab.locator("#f-title").fill("Groep 8")
    seal(tab)
    expect(tab.locator("#share h2")).to_have_text("Gewijzigd. De link blijft dezelfde.")
    change(tab, "Groep 9")
    expect(tab.locator("#share h2")).to_be_visible()
    tab.goto(link)
    expect(tab.locator("h1")).to_have_text("Groep 9")


@pytest.mark.parametrize(("status", "words"), [(404, "verlopen of ingetrokken"), (409, "op een ander toestel")])
def test_what_cannot_be_changed_any_more_is_shared_as_a_new_one_by_one_more_tap(
    tab: Page, status: int, words: str
) -> None:
    link = make(open_maker(tab))
    tab.route("**/api/briefings/*", lambda route: route.fulfill(status=status, json={"error": ""})
              if route.request.method == "PUT" else route.continue_())  # fmt: skip
    change(tab, "Groep 7")
    expect(tab.locator("#refused")).to_contain_text(words)
    expect(tab.locator("#refused")).to_contain_text("als nieuwe")
    tab.unroute("**/api/briefings/*")
    seal(tab)
    expect(tab.locator("#share h2")).to_be_visible()
    assert tab.locator("#address").input_value() != link


def test_a_change_that_another_device_overtook_does_not_overwrite_it(tab: Page, chromium: Browser) -> None:
    link = make(open_maker(tab))
    makers = tab.locator("#own").input_value()
    open_maker(tab).locator("#list [data-do=change]").tap()
    tab.locator("#f-title").fill("Groep 7")
    other = chromium.new_context(has_touch=True).new_page()
    other.goto(makers)
    other.locator("#list [data-do=change]").tap()
    other.locator("#f-title").fill("Groep 8")
    seal(other)
    expect(other.locator("#share h2")).to_have_text("Gewijzigd. De link blijft dezelfde.")
    other.context.close()
    tab.goto("/healthz")
    tab.goto(makers)
    tab.locator("#list [data-do=change]").tap()
    expect(tab.locator("#f-title")).to_have_value("Groep 7")
    seal(tab)
    expect(tab.locator("#refused")).to_contain_text("op een ander toestel")
    open_maker(tab).locator("#list [data-do=change]").tap()  # from what that device wrote
    expect(tab.locator("#f-title")).to_have_value("Groep 8")
    seal(tab)
    expect(tab.locator("#share h2")).to_have_text("Gewijzigd. De link blijft dezelfde.")
    tab.goto(link)
    expect(tab.locator("h1")).to_have_text("Groep 8")


def test_what_another_device_prolonged_or_withdrew_is_known_here_and_taking_it_off_the_list_withdraws_nothing(
    tab: Page, chromium: Browser
) -> None:
    link = make(open_maker(tab))
    makers, over = tab.locator("#own").input_value(), tab.evaluate(EXPIRES) + 60
    other = chromium.new_context(has_touch=True).new_page()
    other.goto(makers)
    other.locator("#list [data-do=change]").tap()
    other.locator("#f-until").fill(other.locator("#f-until").get_attribute("max") or "")
    seal(other)
    expect(other.locator("#share h2")).to_have_text("Gewijzigd. De link blijft dezelfde.")
    tab.clock.set_fixed_time(over)
    tab.route("**/api/**", lambda route: route.abort())
    remove = open_maker(tab).locator("#list [data-do=remove]")
    for _ in range(2):
        remove.tap()
    expect(tab.locator("#mine")).to_be_hidden()
    tab.unroute("**/api/**")
    tab.goto(makers)  # in the tab where the page stands
    expect(tab.locator("#list [data-do=withdraw]")).to_be_visible()
    tab.evaluate("""() => {
        const [one] = JSON.parse(localStorage['houvast.briefings']);
        localStorage['houvast.briefings'] = JSON.stringify([{...one, revision: 1, expires: 1}]);
    }""")
    expect(open_maker(tab).locator("#list [data-do=withdraw]")).to_be_visible()  # as long as the other device made it
    other.locator("#done").tap()
    for _ in range(2):
        other.locator("#list [data-do=withdraw]").tap()
    expect(other.locator("#mine")).to_be_hidden()
    other.context.close()
    expect(open_maker(tab).locator("#list [data-state=over]")).to_be_visible()
    expect(tab.locator("#list [data-do=change]")).to_be_hidden()
    tab.goto(link)
    expect(tab.locator("[data-state=gone]")).to_be_visible()


def test_what_cannot_be_asked_is_not_called_changed_by_another_device(tab: Page) -> None:
    link = make(open_maker(tab))
    tab.route("**/api/briefings/*", lambda route: route.fulfill(status=409, json={"error": ""})
              if route.request.method == "PUT" else route.abort())  # fmt: skip
    change(tab, "Groep 7")
    expect(tab.locator("#refused")).to_contain_text("geen internet")
    tab.unroute("**/api/briefings/*")
    seal(tab)
    expect(tab.locator("#share h2")).to_have_text("Gewijzigd. De link blijft dezelfde.")
    expect(tab.locator("#address")).to_have_value(link)


def test_what_is_being_sent_cannot_be_changed_meanwhile(tab: Page) -> None:
    begin(tab, "half-day", "Groep 6")
    tab.locator("#f-name").fill(PERSON)
    tab.locator("#f-phone").fill(PHONE_NUMBER)
    held: list[Route] = []
    tab.route("**/api/briefings/*", lambda route: held.append(route))
    with tab.expect_request("**/api/briefings/*"):
        seal(tab)
    expect(tab.locator("#write[inert]")).to_be_attached()
    expect(tab.locator("#write [type=submit]")).to_have_text("Even verzegelen …")
    held[0].continue_()
    expect(tab.locator("#share")).to_be_visible()
    expect(tab.locator("#write[inert]")).not_to_be_attached()


def test_the_makers_link_brings_the_day_along(tab: Page) -> None:
    make(open_maker(tab), "week")
    makers, (record,) = tab.locator("#own").input_value(), tab.evaluate("JSON.parse(localStorage['houvast.briefings'])")
    tab.evaluate("localStorage.clear()")
    tab.route("**/api/**", lambda _: None)  # a network that does not answer: the page is there all the same
    tab.goto("/healthz")
    tab.goto(makers)
    expect(tab.locator("[data-template]").first).to_be_visible()
    tab.unroute("**/api/**")
    tab.goto(makers)
    tab.locator("#list [data-do=change]").tap()
    expect(tab.locator("#f-until")).to_have_value(record["draft"]["until"])


def test_where_nothing_can_be_kept_the_page_says_so(tab: Page) -> None:
    tab.add_init_script(NO_ROOM)
    begin(tab, "half-day", f"Groep 6, {WORD}")
    tab.locator("#f-name").fill(PERSON)
    tab.locator("#f-phone").fill(PHONE_NUMBER)
    tab.route("**/api/**", lambda route: route.abort())
    seal(tab)
    expect(tab.locator("#refused")).to_have_text(
        "Er is nu geen internet. Deze browser bewaart geen concept: laat deze pagina open."
    )
    tab.unroute("**/api/**")
    seal(tab)
    expect(tab.locator("#unkept")).to_be_visible()
    expect(tab.locator("#own")).to_be_visible()
    read(tab, tab.locator("#address").input_value())
    tab.route("**/notes", lambda route: route.abort())
    tab.locator("label:has([name=mood])").first.tap()
    tab.locator("label:has([name=helped])").first.tap()
    tab.locator("#words").fill("Het ging.")
    tab.locator("#note-back [type=submit]").tap()
    expect(tab.locator("[data-note=unkept]")).to_be_visible()
    expect(tab.locator("#words")).to_have_value("Het ging.")
    tab.unroute("**/notes")
    tab.locator("#note-back [type=submit]").tap()
    expect(tab.locator("[data-note=sent]")).to_be_visible()


def test_the_way_past_the_bar_keeps_the_key_in_the_address(tab: Page) -> None:
    link = make(open_maker(tab))
    read(tab, link)
    tab.locator(".skip").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#main")).to_be_focused()
    expect(tab.locator("#items")).to_be_visible()
    assert tab.url == link


def test_a_note_that_came_too_late_stays_told(tab: Page) -> None:
    read(tab, make(open_maker(tab)))
    tab.evaluate(WAITS)
    tab.clock.set_fixed_time(tab.evaluate(EXPIRES) + 60)
    tab.route("**/api/briefings/*", lambda route: route.fulfill(status=404, json={"error": "gone"}))
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    wait_until(tab, "!Object.keys(localStorage).some((name) => name.startsWith('houvast.note.'))")
    expect(tab.locator("#unsent")).to_be_visible()


@pytest.mark.parametrize("network", [True, False])
def test_a_briefing_that_was_prolonged_meanwhile_is_not_called_over(tab: Page, network: bool) -> None:
    link = make(open_maker(tab))
    read(tab, link)
    over = tab.evaluate(EXPIRES)
    maker = tab.context.new_page()
    open_maker(maker).locator("#list [data-do=change]").tap()
    maker.locator("#f-until").fill(maker.locator("#f-until").get_attribute("max") or "")
    seal(maker)
    expect(maker.locator("#share h2")).to_have_text("Gewijzigd. De link blijft dezelfde.")
    assert maker.evaluate(EXPIRES) > over + DAY
    tab.evaluate(WAITS)
    tab.locator("#sixty").tap()
    tab.clock.set_fixed_time(over + 60)
    if not network:
        tab.route("**/api/**", lambda route: route.abort())
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    if not network:
        expect(tab.locator("[data-state=gone]")).to_be_visible()
        expect(tab.locator(".bottom")).to_be_visible()
        tab.unroute("**/api/**")
        tab.evaluate("dispatchEvent(new Event('online'))")
    expect(tab.locator("#note-back, [data-note]").filter(visible=True).first).to_be_visible()
    expect(tab.locator("h1")).to_contain_text(WORD)
    expect(tab.locator("[data-state=gone]")).to_be_hidden()
    expect(tab.locator("#paper svg")).to_be_attached()
    expect(tab.locator(".item").filter(visible=True)).to_have_count(9)
    expect(tab.locator("#unsent")).to_be_hidden()
    assert tab.evaluate("Object.keys(localStorage).some((name) => name.startsWith('houvast.note.'))")


def test_a_number_is_dialled_as_it_is_written_for_people(tab: Page) -> None:
    dialled = {
        "030 123 45 67": "0301234567",
        "+31 (0)30 123 45 67": "+31301234567",
        "(+31) 30 1234567": "+31301234567",
        "0031 (0)30 1234567": "0031301234567",
        "+44 (0)20 7946 0958": "+442079460958",
        "(030) 123 45 67": "0301234567",
        "02/123 45 67": "021234567",
        "030-1234567 / 030-7654321": "0301234567",
        "112": "112",
        "12": "12",
        "0032 (0)475/12 34 56": "0032475123456",
        "0049 2821/12345": "0049282112345",
    }
    numbers = open_maker(tab).evaluate(
        "(given) => import('#showing').then(({dialled}) => given.map(dialled))", list(dialled)
    )
    assert dict(zip(dialled, numbers, strict=True)) == dialled
