"""What devices ask over HTTP: the way of a reader from the first tap to the last, on both databases."""

from __future__ import annotations

import base64
import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from pwa.database import reading, upsert, writing
from pwa.delivery.tables import outcomes, push_services, runs
from pwa.groups.tables import groups
from pwa.subscriptions.tables import subscription_groups, subscriptions
from pwa.tips.tables import tips
from pwa.worker import make_tasks
from tests.support.device import CHOSEN, Devices
from tests.support.house import check_headers
from tests.support.push.process import Push
from tests.support.reception import CODE, count, engine, school
from tests.support.worker import until


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
    assert joined["groups"] == [{"id": number, "name": "De Regenboog", "code": CODE}]
    assert joined["joined"] == {"id": number, "code": CODE}
    assert reader.ask("PUT", "subscription/mute", {"days": 7}).json["muted"]
    assert reader.ask("PUT", "subscription/mute", {"days": 0}).json["muted"] is None
    assert reader.ask("DELETE", f"subscription/groups/{number}").json["groups"] == []

    assert reader.ask("DELETE", "subscription").status_code == 200
    assert reader.ask("DELETE", "subscription").status_code == 404
    assert (count(app), count(app, subscription_groups)) == (0, 0)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # PostgreSQL erases when it next tidies up
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
    assert again["groups"] == [{"id": number, "name": "De Regenboog", "code": CODE}]


def test_a_reader_who_stays_after_a_new_code_has_it_and_comes_back_with_it(app: Flask, device: Devices) -> None:
    number = school(app)
    reader = device()
    reader.begin(codes=[CODE])
    with writing(engine(app)) as connection:
        connection.execute(groups.update().values(join_code="NEWC0DE123"))
    assert reader.state()["groups"] == [{"id": number, "name": "De Regenboog", "code": "NEWC0DE123"}]


def test_what_is_joined_is_told_of_the_code_that_was_typed_and_not_of_those_sent_along(
    app: Flask, device: Devices
) -> None:
    number = school(app)
    reader = device()
    wrong = reader.begin(codes=[CODE, "ZZZZZZZZZZ"]).json
    assert ("joined" in wrong, [group["id"] for group in wrong["groups"]]) == (False, [number])
    assert reader.begin(codes=["ZZZZZZZZZZ", "abcde-fgh12"]).json["joined"] == {"id": number, "code": CODE}


def test_a_device_that_was_left_out_comes_anew_when_it_looks_or_tries_and_is_in_again(
    app: Flask, device: Devices
) -> None:
    reader = device()
    reader.begin()
    reader.prove()
    with writing(engine(app)) as connection:
        connection.execute(subscriptions.update().values(fault="bad-key"))
    for path in ("compare", "trial"):
        answer = reader.ask("POST", f"subscription/{path}", {"endpoint": reader.endpoint})
        assert (answer.status_code, answer.json["reason"]) == (404, "unknown"), path
    reader.begin()
    assert reader.state()["confirmed"]


@pytest.mark.parametrize("zone", ["Etc/Unknown", "Mars/Olympus", "", "../../etc/passwd", "\u2066"])
def test_a_time_zone_that_nobody_knows_is_that_of_home(device: Devices, zone: str) -> None:
    reader = device()
    assert reader.begin(chosen=CHOSEN | {"timezone": zone}).json["chosen"]["timezone"] == "Europe/Amsterdam"


@pytest.mark.parametrize("how", ["paused_until", "probe_at"])
def test_no_test_message_is_promised_while_the_push_service_takes_none(
    app: Flask, device: Devices, how: str
) -> None:
    reader = device()
    reader.begin()
    reader.prove()
    service = {"origin": "https://fcm.googleapis.com", "key_id": app.extensions["reception"]().keys.present}
    with writing(engine(app)) as connection:
        values = service | {how: datetime.now(UTC) + timedelta(minutes=4)}
        connection.execute(upsert(connection, push_services, service, values))
    answer = reader.ask("POST", "subscription/trial")
    assert (answer.status_code, answer.json["reason"]) == (503, "closed")
    assert 200 < int(answer.headers["Retry-After"]) <= 240
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5)):
        assert reader.ask("POST", "subscription/trial").status_code == 200
    with time_machine.travel(datetime.now(UTC) - timedelta(days=2)):  # when it was set the clock was ahead
        assert reader.ask("POST", "subscription/trial").status_code == 200


def test_a_first_message_that_the_push_service_does_not_take_is_sent_again_while_it_can_prove_something(
    app: Flask, push: Push, device: Devices
) -> None:
    reader = device(minted=push.mint(plan="503,503,201", key=device().key)[0])
    reader.begin()
    huey = make_tasks(app.config["SETTINGS"]).huey
    soon, pauses = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=30), []
    while task := huey.dequeue():
        huey.execute(task, soon)
        pauses += [following.args[2] for following in huey.pending()]
    assert pauses == [8.0, 16.0]
    reader.prove()


@pytest.mark.parametrize("over", ["stopped", "another message", "too late"])
def test_a_first_message_that_would_prove_nothing_any_more_is_not_sent_again(
    app: Flask, push: Push, device: Devices, over: str
) -> None:
    plan = "429;retry=1000" if over == "too late" else "503"
    reader = device(minted=push.mint(plan=plan, key=device().key)[0])
    reader.begin()
    if over == "stopped":
        reader.ask("DELETE", "subscription")
    if over == "another message":
        reader.ask("POST", "subscription/trial")
    huey = make_tasks(app.config["SETTINGS"]).huey
    huey.execute(huey.dequeue())
    assert [task for task in huey.pending() if len(task.args) > 2] == []


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


def test_no_answer_is_kept_and_none_sets_a_cookie(device: Devices) -> None:
    reader = device()
    answers = [reader.ask("GET", "key"), reader.begin(), reader.ask("POST", "proof", {"nonce": "x"}),
               reader.ask("POST", "proof", []), reader.ask("DELETE", "subscription")]  # fmt: skip
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        check_headers(answer.headers)


def test_what_devices_report_is_counted_by_day_and_says_nothing_about_them(app: Flask, device: Devices) -> None:
    tip = sent_today(app)
    reader = device()
    said = [reader.ask("POST", "report", {"tip": tip, "what": what}).json for what in ("shown", "shown", "opened")]
    assert said == [{}, {}, {}]
    assert reader.ask("POST", "report", {"tip": 10**6, "what": "shown"}).json == {}, "what is no tip is not told"
    assert reader.ask("POST", "report", {"tip": tip, "what": "accepted"}).status_code == 400
    app.extensions["reception"]().tally.write_down()
    assert counted(app) == {"shown": 2, "opened": 1}
    assert set(outcomes.columns.keys()) == {"date", "group_id", "tip_id", "outcome", "reason", "total"}


def test_what_devices_report_while_the_database_cannot_be_written_is_counted_afterwards(
    app: Flask, device: Devices, caplog: pytest.LogCaptureFixture
) -> None:
    tip, reader = sent_today(app), device()
    rename(app, "outcomes", "elsewhere")
    assert reader.ask("POST", "report", {"tip": tip, "what": "shown"}).json == {}
    app.extensions["reception"]().tally.write_down()
    assert "tried again" in caplog.text
    assert reader.ask("POST", "report", {"tip": tip, "what": "shown"}).json == {}
    rename(app, "elsewhere", "outcomes")
    assert until(lambda: counted(app) == {"shown": 2})


def sent_today(app: Flask) -> int:
    """The number of a tip that three readers were to get."""
    number, today = school(app), datetime.now(UTC).astimezone(ZoneInfo("Europe/Amsterdam")).date()
    row = {"group_id": number, "batch": "b", "state": "sent", "date": today, "created_at": datetime.now(UTC)}
    with writing(engine(app)) as connection:
        tip = connection.scalar(tips.insert().values(row).returning(tips.c.id)) or 0
        times = dict.fromkeys(("due_at", "fresh_until", "planned_at"), datetime.now(UTC))
        connection.execute(runs.insert().values(tip_id=tip, moment="now", date=today, state="done", readers=3, **times))
    return tip


def counted(app: Flask) -> dict[str, int]:
    with reading(engine(app)) as connection:
        return {row.outcome: row.total for row in connection.execute(select(outcomes))}


def rename(app: Flask, table: str, to: str) -> None:
    """A table that is not there stands for a database that cannot be written, on both kinds."""
    with writing(engine(app)) as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {to}")


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
