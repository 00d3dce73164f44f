"""The tables: as the migrations make them, described column by column, with how long a row stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import StatementError

from pwa.config import PROJECT, Settings, SettingsError, read_settings
from pwa.database import MIGRATIONS, make_engine, metadata, reading, upgrade, writing
from pwa.delivery.tables import push_services

for _file in PROJECT.glob("pwa/*/tables.py"):
    import_module(f"pwa.{_file.parent.name}.tables")  # each puts its tables on the metadata
KINDS = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


def settings_for(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """With a database that nothing is in yet."""
    environment = {"HOUVAST_INSTANCE": str(tmp_path)}
    if kind == "postgresql":
        environment["HOUVAST_DATABASE_URL"] = request.getfixturevalue("postgres").url()
    return read_settings(environment)


@KINDS
def test_the_migrations_make_what_the_code_describes(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    settings = settings_for(kind, tmp_path, request)
    assert upgrade(settings) == upgrade(settings)
    engine = make_engine(settings.database_url)
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


@KINDS
def test_a_database_with_rows_of_long_ago_keeps_them(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Tables that rows refer to are made anew on the way. Each row is put in at the revision that could have it."""
    settings = settings_for(kind, tmp_path, request)
    engine = make_engine(settings.database_url, foreign_keys=False)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    for revision, statements in ROWS.items():
        with writing(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            for statement in statements:
                connection.execute(text(statement), {"at": AT, "hash": bytes(32)})
    before = _counts(engine)
    upgrade(settings)
    assert _counts(engine) == before
    with reading(engine) as connection:
        tips = connection.execute(text("SELECT id, state, author FROM tips ORDER BY id")).all()
        assert [tuple(tip) for tip in tips] == [(1, "sent", 1), (2, "skipped", None), (3, "scheduled", None)]
        assert connection.execute(text("SELECT made_by FROM invitations")).scalar_one() is None
    engine.dispose()


AT = "2026-09-01 08:00:00.000000"
TIP = "INSERT INTO tips (id, group_id, batch, author, state, date, moments, created_at) VALUES "
RUN = """INSERT INTO runs (id, tip_id, moment, date, due_at, fresh_until, planned_at, state, reason, readers)
         VALUES ({0}, {0}, 'before', '2026-09-01', :at, :at, :at, '{1}', '', 9)"""
ROWS = {
    "0002": [
        """INSERT INTO groups (id, name, languages, timezone, country, holiday_region, quiet_from, quiet_till,
           join_code, created_at) VALUES (1, 'De Vlinder', 'nl', 'Europe/Amsterdam', 'NL', 'NL-noord', '20:00:00',
           '07:00:00', 'ABCDEFGH12', :at)""",
        f"{TIP} (1, 1, 'a', 1, 'sent', '2026-09-01', 'before', :at)",
        f"{TIP} (2, 1, 'b', 7, 'sent', '2026-09-01', 'before', :at)",
        f"{TIP} (3, 1, 'c', NULL, 'scheduled', '2026-09-02', 'before', :at)",
        "INSERT INTO tip_texts (tip_id, language, title, body) VALUES (1, 'nl', 'Groet', 'Zeg gedag.')",
        RUN.format(1, "done"),
        RUN.format(2, "late"),
        """INSERT INTO outcomes (date, group_id, tip_id, outcome, reason, total)
           VALUES ('2026-09-01', 1, 1, 'shown', '', 9)""",
    ],
    "0003": [
        """INSERT INTO coaches (id, email, name, role, active, fs_uniquifier, created_at)
           VALUES (1, 'coach@school.example', 'A coach', 'coach', TRUE, 'u', :at)""",
        "INSERT INTO invitations (token_hash, role, group_id, ends_at) VALUES (:hash, 'coach', 1, :at)",
        "INSERT INTO group_coaches (group_id, coach_id) VALUES (1, 1)",
    ],
}


def _counts(engine: Engine) -> dict[str, int]:
    names = "groups", "tips", "tip_texts", "runs", "outcomes", "coaches", "invitations", "group_coaches"
    with reading(engine) as connection:
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}  # noqa: S608


def test_a_database_of_a_newer_version_is_told_in_a_sentence(tmp_path: Path) -> None:
    settings = read_settings({"HOUVAST_INSTANCE": str(tmp_path)})
    upgrade(settings)
    engine = make_engine(settings.database_url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffff'"))
    engine.dispose()
    with pytest.raises(SettingsError, match="newer version of Houvast"):
        upgrade(settings)


@pytest.mark.parametrize("name", sorted(metadata.tables))
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
