"""Accounts as Flask-Security sees them: a coach, a role, a passkey, and where they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask_security import RoleMixin, SQLAlchemySessionUserDatastore, UserMixin, WebAuthnMixin
from sqlalchemy import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, relationship, scoped_session, sessionmaker

from pwa.coaches.tables import coaches, passkeys
from pwa.database import WRITES, metadata


class Base(DeclarativeBase):
    metadata = metadata


class Role(RoleMixin):
    """A coach has one role, in a column of its own; Flask-Security wants a list of objects."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get_permissions(self) -> set[str]:
        return set()


class Passkey(Base, WebAuthnMixin):
    __table__ = passkeys


class Coach(Base, UserMixin):
    __table__ = coaches
    if TYPE_CHECKING:  # columns that Flask-Security does not know of
        role: str
        name: str
        totp_counter: int | None

    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]
        Passkey, cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        return [Role(self.role)]

    @property
    def is_administrator(self) -> bool:
        return self.role == "administrator"


class Accounts(SQLAlchemySessionUserDatastore):
    """Finds in a reading transaction that is over at once, writes in a writing one: no request holds a lock on the way.

    What is found stays usable afterwards, because nothing expires at a commit."""

    def find_user(self, case_insensitive: bool = False, **attribute: Any) -> Coach | None:
        found = super().find_user(case_insensitive, **attribute)
        self.db.session.commit()
        return cast("Coach | None", found)

    def find_webauthn(self, credential_id: bytes) -> Passkey | None:
        found = super().find_webauthn(credential_id)
        self.db.session.commit()
        return cast("Passkey | None", found)


class _Routed(Session):
    """A transaction says beforehand whether it writes (pwa.database); here a flush is what writes."""

    reader: Engine
    writer: Engine  # one object: a session opens a connection for each engine that it is given

    def get_bind(self, *_: Any, **__: Any) -> Engine:
        return self.writer if self._flushing else self.reader


def open_accounts(engine: Engine) -> Accounts:
    """The accounts in this database."""
    binds = {"reader": engine, "writer": engine.execution_options(**{WRITES: True})}
    kind = type("_RoutedHere", (_Routed,), binds)
    maker: sessionmaker[Session] = sessionmaker(class_=kind, expire_on_commit=False, autoflush=False)
    session: scoped_session[Session] = scoped_session(maker)
    return Accounts(session, Coach, Role, Passkey)
