"""A reader's device as the server sees it: what it asks, and what arrives at its address, decrypted."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from werkzeug.test import TestResponse

from pwa import worker
from tests.support.push.process import Push

CHOSEN = {"language": "nl"}


class Device:
    """One subscription of a real push service, or another one that is `minted` elsewhere."""

    def __init__(
        self, app: Flask, push: Push | None, address: str, *, minted: dict[str, Any] | None = None
    ) -> None:
        self.app, self.push, self.address = app, push, address
        self.client = app.test_client()
        self.key: str = self.client.get("/api/key").json["key"]
        self.given = minted or self.service.mint(key=self.key)[0]
        self.token = ""

    @property
    def service(self) -> Push:
        """Where messages to it arrive; an invented device has none."""
        assert self.push
        return self.push

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
        return [json.loads(message["plaintext"]) for message in self.service.messages(self.endpoint)]

    def state(self) -> dict[str, Any]:
        answer = self.ask("POST", "subscription/compare", {"endpoint": self.endpoint})
        assert answer.status_code == 200
        return dict(answer.json)


Devices = Callable[..., Device]


def invented(app: Flask, address: str) -> Device:
    """A subscription as somebody makes it up who floods: it looks right, and nobody is there."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = {"p256dh": public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint), "auth": os.urandom(16)}
    keys = {name: base64.urlsafe_b64encode(value).decode().rstrip("=") for name, value in raw.items()}
    made_up = {"endpoint": f"https://fcm.googleapis.com/fcm/send/{os.urandom(20).hex()}", "keys": keys}
    return Device(app, None, address, minted=made_up)
