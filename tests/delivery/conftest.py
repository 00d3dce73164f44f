"""What the tests of delivery share: one push service and one PostgreSQL for all, and a database of its own for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from pwa.database import make_engine, writing
from tests.support.postgres import Postgres
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


@pytest.fixture(scope="session")
def postgres_with_tables(postgres: Postgres) -> str:
    """The name of a database to copy."""
    engine = make_engine(postgres.url())
    with writing(engine) as connection:
        make_tables(connection)
    engine.dispose()
    return str(engine.url.database)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Every test that asks for it runs on both databases; one that is missing is a failure."""
    if request.param == "sqlite":
        engine = make_engine(database(tmp_path))
        with writing(engine) as connection:
            make_tables(connection)
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        engine = make_engine(postgres.url(request.getfixturevalue("postgres_with_tables")))
    yield engine
    engine.dispose()


@pytest.fixture
def school(engine: Engine, push: Push) -> School:
    return School(engine, push)
