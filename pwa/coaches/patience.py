"""How often somebody may try to sign in: a few times at once, then slowly, and never a hard lock.

Kept in memory, because there is one web process; several of them would each allow this much."""

from __future__ import annotations

import time
from collections import OrderedDict

MOST_KEYS = 20_000


class Patience:
    """Attempts per key (an address, an account): `burst` at once, then one more every `seconds`."""

    def __init__(self, burst: int, seconds: float) -> None:
        self.burst = burst
        self.seconds = seconds
        self.left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key → (attempts left, as of when)

    def take(self, key: str) -> bool:
        """Use one attempt; False when there is none left."""
        left = self._left(key)
        self._keep(key, left - 1 if left >= 1 else left)
        return left >= 1

    def give_back(self, key: str) -> None:
        """The attempt was right: it does not count."""
        self._keep(key, min(self.burst, self._left(key) + 1))

    def _left(self, key: str) -> float:
        left, then = self.left.get(key, (float(self.burst), time.monotonic()))
        return min(float(self.burst), left + max(0.0, time.monotonic() - then) / self.seconds)

    def _keep(self, key: str, left: float) -> None:
        self.left[key] = (left, time.monotonic())
        self.left.move_to_end(key)
        if len(self.left) > MOST_KEYS:
            self.left.popitem(last=False)
