"""Two coaches who plan for the same groups at once never wait for each other, as PostgreSQL would end with a fault."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, select

from pwa.coaches.cli import new_link
from pwa.config import read_settings
from pwa.database import writing
from pwa.groups.tables import groups
from tests.support.coaches import Person, group_of, make_light_desk
from tests.support.monday import monday, plan
from tests.support.postgres import Postgres, waiting
from tests.support.worker import until

__all__ = ["monday"]  # a fixture


def test_the_groups_of_a_tip_are_locked_in_one_order(postgres: Postgres, migrated: str, tmp_path: Path) -> None:
    known = replace(read_settings({"HOUVAST_INSTANCE": str(tmp_path)}), database_url=postgres.url(migrated))
    desk = make_light_desk(known)
    engine = desk.extensions["engine"]
    coach = Person(desk)
    coach.accept(new_link(known), "coach@school.example")
    first, second = group_of(coach), group_of(coach)
    with ThreadPoolExecutor(1) as threads:
        with writing(engine) as connection:
            _lock(connection, first)
            answer = threads.submit(plan, coach, second, "2026-11-24", also=str(first))
            assert until(lambda: waiting(engine) == 1)
            with writing(engine) as another:
                _lock(another, second)  # not held by whoever waits for the first
        assert answer.result().status_code == 302
    engine.dispose()


def _lock(connection: Connection, group: int) -> None:
    connection.execute(select(groups.c.id).where(groups.c.id == group).with_for_update(nowait=True))
