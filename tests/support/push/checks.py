"""The checks of a strict push service: headers, body, VAPID; and decryption with keys that were minted here."""

from __future__ import annotations

import hashlib
import json
import re
import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.support.push.plans import Refused, unb64

MAX_BODY, MAX_TTL, DAY = 4096, 30 * 86400, 86400
URGENCIES = {"very-low", "low", "normal", "high"}


class Vapid:
    """RFC 8292 Authorization header, with a cache: senders reuse their token."""

    def __init__(self):
        self.cache, self.verified = {}, 0

    def check(self, header, audience, now):
        hit = self.cache.get(header)
        if hit is None:
            hit = self.cache[header] = self._parse(header)
            if len(self.cache) > 20000:
                self.cache.pop(next(iter(self.cache)))
        claims, keyhash, warnings = hit
        if claims.get("aud") != audience:
            raise Refused(401, 109, f"VAPID aud is {claims.get('aud')!r}, not {audience!r}")
        if claims["exp"] <= now:
            raise Refused(401, 109, "VAPID token has expired")
        if claims["exp"] > now + DAY + 60:
            raise Refused(401, 109, "VAPID exp is more than 24 hours away")
        return keyhash, warnings

    def _parse(self, header):
        scheme, _, rest = header.strip().partition(" ")
        if scheme.lower() != "vapid":
            raise Refused(401, 109, f"Authorization scheme is {scheme!r}, not vapid")
        fields = dict(p.strip().partition("=")[::2] for p in rest.split(","))
        warnings = []
        try:
            signed, _, signature = fields["t"].rpartition(".")
            head, _, body = signed.partition(".")
            jose, claims = json.loads(unb64(head)), json.loads(unb64(body))
            raw, key = unb64(signature), unb64(fields["k"])
            public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
        except (KeyError, ValueError, TypeError) as e:
            raise Refused(401, 109, f"VAPID header cannot be read: {e!r}") from e
        if jose.get("alg") != "ES256" or len(raw) != 64:
            raise Refused(401, 109, "VAPID token is not ES256")
        try:
            public.verify(
                encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")),
                signed.encode(),
                ec.ECDSA(hashes.SHA256()),
            )
        except InvalidSignature:
            raise Refused(401, 109, "VAPID signature does not verify") from None
        self.verified += 1
        if isinstance(claims.get("exp"), bool) or not isinstance(claims.get("exp"), (int, float)):
            raise Refused(401, 109, "VAPID exp is missing or not a number")
        sub = claims.get("sub")
        if not (isinstance(sub, str) and re.match(r"(mailto:[^\s@]+@[^\s@]+$|https://\S+$)", sub)):
            warnings.append("VAPID sub is not mailto:… or https://… (Apple refuses this)")
        if re.search(r"[=+/]", fields["k"]):
            warnings.append("VAPID k is not unpadded base64url")
        return claims, hashlib.sha256(key).digest(), warnings


def check_body(body, headers):
    """Content-Encoding and the aes128gcm header; returns warnings."""
    if not body:
        return []
    if len(body) > MAX_BODY:
        raise Refused(413, 104, f"payload of {len(body)} bytes, more than {MAX_BODY}")
    encoding = headers.get("Content-Encoding")
    if encoding != "aes128gcm":
        raise Refused(400, 110, f"Content-Encoding is {encoding!r}, not aes128gcm")
    warnings = []
    for name in ("Encryption", "Crypto-Key"):
        if re.search(r"(salt|dh)=", headers.get(name, "")):
            raise Refused(400, 110, f"{name} header has no place beside aes128gcm")
    if len(body) < 86 + 17 or body[20] != 65 or body[21] != 4:
        raise Refused(
            400, 110, "body does not begin with an aes128gcm header (salt 16, rs 4, idlen 65, uncompressed P-256 point)"
        )
    rs = struct.unpack("!I", body[16:20])[0]
    if rs < 18:
        raise Refused(400, 110, f"record size {rs} is under 18")
    if len(body) - 86 > rs:
        warnings.append("more than one encryption record (RFC 8291 allows one)")
    return warnings


def check_headers(headers):
    if "TTL" not in headers:
        raise Refused(400, 111, "missing TTL header")
    if not re.fullmatch(r"\d{1,10}", headers["TTL"].strip()):
        raise Refused(400, 112, f"TTL {headers['TTL']!r} is not a whole number >= 0")
    ttl, topic, warnings = int(headers["TTL"]), headers.get("Topic"), []
    if topic is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", topic):
        raise Refused(400, 113, f"Topic {topic!r} is not 1-32 characters of base64url")
    if headers.get("Urgency", "normal") not in URGENCIES:
        warnings.append(f"Urgency {headers['Urgency']!r} is none of RFC 8030's")
    if ttl > 28 * DAY:
        warnings.append("TTL over 28 days (the longest FCM keeps)")
    return min(ttl, MAX_TTL), topic, warnings


def decrypt(body, private, auth):
    """RFC 8291 over RFC 8188, one record."""
    salt, sender = body[:16], body[21:86]
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
    mine = private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)

    def hkdf(salt, secret, info, length):
        return HKDF(hashes.SHA256(), length, salt, info).derive(secret)

    ikm = hkdf(auth, private.exchange(ec.ECDH(), peer), b"WebPush: info\0" + mine + sender, 32)
    key = hkdf(salt, ikm, b"Content-Encoding: aes128gcm\0", 16)
    nonce = hkdf(salt, ikm, b"Content-Encoding: nonce\0", 12)
    padded = AESGCM(key).decrypt(nonce, body[86:], None).rstrip(b"\0")
    if not padded.endswith(b"\2"):
        raise ValueError("last record's delimiter is not 2")
    return padded[:-1]
