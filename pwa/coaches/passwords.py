"""Which passwords are good enough: long ones; not a pattern, not the address, not the name of this site."""

from __future__ import annotations

import re

SHORTEST = 15  # NIST SP 800-63B-4, 3.1.1.2
LONGEST = 128
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "azertyuiop")
COMMON = ("password", "passwort", "wachtwoord", "welkom", "welcome", "houvast", "iloveyou", "letmein", "correcthorse",
          "batterystaple", "sunshine", "princess", "football", "monkey", "dragon", "secret", "school")  # fmt: skip
FEWEST_DIFFERENT = 6


def is_guessable(password: str, email: str = "") -> bool:
    """Whether a long password is still among the first that somebody would try.

    Of the published lists of leaked passwords nearly all are shorter than 15; what is left is built of few parts."""
    plain = password.casefold()
    if len(set(plain)) < FEWEST_DIFFERENT:
        return True
    known = [*COMMON, *(part for part in re.split(r"\W+", email.casefold()) if len(part) > 2)]
    for word in known:
        plain = plain.replace(word, "")
    return len(re.sub(r"[\W\d_]", "", plain)) < 3 or _is_repeated(password.casefold()) or _is_row(plain)


def _is_repeated(text: str) -> bool:
    """One short piece again and again: abcabcabcabcabc."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, min(7, len(text) // 2)))


def _is_row(text: str) -> bool:
    """More than half of the steps go along a keyboard or the alphabet."""
    pairs = {row[i : i + 2] for row in ROWS for i in range(len(row) - 1)}
    steps = [text[i : i + 2] for i in range(len(text) - 1)]
    along = sum(step in pairs or step[::-1] in pairs for step in steps)
    return bool(steps) and along > len(steps) / 2
