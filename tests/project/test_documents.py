"""The documents: a command that they name is there, every command stands in one; a new version has its order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from click import Group
from flask import Flask

from pwa.config import PROJECT

DOCUMENTS = {path.name: path.read_text(encoding="utf-8") for path in [*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md")]
             if path.name != "CHANGELOG.md"}  # fmt: skip


def commands(group: Group, before: str = "flask") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


def test_every_command_stands_in_a_document(app: Flask) -> None:
    text = "\n".join(DOCUMENTS.values())
    assert [command for command in commands(app.cli) if command not in text] == []


def test_what_a_document_says_of_make_and_flask_can_be_done(app: Flask) -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    there = {f"make {target}" for target in re.findall(r"^([a-z]+):", makefile, re.MULTILINE)} | set(commands(app.cli))
    words = "|".join(group for group, command in app.cli.commands.items() if isinstance(command, Group))
    for name, text in DOCUMENTS.items():
        named = re.findall(rf"(?:^|`|[0-9] |bin/)((?:make|flask (?:{words})) [a-z-]+)", text, re.MULTILINE)
        assert {command for command in named if command not in there} == set(), name


def test_packages_are_there_before_anything_of_a_new_version_runs_and_nothing_runs_meanwhile() -> None:
    steps = DOCUMENTS["deployment.md"].partition("## New versions")[2].split("```")[1]
    order = ["houvast-backup", "systemctl stop", "git pull", "make setup", "cards check", "systemctl start houvast "]
    places = [steps.index(step) for step in order]
    assert places == sorted(places)
