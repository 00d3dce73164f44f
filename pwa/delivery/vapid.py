"""Our keys for push services (RFC 8292): the present one, the older ones, and signed headers kept for some hours."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from py_vapid import Vapid

from pwa import clock
from pwa.config import SettingsError
from pwa.keys import vapid_files

LIFE = timedelta(hours=12)  # a push service refuses more than 24 hours, and its clock may differ
RENEW = timedelta(hours=1)
MOST_SIGNED = 1000  # headers kept; there are some ten push services, and no end of names that look like theirs


@dataclass
class Keys:
    """The private keys by their ids; `present` is the id of the one that new subscriptions are made with."""

    private: dict[str, EllipticCurvePrivateKey]
    present: str
    contact: str
    now: Callable[[], datetime] = clock.now
    _signed: dict[tuple[str, str], tuple[datetime, str]] = field(default_factory=dict)

    @property
    def application_server_key(self) -> str:
        """What a browser subscribes with: the public point in base64url, without padding."""
        return base64.urlsafe_b64encode(_point(self.private[self.present].public_key())).rstrip(b"=").decode()

    def authorization(self, origin: str, key_id: str) -> str:
        """The value of the Authorization header, signed once per origin and key. Raises KeyError for an unknown key."""
        until, header = self._signed.get((origin, key_id), (None, ""))
        if until is None or not RENEW <= until - self.now() <= LIFE:  # more than that: the clock was put back
            key = self.private[key_id]
            until = self.now() + LIFE
            claims = {"aud": origin, "exp": int(until.timestamp()), "sub": self.contact}
            header = str(Vapid(key).sign(claims)["Authorization"])
            if len(self._signed) >= MOST_SIGNED:
                self._signed.clear()
            self._signed[origin, key_id] = until, header
        return header


def load_keys(instance: Path, contact: str) -> Keys:
    """The keys in the instance folder, the present one first. Raises SettingsError when one cannot be read."""
    private = {}
    for path in vapid_files(instance):
        key = _load(path)
        private[key_id(_point(key.public_key()))] = key
    return Keys(private, next(iter(private)), contact)


def key_id(point: bytes) -> str:
    """Sixteen characters that name a key, from the public one."""
    return hashlib.sha256(point).hexdigest()[:16]


def _load(path: Path) -> EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(f"The key in {path} cannot be read; restore it from a backup.") from error
    if not isinstance(key, EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise SettingsError(f"The key in {path} is not a P-256 key; restore it from a backup.")
    return key


def _point(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
