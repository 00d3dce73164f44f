from tests.support.at_the_desk import *  # noqa: F403  (the fixtures that it names)
