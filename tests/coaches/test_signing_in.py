"""How a coach comes in, and how nobody else does: real forms, over the whole application."""

from __future__ import annotations

import re
from typing import Literal
from unicodedata import normalize

import pytest
import time_machine
from flask import Flask

from pwa.clock import now
from pwa.coaches.cli import first_link, new_link
from pwa.config import Settings
from tests.support.coaches import PASSWORD, Coming, Person, bytes_on_disk
from tests.support.house import read


def test_somebody_who_has_not_signed_in_is_led_to_the_door(somebody: Person) -> None:
    for path in ("/", "/tips", "/account", "/groups/1", "/audit"):
        answer = somebody.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/coach/en/sign-in?next=/coach/en{path}"


def test_an_address_without_a_language_gets_the_browsers(somebody: Person) -> None:
    answer = somebody.client.get("/coach/tips?month=2026-12", headers={"Accept-Language": "nl"})
    assert answer.headers["Location"] == "/coach/nl/tips?month=2026-12"
    assert somebody.client.get("/coachman").text == "elsewhere"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_for_anybody_keep_the_rules_of_the_house(
    somebody: Person, language: str, desk_settings: Settings
) -> None:
    somebody.language = language
    somebody.page("/sign-in")
    somebody.page("/sign-in/passkey")
    somebody.page("/invitation/no-such-word", 404)
    somebody.page(re.sub("^.*/coach", "", new_link(desk_settings)))


def test_what_is_wrong_with_a_password_takes_the_place_of_the_hint(somebody: Person, desk_settings: Settings) -> None:
    path = re.sub("^.*/coach", "", new_link(desk_settings))
    assert "a few words in a row are fine." in somebody.page(path).text
    refused = somebody.post(path, name="Noor", email="noor@school.example", password="kort")  # noqa: S106 it is refused
    assert read(refused.text).text.count("a few words in a row are fine.") == 1


def test_an_invitation_works_once_and_a_second_step_is_needed(somebody: Person, desk_settings: Settings) -> None:
    link = new_link(desk_settings)
    path = re.sub("^.*/coach", "", link)
    answer = somebody.post(path, name="Noor", email="Noor@School.example ", password=PASSWORD)
    assert answer.headers["Location"].startswith("/coach/en/account/second-step")
    assert somebody.get("/").status_code == 302, "a password alone opens nothing"
    answer = somebody.post("/account/second-step", setup="authenticator")
    somebody.key = read(answer.text).all(class_="key-word")[0].text
    wrong = somebody.post_from(answer, "/second-step", code="000000")
    assert (wrong.status_code, wrong.headers.get("Location")) == (200, None)
    assert somebody.get("/").status_code == 302
    assert somebody.post_from(answer, "/second-step", code=somebody.code()).status_code == 302
    assert "Make a group" in somebody.page("/").text
    assert somebody.get(path).status_code == 404, "the link was used"


def test_the_password_then_the_code_let_a_coach_in_and_a_code_works_once(new_coach: Coming, desk: Flask) -> None:
    coach = new_coach()
    again = Person(desk)
    again.key = coach.key
    with time_machine.travel(now().timestamp() + 90):
        answer = again.post("/sign-in", email=coach.email, password=PASSWORD)
        assert answer.headers["Location"].startswith("/coach/en/second-step")
        assert again.get("/").status_code == 302
        code = again.code()
        assert again.post("/second-step", code=code).status_code == 302
        assert again.get("/").status_code == 200
        thief = Person(desk)
        thief.post("/sign-in", email=coach.email, password=PASSWORD)
        assert thief.post("/second-step", code=code).status_code != 302
        assert thief.get("/").status_code == 302


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("again", ["NFC", "NFD"])
def test_letters_with_marks_are_the_same_however_a_keyboard_makes_them(
    somebody: Person, desk: Flask, desk_settings: Settings, form: Literal["NFC", "NFD"], again: Literal["NFC", "NFD"]
) -> None:
    password, email = "café möbel ijsbeer zwaluw", f"zoë.{form}.{again}@école.example".lower()
    path = re.sub("^.*/coach", "", new_link(desk_settings))
    typed = {"email": normalize(form, email), "password": normalize(form, password)}
    assert somebody.post(path, name="Zoë", **typed).status_code == 302
    typed = {"email": normalize(again, email), "password": normalize(again, password)}
    assert Person(desk).post("/sign-in", **typed).status_code == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(coach: Person, desk: Flask) -> None:
    answers = []
    for email in (coach.email, "nobody@school.example"):
        answer = Person(desk).post("/sign-in", email=email, password="not the right words")  # noqa: S106
        assert answer.status_code == 200
        answers.append(re.sub(r'value="[^"]*"|\s+', " ", answer.text).replace(email, ""))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaaaaaaaaaa", "passwordpassword1", "qwertyuiopasdfgh", "abcabcabcabcabcabc",
                 "welkom123welkom123", "coachcoachcoach!", "x" * 129],
)  # fmt: skip
def test_a_password_that_is_easy_to_guess_is_refused(somebody: Person, desk_settings: Settings, password: str) -> None:
    path = re.sub("^.*/coach", "", new_link(desk_settings))
    answer = somebody.post(path, name="Noor", email="coach@school.example", password=password)
    assert answer.status_code == 422
    assert read(answer.text).all(class_="error")
    assert somebody.get(path).status_code == 200, "the invitation is still there"


def test_a_session_ends_everywhere_at_sign_out(new_coach: Coming) -> None:
    coach = new_coach()
    stolen = coach.client.get_cookie("coach").value  # type: ignore[union-attr]
    assert coach.post("/sign-out", on="/account").status_code == 302
    coach.client.set_cookie("coach", stolen)
    assert coach.get("/").status_code == 302


def test_signing_in_begins_a_new_session_with_a_new_form_token(somebody: Person, desk_settings: Settings) -> None:
    somebody.get("/sign-in")
    before = somebody.client.get_cookie("coach").value  # type: ignore[union-attr]
    token = read(somebody.get("/sign-in").text).all("input", name="csrf_token")[0].attributes["value"]
    somebody.accept(new_link(desk_settings), "fixation@school.example")
    assert somebody.client.get_cookie("coach").value != before  # type: ignore[union-attr]
    answer = somebody.client.post("/coach/en/groups/new", data={"csrf_token": token, "name": "X"})
    assert answer.status_code == 400


def test_a_coach_sees_and_ends_other_sessions(new_coach: Coming, desk: Flask) -> None:
    coach = new_coach()
    other = Person(desk)
    other.key = coach.key
    with time_machine.travel(now().timestamp() + 90):
        other.post("/sign-in", email=coach.email, password=PASSWORD)
        other.post("/second-step", code=other.code())
        assert other.get("/").status_code == 200
        assert len(coach.page("/account").all("li")) == 2
        coach.post("/account/sessions/end", on="/account")
        assert other.get("/").status_code == 302
        assert coach.get("/").status_code == 200


def test_a_session_ends_after_twelve_hours_unused_and_after_seven_days(new_coach: Coming) -> None:
    coach = new_coach()
    start = now().timestamp()
    with time_machine.travel(start + 13 * 3600):
        assert coach.get("/").status_code == 302
    coach = new_coach()
    for hours in range(0, 7 * 24, 8):
        with time_machine.travel(start + hours * 3600 + 60):
            assert coach.get("/").status_code == 200, hours
    with time_machine.travel(start + 7 * 24 * 3600 + 120):
        assert coach.get("/").status_code == 302


def test_a_new_password_ends_the_other_sessions(new_coach: Coming, desk: Flask) -> None:
    coach = new_coach()
    stolen = Person(desk)
    stolen.client.set_cookie("coach", coach.client.get_cookie("coach").value)  # type: ignore[union-attr]
    assert stolen.get("/").status_code == 200
    new = "heel andere losse woorden"
    answer = coach.post("/account/password", password=PASSWORD, new_password=new, new_password_confirm=new)
    assert answer.status_code == 302, answer.text
    assert stolen.get("/").status_code == 302
    assert coach.get("/").status_code == 200


def test_recovery_codes_let_somebody_in_who_lost_the_phone_and_each_works_once(new_coach: Coming, desk: Flask,
        desk_settings: Settings) -> None:  # fmt: skip
    coach = new_coach()
    answer = coach.post("/account/recovery-codes", generate_new_codes="1")
    codes = [element.text for element in read(answer.text).all("code")]
    assert len(codes) == 8
    assert not any(code.encode() in bytes_on_disk(desk_settings.instance) for code in codes)
    for number, works in ((0, True), (0, False), (1, True)):
        again = Person(desk)
        again.post("/sign-in", email=coach.email, password=PASSWORD)
        again.post("/second-step/recovery-code", code=codes[number])
        assert (again.get("/").status_code == 200) == works


def test_guesses_run_out_and_the_right_password_is_not_counted(somebody: Person) -> None:
    token = read(somebody.get("/sign-in").text).all("input", name="csrf_token")[0].attributes["value"]
    statuses = [
        somebody.client.post(
            "/coach/en/sign-in", data={"csrf_token": token, "email": "guessed@school.example", "password": "guess"},
            environ_base={"REMOTE_ADDR": "192.0.2.7"},
        ).status_code
        for _ in range(40)
    ]  # fmt: skip
    assert statuses[:3] == [200] * 3
    assert statuses.count(200) < 25, "one more every two minutes, on a slow machine too"
    assert statuses[-1] == 429


def test_an_invitation_gives_back_a_lost_account_and_ends_what_was_open(new_coach: Coming, desk: Flask,
        desk_settings: Settings) -> None:  # fmt: skip
    coach = new_coach()
    link = new_link(desk_settings, email=coach.email)
    again = Person(desk)
    assert again.accept(link, "somebody.else@school.example").status_code == 302
    assert coach.get("/").status_code == 302
    assert coach.email in again.page("/account").text, "the address stays what it was"


def test_nothing_leads_away_from_this_site(new_coach: Coming, desk: Flask) -> None:
    coach = new_coach()
    for where in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "\t//evil.example",
    ):
        again = Person(desk)
        again.key = coach.key
        with time_machine.travel(now().timestamp() + 3600):
            again.client.get("/coach/en/sign-in", query_string={"next": where})
            token = read(again.get("/sign-in").text).all("input", name="csrf_token")[0].attributes["value"]
            answer = again.client.post(
                "/coach/en/sign-in", query_string={"next": where},
                data={"csrf_token": token, "email": coach.email, "password": PASSWORD},
            )  # fmt: skip
            assert "evil.example" not in answer.headers.get("Location", "").split("?")[0]


@pytest.mark.parametrize("where", ["http://localhost//evil.example/x", "http://localhost////evil.example/x"])
def test_neither_the_second_step_nor_signing_in_again_leads_away_from_this_site(
    new_coach: Coming, desk: Flask, where: str
) -> None:
    coach = new_coach()
    again = Person(desk)
    again.key = coach.key

    def send(path: str, **fields: str) -> str:
        fields["csrf_token"] = read(again.get(path).text).all("input", name="csrf_token")[0].attributes["value"]
        answer = again.client.post(f"/coach/en{path}", query_string={"next": where}, data=fields)
        assert answer.status_code == 302
        return answer.headers["Location"]

    with time_machine.travel(now().timestamp() + 3600):
        send("/sign-in", email=coach.email, password=PASSWORD)
        assert send("/second-step", code=again.code()) == "/evil.example/x"
        assert send("/again", password=PASSWORD) == "/evil.example/x"


def test_a_form_from_another_site_is_refused(coach: Person) -> None:
    token = read(coach.get("/groups/new").text).all("input", name="csrf_token")[0].attributes["value"]
    for headers, data in (
        ({"Sec-Fetch-Site": "cross-site"}, {"csrf_token": token}),
        ({"Sec-Fetch-Site": "same-site"}, {"csrf_token": token}),
        ({}, {}),
        ({}, {"csrf_token": "forged"}),
    ):
        answer = coach.client.post("/coach/en/groups/new", headers=headers, data={**data, "name": "Forged"})
        assert answer.status_code in {400, 403}
    assert "Forged" not in coach.page("/").text


def test_the_first_link_is_for_when_there_is_no_administrator(desk_settings: Settings, administrator: Person) -> None:
    assert administrator.page("/colleagues")
    assert first_link(desk_settings) is None


def test_flask_security_says_nothing_in_english_to_a_dutch_coach(desk: Flask) -> None:
    person = Person(desk, "nl")
    answer = person.post("/sign-in", email="nobody@school.example", password="fout fout fout")  # noqa: S106
    assert "invalid" not in answer.text
    assert "klopt niet" in read(answer.text).all(class_="error")[0].text


def test_signing_in_says_nothing_but_where_a_coach_is(new_coach: Coming) -> None:
    coach = new_coach()
    assert coach.page("/").all("p", role="status") == []
    coach.post("/sign-out", on="/account")
    assert coach.post("/sign-in", email=coach.email, password=PASSWORD).status_code == 302
    assert coach.post("/second-step", code=coach.code(1)).status_code == 302
    assert coach.page("/").all("p", role="status") == []
