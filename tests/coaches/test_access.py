"""Every route of the desk stands in the table of who may have it, and answers as the table says."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from pwa.clock import now
from pwa.database import writing
from pwa.tips.keeping import Draft, schedule
from tests.support.coaches import Coming, Person, group_of
from tests.support.house import check_headers, check_page, read
from tests.support.offers import offer_of

TABLE = tomllib.loads((Path(__file__).parent / "access.toml").read_text(encoding="utf-8"))
CASES = [
    (rule, method, who) for rule, entry in TABLE.items() for method in ("GET", "POST") for who in entry.get(method, {})
]
EVERYBODY = {"reader", "coach", "other", "administrator"}
Paths = Callable[[str], str]


@pytest.fixture(scope="module")
def path_of(coach: Person, desk: Flask) -> Paths:
    """A path of the table, with a group, a tip and a template of the coach in it."""
    group = group_of(coach, "Tabelschool")

    def tip() -> int:
        with writing(desk.extensions["engine"]) as connection:
            draft = Draft(group_id=group, texts={"nl": ("Titel", "Tekst"), "en": ("Title", "Text")},
                          date=now().date() + timedelta(days=60), moments="before")  # fmt: skip
            return schedule(connection, SimpleNamespace(id=1, name="A coach"), draft)

    one, template = tip(), offer_of(coach, group)

    def fill(path: str) -> str:
        spare = offer_of(coach, group, "week") if "{spare}" in path else None  # another each time: it is withdrawn
        waiting = tip() if "{waiting}" in path else None  # the one of the others is cancelled on the way
        return path.format(group=group, tip=one, template=template, spare=spare, waiting=waiting)

    return fill


def test_every_route_has_an_entry_for_each_of_its_methods_and_no_other(desk: Flask) -> None:
    routes = {rule.rule: (rule.methods or set()) & {"GET", "POST"} for rule in desk.url_map.iter_rules()}
    assert {rule: set(entry) - {"path"} for rule, entry in TABLE.items()} == routes
    for rule, entry in TABLE.items():
        assert all(set(entry[method]) == EVERYBODY for method in routes[rule]), rule


@pytest.mark.parametrize(("rule", "method", "who"), CASES)
def test_everybody_gets_what_the_table_says(rule: str, method: str, who: str, path_of: Paths, somebody: Person,
                                            coach: Person, other_coach: Person, administrator: Person,
                                            new_coach: Coming) -> None:  # fmt: skip
    person = {"reader": somebody, "coach": coach, "other": other_coach, "administrator": administrator}[who]
    if rule == "/sign-out" and who != "reader":
        person = new_coach(administrator=who == "administrator")  # who signs out is of no use to the others
    path = path_of(TABLE[rule]["path"])
    if method == "GET":
        answer = person.get(path)
    else:
        answer = person.post(path, on="/sign-in" if who == "reader" else "/groups/new")
    assert answer.status_code == TABLE[rule][method][who], answer.text[:2000]
    check_headers(answer.headers)
    assert answer.headers["Cache-Control"] == "private, no-store"
    if answer.status_code != 302 and not answer.is_json:
        check_page(answer.text, "en")
    if who == "reader" and answer.status_code == 302:
        assert "/coach/en/" in answer.headers["Location"]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "rule", [rule for rule, entry in TABLE.items()
             if entry.get("GET", {}).get("administrator") == 200 and not rule.endswith(("/progress", "/state"))],
)
def test_every_page_keeps_the_rules_of_the_house_in_both_languages(rule: str, language: str, path_of: Paths,
                                                                   administrator: Person) -> None:  # fmt: skip
    here, administrator.language = administrator.language, language
    try:
        page = administrator.page(path_of(TABLE[rule]["path"]))
        links: list[Any] = page.all("a", href=True)
        assert all(link.attributes["href"].startswith(("/", "#", f"/coach/{language}")) for link in links)
    finally:
        administrator.language = here


def test_a_stranger_learns_no_name_of_a_group(path_of: Paths, other_coach: Person) -> None:
    other_coach.page("/groups/new")  # takes away what an earlier form had to say
    for path in ("/groups/{group}", "/groups/{group}/poster", "/tips/{tip}"):
        foreign = other_coach.get(path_of(path))
        none = other_coach.get(path.format(group=999_999, tip=999_999))
        assert read(foreign.text).all("main")[0].text == read(none.text).all("main")[0].text
