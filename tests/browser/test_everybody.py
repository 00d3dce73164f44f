"""For everybody: axe on every page, 200 % text, the keyboard alone, targets for a thumb, contrast, calm."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PLAIN = ("", "s/anger", "m/know", "safety", "search", "pinned", "tips", "settings", "about", "privacy", "nowhere")
# What axe finds on a page as it is shown now, and a page that is wider than the screen.
RUN = """async (rules) => {
  const {violations} = await axe.run(document, {resultTypes: ['violations'], ...rules});
  const found = violations.map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`);
  const wide = document.documentElement.scrollWidth - innerWidth;
  return found.concat(wide > 0 ? [`${wide} px too wide`] : []);
}"""
KINDS = ("k/anger-is-fear", "k/how-common", "k/safe-base-circle", "k/four-patterns", "k/talk-of-not-living")
# Every page is the shell with one section (tests/offline holds the worker to that). Hidden sections are not looked at by
# axe, and make it slow: so each is put alone into the shell, and the cards, which are of one kind, all together.
RUN_AXE = """async (rules) => {
  const main = document.getElementById('main');
  window.sections ??= [...main.querySelectorAll(':scope > section')];
  const cards = window.sections.filter((section) => section.matches('.card'));
  const pages = cards.length > 1 ? [cards] : window.sections.map((section) => [section]);
  const found = [];
  for (const page of pages) {
    for (const other of main.querySelectorAll(':scope > section')) other.remove();
    for (const section of page) section.setAttribute('data-open', '');
    document.documentElement.dataset.kind = page[0].classList[0];
    main.append(...page);
    const {violations} = await axe.run(document, {resultTypes: ['violations'], ...rules});
    for (const violation of violations)
      found.push(`${page[0].id} ${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`);
    for (const node of document.querySelectorAll('body :not(svg *)')) {
      const wide = node.checkVisibility() ? Math.round(node.getBoundingClientRect().right - innerWidth) : 0;
      if (wide > 0) found.push(`${wide} px too wide: ${node.tagName} ${node.textContent.trim().slice(0, 30)}`);
    }
  }
  return found.concat(window.sections.length < 12 ? ['too few sections'] : []);
}"""
BY_THEME = {"runOnly": ["color-contrast"]}
BY_WIDTH = {"runOnly": ["target-size", "scrollable-region-focusable"]}
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input:not([type=radio], [type=file]), label')]
  .filter((target) => target.checkVisibility() && !target.matches('.skip, p a:not(.button, .today a), label[for=q]'))
  .map((target) => [target, target.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.5 || box.width < 43)
  .map(([target, box]) => `${target.className || target.textContent.trim()} ${Math.round(box.width)}×${Math.round(box.height)}`)"""
# Contrast of every piece of text on the open card against what is behind it, as WCAG 2 computes it.
LOW_CONTRAST = """() => {
  const light = (rgb) => rgb.map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (node) => { for (; node; node = node.parentElement) {
    const colour = rgb(getComputedStyle(node).backgroundColor); if (colour.length < 4 || colour[3] === 1) return colour.slice(0, 3); } };
  const poor = [];
  for (const node of document.querySelectorAll('.card[data-open] :is(h1, h2, p, dt, dd, li, td, th, a, b, span)')) {
    if (!node.checkVisibility() || !node.textContent.trim()) continue;
    const [one, two] = [light(rgb(getComputedStyle(node).color).slice(0, 3)), light(behind(node))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (two + 0.05);
    if (ratio < 7) poor.push(`${node.tagName} ${node.textContent.trim().slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return poor;
}"""

# Tiles, labels and sentences that lie on each other, and a page wider than the screen.
OVERLAPS = """() => {
  const words = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range.getBoundingClientRect();
  };
  const parts = [...document.querySelectorAll('[data-open] :is(.tile, .moments a, dt, dd)')].filter((node) => node.checkVisibility());
  const boxes = parts.map((node) => [node.textContent.trim().slice(0, 20), node.matches('a') ? node.getBoundingClientRect() : words(node)]);
  const found = boxes.flatMap(([text, one], place) => boxes.slice(place + 1)
    .filter(([, other]) => one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1)
    .map(([other]) => `${text} / ${other}`));
  const wide = document.documentElement.scrollWidth - innerWidth;
  return wide > 0 ? [...found, `${wide} px too wide`] : found;
}"""


@pytest.mark.parametrize("document", ["", "cards"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_on_any_page(phone: Page, language: str, document: str) -> None:
    phone.emulate_media(color_scheme="light", reduced_motion="reduce")
    phone.goto(f"/{language}/{document}")
    expect(phone.locator("html")).to_have_attribute("data-ready", "")
    phone.evaluate(AXE)
    found = {"360, light": phone.evaluate(RUN_AXE, {})}
    for width in (320, 390):
        phone.set_viewport_size({"width": width, "height": 640})
        found[str(width)] = phone.evaluate(RUN_AXE, BY_WIDTH)
    phone.set_viewport_size(PHONE)
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    found["at 200 %"] = phone.evaluate(RUN_AXE, BY_WIDTH)
    phone.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found["dark"] = phone.evaluate(RUN_AXE, BY_THEME)
    assert {where: what for where, what in found.items() if what} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_statement_which_no_device_keeps(phone: Page, scheme: str) -> None:
    phone.emulate_media(color_scheme=scheme)
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto("/nl/privacy")
    phone.evaluate(AXE)
    assert phone.evaluate("async () => (await axe.run()).violations.map((each) => each.id)") == []
    assert phone.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("size", ["150%", "200%"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_large_text_lies_on_nothing_else_and_makes_no_page_wide(phone: Page, language: str, size: str) -> None:
    wrong = {}
    for path in ("", "safety", "k/anger-is-fear", "k/worried-about-home", "search?q=boos"):
        phone.goto(f"/{language}/{path}")
        expect(phone.locator("html")).to_have_attribute("data-ready", "")
        phone.evaluate("(size) => document.documentElement.style.fontSize = size", size)
        if path == "safety":
            expect(phone.locator("#countries")).to_be_visible()
        if path.startswith("k/"):
            expect(phone.locator("html")).to_have_attribute("data-tools", "")
        wrong[path] = phone.evaluate(OVERLAPS)
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_on_a_card_has_a_contrast_of_seven_to_one(phone: Page, scheme: str) -> None:
    phone.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for path in KINDS:
        phone.goto(f"/nl/{path}")
        assert phone.evaluate(LOW_CONTRAST) == [], path


def test_targets_are_large_enough_for_a_thumb(phone: Page) -> None:
    small = {}
    for path in (*PLAIN, *KINDS):
        phone.goto(f"/nl/{path}")
        expect(phone.locator("html")).to_have_attribute("data-ready", "")
        small[path] = phone.evaluate(SMALL_TARGETS)
    assert {path: found for path, found in small.items() if found} == {}


def test_the_keyboard_alone_reaches_a_cue_and_the_focus_is_seen(phone: Page) -> None:
    phone.goto("/nl/")
    phone.keyboard.press("Tab")
    expect(phone.locator(".skip")).to_be_focused()
    tile = phone.locator('a[href="/nl/s/anger"]').first
    for _ in range(12):
        phone.keyboard.press("Tab")
        if tile.evaluate("node => node === document.activeElement"):
            break
    expect(tile).to_be_focused()
    assert tile.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    phone.keyboard.press("Enter")
    expect(phone.locator("section[data-open] h1")).to_be_focused()
    for _ in range(3):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.closest('.cues') !== null"):
            break
    phone.keyboard.press("Enter")
    expect(phone.locator("html")).to_have_attribute("data-kind", "card")


def test_nothing_moves_when_motion_is_reduced(phone: Page) -> None:
    phone.emulate_media(reduced_motion="reduce")
    phone.goto("/nl/")
    assert phone.locator("section[data-open]").evaluate("node => getComputedStyle(node).animationDuration") == "0s"


def test_every_text_says_in_which_language_it_is(phone: Page) -> None:
    phone.goto("/en/k/keep-recess")
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    expect(phone.locator("section[data-open] cite")).to_have_attribute("lang", "nl")
    expect(phone.locator(".languages a")).to_have_attribute("lang", "nl")


def test_headings_and_landmarks_make_sense_read_aloud(phone: Page) -> None:
    phone.goto("/nl/k/anger-is-fear")
    expect(phone.get_by_role("heading", name="Waarom")).to_be_visible()
    heard = phone.locator("body").aria_snapshot()
    assert "main" in heard
    assert heard.index("Boosheid is vaak angst") < heard.index("Zoek de angst") < heard.index("Jij") < heard.index("Waarom")
