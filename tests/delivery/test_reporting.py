"""What a coach sees of a tip: how far it is, what became of it, and that it can be stopped on its way."""

from __future__ import annotations

from datetime import timedelta

from pwa.database import reading, writing
from pwa.delivery import reporting
from pwa.delivery.runs import stop
from pwa.delivery.tables import chunks
from tests.support.push.process import Push
from tests.support.school import BEFORE, TUESDAY, School


def test_progress_grows_while_a_tip_goes_out_and_ends_at_all_readers(school: School) -> None:
    school.readers(1100)
    school.readers(3, plan="410")
    tip = school.tip()
    school.plan()
    seen = []
    looks = iter(range(10_000))

    def look() -> bool:
        if next(looks) % 40 == 0:
            with reading(school.engine) as connection:
                seen.append(reporting.progress(connection, tip).done)
        return False

    school.drain(stop=look)
    with reading(school.engine) as connection:
        after = reporting.progress(connection, tip)
    assert (after.readers, after.done) == (1103, 1103)
    assert after.counts == {"accepted": 1100, "expired answer-410": 3}
    assert seen == sorted(seen)
    assert 0 < seen[-1] <= 1103
    assert len(set(seen)) > 2, "in steps, not all at once"


def test_a_tip_that_goes_out_is_stopped_and_one_that_went_out_is_not(school: School, push: Push) -> None:
    school.readers(5)
    tip = school.tip(moments="before")
    school.plan()
    school.change(chunks, not_before=BEFORE + timedelta(seconds=30))  # planned, and nobody has claimed it
    with writing(school.engine) as connection:
        assert stop(connection, tip)
        assert not stop(connection, tip), "twice is once"
    school.drain_all()
    assert push.report()["accepted"] == 0
    assert school.totals() == {"failed cancelled": 5}

    other = school.tip(moments="before", group_id=school.group(name="Another"))
    school.readers(2, group_id=2)
    school.plan(BEFORE)
    school.drain_all()
    with writing(school.engine) as connection:
        assert not stop(connection, other)
    assert push.report()["accepted"] == 2


def test_who_was_to_be_tried_again_is_not_when_the_tip_is_taken_back(school: School, push: Push) -> None:
    school.readers(8, plan="503,201")
    school.readers(60, plan="late;ms=50")
    tip = school.tip()
    school.plan()
    taken_back = []

    def look() -> bool:
        if not taken_back and push.report()["accepted"] > 20:
            with writing(school.engine) as connection:
                taken_back.append(stop(connection, tip))
        return False

    following = school.drain(stop=look)
    went = push.report()["accepted"]
    assert taken_back == [True]
    assert following is None, "nothing waits for another try"
    assert school.totals() == {"accepted": went, "failed cancelled": 68 - went}
    with reading(school.engine) as connection:
        assert reporting.progress(connection, tip).done == 68


def test_a_tip_taken_back_when_all_but_the_second_tries_is_done_is_not_tried_again(
    school: School, push: Push
) -> None:
    school.readers(8, plan="503,201")
    school.readers(4)
    tip = school.tip()
    school.plan()
    taken_back = []

    def look() -> bool:
        # all have an answer, and the chunk is about to be closed
        if not taken_back and not courier.sender.in_flight and push.report()["requests"] == 12:
            with writing(school.engine) as connection:
                taken_back.append(stop(connection, tip))
        return False

    courier = school.courier(stop=look)
    following = courier.drain()
    courier.sender.close()
    assert taken_back == [True]
    assert following is None, "nothing waits for another try"
    assert school.totals() == {"accepted": 4, "failed cancelled": 8}


def test_devices_report_what_they_have_shown_for_a_week_and_nothing_else_is_counted(school: School) -> None:
    school.readers(3)
    tip = school.tip()
    school.plan()
    school.drain()
    with writing(school.engine) as connection:
        assert reporting.report(connection, tip, "shown", TUESDAY)
        assert reporting.report(connection, tip, "shown", TUESDAY + timedelta(days=1))
        assert reporting.report(connection, tip, "opened", TUESDAY)
        assert not reporting.report(connection, tip, "accepted", TUESDAY), "that is for us to say"
        assert not reporting.report(connection, tip, "shown", TUESDAY + timedelta(days=8))
        assert not reporting.report(connection, tip, "shown", TUESDAY - timedelta(days=1))
        assert not reporting.report(connection, tip + 1, "shown", TUESDAY)
    counts = {"accepted": 3, "shown": 2, "opened": 1}
    with reading(school.engine) as connection:
        assert reporting.outcomes_of(connection, tip) == counts
        assert reporting.by_tip(connection, [school.group_id], TUESDAY) == {(tip, TUESDAY): counts}
        assert reporting.by_tip(connection, [school.group_id], TUESDAY + timedelta(days=1)) == {}


def test_more_than_a_tip_was_planned_for_is_not_counted_and_more_than_was_accepted_not_believed(school: School) -> None:
    school.readers(6)
    school.readers(2, plan="410")
    tip = school.tip()
    school.plan()
    school.drain()
    with writing(school.engine) as connection:
        counted = [reporting.report(connection, tip, "shown", TUESDAY + timedelta(days=day % 8)) for day in range(40)]
        assert reporting.report(connection, tip, "opened", TUESDAY)
        assert not reporting.report(connection, tip, "shown", TUESDAY, times=1000)
    assert counted.count(True) == 8 + 1, "one more tells that somebody reports who got none"
    with reading(school.engine) as connection:
        counts = reporting.outcomes_of(connection, tip)
        assert counts == {"accepted": 6, "expired answer-410": 2, "shown": 9, "opened": 1}
        assert reporting.believed(counts) == counts | {"shown": 6}
