"""Bounds: one address cannot fill the server, a staff room of sixty behind one address never notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from pwa import create_app
from pwa.briefings.limits import BURST, EVERY, full
from pwa.config import Settings
from pwa.database import upgrade
from pwa.patience import MOST_KEYS, Patience
from pwa.security import network_of
from tests.briefings.conftest import ON_BOTH, seconds
from tests.support.maker import DAY, Maker

Makers = Callable[..., Maker]
STAFF = 60


@ON_BOTH
def test_a_staff_room_behind_one_address_makes_a_weeks_briefings_in_five_minutes(
    here: Settings, clock: time_machine.Traveller
) -> None:
    roomy = replace(here, briefings=20_000)
    upgrade(roomy)
    app = create_app(roomy, serve=False)
    for _ in range(STAFF):
        colleague = Maker(app, seconds)
        assert colleague.save(expires=int(seconds()) + 7 * DAY).status_code == 201
        assert colleague.note().status_code == 201
        clock.shift(timedelta(seconds=5))
    app.extensions["briefing-store"]().engine.dispose()


@ON_BOTH
def test_who_sends_too_often_is_told_when_to_come_back_and_others_are_not_touched(
    makers: Makers, clock: time_machine.Traveller
) -> None:
    flood = makers(address="2001:db8::1")
    answers = [flood.save(expires=int(seconds()) + 31 * DAY, revision=at + 1, after=at) for at in range(25)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 0 < len(refused) <= 25 - int(BURST // 31)
    wait = int(refused[0].headers["Retry-After"])
    assert refused[0].json == {"error": "often"}
    neighbour = makers(address="2001:db8::2")  # in the same network, which one household gets whole
    assert neighbour.save(expires=int(seconds()) + 31 * DAY).status_code == 429
    assert makers(address="198.51.100.1").save().status_code == 201
    clock.shift(timedelta(seconds=wait))
    assert flood.save(expires=int(seconds()) + 31 * DAY).status_code == 200


def test_one_address_never_holds_more_than_a_tenth_of_what_all_may() -> None:
    """Whatever the expiry: the longer a briefing stays, the more it costs."""
    for days in (1, 2, 7, 31):
        patience, held, now = full(), 0, 0.0
        while now < days * DAY:  # the first ones have not expired yet
            wait = patience.wait("192.0.2.7", cost=days, at=now)
            held += not wait
            now += wait
        assert held <= 0.11 * 20_000, f"{held} briefings of {days} days"


@ON_BOTH
def test_all_together_are_bounded_and_a_withdrawn_one_makes_room(makers: Makers) -> None:
    first = makers()
    assert first.save().status_code == 201
    assert {makers(address=f"192.0.2.{number}").save().status_code for number in range(49)} == {201}
    late = makers(address="192.0.2.99")
    answer = late.save()
    assert (answer.status_code, answer.json) == (507, {"error": "full"})
    assert first.save().status_code == 200, "what is there can be changed"
    first.withdraw()
    assert late.save().status_code == 201


@ON_BOTH
def test_what_is_over_makes_room(makers: Makers, clock: time_machine.Traveller) -> None:
    for number in range(50):
        makers(address=f"192.0.2.{number}").save()
    clock.shift(timedelta(days=1))
    assert makers().save().status_code == 201


def test_attempts_come_back_and_no_more_than_there_were() -> None:
    patience = Patience(2, 1)
    assert [patience.wait("192.0.2.1", at=0) for _ in range(3)] == [0, 0, 2]
    assert patience.wait("192.0.2.1", at=2) == 0
    assert [patience.wait("192.0.2.1", at=1000) for _ in range(3)] == [0, 0, 2]
    assert patience.wait("192.0.2.1", at=900) > 0, "a clock that is set back gives nothing away"


def test_addresses_do_not_fill_the_memory() -> None:
    patience = full()
    for number in range(MOST_KEYS + 100):
        patience.wait(f"2001:db8:{number:x}::", at=0)
    assert len(patience.left) <= MOST_KEYS


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", ["192.0.2.7"]),
        ("2001:db8:1:2:3:4:5:6", ["2001:db8:1:2::", "2001:db8:1::/48"]),
        ("2001:db8:1:2:ffff::1", ["2001:db8:1:2::", "2001:db8:1::/48"]),
        ("::ffff:192.0.2.7", ["192.0.2.7"]),
        ("", ["unknown"]),
        ("evil", ["unknown"]),
        ("192.0.2.7, 10.0.0.1", ["unknown"]),
    ],
)
def test_a_household_is_one_sender(address: str, network: list[str]) -> None:
    assert list(network_of(address)) == network


def test_refilling_takes_ten_hours() -> None:
    assert BURST * EVERY == 10 * 3600
