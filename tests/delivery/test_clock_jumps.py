"""The machine's clock is put forward or back, or the machine slept: nobody gets a tip twice, and no old tips burst."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pwa.delivery import claiming
from pwa.delivery.vapid import Keys
from tests.support.push.process import Push
from tests.support.school import BEFORE, TUESDAY, Hands, School, new_key

READERS = 300
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize("jump", [HOUR, -HOUR, DAY, -DAY], ids=["hour-on", "hour-back", "day-on", "day-back"])
def test_a_clock_that_jumps_while_a_tip_goes_out_sends_it_to_nobody_twice(
    school: School, push: Push, jump: timedelta
) -> None:
    endpoints = school.readers(READERS, same=True)
    school.tip(moments="before")
    assert school.plan() == READERS
    clock = school.clock
    assert isinstance(clock, Hands)
    looks = iter(range(10_000))

    def look() -> bool:
        if next(looks) == 12:
            clock.to(BEFORE + jump)
        return False

    school.drain(stop=look)
    for hour in range(50):  # two days go by, some of it for the second time
        clock.to(BEFORE + jump + hour * HOUR)
        school.plan()
        school.drain()
    sent = push.report()["accepted"]
    assert sent > 0
    assert {len(push.messages(endpoint)) for endpoint in endpoints} <= {0, 1}
    late = {"failed too-late": READERS - sent} if sent < READERS else {}
    assert school.totals() == {"accepted": sent} | late
    assert (sent == READERS) is (jump < timedelta(0)), "after a jump back there is time, after one ahead it is too late"
    assert [run.state for run in school.runs()] == ["done"]


def test_what_was_missed_in_a_day_of_sleep_is_not_made_up_for(school: School, push: Push) -> None:
    """Three days of tips, and the machine wakes up on the third."""
    endpoints = school.readers(5)
    for offset in range(3):
        school.tip(moments="before", date=TUESDAY + offset * DAY)
    assert isinstance(school.clock, Hands)
    school.clock.to(BEFORE + 2 * DAY + timedelta(minutes=10))
    school.plan()
    school.drain()
    assert [run.state for run in school.runs()] == ["late", "late", "done"]
    assert {len(push.messages(endpoint)) for endpoint in endpoints} == {1}


def test_who_had_a_chunk_and_died_before_the_clock_was_put_back_does_not_keep_it(school: School, push: Push) -> None:
    school.readers(5)
    school.tip(moments="before")
    school.plan()
    assert claiming.claim(school.engine, "somebody who dies", BEFORE)
    assert isinstance(school.clock, Hands)
    school.clock.to(BEFORE - HOUR)
    following = school.drain()
    assert push.report()["accepted"] == 0, "its moment is still to come"
    assert following == BEFORE + claiming.LEASE
    school.clock.to(following)
    school.drain()
    assert push.report()["accepted"] == 5


def test_a_signature_of_a_clock_that_was_ahead_is_made_anew_when_it_is_put_back() -> None:
    """A push service refuses one that is good for more than a day."""
    number, key = new_key()
    clock = Hands(BEFORE + timedelta(days=1))
    keys = Keys({number: key}, number, "mailto:coach@houvast.example", now=clock)
    ahead = keys.authorization("https://web.push.apple.com", number)
    clock.to(BEFORE)
    assert keys.authorization("https://web.push.apple.com", number) != ahead
