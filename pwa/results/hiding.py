"""Which numbers a coach is told: none under five, and none that such a one could be worked out from."""

from __future__ import annotations

from collections.abc import Mapping

from pwa.groups.keeping import FEWEST_SHOWN


def told(parts: Mapping[str, int], least: int = 0) -> dict[str, int | None]:
    """The parts of a sum that is known, None for the hidden ones; each of them is `least` or more, as everybody knows.

    One that is hidden alone is what the others leave of the sum, and so are some that are all as large or as small as
    can be; and together they are such a number as well. Then the first of the others is hidden with them ("secondary
    suppression"). Not the smallest: which one it is must not depend on the numbers, or it tells of them."""
    few = [total for total in parts.values() if total < FEWEST_SHOWN]
    seen = {name: total for name, total in parts.items() if total >= FEWEST_SHOWN}
    extremes = {len(few) * (FEWEST_SHOWN - 1), len(few) * least or None}  # that nobody is one of them names nobody
    if seen and few and (len(few) == 1 or sum(few) in extremes or is_few(sum(few))):
        del seen[next(iter(seen))]
    return {name: seen.get(name) for name in parts}


def reported(accepted: int, totals: Mapping[str, int]) -> dict[str, int | None]:
    """What phones said, of those that `accepted` counts, which is told: the rest of them is a number as well, and so is
    what two that are told differ by."""
    seen: dict[str, int] = {}
    for name, total in totals.items():
        if total >= FEWEST_SHOWN and not any(is_few(abs(other - total)) for other in (accepted, *seen.values())):
            seen[name] = total
    return {name: seen.get(name) for name in totals}


def is_few(number: int) -> bool:
    return 0 < number < FEWEST_SHOWN
