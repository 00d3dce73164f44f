"""Sessions of coaches, kept on the server: the cookie holds 256 random bits, the database what belongs to them.

So a session that ended is over everywhere, and a coach can see and end the others (OWASP ASVS 5.0, V7). Who has shown
nothing yet gets no row, or a flood of them would push out whoever is typing a password: their form token is in a signed
cookie."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from pwa.clock import now
from pwa.coaches.sweeping import LONGEST
from pwa.coaches.tables import coach_sessions
from pwa.database import reading, writing

IDLE = timedelta(hours=12)
ANONYMOUS = timedelta(hours=1)
TOUCH_EVERY = timedelta(minutes=5)
MOST_ANONYMOUS = 5000  # half signed in: more than that is nobody's school, and may not fill the disk
LIGHT = {"csrf_token", "fs_cc", "_flashes", "_fresh"}  # what a session of nobody may hold outside the database


class ServerSession(SessionMixin):
    """The values of one session; it knows whether it was changed, also inside a list (a flash)."""

    def __init__(self, values: dict[str, Any], token: str = "", row: Row[Any] | None = None) -> None:
        self.values_ = values
        self.token = token
        self.row = row
        self.coach_id: int | None = row.coach_id if row else None
        self.new = row is None
        self.modified = self.accessed = False
        self.renewed = False
        self.ended = False

    @property
    def is_light(self) -> bool:
        """Nobody's, and with nothing in it that the browser may not keep."""
        return self.row is None and self.coach_id is None and self.values_.keys() <= LIGHT

    def __getitem__(self, key: str) -> Any:
        self.accessed = True
        return self.values_[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.modified = self.accessed = True
        self.values_[key] = value

    def __delitem__(self, key: str) -> None:
        self.modified = self.accessed = True
        del self.values_[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


class Sessions(SessionInterface):
    """Opens and saves them. `secure` is for a site on https: the cookie then belongs to this host alone."""

    serializer = TaggedJSONSerializer()

    def __init__(self, engine: Engine, secret: str, *, secure: bool) -> None:
        self.engine = engine
        self.signed = URLSafeTimedSerializer(secret, serializer=self.serializer)
        self.secure = secure
        self.cookie = "__Host-coach" if secure else "coach"

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        token = request.cookies.get(self.cookie, "")
        if "." in token:  # as there is in what was signed, and never in a token
            return ServerSession(self._read(token))
        row = self._find(token) if token else None
        if row is None:
            return ServerSession({})
        return ServerSession(self.serializer.loads(row.data), token, row)

    def save_session(self, app: Flask, session: ServerSession, response: Response) -> None:  # type: ignore[override]
        if session.ended:
            self._erase(session.token)
            response.delete_cookie(self.cookie, path="/", secure=self.secure, httponly=True, samesite="Lax")
        elif session.is_light:
            if session.modified:
                self._give(response, self._signed(session))
        elif session.renewed or (session.new and session.modified):
            if self._begin(session, _device(response)):
                self._give(response, session.token)
        elif session.row and (session.modified or now() - session.row.seen_at > TOUCH_EVERY):
            self._keep(session)

    def _give(self, response: Response, word: str) -> None:
        response.set_cookie(
            self.cookie, word, max_age=LONGEST, path="/", secure=self.secure, httponly=True, samesite="Lax"
        )

    def _signed(self, session: ServerSession) -> str:
        last = {"_flashes": session["_flashes"][-1:]} if "_flashes" in session else {}  # a cookie stays small
        return str(self.signed.dumps({**session, **last}))

    def _read(self, word: str) -> dict[str, Any]:
        try:
            return dict(self.signed.loads(word, max_age=int(LONGEST.total_seconds())))
        except BadData:
            return {}

    def _find(self, token: str) -> Row[Any] | None:
        with reading(self.engine) as connection:
            row = connection.execute(
                select(coach_sessions).where(coach_sessions.c.token_hash == digest(token))
            ).one_or_none()
        return row if row and now() < min(row.ends_at, row.created_at + LONGEST) else None

    def _begin(self, session: ServerSession, device: str) -> bool:
        """A session under a new token; what was under the old one is gone (no session fixation). False, and there is
        none, when somebody ended the old one meanwhile."""
        old, session.token = session.token, secrets.token_urlsafe(32)
        moment = now()
        with writing(self.engine) as connection:
            gone = connection.execute(delete(coach_sessions).where(coach_sessions.c.token_hash == digest(old)))
            if session.row and not gone.rowcount:
                return False
            _make_room(connection)
            connection.execute(
                insert(coach_sessions).values(
                    token_hash=digest(session.token), coach_id=session.coach_id, device=device,
                    data=self.serializer.dumps(session.values_), created_at=moment, seen_at=moment,
                    ends_at=_end(session, moment),
                )
            )  # fmt: skip
        return True

    def _keep(self, session: ServerSession) -> None:
        moment = now()
        with writing(self.engine) as connection:
            connection.execute(
                update(coach_sessions)
                .where(coach_sessions.c.token_hash == digest(session.token))
                .values(
                    data=self.serializer.dumps(session.values_), coach_id=session.coach_id,
                    seen_at=moment, ends_at=_end(session, moment),
                )
            )  # fmt: skip

    def _erase(self, token: str) -> None:
        with writing(self.engine) as connection:
            connection.execute(delete(coach_sessions).where(coach_sessions.c.token_hash == digest(token)))


def sessions_of(engine: Engine, coach_id: int) -> list[Row[Any]]:
    """The open sessions of a coach, the last used one first."""
    with reading(engine) as connection:
        return list(
            connection.execute(
                select(coach_sessions)
                .where(coach_sessions.c.coach_id == coach_id, coach_sessions.c.ends_at > now())
                .order_by(coach_sessions.c.seen_at.desc())
            )
        )


def end_sessions(engine: Engine, coach_id: int, *, but: str = "", only: bytes | None = None) -> int:
    """End all sessions of a coach but the one with this token, or `only` the one with this hash; how many it were."""
    condition = coach_sessions.c.coach_id == coach_id
    if only is not None:
        condition &= coach_sessions.c.token_hash == only
    with writing(engine) as connection:
        gone = connection.execute(delete(coach_sessions).where(condition, coach_sessions.c.token_hash != digest(but)))
        return int(gone.rowcount)


def digest(token: str) -> bytes:
    """What is kept in place of a token."""
    return hashlib.sha256(token.encode()).digest()


def _end(session: ServerSession, moment: datetime) -> datetime:
    return moment + (IDLE if session.coach_id else ANONYMOUS)


def _make_room(connection: Connection) -> None:
    """Erase the oldest of too many that nobody signed in with."""
    table = coach_sessions.c
    nobody = select(func.count()).select_from(coach_sessions).where(table.coach_id.is_(None))
    if (connection.scalar(nobody) or 0) > MOST_ANONYMOUS:
        oldest = select(table.token_hash).where(table.coach_id.is_(None)).order_by(table.seen_at).limit(1000)
        connection.execute(delete(coach_sessions).where(table.token_hash.in_(oldest)))


def _device(_: Response) -> str:
    """Browser and system, coarsely: enough to know one's own, no fingerprint."""
    from flask import request

    agent = request.headers.get("User-Agent", "")
    browser = next((name for name in ("Edg", "OPR", "Firefox", "Chrome", "Safari") if name in agent), "")
    system = next(
        (name for name in ("Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux") if name in agent), ""
    )
    names = {"Edg": "Edge", "OPR": "Opera", "CrOS": "ChromeOS", "Mac OS": "macOS"}
    return re.sub(" +", " ", " · ".join(names.get(name, name) for name in (browser, system) if name)) or "?"
