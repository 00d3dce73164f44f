"""The tables of groups (schools) and of the days on which one has no lessons.

A column's `doc` says what it holds; a table's `info["kept"]` how long a row stays."""

from __future__ import annotations

from datetime import time

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Integer, String, Table, Time

from pwa.database import Instant, metadata

groups = Table(
    "groups",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, doc="What readers and coaches call the school."),
    Column("languages", String(40), nullable=False, doc="Codes with blanks between them, the main one first: nl en."),
    Column("timezone", String(40), nullable=False, default="Europe/Amsterdam", doc="An IANA zone; moments are in it."),
    Column("country", String(2), nullable=False, default="NL", doc="ISO 3166-1 alpha-2, or empty: no public holidays."),
    Column("holiday_region", String(20), nullable=False, default="",
           doc="A key of pwa/content/holidays.toml, such as NL-noord, whose school holidays count; empty: none."),
    Column("quiet_from", Time, nullable=False, default=time(20), doc="Local time from which nothing is sent."),
    Column("quiet_till", Time, nullable=False, default=time(7), doc="Local time from which tips are sent again."),
    Column("join_code", String(10), nullable=False, unique=True,
           doc="Ten symbols of Crockford's base 32, capitals: 50 bits, what a reader joins with."),
    Column("created_at", Instant, nullable=False, doc="When a coach made the group."),
    CheckConstraint("length(join_code) = 10", name="join_code_length"),
    info={"kept": "until an administrator deletes the group"},
    sqlite_autoincrement=True,  # the number of a deleted group never becomes another school's
)  # fmt: skip

study_days = Table(
    "study_days",
    metadata,
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, doc="The school."),
    Column("date", Date, primary_key=True, doc="A local day without lessons: no tip is sent."),
    Column("name", String(80), nullable=False, default="", doc="What the coach calls it, shown in the calendar."),
    info={"kept": "with its group"},
)
