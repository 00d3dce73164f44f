"""What a coach invited to ends with the right to invite."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from pwa import create_app
from pwa.coaches.cli import first_link, new_link
from pwa.coaches.tables import invitations
from pwa.config import Settings, read_settings
from pwa.database import reading, upgrade
from tests.support.coaches import Coming, Person, group_of, invited_by, make_light_desk, number_of


@pytest.mark.parametrize(
    ("path", "fields"), [("active", {"active": "no"}), ("role", {"role": "coach"})], ids=["switched off", "a coach"]
)
def test_who_may_not_invite_any_more_leaves_no_invitation_behind(
    administrator: Person, new_coach: Coming, somebody: Person, desk: Flask, path: str, fields: dict[str, str]
) -> None:
    leaving = new_coach(administrator=True)
    group = group_of(leaving)
    theirs = [
        invited_by(leaving, "/colleagues/invite", "/colleagues"),
        invited_by(leaving, f"/groups/{group}/coaches/invitation", f"/groups/{group}/coaches"),
    ]
    others = invited_by(administrator, "/colleagues/invite", "/colleagues")
    for link in (*theirs, others):
        somebody.page(link)
    administrator.post(f"/colleagues/{number_of(desk, leaving)}/{path}", on="/colleagues", **fields)
    for link in theirs:
        somebody.page(link, 404)
    somebody.page(others)


def test_an_invitation_stays_when_who_made_it_becomes_an_administrator(
    administrator: Person, new_coach: Coming, somebody: Person, desk: Flask
) -> None:
    coach = new_coach()
    group = group_of(coach)
    link = invited_by(coach, f"/groups/{group}/coaches/invitation", f"/groups/{group}/coaches")
    administrator.post(f"/colleagues/{number_of(desk, coach)}/role", on="/colleagues", role="administrator")
    somebody.page(link)


def test_an_account_that_is_erased_takes_its_invitations_along(
    new_coach: Coming, desk: Flask, desk_settings: Settings
) -> None:
    coach = new_coach(administrator=True)
    own = number_of(desk, coach)
    invited_by(coach, "/colleagues/invite", "/colleagues")
    create_app(desk_settings, serve=False).test_cli_runner().invoke(args=["coach", "erase", coach.email, "--yes"])
    with reading(desk.extensions["engine"]) as connection:
        assert connection.scalar(select(invitations.c.made_by).where(invitations.c.made_by == own)) is None


def test_of_the_links_that_several_starts_print_the_last_one_works(tmp_path: Path) -> None:
    settings = read_settings({"HOUVAST_INSTANCE": str(tmp_path)})
    upgrade(settings)
    desk = make_light_desk(settings)
    old, coach, last = first_link(settings), new_link(settings), first_link(settings)
    assert old
    assert last
    paths = [re.sub("^.*/coach", "", link) for link in (old, coach, last)]
    assert [Person(desk).get(path).status_code for path in paths] == [404, 200, 200]
    desk.extensions["engine"].dispose()
