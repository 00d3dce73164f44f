"""Who uses the instance folder: whoever serves or sends holds it, and nothing is put back under their hands."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pwa.config import SettingsError
from pwa.keys import make_folder


def hold(folder: Path) -> None:
    """Hold it, beside others who do, until this process ends. Raises SettingsError while a copy is put back in it."""
    _lock(folder, fcntl.LOCK_SH, "A copy is being put back in {folder}: start again when that is done.")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody starts meanwhile. Raises SettingsError when somebody serves or sends from it."""
    descriptor = _lock(folder, fcntl.LOCK_EX, "Houvast runs from {folder}: stop what serves and what sends first.")
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(folder: Path, kind: int, taken: str) -> int:
    """On the folder itself, and the system's own: no file is left behind by a process that was killed (flock(2))."""
    make_folder(folder)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise SettingsError(taken.format(folder=folder)) from None
    return descriptor
