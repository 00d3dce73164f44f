"""How often somebody may try to sign in: a few times at once, then slowly, and never a hard lock.

Kept in memory, because there is one web process; several of them would each allow this much."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict

MOST_KEYS = 20_000


class Patience:
    """Attempts per key (an address, an account): `burst` at once, then one more every `seconds`."""

    def __init__(self, burst: int, seconds: float) -> None:
        self.burst = burst
        self.seconds = seconds
        self.left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key → (attempts left, as of when)
        self.counting = threading.Lock()

    def take(self, *keys: str) -> bool:
        """Use one attempt of each key; False, and none is used, when one of them has none left."""
        with self.counting:
            left = {key: self._left(key) for key in keys}
            if min(left.values()) < 1:
                return False
            for key, number in left.items():
                self._keep(key, number - 1)
            return True

    def give_back(self, *keys: str) -> None:
        """The attempt was right: it does not count."""
        with self.counting:
            for key in keys:
                self._keep(key, min(self.burst, self._left(key) + 1))

    def _left(self, key: str) -> float:
        left, then = self.left.get(key, (float(self.burst), time.monotonic()))
        return min(float(self.burst), left + max(0.0, time.monotonic() - then) / self.seconds)

    def _keep(self, key: str, left: float) -> None:
        self.left[key] = (left, time.monotonic())
        self.left.move_to_end(key)
        if len(self.left) > MOST_KEYS:
            self.left.popitem(last=False)


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
