"""What goes wrong at the desk is said at the desk, with the way back to it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from pwa.database import writing
from tests.support.coaches import Coming, Person
from tests.support.house import check_page, read

WAYS = {"en": ("To your groups", "Sign in"), "nl": ("Naar je groepen", "Inloggen")}


def way_back(html: str, language: str) -> tuple[str, str]:
    """(words, address) of the button on an error page of the desk."""
    page = check_page(html, language)
    assert page.children[0].attributes["data-kind"] == "desk"
    [button] = page.all("main")[0].all("a", class_="button")
    return button.text, button.attributes["href"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_error_leads_back_to_the_groups(language: str, new_coach: Coming) -> None:
    coach = new_coach(language)
    for answer, status in (
        (coach.get("/nowhere"), 404),
        (coach.get("/groups/999999"), 404),
        (coach.post("/audit", on="/groups/new"), 405),
        (coach.client.post(f"/coach/{language}/groups/new", data={"csrf_token": "of yesterday"}), 400),
        (coach.client.post(f"/coach/{language}/groups/new", headers={"Sec-Fetch-Site": "cross-site"}), 403),
        (coach.client.post(f"/coach/{language}/groups/new", data={"name": "x" * 70_000}), 413),
    ):
        assert answer.status_code == status
        assert way_back(answer.text, language) == (WAYS[language][0], f"/coach/{language}/")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_error_leads_somebody_who_has_not_signed_in_to_signing_in(language: str, desk: Flask) -> None:
    answer = Person(desk, language).get("/nowhere")
    assert answer.status_code == 404
    assert way_back(answer.text, language) == (WAYS[language][1], f"/coach/{language}/sign-in")


def test_a_fault_of_ours_is_told_on_the_page_that_asks_no_database(desk: Flask, coach: Person) -> None:
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(text("ALTER TABLE push_services RENAME TO lost"))  # the desk itself asks it for alarms
    try:
        answers = [(coach.get(path), status) for path, status in (("/", 500), ("/nowhere", 500))]
    finally:
        with writing(desk.extensions["engine"]) as connection:
            connection.execute(text("ALTER TABLE lost RENAME TO push_services"))
    for answer, status in answers:
        assert answer.status_code == status
        page = read(answer.text)
        assert page.all("html", data_kind="desk") == []
        assert page.all("h1", tabindex="-1")[0].text == "Something went wrong on our side"
