"""A tip on its way to real subscriptions at a real push service, and what is odd at the wire."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta

import pytest

from pwa.database import reading, writing
from pwa.delivery.tables import runs
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
