"""A message as long as a tip, and the keys of a device that throws it away."""

from __future__ import annotations

import base64
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pwa.delivery.message import tip_message

MESSAGE = tip_message(url="https://houvast.example.org", language="nl", tip=1, batch="0123456789abcdef",
                      card="keep-recess", title="Pauze blijft", body="Altijd, wat er ook gebeurt.")


def raw_keys() -> tuple[bytes, bytes]:
    """The public point and the secret, as the database holds them."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint)
    return point, os.urandom(16)


def device() -> dict[str, str]:
    """The same as a browser gives them."""
    return dict(zip(("p256dh", "auth"), (base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in raw_keys()),
                    strict=True))
