"""Real Firefox: the page subscribes, the engine encrypts and sends through a real push service, the browser decrypts and
displays, a finger taps, and the card opens."""

from __future__ import annotations

from tests.support.push.firefox import Firefox
from tests.support.whole import CODE, Whole


def subscribe(firefox: Firefox, whole: Whole, path: str = "/nl/tips") -> None:
    firefox.goto(whole.url + path)
    firefox.click("[data-do=begin]")
    firefox.wait_alert("Tips staan aan")
    firefox.wait_text("#tips-said", "aangekomen")


def test_a_reader_turns_tips_on_and_the_first_message_proves_the_address(firefox: Firefox, whole: Whole) -> None:
    school = whole.school()
    subscribe(firefox, whole, f"/nl/tips#join={CODE}")
    firefox.wait_text("#tips-groups", "De Regenboog")
    [row] = whole.rows()
    assert row.confirmed_at
    tip = whole.tip(school, "Pauze blijft")
    whole.send(tip)
    assert firefox.wait_alert("Pauze blijft")["text"].startswith("Altijd")
    firefox.click_alert("Pauze blijft")
    firefox.wait_tab("/nl/k/keep-recess")
