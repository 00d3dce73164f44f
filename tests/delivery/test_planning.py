"""Which tips are due, for whom, and that each is planned once."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from pwa.database import make_engine, reading, writing
from pwa.delivery import bits
from pwa.delivery.planning import is_overdue, plan_due
from pwa.delivery.runs import load_run
from pwa.groups.tables import groups, study_days
from pwa.subscriptions.tables import subscription_groups, subscriptions
from pwa.tips.dose import taken
from pwa.tips.tables import tips
from tests.support.school import BEFORE, CONTENT, TUESDAY, School

AFTER = BEFORE + timedelta(hours=8)


@pytest.fixture
def school(engine: Engine) -> School:
    """Without a push service: planning meets none."""
    return School(engine)


def readers(school: School, count: int = 1, group_id: int | None = None, **values: Any) -> None:
    with writing(school.engine) as connection:
        for _ in range(count):
            place = school_row(school, connection)
            number = connection.scalar(subscriptions.insert().values(place | values).returning(subscriptions.c.id))
            join = {"group_id": group_id or school.group_id, "subscription_id": number}
            connection.execute(subscription_groups.insert().values(join))


def school_row(school: School, connection: Any) -> dict[str, Any]:
    from sqlalchemy import func, select

    number = connection.scalar(select(func.count()).select_from(subscriptions))
    return school.row(f"https://fcm.googleapis.com/fcm/send/{number}", b"\4" + bytes(64), bytes(16))


def planned(school: School) -> list[tuple[str, str, int]]:
    return [(run.moment, run.state, run.readers) for run in school.runs()]


def test_each_reader_is_planned_at_the_chosen_moment(school: School) -> None:
    readers(school, 3)
    readers(school, 2, moment="after")
    readers(school, 1, moment="evening")
    school.tip()
    assert school.plan(BEFORE - timedelta(seconds=1)) == 0
    assert school.plan(BEFORE) == 3
    assert school.plan(AFTER) == 2
    assert school.plan(BEFORE + timedelta(hours=12)) == 1
    assert planned(school) == [("before", "open", 3), ("after", "open", 2), ("evening", "open", 1)]
    with school.engine.connect() as connection:
        assert connection.execute(tips.select()).one().state == "sent"


def test_who_is_not_to_get_it_is_not_planned(school: School) -> None:
    readers(school, 1)
    readers(school, 1, confirmed_at=None, expires_at=BEFORE + timedelta(minutes=5))
    readers(school, 1, days=0b1111101)  # not on a Tuesday
    readers(school, 1, muted_until=BEFORE + timedelta(hours=1))
    readers(school, 1, muted_until=BEFORE)  # until now
    readers(school, 1, fault="bad-key")
    readers(school, 1, group_id=school.group(name="Another"))
    school.tip()
    assert school.plan(BEFORE) == 2


def test_a_reader_in_a_region_with_holidays_is_left_in_peace(school: School) -> None:
    """The autumn holiday of the middle is a week later than that of the north in 2026."""
    readers(school, 1, region="NL-noord")
    readers(school, 1)
    school.tip(date=date(2026, 10, 13))
    assert school.plan(datetime.combine(date(2026, 10, 13), time(5, 45), BEFORE.tzinfo)) == 1


def test_a_study_day_that_came_later_is_skipped_with_its_name(school: School) -> None:
    readers(school, 2)
    school.tip()
    with writing(school.engine) as connection:
        connection.execute(study_days.insert().values(group_id=school.group_id, date=TUESDAY, name="Studiedag rekenen"))
    assert school.plan(BEFORE) == 0
    assert [(run.state, run.reason) for run in school.runs()] == [("skipped", "Studiedag rekenen")]
    assert school.chunks() == []


def test_now_on_a_friday_evening_is_not_sent_on_saturday_morning(school: School) -> None:
    quiet = school.group(quiet_from=time(17), quiet_till=time(8))
    readers(school, 2, group_id=quiet, days=127)
    friday = datetime(2026, 11, 27, 17, tzinfo=UTC)  # 18:00 in Amsterdam
    school.tip(group_id=quiet, moments="now", date=friday.date(), created_at=friday)
    assert school.plan(friday) == 0
    assert planned(school) == [], "in the quiet hours"
    assert school.plan(friday + timedelta(hours=14)) == 0
    assert planned(school) == [("now", "skipped", 0)]


def test_a_hold_is_waited_for_and_a_tip_that_was_taken_back_is_not_planned(school: School) -> None:
    readers(school, 2)
    held = school.tip(state="held", moments="now", held_until=BEFORE + timedelta(seconds=60))
    assert school.plan(BEFORE + timedelta(seconds=59)) == 0
    assert school.plan(BEFORE + timedelta(seconds=60)) == 2
    school.tip(state="cancelled", moments="now", held_until=BEFORE)
    assert school.plan(BEFORE + timedelta(seconds=61)) == 0
    assert [run.tip_id for run in school.runs()] == [held]


def test_a_group_whose_row_is_broken_keeps_no_other_waiting(school: School, caplog: pytest.LogCaptureFixture) -> None:
    readers(school, 2)
    school.tip(group_id=school.group(name="Broken", timezone="Europe/Atlantis"))
    with reading(school.engine) as connection:
        assert not is_overdue(connection, CONTENT, AFTER)
    school.tip(moments="no-such-moment")
    school.tip()
    assert school.plan(BEFORE) == 2
    assert "The calendar of group 2 cannot be used" in caplog.text
    assert "Tip 2 could not be planned" in caplog.text


def test_what_is_late_is_dropped(school: School) -> None:
    readers(school, 2)
    school.tip()
    assert school.plan(BEFORE + timedelta(minutes=31)) == 0
    assert planned(school) == [("before", "late", 0)]


@pytest.mark.parametrize(
    ("planned_at", "state", "counted"),
    [([31], "skipped", 0), ([31, 480], "sent", 1), ([0, 511], "sent", 1)],
    ids=["late", "late in the morning only", "late in the afternoon only"],
)
def test_a_tip_of_which_no_moment_went_out_was_not_sent_and_does_not_count_for_the_dose(
    school: School, planned_at: list[int], state: str, counted: int
) -> None:
    readers(school, 2)
    school.tip(moments="before" if len(planned_at) == 1 else "before after")
    for minutes in planned_at:
        school.plan(BEFORE + timedelta(minutes=minutes))
    with reading(school.engine) as connection:
        assert connection.execute(tips.select()).one().state == state
        assert taken(connection, [school.group_id], TUESDAY, TUESDAY).total() == counted


def test_a_reader_in_two_schools_gets_one_tip_a_day(school: School) -> None:
    other = school.group(name="Another")
    readers(school, 3)
    with writing(school.engine) as connection:
        connection.execute(subscription_groups.insert().values(group_id=other, subscription_id=1))
    readers(school, 1, group_id=other)
    school.tip(batch="one")
    school.tip(batch="one", group_id=other)
    assert school.plan(BEFORE) == 4
    numbers = [number for chunk in school.chunks() for number in bits.unpack(chunk.ids)]
    assert sorted(numbers) == [1, 2, 3, 4]


def test_a_correction_goes_to_the_same_readers(school: School) -> None:
    readers(school, 3)
    first = school.tip(batch="one")
    school.plan(BEFORE)
    school.tip(batch="one", corrects_id=first, moments="now", state="held", held_until=BEFORE + timedelta(minutes=5))
    assert school.plan(BEFORE + timedelta(minutes=5)) == 3


def test_a_correction_is_corrected_for_the_same_readers_and_nobody_gets_it_twice(school: School) -> None:
    """Three readers in each of two schools, and one in both."""
    other = school.group(name="Another")
    readers(school, 4)
    readers(school, 3, group_id=other)
    with writing(school.engine) as connection:
        connection.execute(subscription_groups.insert().values(group_id=other, subscription_id=1))
    first = school.tip(batch="one"), school.tip(batch="one", group_id=other)
    assert school.plan(BEFORE) == 7
    for minutes in (5, 9):
        at = BEFORE + timedelta(minutes=minutes)
        for corrected, group in zip(first, (school.group_id, other), strict=True):
            school.tip(batch="one", corrects_id=corrected, moments="now", held_until=at, created_at=at, group_id=group)
        assert school.plan(at) == 7


def test_chunks_have_a_thousand_readers_at_most(school: School) -> None:
    readers(school, 2001)
    school.tip()
    assert school.plan(BEFORE) == 2001
    assert [chunk.size for chunk in school.chunks()] == [1000, 1000, 1]
    assert max(len(chunk.ids) for chunk in school.chunks()) < 100


def test_eight_planners_at_once_plan_each_tip_moment_and_day_once(school: School) -> None:
    """Six days around the end of summer time, in two zones that change their clocks together."""
    groups = [school.group_id, school.group(name="Vlaanderen", timezone="Europe/Brussels", holiday_region="")]
    for group in groups:
        readers(school, 3, group_id=group)
    first = date(2026, 10, 22)
    for offset in range(6):
        for group in groups:
            school.tip(group_id=group, date=first + timedelta(days=offset), moments="before")
    url = str(school.engine.url.render_as_string(hide_password=False))
    moments = [
        datetime.combine(first + timedelta(days=offset), time(hour, 50), BEFORE.tzinfo)
        for offset in range(6)
        for hour in (5, 6)
    ]
    failures: list[BaseException] = []

    def planner() -> None:
        engine = make_engine(url)
        try:
            for at in moments:
                plan_due(engine, CONTENT, at, 0.0)
        except BaseException as error:  # noqa: BLE001  (a thread's failure must be seen by the test)
            failures.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=planner) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    runs = school.runs()
    assert len({(run.tip_id, run.moment, run.date) for run in runs}) == len(runs) == 12
    at = {run.due_at.hour for run in runs if run.state == "open" and run.date >= date(2026, 10, 26)}
    assert at == {6}, "07:45 in winter"
    assert {run.due_at.hour for run in runs if run.state == "open" and run.date < date(2026, 10, 25)} == {5}


def test_a_late_tip_is_not_sent_in_the_quiet_hours(school: School) -> None:
    readers(school, 3, moment="evening")
    school.change(groups, quiet_from=time(19, 45))
    school.tip(moments="evening")
    evening = BEFORE + timedelta(hours=11, minutes=45)  # 19:30
    assert school.plan(evening + timedelta(minutes=20)) == 0
    assert planned(school) == [("evening", "late", 0)]
    [run] = school.runs()
    assert (run.due_at, run.fresh_until) == (evening, evening + timedelta(minutes=15))
    assert run.quiet_at == evening + timedelta(minutes=15)


@pytest.mark.parametrize(("before_night", "ttl"), [(timedelta(minutes=30), 1800), (timedelta(hours=9), 4 * 3600)])
def test_no_push_service_keeps_a_tip_into_the_quiet_hours(school: School, before_night: timedelta, ttl: int) -> None:
    school.change(groups, quiet_from=(BEFORE + before_night).astimezone(ZoneInfo("Europe/Amsterdam")).time())
    readers(school, 1)
    school.tip()
    school.plan(BEFORE)
    with reading(school.engine) as connection:
        run = load_run(connection, 1, "https://houvast.example")
    assert f"TTL: {ttl}" in run.headers("", run.ttl(BEFORE))
