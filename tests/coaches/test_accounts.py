"""Accounts: roles that change, switching off, what is handed over, and erasing to the last byte."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa import create_app
from pwa.clock import now
from pwa.coaches.cli import new_link
from pwa.coaches.tables import coaches, invitations
from pwa.config import Settings
from pwa.database import reading, writing
from pwa.tips.tables import tips
from tests.support.coaches import Coming, Person, bytes_on_disk, group_of, number_of
from tests.support.desk import tip
from tests.support.house import check_page


@pytest.mark.parametrize(("month", "hour"), [(1, "13:00"), (7, "14:00")])
def test_a_moment_is_told_by_the_clock_of_the_schools(desk: Flask, month: int, hour: str) -> None:
    with desk.test_request_context("/"):
        assert desk.jinja_env.filters["moment"](datetime(2026, month, 1, 12, tzinfo=UTC)).endswith(hour)


@pytest.mark.parametrize(("path", "field", "value"), [("active", "active", "no"), ("role", "role", "administrator")])
def test_a_change_of_rights_ends_the_sessions_of_before(
    administrator: Person, new_coach: Coming, desk: Flask, path: str, field: str, value: str
) -> None:
    coach = new_coach()
    assert coach.get("/").status_code == 200
    answer = administrator.post(f"/colleagues/{number_of(desk, coach)}/{path}", on="/colleagues", **{field: value})
    assert answer.status_code == 302
    assert coach.get("/").status_code == 302


def test_a_role_is_changed_after_a_question_that_says_what_it_means(
    administrator: Person, new_coach: Coming, desk: Flask
) -> None:
    number = number_of(desk, new_coach())
    for role, said in (("administrator", "see and change every group"), ("coach", "see only their own groups")):
        [question] = [details for details in administrator.page("/colleagues").all("details")
                      if details.all("form", action=f"/coach/en/colleagues/{number}/role")]  # fmt: skip
        assert said in question.text
        [button] = question.all("button")
        assert (button.attributes["value"], button.attributes["name"]) == (role, "role")
        answer = administrator.post(f"/colleagues/{number}/role", on="/colleagues", role=role)
        assert answer.status_code == 302


def test_an_administrator_cannot_change_the_own_rights(administrator: Person, desk: Flask) -> None:
    own = number_of(desk, administrator)
    for path in ("role", "active"):
        assert administrator.post(f"/colleagues/{own}/{path}", on="/colleagues").status_code == 400
    assert administrator.get("/colleagues").status_code == 200


@pytest.mark.parametrize("number", ["-99999999999999999999", "99999999999999999999", "-1", "0", "999999", "4294967297",
                                    "1e9", "x", " ", "", "9" * 5000])  # fmt: skip
def test_a_way_back_in_is_made_for_a_known_colleague_only(administrator: Person, desk: Flask, number: str) -> None:
    def made() -> int:
        with reading(desk.extensions["engine"]) as connection:
            return connection.scalar(select(func.count()).select_from(invitations)) or 0

    before = made()
    fields = {"coach_id": number} if number else {}
    answer = administrator.post("/colleagues/invite", on="/colleagues", **fields)
    assert (answer.status_code, made() - before) == ((404, 0) if number else (200, 1))


def test_a_link_says_whom_it_is_for_and_stands_in_a_field(
    administrator: Person, new_coach: Coming, desk: Flask
) -> None:
    colleague = new_coach()
    number = str(number_of(desk, colleague))
    for fields, whom in (({}, "For a new coach"), ({"administrator": "yes"}, "For a new administrator"),
                         ({"coach_id": number}, f"A new sign-in link for {colleague.name}")):  # fmt: skip
        page = check_page(administrator.post("/colleagues/invite", on="/colleagues", **fields).text, "en")
        [entry] = [entry for entry in page.all("div", class_="entry said-here") if entry.all("input", id="link")]
        assert entry.all("b")[0].text == whom
        assert entry.all("input", readonly=True)[0].attributes["value"].startswith("http")


def test_what_is_kept_about_a_coach_is_handed_over_as_json(
    new_coach: Coming, desk: Flask, desk_settings: Settings
) -> None:
    coach = new_coach()
    group = group_of(coach, "De Uitvoer")
    with writing(desk.extensions["engine"]) as connection:
        tip(connection, group, date(2026, 11, 24), "sent", author=number_of(desk, coach))
    run = create_app(desk_settings, serve=False).test_cli_runner().invoke
    answer = run(args=["coach", "export", coach.email.upper()])
    assert answer.exit_code == 0
    handed = json.loads(answer.output)
    assert handed["account"]["email"] == coach.email
    assert handed["groups"] == ["De Uitvoer"]
    assert handed["tips"] == [{"title": "Groet bij de deur", "date": "2026-11-24", "group": "De Uitvoer"}]
    assert [session["device"] for session in handed["sessions"]]
    assert ("group-made", "De Uitvoer") in [(deed["deed"], deed["what"]) for deed in handed["done"]]
    assert "argon2" not in answer.output
    assert run(args=["coach", "export", "nobody@school.example"]).exit_code == 1


def test_erasing_leaves_no_byte_of_the_name_and_the_tips_to_the_school(
    new_coach: Coming, administrator: Person, desk: Flask, desk_settings: Settings
) -> None:
    coach = new_coach()
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(coaches.update().where(coaches.c.email == coach.email).values(name="Zebedeus Zandvliet"))
    group = group_of(coach, "De Erfenis")
    with writing(desk.extensions["engine"]) as connection:
        kept = tip(connection, group, now().date() + timedelta(days=90), author=number_of(desk, coach))
    administrator.post("/colleagues/invite", on="/colleagues", coach_id=str(number_of(desk, coach)))
    assert b"Zebedeus" in bytes_on_disk(desk_settings.instance)
    run = create_app(desk_settings, serve=False).test_cli_runner().invoke
    assert run(args=["coach", "erase", coach.email], input="n\n").exit_code == 1
    assert coach.get("/").status_code == 200, "asked first"
    assert run(args=["coach", "erase", coach.email, "--yes"]).exit_code == 0
    left = bytes_on_disk(desk_settings.instance)
    assert b"Zebedeus" not in left
    assert coach.email.encode() not in left
    assert coach.get("/").status_code == 302
    with reading(desk.extensions["engine"]) as connection:
        assert connection.execute(select(tips.c.author).where(tips.c.id == kept)).one().author is None
    assert "De Erfenis" in administrator.page("/").text


def test_erasing_leaves_no_byte_of_a_long_address(new_coach: Coming, desk: Flask, desk_settings: Settings) -> None:
    coach, long = new_coach(), f"{'zebedeus' * 8}@{'zandvliet.' * 14}example"
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(coaches.update().where(coaches.c.email == coach.email).values(email=long))
    new_link(desk_settings, email=long)
    run = create_app(desk_settings, serve=False).test_cli_runner().invoke
    assert b"zandvliet" in bytes_on_disk(desk_settings.instance)
    assert run(args=["coach", "erase", long, "--yes"]).exit_code == 0
    assert b"zandvliet" not in bytes_on_disk(desk_settings.instance)


def test_others_go_on_while_somebody_thinks_about_erasing(
    new_coach: Coming, desk: Flask, desk_settings: Settings
) -> None:
    coach = new_coach()

    class Thinking(io.BytesIO):
        """A keyboard at which the answer takes its time."""

        def read1(self, size: int | None = -1, /) -> bytes:
            group_of(coach, "De Tussentijd")
            return super().read1(-1 if size is None else size)

    run = create_app(desk_settings, serve=False).test_cli_runner().invoke
    said = run(args=["coach", "erase", coach.email], input=Thinking(b"y\n"))
    assert "Erased." in said.output
    assert number_of(desk, coach) == 0
