"""The rules of the house, which every page keeps in every language; written apart from the code that keeps them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# What every answer carries, whatever its status.
SECURITY_HEADERS = {
    "Content-Security-Policy": r"default-src 'none'; script-src 'self'( 'sha256-[A-Za-z0-9+/]{43}='){1,2}; "
    r"style-src 'self'( 'sha256-[A-Za-z0-9+/]{43}=')?; .*"
    r"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; .*",
    "Strict-Transport-Security": r"max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": r"nosniff",
    "X-Frame-Options": r"DENY",
    "Referrer-Policy": r"same-origin",
    "Cross-Origin-Opener-Policy": r"same-origin",
    "Cross-Origin-Resource-Policy": r"same-origin",
    "Permissions-Policy": r"camera=\(\), .*",
}


@dataclass
class Element:
    """One element of a page, with the text and the elements in it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def all(self, tag: str = "", **attributes: str | bool) -> list[Element]:
        """The elements in here, in order, by tag and by attribute (True: it is there)."""
        found = []
        for child in self.children:
            if (not tag or child.tag == tag) and child.has(attributes):
                found.append(child)
            found += child.all(tag, **attributes)
        return found

    def has(self, attributes: dict[str, str | bool]) -> bool:
        return all(
            name in self.attributes if value is True else self.attributes.get(name) == value
            for name, value in ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
        )

    @property
    def text(self) -> str:
        """What is read here, with the white space of a line."""
        return " ".join(" ".join(self.texts).split())


class Reader(HTMLParser):
    """HTML → elements; a tag that is closed in the wrong place is an error here, as it never is in a browser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        assert len(element.attributes) == len(attrs), f"<{tag}> has an attribute twice"
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        element: Element | None = self.here
        while element is not None:
            element.texts.append(data)
            element = element.parent


def read(html: str) -> Element:
    """The root of a page's elements."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
    return reader.root


def check_headers(headers: object) -> None:
    """All security headers, once each."""
    for name, pattern in SECURITY_HEADERS.items():
        values = headers.getlist(name)  # type: ignore[attr-defined]
        assert len(values) == 1, f"{name}: {values}"
        assert re.fullmatch(pattern, values[0]), f"{name}: {values[0]}"


def check_page(html: str, language: str) -> Element:
    """The rules for a page; its elements, for a test to look further."""
    page = read(html)
    assert [element.tag for element in page.children] == ["html"]
    root = page.children[0]
    assert root.attributes["lang"] == language
    assert len(page.all("title")) == 1
    assert page.all("title")[0].text.removesuffix("– Houvast").strip()
    assert len(page.all("main")) == 1
    assert len(page.all(autofocus=True)) <= 1
    _check_open_section(page)
    _check_ids(page)
    _check_nothing_inline(page)
    _check_names(page)
    return page


def _check_open_section(page: Element) -> None:
    sections = page.all("section", data_open=True)
    assert len(sections) == 1, f"{len(sections)} sections are open"
    headlines = sections[0].all("h1")
    assert len(headlines) == 1
    assert headlines[0].text
    closed = [section for section in page.all("main")[0].children if section is not sections[0]]
    assert all(section.tag == "section" for section in closed)
    assert len(page.all("h1")) == 1 + len(closed), "a headline outside the sections"


def _check_ids(page: Element) -> None:
    ids = [element.attributes["id"] for element in page.all(id=True)]
    assert all(ids)
    assert sorted(set(ids)) == sorted(ids), f"twice: {sorted({id_ for id_ in ids if ids.count(id_) > 1})}"
    named = [
        name
        for attribute in ("for", "aria-labelledby", "aria-describedby")
        for element in page.all(**{attribute: True})
        for name in element.attributes[attribute].split()
    ]
    assert set(named) <= set(ids)


def _check_nothing_inline(page: Element) -> None:
    for element in page.all():
        inline = [name for name in element.attributes if name == "style" or name.startswith("on")]
        assert not inline, f"<{element.tag}> has {inline}"
        for name in ("href", "src", "action"):
            assert not element.attributes.get(name, "").lower().startswith(("javascript:", "data:", "//")), element
    for script in page.all("script"):
        assert script.attributes.get("src") or script.attributes.get("type") == "importmap", "an inline script"
    assert not page.all("style")
    assert not page.all("iframe")


def _check_names(page: Element) -> None:
    """What can be tapped has a name to be read aloud; a picture has one too, or is out of the way."""
    for element in [*page.all("a", href=True), *page.all("button")]:
        name = (
            element.text
            or element.attributes.get("aria-label")
            or any(image.attributes.get("aria-label") for image in element.all("svg"))
        )
        assert name, f"<{element.tag} {element.attributes}> has no name"
    for image in page.all("svg"):
        inside, around = image.parent, False
        while inside is not None:
            around = around or inside.attributes.get("aria-hidden") == "true" or inside.tag == "svg"
            inside = inside.parent
        named = image.attributes.get("aria-label") or image.attributes.get("aria-labelledby")
        assert around or named or image.attributes.get("aria-hidden") == "true", "a picture without a name"
