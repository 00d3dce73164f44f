"""The tables of push subscriptions: where a reader's messages go, and what the reader chose. No name, no account.

A column's `doc` says what it holds; a table's `info["kept"]` how long a row stays."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from pwa.database import Instant, metadata

MOMENTS = ("before", "after", "evening")

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True, doc="Grows, and is never given out twice: chunks of a tip hold numbers."),
    Column("endpoint_hash", LargeBinary(32), nullable=False, unique=True,
           doc="SHA-256 of the endpoint, which is how a row is found: the endpoint itself is a secret."),
    Column("endpoint", Text, nullable=False, doc="The address at the push service, checked by endpoints.check()."),
    Column("p256dh", LargeBinary(65), nullable=False, doc="The device's public key, an uncompressed P-256 point."),
    Column("auth", LargeBinary(16), nullable=False, doc="The device's authentication secret (RFC 8291, 3.2)."),
    Column("key_id", String(16), nullable=False, doc="Which of our VAPID keys it was made with (pwa.delivery.vapid)."),
    Column("token_hash", LargeBinary(32), nullable=False,
           doc="SHA-256 of the device token: who has the token may change or erase the row."),
    Column("nonce_hash", LargeBinary(32),
           doc="SHA-256 of what the confirmation message carries; None once it came back."),
    Column("language", String(8), nullable=False, doc="The code of the language to write in."),
    Column("days", Integer, nullable=False, default=31,
           doc="Bits: Monday 1, Tuesday 2 … Sunday 64. 31 is school days."),
    Column("moment", String(8), nullable=False, default="before", doc="before | after | evening, see MOMENTS."),
    Column("timezone", String(40), nullable=False, default="Europe/Amsterdam",
           doc="The device's IANA zone: until when a day is muted. Moments are in the group's zone."),
    Column("country", String(2), nullable=False, default="", doc="ISO 3166-1 alpha-2, or empty: not said."),
    Column("region", String(20), nullable=False, default="",
           doc="A key of holidays.toml, or empty: the group's counts."),
    Column("muted_until", Instant, doc="Nothing is sent before this moment; None: not muted."),
    Column("confirmed_at", Instant, doc="When the confirmation came back; None: still to be proved."),
    Column("expires_at", Instant,
           doc="When an unconfirmed row is erased, 15 minutes after it was made; None once confirmed."),
    Column("created_at", Instant, nullable=False, doc="When the device first came."),
    Column("seen_on", Date, nullable=False,
           doc="The last day on which the app compared its subscription with this row."),
    Column("reached_on", Date,
           doc="A day on which the push service took a tip for it; noted once a week, and only while the app is not "
               "opened. None: not since it was last seen."),
    Column("warned_on", Date,
           doc="The day on which a silent device was asked to open the app; None: not since it was last seen."),
    Column("asking_until", Instant,
           doc="Until when nobody else asks it: somebody is about to, or its push service did not take it."),
    Column("fault", String(40),
           doc="Why this row alone cannot be sent to (a bad key), so that it is left out; None: fine."),
    CheckConstraint("moment IN ('before', 'after', 'evening')", name="moment"),
    CheckConstraint("days BETWEEN 0 AND 127", name="days"),
    Index(None, "expires_at"),
    Index(None, "seen_on"),
    info={"kept": "until the reader stops, the push service answers 404 or 410, 15 minutes without confirmation, "
                  "or 60 days without being opened and without a tip that got through (90, plus the week that is not "
                  "noted, when its push service does not take the question whether it is still there)"},
    sqlite_autoincrement=True,
)  # fmt: skip

subscription_groups = Table(
    "subscription_groups",
    metadata,
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True,
           doc="The school that was joined."),
    Column("subscription_id", ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True, index=True,
           doc="The reader's device."),
    info={"kept": "until the reader leaves the group or stops"},
)  # fmt: skip
