"""Programmes on real dates; the month and the chart of what was planned and sent."""


from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import time_machine
from flask import Flask
from sqlalchemy import insert, update

from pwa.coaches import audit
from pwa.config import PROJECT
from pwa.database import writing
from pwa.deck.loading import load_deck
from pwa.delivery.tables import outcomes
from pwa.groups.tables import groups
from pwa.tips.programmes import load_programmes
from tests.support.coaches import Person, group_of
from tests.support.monday import monday, plan, planner, rows

__all__ = ["monday", "planner"]  # fixtures


def test_a_programme_shows_its_real_dates_before_it_is_kept(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    planner.post(f"/groups/{group}/study-days", on=f"/groups/{group}", date="2026-11-25")
    path = f"/groups/{group}/programmes/after-a-hard-week"
    page = planner.page(f"{path}?pace=3&first=2026-11-24")
    assert len(page.all("ol")[0].all("li")) == 5
    days = page.all("input", name="days")[0].attributes["value"]
    assert days == "2026-11-24 2026-11-26 2026-11-30 2026-12-02 2026-12-04"
    assert "study day" in page.text
    printed = [words.text for words in page.all(class_="only-print")]
    assert len(printed) == 2 * 5, "a sheet of paper has the words of each tip, in both languages"
    assert all(len(words) > 20 for words in printed)
    assert page.all("button", id="print")
    assert "Skipped: 1 day without lessons" in page.text
    assert page.all("form", class_="stack last-word")[0].all("button")[0].text == "Schedule these 5 tips"
    two = planner.page(f"{path}?pace=2&first=2026-11-30").all("input", name="days")[0].attributes["value"]
    assert two == "2026-12-01 2026-12-03 2026-12-08 2026-12-10 2026-12-15", "Tuesdays and Thursdays"
    assert rows(desk, group) == []
    stale = planner.post(path, first="2026-11-24", pace="3", days="2026-11-24")
    assert stale.status_code == 409
    assert rows(desk, group) == []
    for _ in range(2):  # a button that is pressed twice
        sent = planner.post(path, on=f"{path}?pace=3&first=2026-11-24", first="2026-11-24", pace="3", days=days)
        assert sent.status_code == 302
    assert [tip.date.isoformat() for tip in rows(desk, group)] == days.split()
    assert {tip.programme for tip in rows(desk, group)} == {"after-a-hard-week"}
    with writing(desk.extensions["engine"]) as connection:  # a line from before, when the name was kept
        audit.note(connection, SimpleNamespace(id=None, name="A colleague"), "programme-scheduled", "Oude reeks", group)
    assert "scheduled a programme: After a hard week" in planner.page("/audit").text
    planner.language = "nl"
    try:
        history = planner.page("/audit").text
    finally:
        planner.language = "en"
    assert "plande een programma: Na een zware week" in history
    assert "plande een programma: Oude reeks" in history


def test_a_programme_that_was_just_scheduled_is_taken_back_as_a_whole(
    planner: Person, desk: Flask, monday: time_machine.Traveller
) -> None:
    group = group_of(planner)
    path = f"/groups/{group}/programmes/after-a-hard-week"
    plan(planner, group, "2026-11-27")  # a tip on its own, which stays
    days = planner.page(f"{path}?pace=3&first=2026-11-24").all("input", name="days")[0].attributes["value"]
    answer = planner.post(path, first="2026-11-24", pace="3", days=days)
    month = answer.headers["Location"].removeprefix("/coach/en")
    page = planner.page(month)
    assert "5 tips scheduled." in page.text
    assert "nobody will see any of it before 12:01" in page.text
    [shown] = page.all("input", name="tips")
    [form] = [form for form in page.all("form") if form.attributes.get("action", "").endswith("/cancellation")]
    assert form.all("button")[0].text == "Take all 5 tips back"
    monday.shift(timedelta(seconds=61))
    page = planner.page(month)
    assert page.all("details")[0].all("summary")[0].text == "After a hard week: 5 tips still to come"
    assert page.all("details")[0].all("button")[0].text == "Stop this programme", "behind a tap, when it runs"
    assert page.all("input", name="tips")[0].attributes["value"] == shown.attributes["value"]
    first = shown.attributes["value"].split()[0]
    assert "Part of the programme ‘After a hard week’" in planner.page(f"/tips/{first}").text
    others = [tip.id for tip in rows(desk, group) if not tip.programme]
    tips_shown = " ".join([shown.attributes["value"], *map(str, others)])
    planner.post(f"{path}/cancellation", on="/groups/new", tips=tips_shown)
    assert "5 tips are taken back." in planner.page(month).text
    states = {(tip.programme, tip.state) for tip in rows(desk, group)}
    assert states == {("after-a-hard-week", "cancelled"), (None, "held")}
    assert "cancelled a programme: After a hard week" in planner.page("/audit").text
    planner.post(f"{path}/cancellation", on="/groups/new", tips=tips_shown)
    assert "Too late: these tips have already gone out." in planner.page(month).text


def test_a_programme_is_offered_only_to_groups_that_it_has_words_for(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(update(groups).where(groups.c.id == group).values(languages="tr"))
    assert not [a for a in planner.page(f"/groups/{group}/tips/choose").all("a", href=True)
                if "/programmes/" in a.attributes["href"]]  # fmt: skip
    assert planner.get(f"/groups/{group}/programmes/after-a-hard-week").status_code == 404


def test_the_programmes_are_complete() -> None:
    content = PROJECT / "pwa" / "content"
    programmes = load_programmes(content, load_deck(content))
    assert {key: len(programme.tips) for key, programme in programmes.items()} == {
        "first-20-days": 20, "after-a-hard-week": 5, "new-pupil": 10, "substitute-day": 5,
    }  # fmt: skip


def test_the_month_shows_tips_holidays_and_its_neighbours(planner: Person) -> None:
    group = group_of(planner)
    plan(planner, group, "2026-12-01")
    page = planner.page(f"/tips?group_id={group}&month=2026-12")
    assert "Greet at the door" in page.all("table")[0].text
    assert "Christmas" in page.all("table")[0].text
    [today] = [link.attributes["href"] for link in page.all("a") if link.text == "Today"]
    assert today.endswith(f"/tips?group_id={group}#today")
    assert not page.all(id="today")
    now = planner.page(f"/tips?group_id={group}")
    assert [link.attributes["href"] for link in now.all("a") if link.text == "Today"] == ["#today"]
    assert "Monday 23" in now.all("td", id="today")[0].text
    for wrong in ("2026-13", "x", "99999-01", "2026-1-1"):
        assert planner.get(f"/tips?month={wrong}").status_code == 404


def test_the_chart_hides_what_is_under_five(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    plan(planner, group, "2026-11-23")
    [tip] = rows(desk, group)
    with writing(desk.extensions["engine"]) as connection:
        for outcome, total in (("accepted", 40), ("shown", 20), ("opened", 4)):
            connection.execute(insert(outcomes).values(date=date(2026, 11, 23), group_id=group, tip_id=tip.id,
                                                       outcome=outcome,
                                                       reason="", total=total))  # fmt: skip
    page = planner.page(f"/tips?group_id={group}")
    bars = {bar.attributes["class"]: float(bar.attributes["height"]) for bar in page.all("rect")}
    assert set(bars) == {"accepted", "shown"}
    assert bars["accepted"] == 2 * bars["shown"]
    assert [cell.text for cell in page.all("table", class_="numbers")[0].all("tr")[-1].all("td")] == ["40", "20", "–"]


def test_a_chart_without_numbers_is_words(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    page = planner.page(f"/tips?group_id={group}")
    assert not page.all("figure")
    assert not page.all("details")
    assert "Nothing to show yet." in page.text
    assert "The last eight weeks" in page.text
