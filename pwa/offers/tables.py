"""The tables of templates that are offered to a group, and of their words, one row per language.

A column's `doc` says what it holds; a table's `info["kept"]` how long a row stays."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from pwa.briefings.templates import LONGEST, Words
from pwa.database import Instant, metadata

offered_templates = Table(
    "offered_templates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), nullable=False, index=True,
           doc="The school. Whoever has its join code may read the template."),
    Column("days", Integer, nullable=False, doc="How many days a briefing that begins with it is valid, 1 to 31."),
    Column("cards", String(320), nullable=False, doc="The ids of one to five cards, with blanks between them."),
    Column("created_at", Instant, nullable=False, doc="When a coach first offered it."),
    Column("changed_at", Instant, nullable=False, doc="When a coach last changed it."),
    info={"kept": "until a coach withdraws it, or with its group"},
    sqlite_autoincrement=True,  # a form that is open in another tab never changes another template
)  # fmt: skip

offered_texts = Table(
    "offered_texts",
    metadata,
    Column("template_id", ForeignKey("offered_templates.id", ondelete="CASCADE"), primary_key=True,
           doc="The template."),
    Column("language", String(8), primary_key=True, doc="The code of the language."),
    *(
        Column(name, String(LONGEST[name]), nullable=False, doc=f"Plain text, at most {LONGEST[name]} characters.")
        for name in Words.__struct_fields__
    ),
    info={"kept": "with its template"},
)  # fmt: skip
