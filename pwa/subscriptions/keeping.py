"""Subscriptions as they are kept: made, proved, changed, erased. Whoever has the device token may do it, nobody else.

An endpoint is a secret, so rows are found by hashes: of endpoint, token, or what the confirmation carries."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct
from sqlalchemy import Connection, Row, delete, exists, func, or_, select, update

from pwa.coaches import phones
from pwa.groups.tables import groups
from pwa.subscriptions.endpoints import EndpointError, Keys, check
from pwa.subscriptions.tables import MOMENTS, subscription_groups, subscriptions

PROOF_LIFE = timedelta(minutes=15)
MOST_UNPROVED = 5000  # of invented addresses, which cost a row and a message each
SILENCE = timedelta(days=60)
WARNING = timedelta(days=55)
UNASKED = timedelta(days=90)  # silent for so long, a device is not kept because its push service refuses the question
ASKING = timedelta(hours=1)  # more than it takes to ask as many as one sender takes at once
NOTED = timedelta(days=7)  # between two notes that a tip got through to a device that is not opened
QUIET_FROM, QUIET_TILL = 16, 20  # o'clock: after school, and before the night
MOST_GROUPS = 20
LONGEST_REGION = 20


class CrowdedError(Exception):
    """Too many subscriptions wait for their proof; a quarter of an hour later there is room again."""


class Choices(Struct, frozen=True, kw_only=True):
    """What a reader chose; `days` has a bit for each weekday, Monday the lowest."""

    language: str
    days: int = 31
    moment: str = "before"
    timezone: str = "Europe/Amsterdam"
    country: str = ""
    region: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError with a sentence."""
        if not 0 < self.days < 128:
            raise ValueError("At least one day of the week must be chosen.")
        if self.moment not in MOMENTS:
            raise ValueError(f"The moment must be one of: {', '.join(MOMENTS)}.")
        if not is_timezone(self.timezone):
            raise ValueError("The time zone is not one that we know.")
        if len(self.language) > 8 or len(self.country) > 2 or len(self.region) > LONGEST_REGION:
            raise ValueError("The language, country or region is not one that we know.")


class Kept(NamedTuple):
    """A subscription's number; `token` is for the device alone; `nonce` must come back from it, None: it is proved."""

    number: int
    token: str
    nonce: str | None


class Known(NamedTuple):
    """A device that has a row already; `moves`: it comes with another address than it had."""

    number: int
    proved: bool
    moves: bool


def keep(
    connection: Connection, endpoint: object, keys: Keys, choices: Choices, *, key_id: str, at: datetime,
    token: str | None = None, most: int = MOST_UNPROVED,
) -> Kept:  # fmt: skip
    """Make a subscription, or bring the device's own one up to date: found by its token, else by the same address.

    `key_id` is our key that it was made with. Raises EndpointError for an address or a device that is not to be
    trusted, CrowdedError when there are `most` unproved ones."""
    check(endpoint)
    values = _values(str(endpoint), keys, choices, key_id, at)
    known = own(connection, token) if token else None
    same = _by_address(connection, str(endpoint))
    if same and not (known and known.id == same.id) and not hmac.compare_digest(same.auth, keys.auth):
        raise EndpointError("The endpoint belongs to another device.")
    if same and known and known.id != same.id:  # the device came back with an address that it had before
        connection.execute(delete(subscriptions).where(subscriptions.c.id == same.id))
    row = known or same
    if row:
        return _bring_up_to_date(connection, row, values)
    return _make(connection, values, at, most)


def confirm(connection: Connection, nonce: str, at: datetime) -> bool:
    """The message arrived: its address is proved. False when nothing waits for this proof, or not any more."""
    waiting = update(subscriptions).where(subscriptions.c.nonce_hash == _hash(nonce), subscriptions.c.expires_at > at)
    return bool(connection.execute(waiting.values(confirmed_at=at, nonce_hash=None, expires_at=None)).rowcount)


def recognise(connection: Connection, endpoint: str, token: str) -> Known | None:
    """What there is of a device that comes, by its token, else by its address."""
    row = own(connection, token) or _by_address(connection, endpoint)
    return Known(row.id, row.confirmed_at is not None, row.endpoint_hash != _hash(endpoint)) if row else None


def waits_for(connection: Connection, number: int, nonce: str, at: datetime) -> bool:
    """Whether a device is still to be proved at that moment, by this proof and no newer one."""
    this = (subscriptions.c.id == number) & (subscriptions.c.nonce_hash == _hash(nonce))
    waiting = select(subscriptions.c.id).where(this, subscriptions.c.expires_at > at)
    return connection.execute(waiting).first() is not None


def ask_again(connection: Connection, row: Row[Any], at: datetime) -> str:
    """What the next message to a device must carry: a new proof while its address is not proved, else nothing.

    The time for it is the one that the device got when it came: whoever asks again and again does not stay."""
    if row.confirmed_at:
        return ""
    nonce = secrets.token_urlsafe(16)
    connection.execute(update(subscriptions).where(subscriptions.c.id == row.id).values(nonce_hash=_hash(nonce)))
    return nonce


def own(connection: Connection, token: str) -> Row[Any] | None:
    """The subscription of the device that has this token, or None."""
    return connection.execute(select(subscriptions).where(subscriptions.c.token_hash == _hash(token))).first()


def compare(connection: Connection, token: str, endpoint: str, at: datetime) -> Row[Any] | None:
    """The device's subscription if it still has this address, noted as seen today; None: the device must come anew, as
    one with a fault must, which that takes away."""
    row = own(connection, token)
    if row is None or row.fault or not hmac.compare_digest(row.endpoint_hash, _hash(endpoint)):
        return None
    if row.seen_on != at.date():
        seen = _seen(at)
        connection.execute(update(subscriptions).where(subscriptions.c.id == row.id).values(seen))
    return row


def change(connection: Connection, number: int, choices: Choices) -> None:
    connection.execute(update(subscriptions).where(subscriptions.c.id == number).values(_chosen(choices)))


def mute(connection: Connection, row: Row[Any], days: int, at: datetime) -> None:
    """Nothing until the reader's own midnight, `days` midnights from now (1: today, 7: this week, 0: not muted)."""
    zone = ZoneInfo(row.timezone)
    until = None
    if days:
        until = datetime.combine(at.astimezone(zone).date() + timedelta(days=days), datetime.min.time(), zone)
    connection.execute(update(subscriptions).where(subscriptions.c.id == row.id).values(muted_until=until))


def join(connection: Connection, number: int, code: str) -> Row[int, str] | None:
    """Join the group with this code, once or again; None when there is none. Raises ValueError at too many groups.

    A coach's own phone is tied by such a code as well; what comes back then has the id 0."""
    group = connection.execute(select(groups.c.id, groups.c.name).where(groups.c.join_code == code)).first()
    if group is None:
        return phones.tie(connection, code, number)
    joined = set(connection.scalars(_joined(number)))
    if group.id not in joined:
        if len(joined) >= MOST_GROUPS:
            raise ValueError(f"You are in {MOST_GROUPS} groups already; leave one first.")
        connection.execute(subscription_groups.insert().values(group_id=group.id, subscription_id=number))
    return group


def leads(connection: Connection, code: str) -> bool:
    """Whether a code leads to a group, or to a coach who waits for a phone."""
    group = connection.scalar(select(groups.c.id).where(groups.c.join_code == code))
    return group is not None or phones.is_waited_for(connection, code)


def leave(connection: Connection, number: int, group_id: int) -> None:
    ours = (subscription_groups.c.subscription_id == number) & (subscription_groups.c.group_id == group_id)
    connection.execute(delete(subscription_groups).where(ours))


def erase(connection: Connection, token: str) -> bool:
    """Everything about a reader, out of the file as well (secure_delete); False when there was nothing."""
    return bool(connection.execute(delete(subscriptions).where(subscriptions.c.token_hash == _hash(token))).rowcount)


def sweep(connection: Connection, at: datetime) -> int:
    """Erase what was not proved in time, and devices silent for 60 days, five of them since they were asked to come
    back, or for 90 when their push service did not take that question; how many that were."""
    asked = or_(subscriptions.c.warned_on <= (at - SILENCE + WARNING).date(), subscriptions.c.fault.is_not(None))
    refused = _silent(at - UNASKED) & (subscriptions.c.asking_until <= at)
    over = or_(subscriptions.c.expires_at <= at, _silent(at - SILENCE) & asked, refused)
    return int(connection.execute(delete(subscriptions).where(over)).rowcount)


def silent(connection: Connection, at: datetime, most: int) -> list[Row[Any]]:
    """The devices that are to be asked to open the app, because they were silent for 55 days.

    Only on a day that the reader chose, when school is over and it is not yet night there. Each is given once, for as
    long as asking takes: whoever was killed meanwhile asked nobody, as far as we know."""
    waiting = (_silent(at - WARNING), subscriptions.c.warned_on.is_(None), subscriptions.c.fault.is_(None),
               subscriptions.c.confirmed_at.is_not(None),
               or_(subscriptions.c.asking_until.is_(None), subscriptions.c.asking_until <= at),
               or_(subscriptions.c.muted_until.is_(None), subscriptions.c.muted_until <= at))  # fmt: skip
    found: list[Row[Any]] = []
    for zone in connection.scalars(select(subscriptions.c.timezone).where(*waiting).distinct()).all():
        local = at.astimezone(ZoneInfo(zone))
        if QUIET_FROM <= local.hour < QUIET_TILL:
            today = subscriptions.c.days.bitwise_and(1 << local.weekday()) != 0
            there = select(subscriptions).where(*waiting, today, subscriptions.c.timezone == zone)
            there = there.order_by(subscriptions.c.id).limit(most - len(found)).with_for_update(skip_locked=True)
            found += connection.execute(there).all()
    taken = update(subscriptions).where(subscriptions.c.id.in_([row.id for row in found]))
    connection.execute(taken.values(asking_until=at + ASKING))
    return found


def asked(connection: Connection, number: int, on: date) -> None:
    """The message was sent; a device that was seen or reached meanwhile is silent no more."""
    still = (subscriptions.c.id == number) & subscriptions.c.asking_until.is_not(None)
    connection.execute(update(subscriptions).where(still).values(warned_on=on, asking_until=None))


def not_asked(connection: Connection, numbers: list[int]) -> None:
    """The message could not be sent: another time."""
    connection.execute(update(subscriptions).where(subscriptions.c.id.in_(numbers)).values(asking_until=None))


def _silent(since: datetime) -> Any:
    """Neither opened since, nor a tip that got through; in no group there is none to wait for."""
    in_a_group = exists().where(subscription_groups.c.subscription_id == subscriptions.c.id)
    noted = (since - NOTED).date()  # a tip that got through within a week of the last sign is not noted
    heard = func.coalesce(subscriptions.c.reached_on, subscriptions.c.seen_on) >= noted
    return (subscriptions.c.seen_on < since.date()) & ~(in_a_group & heard)


def _joined(number: int) -> Any:
    return select(subscription_groups.c.group_id).where(subscription_groups.c.subscription_id == number)


def _by_address(connection: Connection, endpoint: str) -> Row[Any] | None:
    same = subscriptions.c.endpoint_hash == _hash(endpoint)
    return connection.execute(select(subscriptions).where(same)).first()


def _bring_up_to_date(connection: Connection, row: Row[Any], values: dict[str, Any]) -> Kept:
    """A new token each time: an old one that got away is worth nothing. The proof stays, when there was one."""
    token = secrets.token_urlsafe(16)
    nonce = None if row.confirmed_at else secrets.token_urlsafe(16)
    fresh = {"token_hash": _hash(token), "nonce_hash": _hash(nonce) if nonce else None, "fault": None}
    connection.execute(update(subscriptions).where(subscriptions.c.id == row.id).values(values | fresh))
    return Kept(row.id, token, nonce)


def _make(connection: Connection, values: dict[str, Any], at: datetime, most: int) -> Kept:
    unproved = select(func.count()).select_from(subscriptions).where(subscriptions.c.expires_at > at)
    if (connection.scalar(unproved) or 0) >= most:
        raise CrowdedError
    token, nonce = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    secret = {"token_hash": _hash(token), "nonce_hash": _hash(nonce)}
    times = {"created_at": at, "expires_at": at + PROOF_LIFE}
    new = subscriptions.insert().values(values | secret | times).returning(subscriptions.c.id)
    return Kept(connection.scalars(new).one(), token, nonce)


def _values(endpoint: str, keys: Keys, choices: Choices, key_id: str, at: datetime) -> dict[str, Any]:
    address = {"endpoint": endpoint, "endpoint_hash": _hash(endpoint), "p256dh": keys.p256dh, "auth": keys.auth}
    seen = _seen(at)
    return {**address, "key_id": key_id, **seen, **_chosen(choices)}


def _chosen(choices: Choices) -> dict[str, Any]:
    return {name: getattr(choices, name) for name in Choices.__struct_fields__}


def _seen(at: datetime) -> dict[str, Any]:
    return {"seen_on": at.date(), "reached_on": None, "warned_on": None, "asking_until": None}


def is_timezone(name: str) -> bool:
    """Whether this machine knows the time zone."""
    return name in _timezones()


@cache
def _timezones() -> set[str]:
    """Once: it walks through hundreds of files."""
    return available_timezones()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()
