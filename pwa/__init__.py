"""Houvast: short cue cards for the classroom."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pwa.application import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> object:
    """`create_app` when it is asked for (PEP 562): the process that starts the server needs the settings and nothing
    else, and would hold the whole application a second time."""
    if name == "create_app":
        from pwa.application import create_app

        return create_app
    raise AttributeError(name)
