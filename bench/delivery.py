"""The whole engine (plan, claim, encrypt, send, record) over TLS, beside what a team writes first; its memory."""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import certifi
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from sqlalchemy import Engine

from bench.engine.messages import MESSAGE, device, raw_keys
from bench.rows import Row, ratio, spread
from bench.served import PROJECT, NotHereError
from pwa.database import make_engine, writing
from pwa.delivery.vapid import load_keys
from pwa.keys import VAPID_KEY
from pwa.subscriptions.tables import subscription_groups, subscriptions
from tests.support.quick import Quick
from tests.support.school import School, database, make_tables

READERS, LOOPS, SLOW_LOOPS, NODES = 20_000, 300, 60, 4_000
SMALL, LARGE = 200_000, 1_000_000
PAGE = 10_000
WEB_PUSH = "web-push@3"


def measure(options: argparse.Namespace) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        load_keys(folder, "mailto:coach@houvast.example")
        quick = Quick(folder)
        try:
            yield from _speed(folder, quick, options.rounds or 3)
            yield from _memory(folder, quick)
        finally:
            quick.stop()


def _speed(folder: Path, quick: Quick, rounds: int) -> Iterator[Row]:
    """CPU time of the sending process for each message; the ways in turn, all through the same proxy but web-push."""
    trusted = folder / "trusted.pem"
    trusted.write_text(Path(certifi.where()).read_text() + Path(quick.cert).read_text())
    node = _web_push(folder)
    taken: dict[str, list[dict[str, Any]]] = {"ours": [], "file": [], "store": [], "direct": [], "node": []}
    for number in range(rounds):
        taken["ours"].append(ours(folder / f"speed-{number}", folder, quick, READERS))
        taken["file"].append(_loop(quick, folder, LOOPS, Path(quick.cert)))
        taken["store"].append(_loop(quick, folder, SLOW_LOOPS, trusted))
        taken["direct"].append(_loop(quick, folder, LOOPS, Path(quick.cert), proxied=False))
        if node:
            taken["node"].append(_node(node, quick, folder))
    micro = {way: [each["cpu"] / each["messages"] * 1e6 for each in done] for way, done in taken.items()}
    rate = [each["messages"] / each["wall"] for each in taken["ours"]]
    yield Row(f"whole engine over TLS, {READERS} readers: messages per second of one process", spread(rate))
    yield ratio("CPU of a message, a pywebpush.webpush() loop with a file of one certificate against the whole engine",
                micro["file"], micro["ours"], 20, least=True, unit="µs")
    yield ratio("the same loop with the default trust store", micro["store"], micro["ours"], 100, least=True, unit="µs")
    yield Row("the loop with a file of one certificate, straight to the service while the engine takes the proxy",
              f"{median(micro['direct']) / median(micro['ours']):.2f} × [{spread(micro['direct'], 'µs')}]")
    if node:
        yield ratio("node web-push, keep-alive, 32 in flight", micro["node"], micro["ours"], 8, least=True, unit="µs")
    else:
        yield Row("node web-push, keep-alive, 32 in flight", "could not be measured: npm is not here", "≥ 8 ×")
    share = max(each["recording"] for each in taken["ours"])
    yield Row("planning, claiming and recording, of the CPU (sampled every 2 ms of it)", f"{share:.1%}", "≤ 15 %",
              share <= 0.15)


def _memory(folder: Path, quick: Quick) -> Iterator[Row]:
    sizes = {}
    for readers in (SMALL, LARGE):
        done = ours(folder / f"memory-{readers}", folder, quick, readers)
        sizes[readers] = done["resident"] / 1e6
        yield Row(f"resident size of the sending process, {readers} readers, at its highest",
                  f"{sizes[readers]:.0f} MB; {readers / done['wall']:.0f} messages a second", "≤ 130 MB",
                  sizes[readers] <= 130)
    more = sizes[LARGE] / sizes[SMALL] - 1
    yield Row(f"the same, {LARGE} against {SMALL}", f"{more:+.1%}", "within 5 %", abs(more) <= 0.05)


def ours(at: Path, folder: Path, quick: Quick, readers: int) -> dict[str, Any]:
    """One tip to so many readers, by the engine in a process of its own."""
    at.mkdir()
    engine = make_engine(database(at))
    with writing(engine) as connection:
        make_tables(connection)
    fill(engine, readers, load_keys(folder, "").present)
    engine.dispose()
    done = run([sys.executable, "-m", "bench.engine.ours", database(at), str(folder), quick.proxy, quick.cert])
    shutil.rmtree(at)
    if done["messages"] != readers:
        raise NotHereError(f"{done['messages']} of {readers} were sent.")
    return done


def fill(engine: Engine, readers: int, key_id: str, host: str = "fcm.googleapis.com") -> School:
    """A school with so many confirmed readers and a tip; all with one pair of keys, which costs a sender the same."""
    school = School(engine)
    point, auth = raw_keys()
    for first in range(0, readers, PAGE):
        rows = []
        for number in range(first, min(first + PAGE, readers)):
            endpoint = f"https://{host}/fcm/send/{number:0>12}"
            rows.append(school.row(endpoint, point, auth) | {
                "id": number + 1, "key_id": key_id, "endpoint_hash": hashlib.sha256(endpoint.encode()).digest()})
        with writing(engine) as connection:
            connection.execute(subscriptions.insert(), rows)
            connection.execute(subscription_groups.insert(),
                               [{"group_id": school.group_id, "subscription_id": row["id"]} for row in rows])
    school.tip(moments="before")
    return school


def run(command: list[str], given: str = "", **environment: str) -> dict[str, Any]:
    """What a process of the bench measured."""
    done = subprocess.run(command, cwd=PROJECT, env=os.environ | environment, input=given, capture_output=True,
                          text=True, timeout=3600)
    if done.returncode:
        raise NotHereError(f"{command[2]} ended with {done.returncode}: {done.stderr[-300:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _loop(quick: Quick, folder: Path, count: int, trusted: Path, *, proxied: bool = True) -> dict[str, Any]:
    """As the engine does: through the proxy, under the real name of a push service; or straight to it."""
    address = "https://fcm.googleapis.com" if proxied else f"https://localhost:{quick.port}"
    command = [sys.executable, "-m", "bench.engine.loop", address, str(folder / VAPID_KEY), str(count)]
    return run(command, REQUESTS_CA_BUNDLE=str(trusted), HTTPS_PROXY=quick.proxy if proxied else "")


def _web_push(folder: Path) -> Path | None:
    """A folder with web-push, from npm."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        return None
    with contextlib.suppress(subprocess.SubprocessError):
        subprocess.run([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix",
                        str(folder / "node"), WEB_PUSH], check=True, timeout=300, stdout=subprocess.DEVNULL)
        return folder / "node" / "node_modules"
    return None


def _node(modules: Path, quick: Quick, folder: Path) -> dict[str, Any]:
    private, public = _pair(folder / VAPID_KEY)
    devices = [{"endpoint": f"https://localhost:{quick.port}/push/{number}", "keys": device()} for number in range(500)]
    command = ["node", str(PROJECT / "bench" / "engine" / "loop.cjs"), str(NODES), public, private]
    return run(command, json.dumps({"message": MESSAGE.decode(), "devices": devices}), NODE_PATH=str(modules),
               NODE_EXTRA_CA_CERTS=quick.cert)


def _pair(path: Path) -> tuple[str, str]:
    """A key file as web-push wants it: the private and the public half in base64url."""
    key = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    halves = (key.private_numbers().private_value.to_bytes(32, "big"),
              key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    private, public = (base64.urlsafe_b64encode(half).rstrip(b"=").decode() for half in halves)
    return private, public
