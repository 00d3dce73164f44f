"""A tip sent while somebody looks on: the same engine, with a bar in the terminal."""

from __future__ import annotations

import threading

import click
from sqlalchemy import select

from pwa.config import Settings
from pwa.database import reading
from pwa.delivery.office import Office, open_office
from pwa.delivery.reporting import Progress, progress
from pwa.delivery.tables import runs

LOOK = 0.3  # seconds


class NotDueError(Exception):
    """There is nothing to send; the message is a sentence."""


def send_in_sight(settings: Settings, tip_id: int) -> dict[str, int]:
    """Plan what is due, send it, and show how far this tip is; outcome and reason → how many.

    Raises NotDueError, or SettingsError when keys or database cannot be used."""
    office = open_office(settings)
    try:
        office.plan()
        return _send(office, tip_id)
    finally:
        office.close()


def _send(office: Office, tip_id: int) -> dict[str, int]:
    known = _look(office, tip_id)
    if known is None:
        raise NotDueError(f"Tip {tip_id} is not due, or there is no such tip; its day is at the desk of its coach.")
    done = threading.Event()
    threading.Thread(target=_drain, args=(office, done), daemon=True).start()
    with click.progressbar(length=max(known.readers, 1), label=f"Tip {tip_id}") as bar:
        while known.done < known.readers and not done.wait(LOOK):
            known = _look(office, tip_id) or known
            bar.update(known.done - bar.pos)
        done.wait()
        known = _look(office, tip_id) or known
        bar.update(known.done - bar.pos)
    if known.done < known.readers:
        click.echo(f"{known.readers - known.done} wait for another try, by the sending process.")
    return known.counts


def _drain(office: Office, done: threading.Event) -> None:
    try:
        office.drain()
    finally:
        done.set()


def _look(office: Office, tip_id: int) -> Progress | None:
    with reading(office.engine) as connection:
        planned = connection.scalar(select(runs.c.id).where(runs.c.tip_id == tip_id).limit(1))
        return progress(connection, tip_id) if planned else None
