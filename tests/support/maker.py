"""A maker and a reader of a briefing, at the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.sealing import fresh, id_of, seal

DAY = 86_400


class Maker:
    """Somebody with a token: makes, changes and withdraws one briefing."""

    def __init__(self, app: Flask, now: Callable[[], float], address: str = "192.0.2.7") -> None:
        self.app, self.now, self.address = app, now, address
        self.token, self.key = fresh(), fresh()
        self.id = id_of(self.token)
        self.revision = 0

    def seal(self, text: str = "Groep 6, lokaal 12", revision: int | None = None) -> str:
        return seal({"title": {"lang": "nl", "text": text}}, self.key, f"text {revision or self.revision + 1}", self.id)

    def save(self, ciphertext: str | None = None, token: str | None = None, **body: Any) -> TestResponse:
        """Make it or change it; `body` replaces fields of the request."""
        given = {"revision": self.revision + 1, "after": self.revision, "expires": int(self.now()) + DAY,
                 "sealed": ciphertext or self.seal()}  # fmt: skip
        answer = self.ask("PUT", json=given | body, token=token)
        if answer.status_code in {200, 201}:
            self.revision = (given | body)["revision"]
        return answer

    def read(self) -> TestResponse:
        return self.app.test_client().get(f"/api/briefings/{self.id}")

    def withdraw(self, token: str | None = None) -> TestResponse:
        return self.ask("DELETE", token=token)

    def note(self, text: str = "Ging goed") -> TestResponse:
        """A reader's note."""
        sealed = seal({"mood": "good", "helped": "cards", "words": text}, self.key, "note", self.id, 1024)
        return self.ask("POST", "/notes", json={"sealed": sealed}, token="")

    def notes(self, token: str | None = None) -> TestResponse:
        return self.ask("GET", "/notes", token=token)

    def ask(self, method: str, more: str = "", token: str | None = None, **options: Any) -> TestResponse:
        given = self.token if token is None else token
        headers = {"Authorization": f"Bearer {given}"} if given else {}
        headers |= options.pop("headers", {})
        return self.app.test_client().open(
            f"/api/briefings/{self.id}{more}", method=method, headers=headers,
            environ_base={"REMOTE_ADDR": self.address}, **options)  # fmt: skip
