"""Bodies of requests are read whole before the application sees them, and one at a time.

A body that a client announces and does not send holds the thread that reads it for as long as the client likes, and the
server cannot be told to give up: granian waits for the reader before it ends a request. Were every thread to read, two
such clients would keep all pages from everybody, also those that come from memory. So one thread is always left for
them (pwa/serve.py has two; each more costs a sixth of all answers). What others send meanwhile is put off with 429. A
proxy that waits for whole bodies (docs/deployment.md) keeps such clients away altogether."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.exceptions import TooManyRequests

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE = 0.25  # seconds from when a body is read for which others wait; nearly all are here within milliseconds


class Unread(io.RawIOBase):
    """A body that was not read: whoever needs it answers 429."""

    def readinto(self, _buffer: object) -> int:
        raise TooManyRequests(retry_after=1)


class WholeBodies:
    """A WSGI application (PEP 3333) in front of `app`, which takes no body of more than `most` bytes."""

    def __init__(self, app: WSGIApplication, most: int) -> None:
        self.app, self.most = app, most
        self.reading = threading.Lock()
        self.since = 0.0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        announced = environ.get("CONTENT_LENGTH") or ""
        unannounced = environ.get("HTTP_TRANSFER_ENCODING") or (
            not announced and environ["REQUEST_METHOD"] not in {"GET", "HEAD"}
        )
        if unannounced or (announced.isdecimal() and 0 < int(announced) <= self.most):
            environ["wsgi.input"] = self._whole(environ)
        return self.app(environ, start_response)

    def _whole(self, environ: WSGIEnvironment) -> io.RawIOBase | io.BytesIO:
        """Nobody waits for one that is slow already: whoever waits holds the thread that readers need."""
        left = self.since + PATIENCE - time.monotonic()
        if not self.reading.acquire(blocking=False) and not (left > 0 and self.reading.acquire(timeout=left)):
            return Unread()
        try:
            self.since = time.monotonic()
            return io.BytesIO(environ["wsgi.input"].read(self.most + 1))  # one more is too much, which `app` says
        finally:
            self.reading.release()
