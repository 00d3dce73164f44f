"""A tip on its way to real subscriptions at a real push service, and every fault at the wire."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from pwa.database import reading, writing
from pwa.delivery.push import Letter
from pwa.delivery.services import alarms
from pwa.delivery.tables import chunks, push_services, runs
from pwa.subscriptions.tables import subscription_groups, subscriptions
from pwa.tips.tables import tips
from tests.support.push.process import Push
from tests.support.school import BEFORE, TUESDAY, URL, Hands, School, new_key


def at(school: School, moment: datetime) -> None:
    assert isinstance(school.clock, Hands)
    school.clock.to(moment)


def test_a_tip_reaches_every_reader_once_in_the_own_language(school: School, push: Push) -> None:
    dutch, english = school.readers(30), school.readers(20, host="updates.push.services.mozilla.com", language="en")
    other = school.readers(1, language="fr", host="web.push.apple.com")
    tip = school.tip()
    assert school.plan() == 51
    school.drain()
    assert school.totals() == {"accepted": 51}
    said = {endpoint: push.messages(endpoint) for endpoint in [*dutch, *english, *other]}
    assert {len(messages) for messages in said.values()} == {1}
    document = json.loads(said[english[0]][0]["plaintext"])
    assert document["web_push"] == 8030
    assert document["notification"]["title"] == "Keep recess"
    assert document["notification"]["navigate"] == f"{URL}/en/k/keep-recess"
    assert document["notification"]["data"]["tip"] == tip
    assert json.loads(said[dutch[0]][0]["plaintext"])["notification"]["lang"] == "nl"
    assert json.loads(said[other[0]][0]["plaintext"])["notification"]["lang"] == "nl"
    assert said[dutch[0]][0]["ttl"] == 4 * 3600
    assert push.report()["problems"] == {}
    assert [(run.state, run.readers) for run in school.runs()] == [("done", 51)]


def test_a_chunk_is_not_sent_again_when_it_is_done(school: School, push: Push) -> None:
    school.readers(5)
    school.tip()
    for _ in range(3):
        school.plan()
        school.drain()
    assert push.report()["accepted"] == 5
    assert {chunk.state for chunk in school.chunks()} == {"done"}
    assert {chunk.ids for chunk in school.chunks()} == {b""}


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_erased(school: School, status: int) -> None:
    school.readers(3)
    school.readers(2, plan=str(status))
    school.tip()
    school.plan()
    school.drain()
    assert school.count() == 3
    assert school.totals() == {"accepted": 3, f"expired answer-{status}": 2}


@pytest.mark.parametrize("plan", ["500,201", "503x2,201", "408,201", "resetx3,201", "closex3,201", "garbage,201",
                                  "timeout;s=4,201", "503;retry=3,201"])  # fmt: skip
def test_what_may_pass_is_tried_again_in_one_new_chunk(school: School, push: Push, plan: str) -> None:
    school.readers(3)
    failing = school.readers(4, plan=plan)
    school.tip()
    school.plan()
    school.drain(deadline=2.0 if plan.startswith("timeout") else 10.0)
    first, second = school.chunks()
    assert (first.attempt, first.state, second.attempt, second.state) == (1, "done", 2, "open")
    assert second.size == 4 or plan.startswith(("reset", "close"))  # there libcurl tries once more by itself
    school.drain_all()
    assert school.count() == 7
    assert school.totals() == {"accepted": 7}
    assert {len(push.messages(endpoint)) for endpoint in failing} == {1}


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


def test_after_a_rotation_the_older_key_still_reaches_who_has_it(school: School, push: Push) -> None:
    old = school.readers(3)
    number, key = new_key()
    school.keys.private[number] = key
    school.keys.present = number
    new = school.readers(2, key_id=number)
    lost = school.readers(1, plan="403;body=VapidPkHashMismatch", host="web.push.apple.com")
    school.tip()
    school.plan()
    school.drain()
    assert all(push.messages(endpoint) for endpoint in [*old, *new])
    assert not push.messages(lost[0])
    assert school.count() == 6
    assert school.totals()["accepted"] == 5


def test_a_redirect_is_never_followed(school: School, push: Push) -> None:
    school.readers(2, plan="redirect;to=%2Ffake%2F201%2Finternal")
    school.tip()
    school.plan()
    school.drain()
    assert school.totals() == {"failed answer-307": 2}
    assert push.report()["requests"] == 2


@pytest.mark.parametrize("plan", ["drip;n=1000;ms=500", "timeout;s=600"])
def test_an_answer_that_never_ends_costs_the_deadline_and_no_more(school: School, plan: str) -> None:
    school.readers(2, plan=plan)
    school.tip()
    school.plan()
    began = time.monotonic()
    school.drain(deadline=5.0)
    assert time.monotonic() - began < 300  # of the 500 to 600 seconds that the service takes
    assert school.totals() == ({"accepted": 2} if plan.startswith("drip") else {})


def test_a_body_of_300_megabytes_is_not_read(school: School) -> None:
    import resource

    school.readers(1, plan="big;mb=300;status=400")
    school.tip()
    school.plan()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    school.drain()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024
    assert school.count() == 1


# Sixteen kinds of rows that were broken after they came in (T5); the last four have an address that is none of ours.
POISON = [
    {"p256dh": b"\4" + bytes(64)}, {"p256dh": b""}, {"p256dh": bytes(65)}, {"p256dh": b"\4" + b"\xff" * 64},
    {"p256dh": b"\4" + bytes(63)}, {"p256dh": b"\4" + bytes(65)}, {"p256dh": b"\0"}, {"p256dh": b"\2" + bytes(32)},
    {"auth": b""}, {"auth": b"x"}, {"auth": bytes(17)}, {"auth": bytes(10_000)},
    {"endpoint": "https://fcm.googleapis.com.evil/x"}, {"endpoint": "http://127.0.0.1/"},
    {"endpoint": "https://a@fcm.googleapis.com/x"}, {"endpoint": "https://fcm.googleapis.com:8443/x"},
]  # fmt: skip


def test_a_poisoned_row_is_its_own_failure(school: School) -> None:
    school.readers(1000, same=True)
    for number, bad in enumerate(POISON, start=1):
        with writing(school.engine) as connection:
            connection.execute(subscriptions.update().where(subscriptions.c.id == number).values(**bad))
    school.tip()
    school.plan()
    school.drain()
    assert school.totals() == {"accepted": 984, "failed bad-key": 12, "failed endpoint": 4}
    assert school.count() == 1000
    with school.engine.connect() as connection:
        assert len([row for row in connection.execute(subscriptions.select()) if row.fault]) == 16


def test_a_fault_of_our_own_that_passes_leaves_nobody_out(school: School) -> None:
    school.readers(3)
    school.tip()
    school.plan()
    courier = school.courier()
    begin, stumbled = courier.sender.start, []

    def stumble(letter: Letter) -> None:
        if len(stumbled) < 2:
            stumbled.append(letter)
            raise MemoryError
        begin(letter)

    courier.sender.start = stumble
    courier.drain()
    courier.sender.close()
    with reading(school.engine) as connection:
        assert set(connection.scalars(select(subscriptions.c.fault))) == {None}
    school.drain_all()
    assert school.totals() == {"accepted": 3}


def test_a_third_of_failures_for_ten_minutes_loses_nobody(school: School, push: Push) -> None:
    endpoints = school.readers(300, plan="flaky;p=0.3;status=503")
    school.tip()
    school.plan()
    school.drain_all()
    assert school.count() == 300
    assert school.totals() == {"accepted": 300}
    assert {len(push.messages(endpoint)) for endpoint in endpoints} == {1}


def test_that_a_tip_got_through_is_noted_once_a_week_for_a_device_that_is_not_opened(school: School) -> None:
    for days, plan in ((0, "201"), (30, "201"), (30, "413")):
        school.readers(2, plan=plan, seen_on=TUESDAY - timedelta(days=days), warned_on=TUESDAY - timedelta(days=1))
    school.readers(1, seen_on=TUESDAY - timedelta(days=90), reached_on=TUESDAY - timedelta(days=6))
    school.tip()
    school.plan()
    school.drain()
    with reading(school.engine) as connection:
        rows = connection.execute(subscriptions.select().order_by(subscriptions.c.id)).all()
    assert [row.reached_on for row in rows] == [
        None, None, TUESDAY, TUESDAY, None, None, TUESDAY - timedelta(days=6)]  # fmt: skip
    assert [row.warned_on is None for row in rows[:6]] == [False, False, True, True, False, False]


def test_a_tip_that_is_taken_back_goes_no_further(school: School, push: Push) -> None:
    school.readers(5)
    school.tip()
    school.plan()
    school.change(tips, state="cancelled")
    school.drain()
    assert push.report()["accepted"] == 0
    assert school.totals() == {"failed cancelled": 5}


def test_a_tip_that_is_late_is_dropped_and_not_burst(school: School, push: Push) -> None:
    school.readers(5)
    school.tip()
    school.plan()
    assert isinstance(school.clock, Hands)
    school.clock.to(BEFORE + timedelta(minutes=31))
    school.drain()
    assert push.report()["accepted"] == 0
    assert school.totals() == {"failed too-late": 5}


def test_who_stopped_or_muted_since_it_was_planned_gets_nothing(school: School, push: Push) -> None:
    """Nor who left the group, or does not want tips on that weekday any more."""
    school.readers(6)
    school.tip()
    school.plan()
    with writing(school.engine) as connection:
        connection.execute(subscriptions.delete().where(subscriptions.c.id == 1))
        muted = subscriptions.update().where(subscriptions.c.id == 2)
        connection.execute(muted.values(muted_until=BEFORE + timedelta(days=1)))
        connection.execute(subscription_groups.delete().where(subscription_groups.c.subscription_id == 3))
        connection.execute(subscriptions.update().where(subscriptions.c.id == 4).values(days=0b1111101))
    school.drain()
    assert push.report()["accepted"] == 2
    assert school.totals() == {"accepted": 2}


def test_what_is_sent_later_is_kept_for_less_long_so_that_it_does_not_come_in_the_quiet_hours(
    school: School, push: Push
) -> None:
    endpoints = school.readers(40)
    school.tip()
    school.plan()
    school.change(runs, quiet_at=BEFORE + timedelta(minutes=10))

    def look() -> bool:
        at(school, school.clock() + timedelta(seconds=1))
        return False

    school.drain(stop=look)
    kept = [push.messages(endpoint)[0]["ttl"] for endpoint in endpoints]
    assert min(kept) < max(kept) <= 600


# What was sent cannot be written down, as on a full disk, while claiming still works; or giving back does not either.
FULL = {
    "sqlite": "CREATE TRIGGER full_disk BEFORE UPDATE OF {} ON chunks BEGIN SELECT RAISE(ABORT, 'full'); END",
    "postgresql": "ALTER TABLE chunks ADD CONSTRAINT full_disk CHECK ({}) NOT VALID",
}
NOT_DONE = {"sqlite": "done", "postgresql": "counts = '{}'"}
NOTHING = {"sqlite": "done, not_before", "postgresql": "counts = '{}' AND not_before < lease_until"}
EMPTIED = {"sqlite": "DROP TRIGGER full_disk", "postgresql": "ALTER TABLE chunks DROP CONSTRAINT full_disk"}


@pytest.mark.parametrize("what", [NOT_DONE, NOTHING], ids=["not-done", "nothing"])
def test_a_full_disk_loses_nobody_and_is_not_sent_into_in_a_circle(
    school: School, push: Push, caplog: pytest.LogCaptureFixture, what: dict[str, str]
) -> None:
    endpoints = school.readers(50)
    school.tip()
    school.plan()
    kind = school.engine.dialect.name
    with writing(school.engine) as connection:
        connection.exec_driver_sql(FULL[kind].format(what[kind]))
    courier = school.courier()
    following = courier.drain()
    sent = push.report()["requests"]
    assert courier.drain() == following
    assert push.report()["requests"] == sent, "not again at once"
    assert "could not be sent" in caplog.text
    assert following == BEFORE + timedelta(minutes=1)
    assert school.totals() == {}
    with writing(school.engine) as connection:
        connection.execute(text(EMPTIED[kind]))
    at(school, following)
    courier.drain()
    courier.sender.close()
    assert school.totals() == {"accepted": 50}
    came = {len(push.messages(endpoint)) for endpoint in endpoints}
    assert {2} <= came <= {1, 2}, "what could not be written down comes again, once"


@pytest.mark.parametrize("broken", [{"ids": b"broken"}, {"counts": "broken"}], ids=["ids", "counts"])
def test_a_chunk_that_is_broken_keeps_no_other_and_is_closed_when_its_time_is_over(
    school: School, broken: dict[str, Any]
) -> None:
    school.readers(3)
    school.tip()
    school.plan()
    school.change(chunks, **broken)
    other = school.group(name="Another")
    school.readers(2, group_id=other)
    school.tip(group_id=other)
    school.plan()
    school.drain_all()
    assert school.totals() == {"accepted": 2, "failed too-late": 3}
    assert {run.state for run in school.runs()} == {"done"}


def test_a_process_that_must_end_finishes_what_is_in_flight_and_leaves_the_rest(school: School, push: Push) -> None:
    endpoints = school.readers(300)
    school.tip()
    school.plan()
    asked = iter(range(1000))
    school.drain(stop=lambda: next(asked) > 20)
    first = push.report()["accepted"]
    assert 0 < first < 300
    assert school.totals() == {}
    school.drain()
    assert {len(push.messages(endpoint)) for endpoint in endpoints} == {1}
    assert school.totals() == {"accepted": 300}
