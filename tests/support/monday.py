"""A Monday at noon, and a coach who plans tips then: for tests that import these fixtures and name them."""


from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from pwa.database import reading
from pwa.tips.tables import tips
from tests.support.coaches import WORDS, Coming, Person

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # a Monday, 12:00 in Amsterdam: the first moment of the day is over


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture(scope="module")
def planner(new_coach: Coming) -> Person:
    with time_machine.travel(NOON - timedelta(minutes=10)):
        return new_coach()


def rows(desk: Flask, group: int) -> list[Any]:
    with reading(desk.extensions["engine"]) as connection:
        return list(connection.execute(select(tips).where(tips.c.group_id == group).order_by(tips.c.id)))


def plan(person: Person, group: int, when: str, **more: str) -> Any:
    return person.post(f"/groups/{group}/tips/new", **{**WORDS, "when": when, **more})
