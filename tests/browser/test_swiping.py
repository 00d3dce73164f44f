"""A finger goes through the cards; two fingers, or one on an enlarged page, leave the card alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

Finger = Callable[..., None]


@pytest.fixture
def touch(phone: Page) -> Finger:
    """Puts fingers on a card in the middle of its place, by what a screen reports: each with its number and where it is."""
    phone.goto("/nl/s/anger")
    phone.locator("section[data-open] .cues a").nth(2).tap()
    expect(phone.locator("#tools .next")).to_be_visible()
    session: CDPSession = phone.context.new_cdp_session(phone)

    def report(kind: str, *fingers: tuple[int, int]) -> None:
        points = [{"id": number, "x": x, "y": 300} for number, x in fingers]
        session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    return report


def card(phone: Page) -> str:
    """The card that is open, when all that was reported has been dealt with."""
    return phone.evaluate("""new Promise((done) => requestAnimationFrame(() => setTimeout(
        () => done(document.querySelector('section[data-open]').id))))""")


def swipe(touch: Finger, start: int = 300, end: int = 200) -> None:
    touch("Start", (0, start))
    touch("Move", (0, end))
    touch("End")


def enlarge(phone: Page, times: int) -> None:
    phone.context.new_cdp_session(phone).send("Emulation.setPageScaleFactor", {"pageScaleFactor": times})


def test_one_finger_turns_a_card(phone: Page, touch: Finger) -> None:
    before = card(phone)
    swipe(touch)
    assert card(phone) != before


def test_two_fingers_turn_none(phone: Page, touch: Finger) -> None:
    before = card(phone)
    touch("Start", (0, 300))
    touch("Start", (0, 300), (1, 100))
    touch("Move", (0, 200), (1, 20))
    touch("End")
    assert card(phone) == before
    enlarge(phone, 1)  # as the two fingers made it larger
    swipe(touch)
    assert card(phone) != before


def test_a_touch_that_the_screen_takes_back_turns_none(phone: Page, touch: Finger) -> None:
    before = card(phone)
    touch("Start", (0, 300))
    touch("Move", (0, 290))
    touch("Cancel")
    touch("Start", (0, 100))
    touch("End")
    assert card(phone) == before


def test_a_finger_that_moves_about_in_an_enlarged_page_turns_none(phone: Page, touch: Finger) -> None:
    before = card(phone)
    enlarge(phone, 2)
    for _ in range(2):  # to its right edge, and on although there is nothing more
        swipe(touch, 340, 20)
    assert card(phone) == before
