"""A form that is sent again, because the answer was lost: it makes one tip, and the second answer is the first."""

from __future__ import annotations

from flask import Flask

from pwa.database import writing
from tests.support import desk as school
from tests.support.coaches import WORDS, Coming, Person, group_of
from tests.support.house import read
from tests.support.monday import NOON, monday, plan, planner, rows

__all__ = ["monday", "planner"]  # fixtures


def test_a_form_that_comes_twice_is_one_tip_and_the_second_answer_is_the_first(planner: Person, desk: Flask) -> None:
    here, there = group_of(planner), group_of(planner)
    [key] = planner.page(f"/groups/{here}/tips/new").all("input", name="key")
    form = {"key": key.attributes["value"], "also": str(there)}
    first, second = (plan(planner, here, "2026-11-24", **form) for _ in range(2))
    assert second.status_code == 302, second.text
    assert second.headers["Location"] == first.headers["Location"]
    assert [len(rows(desk, group)) for group in (here, there)] == [1, 1]
    other = plan(planner, here, "2026-11-25", **form, **{"title-nl": "Noem elk kind"})
    assert other.status_code == 422
    page = read(other.text)
    assert "A tip from this page was scheduled already" in page.text
    assert page.all("input", name="title-nl")[0].attributes["value"] == "Noem elk kind"
    assert page.all("a", href=f"/coach/en/tips/{rows(desk, here)[0].id}")
    again = page.all("input", name="key")[0].attributes["value"]
    assert plan(planner, here, "2026-11-25", key=again).status_code == 302, "once more is one tip more"


def test_a_form_counts_for_its_coach_and_not_after_its_tip_was_taken_back(
    planner: Person, new_coach: Coming, desk: Flask
) -> None:
    group = group_of(planner)
    plan(planner, group, "2026-11-24", key="one")
    [tip] = rows(desk, group)
    planner.post(f"/tips/{tip.id}/cancellation", on=f"/tips/{tip.id}")
    assert plan(planner, group, "2026-11-24", key="one").headers["Location"] != f"/coach/en/tips/{tip.id}"
    other = new_coach()
    theirs = group_of(other)
    assert plan(other, theirs, "2026-11-24", key="one").status_code == 302
    assert len(rows(desk, theirs)) == 1


def test_a_correction_that_comes_twice_is_one(planner: Person, new_coach: Coming, desk: Flask) -> None:
    group = group_of(planner)
    with writing(desk.extensions["engine"]) as connection:
        sent = school.tip(connection, group, NOON.date(), "sent")
        school.goes_out(connection, sent, NOON.date(), 48, 31)
    first = planner.post(f"/tips/{sent}/correction", **WORDS)
    second = planner.post(f"/tips/{sent}/correction", on="/groups/new", **WORDS)
    assert second.status_code == 302
    assert second.headers["Location"] == first.headers["Location"]
    assert len(rows(desk, group)) == 2
    administrator = new_coach(administrator=True)
    assert administrator.post(f"/tips/{sent}/correction", on="/groups/new", **WORDS).status_code == 404
