"""Subscriptions as they are kept: proved in time, changed by their own device, erased to the last byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import IntegrityError

from pwa.database import make_engine, writing
from pwa.groups.tables import groups
from pwa.subscriptions import keeping
from pwa.subscriptions.endpoints import EndpointError, Keys
from pwa.subscriptions.keeping import Choices, CrowdedError
from pwa.subscriptions.tables import subscription_groups, subscriptions
from tests.support.school import database, make_tables

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
ADDRESS = "https://fcm.googleapis.com/fcm/send/a-secret-address-that-must-be-gone"
DUTCH = Choices(language="nl")


def device() -> Keys:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    return Keys(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint), bytes(range(16)))


KEYS = device()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(database(tmp_path))
    with writing(engine) as connection:
        make_tables(connection)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with writing(engine) as connection:
        yield connection


def keep(connection: Connection, address: str = ADDRESS, keys: Keys = KEYS, at: datetime = NOON,
         **more: Any) -> keeping.Kept:  # fmt: skip
    return keeping.keep(connection, address, keys, DUTCH, key_id="k", at=at, **more)


def count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(subscriptions)) or 0


def test_a_subscription_is_proved_by_what_the_message_carried(connection: Connection) -> None:
    kept = keep(connection)
    assert kept.nonce
    row = keeping.own(connection, kept.token)
    assert row is not None
    assert row.confirmed_at is None
    assert not keeping.confirm(connection, "something else", NOON)
    assert keeping.confirm(connection, kept.nonce, NOON)
    row = keeping.own(connection, kept.token)
    assert row is not None
    assert (row.confirmed_at, row.expires_at) == (NOON, None)
    assert not keeping.confirm(connection, kept.nonce, NOON)


def test_without_proof_it_is_gone_after_a_quarter_of_an_hour(connection: Connection) -> None:
    kept = keep(connection)
    assert kept.nonce
    assert keeping.sweep(connection, NOON + timedelta(minutes=14)) == 0
    assert not keeping.confirm(connection, kept.nonce, NOON + timedelta(minutes=15))
    assert keeping.sweep(connection, NOON + timedelta(minutes=15)) == 1
    assert count(connection) == 0


def test_who_asks_for_the_message_again_and_again_stays_no_longer(connection: Connection) -> None:
    kept = keep(connection)
    for minute in range(1, 15):
        row = keeping.own(connection, kept.token)
        assert row is not None
        nonce = keeping.ask_again(connection, row, NOON + timedelta(minutes=minute))
    assert keeping.confirm(connection, nonce, NOON + timedelta(minutes=14)), "the last one proves it"
    other = keep(connection, ADDRESS + "-other", device())
    row = keeping.own(connection, other.token)
    assert row is not None
    keeping.ask_again(connection, row, NOON + timedelta(minutes=14))
    assert keeping.sweep(connection, NOON + timedelta(minutes=15)) == 1


def test_an_error_of_the_database_does_not_tell_what_was_to_be_kept(connection: Connection) -> None:
    keep(connection)
    secret = bytes(range(16, 32))
    row = dict(connection.execute(select(subscriptions)).one()._mapping) | {"auth": secret}
    with pytest.raises(IntegrityError) as raised:
        connection.execute(subscriptions.insert().values(row))
    assert "hide_parameters" in str(raised.value)
    assert ADDRESS not in str(raised.value)


def test_the_same_device_twice_is_one_reader_and_keeps_its_proof(connection: Connection) -> None:
    first = keep(connection)
    assert first.nonce
    keeping.confirm(connection, first.nonce, NOON)
    again = keep(connection)
    assert (again.number, again.nonce) == (first.number, None)
    assert keeping.own(connection, first.token) is None, "an old token is worth nothing"
    assert count(connection) == 1


def test_a_device_with_a_new_address_keeps_its_choices_by_its_token(connection: Connection) -> None:
    first = keep(connection)
    moved = keep(connection, ADDRESS + "-new", device(), token=first.token)
    assert moved.number == first.number
    assert keeping.compare(connection, moved.token, ADDRESS, NOON) is None
    assert keeping.compare(connection, moved.token, ADDRESS + "-new", NOON) is not None


def test_nobody_takes_over_the_address_of_another_device(connection: Connection) -> None:
    keep(connection)
    stranger = Keys(device().p256dh, bytes(16))
    with pytest.raises(EndpointError, match="another device"):
        keep(connection, keys=stranger)
    assert not keeping.erase(connection, "a guess")
    assert count(connection) == 1


def test_a_flood_of_invented_addresses_has_an_end(connection: Connection) -> None:
    for number in range(20):
        keep(connection, f"{ADDRESS}-{number}", device(), most=20)
    with pytest.raises(CrowdedError):
        keep(connection, f"{ADDRESS}-20", device(), most=20)
    assert keep(connection, f"{ADDRESS}-20", device(), at=NOON + timedelta(minutes=16), most=20)


def test_stopping_leaves_no_byte_of_the_address_in_the_file(engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as connection:
        kept = keep(connection)
        group = {"name": "School", "languages": "nl", "join_code": "0123456789", "created_at": NOON}
        connection.execute(groups.insert().values(group))
        assert keeping.join(connection, kept.number, "0123456789")
    files = [path for path in tmp_path.iterdir() if path.name.startswith("houvast.db")]
    assert any(ADDRESS.encode() in path.read_bytes() for path in files), "or this test shows nothing"
    with writing(engine) as connection:
        assert keeping.erase(connection, kept.token)
        assert connection.scalar(select(func.count()).select_from(subscription_groups)) == 0
    engine.dispose()
    secrets = (ADDRESS.encode(), b"a-secret-address", KEYS.p256dh, KEYS.auth)
    for path in [path for path in tmp_path.iterdir() if path.name.startswith("houvast.db")]:
        assert [secret for secret in secrets if secret in path.read_bytes()] == [], path.name


def test_muting_lasts_until_the_readers_own_midnight(connection: Connection) -> None:
    token = keep(connection).token
    midnights = {1: datetime(2026, 11, 24, 23, tzinfo=UTC), 7: datetime(2026, 11, 30, 23, tzinfo=UTC), 0: None}
    for days, midnight in midnights.items():
        row = keeping.own(connection, token)
        assert row is not None
        keeping.mute(connection, row, days, NOON)
        assert connection.scalar(select(subscriptions.c.muted_until)) == midnight


def proved(connection: Connection, address: str = ADDRESS, choices: Choices = DUTCH) -> keeping.Kept:
    kept = keeping.keep(connection, address, KEYS, choices, key_id="k", at=NOON)
    assert kept.nonce
    assert keeping.confirm(connection, kept.nonce, NOON)
    return kept


def after(days: int, hour: int = 16) -> datetime:
    """So many days later at an hour of UTC, which is one earlier than that of Amsterdam in winter."""
    return NOON.replace(hour=hour) + timedelta(days=days)


def asked(connection: Connection, at: datetime) -> list[int]:
    """Who is asked at a moment, and gets it."""
    numbers = [row.id for row in keeping.silent(connection, at, 100)]
    for number in numbers:
        keeping.asked(connection, number, at.date())
    return numbers


def test_a_silent_device_is_asked_once_after_fifty_five_days_and_forgotten_after_sixty(connection: Connection) -> None:
    kept = proved(connection)
    assert asked(connection, after(55)) == []
    assert asked(connection, after(56)) == [kept.number]
    assert asked(connection, after(57)) == []
    assert keeping.sweep(connection, after(60)) == 0
    assert keeping.sweep(connection, after(61)) == 1


def test_nobody_is_forgotten_who_was_not_asked_five_days_before(connection: Connection) -> None:
    kept = proved(connection)
    assert keeping.sweep(connection, after(80)) == 0
    assert [row.id for row in keeping.silent(connection, after(80), 100)] == [kept.number]
    keeping.not_asked(connection, [kept.number])
    assert keeping.sweep(connection, after(90)) == 0, "the push service did not take it"
    assert asked(connection, after(90)) == [kept.number]
    assert keeping.sweep(connection, after(94)) == 0
    assert keeping.sweep(connection, after(95)) == 1


def test_who_was_to_be_asked_by_somebody_that_was_killed_is_asked_an_hour_later(connection: Connection) -> None:
    kept = proved(connection)
    assert [row.id for row in keeping.silent(connection, after(56), 100)] == [kept.number]
    assert asked(connection, after(56)) == [], "two senders do not ask twice"
    assert asked(connection, after(56) + timedelta(minutes=59)) == []
    assert keeping.sweep(connection, after(70)) == 0, "nobody said that it was asked"
    assert asked(connection, after(70)) == [kept.number]
    assert keeping.sweep(connection, after(75)) == 1


@pytest.mark.parametrize("meanwhile", [True, False])
def test_who_opens_the_app_while_being_asked_is_silent_no_more(connection: Connection, meanwhile: bool) -> None:
    kept = proved(connection)
    assert keeping.silent(connection, after(56), 100)
    if meanwhile:
        assert keeping.compare(connection, kept.token, ADDRESS, after(56))
    keeping.asked(connection, kept.number, after(56).date())
    row = keeping.own(connection, kept.token)
    assert row is not None
    assert (row.warned_on is None) is meanwhile


def test_who_opens_the_app_after_being_asked_stays_and_may_be_asked_again(connection: Connection) -> None:
    kept = proved(connection)
    assert asked(connection, after(56)) == [kept.number]
    assert keeping.compare(connection, kept.token, ADDRESS, after(58))
    assert keeping.sweep(connection, after(90)) == 0
    assert asked(connection, after(58 + 56)) == [kept.number]


def test_who_is_still_reached_by_tips_is_neither_asked_nor_forgotten(connection: Connection) -> None:
    kept = proved(connection)
    school = {"name": "De Regenboog", "languages": "nl", "join_code": "0000000000", "created_at": NOON}
    group = connection.scalar(groups.insert().values(school).returning(groups.c.id))
    connection.execute(subscription_groups.insert().values(group_id=group, subscription_id=kept.number))
    assert asked(connection, after(62)) == [], "a tip of the first week would not have been noted"
    assert [row.id for row in keeping.silent(connection, after(63), 100)] == [kept.number], "there was none"
    keeping.not_asked(connection, [kept.number])
    connection.execute(subscriptions.update().values(reached_on=after(49).date()))
    assert asked(connection, after(49 + 62)) == []
    assert asked(connection, after(49 + 63)) == [kept.number]
    assert keeping.sweep(connection, after(49 + 67)) == 0
    assert keeping.sweep(connection, after(49 + 68)) == 1


def test_nobody_is_asked_in_lessons_at_night_while_muted_or_on_a_day_without_tips(connection: Connection) -> None:
    tuesday = proved(connection, choices=Choices(language="nl", days=2))
    finn = proved(connection, ADDRESS + "-2", Choices(language="nl", timezone="Europe/Helsinki"))
    muted = proved(connection, ADDRESS + "-3")
    row = keeping.own(connection, muted.token)
    assert row is not None
    keeping.mute(connection, row, 7, after(62))
    assert [after(day).strftime("%a") for day in (62, 63)] == ["Mon", "Tue"]
    assert asked(connection, after(62, 13)) == []
    assert asked(connection, after(62, 14)) == [finn.number], "16:00 there"
    assert asked(connection, after(62, 18)) == []
    assert asked(connection, after(63, 19)) == []
    assert asked(connection, after(63, 15)) == [tuesday.number]


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 128}, {"moment": "night"}, {"timezone": "Mars/Olympus"},
                                   {"language": "x" * 9}, {"country": "NLD"}, {"region": "x" * 21}])  # fmt: skip
def test_a_wrong_choice_is_told_in_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Choices(**({"language": "nl"} | wrong))  # type: ignore[arg-type]
