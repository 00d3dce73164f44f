"""One message to one device at once: what its answer does to the device."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from pwa.config import read_settings
from pwa.database import reading
from pwa.delivery.answers import Verdict
from pwa.delivery.office import Office
from pwa.delivery.services import alarms
from pwa.subscriptions.tables import subscriptions
from tests.support.push.process import Push
from tests.support.school import School
from tests.support.worker import until


@pytest.fixture
def office(school: School, push: Push, tmp_path: Path) -> Office:
    settings = read_settings({"HOUVAST_INSTANCE": str(tmp_path)})
    return Office(replace(settings, push_proxy=push.proxy, push_ca_file=push.cert), school.engine, school.keys)


def reader(school: School, plan: str) -> int:
    school.readers(1, plan)
    with reading(school.engine) as connection:
        return connection.scalars(select(subscriptions.c.id)).one()


@pytest.mark.parametrize(("moves", "left"), [(False, 0), (True, 1)])
def test_a_device_that_got_a_new_address_meanwhile_stays(
    school: School, push: Push, office: Office, moves: bool, left: int
) -> None:
    number = reader(school, "410;hold=1")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(office.send_one, number, b"x")
        assert until(lambda: push.report()["requests"] == 1)
        if moves:
            school.change(subscriptions, endpoint_hash=bytes(32))
        push.post("/release")
        assert answer.result().act == "gone"
    assert school.count() == left


def test_a_device_with_a_key_of_ours_that_is_lost_is_there_but_gets_nothing(
    school: School, push: Push, office: Office
) -> None:
    number = reader(school, "201")
    school.change(subscriptions, key_id="lost")
    assert office.send_one(number, b"x") == Verdict("failed", "unknown-key")
    assert push.report()["requests"] == 0
    assert school.count() == 1


def test_a_pause_that_one_message_meets_is_kept_by_all(school: School, push: Push, office: Office) -> None:
    school.readers(2, "429;retry=3600")
    assert office.send_one(1, b"x").act == "pause"
    other = Office(office.settings, school.engine, school.keys)
    assert [each.send_one(2, b"x").reason for each in (office, other)] == ["closed", "closed"]
    assert push.report()["requests"] == 1


def test_who_invents_addresses_stops_no_push_service_for_others_also_where_nothing_was_accepted_yet(
    school: School, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    school.readers(8, "403", confirmed_at=None)
    school.readers(1)
    assert [office.send_one(number, b"x").act for number in range(1, 10)] == ["stop"] * 8 + ["accepted"]
    with reading(school.engine) as connection:
        assert alarms(connection) == []
    assert "https://fcm.googleapis.com refuses a message (answer-403)" in caplog.text, "it may be our key"
