"""The desk and its people, for the conftest.py of a folder: `from tests.support.at_the_desk import *`.

No plugin of the whole run, because making the desk takes a while and most folders need none."""

from __future__ import annotations

import pytest
from flask import Flask

from pwa.coaches.cli import new_link
from pwa.config import Settings, read_settings
from pwa.database import upgrade
from tests.support.coaches import Coming, Person, make_light_desk

__all__ = ["administrator", "coach", "desk", "desk_settings", "new_coach", "other_coach", "somebody"]


@pytest.fixture(scope="module")
def desk_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = read_settings({"HOUVAST_INSTANCE": str(tmp_path_factory.mktemp("desk"))})
    upgrade(settings)
    return settings


@pytest.fixture(scope="module")
def desk(desk_settings: Settings) -> Flask:
    return make_light_desk(desk_settings)


@pytest.fixture
def somebody(desk: Flask) -> Person:
    """Somebody who has not signed in."""
    return Person(desk)


@pytest.fixture(scope="module")
def new_coach(desk: Flask, desk_settings: Settings) -> Coming:
    """Invites somebody and lets them come in; each has an address of their own."""
    number = 0

    def come(language: str = "en", *, administrator: bool = False) -> Person:
        nonlocal number
        number += 1
        person = Person(desk, language)
        link = new_link(desk_settings, administrator=administrator)
        assert person.accept(link, f"coach{number}@school.example", f"Coach {number}").status_code == 302
        person.email, person.name = f"coach{number}@school.example", f"Coach {number}"
        return person

    return come


@pytest.fixture(scope="module")
def coach(new_coach: Coming) -> Person:
    return new_coach()


@pytest.fixture(scope="module")
def other_coach(new_coach: Coming) -> Person:
    return new_coach()


@pytest.fixture(scope="module")
def administrator(new_coach: Coming) -> Person:
    return new_coach(administrator=True)
