"""What the tests of subscriptions share: the real application on each database, its queue, and a push service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from pwa import create_app
from pwa.config import Settings, read_settings
from pwa.database import upgrade
from pwa.worker import make_tasks
from tests.support.device import Device
from tests.support.postgres import Postgres
from tests.support.push.process import Push


@pytest.fixture(scope="session")
def push(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Push]:
    push = Push(tmp_path_factory.mktemp("push"))
    yield push
    push.stop()


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without rows, to copy."""
    folder = tmp_path_factory.mktemp("empty")
    upgrade(read_settings({"HOUVAST_INSTANCE": str(folder)}))
    return folder / "houvast.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, empty: Path, push: Push, tmp_path: Path) -> Settings:
    """Every test that asks over HTTP runs on both databases."""
    known = read_settings({"HOUVAST_INSTANCE": str(tmp_path)})
    known = replace(known, push_proxy=push.proxy, push_ca_file=push.cert)
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        return replace(known, database_url=postgres.url(request.getfixturevalue("migrated")))
    (tmp_path / "houvast.db").write_bytes(empty.read_bytes())
    (tmp_path / "houvast.db").chmod(0o600)
    return known


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings, serve=False)
    yield app
    app.extensions["reception"]().engine.dispose()
    tasks = make_tasks(settings)
    if tasks.office.cache_info().currsize:  # it has sent something
        tasks.office().engine.dispose()


@pytest.fixture
def device(app: Flask, push: Push) -> Callable[..., Device]:
    """A new device, with keys of its own and an address at the push service."""

    def make(address: str = "192.0.2.1", **more: Any) -> Device:
        return Device(app, push, address, **more)

    return make
