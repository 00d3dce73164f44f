"""What tests ask of the service: mint, plan, expire, drop, forget, reset, report."""

from __future__ import annotations

import hashlib
import json
import os
import time
import urllib.parse

from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.push.plans import FAULTS, Plan, Refused, b64, unb64
from tests.support.push.records import Endpoint


class Control:
    """A part of PushService."""

    async def control(self, request, path):  # noqa: C901  (a list of commands)
        q = request.query
        if request.method == "DELETE" and path.startswith("/m/"):
            return web.Response(status=204)
        if request.method == "POST":
            data = json.loads(await request.text() or "{}")
        if path == "/health":
            return self.json(
                {"ok": True, "origin": self.origin, "browsers": sum(u.online for u in self.users.values())}
            )
        if path == "/report":
            return self.json(self.report(q.get("endpoints", "1") != "0", "full" in q))
        if path == "/messages":
            return self.json(list(self.find(q["endpoint"]).messages))
        if request.method != "POST":
            return self.json({"error": "no such page", "faults": FAULTS}, 404)
        if path == "/mint":
            return self.mint(**data)
        if path == "/plan":
            self.find(data["endpoint"]).plan = Plan(data["plan"])
            return self.json({"ok": True})
        if path == "/expire":
            self.find(data["endpoint"]).gone = True
            return self.json({"ok": True})
        if path == "/drop":  # hang up on every browser; let none back for "hold" seconds
            self.refuse_ws_until = time.time() + float(data.get("hold", 0))
            n = 0
            for u in self.users.values():
                if u.online:
                    await u.link.close()
                    n += 1
            return self.json({"dropped": n})
        if path == "/forget":  # next hello gets a new name -> pushsubscriptionchange
            for u in self.users.values():
                for ep in u.channels.values():
                    ep.gone = True
            old, self.users = self.users, {}
            for u in old.values():
                if u.online:
                    await u.link.close()
            return self.json({"forgot": len(old)})
        if path == "/release":
            self.released.set()
            return self.json({"ok": True})
        if path == "/reset":
            self.released.set()
            self.reset()
            for p, ep in list(self.by_path.items()):
                if ep.kind == "browser":
                    ep.attempts = ep.accepted = 0
                    ep.statuses.clear(), ep.acks.clear(), ep.messages.clear()
                elif not data.get("keep_minted") or ep.kind == "fake":
                    del self.by_path[p]
            return self.json({"ok": True})
        return self.json({"error": "no such page"}, 404)

    def find(self, endpoint):
        path = urllib.parse.urlsplit(endpoint).path
        if path not in self.by_path:
            raise Refused(404, 0, "no such endpoint")
        return self.by_path[path]

    def mint(self, n=1, plan="201", decrypt=True, key=None, shared_key=False, keep=20, prefix="", host=None):
        """n subscriptions as PushSubscription.toJSON() gives them; host="fcm.googleapis.com"
        (or another of PUSH_HOSTS) for an application server behind --proxy-port"""
        Plan(plan)
        origin = f"https://{host}" if host else self.origin
        out, private, auth = [], None, None
        for _ in range(int(n)):
            if private is None or not shared_key:
                private, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
                public = b64(
                    private.public_key().public_bytes(
                        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
                    )
                )
            path = f"/wpush/v2/{prefix}{b64(os.urandom(36))}"
            ep = Endpoint(path, origin + path, "minted", plan, keep)
            ep.keyhash = hashlib.sha256(unb64(key)).digest() if key else None
            if decrypt:
                ep.private, ep.auth = private, auth
            self.by_path[path] = ep
            out.append({"endpoint": ep.url, "expirationTime": None, "keys": {"p256dh": public, "auth": b64(auth)}})
        return self.json(out)

    def report(self, endpoints=True, full=False):
        span = (self.last - self.first) if self.requests > 1 else 0
        lat = sorted(self.ack_ms)
        out = {
            "origin": self.origin,
            "started": self.started,
            "now": time.time(),
            "requests": self.requests,
            "accepted": self.accepted,
            "by_status": {str(k): v for k, v in self.statuses.items()},
            "relayed_to_browser": self.relayed,
            "acks": dict(self.acks),
            "nacks": dict(self.nacks),
            "expired": self.expired,
            "replaced_by_topic": self.replaced,
            "first": self.first,
            "last": self.last,
            "span_s": round(span, 3),
            "per_s": round(self.requests / span, 1) if span else None,
            "peak_per_s": max(self.seconds.values(), default=0),
            "connections": len(self.peers),
            "max_in_flight": self.max_inflight,
            "vapid_tokens": self.vapid.verified,
            "proxied_hosts": dict(self.hosts),
            "accept_to_ack_ms": {"p50": round(lat[len(lat) // 2], 1), "max": round(lat[-1], 1)} if lat else None,
            "problems": self.problems,
            "endpoints_known": len(self.by_path),
        }
        more = [e for e in self.by_path.values() if e.accepted > 1]
        out["endpoints_accepting_more_than_once"] = len(more)
        if endpoints:
            out["endpoints"] = {e.path: e.summary(full) for e in self.by_path.values() if e.attempts}
        return out
