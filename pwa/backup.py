"""A copy of what is only on this machine: the database as it is at one moment, and the keys. And the way back."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from pwa.config import Settings, SettingsError
from pwa.instance import alone_in
from pwa.keys import SECRET_KEY, VAPID_KEY, files_there

BESIDE = ("-journal", "-wal", "-shm")  # what SQLite would read into a database that it does not belong to
REPLACED = ".replaced"


def back_up(settings: Settings, folder: Path) -> list[Path]:
    """Copy the database and the keys into a folder while everything goes on; the copies, readable by their owner only.

    It only reads. An older copy stays as it is until the new one is whole and sound. Raises SettingsError when it
    cannot be done."""
    database = _file_of(settings, "pg_dump")
    try:
        keys = {path.name: path.read_bytes() for path in files_there(settings.instance)}
        if VAPID_KEY not in keys:
            raise SettingsError(f"There are no keys in {settings.instance}; see HOUVAST_INSTANCE.")
        if settings.secret_key is not None:  # wherever it is kept
            keys[SECRET_KEY] = settings.secret_key.encode()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy = folder / database.name
        with _sound_copy(database, copy) as new:
            new.replace(copy)
        return [copy, *(_file(folder / name, content) for name, content in keys.items())]
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(f"The copy in {folder} could not be made: {error}.") from error


def restore(settings: Settings, folder: Path) -> list[Path]:
    """Put a copy back, for whoever owns the instance folder; the files that are there now.

    The database that was there stays beside it under another name. Raises SettingsError, and has then changed nothing,
    when somebody uses the folder or the copy is not sound."""
    database = _file_of(settings, "pg_restore")
    keys = {path.name: path.read_bytes() for path in files_there(folder)}
    if settings.secret_key is not None and keys.pop(SECRET_KEY, b"").strip() != settings.secret_key.encode():
        raise SettingsError(
            f"HOUVAST_SECRET_KEY_FILE does not hold the secret key of the copy; put {folder / SECRET_KEY} there first."
        )
    with alone_in(settings.instance):
        try:
            with _sound_copy(folder / database.name, database, ours=True) as new:
                _set_aside(database)
                back = [new.replace(database)]
            back += [_file(settings.instance / name, content) for name, content in sorted(keys.items())]
            for path in back:
                _give(path)
            return back
        except (OSError, sqlite3.Error) as error:
            raise SettingsError(f"The copy in {folder} could not be put back: {error}.") from error


def _file_of(settings: Settings, otherwise: str) -> Path:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise SettingsError(f"The database is not a file of SQLite; PostgreSQL has {otherwise} for this.")
    return Path(url.database)


@contextmanager
def _sound_copy(path: Path, there: Path, *, ours: bool = False) -> Iterator[Path]:
    """A copy beside its place, looked over whole; by SQLite's own way, which waits for who is writing: a plain copy
    would hold halves of two states. Raises sqlite3.Error for one that is not sound, and with `ours` one of another
    program."""
    new = _new(there)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source, closing(
            sqlite3.connect(new)
        ) as copy:
            source.backup(copy)
            said = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
            if said != "ok":
                raise sqlite3.DatabaseError(f"{path} is damaged ({said})")
            if ours:
                copy.execute("SELECT version_num FROM alembic_version")
        yield new
    finally:
        new.unlink(missing_ok=True)


def _set_aside(database: Path) -> None:
    """With its journal, which belongs to no other: a database that was written to last may be whole only with it."""
    for end in ("", *BESIDE):
        with suppress(FileNotFoundError):
            Path(f"{database}{end}").replace(f"{database}{REPLACED}{end}")


def _file(path: Path, content: bytes) -> Path:
    new = _new(path)
    new.write_bytes(content)
    return new.replace(path)


def _new(path: Path) -> Path:
    """An empty file beside it, for its owner only."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return new


def _give(path: Path) -> None:
    """What root puts back belongs to the service, like the folder that it is in."""
    mine, theirs = path.stat(), path.parent.stat()
    if (mine.st_uid, mine.st_gid) != (theirs.st_uid, theirs.st_gid):
        os.chown(path, theirs.st_uid, theirs.st_gid)
