"""Join codes: ten symbols of Crockford's base 32, which have no letters that look alike (crockford.com/base32.html)."""

from __future__ import annotations

import secrets

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_LOOKS_LIKE = str.maketrans("OIL", "011")


def new_code() -> str:
    """50 random bits: a million guesses at five thousand groups hit with a chance of 1 in 200,000."""
    return "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH))


def read_code(typed: str) -> str | None:
    """A code as somebody types it, with small letters, blanks, dashes and O for 0; None when it cannot be one."""
    code = "".join(typed.upper().replace("-", " ").split()).translate(_LOOKS_LIKE)
    return code if len(code) == LENGTH and set(code) <= set(SYMBOLS) else None


def show_code(code: str) -> str:
    """In two halves, for people to read: K7M2Q-9XR4T."""
    return f"{code[:5]}-{code[5:]}"
