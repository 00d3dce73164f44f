"""Settings: typed, read once from the environment; a wrong value stops the start with a sentence."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).parent.parent
SHORTEST = 32  # characters of a secret key
NAME = r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*"  # of a host
NOBODY = "mailto:security@houvast.example"


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
    proxies: int
    worker: str
    contact: str
    operator: str
    source: str
    database_url: str
    secret_key: str | None
    sender: str
    queue: str
    push_proxy: str
    push_ca_file: str
    push_spread: float
    push_rate: float
    briefings: int
    unknown: tuple[str, ...] = ()  # a sentence for each name that looks like a setting and is none

    @property
    def trusted_hosts(self) -> list[str]:
        """The Host headers that are answered."""
        own = urlsplit(self.url).hostname or "localhost"
        return sorted({f"[{own}]" if ":" in own else own, "localhost", "127.0.0.1", "[::1]", *self.hosts})

    @property
    def answers_at(self) -> str:
        """The contact, when it is somebody's."""
        return "" if self.contact == NOBODY else self.contact


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `HOUVAST_…` and `PORT`. Raises SettingsError for the first value that cannot be used."""
    known = set()

    def given(name: str, default: str = "") -> str:
        known.add(name)
        return environ.get(name) or default

    instance = Path(given("HOUVAST_INSTANCE") or PROJECT / "instance").resolve()
    port = _port(given("PORT", "8000"))
    bind = _bind(given("HOUVAST_BIND", "127.0.0.1"))
    settings = Settings(
        instance=instance,
        content=_folder("HOUVAST_CONTENT", given("HOUVAST_CONTENT"), PROJECT / "pwa" / "content"),
        port=port,
        bind=bind,
        url=_url(given("HOUVAST_URL", f"http://localhost:{port}")),
        hosts=_hosts(given("HOUVAST_HOSTS")),
        proxies=_proxies(given("HOUVAST_PROXIES", "0"), bind),
        worker=_one_of("HOUVAST_WORKER", given("HOUVAST_WORKER", "full"), ("full", "bypass")),
        contact=_contact(given("HOUVAST_CONTACT", NOBODY)),
        operator=_name("HOUVAST_OPERATOR", given("HOUVAST_OPERATOR")),
        source=_source(given("HOUVAST_SOURCE")),
        database_url=given("HOUVAST_DATABASE_URL", f"sqlite:///{instance / 'houvast.db'}"),
        secret_key=_secret(given("HOUVAST_SECRET_KEY_FILE")),
        sender=_one_of("HOUVAST_SENDER", given("HOUVAST_SENDER", "beside"), ("beside", "alone")),
        queue=_queue(given("HOUVAST_QUEUE", f"sqlite:///{instance / 'queue.db'}")),
        push_proxy=_proxy(given("HOUVAST_PUSH_PROXY")),
        push_ca_file=_file("HOUVAST_PUSH_CA_FILE", given("HOUVAST_PUSH_CA_FILE")),
        push_spread=_number("HOUVAST_PUSH_SPREAD", given("HOUVAST_PUSH_SPREAD", "20"), 0, 600),
        push_rate=_number("HOUVAST_PUSH_RATE", given("HOUVAST_PUSH_RATE", "5000"), 1, 1_000_000),
        briefings=_whole("HOUVAST_BRIEFINGS", given("HOUVAST_BRIEFINGS", "20000"), 1_000_000),
    )
    return replace(settings, unknown=tuple(_unknown(environ, known)))


def _unknown(environ: Mapping[str, str], known: set[str]) -> Iterator[str]:
    """Said at the start and not refused: what a newer version reads may be set already, or an older one's still."""
    for name in sorted(environ):
        if name.startswith("HOUVAST_") and environ[name] and name not in known:
            [nearest] = get_close_matches(name, known, 1, 0)
            yield f"{name} is no setting, so nothing looks at it; the nearest is {nearest}. See docs/settings.md."


def journal(environ: Mapping[str, str] = os.environ) -> str:
    """What systemd calls the way into its journal; empty where it did not start us. No setting of ours."""
    return environ.get("JOURNAL_STREAM", "")


def _port(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 0 < int(value) < 65536:
        raise SettingsError(f"PORT is “{value}”; it must be a whole number from 1 to 65535.")
    return int(value)


def _whole(name: str, value: str, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", value) or int(value) > most:
        raise SettingsError(f"{name} is “{value}”; it must be a whole number from 0 to {most}.")
    return int(value)


def _folder(name: str, value: str, default: Path) -> Path:
    folder = Path(value) if value else default
    if not folder.is_dir():
        raise SettingsError(f"{name} is “{value}”; there is no such folder.")
    return folder.resolve()


def _url(value: str) -> str:
    refusal = SettingsError(f"HOUVAST_URL is “{value}”; it must look like https://houvast.example.org, without a path.")
    try:
        parts = urlsplit(value)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError as error:
        raise refusal from error
    usual = {"http": 80, "https": 443}  # which browsers leave out, and so must we where the two are compared
    more = parts.username is not None or parts.path not in {"", "/"} or parts.query or parts.fragment
    if parts.scheme not in usual or not host or port == 0 or more or re.search(r"\s", value):
        raise refusal
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, usual[parts.scheme]} else "")


def _hosts(value: str) -> tuple[str, ...]:
    names = value.replace(",", " ").split()
    for name in names:
        if not _host(name):
            raise SettingsError(f"HOUVAST_HOSTS has “{name}”; it must be a name alone, like www.example.org.")
    return tuple(_host(name) for name in names)


def _host(value: str) -> str:
    """A name or an address as browsers send it: in small letters, others than ours in punycode, IPv6 in brackets.

    Empty for what is neither."""
    inner = value[1:-1] if value.startswith("[") and value.endswith("]") else value
    with suppress(ValueError):
        return f"[{ipaddress.IPv6Address(inner)}]"
    try:
        name = value.encode("idna").decode().lower()
    except UnicodeError:
        return ""
    return name if re.fullmatch(NAME, name) else ""


def _bind(value: str) -> str:
    """The server listens on an address, not on a name."""
    try:
        return str(ipaddress.ip_address("127.0.0.1" if value == "localhost" else value))
    except ValueError as error:
        raise SettingsError(f"HOUVAST_BIND is “{value}”; it must be an address like 127.0.0.1 or 0.0.0.0.") from error


def _proxies(value: str, bind: str) -> int:
    """Whoever reaches us past the proxies could name any address as their own, and guess without an end."""
    if not re.fullmatch(r"[0-9]", value):
        raise SettingsError(f"HOUVAST_PROXIES is “{value}”; it must be a whole number from 0 to 9.")
    if int(value) and not _is_inside(bind):
        raise SettingsError(f"HOUVAST_PROXIES is {value}, so HOUVAST_BIND must be an inner address; “{bind}” is not.")
    return int(value)


def _is_inside(bind: str) -> bool:
    address = ipaddress.ip_address(bind)
    return not (address.is_global or address.is_unspecified)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise SettingsError(f"{name} is “{value}”; it must be one of: {', '.join(allowed)}.")
    return value


def _contact(value: str) -> str:
    if not value.startswith(("mailto:", "https://")):
        raise SettingsError(f"HOUVAST_CONTACT is “{value}”; it must start with mailto: or https://.")
    return value


def _name(name: str, value: str) -> str:
    if len(value) > 80 or not value.isprintable():
        raise SettingsError(f"{name} cannot be used; it must be a name of one line, of at most 80 characters.")
    return value.strip()


def _source(value: str) -> str:
    if value and not value.startswith("https://"):
        raise SettingsError(f"HOUVAST_SOURCE is “{value}”; it must start with https://.")
    return value


def _queue(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql://", "redis://", "rediss://")):
        raise SettingsError(  # never the address itself, which may hold a password
            "HOUVAST_QUEUE cannot be used; it must begin with sqlite:///, postgresql:// or redis://."
        )
    return value


def _proxy(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise SettingsError("HOUVAST_PUSH_PROXY cannot be used; it must look like http://proxy.example.org:3128.")
    return value


def _file(name: str, value: str) -> str:
    if value and not Path(value).is_file():
        raise SettingsError(f"{name} is “{value}”; there is no such file.")
    return value


def _number(name: str, value: str, least: float, most: float) -> float:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value) or not least <= float(value) <= most:
        raise SettingsError(f"{name} is “{value}”; it must be a number from {least:g} to {most:g}.")
    return float(value)


def _secret(name: str) -> str | None:
    """The secret key from a file (a container's or systemd's secret), or None: one is made in the instance folder."""
    if not name:
        return None
    try:
        key = Path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"HOUVAST_SECRET_KEY_FILE is “{name}”; that file cannot be read.") from error
    if len(key) < SHORTEST:
        raise SettingsError(f"HOUVAST_SECRET_KEY_FILE must hold at least {SHORTEST} characters.")
    return key
