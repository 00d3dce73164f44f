"""A desktop that shows notifications and can be tapped on: the part of D-Bus that Chromium speaks with one.

Protocol: https://dbus.freedesktop.org/doc/dbus-specification.html; what is displayed and tapped: Desktop Notifications
Specification 1.2. Chromium cannot tell it from a real one; the click it gets is one that it trusts."""

from __future__ import annotations

import shutil
import socket
import struct
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

CALL, REPLY, ERROR, SIGNAL = 1, 2, 3, 4
PATH, INTERFACE, MEMBER, FAULT, REPLY_TO, DESTINATION, SENDER, SIGNATURE = range(1, 9)
KINDS = {PATH: "o", INTERFACE: "s", MEMBER: "s", FAULT: "s", REPLY_TO: "u", DESTINATION: "s", SENDER: "s",
         SIGNATURE: "g"}  # fmt: skip
SERVICE, PLACE = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
CLOSED_BY_CALL = 3
PATIENCE = 120  # seconds, on a machine with much else to do
OK = b"OK 00000000000000000000000000000000"
WELCOME = {b"AUTH EXTERNAL ": OK, b"AUTH EXTERNAL": b"DATA", b"DATA": OK, b"AUTH": b"REJECTED EXTERNAL"}


class Desktop:
    """A bus at `address` for the environment of a browser. `shown` is what stands on the screen: number → title."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="desktop-"))  # short: the name of a socket has 108 bytes at most
        self.address = f"unix:path={self._folder / 'bus'}"
        self.shown: dict[int, str] = {}
        self._changed = threading.Condition()
        self._last = 0
        self._browsers: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._folder / "bus"))
        self._listener.listen()
        self._begin(self._accept)

    def wait(self, title: str, *, there: bool = True) -> None:
        """Until it stands on the screen, or does not any more."""
        with self._changed:
            came = self._changed.wait_for(lambda: (title in self.shown.values()) == there, PATIENCE)
        assert came, f"{title!r} never {'came to' if there else 'left'} the screen: {list(self.shown.values())}"

    def tap(self, title: str) -> None:
        """A finger on the notification itself. Raises LookupError when it is not on the screen."""
        [number] = [number for number, shown in self.shown.items() if shown == title] or [0]
        if not number:
            raise LookupError(f"{title!r} is not on the screen, only {list(self.shown.values())}")
        self._tell("ActionInvoked", "us", number, "default")

    def stop(self) -> None:
        for each in (self._listener, *self._browsers):
            with suppress(OSError):  # a browser that went already
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
        self._listener.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:  # stopped
                return
            self._browsers.append(browser)
            self._begin(self._serve, browser)

    def _begin(self, task: Callable[..., None], *given: socket.socket) -> None:
        self._threads.append(threading.Thread(target=task, args=given, daemon=True))
        self._threads[-1].start()

    def _serve(self, browser: socket.socket) -> None:
        try:
            with browser, browser.makefile("rb") as stream:
                stream.read(1)
                while not (line := stream.readline()).startswith(b"BEGIN"):
                    known = next((said for begin, said in WELCOME.items() if line.startswith(begin)), b"ERROR")
                    browser.sendall(known + b"\r\n")
                while head := stream.read(16):
                    _, kind, _, _, size, serial, fields = struct.unpack("<cBBBIII", head)
                    told = _Reader(stream.read(fields + -fields % 8)[:fields]).fields()
                    body = _Reader(stream.read(size))
                    if kind == CALL:
                        self._answer(browser, serial, told[MEMBER], body)
        except (OSError, struct.error):
            pass  # the browser ended
        finally:
            self._browsers.remove(browser)

    def _answer(self, browser: socket.socket, serial: int, member: str, body: _Reader) -> None:
        asked = getattr(self, f"on_{member}", None)
        signature, *values = asked(body) if asked else ("s", "not here")
        fields = {REPLY_TO: serial, DESTINATION: ":1.1", SENDER: ":1.0"}
        if not asked:
            fields[FAULT] = "org.freedesktop.DBus.Error.UnknownMethod"
        browser.sendall(_message(REPLY if asked else ERROR, fields, signature, values))

    def on_Hello(self, _: _Reader) -> tuple[Any, ...]:  # noqa: N802  (the protocol's names)
        return "s", ":1.1"

    def on_AddMatch(self, _: _Reader) -> tuple[Any, ...]:  # noqa: N802
        return ("",)

    on_RemoveMatch = on_AddMatch  # noqa: N815

    def on_NameHasOwner(self, body: _Reader) -> tuple[Any, ...]:  # noqa: N802
        return "b", body.string() == SERVICE

    def on_GetNameOwner(self, body: _Reader) -> tuple[Any, ...]:  # noqa: N802
        return "s", ":1.0" if body.string() == SERVICE else ""

    def on_ListActivatableNames(self, _: _Reader) -> tuple[Any, ...]:  # noqa: N802
        return "as", [SERVICE]

    def on_GetCapabilities(self, _: _Reader) -> tuple[Any, ...]:  # noqa: N802
        return "as", ["actions", "body", "persistence"]

    def on_GetServerInformation(self, _: _Reader) -> tuple[Any, ...]:  # noqa: N802
        return "ssss", "Desktop", "Houvast", "1", "1.2"

    def on_Notify(self, body: _Reader) -> tuple[Any, ...]:  # noqa: N802
        body.string()
        replaced = body.number()
        body.string()
        self._last += not replaced
        number = replaced or self._last
        with self._changed:
            self.shown[number] = body.string()
            self._changed.notify_all()
        return "u", number

    def on_CloseNotification(self, body: _Reader) -> tuple[Any, ...]:  # noqa: N802
        number = body.number()
        with self._changed:
            self.shown.pop(number, None)
            self._changed.notify_all()
        self._tell("NotificationClosed", "uu", number, CLOSED_BY_CALL)
        return ("",)

    def _tell(self, member: str, signature: str, *values: Any) -> None:
        fields = {PATH: PLACE, INTERFACE: SERVICE, MEMBER: member, SENDER: ":1.0"}
        for browser in list(self._browsers):
            browser.sendall(_message(SIGNAL, fields, signature, list(values)))


class _Reader:
    """Values out of a message, which stand at multiples of their own size."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def number(self) -> int:
        self.at += -self.at % 4
        self.at += 4
        return int(struct.unpack_from("<I", self.data, self.at - 4)[0])

    def string(self, size: int | None = None) -> str:
        size = self.number() if size is None else size
        self.at += size + 1
        return self.data[self.at - size - 1 : self.at - 1].decode()

    def fields(self) -> dict[int, Any]:
        found: dict[int, Any] = {}
        while self.at < len(self.data):
            self.at += -self.at % 8
            code, _, kind, _ = self.data[self.at : self.at + 4]
            self.at += 4
            if chr(kind) == "g":
                self.at += 1
                found[code] = self.string(self.data[self.at - 1])
            else:
                found[code] = self.number() if chr(kind) == "u" else self.string()
        return found


def _message(kind: int, fields: dict[int, Any], signature: str, values: list[Any]) -> bytes:
    fields = fields | ({SIGNATURE: signature} if signature else {})
    head = bytearray()
    for code, value in fields.items():
        head += bytes(-len(head) % 8) + bytes([code, 1]) + KINDS[code].encode() + b"\0"
        _write(head, KINDS[code], value)
    body = bytearray()
    for part, value in zip(signature.replace("as", "A"), values, strict=True):
        _write(body, part, value)
    return struct.pack("<cBBBIII", b"l", kind, 1, 1, len(body), 1, len(head)) + head + bytes(-len(head) % 8) + body


def _write(out: bytearray, kind: str, value: Any) -> None:
    if kind == "g":
        out += bytes([len(value)]) + value.encode() + b"\0"
        return
    out += bytes(-len(out) % 4)
    if kind == "A":
        inner = bytearray()
        for each in value:
            _write(inner, "s", each)
        out += struct.pack("<I", len(inner)) + inner
    elif kind in "ub":
        out += struct.pack("<I", value)
    else:
        out += struct.pack("<I", len(value.encode())) + value.encode() + b"\0"
