"""What devices report, gathered for a moment and written down together."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from pwa import clock
from pwa.database import writing
from pwa.delivery import reporting
from pwa.groups.calendar import HOME

log = logging.getLogger(__name__)
COUNT_EVERY = 2.0  # seconds: a tip's readers all report within minutes, and each write waits for the disk


class Tally:
    """How many devices said what of a tip, since it was last written down."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.reported: Counter[tuple[int, str]] = Counter()
        self.counting = threading.Lock()

    def add(self, tip: int, what: str) -> None:
        with self.counting:
            if not self.reported:
                self._write_down_later()
            self.reported[tip, what] += 1

    def write_down(self) -> None:
        """What was reported since the last time; what the database does not take now, it is asked to take again."""
        with self.counting:
            reported, self.reported = self.reported, Counter()
        if not reported:
            return
        today = clock.now().astimezone(ZoneInfo(HOME)).date()
        try:
            with writing(self.engine) as connection:
                for (tip, what), times in reported.items():
                    reporting.report(connection, tip, what, today, times)
        except SQLAlchemyError:
            log.exception("What devices reported could not be written down; it is tried again.")
            with self.counting:
                self.reported.update(reported)
                self._write_down_later()

    def _write_down_later(self) -> None:
        timer = threading.Timer(COUNT_EVERY, self.write_down)
        timer.daemon = True
        timer.start()
