"""Tips: from a card to a scheduled one in six taps, on school days, in the right dose; taken back, corrected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert, select, update

from pwa.coaches import audit
from pwa.config import PROJECT
from pwa.database import reading, writing
from pwa.deck.loading import load_deck
from pwa.delivery.tables import outcomes, runs
from pwa.subscriptions.tables import subscription_groups, subscriptions
from pwa.tips.keeping import texts_of
from pwa.tips.programmes import load_programmes
from pwa.tips.tables import tip_texts, tips
from pwa.tips.texts import BODY, TITLE, from_card
from tests.support import desk as school
from tests.support.coaches import Coming, Person, group_of
from tests.support.house import read

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # a Monday, 12:00 in Amsterdam: the first moment of the day is over
WORDS = {"title-nl": "Groet bij de deur", "body-nl": "Zeg ieder kind gedag.",
         "title-en": "Greet at the door", "body-en": "Say hello to every child."}  # fmt: skip


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture(scope="module")
def planner(new_coach: Coming) -> Person:
    with time_machine.travel(NOON - timedelta(minutes=10)):
        return new_coach()


def rows(desk: Flask, group: int) -> list[Any]:
    with reading(desk.extensions["engine"]) as connection:
        return list(connection.execute(select(tips).where(tips.c.group_id == group).order_by(tips.c.id)))


def plan(person: Person, group: int, when: str, **more: str) -> Any:
    return person.post(f"/groups/{group}/tips/new", **{**WORDS, "when": when, **more})


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
     ("body-nl", "\x00"), ("body-en", "e\u0301"), ("title-en", "(" * 30_000)],
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
    assert "one a day is the most" in answer.text
    answer = plan(planner, group, "2026-11-26")
    assert answer.status_code == 422
    assert "three tips that week already" in answer.text
    assert "Monday 30 November 2026" in answer.text
    for day in ("2026-11-26", "2026-11-27"):
        assert plan(planner, group, day, more="yes").status_code == 302
    assert len(rows(desk, group)) == 5


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
    assert "nobody gets it; it stays in the month, crossed out." in planner.page(f"/tips/{tip.id}").text
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
    assert "That came too late" in planner.page(f"/tips/{sent.id}").text


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
    assert "These are the words that were sent." in unchanged.text
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


def test_a_programme_shows_its_real_dates_before_it_is_kept(planner: Person, desk: Flask) -> None:
    group = group_of(planner)
    planner.post(f"/groups/{group}/study-days", on=f"/groups/{group}", date="2026-11-25")
    path = f"/groups/{group}/programmes/after-a-hard-week"
    page = planner.page(f"{path}?pace=3&first=2026-11-24")
    assert len(page.all("ol")[0].all("li")) == 5
    days = page.all("input", name="days")[0].attributes["value"]
    assert days == "2026-11-24 2026-11-26 2026-11-30 2026-12-02 2026-12-04"
    assert "study day" in page.text
    assert "Skipped: 1 day without lessons" in page.text
    assert page.all("form", class_="stack last-word")[0].all("button")[0].text == "Schedule these 5 tips"
    two = planner.page(f"{path}?pace=2&first=2026-11-30").all("input", name="days")[0].attributes["value"]
    assert two == "2026-12-01 2026-12-03 2026-12-08 2026-12-10 2026-12-15", "Tuesdays and Thursdays"
    assert rows(desk, group) == []
    stale = planner.post(path, first="2026-11-24", pace="3", days="2026-11-24")
    assert stale.status_code == 409
    assert rows(desk, group) == []
    assert planner.post(path, first="2026-11-24", pace="3", days=days).status_code == 302
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
    assert "nobody sees anything of it before 12:01" in page.text
    [shown] = page.all("input", name="tips")
    [form] = [form for form in page.all("form") if form.attributes.get("action", "").endswith("/cancellation")]
    assert form.all("button")[0].text == "Take all 5 tips back"
    monday.shift(timedelta(seconds=61))
    assert not planner.page(month).all("input", name="tips"), "it is not held any more"
    others = [tip.id for tip in rows(desk, group) if not tip.programme]
    tips_shown = " ".join([shown.attributes["value"], *map(str, others)])
    planner.post(f"{path}/cancellation", on="/groups/new", tips=tips_shown)
    assert "5 tips are taken back." in planner.page(month).text
    states = {(tip.programme, tip.state) for tip in rows(desk, group)}
    assert states == {("after-a-hard-week", "cancelled"), (None, "held")}
    assert "cancelled a programme: After a hard week" in planner.page("/audit").text
    planner.post(f"{path}/cancellation", on="/groups/new", tips=tips_shown)
    assert "That came too late: these tips are not waiting any more." in planner.page(month).text


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
