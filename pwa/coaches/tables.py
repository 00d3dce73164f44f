"""The tables of coaches: accounts, passkeys, sessions, invitations, whose groups are whose, and what was done.

A column's `doc` says what it holds; a table's `info["kept"]` how long a row stays."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.types import TypeDecorator

from pwa.database import Instant, metadata


class Words(TypeDecorator[list[str]]):
    """A list of words without commas, kept with commas between them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str] | None:
        return None if value is None else value.split(",") if value else []


# Flask-Security asks for these names: active, password, fs_…, tf_…, mf_….
coaches = Table(
    "coaches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False, unique=True, doc="What the coach signs in with, in small letters."),
    Column("name", String(80), nullable=False, doc="What colleagues see in the audit list."),
    Column("role", String(16), nullable=False, doc="coach: own groups. administrator: all, and who may sign in."),
    Column("active", Boolean, nullable=False, default=True, doc="False: may not sign in."),
    Column("password", String(255), doc="An Argon2 hash."),
    Column("fs_uniquifier", String(64), nullable=False, unique=True, doc="What a session knows the account by."),
    Column("tf_primary_method", String(16), doc="authenticator, once a code from the app was right."),
    Column("tf_totp_secret", String(512), doc="The secret of the authenticator app, encrypted with the secret key."),
    Column("totp_counter", Integer, doc="The last time step whose code was used: no code works twice (RFC 6238, 5.2)."),
    Column("mf_recovery_codes", MutableList.as_mutable(Words),
           doc="Codes for a lost phone, encrypted with the secret key; each works once."),
    Column("fs_webauthn_user_handle", String(64), unique=True, doc="What passkeys know the account by; random."),
    Column("created_at", Instant, nullable=False, doc="When the invitation was accepted."),
    CheckConstraint("role IN ('coach', 'administrator')", name="role"),
    info={"kept": "until an administrator removes the account"},
    sqlite_autoincrement=True,
)  # fmt: skip

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("coaches.id", ondelete="CASCADE"), nullable=False, index=True, doc="The coach."),
    Column("name", String(64), nullable=False, doc="What the coach calls it."),
    Column("credential_id", LargeBinary(1024), nullable=False, unique=True, doc="What the device calls it."),
    Column("public_key", LargeBinary, nullable=False, doc="COSE key (RFC 9052)."),
    Column("sign_count", Integer, default=0, doc="The device's own counter."),
    Column("transports", Words, doc="How the device is reached: usb, internal."),
    Column("backup_state", Boolean, nullable=False, doc="Kept elsewhere as well by the maker of the device."),
    Column("device_type", String(64), nullable=False, doc="single_device | multi_device."),
    Column("extensions", String(255), doc="What the browser said about it, as JSON."),
    Column("usage", String(16), nullable=False, doc="first: signs in by itself. secondary: after the password."),
    Column("lastuse_datetime", Instant, nullable=False, doc="When it was last used."),
    info={"kept": "until the coach removes it"},
)  # fmt: skip

coach_sessions = Table(
    "coach_sessions",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True, doc="SHA-256 of what the cookie holds."),
    Column("coach_id", ForeignKey("coaches.id", ondelete="CASCADE"), index=True, doc="None: not signed in yet."),
    Column("device", String(120), nullable=False, doc="Browser and system in words, for the list of sessions."),
    Column("data", Text, nullable=False, doc="What Flask keeps in a session, as tagged JSON."),
    Column("created_at", Instant, nullable=False, doc="When it began: it ends seven days later."),
    Column("seen_at", Instant, nullable=False, doc="When it was last used, give or take a few minutes."),
    Column("ends_at", Instant, nullable=False, index=True, doc="When it ends if it is not used again."),
    info={"kept": "until it ends: at sign-out, 12 hours unused, 7 days; an hour when nobody signed in"},
)  # fmt: skip

invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True, doc="SHA-256 of the word in the link."),
    Column("role", String(16), nullable=False, doc="What the account becomes."),
    Column("coach_id", ForeignKey("coaches.id", ondelete="CASCADE"), doc="The account that gets a new password and "
                                                                       "a new second step; None: a new account."),
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), doc="The group that the new coach shares, if any."),
    Column("made_by", ForeignKey("coaches.id", ondelete="CASCADE"),
           doc="The coach without whose rights it leads nowhere; None: from the command line."),
    Column("ends_at", Instant, nullable=False, doc="Until when the link works."),
    info={"kept": "until it is used, who made it loses the right to, or 7 days"},
)  # fmt: skip

group_coaches = Table(
    "group_coaches",
    metadata,
    Column("group_id", ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, doc="The school."),
    Column("coach_id", ForeignKey("coaches.id", ondelete="CASCADE"), primary_key=True, index=True,
           doc="Who may see it, change it, and send to it."),
    info={"kept": "with its group and its coach"},
)  # fmt: skip

coach_phones = Table(
    "coach_phones",
    metadata,
    Column("coach_id", ForeignKey("coaches.id", ondelete="CASCADE"), primary_key=True, doc="Whose phone it is."),
    Column("code_hash", LargeBinary(32), unique=True, doc="SHA-256 of the code that ties a phone; None: none waits."),
    Column("code_ends_at", Instant, doc="Until when that code works, 15 minutes."),
    Column("subscription_id", ForeignKey("subscriptions.id", ondelete="SET NULL"), unique=True,
           doc="The phone, an ordinary subscription; None: not tied yet, or stopped on the phone."),
    Column("test_number", Integer, unique=True, doc="What the phone calls the last test, random; None: none yet."),
    Column("test_at", Instant, doc="When the coach asked for it."),
    Column("test_answer", String(60), nullable=False, default="",
           doc="What became of it (pwa.delivery.answers), with the reason; empty: not sent yet."),
    Column("test_shown_at", Instant, doc="When the phone said that it shows it; None: it did not say so."),
    info={"kept": "until the coach lets go of the phone, or with the account"},
)  # fmt: skip

deeds = Table(
    "deeds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False, doc="When."),
    Column("coach_id", ForeignKey("coaches.id", ondelete="SET NULL"), doc="Who; None: from the command line, or gone."),
    Column("coach_name", String(80), nullable=False, doc="Who it was then."),
    Column("deed", String(40), nullable=False, doc="A key of pwa.coaches.audit.DEEDS."),
    Column("what", String(120), nullable=False, default="",
           doc="What it was done to: a group's name, a tip's title, a programme's id."),
    Column("group_id", ForeignKey("groups.id", ondelete="SET NULL"), doc="The school; None: none."),
    Index(None, "group_id", "at"),
    Index(None, "at"),
    info={"kept": "one year"},
    sqlite_autoincrement=True,
)  # fmt: skip
