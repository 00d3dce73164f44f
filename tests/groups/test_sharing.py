"""A group with more than one coach: shared by address or by invitation, seen by all of them, and never nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import Engine, func, insert, select

from pwa.clock import now
from pwa.coaches.tables import coaches, group_coaches
from pwa.config import Settings, read_settings
from pwa.database import make_engine, reading, upgrade, writing
from pwa.groups import keeping, sharing
from tests.support.coaches import Coming, Person, bytes_on_disk, group_of, number_of
from tests.support.house import Element, read
from tests.support.postgres import Postgres


def shares(page: Element) -> list[str]:
    """Who stands on the list, the invitations too."""
    return [row.all("b")[0].text for row in page.all("ul", class_="rows")[0].all("li")]


def take_off(person: Person, group: int, number: int) -> int:
    here = f"/groups/{group}/coaches"
    return person.post(f"{here}/{number}/removal", on=here).status_code


def test_a_group_is_shared_by_the_address_of_somebody_who_signs_in(coach: Person, other_coach: Person) -> None:
    group = group_of(coach, "De Duif")
    here = f"/groups/{group}/coaches"
    assert other_coach.get(f"/groups/{group}").status_code == 404
    assert coach.post(here, email=f" {other_coach.email.upper()} ").status_code == 302
    assert set(shares(coach.page(here))) == {coach.name, other_coach.name}
    assert "De Duif" in other_coach.page("/").text
    other_coach.page(f"/groups/{group}")
    assert coach.post(here, email=other_coach.email).status_code == 302, "once more changes nothing"
    assert len(shares(other_coach.page(here))) == 2
    for who in (coach, other_coach):
        done = [line.text for line in who.page("/audit").all("li") if "De Duif" in line.text and "shared" in line.text]
        assert len(done) == 1
        assert f"{coach.name} shared a group with a coach: {other_coach.name}" in done[0]


@pytest.mark.parametrize("email", ["", "x", "nobody@school.example", "a\u202eb@school.example", "x" * 300 + "@s.nl"])
def test_an_address_that_nobody_signs_in_with_is_told_in_words(coach: Person, email: str) -> None:
    group = group_of(coach)
    answer = coach.post(f"/groups/{group}/coaches", email=email)
    assert answer.status_code == 422
    assert read(answer.text).all(class_="error")
    assert len(shares(coach.page(f"/groups/{group}/coaches"))) == 1


def test_a_group_is_not_shared_with_an_account_that_is_switched_off(
    administrator: Person, coach: Person, new_coach: Coming, desk: Flask
) -> None:
    gone = new_coach()
    administrator.post(f"/colleagues/{number_of(desk, gone)}/active", on="/colleagues", active="no")
    group = group_of(coach)
    assert coach.post(f"/groups/{group}/coaches", email=gone.email).status_code == 422


def test_somebody_new_comes_in_by_a_link_and_has_this_group_and_no_other(
    coach: Person, desk: Flask, desk_settings: Settings
) -> None:
    group, secret = group_of(coach, "De Merel"), group_of(coach, "De Uil")
    here = f"/groups/{group}/coaches"
    answer = coach.post(f"{here}/invitation", on=here)
    link = read(answer.text).all("input", id="link")[0].attributes["value"]
    assert link.rsplit("/", 1)[1].encode() not in bytes_on_disk(desk_settings.instance)
    assert "An invitation" in shares(coach.page(here))
    new = Person(desk)
    assert "De Merel" in new.page(re.sub("^.*/coach", "", link)).text
    assert new.accept(link, "new@school.example", "Somebody new").status_code == 302
    new.page(f"/groups/{group}")
    assert new.get(f"/groups/{secret}").status_code == 404
    assert new.get("/colleagues").status_code == 404, "a coach, no administrator"
    assert shares(coach.page(here)) == [coach.name, "Somebody new"]
    history = coach.page("/audit").text
    assert "Somebody new accepted an invitation" in history
    assert f"{coach.name} made an invitation: coach" in history


def test_an_invitation_that_was_withdrawn_leads_nowhere(
    coach: Person, other_coach: Person, somebody: Person
) -> None:
    group, other = group_of(coach), group_of(other_coach)
    here, there = f"/groups/{group}/coaches", f"/groups/{other}/coaches"
    page = read(coach.post(f"{here}/invitation", on=here).text)
    path = re.sub("^.*/coach", "", page.all("input", id="link")[0].attributes["value"])
    [which] = [field.attributes["value"] for field in page.all("input", name="invitation")]
    other_coach.post(f"{there}/invitation/removal", on=there, invitation=which)
    somebody.page(path)
    assert coach.post(f"{here}/invitation/removal", on=here, invitation="no such").status_code == 400
    assert coach.post(f"{here}/invitation/removal", on=here, invitation=which).status_code == 302
    somebody.page(path, 404)
    assert coach.page("/audit").text.count("withdrew an invitation") == 1


def test_who_is_taken_off_sees_nothing_of_the_group_any_more(coach: Person, new_coach: Coming, desk: Flask) -> None:
    colleague = new_coach()
    group = group_of(coach, "De Spreeuw")
    coach.post(f"/groups/{group}/coaches", email=colleague.email)
    assert take_off(coach, group, number_of(desk, colleague)) == 302
    for path in (f"/groups/{group}", f"/groups/{group}/coaches", f"/groups/{group}/tips/choose"):
        assert colleague.get(path).status_code == 404
    assert f"removed a coach from a group: {colleague.name}" in coach.page("/audit").text
    assert "De Spreeuw" not in colleague.page("/audit").text


def test_whom_somebody_invited_who_was_taken_off_does_not_come_in(
    coach: Person, new_coach: Coming, somebody: Person, desk: Flask
) -> None:
    colleague = new_coach()
    shared, own = group_of(coach), group_of(colleague)
    coach.post(f"/groups/{shared}/coaches", email=colleague.email)
    links = []
    for person, group in ((colleague, shared), (colleague, own), (coach, shared)):
        here = f"/groups/{group}/coaches"
        link = read(person.post(f"{here}/invitation", on=here).text).all("input", id="link")[0].attributes["value"]
        links.append(re.sub("^.*/coach", "", link))
    take_off(coach, shared, number_of(desk, colleague))
    for link, status in zip(links, (404, 200, 200), strict=True):
        somebody.page(link, status)


def test_a_coach_leaves_a_group_but_not_as_the_last_one(coach: Person, other_coach: Person, desk: Flask) -> None:
    group = group_of(coach, "De Kraai")
    here = f"/groups/{group}/coaches"
    own = number_of(desk, coach)
    assert not coach.page(here).all("form", action=f"/coach/en{here}/{own}/removal")
    take_off(coach, group, own)
    assert "Share it with somebody first." in coach.page(here).text
    coach.post(here, email=other_coach.email)
    assert take_off(coach, group, own) == 302
    assert coach.get(f"/groups/{group}").status_code == 404
    take_off(other_coach, group, number_of(desk, other_coach))
    other_coach.page(here)


def test_the_last_one_who_can_sign_in_stays_and_one_who_cannot_may_go(
    administrator: Person, coach: Person, new_coach: Coming, desk: Flask
) -> None:
    away = new_coach()
    group = group_of(coach)
    coach.post(f"/groups/{group}/coaches", email=away.email)
    administrator.post(f"/colleagues/{number_of(desk, away)}/active", on="/colleagues", active="no")
    take_off(administrator, group, number_of(desk, coach))
    coach.page(f"/groups/{group}")
    take_off(coach, group, number_of(desk, away))
    assert shares(coach.page(f"/groups/{group}/coaches")) == [coach.name]


def test_an_administrator_shares_a_group_of_somebody_else(
    administrator: Person, coach: Person, other_coach: Person, desk: Flask
) -> None:
    group = group_of(coach, "De Specht")
    assert administrator.post(f"/groups/{group}/coaches", email=other_coach.email).status_code == 302
    other_coach.page(f"/groups/{group}")
    take_off(administrator, group, number_of(desk, coach))
    assert coach.get(f"/groups/{group}").status_code == 404


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with two coaches."""
    known = read_settings({"HOUVAST_INSTANCE": str(tmp_path)})
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        known = replace(known, database_url=postgres.url(request.getfixturevalue("migrated")))
    upgrade(known)
    engine = make_engine(known.database_url)
    with writing(engine) as connection:
        for name in ("one", "two"):
            connection.execute(insert(coaches).values(email=f"{name}@school.example", name=name, role="coach",
                                                      fs_uniquifier=name, created_at=now()))  # fmt: skip
    yield engine
    engine.dispose()


def test_two_who_take_each_other_off_at_once_leave_one(engine: Engine) -> None:
    with reading(engine) as connection:
        one, two = (SimpleNamespace(**row._mapping, is_administrator=False) for row in connection.execute(
            select(coaches).order_by(coaches.c.name)))  # fmt: skip

    def off(who: SimpleNamespace, other: SimpleNamespace, group_id: int, start: Barrier) -> None:
        with writing(engine) as connection:
            if engine.dialect.name == "postgresql":  # SQLite lets one write at a time
                start.wait(30)
            if found := keeping.own_group(connection, who, group_id):
                sharing.take_off(connection, who, found, other.id)

    for _ in range(10):
        with writing(engine) as connection:
            group_id = keeping.make_group(connection, one, {"name": "De Kauw", "languages": "nl"})
            group = keeping.own_group(connection, one, group_id)
            assert group is not None
            sharing.share(connection, one, group, two.email)
        start = Barrier(2)
        with ThreadPoolExecutor(2) as both:
            list(both.map(off, (one, two), (two, one), [group_id] * 2, [start] * 2))
        with reading(engine) as connection:
            assert connection.scalar(select(func.count()).where(group_coaches.c.group_id == group_id)) == 1
