"""A server with a database of its own, and a clock that stands still until a test moves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from pwa import create_app
from pwa.config import Settings, read_settings
from pwa.database import upgrade
from tests.support.maker import Maker
from tests.support.postgres import Postgres

ON_BOTH = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
MORNING = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def kind() -> str:
    """Which database; a test marked with ON_BOTH has each."""
    return "sqlite"


@pytest.fixture
def here(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> Settings:
    environment = {"HOUVAST_INSTANCE": str(tmp_path / "instance"), "HOUVAST_BRIEFINGS": "50"}
    if kind == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        environment["HOUVAST_DATABASE_URL"] = postgres.url(request.getfixturevalue("migrated"))
    return read_settings(environment)


@pytest.fixture
def server(here: Settings, clock: time_machine.Traveller) -> Iterator[Flask]:
    if here.database_url.startswith("sqlite"):
        upgrade(here)
    app = create_app(here, serve=False)
    yield app
    app.extensions["briefing-store"]().engine.dispose()


@pytest.fixture
def database_file(here: Settings) -> Path:
    return here.instance / "houvast.db"


@pytest.fixture
def maker(server: Flask) -> Maker:
    return Maker(server, seconds)


@pytest.fixture
def makers(server: Flask) -> Callable[..., Maker]:
    """More makers on the same server, each at an address."""
    return lambda address="192.0.2.7": Maker(server, seconds, address)


def seconds() -> float:
    return datetime.now(UTC).timestamp()
