"""Which addresses a message may be sent to, and which keys it can be encrypted for.

Checked when a device comes and again before each send. The server posts to whatever is kept here, so an address that is
not a push service's would turn it against its own network."""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

LONGEST = 2048
EXACT = ("fcm.googleapis.com", "jmt17.google.com")  # Chrome and what is made from it
WITHIN = ("push.apple.com", "notify.windows.com", "push.services.mozilla.com")  # Safari; Edge; Firefox
# Small letters, and never two hyphens: an xn-- label passes a test of the ending and breaks clients that decode it.
_LABELS = r"(?:(?=[a-z0-9-]{1,63}\.)[a-z0-9]+(?:-[a-z0-9]+)*\.){1,4}"
_HOST = "|".join([*map(re.escape, EXACT), *(_LABELS + re.escape(host) for host in WITHIN)])
# After the host only what RFC 3986 allows in a path or query, without @: no blanks, controls, backslashes or fragments.
_ENDPOINT = re.compile(rf"(https://(?:{_HOST}))(?::443)?(/[A-Za-z0-9._~!$&'()*+,;=:/?%-]+)")
_BASE64URL = re.compile(r"([A-Za-z0-9_-]+)={0,2}")


class EndpointError(ValueError):
    """A subscription that cannot be used; the message is a sentence for the log, without the address itself."""


class Keys(NamedTuple):
    """What RFC 8291 encrypts for: `p256dh` is an uncompressed P-256 point (65 bytes), `auth` 16 bytes."""

    p256dh: bytes
    auth: bytes


def check(endpoint: object) -> str:
    """The origin of a trusted endpoint, such as https://fcm.googleapis.com. Raises EndpointError for anything else."""
    if not isinstance(endpoint, str) or len(endpoint) > LONGEST:
        raise EndpointError(f"The endpoint is not text of at most {LONGEST} characters.")
    found = _ENDPOINT.fullmatch(endpoint)
    if not found:
        raise EndpointError("The endpoint is not an https address of a push service that we know.")
    return found[1]


def read_keys(p256dh: object, auth: object) -> Keys:
    """The keys as a browser gives them, in base64url. Raises EndpointError when one cannot be used."""
    keys = Keys(_bytes(p256dh, 65, "p256dh"), _bytes(auth, 16, "auth"))
    check_point(keys.p256dh)
    return keys


def check_point(p256dh: bytes) -> None:
    """Raises EndpointError for bytes that are no point of the curve."""
    if len(p256dh) != 65:
        raise EndpointError("The key p256dh is not 65 bytes long.")
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), p256dh)
    except ValueError as error:
        raise EndpointError("The key p256dh is not a point of P-256.") from error


def _bytes(value: object, length: int, name: str) -> bytes:
    found = _BASE64URL.fullmatch(value) if isinstance(value, str) and len(value) < 200 else None
    if not found:
        raise EndpointError(f"The key {name} is not base64url.")
    try:
        decoded = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
    except (binascii.Error, ValueError) as error:
        raise EndpointError(f"The key {name} is not base64url.") from error
    if len(decoded) != length:
        raise EndpointError(f"The key {name} is not {length} bytes long.")
    return decoded
