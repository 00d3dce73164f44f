"""Which day it is, at the desk, while it is yesterday still in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

import time_machine
from flask import Flask

from pwa.database import writing
from tests.support import desk as school
from tests.support.coaches import Coming, group_of

AFTER_MIDNIGHT = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # half past twelve on 1 December in Amsterdam and Brussels


@time_machine.travel(AFTER_MIDNIGHT, tick=False)
def test_after_midnight_today_is_the_day_at_school(new_coach: Coming) -> None:
    coach = new_coach()
    group = group_of(coach)
    for path in ("/tips", f"/tips?group_id={group}"):
        [today] = [cell for cell in coach.page(path).all("td") if "now" in cell.attributes["class"].split()]
        assert today.all("span", class_="number")[0].text == "Tuesday 1 · today", path
    page = f"/groups/{group}"
    assert coach.page(page).all("input", name="date")[0].attributes["min"] == "2026-12-01"
    for day, status in (("2026-11-30", 422), ("2026-12-01", 302)):
        assert coach.post(f"{page}/study-days", on=page, date=day).status_code == status


def test_a_month_shows_whole_weeks_with_their_tips(new_coach: Coming, desk: Flask) -> None:
    coach = new_coach()
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        school.tip(connection, group, date(2026, 10, 1))
    page = coach.page(f"/tips?group_id={group}&month=2026-09")
    [cell] = [cell for cell in page.all("td") if cell.all("a", class_="planned scheduled")]
    assert "outside" in cell.attributes["class"].split()
    assert page.all("p", class_="hint none-yet")[0].text == "No tips in this month."
