"""The tables of tips and of their texts, one per language.

A column's `doc` says what it holds; a table's `info["kept"]` how long a row stays."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from pwa.coaches.tables import coaches
from pwa.database import Instant, metadata

tips = Table(
    "tips",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), nullable=False, index=True,
           doc="The school that it goes to. A tip for three schools is three rows with one `batch`."),
    Column("batch", String(22), nullable=False,
           doc="Random, the same for rows that were sent together: a reader in two of the schools gets one of them. "
               "Topic and tag are made from it; a correction takes the batch of what it corrects."),
    Column("author", ForeignKey(coaches.c.id, ondelete="SET NULL"), doc="The coach; None when that account is gone."),
    Column("card", String(60), doc="The id of the card that opens on a tap; None: the inbox opens."),
    Column("programme", String(60), doc="The id of the programme that it is part of; None: a tip on its own."),
    Column("state", String(10), nullable=False,
           doc="held: 60 seconds to think again. scheduled: waits for its day. sent: all moments "
               "of its day were planned. skipped: they were, and at none was there anything to send, as on a day off. "
               "cancelled: never goes out (further). held becomes scheduled by itself."),
    Column("date", Date, doc="The local day, in the group's zone, on which it goes out."),
    Column("moments", String(24), nullable=False, default="before after evening",
           doc="With blanks between them: each reader gets it at the chosen one of these. Or `now`: everybody at once, "
               "as soon as the hold is over."),
    Column("held_until", Instant, doc="Until when it can be taken back without anybody having seen it."),
    Column("corrects_id", ForeignKey("tips.id", ondelete="SET NULL"),
           doc="The tip whose notification this one replaces on the screen."),
    Column("created_at", Instant, nullable=False, doc="When it was first kept."),
    # nobody makes a draft; the two checks are as databases have them
    CheckConstraint("state IN ('draft', 'held', 'scheduled', 'sent', 'skipped', 'cancelled')", name="state"),
    CheckConstraint("state = 'draft' OR date IS NOT NULL", name="date"),
    Index(None, "state", "date"),
    info={"kept": "with its group; texts and counts are the group's memory"},
    sqlite_autoincrement=True,  # devices remember the numbers that they have shown
)  # fmt: skip

tip_texts = Table(
    "tip_texts",
    metadata,
    Column("tip_id", ForeignKey("tips.id", ondelete="CASCADE"), primary_key=True, doc="The tip."),
    Column("language", String(8), primary_key=True,
           doc="The code of the language. A reader whose language has no text gets the group's first language."),
    Column("title", String(80), nullable=False, doc="Plain text; the composer holds it to 40 characters."),
    Column("body", String(240), nullable=False,
           doc="Plain text; the composer warns at 100 and stops at 120 characters."),
    info={"kept": "with its tip"},
)  # fmt: skip
