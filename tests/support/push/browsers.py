"""The browser's side: connections, registrations, and what is held for a browser that is away."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import ssl
import time
import urllib.parse
import uuid

from aiohttp import WSMsgType, web

from tests.support.push.links import ChromiumLink, FirefoxLink, pb, unpb
from tests.support.push.plans import b64, unb64
from tests.support.push.records import Endpoint, User


class Browsers:
    """A part of PushService."""

    async def relay(self, ep, record, body):
        user = self.users.get(ep.uaid)
        online = user is not None and user.online
        if record["topic"] and (old := ep.topics.get(record["topic"])) in ep.held and not ep.held[old]["sent"]:
            ep.held.pop(old)["record"]["state"] = "replaced by Topic"
            self.replaced += 1
        if not online and record["ttl"] == 0:
            record["state"] = "dropped (TTL 0, browser away)"
            return
        ep.held[record["id"]] = {
            "body": body,
            "record": record,
            "sent": None,
            "until": time.time() + max(record["ttl"], 60),
        }
        if record["topic"]:
            ep.topics[record["topic"]] = record["id"]
        record["state"] = "waiting"
        if online:
            await self.send_held(user, ep)

    async def send_held(self, user, ep):
        for mid, item in list(ep.held.items()):
            if item["until"] < time.time():
                ep.held.pop(mid)["record"]["state"] = "expired"
                self.expired += 1
            elif item["sent"] is not user.link:
                item["sent"] = user.link
                item["record"].update(state="sent", sent=round(time.time(), 4))
                self.relayed += 1
                await user.link.send(ep, mid, item)

    async def browser(self, request):  # noqa: C901  (a list of message types)
        if time.time() < self.refuse_ws_until:
            return web.Response(status=503)
        ws = web.WebSocketResponse(protocols=("push-notification",), heartbeat=None, max_msg_size=1 << 20)
        await ws.prepare(request)
        user = link = None
        async for frame in ws:
            if frame.type != WSMsgType.TEXT:
                continue
            if frame.data.strip() == "{}":
                await ws.send_str("{}")
                continue
            msg = json.loads(frame.data)
            kind = msg.get("messageType")
            self.write(ev="ws", msg=msg)
            if kind == "hello":
                user = self.users.get((msg.get("uaid") or "").replace("-", ""))
                if user is None:  # unknown: a new name; the browser drops what it had
                    user = User(uuid.uuid4().hex)
                    self.users[user.uaid] = user
                if user.online:
                    await user.link.close()
                link = user.link = FirefoxLink(ws)
                await ws.send_json(
                    {"messageType": "hello", "uaid": user.uaid, "status": 200, "use_webpush": True, "broadcasts": {}}
                )
                for ep in list(user.channels.values()):
                    await self.send_held(user, ep)
            elif user is None:
                await ws.close(code=4401)
            elif kind == "register":
                key = unb64(msg["key"].rstrip("=")) if msg.get("key") else None
                chid = str(uuid.UUID(msg["channelID"]))
                path = "/wpush/v2/" + b64(os.urandom(48))
                ep = Endpoint(path, self.origin + path, "browser")
                ep.uaid, ep.chid = user.uaid, chid
                ep.keyhash = hashlib.sha256(key).digest() if key else None
                user.channels[chid] = self.by_path[path] = ep
                await ws.send_json(
                    {"messageType": "register", "channelID": chid, "status": 200, "pushEndpoint": ep.url}
                )
            elif kind == "unregister":
                chid = str(uuid.UUID(msg["channelID"]))
                if ep := user.channels.pop(chid, None):
                    ep.gone = True
                await ws.send_json({"messageType": "unregister", "channelID": chid, "status": 200})
            elif kind == "ack":
                for u in msg.get("updates", []):
                    self.settle(user, u.get("version"), u.get("code", 100), str(uuid.UUID(u["channelID"])))
            elif kind == "nack":  # 301-303: the worker's push handler failed
                self.nacks[str(msg.get("code"))] += 1
                ep, record = self.recent.get(msg.get("version"), (None, {}))
                record["state"] = f"nack {msg.get('code')}"
                self.note(
                    f"the page's push handler failed, nack {msg.get('code')} (301 threw, 302 "
                    "promise rejected, 303 worker could not run)",
                    ep.path if ep else "",
                )
            elif kind == "ping":
                await ws.send_str("{}")
            elif kind == "broadcast_subscribe":
                pass
            else:
                self.note(f"unknown WebSocket message {kind!r}", "")
        if user and user.link is link:
            user.link = None
        return ws

    async def gcm(self, request, path):
        body = await request.read()
        if path == "/gcm/checkin":
            known = next((v for k, v in unpb(body) if k == 2 and v), 0)
            return web.Response(
                content_type="application/x-protobuf",
                body=pb(
                    (1, 1),
                    (3, int(time.time() * 1000)),
                    (7, ("fixed64", known or random.getrandbits(62))),
                    (8, ("fixed64", random.getrandbits(62))),
                    (9, 0),
                ),
            )
        form = dict(urllib.parse.parse_qsl(body.decode()))
        subtype, name = form.get("X-subtype", ""), "gcm:" + form.get("device", "")
        self.write(ev="gcm", form=form)
        user = self.users.setdefault(name, User(name))
        if form.get("delete"):
            for ep in user.channels.values():
                ep.gone = ep.gone or ep.gcm[1] == subtype
            return web.Response(text="token=" + subtype)
        token = b64(os.urandom(30))
        ep = Endpoint(f"/wpush/v2/{token}", f"{self.origin}/wpush/v2/{token}", "browser")
        ep.uaid, ep.chid, ep.gcm = name, token, (form["app"], subtype, form.get("sender", ""))
        try:
            key = unb64(form.get("sender", ""))
            ep.keyhash = hashlib.sha256(key).digest() if len(key) == 65 else None
        except ValueError:
            pass
        user.channels[token] = ep
        for p in ("/wpush/v2/", "/fcm/send/", "/preprod/wp/", "/wp/"):
            self.by_path[p + token] = ep
        return web.Response(text="token=" + token)

    async def mcs(self, reader, writer):  # noqa: C901  (a list of frame types)
        link, user = ChromiumLink(writer), None
        try:
            if time.time() < self.refuse_ws_until:
                return writer.close()
            await reader.readexactly(1)  # version, 41
            while True:
                tag = (await reader.readexactly(1))[0]
                size = shift = 0
                while True:
                    byte = (await reader.readexactly(1))[0]
                    size |= (byte & 127) << shift
                    shift += 7
                    if byte < 128:
                        break
                fields = unpb(await reader.readexactly(size))
                self.write(ev="mcs", tag=tag, fields=repr(fields)[:300])
                if tag == link.LOGIN:
                    name = "gcm:" + next(v for k, v in fields if k == 3).decode()
                    user = self.users.setdefault(name, User(name))
                    user.link = link
                    self.received(user, [v.decode() for k, v in fields if k == 10])
                    await link.frame(
                        link.LOGGED_IN, first=True, payload=pb((1, "1"), (5, 1), (8, int(time.time() * 1000)))
                    )
                    for ep in list(user.channels.values()):
                        await self.send_held(user, ep)
                elif tag == link.PING:
                    await link.frame(link.PONG)
                elif tag == link.IQ and user:
                    for extension in (dict(unpb(v)) for k, v in fields if k == 7):
                        if extension.get(1) == 12:  # selective ack
                            self.received(user, [v.decode() for k, v in unpb(extension[2]) if k == 1])
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()
            if user and user.link is link:
                user.link = None

    def received(self, user, ids):
        for ep in user.channels.values():
            for mid in set(ids) & set(ep.held):
                self.settle(user, mid, 100, ep.chid)

    def settle(self, user, mid, code, chid):
        self.acks[str(code)] += 1
        if code != 100:
            self.note(f"the browser could not use a message, ack {code} (101 cannot decrypt, 102 not delivered)", chid)
        ep = user.channels.get(chid)
        item = ep.held.pop(mid, None) if ep else None
        if item:
            ep.acks[str(code)] += 1
            item["record"].update(state=f"ack {code}", acked=round(time.time(), 4))
            self.recent[mid] = (ep, item["record"])
            if len(self.recent) > 1000:
                self.recent.pop(next(iter(self.recent)))
            self.ack_ms.append((time.time() - item["record"]["t"]) * 1000)
