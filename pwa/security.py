"""The edges of an application: which hosts and sizes get an answer, and the headers that every answer carries."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

from pwa.assets import Inline

LONGEST_PATH = 2048
LONGEST_BODY = 64 * 1024  # of readers' devices and of coaches
LONGEST_HEADERS = 16 * 1024
Network = tuple[str, ...]
LARGEST_NUMBER = 2**31 - 1  # PostgreSQL's integer

FIXED = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}


class Number(IntegerConverter):
    """`<int:…>` in an address is the number of a row; one that no column holds is no address, on either database."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST_NUMBER, **options})


def guard_edges(app: Flask, trusted_hosts: list[str], inline: Callable[[], Inline]) -> None:
    """What no view needs to look at: host and sizes on the way in, headers on the way out. `inline` is asked for with
    the first answer, because it takes reading every script, and the pages that are ready-made have their headers."""
    app.url_map.converters["int"] = Number
    is_trusted = host_check(trusted_hosts)
    fixed = cache(lambda: headers(inline()))

    @app.before_request
    def refuse_strange_requests() -> None:
        if not is_trusted(request.environ.get("HTTP_HOST", "")):
            abort(400)
        if len(request.path) > LONGEST_PATH:
            abort(414)
        if sum(len(name) + len(value) for name, value in request.headers.items()) > LONGEST_HEADERS:
            abort(431)
        if request.headers.get("Sec-Fetch-Dest") == "serviceworker":
            abort(403)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in fixed().items():
            response.headers.setdefault(name, value)
        return response


def is_from_elsewhere() -> bool:
    """Whether another site's page asks, as far as the browser says (Fetch Metadata, W3C); other programs do not."""
    return request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}


def network_of(address: str) -> Network:
    """What counts as one sender: an IPv4 address, or an IPv6 network of 64 bits and the one of 48 around it. A provider
    gives a household 256 or 65,536 of the small ones."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ("unknown",)
    if isinstance(parsed, ipaddress.IPv6Address) and not parsed.ipv4_mapped:
        small, wide = (ipaddress.ip_network((parsed, bits), strict=False) for bits in (64, 48))
        return str(small.network_address), str(wide)
    return (str(getattr(parsed, "ipv4_mapped", None) or parsed),)


def content_security_policy(inline: Inline) -> str:
    """The policy of a public page (CSP Level 3, Trusted Types). Hashes: a nonce in a cached page is a constant."""
    return "; ".join(
        [
            "default-src 'none'",
            _source("script-src", inline.scripts),
            _source("style-src", inline.styles),
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types houvast-sw",
        ]
    )


def _source(directive: str, hashes: tuple[str, ...]) -> str:
    return " ".join([directive, "'self'", *(f"'{digest}'" for digest in hashes)])


def headers(inline: Inline) -> dict[str, str]:
    """The whole set, as name → value."""
    return {"Content-Security-Policy": content_security_policy(inline), **FIXED}


def host_check(trusted: list[str]) -> Callable[[str], bool]:
    """A test of Host headers, with or without a port, in any case (RFC 9110, 7.2); Werkzeug's knows no IPv6."""

    names = {name.lower() for name in trusted}

    @lru_cache(maxsize=256)
    def is_trusted(host: str) -> bool:
        name, _, port = host.rpartition(":")
        return (name if name and port.isdigit() else host).lower() in names

    return is_trusted
