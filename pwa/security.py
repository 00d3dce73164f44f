"""The headers that every answer carries, errors and 304s included."""

from __future__ import annotations

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
