"""The server that readers' devices ask, seen from behind: its database, a school in it, and how many rows there are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from pwa.database import reading, writing
from pwa.groups.tables import groups
from pwa.subscriptions.tables import subscriptions

CODE = "ABCDEFGH12"


def engine(app: Flask) -> Any:
    return app.extensions["reception"]().engine


def count(app: Flask, table: Any = subscriptions) -> int:
    with reading(engine(app)) as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def school(app: Flask, code: str = CODE, name: str = "De Regenboog") -> int:
    row = {"name": name, "languages": "nl en", "join_code": code, "created_at": datetime.now(UTC)}
    with writing(engine(app)) as connection:
        return int(connection.scalar(groups.insert().values(row).returning(groups.c.id)) or 0)
