"""Two administrators who take each other's right at once: one of them stays (on PostgreSQL, where both may write)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select

from pwa.coaches.cli import new_link
from pwa.coaches.tables import coaches
from pwa.config import read_settings
from pwa.database import reading, writing
from tests.support.coaches import Person, make_light_desk, number_of
from tests.support.postgres import Postgres, waiting
from tests.support.worker import until


def test_of_two_who_demote_each_other_one_stays(postgres: Postgres, migrated: str, tmp_path: Path) -> None:
    known = replace(read_settings({"HOUVAST_INSTANCE": str(tmp_path)}), database_url=postgres.url(migrated))
    desk = make_light_desk(known)
    engine = desk.extensions["engine"]
    both = [Person(desk), Person(desk)]
    for number, person in enumerate(both):
        person.email = f"boss{number}@school.example"
        person.accept(new_link(known, administrator=True), person.email)
    forms = [person.get("/colleagues") for person in both]
    paths = [f"/colleagues/{number_of(desk, person)}/role" for person in reversed(both)]
    with ThreadPoolExecutor(2) as threads:
        with writing(engine) as connection:
            connection.execute(select(coaches.c.id).with_for_update())
            answers = [threads.submit(person.post_from, form, path, role="coach")
                       for person, form, path in zip(both, forms, paths, strict=True)]  # fmt: skip
            assert until(lambda: waiting(engine) == 2)
        assert {answer.result().status_code for answer in answers} == {302, 404}
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).where(coaches.c.role == "administrator")) == 1
    engine.dispose()
