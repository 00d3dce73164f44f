"""What a device may send, decoded strictly: types, sizes and alphabet, before anything else looks at it."""

from __future__ import annotations

import base64
import re
from typing import Any

import msgspec
from msgspec import Struct

ID = re.compile(r"[A-Za-z0-9_-]{22}")
URL_SAFE = re.compile(r"[A-Za-z0-9_-]+")
MOST_REVISIONS = 1_000_000
LONGEST_BODY = 24 * 1024  # 16 kB of ciphertext in base64, and the fields around it


class BadBodyError(ValueError):
    """Something that our own pages never send."""


class Save(Struct, frozen=True, forbid_unknown_fields=True):
    """A new briefing (`after` 0), or a change of revision `after`; `expires` in seconds since 1970."""

    revision: int
    after: int
    expires: int
    sealed: str


class Note(Struct, frozen=True, forbid_unknown_fields=True):
    sealed: str


def read_body(data: bytes, kind: type[Any]) -> Any:
    """A JSON body of one kind. Raises BadBodyError; deep nesting and odd numbers end here too."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise BadBodyError from error


def unpack(text: str, least: int, most: int) -> bytes:
    """Bytes from base64url without padding (RFC 4648, section 5), of an allowed length. Raises BadBodyError."""
    if not URL_SAFE.fullmatch(text) or len(text) % 4 == 1:
        raise BadBodyError
    unpacked = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if not least <= len(unpacked) <= most or pack(unpacked) != text:  # one way to write it, and no other
        raise BadBodyError
    return unpacked


def pack(data: bytes) -> str:
    """The opposite of `unpack`."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def read_id(text: str) -> bytes | None:
    """An id or a token of 16 bytes as it stands in a link, or None."""
    try:
        return unpack(text, 16, 16) if ID.fullmatch(text) else None
    except BadBodyError:
        return None
