"""A way in is for one person, and none of it outlives the sessions that can be ended."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any

import time_machine
from flask import Flask

from pwa.clock import now
from tests.support.coaches import PASSWORD, Coming, Person, invited_by, number_of
from tests.support.house import read


def test_a_session_that_is_ended_while_it_signs_in_again_does_not_come_back(new_coach: Coming, desk: Flask) -> None:
    coach = new_coach()
    thief = Person(desk)
    thief.key = coach.key
    ended = []

    def listen(_frame: FrameType, event: str, what: Any) -> None:
        if event == "c_call" and getattr(what, "__name__", "") == "argon2_verify":
            sys.setprofile(None)
            with ThreadPoolExecutor(1) as elsewhere:  # as another request
                ended.append(elsewhere.submit(coach.post, "/account/sessions/end", on="/account").result().status_code)

    with time_machine.travel(now().timestamp() + 300):
        assert thief.post("/sign-in", email=coach.email, password=PASSWORD).status_code == 302
        assert thief.post("/second-step", code=thief.code()).status_code == 302
        page = thief.get("/again")
        sys.setprofile(listen)
        try:
            thief.post_from(page, "/again", password=PASSWORD)
        finally:
            sys.setprofile(None)
        assert ended == [302], "while the password was looked at"
        assert thief.get("/account").status_code == 302
        assert coach.get("/account").status_code == 200


def test_nobody_is_remembered_past_the_end_of_their_sessions(new_coach: Coming, desk: Flask) -> None:
    """The libraries' forms know a field for it, which stands on none of our pages."""
    coach = new_coach()
    again = Person(desk)
    again.key = coach.key
    with time_machine.travel(now().timestamp() + 90):
        said = [again.post("/sign-in", email=coach.email, password=PASSWORD, remember="y"),
                again.post("/second-step", code=again.code(), remember="y"), again.get("/")]  # fmt: skip
        assert said[-1].status_code == 200
        cookies = [cookie for answer in said for cookie in answer.headers.getlist("Set-Cookie")]
        assert cookies
        assert not [cookie for cookie in cookies if "remember" in cookie]
        coach.post("/account/sessions/end", on="/account")
        assert again.get("/").status_code == 302


def test_an_invitation_that_is_opened_where_somebody_is_signed_in_changes_nothing(
    administrator: Person, somebody: Person
) -> None:
    link = invited_by(administrator, "/colleagues/invite", "/colleagues")
    page = administrator.page(link, 409)
    assert page.all("h1")[0].text == "You are signed in already"
    newcomer = {"name": "A newcomer", "email": "newcomer@school.example", "password": PASSWORD}
    sent = administrator.post(link, on="/account", **newcomer)
    assert sent.status_code == 409
    administrator.page("/account")
    assert somebody.accept(link, "newcomer@school.example").status_code == 302


def test_who_gets_back_in_keeps_the_address_of_the_account(
    administrator: Person, new_coach: Coming, somebody: Person, desk: Flask
) -> None:
    coach = new_coach()
    answer = administrator.post("/colleagues/invite", on="/colleagues", coach_id=str(number_of(desk, coach)))
    link = read(answer.text).all("input", id="link")[0].attributes["value"].partition("/coach")[2]
    fields = {field.attributes["name"]: field.attributes for field in somebody.page(link).all("input", readonly=True)}
    assert {name: field["value"] for name, field in fields.items()} == {"name": coach.name, "email": coach.email}
    password = "another way to say it at length"  # noqa: S105
    sent = somebody.post(link, name="Somebody else", email="else@school.example", password=password)
    assert sent.status_code == 302
    assert Person(desk).post("/sign-in", email=coach.email, password=password).status_code == 302


def test_there_is_no_help_by_mail_for_who_has_a_password_only(new_coach: Coming, desk: Flask) -> None:
    coach, thief = new_coach(), Person(desk)
    assert thief.post("/sign-in", email=coach.email, password=PASSWORD).status_code == 302
    for kind in ("help", "email"):
        assert thief.post("/second-step/help", on="/second-step", help_setup=kind).status_code == 404
