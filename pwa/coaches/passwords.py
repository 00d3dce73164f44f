"""Which passwords are good enough: long ones, of which nobody would guess the parts in their order."""

from __future__ import annotations

import re

SHORTEST = 15  # NIST SP 800-63B-4, 3.1.1.2
LONGEST = 128
LOOKED_AT = 32  # a good beginning makes a good whole; for 72 signs that look like letters zxcvbn may take six seconds
FEWEST_GUESSES = 1e9  # more than a leaked hash is worth
OURS = ("houvast", "coach", "school", "wachtwoord", "welkom", "welcome", "correct horse battery staple",
        "correcthorsebatterystaple")  # fmt: skip


def is_guessable(password: str, email: str = "") -> bool:
    """Whether a long password is still among the first that somebody would try.

    zxcvbn (USENIX Security 2016) knows 30,000 leaked passwords, names, words, rows of keys, dates and repetitions; of
    leaked passwords nearly all are shorter than ours may be, and are parts of long ones."""
    from zxcvbn import zxcvbn  # its lists take long to import, and a password is chosen rarely

    own = [part for part in re.split(r"\W+", email.casefold()) if len(part) > 2]
    return float(zxcvbn(password[:LOOKED_AT], user_inputs=[*OURS, *own, email])["guesses"]) < FEWEST_GUESSES
