"""Briefings for everybody: axe in every state of both pages, narrow and wide, large text, dark; targets for a thumb."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pwa.briefings.templates import WRITTEN
from tests.browser.test_everybody import AXE, LOW_CONTRAST, RUN
from tests.support.briefing import PERSON, PHONE_NUMBER, database, make, open_maker, tab, tab_without_worker

__all__ = ["database", "tab", "tab_without_worker"]  # fixtures

SMALL = """() => [...document.querySelectorAll('a, button, summary, select, textarea, input:not([type=radio]), fieldset label')]
  .filter((target) => target.checkVisibility() && !target.matches('.skip, p a:not(.button)'))
  .map((target) => [target, target.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.5 || box.width < 43)
  .map(([target, box]) => `${target.id || target.textContent.trim()} ${Math.round(box.width)}×${Math.round(box.height)}`)"""


def everything(page: Page) -> dict[str, list[str]]:
    """What axe and the house find on what is shown now."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.evaluate(AXE)
    contrast = LOW_CONTRAST.replace(".card[data-open]", "section[data-open]")
    found = {"360, light": page.evaluate(RUN, {}), "targets": page.evaluate(SMALL), "contrast": page.evaluate(contrast)}
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 640})
        found[str(width)] = page.evaluate(RUN, {"runOnly": ["target-size", "scrollable-region-focusable"]})
    page.set_viewport_size({"width": 360, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found["at 200 %"] = page.evaluate(RUN, {"runOnly": ["target-size", "scrollable-region-focusable"]})
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found["dark"] = page.evaluate(RUN, {"runOnly": ["color-contrast"]})
    found["contrast in the dark"] = page.evaluate(contrast)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return {where: what for where, what in found.items() if what}


def begin(page: Page, language: str) -> None:
    open_maker(page, language)


def of_a_school(page: Page, language: str) -> None:
    """With a code that fits one school and another that fits none."""
    words = {name: "Twee keer blazen" for name in ("title", "hint", *WRITTEN)}
    school = {"code": "K7M2Q9XR4T", "group": "De Wilgen",
              "templates": [{"days": 1, "cards": ["keep-recess"], "words": {"nl": words}}]}  # fmt: skip
    found = [school, {**school, "code": "ABCDEFGHJK", "templates": []}]
    page.route("**/api/templates", lambda route: route.fulfill(json=found.pop()) if found else route.continue_())
    open_maker(page, language)
    for code in ("K7M2Q-9XR4T", "ABCDE-FGHJK", "00000-00000"):
        expect(page.locator("#of-a-school:not([open])")).to_be_attached()
        page.locator("#of-a-school summary").tap()
        page.locator("#school-code").fill(code)
        page.locator("#with-code button").tap()
    expect(page.locator("#no-school")).to_be_visible()
    expect(page.locator("#schools .of-school")).to_have_count(2)


def writing(page: Page, language: str) -> None:
    open_maker(page, language).locator("[data-template=week]").tap()
    page.locator("#f-avoid").fill("Sem: 111222333, ADHD, 06-12345678. " + "word " * 100)
    page.locator("#f-avoid").blur()
    expect(page.locator(".warnings li").first).to_be_visible()
    page.locator("#choose summary").tap()


def sharing(page: Page, language: str) -> None:
    make(open_maker(page, language))
    page.locator("#share summary").tap()


def listed(page: Page, language: str) -> None:
    make(open_maker(page, language))
    open_maker(page, language).locator("[data-template=week]").tap()
    page.locator("#f-title").fill("5b")
    open_maker(page, language)
    expect(page.locator("#list article")).to_be_visible()
    page.locator("#drafts button").last.tap()


def reading(page: Page, language: str) -> None:
    page.goto(make(open_maker(page, language)))
    expect(page.locator("#note-back")).to_be_visible()
    page.locator(".item .card-here summary").first.tap()


def one_at_a_time(page: Page, language: str) -> None:
    reading(page, language)
    page.locator("#sixty").tap()
    page.locator("[data-step='1']").tap()


def wrong_key(page: Page, language: str) -> None:
    page.goto(f"/{language}/b/AAAAAAAAAAAAAAAAAAAAAA")
    expect(page.locator("#again")).to_be_visible()


def nothing_here(page: Page, language: str) -> None:
    page.goto(f"/{language}/b/AAAAAAAAAAAAAAAAAAAAAA#AAAAAAAAAAAAAAAAAAAAAA")
    expect(page.locator("[data-state=gone]")).to_be_visible()


STATES = [begin, of_a_school, writing, sharing, listed, reading, one_at_a_time, wrong_key, nothing_here]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_and_the_house_find_nothing(
    tab_without_worker: Page, state: Callable[[Page, str], None], language: str
) -> None:
    state(tab_without_worker, language)
    assert everything(tab_without_worker) == {}


def test_the_keyboard_alone_makes_and_reads_a_briefing(tab: Page) -> None:
    open_maker(tab, "en").locator("[data-template=half-day]").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("h1")).to_be_focused()
    tab.keyboard.press("Tab")
    expect(tab.locator("#f-title")).to_be_focused()
    tab.keyboard.press("Enter")
    tab.keyboard.type(PERSON)
    tab.keyboard.press("Enter")
    tab.keyboard.type(PHONE_NUMBER)
    tab.keyboard.press("Enter")  # goes on, and sends nothing yet
    expect(tab.locator("#f-call")).to_be_focused()
    tab.locator("#choose summary").press("Enter")
    tab.locator("#by-word").press("Enter")
    expect(tab.locator("#by-word")).not_to_be_focused()
    tab.locator("#f-until").press("Enter")
    expect(tab.locator("#write [type=submit]")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("#share h2")).to_be_focused()
    tab.locator("#done").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("h1")).to_be_focused()
    tab.goto(tab.locator("#address").input_value())
    expect(tab.locator("#note-back")).to_be_visible()
    tab.locator("#sixty").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("[data-item=call] h2")).to_be_focused()
