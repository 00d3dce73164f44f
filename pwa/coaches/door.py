"""The door to the coach's desk: an application of its own, made when somebody first comes to /coach (PEP 3333).

Readers' pages know no session and no coach, and starting them must not wait for what only coaches need."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLACE = "/coach"


class Door:
    """A WSGI application: `/coach/<language>/…` goes to the desk that `make_desk` gives, the rest to `app`.

    The desk sees `/coach/<language>` as the place where it stands (SCRIPT_NAME), so that its addresses have both."""

    def __init__(self, app: WSGIApplication, languages: list[str], make_desk: Callable[[], WSGIApplication]) -> None:
        self.app = app
        self.languages = languages
        self.make_desk = make_desk
        self.desk: WSGIApplication | None = None
        self.making = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if path != PLACE and not path.startswith(f"{PLACE}/"):
            return self.app(environ, start_response)
        place, rest = self.split(path)
        moved = {**environ, "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + place, "PATH_INFO": rest}
        return self.open()(moved, start_response)

    def split(self, path: str) -> tuple[str, str]:
        """(where the desk stands, the path on it): without a language the desk chooses one."""
        rest = path.removeprefix(PLACE)
        language, _, onward = rest.removeprefix("/").partition("/")
        return (f"{PLACE}/{language}", f"/{onward}") if language in self.languages else (PLACE, rest or "/")

    def open(self) -> WSGIApplication:
        with self.making:  # two requests at once make one desk
            if self.desk is None:
                self.desk = self.make_desk()
        return self.desk
