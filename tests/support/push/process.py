"""The push service as a process of its own, started and stopped by a test."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent.parent.parent


class Push:
    """`proxy` and `cert` are what an application server needs to reach it under the real names."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "tests.support.push", "--port", "0", "--http-port", "0", "--proxy-port", "0",
                   "--tls-dir", str(folder), *options]  # fmt: skip
        self._process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        ready = json.loads(self._process.stdout.readline())
        self.control: str = ready["control"]
        self.proxy: str = ready["proxy"]
        self.cert: str = ready["cert"]
        self.ws: str = ready["ws"]
        self.chromium_flags: list[str] | None = ready["chromium_flags"]

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def post(self, path: str, **data: Any) -> Any:
        request = urllib.request.Request(self.control + path, json.dumps(data).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.control + path, timeout=120) as answer:
            return json.load(answer)

    def mint(
        self, count: int = 1, plan: str = "201", host: str = "fcm.googleapis.com", **more: Any
    ) -> list[dict[str, Any]]:
        """Subscriptions as PushSubscription.toJSON() gives them."""
        return list(self.post("/mint", n=count, plan=plan, host=host, **more))

    def messages(self, endpoint: str) -> list[dict[str, Any]]:
        """What came for an endpoint, decrypted."""
        return list(self.get(f"/messages?endpoint={urllib.parse.quote(endpoint)}"))

    def report(self) -> dict[str, Any]:
        return dict(self.get("/report"))

    def reset(self) -> None:
        self.post("/reset")
