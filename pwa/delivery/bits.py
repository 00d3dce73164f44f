"""The subscriptions of a chunk, and who of them is done, in few bytes."""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate


def pack(ids: Sequence[int]) -> bytes:
    """Rising numbers as their differences, compressed: a thousand neighbours take some 20 bytes."""
    steps = array("Q", [after - before for before, after in zip([0, *ids], ids, strict=False)])
    if sys.byteorder == "big":
        steps.byteswap()
    return zlib.compress(steps.tobytes(), 1)


def unpack(packed: bytes) -> list[int]:
    """What pack() was given. Raises zlib.error for anything else."""
    steps = array("Q")
    steps.frombytes(zlib.decompress(packed))
    if sys.byteorder == "big":
        steps.byteswap()
    return list(accumulate(steps))


def no_bits(size: int) -> bytearray:
    """A bitmap for `size` places, nobody done."""
    return bytearray((size + 7) // 8)


def set_bit(bits: bytearray, place: int) -> None:
    bits[place >> 3] |= 1 << (place & 7)


def has_bit(bits: bytes | bytearray, place: int) -> bool:
    return bool(bits[place >> 3] & 1 << (place & 7))


def not_done(ids: Sequence[int], bits: bytes | bytearray) -> dict[int, int]:
    """The subscriptions that are still to do, with their places."""
    return {number: place for place, number in enumerate(ids) if not has_bit(bits, place)}


def pages(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    """Lists of at most `size`."""
    page: list[int] = []
    for number in ids:
        page.append(number)
        if len(page) == size:
            yield page
            page = []
    if page:
        yield page
