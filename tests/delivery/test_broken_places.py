"""A row, a chunk or a disk of ours that is broken costs nobody else a tip."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from pwa.database import reading, writing
from pwa.delivery.push import Letter
from pwa.delivery.tables import chunks
from pwa.subscriptions.tables import subscriptions
from tests.support.push.process import Push
from tests.support.school import BEFORE, Hands, School


def at(school: School, moment: datetime) -> None:
    assert isinstance(school.clock, Hands)
    school.clock.to(moment)


# Sixteen kinds of rows that were broken after they came in (T5); the last four have an address that is none of ours.
POISON = [
    {"p256dh": b"\4" + bytes(64)}, {"p256dh": b""}, {"p256dh": bytes(65)}, {"p256dh": b"\4" + b"\xff" * 64},
    {"p256dh": b"\4" + bytes(63)}, {"p256dh": b"\4" + bytes(65)}, {"p256dh": b"\0"}, {"p256dh": b"\2" + bytes(32)},
    {"auth": b""}, {"auth": b"x"}, {"auth": bytes(17)}, {"auth": bytes(10_000)},
    {"endpoint": "https://fcm.googleapis.com.evil/x"}, {"endpoint": "http://127.0.0.1/"},
    {"endpoint": "https://a@fcm.googleapis.com/x"}, {"endpoint": "https://fcm.googleapis.com:8443/x"},
]  # fmt: skip


def test_a_poisoned_row_is_its_own_failure(school: School) -> None:
    school.readers(1000, same=True)
    for number, bad in enumerate(POISON, start=1):
        with writing(school.engine) as connection:
            connection.execute(subscriptions.update().where(subscriptions.c.id == number).values(**bad))
    school.tip()
    school.plan()
    school.drain()
    assert school.totals() == {"accepted": 984, "failed bad-key": 12, "failed endpoint": 4}
    assert school.count() == 1000
    with school.engine.connect() as connection:
        assert len([row for row in connection.execute(subscriptions.select()) if row.fault]) == 16


def test_a_fault_of_our_own_that_passes_leaves_nobody_out(school: School) -> None:
    school.readers(3)
    school.tip()
    school.plan()
    courier = school.courier()
    begin, stumbled = courier.sender.start, []

    def stumble(letter: Letter) -> None:
        if len(stumbled) < 2:
            stumbled.append(letter)
            raise MemoryError
        begin(letter)

    courier.sender.start = stumble
    courier.drain()
    courier.sender.close()
    with reading(school.engine) as connection:
        assert set(connection.scalars(select(subscriptions.c.fault))) == {None}
    school.drain_all()
    assert school.totals() == {"accepted": 3}


# What was sent cannot be written down, as on a full disk, while claiming still works; or giving back does not either.
FULL = {
    "sqlite": "CREATE TRIGGER full_disk BEFORE UPDATE OF {} ON chunks BEGIN SELECT RAISE(ABORT, 'full'); END",
    "postgresql": "ALTER TABLE chunks ADD CONSTRAINT full_disk CHECK ({}) NOT VALID",
}
NOT_DONE = {"sqlite": "done", "postgresql": "counts = '{}'"}
NOTHING = {"sqlite": "done, not_before", "postgresql": "counts = '{}' AND not_before < lease_until"}
EMPTIED = {"sqlite": "DROP TRIGGER full_disk", "postgresql": "ALTER TABLE chunks DROP CONSTRAINT full_disk"}


@pytest.mark.parametrize("what", [NOT_DONE, NOTHING], ids=["not-done", "nothing"])
def test_a_full_disk_loses_nobody_and_is_not_sent_into_in_a_circle(
    school: School, push: Push, caplog: pytest.LogCaptureFixture, what: dict[str, str]
) -> None:
    endpoints = school.readers(50)
    school.tip()
    school.plan()
    kind = school.engine.dialect.name
    with writing(school.engine) as connection:
        connection.exec_driver_sql(FULL[kind].format(what[kind]))
    courier = school.courier()
    following = courier.drain()
    sent = push.report()["requests"]
    assert courier.drain() == following
    assert push.report()["requests"] == sent, "not again at once"
    assert "could not be sent" in caplog.text
    assert following == BEFORE + timedelta(minutes=1)
    assert school.totals() == {}
    with writing(school.engine) as connection:
        connection.execute(text(EMPTIED[kind]))
    at(school, following)
    courier.drain()
    courier.sender.close()
    assert school.totals() == {"accepted": 50}
    came = {len(push.messages(endpoint)) for endpoint in endpoints}
    assert {2} <= came <= {1, 2}, "what could not be written down comes again, once"


@pytest.mark.parametrize("broken", [{"ids": b"broken"}, {"counts": "broken"}], ids=["ids", "counts"])
def test_a_chunk_that_is_broken_keeps_no_other_and_is_closed_when_its_time_is_over(
    school: School, broken: dict[str, Any]
) -> None:
    school.readers(3)
    school.tip()
    school.plan()
    school.change(chunks, **broken)
    other = school.group(name="Another")
    school.readers(2, group_id=other)
    school.tip(group_id=other)
    school.plan()
    school.drain_all()
    assert school.totals() == {"accepted": 2, "failed too-late": 3}
    assert {run.state for run in school.runs()} == {"done"}
