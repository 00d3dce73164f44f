"""A message encrypted for one device: RFC 8291, which fills in RFC 8188 (aes128gcm), as one record.

Half of what a message costs is here, so it stands on the primitives of `cryptography` and `hmac` themselves; the reason
and the figures are in docs/decisions/0007."""

from __future__ import annotations

import hmac
import os

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

POINT = 65  # bytes of a public key, uncompressed: a compressed one is as valid, but no device sent it
SECRET = 16  # bytes of the device's `auth`, of a salt, and of a content encryption key
NONCE = 12
RECORD = 4096  # bytes: what every push service takes (RFC 8030, 7.2), and the record size that we declare
LONGEST = RECORD - 103  # bytes of plain text: the header takes 86, the tag 16, and one ends the text (RFC 8291, 4)
_CURVE, _ECDH = SECP256R1(), ECDH()
_FORM = Encoding.X962, PublicFormat.UncompressedPoint
_LAST = b"\2"  # ends the text of the last record (RFC 8188, 2)


def encrypt(p256dh: bytes, auth: bytes, payload: bytes) -> bytes:
    """The body of a push request, with a key pair and a salt of its own.

    `p256dh` is the device's uncompressed point (65 bytes), `auth` its secret (16 bytes). Raises ValueError for keys
    that are none, and for a payload of more than LONGEST bytes."""
    if (len(p256dh), len(auth)) != (POINT, SECRET):
        raise ValueError(f"The device's keys are {len(p256dh)} and {len(auth)} bytes long, not {POINT} and {SECRET}.")
    if len(payload) > LONGEST:
        raise ValueError(f"The message is {len(payload)} bytes long; {LONGEST} fit.")
    return sealed(p256dh, auth, payload, generate_private_key(_CURVE), os.urandom(SECRET))


def sealed(p256dh: bytes, auth: bytes, payload: bytes, key: EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The same with a given key pair and salt, of which each may be used once only."""
    point = key.public_key().public_bytes(*_FORM)
    shared = key.exchange(_ECDH, EllipticCurvePublicKey.from_encoded_point(_CURVE, p256dh))
    # RFC 8291, 3.3 and 3.4: each HKDF (RFC 5869) needs one block of output, so its second step is one HMAC
    secret = _block(_hmac(auth, shared), b"WebPush: info\0" + p256dh + point)
    pseudorandom = _hmac(salt, secret)
    content_key = _block(pseudorandom, b"Content-Encoding: aes128gcm\0")[:SECRET]
    nonce = _block(pseudorandom, b"Content-Encoding: nonce\0")[:NONCE]
    header = salt + RECORD.to_bytes(4) + len(point).to_bytes() + point  # RFC 8188, 2.1
    return header + AESGCM(content_key).encrypt(nonce, payload + _LAST, None)


def _block(pseudorandom: bytes, info: bytes) -> bytes:
    return _hmac(pseudorandom, info + b"\1")


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
