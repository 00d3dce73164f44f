"""Every page of the desk can be had in the other language and loaded again, the answers to forms as well."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.coaches.test_access import TABLE, Paths, path_of
from tests.support.coaches import PASSWORD, Coming, Person, group_of
from tests.support.house import check_page, read

__all__ = ["path_of"]  # the fixture
ONCE = ["/colleagues/invite", "/groups/<int:group_id>/coaches/invitation", "/phone/code", "/account/recovery-codes"]
TAKES_FORMS = [rule for rule, entry in TABLE.items() if "POST" in entry and rule != "/sign-out"]


def switch(person: Person, answer: TestResponse) -> TestResponse:
    """The page behind the language switch of an answer."""
    [languages] = read(answer.text).all("nav", class_="languages")
    [link] = languages.all("a", href=True)
    return person.client.get(link.attributes["href"], follow_redirects=True)


@pytest.mark.parametrize("rule", [rule for rule in TAKES_FORMS if rule not in ONCE])
def test_the_language_switch_works_on_every_answer_to_a_form(rule: str, path_of: Paths, administrator: Person) -> None:
    answer = administrator.post(path_of(TABLE[rule]["path"]), on="/groups/new")
    if answer.status_code == 302:
        return  # its page is another, and has a test of its own
    other = switch(administrator, answer)
    assert other.status_code in ({200, 404} if answer.status_code == 404 else {200}), other.text
    check_page(other.text, "nl")


@pytest.mark.parametrize("rule", ONCE)
def test_what_is_shown_once_has_no_language_switch_that_would_lose_it(
    rule: str, path_of: Paths, administrator: Person
) -> None:
    path = path_of(TABLE[rule]["path"])
    on = administrator.get(path, follow_redirects=True).request.path.removeprefix("/coach/en")
    assert administrator.page(on).all("nav", class_="languages")
    answer = administrator.post(path, on=on)
    assert answer.status_code == 200
    assert not check_page(answer.text, "en").all("nav", class_="languages")


@pytest.mark.parametrize("rule", [rule for rule in TAKES_FORMS if "GET" not in TABLE[rule]])
def test_an_address_that_only_takes_forms_leads_to_its_page(rule: str, path_of: Paths, administrator: Person) -> None:
    path = path_of(TABLE[rule]["path"])
    answer = administrator.get(path)
    assert answer.status_code == 302
    page = answer.headers["Location"]
    assert page.startswith("/coach/en/")
    assert page != f"/coach/en{path}"
    assert administrator.client.get(page, follow_redirects=True).status_code in {200, 404}


@pytest.mark.parametrize(
    ("path", "page"),
    [("/groups/7/tips/test?card=keep-recess", "/groups/7/tips/new?card=keep-recess"), ("/phone/code", "/phone"),
     ("/groups/7/coaches/invitation", "/groups/7/coaches"), ("/colleagues/invite", "/colleagues"),
     ("/groups/7/study-days", "/groups/7"), ("/sign-out", "/")],
)  # fmt: skip
def test_the_page_of_an_address_is_the_one_with_the_form(path: str, page: str, coach: Person) -> None:
    assert coach.get(path).headers["Location"] == f"/coach/en{page}"


def test_somebody_who_is_on_the_way_in_can_change_the_language(new_coach: Coming, somebody: Person) -> None:
    coach = new_coach()
    wrong = somebody.post("/sign-in", email=coach.email, password=PASSWORD[1:])
    assert switch(somebody, wrong).status_code == 200


def test_after_signing_in_again_a_coach_is_on_the_page_of_the_form(somebody: Person) -> None:
    answer = somebody.post("/groups/7/tips/new?card=keep-recess", on="/sign-in")
    assert answer.headers["Location"] == "/coach/en/sign-in?next=/coach/en/groups/7/tips/new?card%3Dkeep-recess"
    answer = somebody.post("/groups/7/code", on="/sign-in")
    assert answer.headers["Location"] == "/coach/en/sign-in?next=/coach/en/groups/7"


def test_the_card_stays_when_a_tip_is_refused(coach: Person) -> None:
    group = group_of(coach)
    page = coach.page(f"/groups/{group}/tips/new?card=keep-recess")
    [form] = page.all("form", class_="compose")
    token = form.all("input", name="csrf_token")[0].attributes["value"]
    for button in [form, *form.all("button", formaction=True)]:
        address = button.attributes.get("action") or button.attributes["formaction"]
        answer = coach.client.post(address, data={"csrf_token": token})
        assert answer.status_code == 422
        assert "Tapping it opens the card" in answer.text
        assert "Pak de pauze niet af" in switch(coach, answer).text


@pytest.mark.parametrize(
    ("path", "way"),
    [("/groups/{group}/tips/test", "Tips"), ("/colleagues/invite", "Colleagues"), ("/phone/code", "Account"),
     ("/groups/{group}/study-days", "Groups"), ("/account/password", "Account")],
)  # fmt: skip
def test_an_answer_to_a_form_says_where_in_the_desk_it_is(
    path: str, way: str, path_of: Paths, administrator: Person
) -> None:
    [ways] = read(administrator.post(path_of(path), on="/groups/new").text).all("nav", class_="ways")
    assert [link.text for link in ways.all("a", aria_current="page")] == [way]
