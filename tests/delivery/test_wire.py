"""The sender alone, at the wire: what it connects to, what it reads, and how many messages share a connection."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest

from pwa.delivery.push import MOST_WORDS, Letter, Sender, is_public
from pwa.subscriptions.endpoints import read_keys
from tests.support.push.process import Push
from tests.support.quick import Quick

HEADERS = ["TTL: 60", "Content-Encoding: aes128gcm", "Authorization: none"]


def letters(push: Push, count: int, plan: str = "201") -> list[Letter]:
    minted = push.mint(count, plan, shared_key=True)
    return [
        Letter(number, each["endpoint"], *read_keys(**each["keys"]), HEADERS, b"Pauze blijft")
        for number, each in enumerate(minted)
    ]


def post(sender: Sender, every: list[Letter]) -> dict[int, object]:
    answers: dict[int, object] = {}
    for letter in every:
        sender.start(letter)
    while len(answers) < len(every):
        answers |= dict(sender.finished(1.0))
    sender.close()
    return answers


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quick]:
    quick = Quick(tmp_path_factory.mktemp("quick"))
    yield quick
    quick.stop()


def test_messages_share_connections_by_http_2(push: Push, quick: Quick) -> None:
    sender = Sender(proxy=quick.proxy, ca_file=quick.cert)
    first = post(sender, letters(push, 4))
    sender = Sender(proxy=quick.proxy, ca_file=quick.cert)
    answers = post(sender, letters(push, 4)) | first
    assert {(answer.status, answer.multiplexed) for answer in answers.values()} == {(201, True)}  # type: ignore[attr-defined]
    assert quick.seen() == {"2": 8}


def test_a_body_of_300_megabytes_is_left_after_two_kilobytes(push: Push) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answers = post(Sender(proxy=push.proxy, ca_file=push.cert), letters(push, 3, "big;mb=300;status=400"))
    assert {(answer.status, len(answer.words)) for answer in answers.values()} == {(400, MOST_WORDS)}  # type: ignore[attr-defined]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_an_address_inside_is_never_connected_to(quick: Quick, push: Push, host: str) -> None:
    (letter,) = letters(push, 1)
    before = quick.seen()
    answers = post(Sender(ca_file=quick.cert), [letter._replace(endpoint=f"https://{host}:{quick.port}/push/1")])
    assert answers[0].fault == "no-connection"  # type: ignore[attr-defined]
    assert quick.seen() == before


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104  (not bound to)
    "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::127.0.0.1", "fec0::1", "64:ff9b:1::7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:c0a8:101::1",
])  # fmt: skip
def test_addresses_inside(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.1.95", "2a00:1450:4001:81d::200a", "::ffff:8.8.8.8",
                                     "64:ff9b::808:808"])  # fmt: skip
def test_addresses_outside(address: str) -> None:
    assert is_public(address)


def test_libcurl_is_told_no_protocol_but_https(quick: Quick, push: Push) -> None:
    (letter,) = letters(push, 1)
    for address in (f"http://localhost:{quick.port}/", "file:///etc/passwd", "gopher://localhost/"):
        (answer,) = post(Sender(proxy=quick.proxy), [letter._replace(endpoint=address)]).values()
        assert answer.status == 0  # type: ignore[attr-defined]
