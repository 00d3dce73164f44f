"""Start Houvast: `python -m pwa.serve` makes what is missing (see pwa/prepare.py) and serves until the end."""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from pwa.config import PROJECT, Settings, SettingsError, read_settings
from pwa.instance import hold
from pwa.logs import CONFIG

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (compared with, not bound to)
PAUSE = 5  # seconds before the sender is started again
GRACE = 10  # seconds that a request may still take after the signal to stop
HTTP = HTTPModes.http1  # of which a body without a length is none; a proxy speaks HTTP/2 with browsers for us
THREADS = 2  # one more than may read a body at once (pwa/inbound.py)
LONGEST_END = 15  # seconds that the sender may take to finish what is in flight


def main() -> None:
    try:
        settings = read_settings()
        _refuse_a_taken_port(settings)
        hold(settings.instance)
    except SettingsError as error:
        sys.exit(str(error))
    prepared = subprocess.run([sys.executable, "-m", "pwa.prepare"], cwd=PROJECT)
    if prepared.returncode:
        sys.exit(prepared.returncode)
    serve(settings)


def serve(settings: Settings) -> None:
    """One worker with two threads: the pages come from memory, and need one. The other is for a coach's password, whose
    hash takes a third of a second without Python's lock, and for a body that is slow to come (pwa/inbound.py): with one
    thread no reader got an answer meanwhile. A second one for connections gives no more answers on connections that
    stay, and fewer on those that do not."""
    server = Granian(
        "wsgi:app",
        address=settings.bind,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTP,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=CONFIG,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        working_dir=PROJECT,
    )
    server.on_startup(lambda: threading.Thread(target=_tell_when_up, args=(settings,), daemon=True).start())
    with a_sender_beside() if settings.sender == "beside" else nullcontext():
        gc.freeze()  # the worker is a fork: what is here already stays shared with it
        server.serve()


@contextmanager
def a_sender_beside() -> Iterator[None]:
    """The process that sends tips, started again should it ever end, and told to finish when the server has.

    Should this process be killed, then it ends by itself; in a session of its own Ctrl-C is not for it."""
    ending = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not ending.is_set():
            command = [sys.executable, "-m", "pwa.worker", str(os.getpid())]
            running[:] = [subprocess.Popen(command, cwd=PROJECT, start_new_session=True)]  # noqa: S603
            running[0].wait()
            ending.wait(PAUSE)

    threading.Thread(target=keep, daemon=True).start()
    try:
        yield
    finally:
        ending.set()
        for process in running:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(LONGEST_END)


def _refuse_a_taken_port(settings: Settings) -> None:
    """The server itself would share the port with another one of its kind, and each would get half of the readers."""
    try:
        with _socket(settings.bind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.bind, settings.port))
    except OSError as error:
        raise SettingsError(
            f"Port {settings.port} at {settings.bind} cannot be used ({error.strerror}); see PORT and HOUVAST_BIND."
        ) from error


def _tell_when_up(settings: Settings) -> None:
    host = EVERYWHERE.get(settings.bind, settings.bind)
    while True:
        try:
            with _socket(host) as probe:
                probe.connect((host, settings.port))
                break
        except OSError:
            time.sleep(0.1)
    print(f"Houvast is at {_address(settings)}", flush=True)


def _socket(host: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)


def _address(settings: Settings) -> str:
    host = EVERYWHERE.get(settings.bind, settings.bind)
    if host in {"127.0.0.1", "::1"}:
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/"


if __name__ == "__main__":
    main()
