"""What is kept about a coach, to hand over (GDPR, 15 and 20), to put right (16) or to erase (17)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select, update

from pwa.coaches import audit
from pwa.coaches.tables import coach_phones, coach_sessions, coaches, deeds, group_coaches, passkeys
from pwa.groups.tables import groups

# What opens the account is handed over to nobody: it is of use only to a thief.
ACCOUNT = ("email", "name", "role", "active", "created_at")
PASSKEY = ("name", "device_type", "backup_state", "lastuse_datetime")
SESSION = ("device", "created_at", "seen_at", "ends_at")
PHONE = ("test_at", "test_answer", "test_shown_at")
DEED = ("at", "deed", "what")
NAMED = ("invited", "stopped", "started", "made-administrator", "made-coach", "coach-added", "coach-removed",
         "address-changed")  # fmt: skip  (deeds to somebody, whose name they have)
ERASED = "–"


def find(connection: Connection, email: str) -> Row[Any] | None:
    """The account with this address, however it is typed; None when there is none."""
    return connection.execute(select(coaches).where(coaches.c.email == email.strip().lower())).one_or_none()


def exported(connection: Connection, coach: Row[Any]) -> dict[str, Any]:
    """What the account keeps about a coach, as plain values for JSON; moments in ISO 8601."""
    mine = select(groups.c.name).join(group_coaches).where(group_coaches.c.coach_id == coach.id)
    return {
        "account": _plain(coach, ACCOUNT),
        "second_step": bool(coach.tf_totp_secret),
        "passkeys": _rows(connection, passkeys, passkeys.c.user_id == coach.id, PASSKEY),
        "sessions": _rows(connection, coach_sessions, coach_sessions.c.coach_id == coach.id, SESSION),
        "phone_for_tests": _rows(connection, coach_phones, coach_phones.c.coach_id == coach.id, PHONE),
        "groups": list(connection.scalars(mine.order_by(groups.c.name))),
        "done": _rows(connection, deeds, deeds.c.coach_id == coach.id, DEED),
    }


def rename(connection: Connection, coach_id: int, name: str) -> None:
    """Another name, also in what was done before; where somebody else has the old one too, it stays with them."""
    before = connection.scalar(select(coaches.c.name).where(coaches.c.id == coach_id).with_for_update())
    namesake = select(coaches.c.id).where(coaches.c.name == before, coaches.c.id != coach_id)
    if connection.scalar(namesake.limit(1)) is None:
        connection.execute(update(deeds).where(deeds.c.what == before, deeds.c.deed.in_(NAMED)).values(what=name))
    connection.execute(update(deeds).where(deeds.c.coach_id == coach_id).values(coach_name=name))
    connection.execute(update(coaches).where(coaches.c.id == coach_id).values(name=name))
    audit.note(connection, SimpleNamespace(id=coach_id, name=name), "renamed")


def change_address(connection: Connection, coach: Row[Any], email: str) -> bool:
    """Another address to sign in with, also in what was done before; False when somebody has it already."""
    if connection.scalar(select(coaches.c.id).where(coaches.c.email == email)) is not None:
        return False
    connection.execute(update(deeds).where(deeds.c.what == coach.email).values(what=email))
    connection.execute(update(coaches).where(coaches.c.id == coach.id).values(email=email))
    audit.note(connection, None, "address-changed", coach.name)
    return True


def erase(connection: Connection, coach: Row[Any]) -> None:
    """The account with all that belongs to it, and its name wherever it was written down.

    Groups and tips stay with the school; on SQLite nothing of it is left in the file (secure_delete)."""
    named = deeds.c.what.in_((coach.name, coach.email[: audit.LONGEST]))
    connection.execute(update(deeds).where(named).values(what=ERASED))
    connection.execute(update(deeds).where(deeds.c.coach_id == coach.id).values(coach_name=ERASED))
    connection.execute(delete(coaches).where(coaches.c.id == coach.id))
    audit.note(connection, None, "erased")


def _rows(connection: Connection, table: Table, which: Any, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_plain(row, names) for row in connection.execute(select(table).where(which))]


def _plain(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
