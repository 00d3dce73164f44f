"""What is kept for a while goes when the while is over, although nobody comes to the desk."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import func, select

from pwa.clock import now
from pwa.coaches.cli import new_link
from pwa.coaches.tables import coach_sessions, coaches, deeds, invitations
from pwa.config import Settings
from pwa.database import reading, writing
from pwa.delivery.office import open_office
from pwa.keys import make_keys
from tests.support.coaches import Coming

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_sessions_invitations_and_deeds_are_erased_when_their_time_is_over(
    new_coach: Coming, desk: Flask, desk_settings: Settings
) -> None:
    new_coach()
    new_link(desk_settings, administrator=True)
    make_keys(desk_settings)
    office = open_office(desk_settings)
    began = now()

    def left(after: timedelta) -> list[bool]:
        with time_machine.travel(began + after, tick=False):
            office.tidy()
        with reading(desk.extensions["engine"]) as connection:
            kept = (coach_sessions, invitations, deeds, coaches)
            return [bool(connection.scalar(select(func.count()).select_from(table))) for table in kept]

    assert left(11 * HOUR) == [True, True, True, True]
    assert left(13 * HOUR) == [False, True, True, True]
    assert left(8 * DAY) == [False, False, True, True]
    assert left(366 * DAY) == [False, False, False, True]
    office.close()


def test_a_session_that_is_used_all_the_time_is_erased_after_seven_days(
    new_coach: Coming, desk: Flask, desk_settings: Settings
) -> None:
    new_coach()
    make_keys(desk_settings)
    office = open_office(desk_settings)
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(coach_sessions.update().values(created_at=now() - 7 * DAY, ends_at=now() + HOUR))
    office.tidy()
    with reading(desk.extensions["engine"]) as connection:
        assert connection.execute(select(coach_sessions)).all() == []
    office.close()
