"""What an answer of a push service means, and what is done: the table of docs/push.md as one function."""

from __future__ import annotations

import re
from typing import NamedTuple

PAUSE = 60.0  # seconds, when a service says "too many" and not for how long
LONGEST_PAUSE = 86400.0
# Apple: VapidPkHashMismatch. Mozilla: "VAPID public key mismatch". Google: "… do not correspond to the credentials used
# to create the subscriptions". Only the body tells a wrong key from the other reasons for these statuses.
_OTHER_KEY = re.compile(rb"mismatch|do not correspond", re.IGNORECASE)

_ACTS = {200: "accepted", 201: "accepted", 202: "accepted", 204: "accepted", 404: "gone", 410: "gone",
         406: "pause", 429: "pause", 408: "retry"}  # fmt: skip
# A redirect is never followed: it would carry our signature to anywhere.
_CLASSES = {2: "accepted", 3: "failed", 4: "stop", 5: "retry"}


class Answer(NamedTuple):
    """What came back: `status`, 0 when nothing did and `fault` says why; `wait` is Retry-After in seconds, or 0;
    `words` at most 2,048 bytes of the body, never to be logged: some services put the address in it; `multiplexed`:
    by HTTP/2, so that many messages share a connection."""

    status: int
    wait: float = 0.0
    fault: str = ""
    words: bytes = b""
    multiplexed: bool = False


class Verdict(NamedTuple):
    """`act` is one of: accepted; gone (erase the subscription); failed (for good); retry; pause (this service, for
    `wait` seconds); stop (this service: it is our fault, erase nothing). `reason` is for the counts."""

    act: str
    reason: str = ""
    wait: float = 0.0

    @property
    def is_silence(self) -> bool:
        """Nothing came back, not even a status."""
        return self.act == "retry" and not self.reason.startswith("answer-")


def judge(answer: Answer, *, older_key: bool) -> Verdict:
    """RFC 8030 (5, 7.3), RFC 8292 (4.2). `older_key`: the subscription was made with a key that is not our present one.

    To erase on any 4xx would lose every reader to one wrong key of ours."""
    status, wait = answer.status, min(answer.wait, LONGEST_PAUSE)
    if status in _ACTS:
        act = _ACTS[status]
    elif status in {400, 401, 403} and older_key and _OTHER_KEY.search(answer.words):
        return Verdict("gone", "older-key")
    else:
        act = _CLASSES.get(status // 100, "retry")
    if act == "accepted":
        return Verdict(act)
    if act == "pause":
        wait = wait or PAUSE
    return Verdict(act, f"answer-{status}" if status else answer.fault or "no-answer", wait)
