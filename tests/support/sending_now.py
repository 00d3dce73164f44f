"""`python -m tests.support.sending_now <kills>`: a coach sends tips "now", and what takes the form is killed.

Every tip goes to two groups of the coach. The processes are killed at moments spread over twice the time that the first
one takes, which is not killed; then those that plan what was sent, in the same way. The settings come from the
environment. The clock stands at NOON, a school day."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask

from pwa.coaches.cli import new_link
from pwa.config import read_settings
from pwa.database import writing
from pwa.delivery.planning import plan_due
from pwa.desk import make_desk
from tests.support.coaches import Person, group_of
from tests.support.desk import readers
from tests.support.house import read
from tests.support.server import select_for

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # a Monday, 12:00 in Amsterdam
WORDS = {"title-nl": "Groet bij de deur", "body-nl": "Zeg ieder kind gedag.",
         "title-en": "Greet at the door", "body-en": "Say hello to every child."}  # fmt: skip
READERS = 4  # in each group


def main() -> None:
    kills = int(sys.argv[1])
    settings = read_settings(os.environ)
    desk = make_desk(settings)
    coach = Person(desk)
    coach.accept(new_link(settings, administrator=False), "coach@school.example")
    sends = [_form(coach, desk) for _ in range(kills + 1)]
    _killed_in(desk, sends)
    later = NOON + timedelta(minutes=2)
    engine = desk.extensions["engine"]
    for _ in range(3):
        _killed_in(desk, [lambda: plan_due(engine, settings.content, later, 0.0)] * 2)
    plan_due(engine, settings.content, later, 0.0)


def _form(coach: Person, desk: Flask) -> Callable[[], object]:
    """A filled-in form for two new groups, which a call sends."""
    here, there = group_of(coach), group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        for group in (here, there):
            readers(connection, group, READERS)
    page = coach.get(f"/groups/{here}/tips/new")
    token = read(page.text).all("input", name="csrf_token")[0].attributes["value"]
    fields = {"csrf_token": token, "when": "now", "also": str(there), **WORDS}
    return lambda: coach.client.post(f"/coach/en/groups/{here}/tips/new", data=fields)


def _killed_in(desk: Flask, works: list[Callable[[], object]]) -> None:
    """The first is let finish, which tells how long one takes; the others are killed, each a little later."""
    began = time.perf_counter()
    os.waitpid(_begin(desk, works[0]), 0)
    took = time.perf_counter() - began
    moments = [2 * took * place / len(works[1:]) for place in range(len(works[1:]))]  # of the latest, most come through
    random.Random(2).shuffle(moments)  # noqa: S311  (so that a machine that grows quicker changes little)
    for work, moment in zip(works[1:], moments, strict=True):
        process = _begin(desk, work)
        select_for(moment)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _begin(desk: Flask, work: Callable[[], object]) -> int:
    """A process of its own, as like this one as can be."""
    process = os.fork()
    if process == 0:
        desk.extensions["engine"].dispose(close=False)  # the connections are the other's
        work()
        os._exit(0)
    return process


if __name__ == "__main__":
    with time_machine.travel(NOON):
        main()
