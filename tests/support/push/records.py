"""What the service remembers of an endpoint and of a browser."""

from __future__ import annotations

import collections

from tests.support.push.plans import Plan


class Endpoint:
    __slots__ = (
        "accepted",
        "acks",
        "attempts",
        "auth",
        "chid",
        "first",
        "gcm",
        "gone",
        "held",
        "keyhash",
        "kind",
        "last",
        "last_headers",
        "messages",
        "path",
        "plan",
        "private",
        "statuses",
        "topics",
        "uaid",
        "url",
    )

    def __init__(self, path, url, kind, plan="201", keep=20):
        self.path, self.url, self.kind, self.plan = path, url, kind, Plan(plan)
        self.uaid = self.chid = self.keyhash = self.private = self.auth = None
        self.gone, self.attempts, self.accepted = False, 0, 0
        self.statuses, self.acks = collections.Counter(), collections.Counter()
        self.first = self.last = self.last_headers = None
        self.messages = collections.deque(maxlen=keep)
        self.held = {}  # message id -> what waits for the browser
        self.topics = {}  # topic -> message id
        self.gcm = None  # Chromium: (app, subtype, sender)

    def summary(self, full):
        out = {
            "kind": self.kind,
            "plan": self.plan.text,
            "attempts": self.attempts,
            "accepted": self.accepted,
            "by_status": dict(self.statuses),
            "first": self.first,
            "last": self.last,
            "gone": self.gone,
        }
        if self.kind == "browser":
            out.update(acks=dict(self.acks), waiting=len(self.held))
        if full:
            out.update(last_headers=self.last_headers, messages=list(self.messages))
        return out


class User:
    """one browser; link is its connection while it has one"""

    def __init__(self, uaid):
        self.uaid, self.link, self.channels = uaid, None, {}

    @property
    def online(self):
        return self.link is not None and not self.link.closed
