"""A reader of tips with Firefox, and the school that they are of."""

from __future__ import annotations

import pytest

from tests.support.push.firefox import Firefox
from tests.support.whole import CODE, Whole


@pytest.fixture
def school(whole: Whole) -> int:
    return whole.school()


@pytest.fixture
def reader(firefox: Firefox, whole: Whole, school: int) -> Firefox:
    """Somebody who scanned the poster, subscribed and joined; what is on the screen is cleared away."""
    subscribe(firefox, whole, f"/nl/tips#join={CODE}")
    firefox.wait_text("#tips-groups", "De Regenboog")
    firefox.click_alert("Tips staan aan")
    firefox.wait_gone("Tips staan aan")
    return firefox


def subscribe(firefox: Firefox, whole: Whole, path: str = "/nl/tips") -> None:
    """One tap; the browser allows it; the first message is on the screen, and the page knows."""
    firefox.goto(whole.url + path)
    firefox.click("[data-do=begin]")
    firefox.wait_alert("Tips staan aan")
    firefox.wait_text("#tips-said", "aangekomen")
