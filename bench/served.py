"""The product as `make run` starts it, on a free port, and plain requests to it."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parent.parent
PATIENCE = 600  # seconds for a first start, which builds the release
# The same address at every start, because the release depends on it and would be built anew for each port.
ENVIRONMENT = {"HOUVAST_URL": "http://localhost:8000"} | os.environ


class NotHereError(Exception):
    """Something that a part needs is missing; the message is a sentence."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def process(command: list[str], port: int, patience: float = PATIENCE, **environment: str) -> Iterator[int]:
    """A server in a process group of its own, from when it accepts until it is stopped; gives its process id."""
    running = subprocess.Popen(command, cwd=PROJECT, env=ENVIRONMENT | environment, start_new_session=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(running, port, patience)
        yield running.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def _wait(running: subprocess.Popen[bytes], port: int, patience: float) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if running.poll() is not None:
            raise NotHereError(f"{running.args} ended by itself with {running.returncode}.")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise NotHereError(f"{running.args} did not start within {patience} s.")


@contextlib.contextmanager
def houvast() -> Iterator[tuple[int, int]]:
    """The product, ready to answer: (port, process id of the master)."""
    port = free_port()
    with process([sys.executable, "-m", "pwa.serve"], port, PORT=str(port)) as pid:
        ask(port, "/healthz")
        yield port, pid


def ask(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    """The answer to a GET that accepts brotli, its body (as sent) already read into `.sent`."""
    connection = http.client.HTTPConnection("localhost", port, timeout=120)
    connection.request("GET", path, headers={"Accept-Encoding": "br, gzip"} | headers)
    answer = connection.getresponse()
    answer.sent = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def plain(body: bytes, encoding: str | None) -> bytes:
    """A body without its encoding."""
    import brotli

    return {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding or "", bytes)(body)
