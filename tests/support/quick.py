"""A push service that does nothing but answer 201, as fast as it can, by HTTP/2 and HTTP/1.1: it looks into nothing.

For what must be quick or must be HTTP/2; the push service in tests.support.push looks into everything. It is reached
under the real names of push services through `proxy`, or at localhost:`port`."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

from tests.support.push.__main__ import self_signed
from tests.support.push.proxy import Proxy
from tests.support.server import free_port, select_for

PROJECT = Path(__file__).parent.parent.parent
PATIENCE = 120
requests = Counter[str]()


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """ASGI. /seen tells how many messages came by which version of HTTP; everything else is a message."""
    if scope["type"] != "http":
        return
    if scope["path"] == "/seen":
        body = json.dumps(requests).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
        return
    while (await receive()).get("more_body"):
        pass
    requests[scope["http_version"]] += 1
    await send({"type": "http.response.start", "status": 201, "headers": [(b"location", b"/m/1"), (b"ttl", b"60")]})
    await send({"type": "http.response.body", "body": b""})


class Quick(Proxy):
    """The service in a process, and the proxy in a thread."""

    def __init__(self, folder: Path) -> None:
        _, self.cert = self_signed(str(folder), "127.0.0.1")
        key = folder / "push-key.pem"  # granian reads PKCS #8 only, which it is
        self.port = free_port()
        command = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1",
                   "--port", str(self.port), "--ssl-certificate", self.cert, "--ssl-keyfile", str(key),
                   "--http", "auto", "--no-ws", "--log-level", "error", "tests.support.quick:app"]  # fmt: skip
        self._process = subprocess.Popen(command, cwd=PROJECT, start_new_session=True, stdin=subprocess.DEVNULL)
        self.args = argparse.Namespace(host="127.0.0.1", tls_port=self.port)
        self.hosts = Counter[str]()
        self._wait()
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(PATIENCE)

    @property
    def process_id(self) -> int:
        return self._process.pid

    def seen(self) -> dict[str, int]:
        """HTTP version → how many messages."""
        context = ssl.create_default_context(cafile=self.cert)
        with urllib.request.urlopen(f"https://localhost:{self.port}/seen", timeout=PATIENCE, context=context) as answer:
            return dict(json.load(answer))

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def note(self, text: str, _target: str) -> None:
        """What the proxy refuses is not for us to keep."""

    def _serve(self, ready: threading.Event) -> None:
        async def listen() -> asyncio.Server:
            server = await asyncio.start_server(self.connect, "127.0.0.1", 0)
            self.proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            ready.set()
            return server

        async def close(server: asyncio.Server) -> None:
            server.close()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        server = self._loop.run_until_complete(listen())
        self._loop.run_forever()
        self._loop.run_until_complete(close(server))
        self._loop.close()

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert self._process.poll() is None, "granian ended by itself"
                assert time.monotonic() < end, "granian did not start"
                select_for(0.05)
