"""A push service that refuses, says too many or does not answer is left alone: no other is, and nobody is lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pwa.database import reading
from pwa.delivery.services import alarms
from pwa.delivery.tables import push_services
from pwa.subscriptions.tables import subscriptions
from tests.support.push.process import Push
from tests.support.school import BEFORE, TUESDAY, Hands, School, new_key


def at(school: School, moment: datetime) -> None:
    assert isinstance(school.clock, Hands)
    school.clock.to(moment)


def test_a_service_that_says_too_many_is_left_alone_as_long_as_it_asks_and_no_other_is(
    school: School, push: Push
) -> None:
    school.readers(20, plan="429;retry=120,201")
    school.readers(5, host="web.push.apple.com")
    school.tip()
    school.plan()
    following = school.drain()
    assert push.report()["by_status"]["429"] <= 4, "only what was in flight when it said so"
    assert school.totals() == {"accepted": 5}
    assert following is not None
    assert following >= BEFORE + timedelta(seconds=120)
    school.drain_all()
    assert school.totals() == {"accepted": 25}


def test_a_service_that_does_not_answer_costs_the_others_a_few_deadlines_and_not_one_for_each_reader(
    school: School, push: Push
) -> None:
    silent = school.readers(60, plan="timeout;s=600", host="web.push.apple.com")
    school.readers(5)
    school.tip()
    school.plan()
    school.drain(deadline=3.0)
    assert school.totals() == {"accepted": 5}
    assert push.report()["requests"] - 5 <= 8, "two times the four that a new service gets"
    for endpoint in silent:
        push.post("/plan", endpoint=endpoint, plan="201")
    school.drain_all()
    assert school.totals() == {"accepted": 65}


@pytest.mark.parametrize("plan", ["400", "401", "403", "413"])
def test_our_own_fault_stops_the_service_raises_an_alarm_and_erases_nobody(
    school: School, push: Push, plan: str
) -> None:
    school.readers(60, plan=plan)
    school.readers(5, host="web.push.apple.com")
    school.tip()
    school.plan()
    school.drain()
    assert push.report()["by_status"][plan] <= 20
    assert school.count() == 65
    with school.engine.connect() as connection:
        row = connection.execute(push_services.select().where(push_services.c.alarm != "")).one()
    assert (row.origin, row.state) == ("https://fcm.googleapis.com", "open")
    assert f"answer-{plan}" in row.alarm
    assert school.totals() == {"accepted": 5}


def test_a_stopped_service_gets_one_message_after_a_while_and_the_rest_when_that_is_accepted(
    school: School, push: Push
) -> None:
    endpoints = school.readers(30, plan="403")
    school.tip()
    school.plan()
    school.drain()
    for endpoint in endpoints:
        push.post("/plan", endpoint=endpoint, plan="201")
    school.drain_all()
    assert school.totals() == {"accepted": 30}
    with school.engine.connect() as connection:
        assert {row.alarm for row in connection.execute(push_services.select())} == {""}


def test_one_subscription_that_is_always_refused_costs_nobody_else_a_tip(school: School, push: Push) -> None:
    school.readers(1, plan="403")
    school.readers(40)
    courier = school.courier()
    for day in range(2):
        school.tip(moments="before", date=TUESDAY + timedelta(days=day))
        at(school, BEFORE + timedelta(days=day))
        school.plan()
        while following := courier.drain():
            at(school, following)
        assert school.totals() == {"accepted": 40 * (day + 1), "failed answer-403": day + 1}
    courier.sender.close()
    assert push.report()["by_status"]["403"] == 3, "a second try on the first day"
    with reading(school.engine) as connection:
        assert alarms(connection) == []


def test_a_stopped_service_is_not_tried_with_the_same_reader_each_time(school: School, push: Push) -> None:
    school.readers(1, plan="403")
    school.readers(3)
    courier = school.courier()
    service = courier.services.of("https://fcm.googleapis.com", school.keys.present)
    service.state, service.changed, service.refusers = "open", True, {1}
    school.tip(moments="before")
    school.plan()
    while following := courier.drain():
        at(school, following)
    courier.sender.close()
    assert school.totals() == {"accepted": 3, "failed answer-403": 1}


@pytest.mark.parametrize(("plan", "reason"), [("403", "answer-403"), ("429;retry=3600", "answer-429"),
                                              ("503", "answer-503")])  # fmt: skip
def test_who_could_not_be_reached_in_half_an_hour_failed_for_the_reason_that_the_service_gave(
    school: School, plan: str, reason: str
) -> None:
    school.readers(12, plan=plan)
    school.tip()
    school.plan()
    courier = school.courier()
    while following := courier.drain():
        at(school, max(following, school.clock()))
    courier.sender.close()
    assert school.totals() == {f"failed {reason}": 12}


def test_a_wrong_key_erases_nobody_of_ten_thousand_and_somebody_is_told(
    school: School, push: Push, caplog: pytest.LogCaptureFixture
) -> None:
    """The worst case: our key was lost and another one took its place."""
    school.readers(10_000, same=True)
    number, key = new_key()
    school.keys.private = {number: key}
    school.keys.present = number
    school.change(subscriptions, key_id=number)
    school.tip()
    school.plan()
    school.drain()
    assert 0 < push.report()["requests"] <= 20
    assert school.count() == 10_000
    with reading(school.engine) as connection:
        (alarm,) = alarms(connection)
    assert alarm == "https://fcm.googleapis.com refuses our messages (answer-401); see docs/push.md."
    assert next(record.message for record in caplog.records if record.levelname == "ERROR").startswith(alarm)
