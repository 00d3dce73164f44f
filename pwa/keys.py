"""The keys that a start makes for itself in the instance folder: one to sign with, one to send push messages with."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pwa.config import SHORTEST, Settings, SettingsError

SECRET_KEY = "secret_key"  # noqa: S105  (the name of a file)
VAPID_KEY = "vapid_private.pem"
OLDER_VAPID_KEYS = "vapid_older_*.pem"


def make_keys(settings: Settings) -> list[Path]:
    """The key files that were not there yet, now made; none for a secret key that stands in the settings.

    Raises SettingsError when the folder cannot be used."""
    makers = {settings.instance / VAPID_KEY: _new_vapid_key}
    if settings.secret_key is None:
        makers[settings.instance / SECRET_KEY] = _new_secret
    return [path for path, make in makers.items() if _keep(path, make)]


def secret_key(instance: Path) -> str:
    """The key that signs, made when it is not there yet. Raises SettingsError when it cannot be read or is short."""
    path = instance / SECRET_KEY
    _keep(path, _new_secret)
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The secret key in {path} cannot be read.") from error
    if len(key) < SHORTEST:
        raise SettingsError(f"{path} must hold at least {SHORTEST} characters; without that file a new key is made.")
    return key


def vapid_files(instance: Path) -> list[Path]:
    """The files with our keys for push services, the present one first, then the older ones from new to old."""
    _keep(instance / VAPID_KEY, _new_vapid_key)
    return [instance / VAPID_KEY, *sorted(instance.glob(OLDER_VAPID_KEYS), reverse=True)]


def files_there(folder: Path) -> list[Path]:
    """The files with keys in a folder, be they many or none; nothing is made."""
    return [path for name in (SECRET_KEY, VAPID_KEY, OLDER_VAPID_KEYS) for path in sorted(folder.glob(name))]


def rotate_vapid_key(instance: Path, today: str) -> Path:
    """Make a new key for push services and keep the present one as an older one, whose path is returned.

    Devices that have the older key still get their messages, and take the new one when the app is opened.
    `today` (2026-11-22) is for the file's name. Raises SettingsError when that was done today already."""
    present, older = instance / VAPID_KEY, instance / OLDER_VAPID_KEYS.replace("*", today)
    _keep(present, _new_vapid_key)
    try:
        with _half(present, _new_vapid_key) as half:
            if not (older.exists() and older.samefile(present)):  # or somebody was killed between these two
                os.link(present, older)  # until the new one is in its place there are two names for it, and never none
            half.replace(present)
    except FileExistsError as error:
        raise SettingsError(f"{older} is there already: the key was changed today. Wait for tomorrow.") from error
    except OSError as error:
        raise _unusable(instance, error) from error
    return older


def make_folder(instance: Path) -> None:
    """The instance folder, for its owner only when it is new. Raises SettingsError when it cannot be made."""
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(instance, error) from error


def make_private(path: Path) -> None:
    """A new file of SQLite's for its owner only; its journal gets the same rights.

    A missing folder shows when it is opened."""
    with suppress(OSError):
        path.touch(mode=0o600)


def _keep(path: Path, make: Callable[[], bytes]) -> bool:
    """Write a new key under its name, whole or not at all; False when there is one, also from a process at our side."""
    if path.exists():
        return False
    make_folder(path.parent)
    try:
        with _half(path, make) as half:
            os.link(half, path)  # unlike rename, it never replaces what another process was first with
    except FileExistsError:
        return False
    except OSError as error:
        raise _unusable(path.parent, error) from error
    return True


@contextmanager
def _half(path: Path, make: Callable[[], bytes]) -> Iterator[Path]:
    """A new key, wholly written beside its place; what was not moved there is gone at the end."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # with 0600
    try:
        with open(descriptor, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _unusable(instance: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"The instance folder {instance} cannot be used ({error.strerror}); "
        "set HOUVAST_INSTANCE to a folder that can be written."
    )


def _new_secret() -> bytes:
    return f"{secrets.token_hex(32)}\n".encode()


def _new_vapid_key() -> bytes:
    """A P-256 key (RFC 8292, section 3.2) as PKCS #8, which pywebpush reads."""
    # imported here: every start needs the secret key, and only the first one this
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
