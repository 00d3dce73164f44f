"""Schools: made, changed and removed by their coaches, with codes, study days and a poster."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from babel.dates import format_date
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from pwa.clock import now
from pwa.database import writing
from pwa.groups.calendar import today_at
from pwa.groups.codes import LENGTH, SYMBOLS, new_code, read_code, show_code
from pwa.groups.forms import mixes
from pwa.groups.tables import groups, study_days
from pwa.subscriptions.tables import subscription_groups, subscriptions
from tests.support.coaches import Person, group_of
from tests.support.house import read


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(alphabet=SYMBOLS, min_size=LENGTH, max_size=LENGTH))
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    typed = show_code(code).lower().replace("0", "o").replace("1", "l")
    assert read_code(f"  {typed} ") == code


@settings(deadline=None)  # a busy machine is no failure
@given(st.text())
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    found = read_code(text)
    assert found is None or (len(found) == LENGTH and set(found) <= set(SYMBOLS))


def test_codes_are_random_and_have_no_letters_that_look_alike() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert not set("ILOU") & set("".join(codes))


def test_a_coach_makes_changes_and_removes_a_group(coach: Person) -> None:
    number = group_of(coach, "De Regenboog")
    assert "Netherlands, central" in coach.page(f"/groups/{number}").text
    answer = coach.post(f"/groups/{number}/edit", name="De Regenboog 2", languages="en", region="BE-vlaanderen",
                        quiet_from="18:00", quiet_till="08:00")  # fmt: skip
    assert answer.status_code == 302
    assert "Flanders" in coach.page(f"/groups/{number}").text
    assert coach.post(f"/groups/{number}/removal", name="Something else").status_code == 422
    assert coach.post(f"/groups/{number}/removal", name="De Regenboog 2").status_code == 302
    assert coach.get(f"/groups/{number}").status_code == 404
    assert "removed a group: De Regenboog 2" in coach.page("/audit").text


WRONG = {
    "name": ["", " ", "x" * 81, "a\u202eb", "a\u200cb", "a\x00b"],
    "languages": ["", "de", "nl nl", "nl;en"],
    "region": ["", "NL", "XX-nowhere"],
    "quiet_from": ["", "25:00", "06:59", "20:01", "07:00"],
    "quiet_till": ["", "06:59", "20:00", "noon"],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in WRONG.items() for value in values])
def test_a_group_that_cannot_be_is_refused_with_words_and_not_kept(
    coach: Person, desk: Flask, field: str, value: str
) -> None:
    fields = {
        "name": "Kan niet",
        "languages": "nl en",
        "region": "NL-noord",
        "quiet_from": "20:00",
        "quiet_till": "07:00",
    }
    answer = coach.post("/groups/new", **{**fields, field: value})
    assert answer.status_code == 422
    assert [error.text for error in read(answer.text).all(class_="error") if len(error.text) > 5]
    with writing(desk.extensions["engine"]) as connection:
        assert not connection.execute(select(groups.c.id).where(groups.c.name.in_((fields["name"], value)))).all()


@pytest.mark.parametrize(("start", "end", "at"), [("23:00", "05:00", "quiet_from"), ("06:00", "23:00", "quiet_from"),
                                                  ("20:00", "05:00", "quiet_till")])  # fmt: skip
def test_what_is_wrong_with_the_quiet_hours_is_told_once(coach: Person, start: str, end: str, at: str) -> None:
    fields = {"name": "De Nachtuil", "languages": "nl", "region": "NL-noord", "quiet_from": start, "quiet_till": end}
    page = read(coach.post("/groups/new", **fields).text)
    [error] = page.all(class_="error")
    [entry] = [entry for entry in page.all("div") if entry.has({"class_": "entry wrong"})]
    assert entry.all("input", name=at)
    assert "never go out between" in error.text


def test_adding_a_study_day_says_so_and_a_fault_keeps_what_was_typed(coach: Person) -> None:
    number = group_of(coach)
    path, page, day = f"/groups/{number}/study-days", f"/groups/{number}", today_at([], now()) + timedelta(days=30)
    date = coach.page(page).all("input", name="date")[0].attributes
    assert date["min"] == today_at([], now()).isoformat()
    assert coach.post(path, on=page, date=day.isoformat(), name="Rekenen").status_code == 302
    assert "Added: " in coach.page(page).all(class_="said-here")[0].text
    for wrong, fault in ((day.isoformat(), "That day is a study day already."), ("2020-01-01", "from today on")):
        answer = coach.post(path, on=page, date=wrong, name="Taal")
        assert answer.status_code == 422
        assert fault in answer.text
        assert read(answer.text).all("input", name="name")[0].attributes["value"] == "Taal"


def test_study_days_are_kept_once_and_can_be_taken_back(coach: Person, desk: Flask) -> None:
    number = group_of(coach)
    day = (today_at([], now()) + timedelta(days=10)).isoformat()
    for status in (302, 422):
        answer = coach.post(f"/groups/{number}/study-days", on=f"/groups/{number}", date=day, name="Rekenen")
        assert answer.status_code == status
    for wrong in ("", "2020-01-01", "2099-01-01", "tomorrow"):
        answer = coach.post(f"/groups/{number}/study-days", on=f"/groups/{number}", date=wrong)
        assert answer.status_code == 422, wrong
        assert read(answer.text).all(class_="error")
    with writing(desk.extensions["engine"]) as connection:
        assert len(connection.execute(select(study_days).where(study_days.c.group_id == number)).all()) == 1
    coach.post(f"/groups/{number}/study-days/{day}/removal", on=f"/groups/{number}")
    assert "Rekenen" not in coach.page(f"/groups/{number}").text


def test_the_history_tells_of_study_days_as_dates_are_said(coach: Person) -> None:
    number = group_of(coach)
    later = today_at([], now()) + timedelta(days=20)
    coach.post(f"/groups/{number}/study-days", on=f"/groups/{number}", date=later.isoformat(), name="Rekenen")
    coach.post(f"/groups/{number}/study-days/{later.isoformat()}/removal", on=f"/groups/{number}")
    try:
        for language, added, removed in (
            ("en", "added a study day", "removed a study day"),
            ("nl", "voegde een studiedag toe", "verwijderde een studiedag"),
        ):
            coach.language = language
            day = format_date(later, "EEEE d MMMM y", language)
            history = coach.page("/audit").text
            assert f"{added}: {day}, Rekenen" in history
            assert f"{removed}: {day}" in history
            assert later.isoformat() not in history
    finally:
        coach.language = "en"


def test_a_new_code_replaces_the_old_one(coach: Person) -> None:
    number = group_of(coach)
    before = coach.page(f"/groups/{number}").all(class_="code-word")[0].text
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", before)
    coach.post(f"/groups/{number}/code", on=f"/groups/{number}")
    assert coach.page(f"/groups/{number}").all(class_="code-word")[0].text != before


def test_the_poster_speaks_every_language_of_the_school_and_has_its_code(coach: Person) -> None:
    number = group_of(coach, "De Ster")
    code = coach.page(f"/groups/{number}").all(class_="code-word")[0].text
    poster = coach.page(f"/groups/{number}/poster")
    assert poster.all(class_="poster-code")[0].text == code
    assert [part.attributes["lang"] for part in poster.all("article")[0].all("div", lang=True)] == ["nl", "en"]
    drawing = poster.all("article")[0].all("svg")[0]
    assert "style" not in drawing.attributes
    assert drawing.all("path")


def test_how_many_readers_is_shown_from_five_on(coach: Person, desk: Flask) -> None:
    number = group_of(coach)
    for confirmed in range(6):
        with writing(desk.extensions["engine"]) as connection:
            made = connection.execute(
                insert(subscriptions).values(
                    endpoint_hash=f"{number}-{confirmed}".encode(), endpoint="https://example", p256dh=b"", auth=b"",
                    key_id="", token_hash=b"", language="nl", created_at=now(), seen_on=today_at([], now()),
                    confirmed_at=now() if confirmed != 5 else None,
                )
            )  # fmt: skip
            connection.execute(
                insert(subscription_groups).values(group_id=number, subscription_id=made.inserted_primary_key[0])
            )
        text = coach.page(f"/groups/{number}").text
        assert ("5 readers" in text and "Fewer" not in text) == (confirmed >= 4), "an unconfirmed one does not count"


def test_with_a_third_language_two_are_still_a_choice() -> None:
    assert mixes(["nl"]) == ["nl"]
    assert mixes(["nl", "en"]) == ["nl en", "en nl", "nl", "en"]
    assert {"nl en", "en nl", "fy nl", "nl en fy", "fy nl en", "fy"} < set(mixes(["nl", "en", "fy"]))
