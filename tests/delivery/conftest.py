"""What the tests of delivery share: one push service for all, and a database for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from pwa.database import make_engine, writing
from tests.support.push.process import Push
from tests.support.school import School, database, make_tables


@pytest.fixture(scope="session")
def push_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Push]:
    push = Push(tmp_path_factory.mktemp("push"))
    yield push
    push.stop()


@pytest.fixture
def push(push_service: Push) -> Push:
    push_service.reset()
    return push_service


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(database(tmp_path))
    with writing(engine) as connection:
        make_tables(connection)
    yield engine
    engine.dispose()


@pytest.fixture
def school(engine: Engine, push: Push) -> School:
    return School(engine, push)
