"""What goes wrong, in lines that say how bad it is; in systemd's journal so that `journalctl -p warning` finds them."""

from __future__ import annotations

import logging
import logging.config
import os
from typing import Any

from pwa.config import journal

CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "pwa.logs.Lines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {},
}
PRIORITIES = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6}


class Lines(logging.Formatter):
    """A word for the level; for the journal a number before each line, those of a traceback too (sd-daemon(3))."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self.numbered = _goes_to_the_journal()

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        if not self.numbered:
            return text
        number = PRIORITIES.get(record.levelno, 7)
        return "\n".join(f"<{number}>{line}" for line in text.splitlines())


def set_up() -> None:
    """For a process whose logging nobody else sets up; granian has CONFIG."""
    logging.config.dictConfig(CONFIG)


def _goes_to_the_journal() -> bool:
    """Whether standard error is still what systemd connected with the journal (systemd.exec(5))."""
    try:
        there = os.fstat(2)
    except OSError:
        return False
    return journal() == f"{there.st_dev}:{there.st_ino}"
