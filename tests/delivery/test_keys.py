"""Our keys for push services: a new one takes the place of the present one whole, or not at all."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pwa.config import SettingsError
from pwa.keys import rotate_vapid_key, vapid_files

TODAY = "2026-11-24"


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process grows, which fails at the same place as a disk without room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_change_of_the_key_that_fails_leaves_nothing_behind_and_can_be_tried_again(tmp_path: Path) -> None:
    [present] = vapid_files(tmp_path)
    key = present.read_bytes()
    with full_disk(), pytest.raises(SettingsError, match="cannot be used"):
        rotate_vapid_key(tmp_path, TODAY)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [key]
    older = rotate_vapid_key(tmp_path, TODAY)
    assert older.read_bytes() == key
    assert present.read_bytes() != key
    assert vapid_files(tmp_path) == [present, older]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_change_of_the_key_that_was_killed_halfway_goes_on_and_a_second_one_that_day_is_refused(
    tmp_path: Path,
) -> None:
    [present] = vapid_files(tmp_path)
    key = present.read_bytes()
    (tmp_path / f"vapid_older_{TODAY}.pem").hardlink_to(present)
    assert rotate_vapid_key(tmp_path, TODAY).read_bytes() == key
    assert present.read_bytes() != key
    with pytest.raises(SettingsError, match="changed today"):
        rotate_vapid_key(tmp_path, TODAY)
    assert len(list(tmp_path.iterdir())) == 2
