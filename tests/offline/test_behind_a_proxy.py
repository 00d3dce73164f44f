"""Who sent something is who the last proxy says it was, whatever the sender claims: what the real server counts."""

from __future__ import annotations

import http.client
from collections.abc import Iterator

import pytest

from pwa.config import PROJECT, Settings
from pwa.database import upgrade
from tests.support.server import Server

GUESSES = 60  # three times as many as one address may make at once


@pytest.fixture(scope="module")
def behind(settings: Settings) -> Iterator[Server]:
    upgrade(settings)
    running = Server(settings.instance).start(HOUVAST_PROXIES="1")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def alone(settings: Settings) -> Iterator[Server]:
    upgrade(settings)
    running = Server(settings.instance).start()
    yield running
    running.stop()


def guess(server: Server, forwarded: list[list[str]]) -> list[int]:
    """The statuses of guesses at a join code, each with these lines of X-Forwarded-For."""
    connection = http.client.HTTPConnection("localhost", server.port)
    statuses = []
    for lines in forwarded:
        connection.putrequest("GET", "/api/templates")
        connection.putheader("Authorization", "Bearer 0000000000")
        for line in lines:
            connection.putheader("X-Forwarded-For", line)
        connection.endheaders()
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    return statuses


CLAIMS = {
    "a proxy that tells who asks": lambda real, _: [real],
    "a proxy that adds who asks": lambda real, at: [f"203.0.113.{at}, {real}"],
    "a proxy that adds a line": lambda real, at: [f"203.0.113.{at}", real],
    "many claims": lambda real, at: [f"203.0.113.{at}, 10.0.0.1, ::1, , evil", f"127.0.0.1,{real}"],
}


@pytest.mark.parametrize("number", range(len(CLAIMS)), ids=list(CLAIMS))
def test_behind_a_proxy_who_asks_is_counted_and_not_who_they_claim_to_be(behind: Server, number: int) -> None:
    claim, real = list(CLAIMS.values())[number], f"198.51.100.{number}"
    assert 429 in guess(behind, [claim(real, at) for at in range(GUESSES)])
    assert guess(behind, [claim(f"192.0.2.{number}", 1)]) == [404], "somebody else is not refused"


def test_without_a_proxy_nothing_that_is_claimed_counts(alone: Server) -> None:
    assert 429 in guess(alone, [[f"203.0.113.{at}"] for at in range(GUESSES)])


def test_the_proxy_of_the_handbook_takes_out_what_python_cannot_tell_from_its_own_header() -> None:
    text = (PROJECT / "docs" / "deployment.md").read_text(encoding="utf-8")
    block = text[text.index("reverse_proxy 127") : text.index("header_down -Server")]
    names = [line.split()[1] for line in block.splitlines() if "header_up" in line]
    assert sorted(names) == sorted(f"-X{one}Forwarded{two}For" for one in "-_" for two in "-_" if one + two != "--")
