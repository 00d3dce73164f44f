"""How often one address may send: buckets in memory only, so that no address is ever written down.

Days cost: a briefing for a week takes seven tokens. So one address can never hold more than about 2,000 briefings at a
time, a tenth of all, whatever their expiry; a staff room of sixty people behind one address never notices."""

from __future__ import annotations

import threading
from collections import OrderedDict

from pwa.security import network_of

BURST = 600.0  # tokens of a full bucket: sixty colleagues who each make a week's briefing in the same five minutes
REFILL = 60 / 3600  # tokens a second
MOST_ADDRESSES = 20_000  # remembered at once; who sent longest ago is forgotten first


class Buckets:
    """Token buckets by address; a full bucket needs no memory."""

    def __init__(self, burst: float = BURST, refill: float = REFILL) -> None:
        self.burst, self.refill = burst, refill
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, address: str, cost: float, now: float) -> int:
        """0 when the address may; else the seconds after which it may. `now` in seconds."""
        key = network_of(address)
        with self._lock:
            left, since = self._left.pop(key, (self.burst, now))
            left = min(self.burst, left + max(0.0, now - since) * self.refill)
            granted = left >= cost
            self._left[key] = (left - cost if granted else left, now)
            while len(self._left) > MOST_ADDRESSES:
                self._left.popitem(last=False)
        return 0 if granted else int((cost - left) / self.refill) + 1
