"""Everybody who means no good, or whose device is broken: told in words, nothing stored, on both databases."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from tests.subscriptions.test_endpoints import HOSTILE
from tests.support.device import CHOSEN, Devices
from tests.support.reception import CODE, count, school


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
    "moment": ["night", "", "before\u202e", 1], "timezone": ["x" * 41, 7],
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


@pytest.mark.parametrize("code", ["", "ABC", "\u202eABCDEFGH12", "ABCDEFGH1é", "x" * 41, 7, None, ["ABCDEFGH12"]])
def test_a_code_that_is_none_is_told_in_words(device: Devices, code: object) -> None:
    reader = device()
    reader.begin()
    answer = reader.ask("POST", "subscription/groups", {"code": code})
    assert answer.status_code in (400, 404)
    assert answer.json["words"].endswith(".")
