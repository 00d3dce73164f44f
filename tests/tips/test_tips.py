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
from pwa.subscriptions.tables import subscription_groups, subscriptions
from pwa.tips.tables import tip_texts, tips
from pwa.tips.texts import BODY, TITLE, from_card
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
