"""The real server, as `make run` starts it, on a free port: started, killed and started again by the tests."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from random import SystemRandom

from pwa.serve import HTTP, THREADS

PROJECT = Path(__file__).parent.parent.parent
PATIENCE = 600  # seconds for a first start, which builds the release, on a machine with much else to do
ADDRESS = "http://localhost:8000"  # what the pages call themselves, whatever the port: so all servers share a release


def _own_ports() -> Iterator[int]:
    """Ports that the system gives to nobody by itself; a sixteenth of them for each process of the tests."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    own = list(range(20_000 + number % 16, 32_000, 16))
    SystemRandom().shuffle(own)  # what `random` says is the same in all processes
    return cycle(own)


PORTS = _own_ports()


def free_port() -> int:
    """One that nobody listens on; whoever listened there and stopped finds it free again."""
    for port in PORTS:
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise AssertionError("never")


class Server:
    """granian with wsgi:app in a process group of its own."""

    def __init__(self, instance: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.environment = {**os.environ, "PORT": str(self.port), "HOUVAST_INSTANCE": str(instance),
                            "HOUVAST_URL": ADDRESS, **settings}
        self.process: subprocess.Popen[bytes] | None = None
        self.log: Path | None = None  # of the server and its requests, when a test wants to read it

    def start(self, **settings: str) -> Server:
        self.environment |= settings
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", HTTP.value, "--workers", "1",
                   "--port", str(self.port), "--blocking-threads", str(THREADS), "--backpressure", "128",
                   "--log-level", "error", "wsgi:app"]
        output = None
        if self.log:
            command[-2:-1] = ["debug", "--access-log"]
            output = self.log.open("ab")
        self.process = subprocess.Popen(command, cwd=PROJECT, env=self.environment, start_new_session=True,
                                        stdout=output, stderr=output)
        if output:
            output.close()  # the server has its own
        self.wait()
        return self

    def wait(self) -> None:
        """Until it answers, or has ended by itself."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            assert self.process
            assert self.process.poll() is None, "the server ended by itself"
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2).close()
                return
            except (urllib.error.URLError, OSError):
                self.process.poll()
                select_for(0.1)
        raise AssertionError("the server did not start")

    def stop(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def select_for(seconds: float) -> None:
    """Give way for a moment while another process starts."""
    select.select([], [], [], seconds)


def beside(instance: Path, folder: Path) -> Iterator[Server]:
    """A server with a database of its own, for a fixture; `instance` has the pages that it need not make again. Its
    public address is the one that the browser sees, as passkeys and shared links want it."""
    shutil.copytree(instance / "releases", folder / "releases")
    running = Server(folder)
    running.start(HOUVAST_URL=running.url)
    yield running
    running.stop()
