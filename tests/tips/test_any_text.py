"""Whatever is typed at the desk: both databases take the same, refuse the same in words, and keep it as it was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from pwa.coaches.cli import new_link
from pwa.coaches.tables import coaches
from pwa.config import Settings, read_settings
from pwa.database import reading, upgrade, writing
from pwa.groups.tables import groups, study_days
from pwa.tips.tables import tip_texts, tips
from tests.coaches.test_access import TABLE
from tests.support.coaches import PASSWORD, Person, group_of, make_light_desk
from tests.support.house import read
from tests.support.postgres import Postgres

MONDAY = datetime(2026, 11, 23, 11, tzinfo=UTC)
DAY = date(2026, 11, 24)
# what one database, a browser or a lock screen takes for something else than a character
PIECES = ["a", "Groet", "é", "e\u0301", " ", "  ", "\0", "\x01", "\t", "\r\n", "\x85", "\u2028", "\u00a0", "\u200b",
          "\u202e", "\u2066", "\u200d", "👩\u200d👧", "🇳🇱", "\ud800", "\udfff", "\ufeff", "\uffff", "\U0010ffff",
          "\ue000", "ﬁ", "İ", "ß", "<b>", "&amp;", "'", '"', "\\", "%00", "{{7*7}}", "ἄ", "א", "ا", "Ǆ"]  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=130), st.text(min_size=1, max_size=20), st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
)
HEAVY = settings(deadline=None, max_examples=20)  # a busy machine is no failure


class Desk:
    """A desk on one database, with a coach at it who has a group."""

    def __init__(self, known: Settings) -> None:
        upgrade(known)
        self.settings, self.app = known, make_light_desk(known)
        self.engine = self.app.extensions["engine"]
        self.coach = Person(self.app)
        assert self.coach.accept(new_link(known), "coach@school.example").status_code == 302
        self.group = group_of(self.coach)
        self.administrator = Person(self.app)
        self.administrator.accept(new_link(known, administrator=True), "boss@school.example")

    def post(self, path: str, person: Person | None = None, on: str = "/groups/new", **fields: str) -> Any:
        """As a browser sends a form, and as none does: half of a surrogate pair too."""
        person = person or self.coach
        token = read(person.get(on).text).all("input", name="csrf_token")[0].attributes["value"]
        body = urlencode({"csrf_token": token, **fields}, errors="surrogatepass")
        return person.client.post(f"/coach/en{path.format(group=self.group)}", data=body,
                                  content_type="application/x-www-form-urlencoded")  # fmt: skip

    def rows(self, chosen: Any) -> list[Any]:
        with reading(self.engine) as connection:
            return list(connection.execute(chosen))

    def change(self, statement: Any) -> None:
        with writing(self.engine) as connection:
            connection.execute(statement)

    def forget(self, table: Any) -> None:
        self.change(delete(table))


@pytest.fixture(scope="module", autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(MONDAY):
        yield


@pytest.fixture(scope="module")
def desks(monday: None, postgres: Postgres, migrated: str, tmp_path_factory: pytest.TempPathFactory
          ) -> Iterator[tuple[Desk, Desk]]:  # fmt: skip
    """The same desk on SQLite and on PostgreSQL."""
    folders = [read_settings({"HOUVAST_INSTANCE": str(tmp_path_factory.mktemp("desk"))}) for _ in range(2)]
    made = Desk(folders[0]), Desk(replace(folders[1], database_url=postgres.url(migrated)))
    yield made
    for desk in made:
        desk.app.extensions["accounts"].db.session.remove()
        desk.engine.dispose()


def same(answers: list[Any], refused: int) -> bool:
    """Whether both took it; they do the same, and who refuses says why."""
    statuses = [answer.status_code for answer in answers]
    assert statuses in ([302, 302], [refused, refused]), statuses
    if statuses[0] == 302:
        return True
    said = [[error.text for error in read(answer.text).all(class_="error")] for answer in answers]
    assert said[0]
    assert said[0] == said[1]
    return False


def one_line(text: str) -> str:
    """As it is kept. Half a surrogate pair is no text: of it the bytes are left, as they were sent.

    Where a word may be broken is nothing that somebody wrote."""
    whole = (quote(each, errors="surrogatepass") if "\ud800" <= each <= "\udfff" else each for each in text)
    return " ".join(unicodedata.normalize("NFC", re.sub("[\u00ad\u200b]", "", "".join(whole))).split())


@HEAVY
@given(TEXTS)
def test_names_of_groups_and_study_days(desks: tuple[Desk, Desk], text: str) -> None:
    fields = {"languages": "nl en", "region": "NL-midden", "quiet_from": "20:00", "quiet_till": "07:00"}
    took = same([desk.post("/groups/{group}/edit", name=text, **fields) for desk in desks], 422)
    if took:
        for desk in desks:
            [name] = [row.name for row in desk.rows(select(groups.c.name))]
            assert name == one_line(text)
            assert desk.coach.page(f"/groups/{desk.group}").all("h1")[0].text == name
            desk.change(groups.update().values(name="De Vlinder"))
    day = (DAY + timedelta(days=30)).isoformat()
    if same([desk.post("/groups/{group}/study-days", date=day, name=text) for desk in desks], 422):
        for desk in desks:
            assert [row.name for row in desk.rows(select(study_days.c.name))] == [one_line(text)]
            desk.forget(study_days)


@HEAVY
@given(TEXTS, TEXTS)
def test_words_of_tips(desks: tuple[Desk, Desk], title: str, body: str) -> None:
    words = {"title-nl": title, "body-nl": body, "title-en": "Greet at the door", "body-en": body}
    took = same([desk.post("/groups/{group}/tips/new", when=DAY.isoformat(), **words) for desk in desks], 422)
    for desk in desks:
        kept = desk.rows(select(tip_texts).where(tip_texts.c.language == "nl"))
        assert len(kept) == took
        for row in kept:
            page = desk.coach.page(f"/tips/{row.tip_id}").text
            for typed, found in ((title, row.title), (body, row.body)):
                assert one_line(found) == one_line(typed)
                assert found == unicodedata.normalize("NFC", found)
                assert one_line(found) in page
        desk.forget(tips)


@settings(deadline=None, max_examples=12)
@given(TEXTS)
def test_names_of_people(desks: tuple[Desk, Desk], text: str) -> None:
    people = [Person(desk.app) for desk in desks]
    paths = [new_link(desk.settings).partition("/coach")[2] for desk in desks]
    answers = [
        desk.post(path, person, on=path, name=text, email="new@school.example", password=PASSWORD)
        for desk, person, path in zip(desks, people, paths, strict=True)
    ]
    if same(answers, 422):
        for desk in desks:
            new = coaches.c.email == "new@school.example"
            assert [row.name for row in desk.rows(select(coaches.c.name).where(new))] == [one_line(text)]
            desk.change(delete(coaches).where(new))


@HEAVY
@given(TEXTS)
def test_what_is_only_looked_up(desks: tuple[Desk, Desk], text: str) -> None:
    for path, field, refused in (("/groups/{group}/coaches", "email", 422), ("/groups/{group}/removal", "name", 422)):
        assert not same([desk.post(path, **{field: text}) for desk in desks], refused)
    odd = quote(text, errors="surrogatepass", safe="")
    for path in ("/tips?month=", "/tips?group_id=", "/groups/{group}/tips/new?card=", "/invitation/", "/groups/"):
        statuses = {desk.coach.get(path.format(group=desk.group) + odd).status_code for desk in desks}
        assert len(statuses) == 1, (path, statuses)
        assert statuses < {200, 302, 308, 400, 404, 405}, (path, statuses)


@settings(deadline=None, max_examples=15)
@given(TEXTS)
def test_who_somebody_says_to_be(desks: tuple[Desk, Desk], text: str) -> None:
    answers = [desk.post("/sign-in", Person(desk.app), on="/sign-in", email=text, password=text) for desk in desks]
    assert {answer.status_code for answer in answers} <= {200, 429}


NUMBERED = {rule: entry for rule, entry in TABLE.items() if "<int:" in rule}


@pytest.mark.parametrize("number", [2**31 - 1, 2**31, 2**63, 10**30])
def test_a_number_that_no_row_has_is_not_here(desks: tuple[Desk, Desk], number: int) -> None:
    assert len(NUMBERED) > 15
    for rule, entry in NUMBERED.items():
        path = re.sub("<int:[^>]+>", str(number), rule).replace("<day>", "2026-12-01")
        path = path.replace("<programme_id>", "new-pupil")
        for desk in desks:
            if "GET" in entry:
                assert desk.coach.get(path).status_code == 404, path
            if "POST" in entry:
                assert desk.post(path).status_code in {404, 422}, path
    for desk in desks:
        boss = desk.administrator
        assert desk.post("/colleagues/invite", boss, coach_id=str(number)).status_code == 404


def test_both_are_what_they_are_called(desks: tuple[Desk, Desk]) -> None:
    assert [desk.engine.dialect.name for desk in desks] == ["sqlite", "postgresql"]
