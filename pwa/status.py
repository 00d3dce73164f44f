"""What whoever runs Houvast must look at, in sentences: the database, what sends, the disk, the holidays."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from pwa.clock import now
from pwa.config import Settings
from pwa.database import make_engine, reading, writing
from pwa.delivery.services import alarms
from pwa.groups.calendar import ends_soon

LEAST_FREE = 500  # MB: a briefing is 16 kB, and a change of the database may need its size once more


def complaints(settings: Settings) -> list[str]:
    """Sentences, none when all is well. Raises SettingsError when the address of the database cannot be used."""
    return _of_the_database(settings) + _of_the_disk(settings) + of_the_holidays(settings)


def of_the_holidays(settings: Settings) -> list[str]:
    """None of them stops a start: there is time to do something."""
    last = ends_soon(settings.content, now().date())
    return [f"School holidays are known until {last}; see “School holidays” in docs/deployment.md."] if last else []


def _of_the_database(settings: Settings) -> list[str]:
    from pwa.results.alarms import is_stuck  # half a second that a start, which asks for the holidays, need not wait

    engine = make_engine(settings.database_url)
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file and not Path(file).is_file():  # SQLite would make an empty one
        return [f"There is no database at {file}; see HOUVAST_INSTANCE."]
    try:
        with writing(engine) as connection:  # as it is: the same once more is written as well
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
        with reading(engine) as connection:
            found = alarms(connection)
            if is_stuck(connection, settings.content):
                found.append("Tips are waiting and nothing is sending them: look at the process that sends.")
            return found
    except DatabaseError as error:
        return [f"The database cannot be read and written: {error.orig}."]
    finally:
        engine.dispose()


def _of_the_disk(settings: Settings) -> list[str]:
    try:
        free = shutil.disk_usage(settings.instance).free // 10**6
    except OSError as error:
        return [f"The instance folder {settings.instance} cannot be used: {error.strerror}."]
    if free >= LEAST_FREE:
        return []
    return [f"The disk with {settings.instance} is nearly full: {free} MB are free."]
