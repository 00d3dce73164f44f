"""Devices that are asked whether they are still there: a push service that refuses keeps nobody else from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pwa.clock import now
from pwa.config import read_settings
from pwa.database import reading, writing
from pwa.delivery.office import Office
from pwa.delivery.silence import ask_the_silent
from pwa.delivery.tables import push_services
from pwa.subscriptions import keeping
from pwa.subscriptions.tables import subscriptions
from tests.support.push.process import Push
from tests.support.school import URL, School

APPLE = "web.push.apple.com"


@pytest.fixture
def office(school: School, push: Push, tmp_path: Path) -> Office:
    settings = read_settings({"HOUVAST_INSTANCE": str(tmp_path)})
    settings = replace(settings, url=URL, push_proxy=push.proxy, push_ca_file=push.cert)
    return Office(settings, school.engine, school.keys)


def silent(school: School, count: int = 1, **more: str) -> list[str]:
    zone = f"Etc/GMT{(now().hour - 17 + 12) % 24 - 12:+d}"  # where school is over
    return school.readers(count, **more, seen_on=now().date() - timedelta(days=70), timezone=zone, days=127)


def asked(school: School) -> list[bool]:
    with reading(school.engine) as connection:
        return [day is not None for day in connection.scalars(select(subscriptions.c.warned_on).order_by("id"))]


@pytest.mark.parametrize("plan", ["403", "503", "429;retry=3600"])
def test_who_is_refused_keeps_nobody_else_from_being_asked_and_waits_an_hour(
    school: School, office: Office, push: Push, plan: str
) -> None:
    silent(school, plan=plan)
    silent(school, host=APPLE)
    assert ask_the_silent(office) == 1
    assert asked(school) == [False, True]
    assert ask_the_silent(office) == 0
    assert push.report()["requests"] == 2, "the first one is not tried again in every minute"
    school.change(subscriptions, asking_until=now())
    school.change(push_services, paused_until=now())
    ask_the_silent(office)
    assert push.report()["requests"] == 3


@pytest.mark.parametrize(("days", "erased"), [(97, 0), (98, 1)])
def test_who_cannot_be_asked_is_not_kept_for_ever(
    school: School, office: Office, push: Push, days: int, erased: int
) -> None:
    silent(school, plan="403")
    then = (now() + keeping.ASKING).date()  # which is tomorrow in the last hour of the day
    school.change(subscriptions, seen_on=then - timedelta(days=days))
    with writing(school.engine) as connection:
        assert keeping.sweep(connection, now()) == 0, "nobody tried"
    assert ask_the_silent(office) == 0
    with writing(school.engine) as connection:
        assert keeping.sweep(connection, now()) == 0, "the hour is for another try"
        assert keeping.sweep(connection, now() + keeping.ASKING) == erased


def test_a_service_that_refuses_again_and_again_is_left_alone(school: School, office: Office, push: Push) -> None:
    silent(school, 9, plan="503")
    silent(school, host=APPLE)
    assert ask_the_silent(office) == 1
    assert push.report()["requests"] == 6


@pytest.mark.parametrize(("how", "act"), [("paused_until", "pause"), ("probe_at", "stop")])
def test_nothing_goes_to_a_service_that_is_closed_for_now(
    school: School, office: Office, push: Push, how: str, act: str
) -> None:
    silent(school)
    silent(school, host=APPLE)
    service = {"origin": "https://fcm.googleapis.com", "key_id": school.keys.present, how: now() + timedelta(minutes=4)}
    with writing(school.engine) as connection:
        connection.execute(push_services.insert().values(service))
        [first, _] = connection.scalars(select(subscriptions.c.id).order_by("id"))
    assert ask_the_silent(office) == 1
    assert asked(school) == [False, True]
    assert office.send_one(first, b"x")[:2] == (act, "closed")
    assert push.report()["requests"] == 1
    school.change(push_services, **{how: now()})
    assert office.send_one(first, b"x").act == "accepted"
