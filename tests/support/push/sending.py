"""The application server's side: a posted message is checked, then accepted or refused by its plan."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import socket
import struct
import time
import urllib.parse
import uuid
from email.utils import formatdate

from aiohttp import web
from cryptography.exceptions import InvalidTag

from tests.support.push.checks import check_body, check_headers, decrypt
from tests.support.push.plans import Refused
from tests.support.push.records import Endpoint


class Sending:
    """A part of PushService."""

    async def push(self, request, path):
        self.requests += 1
        self.inflight += 1
        self.max_inflight = max(self.max_inflight, self.inflight)
        now = time.time()
        self.first, self.last = self.first or now, now
        self.seconds[int(now)] += 1
        if len(self.peers) < 1_000_000:
            self.peers.add(request.transport.get_extra_info("peername"))
        ep = self.by_path.get(path)
        try:
            if request.method != "POST":
                raise Refused(405, 0, f"{request.method} where only POST has a meaning")
            if ep is None:
                m = re.fullmatch(r"/fake/([^/]+)/(.+)", path)
                if not m:
                    raise Refused(404, 102, "no such endpoint")
                ep = Endpoint(path, self.origin + path, "fake", urllib.parse.unquote(m[1]), keep=5)
                self.by_path[path] = ep
            ep.attempts += 1
            ep.first, ep.last = ep.first or now, now
            step = ep.plan.next()
            body = await request.read()
            return await self.act(request, ep, step, body, now)
        except Refused as e:
            self.note(f"{e.status}: {e.message}", path, headers=dict(request.headers))
            return self.answer(ep, e.status, e.message, e.errno, path=path)
        except InvalidTag:
            self.note("400: payload does not decrypt with the subscription's keys", path)
            return self.answer(ep, 400, "cannot decrypt", 110, path=path)
        finally:
            self.inflight -= 1

    def answer(self, ep, status, message="", errno=0, headers=None, path=""):
        self.statuses[status] += 1
        if ep:
            ep.statuses[status] += 1
        self.write(ev="push", ep=ep.path if ep else path, status=status, why=message)
        if status == 201:
            return web.Response(status=201, headers=headers)
        return self.json({"code": status, "errno": errno, "message": message}, status, headers)

    async def act(self, request, ep, step, body, now):  # noqa: C901  (a list of faults)
        name = step.name
        if name == "flaky":
            name = str(int(step.num("status", 503))) if random.random() < step.num("p", 0.1) else "201"  # noqa: S311
        if ep.gone:
            name = "410"
        if name == "slow":
            await asyncio.sleep(step.num("ms", 1000) / 1000)
            name = "201"
        if name in ("201", "late", "lostreply"):
            headers = await self.accept(request, ep, body, now)
            if name == "late":
                await asyncio.sleep(step.num("ms", 1000) / 1000)
            if name != "lostreply":
                return self.answer(ep, 201, headers=headers)
        if name in ("reset", "lostreply"):
            return self.hang_up(request, ep, name, reset=True)
        if name == "close":
            return self.hang_up(request, ep, name)
        if name == "timeout":
            self.statuses[name] += 1
            ep.statuses[name] += 1
            self.write(ev="push", ep=ep.path, status=name)
            await asyncio.sleep(step.num("s", 60))
            return self.hang_up(request, ep, None)
        if name == "garbage":
            request.transport.write(b"\x16\x03\x01 this is not HTTP\r\n" * 4)
            return self.hang_up(request, ep, name)
        if name == "drip":
            n, ms, status = int(step.num("n", 200)), step.num("ms", 500), int(step.num("status", 201))
            headers = await self.accept(request, ep, body, now) if status == 201 else {}
            resp = web.StreamResponse(status=status, headers={**headers, "Content-Length": str(n)})
            self.statuses["drip"] += 1
            ep.statuses["drip"] += 1
            await resp.prepare(request)
            for _ in range(n):
                try:
                    await resp.write(b".")
                except ConnectionError:
                    break
                await asyncio.sleep(ms / 1000)
            return resp
        if name == "big":
            status = int(step.num("status", 400))
            self.statuses[status] += 1
            ep.statuses[status] += 1
            size = int(step.num("mb", 20))
            resp = web.StreamResponse(status=status, headers={"Content-Length": str(size * 2**20)})
            await resp.prepare(request)
            with contextlib.suppress(ConnectionError):  # who hangs up has read enough
                for _ in range(size):
                    await resp.write(b"x" * 2**20)
            return resp
        headers = {}
        if name == "redirect":
            name = str(int(step.num("status", 307)))
            headers["Location"] = urllib.parse.urljoin(self.origin, step.opt.get("to", "/fake/201/redirected"))
        if not name.isdigit():
            raise Refused(400, 0, f"no fault named {name!r}")
        if "hold" in step.opt:
            await self.released.wait()
        if "retry" in step.opt:
            r = step.opt["retry"]
            headers["Retry-After"] = formatdate(now + float(r[5:]), usegmt=True) if r.startswith("date+") else r
        return self.answer(
            ep,
            int(name),
            step.opt.get("body", "by the plan of this endpoint"),
            {404: 102, 410: 103, 413: 104, 503: 201}.get(int(name), 999),
            headers,
        )

    def hang_up(self, request, ep, name, reset=False):
        if name:
            self.statuses[name] += 1
            ep.statuses[name] += 1
            self.write(ev="push", ep=ep.path, status=name)
        if request.transport:
            if reset:
                sock = request.transport.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                request.transport.abort()
            else:
                request.transport.close()
        return web.Response(status=500)  # goes nowhere

    async def accept(self, request, ep, body, now):  # noqa: C901  (a list of checks)
        h = request.headers
        ttl, topic, warnings = check_headers(h)
        warnings += check_body(body, h)
        auth = h.get("Authorization")
        if auth is None:
            if not self.args.lax:
                raise Refused(401, 109, "no Authorization header (VAPID)")
        else:
            scheme = "https" if request.transport.get_extra_info("sslcontext") else "http"
            keyhash, more = self.vapid.check(auth, f"{scheme}://{h.get('Host', '')}", now)
            warnings = warnings + more
            if ep.keyhash and keyhash != ep.keyhash:
                raise Refused(401, 109, "VAPID key is not the one this subscription was made with")
        if body:
            if body[:16] in self.salts:
                warnings.append("encryption salt used before (same ciphertext sent twice?)")
            elif len(self.salts) < 2_000_000:
                self.salts.add(body[:16])
        for w in warnings:
            self.note("warning: " + w, ep.path)
        mid = uuid.uuid4().hex
        record = {
            "id": mid,
            "t": round(now, 4),
            "ttl": ttl,
            "topic": topic,
            "urgency": h.get("Urgency"),
            "bytes": len(body),
        }
        if ep.private and body:
            try:
                record["plaintext"] = decrypt(body, ep.private, ep.auth).decode("utf-8", "replace")
            except ValueError as e:
                raise Refused(400, 110, f"payload: {e}") from e
        ep.accepted += 1
        self.accepted += 1
        ep.messages.append(record)
        ep.last_headers = {
            k: h[k] for k in ("TTL", "Topic", "Urgency", "Content-Encoding", "Content-Type", "User-Agent") if k in h
        }
        if ep.kind == "browser":
            await self.relay(ep, record, body)
        return {"Location": f"{self.origin}/m/{mid}", "TTL": str(ttl)}
