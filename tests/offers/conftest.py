"""The desk and its people, and what devices ask, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from pwa import create_app
from pwa.config import Settings, read_settings
from pwa.database import upgrade
from tests.support.at_the_desk import (  # noqa: F401  (fixtures)
    administrator,
    coach,
    new_coach,
    other_coach,
    somebody,
)
from tests.support.coaches import make_light_desk
from tests.support.postgres import Postgres

Ask = Callable[..., TestResponse]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    environment = {"HOUVAST_INSTANCE": str(tmp_path_factory.mktemp("desk"))}
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        environment["HOUVAST_DATABASE_URL"] = postgres.url(request.getfixturevalue("migrated"))
    settings = read_settings(environment)
    upgrade(settings)
    return settings


@pytest.fixture(scope="module")
def desk(desk_settings: Settings) -> Iterator[Flask]:
    desk = make_light_desk(desk_settings)
    yield desk
    desk.extensions["engine"].dispose()


@pytest.fixture(scope="module")
def readers(desk_settings: Settings) -> Iterator[Flask]:
    """What devices ask, on the database of the desk."""
    app = create_app(desk_settings, serve=False)
    yield app
    app.extensions["reception"]().engine.dispose()


@pytest.fixture
def ask(readers: Flask) -> Ask:
    """Ask for the templates of a code; each test from an address of its own."""

    def templates(code: str, address: str = "192.0.2.1", **headers: str) -> TestResponse:
        return readers.test_client().get(
            "/api/templates",
            headers={"Authorization": f"Bearer {code}", **headers},
            environ_base={"REMOTE_ADDR": address},
        )

    return templates
