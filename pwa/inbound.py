"""Bodies of requests are read whole before the application sees them, and by a few threads at a time only.

A body that a client announces and does not send holds the thread that reads it for as long as the client likes, and
the server cannot be told to give up: granian waits for the reader before it ends a request. Were every thread to read,
a handful of such clients would keep all pages from everybody, also those that come from memory. So some threads never
read (pwa/serve.py has more of them than may), and no network has all places. A proxy that waits for whole bodies
(docs/deployment.md) keeps such clients away altogether."""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.exceptions import TooManyRequests

from pwa.security import network_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

READERS = 4  # bodies that are read at once; nearly all of them are here within milliseconds
OF_ONE_NETWORK = 3
PATIENCE = 0.25  # seconds that a request waits for a place


class Unread(io.RawIOBase):
    """A body that nobody had a place for: whoever needs it answers 429."""

    def readinto(self, _buffer: object) -> int:
        raise TooManyRequests(retry_after=1)


class WholeBodies:
    """A WSGI application (PEP 3333) in front of `app`, which takes no body of more than `most` bytes."""

    def __init__(self, app: WSGIApplication, most: int) -> None:
        self.app, self.most = app, most
        self.reading: Counter[str] = Counter()  # how many, by network
        self.changed = threading.Condition()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        announced = environ.get("CONTENT_LENGTH") or ""
        if environ.get("HTTP_TRANSFER_ENCODING") or (announced.isdecimal() and 0 < int(announced) <= self.most):
            network = network_of(environ.get("REMOTE_ADDR", ""))
            environ["wsgi.input"] = self._whole(environ, network) if self._enter(network) else Unread()
        return self.app(environ, start_response)

    def _enter(self, network: str) -> bool:
        with self.changed:
            free = self.changed.wait_for(
                lambda: self.reading.total() < READERS and self.reading[network] < OF_ONE_NETWORK, PATIENCE
            )
            self.reading[network] += free
        return free

    def _whole(self, environ: WSGIEnvironment, network: str) -> io.BytesIO:
        try:
            return io.BytesIO(environ["wsgi.input"].read(self.most + 1))  # one more is too much, which `app` says
        finally:
            with self.changed:
                self.reading[network] -= 1
                self.reading += Counter()  # keeps who reads, and nobody else
                self.changed.notify_all()
