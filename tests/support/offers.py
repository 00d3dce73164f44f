"""A coach's templates for briefings, filled in as on the desk's form."""

from __future__ import annotations

from tests.support.coaches import Person
from tests.support.house import Element


def filled_in(page: Element) -> dict[str, str]:
    """The fields of the form on a page, as somebody sends them who changes nothing."""
    fields = {field.attributes["name"]: field.attributes.get("value", "") for field in page.all("input", name=True)}
    fields |= {area.attributes["name"]: "".join(area.texts).strip() for area in page.all("textarea")}
    for choice in page.all("select"):
        chosen = [option.attributes["value"] for option in choice.all("option", selected=True)]
        fields[choice.attributes["name"]] = chosen[0] if chosen else ""
    fields.pop("csrf_token")
    return fields


def offer_of(coach: Person, group: int, template: str = "half-day", **fields: str) -> int:
    """Offer one of the built-in templates, with other words; its number."""
    path = f"/groups/{group}/templates/new?template={template}"
    answer = coach.post(path, **filled_in(coach.page(path)) | fields)
    assert answer.status_code == 302, answer.text
    links = coach.page(f"/groups/{group}/templates").all("a", href=True)
    numbers = [link.attributes["href"].rpartition("/")[2] for link in links if "/templates/" in link.attributes["href"]]
    return max(int(number) for number in numbers if number.isdigit())
