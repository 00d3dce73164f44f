"""How many messages may go to a push service now."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from pwa.config import read_settings
from pwa.database import WRITES, reading, writing
from pwa.delivery.answers import Answer, Verdict, judge
from pwa.delivery.office import Office
from pwa.delivery.push import CONNECTIONS, WIDTH
from pwa.delivery.services import NEW_WIDTH, Service, Services
from pwa.delivery.tables import push_services
from pwa.delivery.vapid import load_keys
from pwa.subscriptions.tables import subscriptions
from tests.support.school import BEFORE, School

ACCEPTED, REFUSED, TOO_MANY, GONE = Answer(201), Answer(403), Answer(429, 120.0), Answer(410)
NOTHING = Answer(0, fault="timeout")


class Watch:
    """Seconds that pass when a test says so."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def send(
    services: Services, service: Service, answer: Answer, number: int = 1, *, multiplexed: bool = True
) -> Verdict:
    services.started(service)
    verdict = judge(answer, older_key=False)
    return services.answered(service, verdict, BEFORE, number=number, multiplexed=multiplexed)


@pytest.mark.parametrize(("multiplexed", "width"), [(True, WIDTH), (False, CONNECTIONS)])
def test_a_new_service_gets_a_few_and_then_as_many_as_its_connections_carry(multiplexed: bool, width: int) -> None:
    services = Services(WIDTH, 1000.0, Watch())
    service = services.of("https://fcm.googleapis.com", "key")
    assert services.room(service) == NEW_WIDTH
    send(services, service, ACCEPTED, multiplexed=multiplexed)
    assert services.room(service) == width
    services.started(service)
    assert services.room(service) == width - 1


def test_a_service_gets_no_more_in_a_second_than_is_set() -> None:
    watch = Watch()
    services = Services(WIDTH, 10.0, watch)
    service = services.of("https://fcm.googleapis.com", "key")
    for _ in range(10):
        send(services, service, ACCEPTED)
    assert services.room(service) == 0
    watch.seconds = 0.5
    assert services.room(service) == 5
    watch.seconds = 60.0
    assert services.room(service) == 10, "what was not used is not saved up"


def test_a_service_that_asks_for_a_pause_gets_one_and_no_other_does() -> None:
    services = Services(WIDTH, 1000.0, Watch())
    service, other = services.of("https://fcm.googleapis.com", "key"), services.of("https://web.push.apple.com", "key")
    send(services, service, TOO_MANY)
    assert services.closed_until(service, BEFORE) == BEFORE + timedelta(seconds=120)
    assert services.closed_until(service, BEFORE + timedelta(seconds=120)) is None
    assert services.closed_until(other, BEFORE) is None


def test_a_service_that_does_not_answer_is_left_alone_and_then_tried_with_one_message() -> None:
    services = Services(WIDTH, 1000.0, Watch())
    service = services.of("https://web.push.apple.com", "key")
    send(services, service, ACCEPTED)
    for number in range(20):  # what was in flight when the first five had no answer counts for no longer pause
        assert (services.closed_until(service, BEFORE) is None) is (number < 5)
        send(services, service, NOTHING, number)
    assert services.closed_until(service, BEFORE) == BEFORE + timedelta(seconds=30)
    assert services.room(service) == 1
    service.paused_until = BEFORE
    send(services, service, NOTHING)
    assert services.closed_until(service, BEFORE) == BEFORE + timedelta(seconds=60)
    send(services, service, ACCEPTED)
    assert services.room(service) == WIDTH


def test_a_service_that_refuses_is_stopped_and_one_accepted_message_opens_it_again() -> None:
    services = Services(WIDTH, 1000.0, Watch())
    service = services.of("https://fcm.googleapis.com", "key")
    for number in range(5):
        assert services.closed_until(service, BEFORE) is None
        send(services, service, REFUSED, number)
    probe = services.closed_until(service, BEFORE)
    assert probe
    assert "answer-403" in service.alarm
    assert services.room(service) == 1, "one shows whether it works again"
    send(services, service, ACCEPTED)
    assert services.closed_until(service, BEFORE) is None
    assert service.alarm == ""
    assert services.room(service) == WIDTH


def test_names_that_look_like_services_do_not_fill_the_memory(engine: Engine, tmp_path: Path) -> None:
    keys = load_keys(tmp_path, "mailto:test@school.example")
    services = Services(WIDTH, 1000.0, Watch())
    paused = services.of("https://fcm.googleapis.com", "key")
    send(services, paused, TOO_MANY)
    for number in range(2500):
        invented = f"https://{number}.notify.windows.com"
        services.of(invented, "key")
        keys.authorization(invented, keys.present)
        if number % 50 == 0:
            with reading(engine) as connection:
                services.load(connection)
    assert len(services._known) < 1100
    assert services.of("https://fcm.googleapis.com", "key") is paused, "what was not written down yet is remembered"
    assert len(keys._signed) <= 1000


def test_one_subscription_that_is_refused_again_and_again_stops_nobody_else() -> None:
    services = Services(WIDTH, 1000.0, Watch())
    service = services.of("https://fcm.googleapis.com", "key")
    assert send(services, service, REFUSED, 1).act == "stop", "it may be the key, for all that is known by now"
    send(services, service, ACCEPTED, 2)
    for _ in range(10):
        assert send(services, service, REFUSED, 1).act == "failed", "it is accepted for others"
    assert service.state == "closed"
    for number in (3, 4, 5, 6):
        assert send(services, service, REFUSED, number).act == "stop"
        assert send(services, service, REFUSED, number).act == "stop", "nothing was accepted in between"
    assert service.state == "closed"
    send(services, service, REFUSED, 7)
    assert service.state == "open"


def test_where_nothing_was_ever_accepted_one_reader_is_enough_for_an_alarm() -> None:
    services = Services(WIDTH, 1000.0, Watch())
    service = services.of("https://fcm.googleapis.com", "key")
    for _ in range(5):
        send(services, service, REFUSED)
    assert service.state == "open"
    send(services, service, GONE, 2)
    assert service.state == "open", "that a subscription is gone does not prove our key"


@pytest.mark.parametrize("answer", [REFUSED, TOO_MANY])
def test_what_was_stopped_by_a_clock_that_was_ahead_goes_on_when_it_is_put_back(answer: Answer) -> None:
    services = Services(WIDTH, 1000.0, Watch())
    service = services.of("https://fcm.googleapis.com", "key")
    for number in range(5):
        send(services, service, answer, number)
    assert services.closed_until(service, BEFORE)
    assert services.closed_until(service, BEFORE - timedelta(days=2)) is None


def test_a_pause_that_could_not_be_written_is_written_the_next_time(engine: Engine) -> None:
    services = Services(WIDTH, 1000.0, Watch())
    service = services.of("https://fcm.googleapis.com", "key")
    send(services, service, TOO_MANY)
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        services.save(connection)  # and the process gets no further: nothing is kept
    with reading(engine) as connection:
        services.load(connection)
    with writing(engine) as connection:
        services.save(connection)
    services.saved()
    others = Services(WIDTH, 1000.0, Watch())
    with reading(engine) as connection:
        others.load(connection)
    same = others.of("https://fcm.googleapis.com", "key")
    assert others.closed_until(same, BEFORE) == BEFORE + timedelta(seconds=120)
    with writing(engine) as connection:
        connection.execute(push_services.update().values(paused_until=None))
    with reading(engine) as connection:
        services.load(connection)
    assert services.closed_until(service, BEFORE) is None, "what was written gives way to what others found out"


def test_an_alarm_ends_when_the_last_reader_is_gone_from_where_it_is(engine: Engine, tmp_path: Path) -> None:
    school = School(engine)
    office = Office(read_settings({"HOUVAST_INSTANCE": str(tmp_path)}), engine, school.keys)
    key = school.keys.present
    chrome, apple = "https://fcm.googleapis.com", "https://web.push.apple.com"
    firefox, edge = "https://updates.push.services.mozilla.com", "https://a.notify.windows.com"
    with writing(engine) as connection:
        for address, more in ((f"{chrome}/1", {}), (f"{apple}:443/2", {}), (f"{edge}/3", {"fault": "bad-key"})):
            connection.execute(subscriptions.insert().values(school.row(address, bytes(65), bytes(16)) | more))
        for origin, number in ((chrome, key), (chrome, "lost"), (apple, key), (firefox, key), (edge, key)):
            row = {"origin": origin, "key_id": number, "alarm": "refuses", "state": "open"}
            connection.execute(push_services.insert().values(row))
        connection.execute(push_services.insert().values(origin=apple, key_id="well"))
    office.tidy()
    with reading(engine) as connection:
        left = {(row.origin, row.key_id) for row in connection.execute(select(push_services))}
    assert left == {(chrome, key), (apple, key), (apple, "well")}
