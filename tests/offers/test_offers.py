"""Templates of a coach: offered, changed, withdrawn; read by who has the join code, and by nobody who guesses."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pwa.briefings.templates import WRITTEN
from pwa.database import reading, writing
from pwa.groups.tables import groups
from pwa.offers.tables import offered_templates, offered_texts
from pwa.patience import Patience
from tests.offers.conftest import Ask
from tests.support.coaches import Person, group_of
from tests.support.house import check_headers
from tests.support.offers import filled_in, offer_of

OWN = {"title-nl": "Halve dag bij ons", "help-nl": "De rode kaart hangt\r\n\r\n  naast de  deur. ",
       "title-en": "Half a day here", "help-en": "The red card hangs next to the door."}  # fmt: skip


def code_of(desk: Flask, group: int) -> str:
    with reading(desk.extensions["engine"]) as connection:
        return str(connection.scalar(select(groups.c.join_code).where(groups.c.id == group)))


def test_what_a_coach_offers_a_teacher_with_the_code_gets_in_both_languages(
    coach: Person, desk: Flask, ask: Ask
) -> None:
    group = group_of(coach, "De Zwaluw")
    assert ask(code_of(desk, group)).json == {"code": code_of(desk, group), "group": "De Zwaluw", "templates": []}
    offer_of(coach, group, "week", **OWN, days="3", **{"card-1": "keep-recess", "card-2": "", "card-3": "keep-recess"})
    code = code_of(desk, group)
    for typed in (code, f"{code[:5]}-{code[5:]}".lower().replace("0", "o").replace("1", "l")):
        answer = ask(typed)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        check_headers(answer.headers)
        (template,) = answer.json["templates"]
        assert set(template) == {"days", "cards", "words"}
        assert template["days"] == 3
        assert template["cards"][0] == "keep-recess"
        assert len(set(template["cards"])) == len(template["cards"])
        for language in ("nl", "en"):
            words = template["words"][language]
            assert set(words) == {"title", "hint", *WRITTEN}
            assert words["title"] == OWN[f"title-{language}"]
            assert words["avoid"], "what was not changed is there as well"
        assert template["words"]["nl"]["help"] == "De rode kaart hangt\nnaast de deur."


def test_a_change_reaches_devices_and_a_withdrawn_one_is_gone_to_the_last_row(
    coach: Person, desk: Flask, ask: Ask
) -> None:
    group = group_of(coach, "De Merel")
    first, second = offer_of(coach, group), offer_of(coach, group, "support-day", **OWN)
    path = f"/groups/{group}/templates/{first}"
    assert coach.post(path, **filled_in(coach.page(path)) | {"note-en": "Tell me at four."}).status_code == 302
    notes = [template["words"]["en"]["note"] for template in ask(code_of(desk, group)).json["templates"]]
    assert notes[0] == "Tell me at four."
    assert len(notes) == 2
    assert "Half a day" in coach.page(f"{path}/removal").text
    assert coach.post(f"{path}/removal", on=f"{path}/removal").status_code == 302
    assert coach.get(path).status_code == 404
    (left,) = ask(code_of(desk, group)).json["templates"]
    assert left["words"]["en"]["title"] == OWN["title-en"]
    with reading(desk.extensions["engine"]) as connection:
        rows = select(offered_texts.c.template_id).where(offered_texts.c.template_id.in_([first, second]))
        assert set(connection.scalars(rows)) == {second}
    said = coach.page("/audit").text
    for deed in ("offered {}: Halve dag bij ons", "changed {}: Een halve dag", "withdrew {}: Een halve dag"):
        assert deed.format("a template for briefings") in said


def test_who_changes_what_a_colleague_changed_meanwhile_is_told_and_loses_nothing(
    coach: Person, desk: Flask, ask: Ask
) -> None:
    group = group_of(coach, "De Tapuit")
    path = f"/groups/{group}/templates/{offer_of(coach, group)}"
    page = coach.page(path)
    assert "Keep the changes" in page.text
    first, second = (filled_in(page) | {"note-en": words} for words in ("Ring me.", "Write to me."))
    assert coach.post(path, **first).status_code == 302
    answer = coach.post(path, **second)
    assert answer.status_code == 409
    assert "A colleague has changed this template meanwhile" in answer.text
    assert "Write to me." in answer.text
    notes = [template["words"]["en"]["note"] for template in ask(code_of(desk, group)).json["templates"]]
    assert notes == ["Ring me."]
    assert coach.post(path, **second | {"since": filled_in(coach.page(path))["since"]}).status_code == 302


def test_templates_go_with_their_group_and_a_new_code_shuts_the_old_one(coach: Person, desk: Flask, ask: Ask) -> None:
    group = group_of(coach, "De Specht")
    number = offer_of(coach, group)
    old = code_of(desk, group)
    coach.post(f"/groups/{group}/code", on=f"/groups/{group}")
    assert ask(old).status_code == 404
    assert ask(code_of(desk, group)).status_code == 200
    assert coach.post(f"/groups/{group}/removal", name="De Specht").status_code == 302
    with reading(desk.extensions["engine"]) as connection:
        assert not connection.execute(select(offered_templates).where(offered_templates.c.id == number)).all()


WRONG: list[tuple[dict[str, str], list[str]]] = [
    ({"title-nl": " "}, ["Name (Nederlands): Please fill this in."]),
    ({"avoid-en": "a\u202eb"}, ["Better not (English): After ‘a’ comes a character that cannot be shown."]),
    ({"rhythm-nl": "een\n\x00twee"}, ["The day (Nederlands): After ‘een’ comes a character"]),
    ({"help-en": "x" * 601}, ["Help, now (English): This is 601 characters; 600 fit."]),
    ({"hint-nl": "x" * 81}, ["Who it is for (Nederlands): This is 81 characters; 80 fit."]),
    ({f"{item}-en": "word " * 60 for item in ("help", "rhythm", "avoid", "note")},
     ["English: That is", "people read about 240"]),
    ({"days": "0"}, ["For how many days: Choose a number from 1 to 31."]),
    ({"days": "32"}, ["from 1 to 31"]),
    ({"days": "٣"}, ["from 1 to 31"]),
    ({f"card-{place}": "" for place in range(1, 6)}, ["Cards for this class: Choose one to five cards."]),
    ({"card-2": "../../etc/passwd"}, ["Choose one to five cards."]),
    ({"title-nl": "", "title-en": ""}, ["Name (Nederlands)", "Name (English)"]),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "sentences"), WRONG)
def test_what_cannot_be_used_is_told_by_field_and_language_and_nothing_is_lost(
    coach: Person, desk: Flask, fields: dict[str, str], sentences: list[str]
) -> None:
    group = _group_for_faults(coach, desk)
    path = f"/groups/{group}/templates/new?template=half-day"
    answer = coach.post(path, **filled_in(coach.page(path)) | {"attention-nl": "Twee klappen."} | fields)
    assert answer.status_code == 422
    for sentence in sentences:
        assert sentence in unescape(answer.text)
    assert "Twee klappen." in answer.text
    assert "Nothing has been saved yet." in answer.text
    with reading(desk.extensions["engine"]) as connection:
        kept = select(offered_templates.c.id).where(offered_templates.c.group_id == group)
        assert connection.execute(kept).first() is None


def _group_for_faults(coach: Person, desk: Flask) -> int:
    """One group for all of these: nothing is ever kept in it."""
    with reading(desk.extensions["engine"]) as connection:
        found = connection.scalar(select(groups.c.id).where(groups.c.name == "Foutenschool"))
    return found or group_of(coach, "Foutenschool")


HOSTILE = ["<script>alert(1)</script>", "\"><svg onload=alert(1)>", "</textarea><script>alert(1)</script>",
           "{{7*7}}${7*7}", "'; DROP TABLE groups; --", "&lt;b&gt;", "\\u003cscript>"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(coach: Person, desk: Flask, ask: Ask, text: str) -> None:
    group = group_of(coach, "De Havik")
    fields = {"title-en": text[:40], "note-en": text, "help-nl": text}
    number = offer_of(coach, group, **fields)
    for path in (f"/groups/{group}/templates", f"/groups/{group}/templates/{number}"):
        assert text[:40] in _values(coach, path)
    (template,) = ask(code_of(desk, group)).json["templates"]
    assert template["words"]["en"]["note"] == text
    assert template["words"]["nl"]["help"] == text


def _values(coach: Person, path: str) -> str:
    """Everything on a page that a person reads or may change."""
    page = coach.page(path)
    fields = [field.attributes.get("value", "") for field in page.all("input")]
    return "\n".join([*fields, *("".join(element.texts) for element in page.all())])


def test_a_template_of_another_group_is_not_there(coach: Person, other_coach: Person) -> None:
    own, foreign = group_of(coach, "De Uil"), group_of(other_coach, "De Valk")
    number = offer_of(other_coach, foreign)
    for path in (f"{own}/templates/{number}", f"{foreign}/templates/{number}", f"{foreign}/templates"):
        assert coach.get(f"/groups/{path}").status_code == 404
    assert coach.post(f"/groups/{own}/templates/{number}/removal", on="/groups/new").status_code == 404
    assert other_coach.get(f"/groups/{foreign}/templates/{number}").status_code == 200
    assert coach.get(f"/groups/{own}/templates/new?template=../../etc").status_code == 404


def test_twelve_are_enough(coach: Person, desk: Flask) -> None:
    from pwa.clock import now

    group = group_of(coach, "De Volière")
    row = {"group_id": group, "days": 1, "cards": "keep-recess", "created_at": now(), "changed_at": now()}
    offer_of(coach, group)
    path = f"/groups/{group}/templates/new?template=week"
    fields: dict[str, Any] = filled_in(coach.page(path))
    with writing(desk.extensions["engine"]) as connection:
        texts = connection.execute(select(offered_texts)).mappings().first()
        for _ in range(11):
            number = connection.scalars(offered_templates.insert().values(row).returning(offered_templates.c.id)).one()
            connection.execute(offered_texts.insert().values({**(texts or {}), "template_id": number}))
    answer = coach.post(path, **fields | {"help-nl": "Mijn eigen woorden."})
    assert answer.status_code == 422
    assert "Twelve templates are enough. Withdraw one first: your words stay here." in answer.text
    assert "Mijn eigen woorden." in answer.text
    page = coach.page(f"/groups/{group}/templates")
    assert "Twelve templates are enough. Withdraw one first." in page.text
    assert len([link for link in page.all("a", href=True) if link.attributes["href"].endswith("/removal")]) == 12
    assert not [link for link in page.all("a", href=True) if "template=" in link.attributes["href"]]


@pytest.mark.parametrize("code", ["", "ABCDEFGHJK", "short", "A" * 64, "A" * 5000, "'; DROP TABLE"])
def test_a_wrong_code_gets_the_same_clear_sentence_in_the_language_of_the_page(ask: Ask, code: str) -> None:
    for language, words in (("en", "There is no group with this code."), ("nl", "Er is geen groep met deze code.")):
        answer = ask(code, "192.0.2.9", **{"Accept-Language": language})
        assert (answer.status_code, answer.json["reason"]) == (404, "code")
        assert answer.json["words"].startswith(words)


def test_who_guesses_is_slowed_down_and_a_school_behind_another_address_is_not(
    coach: Person, desk: Flask, readers: Flask, ask: Ask
) -> None:
    code = code_of(desk, group_of(coach, "De Kraai"))
    readers.extensions["reception"]().crowd.wrong_codes = Patience(20, 3600)
    assert {ask(code, "192.0.2.50").status_code for _ in range(40)} == {200}, "a right code costs nothing"
    answers = [ask(f"{number:010}", "192.0.2.50") for number in range(25)]
    assert [answer.status_code for answer in answers] == [404] * 20 + [429] * 5
    assert answers[-1].headers["Retry-After"] == "60"
    assert answers[-1].json["reason"] == "often"
    assert ask(code, "192.0.2.50").status_code == 429, "and does not learn that this one was right"
    assert ask(code, "192.0.2.51").status_code == 200


def test_another_site_gets_nothing(coach: Person, desk: Flask, ask: Ask) -> None:
    code = code_of(desk, group_of(coach, "De Ekster"))
    for site in ("cross-site", "same-site"):
        assert ask(code, **{"Sec-Fetch-Site": site}).status_code == 403
    answer = ask(code, **{"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
