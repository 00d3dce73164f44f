"""One message to one device at once: what its answer does to the device."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from pwa.config import read_settings
from pwa.database import writing
from pwa.delivery.answers import Answer
from pwa.delivery.office import Office
from pwa.delivery.vapid import load_keys
from pwa.subscriptions.tables import subscriptions
from tests.delivery.test_planning import readers
from tests.support.school import School


class Gone:
    """A push service that knows the address no more; something happens while its answer is on the way."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self.meanwhile = meanwhile
        self.key = 0

    def start(self, letter: Any) -> None:
        self.key = letter.key
        self.meanwhile()

    def finished(self, _wait: float) -> list[tuple[int, Answer]]:
        return [(self.key, Answer(410))]


@pytest.mark.parametrize(("moves", "left"), [(False, 0), (True, 1)])
def test_a_device_that_got_a_new_address_meanwhile_stays(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: bool, left: int
) -> None:
    keys = load_keys(tmp_path, "mailto:coach@houvast.example")
    school = School(engine)
    readers(school)

    def meanwhile() -> None:
        with writing(engine) as connection:
            if moves:
                connection.execute(update(subscriptions).values(endpoint_hash=bytes(32)))

    with writing(engine) as connection:
        connection.execute(update(subscriptions).values(key_id=keys.present))
        number = connection.scalar(select(subscriptions.c.id)) or 0
    office = Office(read_settings({"HOUVAST_INSTANCE": str(tmp_path)}), engine, keys)
    monkeypatch.setattr(Office, "_sender", lambda _office: Gone(meanwhile))
    assert office.send_one(number, b"x").act == "gone"
    assert school.count() == left
