"""What a device can open: the example of RFC 8291, and any message, opened by another implementation (http_ece)."""

from __future__ import annotations

import base64
import os

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from pwa.delivery.encryption import LONGEST, RECORD, encrypt, sealed

DEVICE = ec.generate_private_key(ec.SECP256R1())
POINT = DEVICE.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
AUTH = os.urandom(16)


def read(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_example_of_the_specification_byte_by_byte() -> None:
    """RFC 8291, 5 and appendix A."""
    key = ec.derive_private_key(
        int.from_bytes(read("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), ec.SECP256R1()
    )
    device = read("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
    body = sealed(device, read("BTBZMqHH6r4Tts7J_aSIgg"), b"When I grow up, I want to be a watermelon", key,
                  read("DGv6ra1nlYgDCS1FRnbzlw"))  # fmt: skip
    assert body == read(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
        "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@given(st.binary(max_size=LONGEST))
def test_a_device_opens_any_message(payload: bytes) -> None:
    body = encrypt(POINT, AUTH, payload)
    assert http_ece.decrypt(body, private_key=DEVICE, auth_secret=AUTH) == payload
    assert len(body) <= RECORD


def test_no_two_messages_have_a_salt_or_a_key_in_common() -> None:
    bodies = [encrypt(POINT, AUTH, b"Pauze blijft") for _ in range(200)]
    assert len({body[:16] for body in bodies}) == 200
    assert len({body[21:86] for body in bodies}) == 200


@pytest.mark.parametrize(("point", "auth", "payload", "why"), [
    (b"", AUTH, b"x", "0 and 16 bytes"), (POINT[:-1], AUTH, b"x", "64 and 16 bytes"),
    (b"\2" + bytes(32), AUTH, b"x", "33 and 16 bytes"), (bytes(65), AUTH, b"x", "point"),
    (b"\4" + bytes(64), AUTH, b"x", "EC key"), (POINT, b"", b"x", "65 and 0 bytes"),
    (POINT, AUTH + b"x", b"x", "65 and 17 bytes"), (POINT, AUTH, bytes(LONGEST + 1), "3993 fit"),
], ids=["none", "cut off", "compressed", "zeros", "off curve", "no secret", "long secret", "long text"])  # fmt: skip
def test_what_cannot_be_encrypted_raises(point: bytes, auth: bytes, payload: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        encrypt(point, auth, payload)
