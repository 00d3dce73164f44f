"""A school with readers and tips in a database, for the tests of delivery; the push service is a real one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, Engine, func, select

from pwa.config import PROJECT
from pwa.database import reading, writing
from pwa.delivery.planning import plan_due
from pwa.delivery.push import Sender
from pwa.delivery.sending import Courier, never
from pwa.delivery.services import Services
from pwa.delivery.tables import chunks, outcomes, runs
from pwa.delivery.vapid import Keys, key_id
from pwa.groups.tables import groups
from pwa.subscriptions.endpoints import read_keys
from pwa.subscriptions.tables import subscription_groups, subscriptions
from pwa.tips.tables import tip_texts, tips
from tests.support.push.process import Push

CONTENT = PROJECT / "pwa" / "content"
TUESDAY = date(2026, 11, 24)
BEFORE = datetime(2026, 11, 24, 6, 45, tzinfo=UTC)  # 07:45 in Amsterdam
URL = "https://houvast.example.org"
AWAY = "http://127.0.0.1:9"  # a proxy that nobody listens on


class Hands:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = BEFORE) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def to(self, at: datetime) -> None:
        self.at = at


def new_key() -> tuple[str, ec.EllipticCurvePrivateKey]:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = ec.generate_private_key(ec.SECP256R1())
    return key_id(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)), key


class School:
    """One database with one group (more by `group`), and a courier that sends to the push service."""

    def __init__(self, engine: Engine, push: Push | None = None, clock: Callable[[], datetime] | None = None) -> None:
        self.engine, self.push, self.clock = engine, push, clock or Hands()
        number, key = new_key()
        self.keys = Keys({number: key}, number, "mailto:coach@houvast.example")
        self.group_id = self.group()

    def group(self, **values: Any) -> int:
        with writing(self.engine) as connection:
            count = connection.scalar(select(func.count()).select_from(groups)) or 0
            row = {"name": "De Regenboog", "languages": "nl en", "join_code": f"{count:0>10}", "created_at": BEFORE}
            return int(connection.scalar(groups.insert().values(row | values).returning(groups.c.id)) or 0)

    def readers(self, count: int = 1, plan: str = "201", host: str = "fcm.googleapis.com", group_id: int | None = None,
                key: str | None = None, same: bool = False, **values: Any) -> list[str]:  # fmt: skip
        """Minted subscriptions, confirmed and in the group; gives their endpoints. `key` binds them to a public key.

        `same`: with one key pair for all, which is made more quickly."""
        assert self.push
        minted = self.push.mint(count, plan, host, key=key or self.keys.application_server_key, shared_key=same)
        self.keep(minted, group_id, **values)
        return [each["endpoint"] for each in minted]

    def keep(self, minted: Iterable[dict[str, Any]], group_id: int | None = None, **values: Any) -> None:
        rows = [self.row(each["endpoint"], *read_keys(**each["keys"])) | values for each in minted]
        with writing(self.engine) as connection:
            numbers = connection.scalars(subscriptions.insert().returning(subscriptions.c.id), rows).all()
            joined = [{"group_id": group_id or self.group_id, "subscription_id": number} for number in numbers]
            connection.execute(subscription_groups.insert(), joined)

    def row(self, endpoint: str, p256dh: bytes, auth: bytes) -> dict[str, Any]:
        return {
            "endpoint": endpoint, "endpoint_hash": hashlib.sha256(endpoint.encode()).digest(), "p256dh": p256dh,
            "auth": auth, "key_id": self.keys.present, "token_hash": os.urandom(32), "language": "nl",
            "created_at": BEFORE, "confirmed_at": BEFORE, "seen_on": TUESDAY,
        }  # fmt: skip

    def tip(self, **values: Any) -> int:
        """A scheduled tip with a card and texts in two languages."""
        row = {"group_id": self.group_id, "batch": os.urandom(8).hex(), "card": "keep-recess", "state": "scheduled",
               "date": TUESDAY, "moments": "before after evening", "created_at": BEFORE}  # fmt: skip
        texts = {"nl": ("Pauze blijft", "Altijd, wat er ook gebeurt."), "en": ("Keep recess", "Always, come what may.")}
        with writing(self.engine) as connection:
            number = int(connection.scalar(tips.insert().values(row | values).returning(tips.c.id)) or 0)
            for language, (title, body) in texts.items():
                text = {"tip_id": number, "language": language, "title": title, "body": body}
                connection.execute(tip_texts.insert().values(text))
        return number

    def plan(self, at: datetime | None = None) -> int:
        return plan_due(self.engine, CONTENT, at or self.clock(), 0.0)

    def courier(self, stop: Callable[[], bool] = never, owner: str = "test", deadline: float = 10.0) -> Courier:
        sender = Sender(proxy=self.push.proxy if self.push else AWAY, ca_file=self.push.cert if self.push else "",
                        deadline=deadline)  # fmt: skip
        services = Services(sender.width, 5000.0)
        return Courier(self.engine, sender, self.keys, services, url=URL, owner=owner, stop=stop, now=self.clock)

    def drain(self, **options: Any) -> datetime | None:
        """Send what is due by one courier, and when there is more to do."""
        courier = self.courier(**options)
        try:
            return courier.drain()
        finally:
            courier.sender.close()

    def drain_all(self, most: int = 50) -> None:
        """Drain, and move the clock to whatever is due next, until nothing is."""
        assert isinstance(self.clock, Hands)
        for _ in range(most):
            following = self.drain()
            if following is None:
                return
            self.clock.to(max(following, self.clock()) + timedelta(milliseconds=1))
        raise AssertionError("there is always more to do")

    def totals(self) -> dict[str, int]:
        """Outcome and reason → total, over all tips."""
        with reading(self.engine) as connection:
            counts: dict[str, int] = {}
            for row in connection.execute(select(outcomes)):
                key = f"{row.outcome} {row.reason}".rstrip()
                counts[key] = counts.get(key, 0) + row.total
        return counts

    def count(self, table: Any = subscriptions) -> int:
        with reading(self.engine) as connection:
            return int(connection.scalar(select(func.count()).select_from(table)) or 0)

    def runs(self) -> list[Any]:
        with reading(self.engine) as connection:
            return list(connection.execute(select(runs).order_by(runs.c.id)))

    def chunks(self) -> list[Any]:
        with reading(self.engine) as connection:
            return list(connection.execute(select(chunks).order_by(chunks.c.id)))

    def change(self, table: Any, **values: Any) -> None:
        with writing(self.engine) as connection:
            connection.execute(table.update().values(**values))


def make_tables(connection: Connection) -> None:
    from pwa.database import metadata

    metadata.create_all(connection)


def database(folder: Path) -> str:
    return f"sqlite:///{folder / 'houvast.db'}"
