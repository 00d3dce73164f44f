"""What is kept about a coach can be put right: the name by the coach, the address by whoever runs Houvast."""

from __future__ import annotations

import time_machine
from flask import Flask

from pwa import create_app
from pwa.clock import now
from pwa.config import Settings
from tests.support.coaches import PASSWORD, Coming, Person, bytes_on_disk, group_of
from tests.support.house import read


def test_a_coach_changes_the_own_name_also_in_what_was_done(
    new_coach: Coming, other_coach: Person, desk_settings: Settings
) -> None:
    coach = new_coach()
    coach.post("/account/name", on="/account", name="Zebedea Zandvliet")
    group, other = group_of(coach, "De Naam"), group_of(other_coach, "De Ander")
    coach.post(f"/groups/{group}/coaches", email=other_coach.email)
    other_coach.post(f"/groups/{other}/coaches", email=coach.email)
    wrong = coach.post("/account/name", on="/account", name="")
    assert wrong.status_code == 422
    assert read(wrong.text).all("details", open=True)
    assert coach.post("/account/name", on="/account", name=" Bea  de Wit ").status_code == 302
    assert "Bea de Wit" in coach.page("/account").all("main")[0].text
    said = other_coach.page("/audit").text
    assert "Bea de Wit made a group" in said
    assert "shared a group with a coach: Bea de Wit" in said
    assert "Bea de Wit changed their own name" in coach.page("/audit").text
    assert b"Zebedea" not in bytes_on_disk(desk_settings.instance)


def test_a_name_is_changed_only_by_who_has_just_shown_who_it_is(new_coach: Coming) -> None:
    coach = new_coach()
    form = coach.get("/account")
    with time_machine.travel(now().timestamp() + 61 * 60):
        answer = coach.post_from(form, "/account/name", name="Somebody else")
        assert "/again" in answer.headers["Location"]
        assert "Somebody else" not in coach.page("/account").text


def test_whoever_runs_houvast_changes_an_address(
    new_coach: Coming, other_coach: Person, administrator: Person, desk: Flask, desk_settings: Settings
) -> None:
    coach = new_coach()
    run = create_app(desk_settings, serve=False).test_cli_runner().invoke
    for wrong in (other_coach.email.upper(), "nowhere"):
        assert run(args=["coach", "address", coach.email, wrong]).exit_code == 1
    assert run(args=["coach", "address", coach.email.upper(), "New.Name@School.example"]).exit_code == 0
    again = Person(desk)
    assert again.post("/sign-in", email="new.name@school.example", password=PASSWORD).status_code == 302
    assert "changed somebody’s address" in administrator.page("/audit").text
    assert coach.email.encode() not in bytes_on_disk(desk_settings.instance)
