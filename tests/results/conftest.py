"""The desk and its people, for these tests."""

from tests.support.coaches import (  # noqa: F401  (fixtures)
    administrator,
    coach,
    desk,
    desk_settings,
    new_coach,
    other_coach,
    somebody,
)
