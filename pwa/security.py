"""The headers that every answer carries, errors and 304s included, and the Host headers that get one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

FIXED = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}


def content_security_policy(import_map_hash: str) -> str:
    """The policy of a public page (CSP Level 3, Trusted Types).

    `import_map_hash` is the import map's `sha256-…`; hashes, because a nonce in a cached page is a constant."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' '{import_map_hash}'",
            "style-src 'self'",
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


def headers(import_map_hash: str) -> dict[str, str]:
    """The whole set, as name → value."""
    return {"Content-Security-Policy": content_security_policy(import_map_hash), **FIXED}


def client_address(remote: str | None, forwarded: str | None, proxies: int) -> str:
    """Who asks: the address that the outermost of our own `proxies` saw, counted from the right of X-Forwarded-For.

    What stands further to the left was sent along by the asker, and is not believed."""
    seen = [part.strip() for part in (forwarded or "").split(",")]
    return seen[-proxies] if 0 < proxies <= len(seen) and seen[-proxies] else remote or ""


def host_check(trusted: list[str]) -> Callable[[str], bool]:
    """A test of Host headers, with or without a port, in any case (RFC 9110, 7.2); Werkzeug's knows no IPv6."""

    names = {name.lower() for name in trusted}

    @lru_cache(maxsize=256)
    def is_trusted(host: str) -> bool:
        name, _, port = host.rpartition(":")
        return (name if name and port.isdigit() else host).lower() in names

    return is_trusted
