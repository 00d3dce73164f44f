"""The two protocols to a browser: WebSocket frames for Firefox, protobuf in MCS frames for Chromium."""

from __future__ import annotations

import struct
import time

from tests.support.push.plans import b64


class FirefoxLink:
    def __init__(self, ws):
        self.ws = ws

    closed = property(lambda self: self.ws.closed)

    async def send(self, ep, mid, item):
        message = {"messageType": "notification", "channelID": ep.chid, "version": mid}
        if item["body"]:
            message.update(data=b64(item["body"]), headers={"encoding": "aes128gcm"})
        await self.ws.send_json(message)

    async def close(self):
        await self.ws.close()


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def pb(*fields):
    """(number, value): int -> varint, bytes/str -> length-delimited, ("fixed64", n)"""
    out = b""
    for number, v in fields:
        if isinstance(v, tuple):
            out += varint(number << 3 | 1) + struct.pack("<Q", v[1])
        elif isinstance(v, int):
            out += varint(number << 3) + varint(v)
        else:
            v = v.encode() if isinstance(v, str) else v
            out += varint(number << 3 | 2) + varint(len(v)) + v
    return out


def unpb(buf):
    out, i = [], 0

    def read():
        nonlocal i
        n = shift = 0
        while True:
            byte, i = buf[i], i + 1
            n |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return n

    while i < len(buf):
        key = read()
        kind = key & 7
        if kind == 0:
            value = read()
        else:
            size = {1: 8, 5: 4}.get(kind) or read()
            value, i = buf[i : i + size], i + size
        out.append((key >> 3, value))
    return out


class ChromiumLink:
    PING, PONG, LOGIN, LOGGED_IN, CLOSE, IQ, DATA = 0, 1, 2, 3, 4, 7, 8

    def __init__(self, writer):
        self.writer = writer

    closed = property(lambda self: self.writer.is_closing())

    async def frame(self, tag, payload=b"", first=False):
        self.writer.write((b"\x29" if first else b"") + bytes([tag]) + varint(len(payload)) + payload)
        await self.writer.drain()

    async def send(self, ep, mid, item):
        app, subtype, sender = ep.gcm
        fields = [(2, mid), (3, sender), (5, app), (7, pb((1, "subtype"), (2, subtype)))]
        if item["body"]:
            fields += [(7, pb((1, "content-encoding"), (2, "aes128gcm"))), (21, item["body"])]
        await self.frame(
            self.DATA,
            pb(*fields, (9, mid), (17, max(item["record"]["ttl"], 1)), (18, int(time.time() * 1000)), (24, 1)),
        )

    async def close(self):
        self.writer.close()
