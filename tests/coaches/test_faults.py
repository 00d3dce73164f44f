"""After a form that was refused the first field with a fault has the focus, without scripts too; nothing else does."""

from __future__ import annotations

import pytest

from tests.support.coaches import PASSWORD, Person, group_of
from tests.support.house import check_page

WORDS = {"title-nl": "Titel", "body-nl": "Tekst", "title-en": "Title", "body-en": "Text"}
REFUSED = {  # what is sent to a form → the field that has the focus
    "composer": ("/groups/{group}/tips/new", WORDS | {"body-nl": "", "title-en": "", "when": ""}, "body-nl"),
    "composer's day": ("/groups/{group}/tips/new", WORDS | {"when": "2020-01-01"}, "when"),
    "another day": ("/groups/{group}/tips/new", WORDS | {"when": "other", "day": "2020-01-01"}, "day"),
    "test": ("/groups/{group}/tips/test", WORDS | {"title-en": "", "test": "en"}, "title-en"),
    "study day": ("/groups/{group}/study-days", {"date": "2020-01-01", "name": "x" * 81}, "date"),
    "group": ("/groups/{group}/edit", {"name": "", "quiet_from": "23:00"}, "name"),
    "quiet hours": ("/groups/new", {"name": "De Uil", "languages": "nl", "region": "NL-midden", "quiet_from": "23:00",
                                    "quiet_till": "07:00"}, "quiet_from"),
    "coaches": ("/groups/{group}/coaches", {"email": "nobody"}, "email"),
    "removal": ("/groups/{group}/removal", {"name": "another"}, "name"),
    "template": ("/groups/{group}/templates/new", {"template": "week"}, "title-nl"),
    "again": ("/again", {"password": PASSWORD[1:]}, "password"),
    "password": ("/account/password", {"password": PASSWORD[1:], "new_password": PASSWORD * 2,
                                       "new_password_confirm": PASSWORD * 2}, "password"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_the_first_field_with_a_fault_has_the_focus(what: str, coach: Person) -> None:
    path, fields, first = REFUSED[what]
    answer = coach.post(path.format(group=group_of(coach)), on="/groups/new", **fields)
    assert answer.status_code in {200, 422}
    [field] = check_page(answer.text, "en").all(autofocus=True)
    assert field.attributes["name"] == first


def test_a_page_that_was_only_opened_has_no_fault(coach: Person) -> None:
    group = group_of(coach)
    for path in (f"/groups/{group}", f"/groups/{group}/tips/new", f"/groups/{group}/edit", "/account/password"):
        assert coach.page(path).all(autofocus=True) == []
