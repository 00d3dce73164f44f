"""What a device may ask, as JSON that is decoded into types: anything else is refused in words, whatever its shape."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from flask_babel import gettext
from msgspec import DecodeError, Meta, Struct, field
from msgspec.json import decode

LONGEST_TOKEN = 64
Short = Annotated[str, Meta(max_length=40)]
Secret = Annotated[str, Meta(max_length=200)]


class RefusedError(Exception):
    """Something that is not done; `reason` is a key of the words below, `wait` seconds after which to come again."""

    def __init__(self, status: int, reason: str, wait: int = 0) -> None:
        super().__init__(reason)
        self.status, self.reason, self.wait = status, reason, wait


class Chosen(Struct):
    """What a reader chose; a bit for each day, Monday the lowest. The rules are in keeping.Choices."""

    language: Short
    days: int = 31
    moment: Short = "before"
    timezone: Short = "Europe/Amsterdam"
    country: Short = ""
    region: Short = ""


class Subscription(Struct):
    """A subscription as the browser gives it, and `key`: ours, that it was made with."""

    endpoint: Annotated[str, Meta(max_length=2048)]
    p256dh: Secret
    auth: Secret
    key: Secret
    chosen: Chosen
    codes: Annotated[list[Short], Meta(max_length=20)] = field(default_factory=list)


class Address(Struct):
    """Where a device believes that its messages go."""

    endpoint: Annotated[str, Meta(max_length=2048)]


class Days(Struct):
    """Nothing for so many days: 1 today, 7 this week, 0 is an end to it."""

    days: Annotated[int, Meta(ge=0, le=7)]


class Code(Struct):
    """A join code as somebody typed it."""

    code: Short


class Nonce(Struct):
    """What the confirmation carried."""

    nonce: Secret


class Report(Struct):
    """A device has shown or opened a tip."""

    tip: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    what: Short


Asked = TypeVar("Asked", bound=Struct)


def read(body: bytes, kind: type[Asked]) -> Asked:
    """A request's body. Raises RefusedError for what is not JSON of this shape, however deep it is nested."""
    try:
        return decode(body, type=kind)
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError(400, "unclear") from error


def words_for(reason: str) -> str:
    """A sentence that helps, in the language of now."""
    words: dict[str, Any] = {
        "unclear": gettext("That was not understood. Reload the page and try again."),
        "json": gettext("Only JSON is understood here."),
        "choices": gettext("One of the choices is not possible. Reload the page and choose again."),
        "days": gettext("Choose at least one day, or stop tips."),
        "address": gettext("Tips cannot be sent to the address that this browser gave. Try another browser."),
        "key": gettext("Something has changed here. Try again."),
        "unknown": gettext("This device is not known here any more. Turn tips on again."),
        "code": gettext("There is no group with this code. Look again at the poster: ten letters and digits."),
        "groups": gettext("You are in twenty groups already. Leave one first."),
        "often": gettext("That was too often in a short time. Wait a minute and try again."),
        "closed": gettext("The message service of this browser takes no messages just now. Try again later."),
        "crowded": gettext("Very many people are turning tips on just now. Try again in a quarter of an hour."),
        "long": gettext("What was sent is longer than can be taken here."),
    }
    return str(words.get(reason) or gettext("That does not work here."))
