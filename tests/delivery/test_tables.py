"""The tables: as the migrations make them, described column by column, with how long a row stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Table, text
from sqlalchemy.exc import StatementError

import pwa.delivery.tables
import pwa.groups.tables
import pwa.offers.tables
import pwa.subscriptions.tables
import pwa.tips.tables  # noqa: F401  (each puts its tables on the metadata)
from pwa.config import SettingsError, read_settings
from pwa.database import make_engine, metadata, reading, upgrade, writing
from pwa.delivery.tables import push_services

OURS = ["groups", "study_days", "subscriptions", "subscription_groups", "tips", "tip_texts", "runs", "chunks",
        "outcomes", "push_services", "offered_templates", "offered_texts", "coaches", "passkeys", "coach_sessions",
        "invitations", "group_coaches", "coach_phones", "deeds"]  # fmt: skip


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_migrations_make_what_the_code_describes(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    environment = {"HOUVAST_INSTANCE": str(tmp_path)}
    if kind == "postgresql":
        environment["HOUVAST_DATABASE_URL"] = request.getfixturevalue("postgres").url()
    settings = read_settings(environment)
    assert upgrade(settings) == upgrade(settings)
    engine = make_engine(settings.database_url)
    with reading(engine) as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert [change for change in found if _tables(change) & set(OURS)] == []


def test_a_database_of_a_newer_version_is_told_in_a_sentence(tmp_path: Path) -> None:
    settings = read_settings({"HOUVAST_INSTANCE": str(tmp_path)})
    upgrade(settings)
    engine = make_engine(settings.database_url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffff'"))
    engine.dispose()
    with pytest.raises(SettingsError, match="newer version of Houvast"):
        upgrade(settings)


def _tables(change: Any) -> set[str]:
    """The tables that a difference is about; a list of them is about one column."""
    parts = change[0] if isinstance(change, list) else change
    named = [getattr(part, "table", part) for part in parts if not isinstance(part, str)]
    return {table.name for table in named if isinstance(table, Table)} | {part for part in parts if part in OURS}


@pytest.mark.parametrize("name", OURS)
def test_a_table_says_how_long_a_row_stays_and_a_column_what_it_holds(name: str) -> None:
    table = metadata.tables[name]
    assert table.info["kept"]
    assert [column.name for column in table.columns if not column.doc and column.name not in {"id", "name"}] == []


def test_a_moment_comes_back_as_it_went_in_whatever_its_zone_and_never_without_one() -> None:
    engine = make_engine("sqlite://")
    noon = datetime(2026, 10, 25, 13, tzinfo=timezone(timedelta(hours=1)))
    with writing(engine) as connection:
        push_services.create(connection)
        connection.execute(push_services.insert().values(origin="https://push.example", key_id="k", paused_until=noon))
        kept = connection.execute(push_services.select()).one().paused_until
    assert kept == noon
    assert kept.tzinfo is UTC
    with pytest.raises(StatementError, match="has no zone"), writing(engine) as connection:
        connection.execute(push_services.update().values(paused_until=noon.replace(tzinfo=None)))
