"""The tables of delivery: when a tip went out, in which pieces, with what outcome, and how the push services are doing.

A sent message writes no row of its own: a chunk holds who is done in a bitmap.
A column's `doc` says what it holds; a table's `info["kept"]` how long a row stays."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from pwa.database import Instant, metadata

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("tip_id", ForeignKey("tips.id", ondelete="CASCADE"), nullable=False, doc="What goes out."),
    Column("moment", String(8), nullable=False, doc="before | after | evening | now: which readers, and when."),
    Column("date", Date, nullable=False, doc="The local day in the group's zone."),
    Column("due_at", Instant, nullable=False, doc="The moment in UTC, computed for this day."),
    Column("fresh_until", Instant, nullable=False,
           doc="Until when a message may still be sent; after it, it is dropped."),
    Column("quiet_at", Instant, doc="When quiet hours begin: a phone that is off till then does not get it any more."),
    Column("planned_at", Instant, nullable=False, doc="When its chunks were written, in the same transaction."),
    Column("state", String(8), nullable=False,
           doc="open: being sent. done: every chunk is. skipped: a day without lessons. late: nothing ran in time."),
    Column("reason", String(80), nullable=False, default="",
           doc="Why it was skipped: the name of the holiday or study day."),
    Column("readers", Integer, nullable=False, default=0, doc="How many it was planned for."),
    Column("done_at", Instant, doc="When the last chunk was done."),
    UniqueConstraint("tip_id", "moment", "date"),  # scheduling twice changes nothing
    CheckConstraint("state IN ('open', 'done', 'skipped', 'late')", name="state"),
    info={"kept": "with its tip"},
    sqlite_autoincrement=True,
)  # fmt: skip

WENT_OUT = ("open", "done")  # the states of a run that readers get, or got

chunks = Table(
    "chunks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, doc="What goes out, and when."),
    Column("number", Integer, nullable=False, doc="1, 2 … as planned; what must be tried again gets further numbers."),
    Column("attempt", Integer, nullable=False, default=1,
           doc="How many times its messages were given to a push service."),
    Column("ids", LargeBinary, nullable=False, doc="The subscriptions, at most 1,000, as they were when it was planned "
                                                    "(pwa.delivery.bits); emptied when it is done."),
    Column("size", Integer, nullable=False, doc="How many subscriptions."),
    Column("done", LargeBinary, nullable=False, doc="A bit for each: nothing more to do. The first is the lowest bit."),
    Column("counts", Text, nullable=False, default="{}", doc="JSON, {'accepted': 812, 'failed too-late': 3}: so far."),
    Column("state", String(8), nullable=False, default="open", doc="open | done."),
    Column("owner", String(80), nullable=False, default="", doc="The process that holds it, for people to read."),
    Column("lease_until", Instant, nullable=False,
           doc="Until when the owner has it to itself; renewed by every flush."),
    Column("fence", Integer, nullable=False, default=0,
           doc="Grows with each claim: who has an older one writes nothing."),
    Column("not_before", Instant, nullable=False, doc="Not to be claimed earlier."),
    UniqueConstraint("run_id", "number"),
    CheckConstraint("state IN ('open', 'done')", name="state"),
    Index(None, "state", "not_before"),
    info={"kept": "30 days after its run; without numbers of subscriptions once it is done"},
    sqlite_autoincrement=True,
)  # fmt: skip

outcomes = Table(
    "outcomes",
    metadata,
    Column("date", Date, primary_key=True, doc="The local day of the run, or of a report from a device."),
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, doc="The school."),
    Column("tip_id", ForeignKey("tips.id", ondelete="CASCADE"), primary_key=True, doc="The tip."),
    Column("outcome", String(10), primary_key=True, doc="accepted | shown | opened | expired | failed."),
    Column("reason", String(40), primary_key=True, default="", doc="Why it failed or expired; empty for the others."),
    Column(
        "total", Integer, nullable=False, doc="How many, on that day; never shown to a coach while under 5 readers."
    ),
    CheckConstraint("outcome IN ('accepted', 'shown', 'opened', 'expired', 'failed')", name="outcome"),
    info={"kept": "with its group; a total names nobody"},
)

push_services = Table(
    "push_services",
    metadata,
    Column("origin", String(255), primary_key=True, doc="https:// and the host."),
    Column("key_id", String(16), primary_key=True,
           doc="Which of our VAPID keys: a wrong one stops nothing but itself."),
    Column("paused_until", Instant, doc="Nothing is sent before this moment, as the service asked; None: it did not."),
    Column("state", String(8), nullable=False, default="closed",
           doc="The circuit breaker. closed: sending. open: stopped until probe_at. Then one message shows how it is."),
    Column("probe_at", Instant, doc="When one message is tried again; None while closed."),
    Column("alarm", String(200), nullable=False, default="",
           doc="What a person must look at, for coach and log; empty: nothing."),
    Column("alarm_at", Instant, doc="Since when."),
    CheckConstraint("state IN ('closed', 'open')", name="state"),
    info={"kept": "for good; with an alarm while there are readers there"},
)  # fmt: skip
