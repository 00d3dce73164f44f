"""A copy of the database, taken while tips go out, is whole; and a tip goes on from it as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import create_engine, select

from pwa import create_app
from pwa.backup import REPLACED, back_up, restore
from pwa.config import Settings, SettingsError, read_settings
from pwa.database import make_engine, reading, upgrade, writing
from pwa.delivery.tables import chunks
from pwa.delivery.vapid import load_keys
from pwa.keys import SECRET_KEY, VAPID_KEY, make_keys, secret_key
from pwa.subscriptions.tables import subscriptions
from tests.support.push.process import Push
from tests.support.school import URL, School, database, make_tables
from tests.support.worker import ready, running, until

READERS = 300


@pytest.fixture
def settings(tmp_path: Path, push: Push) -> Settings:
    folder = tmp_path / "instance"
    folder.mkdir()
    known = read_settings({"HOUVAST_INSTANCE": str(folder), "HOUVAST_DATABASE_URL": database(folder)})
    secret_key(folder)
    return replace(known, url=URL, push_proxy=push.proxy, push_ca_file=push.cert)


def environment(settings: Settings, folder: Path) -> dict[str, str]:
    return {"HOUVAST_INSTANCE": str(folder), "HOUVAST_DATABASE_URL": database(folder), "HOUVAST_URL": URL,
            "HOUVAST_PUSH_PROXY": settings.push_proxy, "HOUVAST_PUSH_CA_FILE": settings.push_ca_file}  # fmt: skip


def test_copies_that_are_taken_while_a_tip_goes_out_are_whole_and_the_tip_goes_on_from_one(
    settings: Settings, push: Push, tmp_path: Path
) -> None:
    engine = make_engine(settings.database_url)
    with writing(engine) as connection:
        make_tables(connection)
    school = School(engine, push)
    school.keys = load_keys(settings.instance, settings.contact)
    endpoints = ready(school, READERS, plan="late;ms=50")
    copies = []
    with running(environment(settings, settings.instance)):
        assert until(lambda: push.report()["accepted"] > 20)
        while school.totals() != {"accepted": READERS}:
            copies.append(tmp_path / f"copy-{len(copies)}")
            back_up(settings, copies[-1])
    engine.dispose()
    assert len(copies) > 5
    assert [_fault(copy) for copy in copies if _fault(copy)] == []
    halfway = next(copy for copy in copies if 0 < _done(copy) < READERS)
    got = _done(halfway)
    restored = School.__new__(School)
    restored.engine = make_engine(database(halfway))
    with running(environment(settings, halfway)):
        assert until(lambda: restored.totals() == {"accepted": READERS})
        with pytest.raises(SettingsError, match="stop what serves and what sends"):
            restore(replace(settings, instance=halfway), copies[0])
    restored.engine.dispose()
    came = [len(push.messages(endpoint)) for endpoint in endpoints]
    assert set(came) == {1, 2}
    assert came.count(2) == READERS - got, "once more for who got it after the copy, with the same topic and tag"


def _fault(copy: Path) -> str:
    """What is wrong with a copy, or nothing."""
    with closing(sqlite3.connect(copy / "houvast.db")) as connection:
        said = connection.execute("PRAGMA integrity_check").fetchone()[0]
    engine = create_engine(database(copy))
    with engine.connect() as connection:
        readers = len(connection.execute(select(subscriptions.c.id)).all())
    engine.dispose()
    keys = {path.name for path in copy.iterdir()} >= {SECRET_KEY, VAPID_KEY}
    private = {path.stat().st_mode & 0o077 for path in copy.iterdir()} == {0}
    return "" if said == "ok" and readers == READERS and keys and private else f"{said} {readers} {keys} {private}"


def _done(copy: Path) -> int:
    """How many of the first chunk are done, as the copy has it; 0 once it is over."""
    engine = make_engine(database(copy))
    with reading(engine) as connection:
        done = [row.done for row in connection.execute(select(chunks)) if row.state == "open"]
    engine.dispose()
    return sum(int.from_bytes(bits, "little").bit_count() for bits in done)


def test_the_command_says_what_it_copied_and_what_it_cannot_copy(settings: Settings, tmp_path: Path) -> None:
    upgrade(settings)
    make_keys(settings)
    (settings.instance / "vapid_older_2026-11-01.pem").write_text("older")
    runner = FlaskCliRunner(create_app(settings, serve=False))
    for _ in range(2):  # in the place of the first copy
        said = runner.invoke(args=["database", "backup", str(tmp_path / "there")])
        assert said.exit_code == 0, said.output
    names = ["houvast.db", SECRET_KEY, VAPID_KEY, "vapid_older_2026-11-01.pem"]
    *copied, whose = said.output.splitlines()
    assert [line.rsplit("/", 1)[1] for line in copied] == names
    assert str(settings.instance) in whose
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == sorted(names)
    with pytest.raises(SettingsError, match=r"The copy in .*houvast\.db.copies could not be made"):
        back_up(settings, tmp_path / "there" / "houvast.db" / "copies")
    with pytest.raises(SettingsError, match="pg_dump"):
        back_up(replace(settings, database_url="postgresql://houvast@/houvast"), tmp_path / "there")


def test_a_secret_key_of_the_settings_is_the_one_that_is_copied_and_no_other_is_made(
    settings: Settings, tmp_path: Path
) -> None:
    sqlite3.connect(settings.instance / "houvast.db").close()
    make_keys(settings)
    ours = replace(settings, secret_key="of the settings " * 3)
    back_up(ours, tmp_path / "there")
    assert secret_key(tmp_path / "there") == (ours.secret_key or "").strip(), "not the unused one beside it"
    (settings.instance / SECRET_KEY).unlink()
    (settings.instance / VAPID_KEY).unlink()
    assert [path.name for path in make_keys(ours)] == [VAPID_KEY]
    back_up(ours, tmp_path / "there")
    assert not (settings.instance / SECRET_KEY).exists()
    with pytest.raises(SettingsError, match="does not hold the secret key of the copy"):
        restore(replace(ours, secret_key="of another " * 3), tmp_path / "there")


def test_a_damaged_database_is_not_copied_over_the_last_good_copy(settings: Settings, tmp_path: Path) -> None:
    upgrade(settings)
    make_keys(settings)
    copy, _ = _state(settings, 20), back_up(settings, tmp_path / "there")
    live = settings.instance / "houvast.db"
    whole = live.read_bytes()
    live.write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])
    with pytest.raises(SettingsError, match=r"could not be made: .*(damaged|malformed)"):
        back_up(settings, tmp_path / "there")
    assert _rows(tmp_path / "there" / "houvast.db") == copy
    assert not list((tmp_path / "there").glob("*.new"))
    with pytest.raises(SettingsError, match=r"could not be put back: .*(damaged|malformed)"):
        restore(replace(settings, instance=tmp_path / "there", database_url=database(tmp_path / "there")),
                settings.instance)
    assert _rows(tmp_path / "there" / "houvast.db") == copy


def test_a_copy_is_put_back_as_it_was_whatever_a_killed_writer_left_beside(settings: Settings, tmp_path: Path) -> None:
    upgrade(settings)
    make_keys(settings)
    then, _ = _state(settings, 20), back_up(settings, tmp_path / "there")
    elsewhere = replace(settings, instance=tmp_path / "killed", database_url=database(tmp_path / "killed"))
    elsewhere.instance.mkdir()
    with closing(sqlite3.connect(settings.instance / "houvast.db", isolation_level=None)) as connection:
        for each in ("journal_mode = TRUNCATE", "cache_size = 1", "secure_delete = ON"):
            connection.execute(f"PRAGMA {each}")
        connection.execute("BEGIN")
        connection.execute("DELETE FROM filling")
        for name in ("houvast.db", "houvast.db-journal"):  # as they are when the machine fails in this moment
            (elsewhere.instance / name).write_bytes((settings.instance / name).read_bytes())
    assert (elsewhere.instance / "houvast.db-journal").stat().st_size > 0
    restore(elsewhere, tmp_path / "there")
    assert _rows(elsewhere.instance / "houvast.db") == then
    assert load_keys(elsewhere.instance, "").present == load_keys(settings.instance, "").present
    assert _rows(elsewhere.instance / f"houvast.db{REPLACED}") == then, "with its own journal it is whole as well"


def test_what_is_no_copy_is_not_put_back(settings: Settings, tmp_path: Path) -> None:
    upgrade(settings)
    (tmp_path / "empty").mkdir()
    with pytest.raises(SettingsError, match="unable to open"):
        restore(settings, tmp_path / "empty")
    sqlite3.connect(tmp_path / "empty" / "houvast.db").close()
    with pytest.raises(SettingsError, match="no such table"):
        restore(settings, tmp_path / "empty")


def test_a_copy_of_a_folder_that_is_not_houvasts_makes_nothing_in_it(settings: Settings, tmp_path: Path) -> None:
    upgrade(settings)
    (tmp_path / "mistyped").mkdir()
    with pytest.raises(SettingsError, match="HOUVAST_INSTANCE"):
        back_up(replace(settings, instance=tmp_path / "mistyped"), tmp_path / "there")
    assert not [*(tmp_path / "mistyped").iterdir(), *tmp_path.glob("there")]


def _state(settings: Settings, rows: int) -> list[tuple[int, bytes]]:
    """A table with more in it than fits in a page."""
    with closing(sqlite3.connect(settings.instance / "houvast.db")) as connection, connection:
        connection.execute("CREATE TABLE filling (id INTEGER PRIMARY KEY, what BLOB)")
        connection.executemany("INSERT INTO filling (what) VALUES (?)", [(bytes(9000),)] * rows)
    return _rows(settings.instance / "houvast.db")


def _rows(path: Path) -> list[tuple[int, bytes]]:
    """What is in it; an error when it is not whole."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return connection.execute("SELECT id, what FROM filling ORDER BY id").fetchall()
