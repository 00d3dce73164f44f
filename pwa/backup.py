"""A copy of what is only on this machine: the database as it is at one moment, and the keys."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from pwa.config import Settings, SettingsError
from pwa.keys import SECRET_KEY, vapid_files


def back_up(settings: Settings, folder: Path) -> list[Path]:
    """Copy the database and the keys into a folder while everything goes on; the copies, readable by their owner only.

    An older copy stays whole until the new one is. Raises SettingsError when it cannot be done."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise SettingsError("The database is not a file of SQLite; copy a PostgreSQL database with pg_dump.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = vapid_files(settings.instance)
        if settings.secret_key is None and (ours := settings.instance / SECRET_KEY).is_file():
            files.insert(0, ours)
        keys = {path.name: path.read_bytes() for path in files}
        if settings.secret_key is not None:  # wherever it is kept
            keys[SECRET_KEY] = settings.secret_key.encode()
        return [_database(Path(url.database), folder), *(_file(folder, *key) for key in keys.items())]
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(f"The copy in {folder} could not be made: {error}.") from error


def _database(path: Path, folder: Path) -> Path:
    """By SQLite's own way, which waits for who is writing: a plain copy would hold halves of two states."""
    new = _new(folder, path.name)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source, closing(
        sqlite3.connect(new)
    ) as copy:
        source.backup(copy)
    return new.replace(folder / path.name)


def _file(folder: Path, name: str, content: bytes) -> Path:
    new = _new(folder, name)
    new.write_bytes(content)
    return new.replace(folder / name)


def _new(folder: Path, name: str) -> Path:
    """An empty file for its owner only."""
    new = folder / f"{name}.new"
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return new
