"""`python -m scripts.holidays` writes pwa/content/holidays.toml: the days without lessons, by country and region.

From the PyPI package `holidays` (MIT), whose tables name the ministries' publications; a test holds the file to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from holidays import country_holidays

from pwa.groups import regions

FILE = Path(__file__).parent.parent / "pwa" / "content" / "holidays.toml"
YEARS = range(2026, 2031)  # as far as the ministries have published; docs/deployment.md says when it is time for more
LANGUAGES = ("nl", "en_US")
COUNTRIES = {"NL": "NL", "BE": "BE"}
NAMES = {"NL-noord": "Noord", "NL-midden": "Midden", "NL-zuid": "Zuid", "BE-vlaanderen": "Flemish"}  # in the package
REGIONS = {key: (country, NAMES[key]) for key, (country, _zone, _words) in regions.REGIONS.items()}
HEAD = """# Days without lessons, first and last day included; made by scripts/holidays.py from the package `holidays`.
# A country has its public holidays, a region its school holidays.
"""


def main() -> None:
    FILE.write_text(text(), encoding="utf-8")
    print(f"Wrote {FILE}")


def text() -> str:
    """The whole file."""
    parts = [_table(key, country, "public", None) for key, country in COUNTRIES.items()]
    parts += [_table(key, country, "school", region) for key, (country, region) in REGIONS.items()]
    return HEAD + "".join(parts)


def _table(key: str, country: str, category: str, region: str | None) -> str:
    dutch, english = (
        country_holidays(country, subdiv=region, categories=(category,), years=YEARS, language=language)
        for language in LANGUAGES
    )
    lines = [
        f'  {{ first = {first}, last = {last}, nl = "{dutch[first]}", en = "{_plain(english[first])}" }},\n'
        for first, last in _stretches(dict(dutch))
    ]
    return f"\n[{key}]\ndays = [\n{''.join(lines)}]\n"


def _plain(name: str) -> str:
    """Names of school holidays in sentence case; those of feasts keep their capitals. Apostrophes are curly."""
    return name.replace(" Break", " break").replace("'", "’")


def _stretches(days: dict[date, str]) -> Iterator[tuple[date, date]]:
    """Days that follow one another under one name, as (first, last)."""
    ordered = sorted(days)
    first = ordered[0]
    for day, after in zip(ordered, [*ordered[1:], None], strict=True):
        if after is None or after != day + timedelta(days=1) or days[after] != days[day]:
            yield first, day
            if after is not None:
                first = after


if __name__ == "__main__":
    main()
