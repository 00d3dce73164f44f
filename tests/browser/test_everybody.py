"""For everybody: axe on every page, 200 % text, the keyboard alone, targets for a thumb, contrast, calm."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PLAIN = ("", "s/anger", "m/know", "safety", "search", "pinned", "settings", "about", "nowhere")
KINDS = ("k/anger-is-fear", "k/how-common", "k/safe-base-circle", "k/four-patterns", "k/talk-of-not-living")
WIDTHS = (320, 360, 390)
RUN_AXE = "(rules) => axe.run(document, {resultTypes: ['violations'], ...rules}).then((result) => result.violations.map((found) => " \
    "found.id + ': ' + found.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')))"
# What can differ between widths, sizes of text and themes; all the other rules read the same document again.
BY_LAYOUT = {"runOnly": ["color-contrast", "target-size", "scrollable-region-focusable", "meta-viewport"]}
# Hidden cards are not looked at by axe, and make it slow: one card at a time is in the document, and open.
RUN_AXE_ON_CARDS = """async (rules) => {
  const found = [];
  const cards = [...document.querySelectorAll('.card')];
  const place = cards[0].parentElement;
  document.querySelector('[data-open]').removeAttribute('data-open');
  for (const card of cards) card.remove();
  document.documentElement.dataset.kind = 'card';
  for (const card of cards) {
    card.setAttribute('data-open', '');
    place.append(card);
    const result = await axe.run(card, {resultTypes: ['violations'], ...rules});
    found.push(...result.violations.map((violation) => card.id + ' ' + violation.id));
    card.remove();
  }
  return found.concat(cards.length < 50 ? ['too few cards'] : []);
}"""
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


@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_on_any_page(phone: Page, language: str) -> None:
    found = {}
    for path in (*PLAIN, *KINDS):
        phone.emulate_media(color_scheme="light", reduced_motion="reduce")
        phone.goto(f"/{language}/{path}")
        phone.evaluate(AXE)
        found[path] = phone.evaluate(RUN_AXE, {})
        for scheme in ("light", "dark"):
            phone.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for width in WIDTHS:
                phone.set_viewport_size({"width": width, "height": 640})
                found[f"{path} {scheme} {width}"] = phone.evaluate(RUN_AXE, BY_LAYOUT)
            phone.evaluate("document.documentElement.style.fontSize = '200%'")
            found[f"{path} {scheme} at 200 %"] = phone.evaluate(RUN_AXE, BY_LAYOUT)
            wide = phone.evaluate("document.documentElement.scrollWidth - innerWidth")
            found[f"{path} {scheme} scrolls sideways at 200 %"] = [wide] if wide > 0 else []
            phone.evaluate("document.documentElement.style.fontSize = ''")
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_on_any_card(phone: Page, language: str) -> None:
    for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        phone.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        phone.goto(f"/{language}/cards")
        phone.evaluate(AXE)
        assert phone.evaluate(RUN_AXE_ON_CARDS, rules) == []


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
    heard = phone.locator("body").aria_snapshot()
    assert "main" in heard
    assert heard.index("Boosheid is vaak angst") < heard.index("Zoek de angst") < heard.index("Jij") < heard.index("Waarom")
