"""How many may come, and who guesses: a staff room gets in while somebody floods, from elsewhere or from beside it.

Kept in memory, because there is one web process (pwa.patience); the reasons are in docs/decisions/0011."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta

from pwa.clock import now
from pwa.patience import Patience

HOUR = timedelta(hours=1)
MOST_MISSES = 100  # wrong join codes within an hour, by everybody together: that is nobody's typing


class Crowd:
    """Newcomers and guesses, per network: an IPv4 address, or a /64 of IPv6."""

    def __init__(self) -> None:
        self.newcomers = Patience(60, 60)  # a staff room at once; then sixty an hour
        self.invited = Patience(60, 60)  # the same once more, for each code that is right
        self.returned = Patience(300, 12)  # a large school in an hour, and no end of invented devices
        self.wrong_codes = Patience(20, 3)
        self.misses = Misses(MOST_MISSES, HOUR)

    def may_come(self, network: str, code: str) -> bool:
        """Whether one more newcomer is taken in; who brings a right `code` does not wait behind those who do not."""
        return bool(code and self.invited.take(f"{network} {code}")) or self.newcomers.take(network)

    def proved(self, network: str) -> None:
        """Somebody was no invention: their place is free for the next one."""
        if self.returned.take(network):
            self.newcomers.give_back(network)

    def may_guess(self, who: str) -> bool:
        """Whether a code of this device or network is looked at; a right one is given back."""
        return self.wrong_codes.take(who)

    def was_right(self, who: str) -> None:
        self.wrong_codes.give_back(who)


class Misses:
    """What went wrong lately, by everybody together."""

    def __init__(self, most: int, within: timedelta) -> None:
        self.within = within
        self.latest: deque[datetime] = deque(maxlen=most)
        self.told: datetime | None = None
        self.counting = threading.Lock()

    def add(self) -> bool:
        """One more. True when there are `most` within the time, which is told once in that time."""
        at = now()
        with self.counting:
            self.latest.append(at)
            full = len(self.latest) == self.latest.maxlen and at - self.latest[0] <= self.within
            tell = full and (self.told is None or at - self.told >= self.within)
            if tell:
                self.told = at
        return tell
