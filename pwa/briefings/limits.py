"""How often one address may send briefings and notes.

Days cost: a briefing for a week takes seven attempts. So one address can never hold more than about 2,000 briefings at
a time, a tenth of all, whatever their expiry; a staff room of sixty people behind one address never notices."""

from __future__ import annotations

from pwa.patience import Patience

BURST = 600  # sixty colleagues who each make a week's briefing in the same five minutes
EVERY = 60.0  # seconds until there is one more


def full() -> Patience:
    """Nobody has sent anything yet."""
    return Patience(BURST, EVERY)
