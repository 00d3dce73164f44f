"""The layer in front of Flask: answers every page of the release from memory (PEP 3333).

Headers are put together once, at start; a request costs a few dictionary look-ups. Everything that is not in the
release, and everything odd, goes on to Flask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from pwa import security
from pwa.offline.release import Answer, Release

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Pages that read their query on the server; all others don't look at it.
ASKS_FLASK = "/search"
NOTHING: list[bytes] = []  # a list goes out at once, and anything else as a stream, which takes a fifth longer
Headers = list[tuple[str, str]]


class Variant:
    """One encoding of one answer, ready to be sent."""

    __slots__ = ("body", "etag", "headers", "length", "not_modified")

    def __init__(self, answer: Answer, encoding: str, body: Iterable[bytes], size: int, fixed: Headers) -> None:
        self.etag = f'"{answer.digest}{f"-{encoding}" if encoding else ""}"'
        shared = [("Cache-Control", answer.cache), ("ETag", self.etag), ("Vary", "Accept-Encoding"), *fixed]
        encoded = [("Content-Encoding", encoding)] if encoding else []
        self.body = body
        self.headers = [("Content-Type", answer.type), ("Content-Length", str(size)), *encoded, *shared]
        self.not_modified = shared


class Unpacked:
    """A body that is unpacked for whoever wants it as it is."""

    __slots__ = ("answer",)

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield self.answer.body


class Front:
    """A WSGI application: the release from memory, the rest from `app`."""

    def __init__(self, app: WSGIApplication, release: Release, trusted_hosts: list[str]) -> None:
        self.app = app
        fixed = list(security.headers(release.inline).items())
        self.answers = {path: _variants(answer, fixed) for path, answer in release.answers.items()}
        self.asks_flask = {path for path in self.answers if path.endswith(ASKS_FLASK)}
        self.is_trusted = security.host_check(trusted_hosts)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        variants = self.answers.get(path)
        method = environ["REQUEST_METHOD"]
        if (
            variants is None
            or method not in ("GET", "HEAD")
            or not self.is_trusted(environ.get("HTTP_HOST", ""))
            or (environ.get("HTTP_SEC_FETCH_DEST") == "serviceworker" and path != "/sw.js")
            or (environ.get("QUERY_STRING") and path in self.asks_flask)
        ):
            return self.app(environ, start_response)
        variant = variants[best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))]
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and (variant.etag in known or known.strip() == "*"):
            start_response("304 Not Modified", variant.not_modified)
            return NOTHING
        start_response("200 OK", variant.headers)
        return variant.body if method == "GET" else NOTHING


@lru_cache(maxsize=256)
def best_encoding(accepted: str) -> int:
    """0 as it is, 1 gzip, 2 brotli: the smallest that an Accept-Encoding header allows (RFC 9110, 12.5.3)."""
    allowed = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        allowed[name.strip()] = parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    if allowed.get("br", False):
        return 2
    return 1 if allowed.get("gzip", allowed.get("*", False)) else 0


def _variants(answer: Answer, fixed: Headers) -> tuple[Variant, Variant, Variant]:
    plain = Variant(answer, "", Unpacked(answer), answer.size, fixed)
    zipped, squeezed = (
        None if body is None else Variant(answer, encoding, [body], len(body), fixed)
        for encoding, body in (("gzip", answer.gzip), ("br", answer.brotli))
    )
    return plain, zipped or plain, squeezed or zipped or plain
