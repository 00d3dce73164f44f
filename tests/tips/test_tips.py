"""Tips: from a card to a scheduled one in six taps, on school days, in the right dose; taken back, corrected."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from pwa.config import PROJECT
from pwa.database import reading, writing
from pwa.deck.loading import load_deck
from pwa.delivery.tables import runs
from pwa.groups.tables import groups, study_days
from pwa.subscriptions.tables import subscription_groups, subscriptions
from pwa.tips.keeping import texts_of
from pwa.tips.tables import tip_texts, tips
from pwa.tips.texts import BODY, TITLE, from_card
from tests.support import desk as school
from tests.support.coaches import WORDS, Person, group_of
from tests.support.house import read
from tests.support.monday import NOON, monday, plan, planner, rows

__all__ = ["monday", "planner"]  # fixtures


def test_from_a_card_to_a_scheduled_tip_in_four_taps(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    desk_page = planner.page("/")
    [tap] = [
        a.attributes["href"]
        for a in desk_page.all("a", href=True)
        if f"/groups/{group}/tips/choose" in a.attributes["href"]
    ]
    chooser = planner.page(tap.removeprefix("/coach/en"))
    [tap] = [
        a.attributes["href"] for a in chooser.all("a", href=True) if a.attributes["href"].endswith("card=keep-recess")
    ]
    composer = planner.page(tap.removeprefix("/coach/en"))
    [form] = composer.all("form", class_="compose")
    fields = {element.attributes["name"]: element.attributes.get("value", "")
              for element in form.all("input", name=True)
              if element.attributes.get("type") not in {"radio", "checkbox"}}  # fmt: skip
    fields |= {element.attributes["name"]: element.text for element in form.all("textarea")}
    [chosen] = form.all("input", type="radio", checked=True)
    fields["when"] = chosen.attributes["value"]
    answer = planner.client.post(form.attributes["action"], data=fields)
    assert answer.status_code == 302, answer.text
    [tip] = rows(desk, group)
    tuesday = ("held", "keep-recess", date(2026, 11, 24), "before after evening")
    assert (tip.state, tip.card, tip.date, tip.moments) == tuesday
    assert tip.held_until == NOON + timedelta(seconds=60)
    assert "held for 60 seconds" in planner.page(f"/tips/{tip.id}").text
    assert "scheduled a tip: Pak de pauze niet af" in planner.page("/audit").text


def test_every_card_fits_on_a_lock_screen_in_both_languages() -> None:
    for card in load_deck(PROJECT / "pwa" / "content").cards.values():
        for text in card.texts.values():
            title, body = from_card(text)
            assert title == text.title
            assert text.cue in body
            assert len(title) <= TITLE
            assert len(body) <= BODY


REFUSED = {
    "2026-11-22": "That day is over.", "2026-11-28": "weekend", "2026-12-25": "holiday (Christmas",
    "2026-12-28": "holiday (", "2028-01-01": "more than a year", "soon": "Choose a day.", "": "Choose a day.",
}  # fmt: skip


@pytest.mark.parametrize("when", REFUSED)
def test_a_day_that_cannot_be_is_refused_with_its_reason(planner: Person, desk: Flask, when: str) -> None:
    group = group_of(planner)
    answer = plan(planner, group, when)
    assert answer.status_code == 422
    assert any(REFUSED[when] in error.text for error in read(answer.text).all(class_="error")), answer.text
    assert rows(desk, group) == []


def test_any_other_school_day_of_the_coming_year_can_be_chosen(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    [field] = planner.page(f"/groups/{group}/tips/new").all("input", type="date")
    assert (field.attributes["min"], field.attributes["max"]) == ("2026-11-23", "2027-12-28")
    assert plan(planner, group, "other", day="2027-03-10").status_code == 302
    [tip] = rows(desk, group)
    assert (tip.date, tip.moments) == (date(2027, 3, 10), "before after evening")


@pytest.mark.parametrize("day", REFUSED)
def test_another_day_is_held_to_the_same_rules(planner: Person, desk: Flask, day: str) -> None:
    group = group_of(planner)
    answer = plan(planner, group, "other", day=day)
    assert answer.status_code == 422
    page = read(answer.text)
    assert any(REFUSED[day] in error.text for error in page.all(class_="error"))
    assert page.all("input", type="date")[0].attributes["value"] == day
    assert page.all("input", type="radio", checked=True)[0].attributes["value"] == "other"
    assert rows(desk, group) == []


@pytest.mark.parametrize("when", ["2026-11-24", "now"])
def test_two_days_at_once_are_asked_about(planner: Person, desk: Flask, when: str) -> None:
    group = group_of(planner)
    answer = plan(planner, group, when, day="2027-03-10")
    assert answer.status_code == 422
    assert "Two days are chosen." in answer.text
    assert rows(desk, group) == []


def test_a_study_day_is_skipped_and_refused(planner: Person) -> None:
    group = group_of(planner)
    planner.post(f"/groups/{group}/study-days", on=f"/groups/{group}", date="2026-11-24", name="Rekenen")
    answer = plan(planner, group, "2026-11-24")
    assert answer.status_code == 422
    assert "study day (Rekenen)" in answer.text
    offered = [
        radio.attributes["value"] for radio in planner.page(f"/groups/{group}/tips/new").all("input", type="radio")
    ]
    assert offered[:3] == ["2026-11-23", "2026-11-25", "2026-11-26"]
    assert not {"2026-11-28", "2026-11-29"} & set(offered)


# UTC, an hour behind the schools → what is said of today, and which day is chosen at first
LATE = {
    6: ("Monday 23 November 2026", "2026-11-23"),
    11: ("Monday 23 November 2026 only after school and in the evening from now on", "2026-11-24"),
    16: ("Monday 23 November 2026 only in the evening from now on", "2026-11-24"),
    19: ("Tuesday 24 November 2026", "2026-11-24"),
}


@pytest.mark.parametrize("hour", LATE)
def test_today_says_which_readers_it_still_reaches(planner: Person, monday: Any, hour: int) -> None:
    group = group_of(planner)
    monday.move_to(NOON.replace(hour=hour))
    days = planner.page(f"/groups/{group}/tips/new").all("label")
    offered = [day for day in days if day.all("input", type="radio")]
    chosen = [day.all("input", checked=True)[0].attributes["value"] for day in offered if day.all(checked=True)]
    assert (offered[0].text, chosen) == (LATE[hour][0], [LATE[hour][1]])


@pytest.mark.parametrize(
    ("field", "value"),
    [("title-nl", ""), ("title-nl", "x" * 41), ("title-en", " \u200b"), ("body-en", "x" * 121), ("body-nl", "a\u202eb"),
     ("body-nl", "\x00"), ("title-en", "(" * 30_000)],
)  # fmt: skip
def test_words_that_cannot_be_sent_are_refused_and_nothing_is_kept(
    planner: Person, desk: Flask, field: str, value: str
) -> None:
    group = group_of(planner)
    answer = plan(planner, group, "2026-11-24", **{field: value})
    assert answer.status_code == 422
    assert [error for error in read(answer.text).all(class_="error") if len(error.text) > 5]
    assert rows(desk, group) == []
    with reading(desk.extensions["engine"]) as connection:
        assert not connection.execute(select(tip_texts).where(tip_texts.c.title == value)).all()


@pytest.mark.parametrize("late", [time(20), time(18, 50)], ids=["asleep", "nearly asleep"])
def test_now_goes_to_everybody_unless_the_school_sleeps(
    planner: Person, desk: Flask, monday: Any, late: time
) -> None:
    group = group_of(planner)
    assert plan(planner, group, "now").status_code == 302
    assert rows(desk, group)[0].moments == "now"
    sleeping = group_of(planner)
    monday.move_to(datetime.combine(NOON, late, UTC))
    answer = plan(planner, sleeping, "now")
    assert answer.status_code == 422
    assert "quiet hours" in answer.text


def test_the_dose_guard_refuses_with_its_reason_and_says_the_next_free_day(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    for day in ("2026-11-23", "2026-11-24", "2026-11-25"):
        assert plan(planner, group, day).status_code == 302
    answer = plan(planner, group, "2026-11-25")
    assert answer.status_code == 422
    assert "one a day is the limit" in answer.text
    answer = plan(planner, group, "2026-11-26")
    assert answer.status_code == 422
    assert "already get three tips that week" in answer.text
    assert "Monday 30 November 2026" in answer.text
    for day in ("2026-11-26", "2026-11-27"):
        assert plan(planner, group, day, more="yes").status_code == 302
    assert len(rows(desk, group)) == 5


def test_a_day_that_is_full_cannot_be_chosen_and_more_than_three_a_week_is_a_question_where_it_can_be(
    planner: Person, desk: Flask
) -> None:
    group = group_of(planner)
    new = f"/groups/{group}/tips/new"
    assert not planner.page(new).all("input", name="more")
    for day in ("2026-11-23", "2026-11-24", "2026-11-25"):
        assert plan(planner, group, day).status_code == 302
    page = planner.page(new)
    days = {day.attributes["value"]: "disabled" in day.attributes for day in page.all("input", type="radio")}
    full = [day for day, disabled in days.items() if disabled]
    assert full == ["2026-11-23", "2026-11-24", "2026-11-25", "now"]
    assert "one a day is the limit" in page.all("label")[4].text
    assert page.all("input", type="radio", checked=True)[0].attributes["value"] == "2026-11-30"
    assert page.all("input", name="more"), "two days of this week are left for a fourth and a fifth"
    for day in ("2026-11-26", "2026-11-27"):
        plan(planner, group, day, more="yes")
    assert not planner.page(new).all("input", name="more"), "nothing to ask: this week has its five"


def test_more_than_three_in_a_week_that_was_not_proposed_is_asked_once_it_is_refused(planner: Person) -> None:
    group = group_of(planner)
    for day in ("2027-03-08", "2027-03-09", "2027-03-10"):
        assert plan(planner, group, "other", day=day).status_code == 302
    refused = plan(planner, group, "other", day="2027-03-11")
    assert refused.status_code == 422
    assert read(refused.text).all("input", name="more")
    assert plan(planner, group, "other", day="2027-03-11", more="yes").status_code == 302


def test_the_dose_counts_over_all_schools_of_a_reader(planner: Person, desk: Flask) -> None:
    here, there = group_of(planner), group_of(planner)
    assert plan(planner, there, "2026-11-24").status_code == 302
    assert plan(planner, here, "2026-11-24").status_code == 302, "no reader in common"
    with writing(desk.extensions["engine"]) as connection:
        made = connection.execute(
            insert(subscriptions).values(
                endpoint_hash=f"both {here}".encode(), endpoint="https://example", p256dh=b"", auth=b"", key_id="",
                token_hash=b"", language="nl", created_at=NOON, seen_on=NOON.date(), confirmed_at=NOON,
            )
        )  # fmt: skip
        for group in (here, there):
            connection.execute(
                insert(subscription_groups).values(group_id=group, subscription_id=made.inserted_primary_key[0])
            )
    assert plan(planner, there, "2026-11-25").status_code == 302
    assert plan(planner, here, "2026-11-25").status_code == 422


def test_a_tip_is_taken_back_while_it_waits_and_not_after(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    plan(planner, group, "2026-11-24")
    [tip] = rows(desk, group)
    page = planner.page(f"/tips/{tip.id}")
    [figure] = page.all(class_="figure")
    assert "nobody gets it; it stays in the month, crossed out. Take it back" in figure.text
    assert figure.all("b")[0].attributes["data-left"] == "60"
    assert len(page.all("form", method="post")) == 1, "the button stands there once"
    planner.post(f"/tips/{tip.id}/cancellation", on=f"/tips/{tip.id}")
    assert rows(desk, group)[0].state == "cancelled"
    assert "Taken back. Nobody got it." in planner.page(f"/tips/{tip.id}").text
    assert planner.page(f"/tips?group_id={group}").all("a", class_="planned cancelled")
    assert plan(planner, group, "2026-11-24").status_code == 302, "its day is free again"
    sent = rows(desk, group)[1]
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(update(tips).where(tips.c.id == sent.id).values(state="sent"))
    planner.post(f"/tips/{sent.id}/cancellation", on="/groups/new")
    assert rows(desk, group)[1].state == "sent"
    assert "Too late" in planner.page(f"/tips/{sent.id}").text


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


HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=a>', "{{ 7*7 }}", "javascript:alert(1)", "&lt;b&gt;"]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_coach_types_is_text_on_every_page(planner: Person, desk: Flask, words: str) -> None:
    group = group_of(planner, words)
    assert plan(planner, group, "2026-11-24", **dict.fromkeys(WORDS, words)).status_code == 302
    [tip] = rows(desk, group)
    for path in (
        f"/tips/{tip.id}",
        f"/groups/{group}",
        f"/groups/{group}/poster",
        "/",
        "/audit",
        f"/tips?group_id={group}",
    ):
        page = planner.page(path)
        assert not page.all("img")
        assert words in page.text
