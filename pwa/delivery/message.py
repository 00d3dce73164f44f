"""The one message that every device can read: a Declarative Web Push document, which our worker reads as well.

https://webkit.org/blog/16535/meet-declarative-web-push/ and the Push API, "Declarative push message". Old workers live
for weeks, so the document only grows."""

from __future__ import annotations

import json
from collections.abc import Mapping

LONGEST = 1200  # bytes; 3,993 would fit in one record, and some services hold less
TTL = 4 * 3600  # seconds that a push service keeps it for a phone that is off; later it is no tip for today
TTL_WELCOME = 600
TTL_SILENCE = 4 * 24 * 3600  # a phone that is off for longer is erased the day after


class MessageError(ValueError):
    """Texts that do not fit; the message is a sentence."""


def tip_message(*, url: str, language: str, tip: int, batch: str, card: str | None, title: str, body: str) -> bytes:
    """A tip. `url` is the public address without a path; a tap opens the card, or the tips when there is none."""
    path = f"/{language}/k/{card}" if card else f"/{language}/tips"
    shown = {"title": title, "body": body, "lang": language, "tag": f"tip-{batch}"}
    return _document(url, path, shown, {"tip": tip})


def welcome_message(*, url: str, language: str, nonce: str, title: str, body: str) -> bytes:
    """The message that proves an address: the device gives the `nonce` back; an empty one is only for a trial.

    It is in the fragment as well, which no log sees, for a phone that shows the message without asking our worker."""
    path = f"/{language}/tips" + (f"#proof={nonce}" if nonce else "")
    shown = {"title": title, "body": body, "lang": language, "tag": "welcome"}
    return _document(url, path, shown, {"nonce": nonce})


def silence_message(*, url: str, language: str, title: str, body: str) -> bytes:
    """What a device gets that was not heard of for long: quiet, and a tap opens the tips, which is what is asked."""
    shown: dict[str, str | bool] = {"title": title, "body": body, "lang": language, "tag": "silence", "silent": True}
    return _document(url, f"/{language}/tips", shown, {})


def _document(url: str, path: str, shown: Mapping[str, str | bool], data: Mapping[str, int | str]) -> bytes:
    document = {
        "web_push": 8030,
        "mutable": True,  # a phone that can show this by itself asks our worker first, which keeps it in the inbox
        "notification": {
            **shown,
            "dir": "auto",
            "navigate": url + path,  # must be absolute
            "data": {**data, "path": path},
        },
    }
    # not ASCII only: an é would take 6 bytes and not 2
    message = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    if len(message) > LONGEST:
        raise MessageError(f"The message is {len(message)} bytes long; {LONGEST} is the most.")
    return message
