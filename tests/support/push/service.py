"""The push service as a whole."""

from __future__ import annotations

import asyncio
import collections
import json
import time

from aiohttp import web

from tests.support.push.browsers import Browsers
from tests.support.push.checks import Vapid
from tests.support.push.control import Control
from tests.support.push.plans import Refused
from tests.support.push.proxy import Proxy
from tests.support.push.sending import Sending


class PushService(Sending, Browsers, Proxy, Control):
    """One process; `args` are those of __main__.py."""

    def __init__(self, args):
        self.args, self.log = args, None
        if args.log:
            self.log = open(args.log, "a", buffering=1 << 16, encoding="utf-8")  # noqa: SIM115  (open as long as the service)
        self.reset()
        self.users, self.by_path, self.recent = {}, {}, {}
        self.refuse_ws_until = 0

    def reset(self):
        self.started = time.time()
        self.statuses, self.acks, self.nacks = (collections.Counter() for _ in range(3))
        self.problems, self.seconds = {}, collections.Counter()
        self.requests = self.accepted = self.relayed = self.expired = self.replaced = 0
        self.hosts = collections.Counter()
        self.vapid, self.salts, self.peers = Vapid(), set(), set()
        self.inflight = self.max_inflight = 0
        self.first = self.last = None
        self.released = asyncio.Event()
        self.ack_ms = collections.deque(maxlen=10000)

    # -- small helpers
    def note(self, text, endpoint, **extra):
        p = self.problems.setdefault(text, {"count": 0, "example": {"endpoint": endpoint, **extra}})
        p["count"] += 1

    def write(self, **record):
        if self.log:
            self.log.write(json.dumps({"t": round(time.time(), 4), **record}) + "\n")

    @property
    def origin(self):
        return self.args.public or (f"{'https' if self.args.tls else 'http'}://{self.args.host}:{self.args.http_port}")

    def json(self, data, status=200, headers=None):
        return web.Response(
            status=status,
            headers=headers,
            content_type="application/json",
            text=json.dumps(data, ensure_ascii=False) + "\n",
        )

    # -- dispatch
    async def handle(self, request):
        path = request.raw_path.partition("?")[0]
        if path.startswith(("/wpush/", "/fake/")) or path in self.by_path:
            return await self.push(request, path)
        if path.startswith("/gcm/"):
            return await self.gcm(request, path)
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self.browser(request)
        try:
            return await self.control(request, path)
        except Refused as e:
            return self.json({"error": e.message}, e.status)
        except (ValueError, KeyError) as e:
            return self.json({"error": repr(e)}, 400)
