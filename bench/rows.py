"""What a part measured, as rows of one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

HEAD = "| figure | measured | must be | met |\n|---|---|---|---|"


@dataclass(frozen=True)
class Row:
    """One figure; `met` is None where nothing is asked or nothing could be measured."""

    figure: str
    measured: str
    must_be: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        verdict = {True: "met", False: "NOT MET", None: "–"}[self.met]
        return f"| {self.figure} | {self.measured} | {self.must_be} | {verdict} |"


def spread(values: Sequence[float], unit: str = "", digits: int = 0) -> str:
    """Median with its number of samples and its range: `41 ms (n=9, 38–60)`."""
    middle, low, high = (f"{value:.{digits}f}" for value in (median(values), min(values), max(values)))
    return f"{middle}{f' {unit}' if unit else ''} (n={len(values)}, {low}–{high})"


def at_most(figure: str, values: Sequence[float], limit: float, unit: str = "", digits: int = 0) -> Row:
    """A row whose median may not be above `limit`."""
    must_be = f"≤ {limit:g}{f' {unit}' if unit else ''}"
    if not values:
        return Row(figure, "nothing measured", must_be)
    return Row(figure, spread(values, unit, digits), must_be, median(values) <= limit)


def ratio(figure: str, ours: Sequence[float], theirs: Sequence[float], limit: float, *, least: bool = False,
          unit: str = "", digits: int = 0) -> Row:
    """A row for the ratio of two medians of the same run."""
    must_be = f"{'≥' if least else '≤'} {limit:g} ×"
    if not ours or not theirs:
        return Row(figure, "nothing measured", must_be)
    times = median(ours) / median(theirs)
    measured = f"{times:.2f} × [{spread(ours, unit, digits)} / {spread(theirs, unit, digits)}]"
    return Row(figure, measured, must_be, times >= limit if least else times <= limit)
