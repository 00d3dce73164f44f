"""When the known school holidays come to an end, whoever can do something about it is told long before."""

from __future__ import annotations

from datetime import UTC, datetime

import time_machine
from flask.testing import FlaskCliRunner

from pwa import create_app
from pwa.config import Settings
from pwa.groups.calendar import known_until
from tests.support.coaches import Coming, group_of

LAST = "31 December 2030"
SOON = datetime(2030, 6, 3, 10, tzinfo=UTC)


def status(settings: Settings) -> str:
    return FlaskCliRunner(create_app(settings, serve=False)).invoke(args=["status"]).output


def test_nothing_is_said_while_they_are_known_for_long(new_coach: Coming, desk_settings: Settings) -> None:
    assert known_until(desk_settings.content).isoformat() == "2030-12-31"
    with time_machine.travel(datetime(2029, 1, 8, 10, tzinfo=UTC), tick=False):
        administrator = new_coach(administrator=True)
        group = group_of(administrator)
        assert LAST not in administrator.page(f"/groups/{group}/tips/new").text
        assert "School holidays" not in status(desk_settings)


def test_administrators_are_told_a_year_and_a_half_ahead_and_coaches_who_plan_beyond(
    new_coach: Coming, desk_settings: Settings
) -> None:
    with time_machine.travel(SOON, tick=False):
        administrator, coach = new_coach(administrator=True), new_coach()
        [alarm] = administrator.page("/").all(role="alert")
        assert LAST in alarm.text
        assert "newer version" in alarm.text
        assert LAST not in coach.page("/").text
        group = group_of(coach)
        assert LAST in coach.page(f"/groups/{group}/tips/new").text
        programme = f"/groups/{group}/programmes/first-20-days?pace=5&first="
        assert LAST not in coach.page(f"{programme}2030-09-02").text
        assert LAST in coach.page(f"{programme}2030-12-02").text
        assert "School holidays are known until 2030-12-31" in status(desk_settings)
