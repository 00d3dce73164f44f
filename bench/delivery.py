"""The whole engine (plan, claim, encrypt, send, record) over TLS, beside what a team writes first; its memory."""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
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
MODULES = PROJECT / "bench" / "node_modules"


def measure(options: argparse.Namespace) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        load_keys(folder, "mailto:coach@houvast.example")
        quick = Quick(folder)
        try:
            yield from _speed(folder, quick, options)
            yield from _memory(folder, quick, options)
        finally:
            quick.stop()


def _some(readers: int, options: argparse.Namespace) -> int:
    return max(readers // 100, 1000) if options.small else readers


def _speed(folder: Path, quick: Quick, options: argparse.Namespace) -> Iterator[Row]:
    """CPU time of the sending process for each message, the ways in turn, each in a process of its own.

    Through the proxy all go under the name of a push service; straight they go to it on this machine. Behind a proxy
    urllib3 leaves Nagle's algorithm on, so there the loop waits some 30 ms for each message and finds its caches cold:
    straight is the fairer comparison."""
    readers, share = _some(READERS, options), 10 if options.small else 1
    trusted = folder / "trusted.pem"
    trusted.write_text(Path(certifi.where()).read_text() + Path(quick.cert).read_text())
    node = shutil.which("node") and (MODULES / "web-push").is_dir()
    cert, port = Path(quick.cert), str(quick.port)
    ways: dict[str, Callable[[int], dict[str, Any]]] = {
        "ours": lambda turn: ours(folder / f"proxied-{turn}", folder, quick.proxy, quick.cert, readers),
        "loop": lambda _: _loop(quick, folder, LOOPS // share, cert),
        "store": lambda _: _loop(quick, folder, SLOW_LOOPS // share, trusted),
        "ours straight": lambda turn: ours(folder / f"straight-{turn}", folder, port, quick.cert, readers),
        "loop straight": lambda _: _loop(quick, folder, LOOPS // share, cert, proxied=False),
        **({"node straight": lambda _: _node(quick, folder, NODES // share)} if node else {}),
    }
    taken: dict[str, list[dict[str, Any]]] = {way: [] for way in ways}
    for turn in range(options.rounds or (1 if options.small else 3)):
        for way, measured in ways.items():
            taken[way].append(measured(turn))
    micro = {way: [each["cpu"] / each["messages"] * 1e6 for each in done] for way, done in taken.items()}
    for way, words in (("ours", "through a proxy"), ("ours straight", "straight to the service")):
        rate = [each["messages"] / each["wall"] for each in taken[way]]
        yield Row(f"whole engine over TLS, {readers} readers, {words}: messages a second of one process", spread(rate))
    loop = "CPU of a message, a pywebpush.webpush() loop with a file of one certificate against the whole engine"
    yield ratio(f"{loop}, both through a proxy", micro["loop"], micro["ours"], 20, least=True, unit="µs")
    yield ratio(f"{loop}, both straight", micro["loop straight"], micro["ours straight"], 20, least=True, unit="µs")
    yield ratio("the loop with the default trust store, both through a proxy", micro["store"], micro["ours"], 100,
                least=True, unit="µs")
    name = "node web-push, keep-alive, 32 in flight, against the whole engine, both straight"
    if node:
        yield ratio(name, micro["node straight"], micro["ours straight"], 8, least=True, unit="µs")
    else:
        yield Row(name, "could not be measured: `make bench` fetches web-push, with npm", "≥ 8 ×")
    recording = max(each["recording"] for way in ("ours", "ours straight") for each in taken[way])
    yield Row("planning, claiming and recording, of the CPU (sampled every 2 ms of it)", f"{recording:.1%}", "≤ 15 %",
              recording <= 0.15)


def _memory(folder: Path, quick: Quick, options: argparse.Namespace) -> Iterator[Row]:
    sizes, whole = {}, True
    for all_of_them in (SMALL, LARGE):
        readers = _some(all_of_them, options)
        done = ours(folder / f"memory-{readers}", folder, quick.proxy, quick.cert, readers, options.minutes * 60)
        sizes[readers] = done["resident"] / 1e6
        complete = done["messages"] == readers
        whole = whole and complete
        sent = "all sent" if complete else f"{done['messages']} sent in {options.minutes:g} minutes"
        rate = done["messages"] / done["wall"]
        yield Row(f"resident size of the sending process, {readers} readers planned, at its highest",
                  f"{sizes[readers]:.0f} MB; {sent}, {rate:.0f} a second", "≤ 130 MB, all sent",
                  sizes[readers] <= 130 if complete else None)
    small, large = sizes
    more = sizes[large] / sizes[small] - 1
    yield Row(f"the same, {large} against {small}{'' if whole else ' (not all were sent)'}", f"{more:+.1%}",
              "within 5 %", abs(more) <= 0.05 if whole else None)


def ours(at: Path, folder: Path, way: str, cert: str, readers: int, seconds: float = 0) -> dict[str, Any]:
    """One tip to so many readers, by the engine in a process of its own; after `seconds` the rest is left."""
    at.mkdir()
    engine = make_engine(database(at))
    with writing(engine) as connection:
        make_tables(connection)
    fill(engine, readers, load_keys(folder, "").present).tip(moments="before")
    engine.dispose()
    done = run([sys.executable, "-m", "bench.engine.ours", database(at), str(folder), way, cert, str(seconds)])
    shutil.rmtree(at)
    if done["planned"] != readers or (done["messages"] != readers and not seconds):
        raise NotHereError(f"{done['planned']} of {readers} were planned and {done['messages']} sent.")
    return done


def fill(engine: Engine, readers: int, key_id: str, host: str = "fcm.googleapis.com") -> School:
    """A school with so many confirmed readers; all with one pair of keys, which costs a sender the same."""
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
    return school


def run(command: list[str], given: str = "", **environment: str) -> dict[str, Any]:
    """What a process of the bench measured, in a session of its own."""
    done = subprocess.run(command, cwd=PROJECT, env=os.environ | environment, input=given, capture_output=True,
                          text=True, timeout=3600, start_new_session=True)
    if done.returncode:
        raise NotHereError(f"{command[2]} ended with {done.returncode}: {done.stderr[-300:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _loop(quick: Quick, folder: Path, count: int, trusted: Path, *, proxied: bool = True) -> dict[str, Any]:
    """As the engine does: through the proxy, under the real name of a push service; or straight to it."""
    address = "https://fcm.googleapis.com" if proxied else f"https://localhost:{quick.port}"
    command = [sys.executable, "-m", "bench.engine.loop", address, str(folder / VAPID_KEY), str(count)]
    return run(command, REQUESTS_CA_BUNDLE=str(trusted), HTTPS_PROXY=quick.proxy if proxied else "")


def _node(quick: Quick, folder: Path, count: int) -> dict[str, Any]:
    private, public = _pair(folder / VAPID_KEY)
    devices = [{"endpoint": f"https://localhost:{quick.port}/push/{number}", "keys": device()} for number in range(500)]
    command = ["node", str(PROJECT / "bench" / "engine" / "loop.cjs"), str(count), public, private]
    return run(command, json.dumps({"message": MESSAGE.decode(), "devices": devices}), NODE_PATH=str(MODULES),
               NODE_EXTRA_CA_CERTS=quick.cert)


def _pair(path: Path) -> tuple[str, str]:
    """A key file as web-push wants it: the private and the public half in base64url."""
    key = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    halves = (key.private_numbers().private_value.to_bytes(32, "big"),
              key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    private, public = (base64.urlsafe_b64encode(half).rstrip(b"=").decode() for half in halves)
    return private, public
