"""What is kept about a coach, to hand over (GDPR, 15 and 20) or to erase (17)."""

from __future__ import annotations

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
