"""A tip that nobody has seen is changed, moved, or left as it was; the words of any tip are used again."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import update

from pwa.database import reading, writing
from pwa.tips.keeping import texts_of
from pwa.tips.tables import tips
from tests.support import desk as school
from tests.support.coaches import WORDS, Person, group_of
from tests.support.house import Element, read
from tests.support.monday import NOON, monday, plan, planner, rows

__all__ = ["monday", "planner"]  # fixtures


def states(desk: Flask, group: int) -> list[tuple[str, date]]:
    return [(tip.state, tip.date) for tip in rows(desk, group)]


def links(page: Element, words: str) -> list[str]:
    found = [link.attributes["href"] for link in page.all("a", href=True) if link.text == words]
    return [address.removeprefix("/coach/en") for address in found]


def test_a_tip_that_waits_is_moved_and_changed_in_one_step(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    for day in ("2026-11-23", "2026-11-24", "2026-11-25"):
        assert plan(planner, group, day).status_code == 302
    [_, tip, _] = rows(desk, group)
    [change] = links(planner.page(f"/tips/{tip.id}"), "Change it or move it")
    page = planner.page(change)
    assert "takes the place of the tip of Tuesday 24 November 2026" in page.text
    assert page.all("input", name="title-nl")[0].attributes["value"] == WORDS["title-nl"]
    [chosen] = page.all("input", type="radio", checked=True)
    assert chosen.attributes["value"] == "2026-11-24", "its own day is not full for it"
    [action] = {button.attributes["formaction"] for button in page.all("button", name="test")}
    assert planner.get(action.removeprefix("/coach/en")).headers["Location"].endswith(f"changes={tip.id}")
    assert planner.get(f"/groups/{group}/tips/new?changes={tip.id}").headers["Location"].endswith(change)
    assert "changes" not in planner.get(f"/groups/{group}/tips/new").text
    refused = planner.post(change, **{**WORDS, "when": "2026-11-25"})
    assert refused.status_code == 422
    assert states(desk, group)[1] == ("held", tip.date), "a refused change leaves it as it was"
    answer = planner.post(change, **{**WORDS, "when": "2026-11-27", "title-en": "Greet them all"})
    assert answer.status_code == 302, "the week still has three"
    assert states(desk, group)[1:] == [
        ("cancelled", date(2026, 11, 24)), ("held", date(2026, 11, 25)), ("held", date(2026, 11, 27))
    ]  # fmt: skip
    new = rows(desk, group)[-1]
    with reading(desk.extensions["engine"]) as connection:
        assert texts_of(connection, [new.id])[new.id]["en"][0] == "Greet them all"
    assert planner.get(change).status_code == 404


def test_a_change_that_comes_twice_is_one(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    plan(planner, group, "2026-11-24")
    change = f"/tips/{rows(desk, group)[0].id}/change"
    form = planner.get(change)
    key = read(form.text).all("input", name="key")[0].attributes["value"]
    sent = [planner.post_from(form, change, **WORDS, when="2026-11-26", key=key) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [302, 302]
    assert sent[0].headers["Location"] == sent[1].headers["Location"]
    assert len(rows(desk, group)) == 2


def test_a_tip_for_several_groups_is_changed_for_all_that_are_ticked(planner: Person, desk: Flask) -> None:
    dutch, both = group_of(planner, "Hier", languages="nl"), group_of(planner, "Daar")
    plan(planner, both, "2026-11-24", also=str(dutch))
    [tip] = rows(desk, dutch)
    [change] = links(planner.page(f"/tips/{tip.id}"), "Change it or move it")
    page = planner.page(change)
    assert [field.attributes["lang"] for field in page.all("textarea")] == ["nl", "en"], "the words of both"
    assert [box.attributes["value"] for box in page.all("input", name="also", checked=True)] == [str(dutch)]
    assert planner.post(change, **WORDS, when="2026-11-26", also=str(dutch)).status_code == 302
    for group in (dutch, both):
        assert states(desk, group) == [("cancelled", date(2026, 11, 24)), ("held", date(2026, 11, 26))]


def test_a_tip_that_goes_out_is_not_changed_any_more_and_nothing_typed_is_lost(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    plan(planner, group, "2026-11-23")
    [tip] = rows(desk, group)
    form = planner.get(f"/tips/{tip.id}/change")
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(update(tips).where(tips.c.id == tip.id).values(state="sent"))
        school.goes_out(connection, tip.id, tip.date, 48, 31)
    answer = planner.post_from(form, f"/tips/{tip.id}/change", **{**WORDS, "when": "2026-11-26", "title-nl": "Anders"})
    assert answer.status_code == 422
    page = read(answer.text)
    assert "Too late" in page.text
    assert page.all("input", name="title-nl")[0].attributes["value"] == "Anders"
    assert states(desk, group) == [("sent", tip.date)], "it goes on as it did"
    assert not links(planner.page(f"/tips/{tip.id}"), "Change it or move it")


def test_a_changed_tip_of_a_programme_stays_part_of_it(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    with writing(desk.extensions["engine"]) as connection:
        tip = school.tip(connection, group, date(2026, 11, 24), programme="new-pupil")
    assert planner.post(f"/tips/{tip}/change", **WORDS, when="2026-11-26").status_code == 302
    assert [row.programme for row in rows(desk, group)] == ["new-pupil", "new-pupil"]
    assert "scheduled a tip: Groet bij de deur" in planner.page("/audit").text


def test_the_words_of_a_tip_are_used_again(planner: Person, desk: Flask) -> None:
    group, other = group_of(planner), group_of(planner, languages="nl")
    with writing(desk.extensions["engine"]) as connection:
        sent = school.tip(connection, group, NOON.date(), "sent")
        corrected = school.tip(connection, group, NOON.date(), "sent", {"nl": ("Correctie: Zo", "is het")},
                               corrects_id=sent, card=None)  # fmt: skip
    [again] = links(planner.page(f"/tips/{sent}"), "Use these words again")
    page = planner.page(again)
    assert page.all("input", name="title-en")[0].attributes["value"] == school.WORDS["en"][0]
    assert "Keep playtime" in page.text, "with its card"
    title = planner.page(f"/groups/{group}/tips/new?tip={corrected}").all("input", name="title-nl")[0]
    assert title.attributes["value"] == "Zo"
    assert len(planner.page(f"/groups/{other}/tips/new?tip={sent}").all("textarea")) == 1
    assert planner.get(f"/groups/{group}/tips/new?tip=999999").status_code == 404


def test_whoever_it_became_too_late_for_while_somebody_wrote_is_not_left_out_unasked(
    planner: Person, desk: Flask, monday: Any
) -> None:
    group = group_of(planner)
    monday.move_to(NOON.replace(hour=6, minute=41))
    [shown] = planner.page(f"/groups/{group}/tips/new").all("input", name="moments")
    monday.move_to(NOON.replace(hour=6, minute=59))
    answer = plan(planner, group, "2026-11-23", moments=shown.attributes["value"])
    assert answer.status_code == 422
    page = read(answer.text)
    assert "It is too late for before school now." in page.text
    [left] = page.all("input", name="moments")
    assert plan(planner, group, "2026-11-23", moments=left.attributes["value"]).status_code == 302
    assert rows(desk, group)[0].moments == "after evening"
