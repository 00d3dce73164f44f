"""Modules that are served as one file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pwa.assets import JOINED, STATIC, Assets

DECLARED = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)


@pytest.mark.parametrize("name", JOINED)
def test_the_modules_that_are_joined_have_no_name_twice_and_need_no_other(name: str) -> None:
    modules = [(STATIC / part).read_text(encoding="utf-8") for part in JOINED[name]]
    declared = [word for module in modules for word in DECLARED.findall(module)]
    assert sorted(set(declared)) == sorted(declared)
    for place, module in enumerate(modules):
        before = {Path(part).stem for part in JOINED[name][:place]}
        assert set(re.findall(r"^import .* from '#([\w-]+)';$", module, re.MULTILINE)) <= before


def test_a_module_of_the_deck_has_one_address_whatever_it_is_joined_with() -> None:
    names = json.loads(Assets().import_map)["imports"]
    assert names["#app"] == names["#router"] == names["#device"] == names["#start"]
    assert names["#card"] != names["#start"]
