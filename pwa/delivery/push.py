"""The one place that meets push services: it encrypts and posts.

The network is libcurl's, which has what pywebpush's HTTP has not: a deadline for the whole answer, an end to long
bodies, no redirects, and a look at the address."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pycurl

from pwa.delivery.answers import Answer
from pwa.delivery.encryption import encrypt

DEADLINE = 10.0  # seconds for a whole request, from name to last byte
MOST_WORDS = 2048  # bytes read of an answer
WIDTH = 64  # messages in flight
CONNECTIONS = (
    16  # to one host with HTTP/1.1; HTTP/2 carries many messages on each, and needs no more than the first few
)
# Python calls these public: IPv4 written as IPv6, an old way to number a site, translation within one (RFC 4291, 8215).
INNER = tuple(map(ipaddress.ip_network, ("::/96", "fec0::/10", "64:ff9b:1::/48")))
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_FAULTS = {
    pycurl.E_OPERATION_TIMEDOUT: "timeout",
    pycurl.E_COULDNT_RESOLVE_HOST: "no-name",
    pycurl.E_COULDNT_CONNECT: "no-connection",
    pycurl.E_SSL_CONNECT_ERROR: "tls",
    pycurl.E_PEER_FAILED_VERIFICATION: "tls",
}


class Letter(NamedTuple):
    """One message to one device: `key` comes back with the answer, `headers` are whole lines, `payload` is plain."""

    key: int
    endpoint: str
    p256dh: bytes
    auth: bytes
    headers: Sequence[str]
    payload: bytes


@dataclass(slots=True)
class Handle:
    """One of libcurl's, used again and again; `words` is what it has read, `headers` what it was given last."""

    curl: pycurl.Curl
    words: bytearray
    headers: Sequence[str] | None = None


class Sender:
    """Posts many messages at once, from one thread.

    `proxy` is an http:// address or empty (the environment's is not used); `ca_file` replaces the known authorities."""

    def __init__(self, *, proxy: str = "", ca_file: str = "", deadline: float = DEADLINE, width: int = WIDTH) -> None:
        self.width = width
        self._options = {pycurl.PROXY: proxy, pycurl.TIMEOUT_MS: int(deadline * 1000)}
        if ca_file:
            self._options[pycurl.CAINFO] = ca_file
        if not proxy:  # a proxy resolves the name itself
            self._options[pycurl.OPENSOCKETFUNCTION] = open_public_socket
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, CONNECTIONS)
        self._idle: list[Handle] = []
        self._busy: dict[pycurl.Curl, tuple[int, Handle]] = {}

    @property
    def in_flight(self) -> int:
        return len(self._busy)

    def start(self, letter: Letter) -> None:
        """Encrypt a message and begin to post it.

        Raises whatever a poisoned row makes the encryption raise; nothing is in flight then."""
        body = encrypt(letter.p256dh, letter.auth, letter.payload)
        handle = self._idle.pop() if self._idle else self._new_handle()
        curl = handle.curl
        handle.words.clear()
        try:
            curl.setopt(pycurl.URL, letter.endpoint)
            if handle.headers is not letter.headers:  # thousands of messages have the same ones
                handle.headers = letter.headers
                curl.setopt(pycurl.HTTPHEADER, letter.headers)
            curl.setopt(pycurl.POSTFIELDS, body)
        except Exception:
            handle.headers = None
            self._idle.append(handle)
            raise
        self._multi.add_handle(curl)
        self._busy[curl] = (letter.key, handle)

    def finished(self, wait: float) -> list[tuple[int, Answer]]:
        """(key, answer) of what is done, after at most `wait` seconds of waiting when nothing is yet."""
        answers = self._take()
        if not answers and wait > 0:
            if self._multi.select(wait) < 0:  # nothing to wait for yet: a name is being looked up
                time.sleep(min(wait, 0.01))
            answers = self._take()
        return answers

    def abandon(self) -> None:
        """Let go of everything in flight; the connections close."""
        for curl in list(self._busy):
            self._multi.remove_handle(curl)
            curl.close()
        self._busy.clear()

    def close(self) -> None:
        self.abandon()
        for handle in self._idle:
            handle.curl.close()
        self._idle.clear()
        self._multi.close()

    def _new_handle(self) -> Handle:
        curl, words = pycurl.Curl(), bytearray()

        def read(part: bytes) -> int:
            room = MOST_WORDS - len(words)
            words.extend(part[:room])
            return len(part) if len(part) <= room else 0  # 0 ends the transfer

        fixed: dict[int, Any] = {
            pycurl.POST: 1,
            # and no PIPEWAIT: with HTTP/1.1 messages then wait behind one that hangs, also those to another host
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2TLS,
            pycurl.FOLLOWLOCATION: 0,
            pycurl.PROTOCOLS: pycurl.PROTO_HTTPS,
            pycurl.NOSIGNAL: 1,
            pycurl.USERAGENT: "Houvast",
            pycurl.WRITEFUNCTION: read,
        }
        for option, value in (fixed | self._options).items():
            curl.setopt(option, value)
        return Handle(curl, words)

    def _take(self) -> list[tuple[int, Answer]]:
        self._multi.perform()
        answers = []
        while True:
            left, fine, failed = self._multi.info_read(self.width)
            answers += [self._answer(curl, 0) for curl in fine]
            answers += [self._answer(curl, error) for curl, error, _ in failed]
            if not left:
                return answers

    def _answer(self, curl: pycurl.Curl, error: int) -> tuple[int, Answer]:
        """A status that came is the answer, also when its body broke off or never ended."""
        key, handle = self._busy.pop(curl)
        status = int(curl.getinfo(pycurl.RESPONSE_CODE))
        multiplexed = curl.getinfo(pycurl.INFO_HTTP_VERSION) >= pycurl.CURL_HTTP_VERSION_2_0
        if status < 200:  # none, or only an interim one
            answer = Answer(0, fault=_FAULTS.get(error, "broken-off"))
        elif status < 300:
            answer = Answer(status, multiplexed=multiplexed)
        else:
            answer = Answer(status, float(curl.getinfo(pycurl.RETRY_AFTER)), "", bytes(handle.words), multiplexed)
        self._multi.remove_handle(curl)
        self._idle.append(handle)
        return key, answer


def open_public_socket(_purpose: int, address: tuple[int, int, int, tuple[Any, ...]]) -> socket.socket | int:
    """A socket for an address of the open internet; libcurl gives the address that it is about to connect to.

    A trusted name whose answer was forged leads nowhere inside."""
    family, kind, protocol, where = address
    if is_public(where[0]):
        return socket.socket(family, kind, protocol)
    return pycurl.SOCKET_BAD


def is_public(address: str) -> bool:
    """Whether an address is on the open internet, also the IPv4 address that an IPv6 one holds."""
    ip = ipaddress.ip_address(address)
    held = [ip]
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in NAT64:
            held.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        held += [inner for inner in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if inner]
        if ip.ipv4_mapped:
            held.remove(ip)  # Python calls all of these private
    if any(ip in network for network in INNER):
        return False
    return all(each.is_global and not each.is_multicast for each in held)
