"""What devices ask over HTTP: the way of a reader from the first tap to the last, and everybody who means no good."""

from __future__ import annotations

import base64
import json
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from sqlalchemy import func, select

from pwa.database import reading, writing
from pwa.delivery.tables import outcomes, runs
from pwa.groups.tables import groups
from pwa.subscriptions import keeping
from pwa.subscriptions.tables import subscription_groups, subscriptions
from pwa.tips.tables import tips
from tests.subscriptions.test_endpoints import HOSTILE
from tests.support.device import CHOSEN, Device
from tests.support.house import check_headers
from tests.support.push.process import Push

Devices = Callable[..., Device]
CODE = "ABCDEFGH12"


def engine(app: Flask) -> Any:
    return app.extensions["reception"]().engine


def count(app: Flask, table: Any = subscriptions) -> int:
    with reading(engine(app)) as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def school(app: Flask, code: str = CODE, name: str = "De Regenboog") -> int:
    row = {"name": name, "languages": "nl en", "join_code": code, "created_at": datetime.now(UTC)}
    with writing(engine(app)) as connection:
        return int(connection.scalar(groups.insert().values(row).returning(groups.c.id)) or 0)


def invented(app: Flask, push: Push, address: str) -> Device:
    """A subscription as somebody makes it up who floods: it looks right, and nobody is there."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = {"p256dh": public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint), "auth": os.urandom(16)}
    keys = {name: base64.urlsafe_b64encode(value).decode().rstrip("=") for name, value in raw.items()}
    made_up = {"endpoint": f"https://fcm.googleapis.com/fcm/send/{os.urandom(20).hex()}", "keys": keys}
    return Device(app, push, address, minted=made_up)


def test_a_reader_comes_proves_the_address_chooses_joins_is_left_alone_and_goes(app: Flask, device: Devices) -> None:
    number = school(app)
    reader = device()
    begun = reader.begin().json
    assert begun is not None
    assert (begun["confirmed"], begun["groups"], begun["muted"]) == (False, [], None)
    reader.prove()
    assert reader.state()["confirmed"]

    evening = {"language": "en", "days": 5, "moment": "evening", "timezone": "Europe/Brussels", "country": "BE",
               "region": "BE-vlaanderen"}  # fmt: skip
    assert reader.ask("PUT", "subscription", evening).status_code == 200
    assert reader.state()["chosen"] == evening
    joined = reader.ask("POST", "subscription/groups", {"code": "abcde-fgh12"}).json
    assert joined is not None
    assert joined["groups"] == [{"id": number, "name": "De Regenboog"}]
    assert joined["joined"] == {"id": number, "code": CODE}
    assert reader.ask("PUT", "subscription/mute", {"days": 7}).json["muted"]
    assert reader.ask("PUT", "subscription/mute", {"days": 0}).json["muted"] is None
    assert reader.ask("DELETE", f"subscription/groups/{number}").json["groups"] == []

    assert reader.ask("DELETE", "subscription").status_code == 200
    assert reader.ask("DELETE", "subscription").status_code == 404
    assert (count(app), count(app, subscription_groups)) == (0, 0)


def test_stopping_leaves_no_byte_of_a_reader_in_any_file(app: Flask, device: Devices) -> None:
    reader = device()
    reader.begin()
    reader.prove()
    folder = app.config["SETTINGS"].instance
    files = [path for path in folder.iterdir() if path.is_file()]
    assert any(reader.endpoint.encode() in path.read_bytes() for path in files), "or this test shows nothing"
    reader.ask("DELETE", "subscription")
    keys = [base64.urlsafe_b64decode(value + "==") for value in reader.given["keys"].values()]
    for secret in (reader.endpoint.encode(), reader.endpoint[-20:].encode(), reader.token.encode(), *keys):
        assert [path.name for path in folder.iterdir() if path.is_file() and secret in path.read_bytes()] == []


def test_a_device_that_the_server_lost_comes_back_with_its_choices_and_groups(app: Flask, device: Devices) -> None:
    number = school(app)
    reader = device()
    reader.begin()
    with writing(engine(app)) as connection:
        connection.execute(subscriptions.delete())
    assert reader.ask("POST", "subscription/compare", {"endpoint": reader.endpoint}).status_code == 404
    again = reader.begin(codes=[CODE, "not-a-code", "ZZZZZZZZZZ"]).json
    assert again is not None
    assert again["groups"] == [{"id": number, "name": "De Regenboog"}]


def test_a_subscription_with_a_key_that_is_not_ours_is_told_to_come_again(app: Flask, device: Devices) -> None:
    reader = device()
    answer = reader.ask("POST", "subscription", reader.subscription() | {"key": "B" + "A" * 86})
    assert (answer.status_code, answer.json["reason"]) == (409, "key")
    assert count(app) == 0


def test_a_trial_message_arrives_and_changes_nothing(device: Devices) -> None:
    reader = device()
    reader.begin()
    reader.prove()
    assert reader.ask("POST", "subscription/trial").status_code == 200
    assert reader.receive() == "", "there is nothing left to prove"
    assert len(reader.messages()) == 2
    assert reader.state()["confirmed"]


def deep(opening: str, closing: str, times: int = 30_000) -> bytes:
    return (opening * times + closing * times).encode()


BAD = {
    "nothing": b"", "no JSON": b"hello", "null": b"null", "a list": b"[]", "a number": b"7", "not a number": b"NaN",
    "infinity": b'{"endpoint": Infinity}', "no end": b'{"endpoint": "', "thirty thousand lists": deep("[", "]"),
    "thirty thousand lists in a field that nobody knows": b'{"more":' + deep("[", "]") + b"}",
    "ten thousand objects": deep('{"a":', "}", 10_000), "a lone surrogate": b'{"endpoint": "\\ud800"}',
    "not UTF-8": b'{"endpoint": "\xff"}', "two documents": b"{}{}", "a number as an address": b'{"endpoint": 7}',
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("path", ["subscription", "proof", "report"])
def test_what_is_not_understood_is_refused_in_words(app: Flask, path: str, name: str) -> None:
    answer = app.test_client().post(f"/api/{path}", data=BAD[name], content_type="application/json",
                                    headers={"Accept-Language": "nl"})  # fmt: skip
    assert (answer.status_code, answer.json["reason"]) == (400, "unclear")
    assert answer.json["words"] == "Dat kwam niet goed over. Laad de pagina opnieuw en probeer het nog eens."
    assert count(app) == 0


WRONG = {
    "language": ["de", "", "nl ", "\u202enl", 7, None, "x" * 41], "days": [0, 128, -1, 1.5, "31", None, 2**70],
    "moment": ["night", "", "before\u202e", 1], "timezone": ["Mars/Olympus", "", "../../etc/passwd", "\u2066"],
    "country": ["DE", "nl", "\u202eNL"], "region": ["NL-west", "\u202eNL-noord", "x" * 30],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_choice_that_cannot_be_is_refused_and_nothing_is_stored(
    app: Flask, device: Devices, name: str, value: object
) -> None:
    reader = device()
    answer = reader.begin(chosen=CHOSEN | {name: value})
    assert answer.status_code == 400
    assert answer.json["words"].endswith(".")
    assert count(app) == 0


def test_hostile_addresses_are_refused_and_nothing_is_stored(app: Flask, device: Devices) -> None:
    reader = device()
    for endpoint in HOSTILE:
        if isinstance(endpoint, bytes):
            continue  # JSON has none
        answer = reader.ask("POST", "subscription", reader.subscription() | {"endpoint": endpoint})
        assert answer.status_code == 400, endpoint
        assert answer.json["words"].endswith(".")
    for name, poison in (("p256dh", "A" * 87), ("auth", "AA"), ("auth", ""), ("p256dh", 7), ("auth", None)):
        assert reader.ask("POST", "subscription", reader.subscription() | {name: poison}).status_code == 400
    assert count(app) == 0


def test_only_json_of_a_sensible_length_is_read(app: Flask) -> None:
    client = app.test_client()
    long = json.dumps({"nonce": "x" * 65_536})
    assert client.post("/api/proof", data=long, content_type="application/json").status_code == 413
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = client.post("/api/proof", data="{}", content_type=kind)
        assert (answer.status_code, answer.json["reason"]) == (415, "json")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_a_page_of_another_site_gets_nothing(app: Flask, device: Devices, site: str) -> None:
    reader = device()
    for method, path in (("GET", "key"), ("POST", "subscription"), ("DELETE", "subscription"), ("POST", "report")):
        assert reader.ask(method, path, **{"Sec-Fetch-Site": site}).status_code == 403
    assert count(app) == 0


VERBS = [("POST", "subscription/compare", {"endpoint": "x"}), ("PUT", "subscription", CHOSEN),
         ("PUT", "subscription/mute", {"days": 1}), ("POST", "subscription/groups", {"code": CODE}),
         ("DELETE", "subscription/groups/1", {}), ("POST", "subscription/trial", {}),
         ("DELETE", "subscription", {})]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "asked"), VERBS)
@pytest.mark.parametrize("token", ["", "a-guess", "é", "x" * 10_000, "'; DROP TABLE subscriptions"])
def test_somebody_elses_device_looks_like_none(
    app: Flask, device: Devices, method: str, path: str, asked: object, token: str
) -> None:
    school(app)
    owner, stranger = device(), device()
    owner.begin()
    stranger.token = token.encode("utf-8").decode("latin-1")
    answer = stranger.ask(method, path, asked)
    assert (answer.status_code, answer.json["reason"]) == (404, "unknown")
    assert owner.state()["muted"] is None


def test_a_stranger_who_knows_the_address_takes_nothing_over(app: Flask, device: Devices) -> None:
    owner, stranger = device(), device()
    owner.begin()
    answer = stranger.ask("POST", "subscription", stranger.subscription() | {"endpoint": owner.endpoint})
    assert (answer.status_code, answer.json["reason"]) == (400, "address")
    assert owner.state()


def test_leaving_a_group_that_one_is_not_in_says_nothing_about_it(app: Flask, device: Devices) -> None:
    number = school(app)
    insider, outsider = device(), device()
    for reader in (insider, outsider):
        reader.begin()
    insider.ask("POST", "subscription/groups", {"code": CODE})
    there, nowhere = (outsider.ask("DELETE", f"subscription/groups/{each}") for each in (number, 999))
    assert there.data == nowhere.data
    assert len(insider.state()["groups"]) == 1


def test_a_staff_room_of_sixty_gets_in_while_somebody_floods(app: Flask, push: Push, device: Devices) -> None:
    flood = [invented(app, push, "198.51.100.7") for _ in range(400)]
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


def test_a_whole_network_of_ipv6_counts_as_one_and_a_known_device_is_never_too_often(app: Flask, push: Push) -> None:
    flood = [invented(app, push, f"2001:db8:0:7::{number:x}") for number in range(1, 63)]
    assert [each.begin().status_code for each in flood].count(200) in (60, 61)
    assert invented(app, push, "2001:db8:0:8::1").begin().status_code == 200
    assert flood[0].begin().status_code == 200


def test_there_is_an_end_to_what_waits_for_proof(app: Flask, push: Push) -> None:
    now = datetime.now(UTC)
    row = {"p256dh": bytes(65), "auth": bytes(16), "key_id": "k", "language": "nl", "created_at": now,
           "seen_on": now.date(), "expires_at": now + timedelta(minutes=15)}  # fmt: skip
    with writing(engine(app)) as connection:
        connection.execute(subscriptions.insert(), [
            row | {"endpoint": str(number), "endpoint_hash": os.urandom(32), "token_hash": os.urandom(32)}
            for number in range(keeping.MOST_UNPROVED)
        ])  # fmt: skip
    refused = invented(app, push, "192.0.2.1").begin()
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "900")
    assert refused.json["reason"] == "crowded"


def test_wrong_codes_by_the_thousand_are_slowed_down_and_right_ones_are_not(app: Flask, device: Devices) -> None:
    school(app)
    guesser, reader = device("198.51.100.7"), device("192.0.2.1")
    guesser.begin()
    reader.begin()
    answers = [guesser.ask("POST", "subscription/groups", {"code": f"{number:010}"}) for number in range(1000)]
    assert [answer.status_code for answer in answers].count(404) < 60
    assert answers[-1].status_code == 429
    assert {reader.ask("POST", "subscription/groups", {"code": CODE}).status_code for _ in range(100)} == {200}


@pytest.mark.parametrize("code", ["", "ABC", "\u202eABCDEFGH12", "ABCDEFGH1é", "x" * 41, 7, None, ["ABCDEFGH12"]])
def test_a_code_that_is_none_is_told_in_words(device: Devices, code: object) -> None:
    reader = device()
    reader.begin()
    answer = reader.ask("POST", "subscription/groups", {"code": code})
    assert answer.status_code in (400, 404)
    assert answer.json["words"].endswith(".")


def test_no_answer_is_kept_and_none_sets_a_cookie(device: Devices) -> None:
    reader = device()
    answers = [reader.ask("GET", "key"), reader.begin(), reader.ask("POST", "proof", {"nonce": "x"}),
               reader.ask("POST", "proof", []), reader.ask("DELETE", "subscription")]  # fmt: skip
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        check_headers(answer.headers)


def test_what_devices_report_is_counted_by_day_and_says_nothing_about_them(app: Flask, device: Devices) -> None:
    number, today = school(app), datetime.now(UTC).astimezone(ZoneInfo("Europe/Amsterdam")).date()
    row = {"group_id": number, "batch": "b", "state": "sent", "date": today, "created_at": datetime.now(UTC)}
    with writing(engine(app)) as connection:
        tip = connection.scalar(tips.insert().values(row).returning(tips.c.id))
        times = dict.fromkeys(("due_at", "fresh_until", "planned_at"), datetime.now(UTC))
        connection.execute(runs.insert().values(tip_id=tip, moment="now", date=today, state="done", readers=3, **times))
    reader = device()
    said = [reader.ask("POST", "report", {"tip": tip, "what": what}).json for what in ("shown", "shown", "opened")]
    assert said == [{}, {}, {}]
    assert reader.ask("POST", "report", {"tip": 10**6, "what": "shown"}).json == {}, "what is no tip is not told"
    assert reader.ask("POST", "report", {"tip": tip, "what": "accepted"}).status_code == 400
    app.extensions["reception"]().write_down()
    with reading(engine(app)) as connection:
        counted = {row.outcome: row.total for row in connection.execute(select(outcomes))}
    assert counted == {"shown": 2, "opened": 1}
    assert set(outcomes.columns.keys()) == {"date", "group_id", "tip_id", "outcome", "reason", "total"}


def test_no_address_token_or_key_is_ever_in_the_log(
    app: Flask, push: Push, device: Devices, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reader, lost = device(), device(minted=push.mint(plan="500", key=device().key)[0])
    for each in (reader, lost):
        each.begin()
    reader.prove()
    reader.ask("POST", "subscription", reader.subscription() | {"endpoint": lost.endpoint})
    reader.ask("POST", "subscription", reader.subscription() | {"p256dh": "A" * 87})
    reader.ask("POST", "subscription/compare", {"endpoint": "x"})
    assert caplog.records, "or this test shows nothing"
    for each in (reader, lost):
        for secret in (each.endpoint[-30:], each.token, *each.given["keys"].values()):
            assert secret not in caplog.text


def test_a_proof_that_comes_too_late_or_twice_proves_nothing(app: Flask, device: Devices) -> None:
    reader = device()
    reader.begin()
    nonce = reader.prove()
    assert reader.ask("POST", "proof", {"nonce": nonce}).json == {}
    late = device()
    late.begin()
    nonce = late.receive()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        assert late.ask("POST", "proof", {"nonce": nonce}).json == {}
        assert not late.state()["confirmed"]
