"""A reader's device as the server sees it: what it asks, and what arrives at its address, decrypted."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from pwa import worker
from tests.support.push.process import Push

CHOSEN = {"language": "nl"}


class Device:
    """One subscription of a real push service, or another one that is `minted` elsewhere."""

    def __init__(self, app: Flask, push: Push, address: str, *, minted: dict[str, Any] | None = None) -> None:
        self.app, self.push, self.address = app, push, address
        self.client = app.test_client()
        self.key: str = self.client.get("/api/key").json["key"]
        self.given = minted or push.mint(key=self.key)[0]
        self.token = ""

    @property
    def endpoint(self) -> str:
        return str(self.given["endpoint"])

    def ask(self, method: str, path: str, asked: Any = None, **headers: str) -> TestResponse:
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.open(f"/api/{path}", method=method, json={} if asked is None else asked, headers=headers,
                                environ_base={"REMOTE_ADDR": self.address})  # fmt: skip

    def subscription(self, **more: Any) -> dict[str, Any]:
        """What a page sends to begin."""
        return {"endpoint": self.endpoint, **self.given["keys"], "key": self.key, "chosen": CHOSEN, **more}

    def begin(self, **more: Any) -> TestResponse:
        answer = self.ask("POST", "subscription", self.subscription(**more))
        if answer.status_code == 200:
            self.token = answer.json["token"]
        return answer

    def receive(self) -> str:
        """Let the sending process do what is in the queue; the nonce of the message that arrived last."""
        huey = worker.make_tasks(self.app.config["SETTINGS"]).huey
        while task := huey.dequeue():
            huey.execute(task)
        return str(self.messages()[-1]["notification"]["data"]["nonce"])

    def prove(self) -> str:
        """Give back what the message carried."""
        nonce = self.receive()
        assert self.ask("POST", "proof", {"nonce": nonce}).json == {"confirmed": True}
        return nonce

    def messages(self) -> list[dict[str, Any]]:
        """What has arrived."""
        return [json.loads(message["plaintext"]) for message in self.push.messages(self.endpoint)]

    def state(self) -> dict[str, Any]:
        answer = self.ask("POST", "subscription/compare", {"endpoint": self.endpoint})
        assert answer.status_code == 200
        return dict(answer.json)
