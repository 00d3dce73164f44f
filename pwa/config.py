"""Settings: typed, read once from the environment; a wrong value stops the start with a sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).parent.parent


class SettingsError(Exception):
    """A setting that cannot be used; the message names it and says what would do."""


@dataclass(frozen=True)
class Settings:
    """Everything that can be set, documented in docs/settings.md (a test holds the two together)."""

    instance: Path
    content: Path
    port: int
    bind: str
    url: str
    hosts: tuple[str, ...]
    worker: str
    contact: str
    database_url: str
    secret_key: str | None
    proxies: int
    briefings: int

    @property
    def trusted_hosts(self) -> list[str]:
        """The Host headers that are answered."""
        own = urlsplit(self.url).hostname or "localhost"
        return sorted({own, "localhost", "127.0.0.1", "[::1]", *self.hosts})


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `HOUVAST_…` and `PORT`. Raises SettingsError for the first value that cannot be used."""
    instance = Path(environ.get("HOUVAST_INSTANCE") or PROJECT / "instance").resolve()
    port = _port(environ.get("PORT") or "8000")
    return Settings(
        instance=instance,
        content=_folder("HOUVAST_CONTENT", environ.get("HOUVAST_CONTENT"), PROJECT / "pwa" / "content"),
        port=port,
        bind=environ.get("HOUVAST_BIND") or "127.0.0.1",
        url=_url(environ.get("HOUVAST_URL") or f"http://localhost:{port}"),
        hosts=tuple(environ.get("HOUVAST_HOSTS", "").replace(",", " ").split()),
        worker=_one_of("HOUVAST_WORKER", environ.get("HOUVAST_WORKER") or "full", ("full", "bypass")),
        contact=_contact(environ.get("HOUVAST_CONTACT") or "mailto:security@houvast.example"),
        database_url=environ.get("HOUVAST_DATABASE_URL") or f"sqlite:///{instance / 'houvast.db'}",
        secret_key=_secret(environ),
        proxies=_whole("HOUVAST_PROXIES", environ.get("HOUVAST_PROXIES") or "0", 5),
        briefings=_whole("HOUVAST_BRIEFINGS", environ.get("HOUVAST_BRIEFINGS") or "20000", 1_000_000),
    )


def _port(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 0 < int(value) < 65536:
        raise SettingsError(f"PORT is “{value}”; it must be a whole number from 1 to 65535.")
    return int(value)


def _whole(name: str, value: str, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", value) or int(value) > most:
        raise SettingsError(f"{name} is “{value}”; it must be a whole number from 0 to {most}.")
    return int(value)


def _folder(name: str, value: str | None, default: Path) -> Path:
    folder = Path(value) if value else default
    if not folder.is_dir():
        raise SettingsError(f"{name} is “{value}”; there is no such folder.")
    return folder.resolve()


def _url(value: str) -> str:
    refusal = SettingsError(f"HOUVAST_URL is “{value}”; it must look like https://houvast.example.org, without a path.")
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise refusal from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"} or parts.query:
        raise refusal
    return f"{parts.scheme}://{parts.netloc}"


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise SettingsError(f"{name} is “{value}”; it must be one of: {', '.join(allowed)}.")
    return value


def _contact(value: str) -> str:
    if not value.startswith(("mailto:", "https://")):
        raise SettingsError(f"HOUVAST_CONTACT is “{value}”; it must start with mailto: or https://.")
    return value


def _secret(environ: Mapping[str, str]) -> str | None:
    """The secret key from a file (a container's or systemd's secret), or None: one is made in the instance folder."""
    name = environ.get("HOUVAST_SECRET_KEY_FILE")
    if not name:
        return None
    try:
        key = Path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"HOUVAST_SECRET_KEY_FILE is “{name}”; that file cannot be read.") from error
    if len(key) < 32:
        raise SettingsError("HOUVAST_SECRET_KEY_FILE must hold at least 32 characters.")
    return key
