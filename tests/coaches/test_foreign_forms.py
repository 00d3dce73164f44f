"""Forms that none of our pages sends: from another site, huge, broken, or JSON; each gets a clear no."""

from __future__ import annotations

from typing import Any

import pytest

from tests.coaches.test_access import TABLE
from tests.support.coaches import Person, form_token

UNSAFE = [
    (rule, entry["path"]) for rule, entry in TABLE.items()
    if set(entry.get("POST", {}).values()) - {404} and "<word>" not in rule
]  # fmt: skip
ELSEWHERE: list[tuple[dict[str, str], bool]] = [  # what the request says, and whether it has a right form token
    ({}, False),
    ({"Origin": "https://evil.example"}, True),
    ({"Origin": "null"}, True),
    ({"Origin": "http://["}, True),
    ({"Origin": "http://localhost\\evil.example"}, True),
    ({"Sec-Fetch-Site": "cross-site"}, True),
    ({"Content-Type": "text/plain"}, True),
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_no_form_is_taken_from_another_site(coach: Person, headers: tuple[dict[str, str], bool]) -> None:
    said, has_token = headers
    token = form_token(coach, "/groups/new")
    for rule, path in UNSAFE:
        data: Any = {"csrf_token": token} if has_token else {}
        if said.get("Content-Type") == "text/plain":
            data = f"csrf_token={token}"
        there = path.format(group=1, tip=1, waiting=1, template=1, spare=1)
        answer = coach.client.post(f"/coach/en{there}", data=data, headers=said)
        assert answer.status_code in {400, 403}, rule
    assert coach.get("/").status_code == 200


HUGE = [("a" * 70_000, 413), ("&".join(f"f{number}=1" for number in range(2000)), 422), ("name=" + "%00" * 90, 422),
        ("name=" + "(" * 30_000, 422), ("name=%ff%fe", 422), ("name=" + "%ED%A0%80", 422)]  # fmt: skip


@pytest.mark.parametrize(("body", "status"), HUGE, ids=[str(number) for number in range(len(HUGE))])
def test_huge_and_broken_forms_get_a_clear_no(coach: Person, body: str, status: int) -> None:
    token = form_token(coach, "/groups/new")
    answer = coach.client.post("/coach/en/groups/new", data=f"csrf_token={token}&{body}",
                               content_type="application/x-www-form-urlencoded")  # fmt: skip
    assert answer.status_code == status
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("body", ["[" * 30_000, "[1,2]", '"x"', '{"next": 5}', "{", ""])
@pytest.mark.parametrize("kind", ["application/json", "application/x+json; charset=utf-8"])
def test_json_is_refused_in_words_wherever_it_is_sent(somebody: Person, coach: Person, body: str, kind: str) -> None:
    for person in (somebody, coach):
        for rule in ("/sign-in", "/sign-in/passkey", "/second-step", "/sign-out", "/", "/groups/new", "/none"):
            for method in ("GET", "POST"):
                answer = person.client.open(f"/coach/en{rule}", method=method, data=body, content_type=kind)
                assert answer.status_code == 415, (rule, method)
    assert "That request could not be read" in answer.text
    elsewhere = {"Origin": "https://evil.example"}
    assert somebody.client.post("/coach/en/sign-in", data=body, content_type=kind, headers=elsewhere).status_code == 403
