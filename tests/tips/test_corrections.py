"""A correction takes the place of what was sent, where that is possible, and says where it is not."""

from __future__ import annotations

from datetime import time

from flask import Flask
from sqlalchemy import insert, update

from pwa.database import reading, writing
from pwa.delivery.tables import runs
from pwa.groups.tables import groups, study_days
from pwa.tips.keeping import texts_of
from pwa.tips.tables import tips
from tests.support import desk as school
from tests.support.coaches import WORDS, Person, group_of
from tests.support.monday import NOON, monday, plan, planner, rows

__all__ = ["monday", "planner"]  # fixtures


def test_a_correction_takes_the_place_of_what_was_sent_once(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    plan(planner, group, "2026-11-23")
    [tip] = rows(desk, group)
    assert planner.get(f"/tips/{tip.id}/correction").status_code == 404, "it is held: take it back"
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(update(tips).where(tips.c.id == tip.id).values(state="sent"))
    assert planner.get(f"/tips/{tip.id}/correction").status_code == 404, "nobody got it"
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(insert(runs).values(tip_id=tip.id, moment="after", date=tip.date, due_at=NOON,
                           fresh_until=NOON, planned_at=NOON, state="done", readers=3))  # fmt: skip
    planner.page(f"/tips/{tip.id}/correction")
    unchanged = planner.post(f"/tips/{tip.id}/correction", **WORDS)
    assert unchanged.status_code == 422
    assert "This is the text that was sent." in unchanged.text
    assert len(rows(desk, group)) == 1
    answer = planner.post(f"/tips/{tip.id}/correction", **{**WORDS, "title-nl": "Groet bij elke deur"})
    assert answer.status_code == 302
    new = rows(desk, group)[1]
    assert (new.corrects_id, new.batch, new.moments, new.state) == (tip.id, tip.batch, "now", "held")
    assert "Correctie: Groet bij elke deur" in planner.page(f"/tips/{new.id}").text
    assert "This was corrected later." in planner.page(f"/tips/{tip.id}").text
    assert planner.get(f"/tips/{new.id}/correction").status_code == 404


def test_a_correction_asks_for_every_language_that_one_of_the_groups_got(planner: Person, desk: Flask) -> None:
    dutch, both = group_of(planner, "Hier", languages="nl"), group_of(planner, "Daar")
    sent = {}
    with writing(desk.extensions["engine"]) as connection:
        for group, languages in ((dutch, ["nl"]), (both, ["nl", "en"])):
            words = {language: school.WORDS[language] for language in languages}
            sent[group] = school.tip(connection, group, NOON.date(), "sent", words, batch="talen")
            school.goes_out(connection, sent[group], NOON.date(), 48, 31)
    here = f"/tips/{sent[dutch]}/correction"
    assert [field.attributes["lang"] for field in planner.page(here).all("textarea")] == ["nl", "en"]
    assert planner.post(here, **{**WORDS, "body-en": ""}).status_code == 422
    assert planner.post(here, **WORDS).status_code == 302
    for group, languages in ((dutch, ["nl"]), (both, ["nl", "en"])):
        correction = rows(desk, group)[1]
        assert correction.corrects_id == sent[group]
        with reading(desk.extensions["engine"]) as connection:
            assert list(texts_of(connection, [correction.id])[correction.id]) == languages


def test_a_correction_says_where_it_comes_later_and_where_it_does_not_come_now(planner: Person, desk: Flask) -> None:
    here, asleep, off = group_of(planner, "Hier"), group_of(planner, "Daar"), group_of(planner, "Elders")
    with writing(desk.extensions["engine"]) as connection:  # 12:01 is in the quiet hours of the second
        late = {"quiet_from": time(8), "quiet_till": time(13)}
        connection.execute(update(groups).where(groups.c.id == asleep).values(late))
        connection.execute(insert(study_days).values(group_id=off, date=NOON.date(), name="Rekenen"))
        for group in (here, asleep, off):
            sent = school.tip(connection, group, NOON.date(), "sent", batch="overal")
            school.goes_out(connection, sent, NOON.date(), 48, 31)
    page = f"/tips/{rows(desk, here)[0].id}/correction"
    hints = [hint.text for hint in planner.page(page).all("p", class_="hint")]
    assert hints[:2] == [
        "At Daar it goes out at 13:00, after the quiet hours.",
        "At Elders nothing goes out until there are lessons again. Correct it there then.",
    ]
    assert planner.post(page, **WORDS).status_code == 302
    assert [len(rows(desk, group)) for group in (here, asleep, off)] == [2, 2, 1]
    planner.page(f"/tips/{rows(desk, off)[0].id}/correction")
