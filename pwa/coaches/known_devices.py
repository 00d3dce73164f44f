"""Browsers in which somebody signed in before: guesses from elsewhere do not use up their attempts."""

from __future__ import annotations

import hashlib
import hmac
import secrets


class KnownDevices:
    """A word that a browser gets when somebody signed in on it, so that guesses from elsewhere do not keep them out.

    The word holds a random part and a digest of it with the address: it opens nothing, and works for one account
    (OWASP, "Slow down online guessing attacks with device cookies")."""

    def __init__(self, secret: str) -> None:
        self.key = secret.encode()

    def new(self, email: str) -> str:
        """A word for this browser."""
        part = secrets.token_urlsafe(12)
        return f"{part}.{self._digest(part, email)}"

    def knows(self, word: str, email: str) -> bool:
        """Whether somebody signed in as this address where the word was kept."""
        part, _, digest = word.partition(".")
        return bool(digest) and hmac.compare_digest(digest.encode(), self._digest(part, email).encode())

    def _digest(self, part: str, email: str) -> str:
        return hmac.new(self.key, f"{part} {email.strip().casefold()}".encode(), hashlib.sha256).hexdigest()
