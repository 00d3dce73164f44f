"""How many may come, and who guesses: a staff room gets in while somebody floods, from elsewhere or from beside it.

Kept in memory, because there is one web process (pwa.patience); the reasons are in docs/decisions/0011."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta

from pwa.clock import now
from pwa.patience import Patience
from pwa.security import Network
from pwa.subscriptions.keeping import Known

HOUR = timedelta(hours=1)
MOST_MISSES = 100  # wrong join codes within an hour, by everybody together: that is nobody's typing


class Crowd:
    """Newcomers and guesses, per network: an IPv4 address, or a /64 of IPv6 and the /48 around it."""

    def __init__(self) -> None:
        self.newcomers = Patience(60, 60)  # a staff room at once; then sixty an hour
        self.invited = Patience(60, 60)  # the same once more, for each code that is right
        self.sent = Patience(5, 60)  # messages to one device that it asks for
        self.moves = Patience(5, 3600)  # of one device, whose browser takes another address now and then
        self.moved = Patience(300, 12)  # a large school, on the morning after our key changed
        self.returned = Patience(300, 12)  # a large school in an hour, and no end of invented devices
        self.wrong_codes = Patience(20, 3)
        self.misses = Misses(MOST_MISSES, HOUR)

    def may_come(self, network: Network, code: str, known: Known | None) -> bool:
        """Whether a device is taken in; who brings a right `code` does not wait behind those who do not.

        One that is known always is with the address that it had, but while it is not proved it is sent a confirmation
        each time. Another address may be as invented as a newcomer's."""
        if known and not known.proved and not self.may_be_sent(known.number):
            return False
        if known and not known.moves:
            return True
        if known and known.proved:
            return self._may_move(network, f"device {known.number}")
        with_code = [f"{code} {each}" for each in network]
        return bool(code and self.invited.take(*with_code)) or self.newcomers.take(*network)

    def may_be_sent(self, number: int) -> bool:
        """Whether this device gets one more message now that it asks for one."""
        return self.sent.take(f"device {number}")

    def _may_move(self, network: Network, device: str) -> bool:
        """Its own count comes first: one that goes on and on takes nothing from those beside it."""
        if not self.moves.take(device):
            return False
        if not self.moved.take(*network):
            self.moves.give_back(device)
            return False
        return True

    def proved(self, network: Network) -> None:
        """Somebody was no invention: their place is free for the next one."""
        if self.returned.take(*network):
            self.newcomers.give_back(*network)

    def may_guess(self, who: Network) -> bool:
        """Whether a code of this device or network is looked at; a right one is given back."""
        return self.wrong_codes.take(*who)

    def was_right(self, who: Network) -> None:
        self.wrong_codes.give_back(*who)


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
