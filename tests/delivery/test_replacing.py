"""A tip in the place of one that was stopped, and a correction: who gets them, and who does not."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from pwa.database import writing
from pwa.delivery.runs import stop
from pwa.subscriptions.tables import subscription_groups
from tests.support.push.process import Push
from tests.support.school import BEFORE, Hands, School

MINUTE = timedelta(minutes=1)
AFTER = BEFORE + timedelta(hours=8)


def take_back(school: School, tip: int) -> None:
    with writing(school.engine) as connection:
        assert stop(connection, tip)


def at(school: School, moment: datetime) -> None:
    assert isinstance(school.clock, Hands)
    school.clock.to(moment)


def numbers_of(school: School) -> list[int]:
    """How many readers each run was planned for, in order."""
    return [run.readers for run in school.runs()]


def test_a_tip_in_the_place_of_a_stopped_one_goes_to_its_readers(school: School, push: Push) -> None:
    school.readers(5)
    first = school.tip(moments="before")
    assert school.plan() == 5
    take_back(school, first)
    school.tip(moments="now", held_until=BEFORE + MINUTE)
    assert school.plan(BEFORE + MINUTE) == 5, "before the sending process has noticed"
    at(school, BEFORE + MINUTE)
    school.drain()
    assert school.totals() == {"failed cancelled": 5, "accepted": 5}
    school.tip(moments="now", held_until=BEFORE + 2 * MINUTE)
    assert school.plan(BEFORE + 2 * MINUTE) == 0, "the second one was not stopped"


def test_a_moment_that_was_over_when_the_tip_was_stopped_counts_for_its_readers(school: School, push: Push) -> None:
    school.readers(3)
    school.readers(2, moment="after")
    first = school.tip()
    school.plan()
    school.drain()
    take_back(school, first)
    school.tip(moments="now", held_until=BEFORE + MINUTE)
    assert school.plan(BEFORE + MINUTE) == 2
    assert numbers_of(school) == [3, 2]


def test_a_tip_that_was_stopped_while_some_were_to_be_tried_again_can_be_replaced(school: School, push: Push) -> None:
    school.readers(3)
    school.readers(2, plan="500,201")
    first = school.tip(moments="before")
    school.plan()
    school.drain()
    take_back(school, first)
    at(school, BEFORE + MINUTE)
    school.drain()
    assert school.totals() == {"accepted": 3, "failed cancelled": 2}
    school.tip(moments="now", held_until=BEFORE + MINUTE)
    assert school.plan(BEFORE + MINUTE) == 5, "who got it is not known any more, who did not must get this one"


def test_a_correction_goes_to_those_at_whose_moment_the_tip_went_out(school: School, push: Push) -> None:
    """Nothing was sending in the morning, so the tip went out after school only."""
    school.readers(3)
    school.readers(2, moment="after")
    first = school.tip(batch="one", moments="before after")
    school.plan(AFTER)
    assert [(run.state, run.readers) for run in school.runs()] == [("late", 0), ("open", 2)]
    school.tip(batch="one", corrects_id=first, moments="now", held_until=AFTER + MINUTE)
    assert school.plan(AFTER + MINUTE) == 2


def test_a_correction_on_a_later_day_goes_to_those_who_got_the_tip_on_its_own_day(school: School, push: Push) -> None:
    came_after = {"created_at": BEFORE + MINUTE}
    got = school.readers(1, days=0b10) + school.readers(1) + school.readers(1, moment="evening", **came_after)
    others = school.readers(1, days=0b100)
    first, evening, next_day = school.tip(batch="one"), BEFORE + timedelta(hours=12), BEFORE + timedelta(hours=26)
    for moment in (BEFORE, AFTER, evening):
        at(school, moment)
        school.plan()
        school.drain()
    others += school.readers(1, **came_after)
    school.tip(batch="one", corrects_id=first, moments="now", date=next_day.date(), held_until=next_day)
    at(school, next_day)
    assert school.plan() == 3
    school.drain()
    assert {len(push.messages(endpoint)) for endpoint in got} == {2}
    assert {len(push.messages(endpoint)) for endpoint in others} == {0}


def test_a_reader_in_two_schools_gets_the_correction_of_the_one_that_had_the_tip(school: School, push: Push) -> None:
    """The other one had it in the evening only, and is corrected first."""
    other = school.group(name="Another")
    school.readers(1)
    with writing(school.engine) as connection:
        connection.execute(subscription_groups.insert().values(group_id=other, subscription_id=1))
    school.readers(1, group_id=other, moment="evening")
    evening = BEFORE + timedelta(hours=12)
    later = school.tip(batch="one", moments="evening", group_id=other)
    early = school.tip(batch="one", moments="before")
    assert (school.plan(), school.plan(evening)) == (1, 1)
    for group, tip in ((other, later), (school.group_id, early)):
        school.tip(batch="one", corrects_id=tip, moments="now", held_until=evening + MINUTE, created_at=evening,
                   group_id=group)  # fmt: skip
    assert school.plan(evening + MINUTE) == 2


def test_who_did_not_have_the_tip_when_it_was_corrected_gets_the_correction_only(school: School, push: Push) -> None:
    reached, late = school.readers(3), school.readers(2, plan="503,201")
    school.tip(batch="one", moments="before")
    school.plan()
    school.drain()
    soon = BEFORE + timedelta(seconds=1)
    at(school, soon)
    school.tip(batch="one", corrects_id=1, moments="now", held_until=soon)
    assert school.plan() == 5
    school.drain_all()
    assert school.totals() == {"accepted": 8, "failed cancelled": 2}
    assert [len(push.messages(endpoint)) for endpoint in (*reached, *late)] == [2, 2, 2, 1, 1]
    tips = {json.loads(push.messages(endpoint)[-1]["plaintext"])["notification"]["data"]["tip"] for endpoint in late}
    assert tips == {2}


def test_a_correction_that_is_taken_back_in_time_leaves_the_tip_on_its_way(school: School, push: Push) -> None:
    school.readers(2, plan="503,201")
    school.tip(batch="one", moments="before")
    school.plan()
    school.drain()
    correction = school.tip(batch="one", corrects_id=1, moments="now", state="held", held_until=BEFORE + MINUTE)
    take_back(school, correction)
    school.drain_all()
    assert school.totals() == {"accepted": 2}
