"""Clients that announce a body and do not send it: pages go on, and what others send is taken or put off."""

from __future__ import annotations

import http.client
import io
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from pwa.config import Settings
from pwa.inbound import WholeBodies
from pwa.serve import THREADS
from tests.support.server import Server

HALF = "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: 1000\r\n\r\n{{"
PATIENCE = 20  # seconds, on a machine with much else to do; half a body would keep others waiting for ever


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[Server]:
    running = Server(settings.instance).start()
    yield running
    running.stop()


def get(server: Server, path: str) -> int:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=PATIENCE)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def post(server: Server, body: bytes) -> tuple[int, str | None]:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=PATIENCE)
    connection.request("POST", "/api/report", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    connection.close()
    return answer.status, answer.headers["Retry-After"]


def http_2(port: int) -> bytes:
    """A connection that begins with HTTP/2 (RFC 9113, 3.4), and a POST on it of which the end is still to come."""

    def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
        return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload

    named = ((b":method", b"POST"), (b":scheme", b"http"), (b":path", b"/api/report"),
             (b":authority", b"localhost:%d" % port), (b"content-type", b"application/json"))  # fmt: skip
    fields = b"".join(bytes([0, len(name), *name, len(value), *value]) for name, value in named)
    post = frame(1, 4, 1, fields) + frame(0, 0, 1, b"{")
    return b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"") + post


def test_a_thread_is_left_for_readers() -> None:
    assert THREADS > 1


@pytest.mark.parametrize(
    ("path", "kind"), [("/api/report", "application/json"), ("/coach/nl/sign-in", "application/x-www-form-urlencoded")]
)
def test_pages_go_on_while_bodies_do_not_come(server: Server, path: str, kind: str) -> None:
    with ExitStack() as held:
        for _ in range(30):
            client = held.enter_context(socket.create_connection(("localhost", server.port)))
            client.sendall(HALF.format(path=path, type=kind).encode())
        for page in ("/nl/", "/nl/k/keep-recess", "/healthz", "/en/search?q=noise", "/api/key"):
            assert get(server, page) == 200
        assert post(server, b'{"tip": 1, "what": "shown"}') == (429, "1")
    while post(server, b'{"tip": 1, "what": "shown"}')[0] == 429:  # until the server has seen that they went
        pass
    assert post(server, b'{"tip": 1, "what": "shown"}')[0] == 200


def test_pages_go_on_though_somebody_speaks_http_2(server: Server) -> None:
    with ExitStack() as held:
        for _ in range(3):
            client = held.enter_context(socket.create_connection(("localhost", server.port)))
            client.sendall(http_2(server.port))
        assert [get(server, page) for page in ("/nl/", "/healthz")] == [200, 200]
        assert post(server, b'{"tip": 1, "what": "shown"}')[0] == 200


@pytest.mark.parametrize(("method", "read"), [("POST", 5), ("GET", 0)])
def test_a_body_that_nobody_announced_is_read_whole_where_one_may_be(method: str, read: int) -> None:
    body = io.BytesIO(b"12345")
    WholeBodies(lambda _environ, _start: [], 100)({"REQUEST_METHOD": method, "wsgi.input": body}, lambda *_: print)
    assert body.tell() == read
