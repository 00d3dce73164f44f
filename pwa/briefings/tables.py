"""What the server keeps of a briefing: bytes that it cannot read, and until when. No name, no address, no account.

The id is itself a digest of the maker's token (see `keeping.id_of`), so the token is not stored at all."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table

from pwa.database import metadata

briefings = Table(
    "briefings",
    metadata,
    Column("id", LargeBinary(16), primary_key=True, doc="A digest of the maker's token."),
    Column("revision", Integer, nullable=False, doc="Grows with each change; sealed along, so an old one is noticed."),
    Column("sealed", LargeBinary, nullable=False, doc="The briefing, encrypted on the maker's device."),
    Column("expires_at", BigInteger, nullable=False, index=True, doc="When it is erased: seconds since 1970, UTC."),
    info={"kept": "until its maker withdraws it, or the end that the maker chose"},
)

# A note outlives its briefing: the maker may read it the next day. So it refers to an id, not to a row.
briefing_notes = Table(
    "briefing_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("briefing", LargeBinary(16), nullable=False, index=True, doc="The id of the briefing that it answers."),
    Column("sealed", LargeBinary, nullable=False, doc="The note, encrypted on the substitute's device."),
    Column("expires_at", BigInteger, nullable=False, index=True, doc="When it is erased: seconds since 1970, UTC."),
    info={"kept": "until its briefing is withdrawn, or 14 days"},
)
