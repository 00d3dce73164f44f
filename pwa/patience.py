"""How often somebody may do something: some times at once, then slowly, and never a hard lock.

Kept in memory only, so that no address is ever written down, and because there is one web process; several of them
would each allow this much."""

from __future__ import annotations

import threading
import time

WIDE, SHARE = "/48", 0.25  # keys that end so (pwa.security.network_of) have four times as much: several may be there
MOST_KEYS = 20_000  # remembered at once; who has most attempts left is forgotten first


class Patience:
    """Attempts per key (an address, an account): `burst` at once, then one more every `seconds`."""

    def __init__(self, burst: float, seconds: float) -> None:
        self.burst = float(burst)
        self.seconds = seconds
        self.left: dict[str, tuple[float, float]] = {}  # key → (attempts left, as of when); who has all is not here
        self.counting = threading.Lock()

    def take(self, *keys: str) -> bool:
        """Use one attempt of each key; False, and none is used, when one of them has none left."""
        return not self.wait(*keys)

    def wait(self, *keys: str, cost: float = 1, at: float | None = None) -> int:
        """0, and `cost` attempts of each key are used; or in how many seconds that may be, and none is.

        `at` in seconds, by a clock that is always the same one; without it this process's own."""
        at = time.monotonic() if at is None else at
        with self.counting:
            left = {key: self._left(key, at) for key in keys}
            missing = max(cost * _share(key) - number for key, number in left.items())
            if missing <= 0:  # a refusal writes nothing: it costs nothing, so there may be any number of them
                for key, number in left.items():
                    self._keep(key, number - cost * _share(key), at)
        return 0 if missing <= 0 else int(missing * self.seconds) + 1

    def give_back(self, *keys: str) -> None:
        """The attempt was right: it does not count."""
        at = time.monotonic()
        with self.counting:
            for key in keys:
                self._keep(key, self._left(key, at) + _share(key), at)

    def _left(self, key: str, at: float) -> float:
        left, then = self.left.get(key, (self.burst, at))
        return min(self.burst, left + max(0.0, at - then) / self.seconds)

    def _keep(self, key: str, left: float, at: float) -> None:
        if left >= self.burst:
            self.left.pop(key, None)
            return
        self.left[key] = (left, at)
        if len(self.left) > MOST_KEYS:
            self._forget(at)

    def _forget(self, at: float) -> None:
        """A tenth, so that this is rare: whoever has none left would get all of them back."""
        fullest = sorted(self.left, key=lambda key: self._left(key, at), reverse=True)
        for key in fullest[: MOST_KEYS // 10]:
            del self.left[key]


def _share(key: str) -> float:
    return SHARE if key.endswith(WIDE) else 1
