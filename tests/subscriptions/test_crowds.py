"""Many at once, and those who guess: a staff room gets in, a flood does not, on both databases."""

from __future__ import annotations

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from pwa import worker
from pwa.coaches.tables import deeds
from pwa.database import reading, writing
from pwa.subscriptions import keeping
from pwa.subscriptions.crowd import Crowd
from pwa.subscriptions.keeping import Known
from pwa.subscriptions.tables import subscription_groups, subscriptions
from tests.support.device import Devices, invented
from tests.support.push.process import Push
from tests.support.reception import CODE, count, engine, school


def test_a_staff_room_of_sixty_gets_in_while_somebody_floods(app: Flask, push: Push, device: Devices) -> None:
    flood = [invented(app, "198.51.100.7") for _ in range(400)]
    stored = 0
    for number, minted in enumerate(push.mint(60, key=flood[0].key)):
        for each in flood[number * 6 : number * 6 + 6]:
            stored += each.begin().status_code == 200
        assert device("192.0.2.1", minted=minted).begin().status_code == 200, number
    assert stored <= 61
    refused = flood[-1].begin()
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    later = datetime.now(UTC) + timedelta(minutes=15)
    with writing(engine(app)) as connection:
        assert keeping.sweep(connection, later) == stored + 60
    assert count(app) == 0


@pytest.mark.parametrize("codes", [[], ["0000000000"]], ids=["without codes", "with wrong codes"])
def test_the_sixty_get_in_with_their_code_while_somebody_floods_from_their_own_address(
    app: Flask, push: Push, device: Devices, codes: list[str]
) -> None:
    number = school(app)
    flood = [invented(app, "192.0.2.1") for _ in range(190)]
    flooded = [each.begin(codes=codes).status_code for each in flood[:70]]
    assert flooded[-1] == 429
    for at, minted in enumerate(push.mint(60, key=flood[0].key)):
        flooded += [each.begin(codes=codes).status_code for each in flood[70 + at * 2 : 72 + at * 2]]
        begun = device("192.0.2.1", minted=minted).begin(codes=[CODE])
        assert begun.status_code == 200, at
        assert [group["id"] for group in begun.json["groups"]] == [number]
    assert flooded.count(200) <= 61


def test_two_taps_in_one_moment_are_one_device_in_one_group(app: Flask) -> None:
    school(app)
    other = school(app, "ABCDEFGH13", "De Vlinder")
    with ThreadPoolExecutor(2) as threads:
        for at in range(20):
            device = invented(app, f"192.0.2.{at}")
            begun = list(threads.map(lambda one: one.begin(codes=[CODE]), [device, copy(device)]))
            assert {answer.status_code for answer in begun} == {200}
            assert device.begin().status_code == 200
            join = partial(device.ask, "POST", "subscription/groups")
            joined = list(threads.map(join, [{"code": "ABCDEFGH13"}] * 2))
            assert {(answer.status_code, answer.json["joined"]["id"]) for answer in joined} == {(200, other)}
    assert (count(app), count(app, subscription_groups)) == (20, 40)


def test_who_is_proved_makes_room_for_the_next_one_at_the_same_address(
    app: Flask, push: Push, device: Devices
) -> None:
    for at, minted in enumerate(push.mint(90, key=device().key)):
        reader = device("192.0.2.1", minted=minted)
        assert reader.begin().status_code == 200, at
        reader.prove()
    assert count(app) == 90


def test_a_whole_network_of_ipv6_counts_as_one_and_a_known_device_is_never_too_often(app: Flask, push: Push) -> None:
    flood = [invented(app, f"2001:db8:0:7::{number:x}") for number in range(1, 63)]
    assert [each.begin().status_code for each in flood].count(200) in (60, 61)
    assert invented(app, "2001:db8:0:8::1").begin().status_code == 200
    assert flood[0].begin().status_code == 200
    household = [invented(app, f"2001:db8:1:{number:x}::1").begin().status_code for number in range(250)]
    assert 240 <= household.count(200) < 250


def test_one_device_that_invents_addresses_is_sent_little_and_takes_nothing_from_its_neighbours(
    app: Flask, push: Push, device: Devices
) -> None:
    flood, neighbour = invented(app, "192.0.2.1"), device("192.0.2.1")
    flood.begin()
    answers = []
    for _ in range(40):
        flood.given = invented(app, "192.0.2.1").given
        answers.append(flood.begin())
    assert [answer.status_code for answer in answers].count(200) == 5
    assert (answers[-1].status_code, answers[-1].headers["Retry-After"]) == (429, "60")
    assert worker.make_tasks(app.config["SETTINGS"]).huey.pending_count() == 6
    assert neighbour.begin().status_code == 200
    neighbour.prove()
    moved = []
    for _ in range(7):
        neighbour.given = invented(app, "192.0.2.1").given
        moved.append(neighbour.begin().status_code)
    assert moved == [200] * 5 + [429] * 2
    assert {neighbour.begin().status_code for _ in range(3)} == {429}, "until it has the address back that it had"


def test_a_large_school_comes_with_new_addresses_on_one_morning_though_one_device_goes_on_and_on() -> None:
    crowd = Crowd()
    assert [crowd.may_come(("192.0.2.1",), "", Known(0, proved=True, moves=True)) for _ in range(400)].count(True) == 5
    school = [crowd.may_come(("192.0.2.1",), "", Known(at, proved=True, moves=True)) for at in range(1, 400)]
    assert 295 <= school.count(True) <= 300
    assert crowd.may_come(("192.0.2.1",), "", None), "which takes nothing from newcomers"


def test_there_is_an_end_to_what_waits_for_proof(app: Flask, push: Push, device: Devices) -> None:
    now = datetime.now(UTC)
    row = {"p256dh": bytes(65), "auth": bytes(16), "key_id": "k", "language": "nl", "created_at": now,
           "seen_on": now.date(), "expires_at": now + timedelta(minutes=15)}  # fmt: skip
    with writing(engine(app)) as connection:
        connection.execute(subscriptions.insert(), [
            row | {"endpoint": str(number), "endpoint_hash": os.urandom(32), "token_hash": os.urandom(32)}
            for number in range(keeping.MOST_UNPROVED)
        ])  # fmt: skip
    refused = invented(app, "192.0.2.1").begin()
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "900")
    assert refused.json["reason"] == "crowded"
    school(app)
    assert device("192.0.2.1").begin(codes=[CODE]).status_code == 200, "there is room left for who was invited"


def test_wrong_codes_by_the_thousand_are_slowed_down_and_right_ones_are_not(app: Flask, device: Devices) -> None:
    school(app)
    guesser, reader = device("198.51.100.7"), device("192.0.2.1")
    guesser.begin()
    reader.begin()
    answers = [guesser.ask("POST", "subscription/groups", {"code": f"{number:010}"}) for number in range(1000)]
    assert [answer.status_code for answer in answers].count(404) < 60
    assert answers[-1].status_code == 429
    assert {reader.ask("POST", "subscription/groups", {"code": CODE}).status_code for _ in range(100)} == {200}


def test_a_flood_of_guesses_keeps_nobody_from_joining_who_is_proved(app: Flask, device: Devices) -> None:
    school(app)
    guesser, reader = device(), device()
    guesser.begin()
    reader.begin()
    reader.prove()
    answers = [guesser.ask("POST", "subscription/groups", {"code": f"{number:010}"}) for number in range(60)]
    assert answers[-1].status_code == 429
    assert reader.ask("POST", "subscription/groups", {"code": CODE}).status_code == 200


def test_codes_are_not_guessed_by_subscribing_again_and_again(app: Flask, device: Devices) -> None:
    school(app)
    guesser = device()
    guesser.begin()
    for first in range(0, 60, 20):
        guesser.begin(codes=[f"{number:010}" for number in range(first, first + 20)])
    assert guesser.begin(codes=[CODE]).json["groups"] == [], "it was not even looked at"
    newcomer = device()
    assert len(newcomer.begin(codes=[CODE]).json["groups"]) == 1


def test_more_codes_than_there_is_room_for_are_left_out(app: Flask, device: Devices) -> None:
    codes = [f"AAAAAAAA{number:02}" for number in range(21)]
    for code in codes:
        school(app, code, code)
    reader = device()
    reader.begin(codes=codes[:20])
    begun = reader.begin(codes=codes[20:])
    assert begun.status_code == 200
    assert len(begun.json["groups"]) == keeping.MOST_GROUPS


def test_a_hundred_wrong_codes_within_an_hour_are_an_alarm_once(
    app: Flask, push: Push, caplog: pytest.LogCaptureFixture
) -> None:
    def guess(networks: range) -> int:
        for number in networks:
            invented(app, f"198.51.100.{number}").begin(codes=[f"{number:05}{guess:05}" for guess in range(20)])
        return caplog.text.count("Somebody is guessing join codes: 100 wrong ones within an hour.")

    caplog.set_level(logging.WARNING)
    assert [guess(networks) for networks in (range(4), range(4, 5), range(5, 15))] == [0, 1, 1]
    with reading(engine(app)) as connection:
        noted = connection.execute(select(deeds)).all()
    assert [(deed.coach_name, deed.deed, deed.coach_id) for deed in noted] == [("Houvast", "codes-guessed", None)]
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        assert guess(range(20, 25)) == 2
