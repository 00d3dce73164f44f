"""The one place that makes engines and opens transactions; on SQLite the careful settings, not the default ones.

A transaction says beforehand whether it writes: `with reading(engine) as connection`, `with writing(engine) as …`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    Table,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from pwa.config import Settings, SettingsError
from pwa.keys import make_folder, make_private

MIGRATIONS = Path(__file__).parent / "migrations"
WRITES = "houvast_writes"
# Constraints have names in every database, so that a migration can drop them.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A moment in time: aware going in, UTC coming out. SQLite keeps no zone, and would give back a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no zone; pwa.clock.now() has.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def make_engine(database_url: str, *, foreign_keys: bool = True) -> Engine:
    """An engine for SQLite or another database. Raises SettingsError when the address cannot be used.

    `foreign_keys=False` is for migrations: SQLite changes a table by making it anew, and deletes what refers to it."""
    try:
        engine = create_engine(make_url(database_url), hide_parameters=True)  # an error would bring them into the log
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        # never the address itself, which may hold a password
        raise SettingsError(
            "HOUVAST_DATABASE_URL cannot be used; it must look like sqlite:////folder/houvast.db."
        ) from error
    if engine.dialect.name == "sqlite":
        _be_careful(engine, foreign_keys)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the data; on SQLite it refuses to write."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write: all of it is kept at the end, or nothing after an error."""
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        yield connection


def upsert(
    connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any], *, add: bool = False
) -> Executable:
    """Insert a row, or change the one with this `key`; `add` adds to its numbers in place of replacing them."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement: Any = insert(table).values({**key, **values})
    new = {name: table.c[name] + statement.excluded[name] if add else statement.excluded[name] for name in values}
    return statement.on_conflict_do_update(index_elements=list(key), set_=new)


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> int | None:
    """Insert a row and give its number, or None when there is one already with the same unique values."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement: Any = insert(table).values(values)
    return connection.execute(statement.on_conflict_do_nothing().returning(table.c.id)).scalar()


def upgrade(settings: Settings) -> str:
    """Bring the database to the newest revision, which is returned; two processes at once wait for each other.

    Raises SettingsError when the database cannot be used."""
    from alembic import command  # 12 MB that no running process needs
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.util.exc import CommandError

    make_folder(settings.instance)
    engine = make_engine(settings.database_url, foreign_keys=False)
    if engine.dialect.name == "sqlite" and engine.url.database:
        make_private(Path(engine.url.database))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with writing(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _check_references(connection)
            return MigrationContext.configure(connection).get_current_revision() or ""
    except DatabaseError as error:
        raise SettingsError(f"The database cannot be used: {error.orig}. See HOUVAST_DATABASE_URL.") from error
    except CommandError as error:
        raise SettingsError(
            f"A newer version of Houvast made the database ({error}). Start that one, or restore the copy from before."
        ) from error
    finally:
        engine.dispose()


def _be_careful(engine: Engine, foreign_keys: bool) -> None:
    """Settings per connection, and transactions that begin when we say so.

    No WAL: two connections can corrupt a file with it in SQLite 3.7.0 to 3.51.2 (sqlite.org/wal.html#walresetbug).
    What is erased is gone from the file. Python itself begins after the first SELECT, and loses updates silently."""

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "busy_timeout = 5000",
            "journal_mode = TRUNCATE",
            "synchronous = FULL",
            "secure_delete = ON",
            f"foreign_keys = {int(foreign_keys)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql(f"PRAGMA query_only = {int(not writes)}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_references(connection: Connection) -> None:
    """What SQLite did not look at during a migration. Raises RuntimeError, and with it the migration is undone."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken:
            raise RuntimeError(f"After the migration a row of {broken[0]} refers to nothing in {broken[2]}.")
