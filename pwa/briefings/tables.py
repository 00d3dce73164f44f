"""What the server keeps of a briefing: bytes that it cannot read, and until when. No name, no address, no account.

The id is itself a digest of the maker's token (see `keeping.id_of`), so the token is not stored at all."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table

from pwa.database import metadata

briefings = Table(
    "briefings",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("revision", Integer, nullable=False),  # grows with each change; sealed along, so an old one is noticed
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),  # seconds since 1970, UTC
)

# A note outlives its briefing: the maker may read it the next day. So it refers to an id, not to a row.
briefing_notes = Table(
    "briefing_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("briefing", LargeBinary(16), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
