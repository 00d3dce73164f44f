"""Briefings as the scripts seal them, written apart from the scripts: a test opens with this what they sealed."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"


def pack(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def fresh() -> str:
    return pack(os.urandom(16))


def id_of(token: str) -> str:
    return pack(hashlib.sha256(b"houvast briefing maker\0" + unpack(token)).digest()[:16])


def seal(value: Any, key: str, purpose: str, id_: str, step: int = 2048) -> str:
    plain = json.dumps(value, ensure_ascii=False).encode()
    plain += b" " * (-len(plain) % step)
    nonce = os.urandom(12)
    check = hashlib.sha256(b"houvast key check\0" + unpack(key)).digest()[:4]
    return pack(VERSION + check + nonce + AESGCM(unpack(key)).encrypt(nonce, plain, _bound(purpose, id_)))


def unseal(sealed: str, key: str, purpose: str, id_: str) -> Any:
    """Raises cryptography.exceptions.InvalidTag for whatever was not sealed so."""
    data = unpack(sealed)
    assert data[:1] == VERSION
    return json.loads(AESGCM(unpack(key)).decrypt(data[5:17], data[17:], _bound(purpose, id_)))


def _bound(purpose: str, id_: str) -> bytes:
    return f"houvast 1 {purpose} {id_}".encode()
