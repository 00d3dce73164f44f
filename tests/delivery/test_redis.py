"""The queue on Redis, where many machines share it: one tip through the sending process, and a wipe on its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pwa.clock import now
from pwa.config import read_settings
from pwa.database import make_engine, writing
from pwa.delivery.message import welcome_message
from pwa.delivery.tables import chunks
from pwa.delivery.vapid import load_keys
from pwa.worker import make_tasks, post
from tests.support.push.process import Push
from tests.support.redis import Redis
from tests.support.school import URL, School, database, make_tables
from tests.support.worker import ready, running, until

READERS = 1100


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    redis = Redis(tmp_path_factory.mktemp("redis"))
    yield redis
    redis.stop()


def test_a_tip_goes_out_by_redis_and_is_completed_although_all_of_it_is_wiped_in_the_middle(
    redis: Redis, push: Push, tmp_path: Path
) -> None:
    environment = {
        "HOUVAST_INSTANCE": str(tmp_path), "HOUVAST_DATABASE_URL": database(tmp_path), "HOUVAST_QUEUE": redis.url,
        "HOUVAST_PUSH_PROXY": push.proxy, "HOUVAST_PUSH_CA_FILE": push.cert, "HOUVAST_URL": URL,
    }  # fmt: skip
    settings = replace(read_settings(environment), url=URL)
    engine = make_engine(settings.database_url)
    with writing(engine) as connection:
        make_tables(connection)
    school = School(engine, push)
    school.keys = load_keys(settings.instance, settings.contact)
    endpoints = ready(school, READERS)
    with writing(engine) as connection:
        connection.execute(chunks.update().where(chunks.c.number == 1).values(not_before=now() + timedelta(seconds=12)))
    payload = welcome_message(url=URL, language="nl", nonce="once", title="Tips komen hier aan", body="Het is gelukt.")
    with running(environment):
        post(settings, 1, payload)
        assert until(lambda: "once" in str(push.messages(endpoints[0]))), "who waits is answered by it too"
        assert until(lambda: push.report()["accepted"] == 101)
        assert until(make_tasks(settings).huey.scheduled), "the task that is to wake it for the rest"
        redis.wipe()
        assert until(lambda: school.totals() == {"accepted": READERS}, 80)
    assert sum(len(push.messages(endpoint)) for endpoint in endpoints) == READERS + 1
    make_tasks(settings).huey.storage.close()
    engine.dispose()
