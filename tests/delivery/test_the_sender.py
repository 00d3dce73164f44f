"""The sending process as `make run` starts it: it takes what lies ready, answers those who wait, and ends in order."""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import Engine, func, select

from pwa import create_app
from pwa.briefings.keeping import keep
from pwa.briefings.tables import briefings
from pwa.clock import now
from pwa.config import Settings, read_settings
from pwa.database import reading, writing
from pwa.delivery.message import welcome_message
from pwa.delivery.runs import stop
from pwa.delivery.tables import chunks
from pwa.delivery.vapid import load_keys
from pwa.subscriptions.tables import subscriptions
from pwa.worker import COURTESY, make_queue, make_tasks, post
from tests.support.push.process import Push
from tests.support.school import URL, School
from tests.support.worker import ready, running, until

LONGEST_END = 60  # seconds, on a machine with much else to do
# a parent that can be ended: it waits until its standard input is closed, and leaves the worker to itself
PARENT = 'python=$1; "$python" -m pwa.worker $$ & echo $!; read _; exit 0'
SERVER = "from pwa.serve import a_sender_beside as s\nimport sys\nwith s():\n    sys.stdin.read()"


@pytest.fixture
def environment(engine: Engine, push: Push, tmp_path: Path) -> dict[str, str]:
    """On PostgreSQL the queue is there as well."""
    url = engine.url.render_as_string(hide_password=False)
    queue = {"HOUVAST_QUEUE": url} if engine.dialect.name == "postgresql" else {}
    return {
        "HOUVAST_INSTANCE": str(tmp_path),
        "HOUVAST_DATABASE_URL": url,
        "HOUVAST_PUSH_PROXY": push.proxy,
        "HOUVAST_PUSH_CA_FILE": push.cert,
        "HOUVAST_URL": URL,
    } | queue


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    return replace(read_settings(environment), url=URL)


@pytest.fixture
def school(engine: Engine, push: Push, settings: Settings) -> School:
    """With the keys that the sending process reads."""
    school = School(engine, push)
    school.keys = load_keys(settings.instance, settings.contact)
    return school


def test_it_sends_what_lies_ready_and_answers_who_waits(
    school: School, push: Push, settings: Settings, environment: dict[str, str]
) -> None:
    endpoints = ready(school, 20)
    payload = welcome_message(url=URL, language="nl", nonce="once", title="Tips komen hier aan", body="Het is gelukt.")
    with running(environment, sys.executable, "-m", "flask", "worker"):
        assert until(lambda: school.totals() == {"accepted": 20})
        post(settings, 1, payload)
        assert until(lambda: len(push.messages(endpoints[0])) == 2)
    assert "once" in push.messages(endpoints[0])[1]["plaintext"]
    assert push.report()["problems"] == {}
    make_tasks(settings).huey.storage.close()


def test_a_task_that_failed_leaves_nothing_in_the_queue(
    school: School, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    huey = make_tasks(settings).huey
    post(settings, 10**6, b"x")
    huey.execute(huey.dequeue())
    assert "There is no subscription 1000000." in caplog.text
    assert (huey.pending_count(), huey.result_count()) == (0, 0)
    huey.storage.close()


@pytest.mark.parametrize("was", [None, 0o644])
def test_the_queue_is_for_its_owner_only(tmp_path: Path, was: int | None) -> None:
    settings = read_settings({"HOUVAST_INSTANCE": str(tmp_path)})
    if was:
        (tmp_path / "queue.db").touch(was)
    huey = make_queue(settings)
    huey.storage.enqueue(b"x")
    huey.storage.close()
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("queue.db*")} == {
        "queue.db": 0o600, "queue.db-journal": 0o600}  # fmt: skip


def test_a_briefing_that_is_over_is_erased_although_nobody_asks_for_it(
    school: School, environment: dict[str, str]
) -> None:
    then = int(now().timestamp()) - 60
    keep(school.engine, b"i" * 16, b"sealed", revision=1, after=0, expires_at=then + 30, now=then, most=9)
    assert _briefings(school) == 1
    with running(environment):
        assert until(lambda: _briefings(school) == 0)


def test_a_device_that_was_not_seen_for_long_is_asked_once_and_quietly_to_open_the_app(
    school: School, push: Push, environment: dict[str, str]
) -> None:
    seen = now().date() - timedelta(days=70)
    zone = f"Etc/GMT{(now().hour - 17 + 12) % 24 - 12:+d}"  # where it is some minutes after five
    long_ago = {"seen_on": seen, "timezone": zone, "days": 127}
    [dutch] = school.readers(1, **long_ago)
    [english] = school.readers(1, language="en", **long_ago)
    [gone] = school.readers(1, plan="410", **long_ago)
    school.readers(1, seen_on=now().date(), timezone=zone)
    [later] = school.readers(1, plan="503,201", **long_ago)
    with running(environment):
        assert until(lambda: school.count() == 4 and push.report()["by_status"].get("503"))
    school.change(subscriptions, asking_until=now())  # as if an hour had passed
    with running(environment):  # it looks at its start, and every minute
        assert until(lambda: push.messages(later)), "what was not taken is sent another time"
    said = [json.loads(push.messages(endpoint)[0]["plaintext"])["notification"] for endpoint in (dutch, english)]
    assert [(note["title"], note["silent"]) for note in said] == [
        ("Ben je er nog?", True), ("Are you still there?", True)]  # fmt: skip
    assert said[0]["navigate"] == f"{URL}/nl/tips"
    assert {len(push.messages(endpoint)) for endpoint in (dutch, english, later)} == {1}
    assert not push.messages(gone)


def _briefings(school: School) -> int:
    with reading(school.engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(briefings)) or 0)


@pytest.mark.parametrize(
    ("engine", "number"),
    [("postgresql", signal.SIGTERM), ("sqlite", signal.SIGINT)],
    indirect=["engine"],
)
def test_told_to_stop_in_the_middle_of_a_tip_it_finishes_what_is_in_flight_and_gives_the_rest_back(
    school: School, push: Push, environment: dict[str, str], number: signal.Signals
) -> None:
    endpoints = ready(school, 400, plan="late;ms=500")
    with running(environment) as worker:
        assert until(lambda: push.report()["accepted"] > 50)
        worker.send_signal(number)
        assert worker.wait(LONGEST_END) == 0
    assert push.report()["accepted"] < 400, "it was stopped in the middle"
    assert {chunk.lease_until <= now() for chunk in school.chunks() if chunk.state == "open"} == {True}
    with running(environment):
        assert until(lambda: school.totals() == {"accepted": 400})
    assert {len(push.messages(endpoint)) for endpoint in endpoints} == {1}


def test_a_tip_that_is_taken_back_in_the_middle_goes_no_further_and_what_went_out_is_told(
    school: School, push: Push, environment: dict[str, str]
) -> None:
    endpoints = ready(school, 500, plan="late;ms=100")
    with running(environment):
        assert until(lambda: push.report()["accepted"] > 50)
        with writing(school.engine) as connection:
            assert stop(connection, 1)
        assert until(lambda: "done" in {run.state for run in school.runs()})  # its other moments are over by now
    went = push.report()["accepted"]
    assert 50 < went < 400, "the chunk was claimed, and was not finished"
    assert school.totals() == {"accepted": went, "failed cancelled": 500 - went}
    assert sum(len(push.messages(endpoint)) for endpoint in endpoints) == went
    assert [chunk.state for chunk in school.chunks()] == ["done"]


def test_without_a_database_it_says_what_to_do(settings: Settings, tmp_path: Path) -> None:
    empty = replace(settings, database_url=f"sqlite:///{tmp_path / 'empty.db'}")
    said = FlaskCliRunner(create_app(empty, serve=False)).invoke(args=["worker"])
    assert said.exit_code == 1
    assert "flask database upgrade" in said.output


def test_beside_its_parent_it_steps_back_and_it_ends_with_it(environment: dict[str, str]) -> None:
    with running(environment, "sh", "-c", PARENT, "sh", sys.executable) as parent:
        assert parent.stdin
        assert parent.stdout
        worker = int(parent.stdout.readline())
        assert until(lambda: os.getpriority(os.PRIO_PROCESS, worker) >= COURTESY), "it lets the server go first"
        parent.stdin.close()
        assert parent.wait(LONGEST_END) == 0
        assert parent.stdout.read() == "", "the worker had the other end of the pipe, and is gone"


@pytest.mark.parametrize("number", [signal.SIGKILL, None])
def test_beside_a_server_it_is_there_ends_with_it_and_comes_back_when_it_was_killed(
    school: School, environment: dict[str, str], number: signal.Signals | None
) -> None:
    ready(school, 10)
    with running(environment, sys.executable, "-c", SERVER) as server:
        assert server.stdin
        assert server.stdout
        assert until(lambda: school.totals() == {"accepted": 10})
        if number:
            server.send_signal(number)
        server.stdin.close()
        server.wait(LONGEST_END + 5)
        assert server.stdout.read() == "", "the worker had the other end of the pipe, and is gone"


def test_a_tip_is_sent_from_the_terminal_with_a_bar(
    school: School, settings: Settings, push: Push, capfd: pytest.CaptureFixture[str]
) -> None:
    ready(school, 30)
    school.readers(2, plan="410")
    runner = FlaskCliRunner(create_app(settings, serve=False))
    sent = runner.invoke(args=["tips", "send", "1"])
    assert sent.exit_code == 0, sent.output
    assert "30 accepted" in sent.output
    assert push.report()["accepted"] == 30
    refused = runner.invoke(args=["tips", "send", "7"])
    assert refused.exit_code == 1
    assert "there is no such tip" in refused.output


def test_a_queue_that_is_emptied_in_the_middle_changes_nothing(
    school: School, push: Push, settings: Settings, environment: dict[str, str]
) -> None:
    endpoints = ready(school, 1100)
    with writing(school.engine) as connection:
        connection.execute(chunks.update().where(chunks.c.number == 1).values(not_before=now() + timedelta(seconds=25)))
    with running(environment):
        assert until(lambda: push.report()["accepted"] == 100)
        assert until(make_tasks(settings).huey.scheduled), "the task that is to wake it for the rest"
        make_tasks(settings).huey.storage.flush_all()
        assert until(lambda: school.totals() == {"accepted": 1100}, 120)
    assert {len(push.messages(endpoint)) for endpoint in endpoints} == {1}
    make_tasks(settings).huey.storage.close()
