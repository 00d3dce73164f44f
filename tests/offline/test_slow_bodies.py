"""Clients that announce a body and do not send it: pages go on, and what others send is taken or put off."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from pwa.config import Settings
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
