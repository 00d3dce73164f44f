"""How long a wrong password takes at the door, for an address that is known and for one that is not."""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Iterator
from statistics import quantiles

from flask import Flask
from flask_security import hash_password
from sqlalchemy import insert

from bench.rows import Row, spread
from pwa.clock import now
from pwa.coaches.tables import coaches
from pwa.config import read_settings
from pwa.database import upgrade, writing
from pwa.desk import make_desk
from tests.support.coaches import PASSWORD, Person
from tests.support.house import read

ROUNDS = 15
ACCOUNTS = 5  # each takes twenty guesses before it is slowed down
APART = 1.15  # by how much one may take longer than the other


def measure(options: argparse.Namespace) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"HOUVAST_INSTANCE": folder})
        upgrade(settings)
        desk = make_desk(settings)
        known = _accounts(desk)
        thief = Person(desk)
        token = read(thief.get("/sign-in").text).all("input", name="csrf_token")[0].attributes["value"]
        addresses = (f"10.0.{number // 200}.{number % 200 + 1}" for number in itertools.count())
        took: dict[str, list[float]] = {"known": [], "unknown": []}
        for number in range(-1, (options.rounds or ROUNDS) * ACCOUNTS):  # the first is for warming up
            for kind, email in (("known", known[number % ACCOUNTS]), ("unknown", f"nobody{number}@school.example")):
                seconds = _guess(thief, token, email, next(addresses))
                took[kind] += [seconds * 1000] if number >= 0 else []
    # the fastest quarter, as somebody would take who measures from outside: what else the machine does is not in it
    ours, theirs = (quantiles(took[kind], n=4)[0] for kind in ("known", "unknown"))
    times = max(ours, theirs) / min(ours, theirs)
    measured = f"{ours / theirs:.2f} × [{spread(took['known'], 'ms')} / {spread(took['unknown'], 'ms')}]"
    yield Row("a wrong password for an address that is known, against one that is not (fastest quarter)", measured,
              f"at most {APART:g} × apart", times <= APART)


def _accounts(desk: Flask) -> list[str]:
    """Coaches who have a password; their addresses."""
    with desk.test_request_context():
        password = hash_password(PASSWORD)
    emails = [f"coach{number}@school.example" for number in range(ACCOUNTS)]
    rows = [{"email": email, "name": "A coach", "role": "coach", "active": True, "password": password,
             "fs_uniquifier": email, "created_at": now()} for email in emails]
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(insert(coaches), rows)
    return emails


def _guess(thief: Person, token: str, email: str, address: str) -> float:
    """Seconds for one guess."""
    fields = {"csrf_token": token, "email": email, "password": "not the right words"}
    begin = time.perf_counter()
    answer = thief.client.post("/coach/en/sign-in", data=fields, environ_base={"REMOTE_ADDR": address})
    seconds = time.perf_counter() - begin
    assert answer.status_code == 200, answer.status
    return seconds
