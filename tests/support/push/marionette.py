"""Marionette, Firefox's own remote protocol: one connection, commands one after the other."""

from __future__ import annotations

import json
import socket


class FirefoxError(Exception):
    """Something that Firefox, or the test, did not find as it should be."""


class Marionette:
    def __init__(self, port, timeout=120):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.buf, self.n = b"", 0
        self._receive()  # the greeting
        self.capabilities = self.call("WebDriver:NewSession", capabilities={"alwaysMatch": {}})["capabilities"]
        self.call("WebDriver:SetTimeouts", script=100000, pageLoad=100000, implicit=0)

    def _receive(self):
        def more():
            chunk = self.sock.recv(1 << 16)
            if not chunk:
                raise FirefoxError("Firefox closed the connection")
            self.buf += chunk

        while b":" not in self.buf:
            more()
        size, _, self.buf = self.buf.partition(b":")
        while len(self.buf) < int(size):
            more()
        out, self.buf = self.buf[: int(size)], self.buf[int(size) :]
        return json.loads(out)

    def call(self, name, **params):
        self.n += 1
        raw = json.dumps([0, self.n, name, params]).encode()
        self.sock.sendall(str(len(raw)).encode() + b":" + raw)
        while True:
            reply = self._receive()
            if isinstance(reply, list) and reply[1] == self.n:
                if reply[2]:
                    raise FirefoxError(f"{name}: {reply[2].get('error')}: {reply[2].get('message')}")
                return reply[3]
