"""The headers that every answer carries, errors and 304s included, and the Host headers that get one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from pwa.assets import Inline

FIXED = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}


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
