"""The reception: what readers' devices ask, done with the database, the keys and the sending process at hand."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask_babel import force_locale, gettext
from sqlalchemy import Connection, Engine, Row, select
from sqlalchemy.exc import IntegrityError

from pwa import clock, worker
from pwa.coaches import audit
from pwa.config import Settings
from pwa.database import make_engine, reading, writing
from pwa.delivery import reporting
from pwa.delivery.closing import closed_for
from pwa.delivery.message import welcome_message
from pwa.delivery.tallying import Tally
from pwa.delivery.vapid import Keys, load_keys
from pwa.groups.calendar import HOME, load_holidays
from pwa.groups.codes import read_code
from pwa.groups.tables import groups
from pwa.offers import keeping as offers
from pwa.patience import Patience
from pwa.security import Network
from pwa.subscriptions import keeping
from pwa.subscriptions.asking import Chosen, RefusedError, Subscription
from pwa.subscriptions.crowd import MOST_MISSES, Crowd
from pwa.subscriptions.endpoints import EndpointError, read_keys
from pwa.subscriptions.keeping import Choices, CrowdedError
from pwa.subscriptions.tables import subscription_groups

log = logging.getLogger(__name__)
QUARTER = 900
Done = TypeVar("Done")


class Reception:
    """One for each web process; `languages` are the live ones. What cannot be done raises RefusedError."""

    def __init__(self, settings: Settings, languages: list[str]) -> None:
        self.settings, self.languages = settings, languages
        self.engine: Engine = make_engine(settings.database_url)
        self.keys: Keys = load_keys(settings.instance, settings.contact)
        self.crowd = Crowd()
        self.reporters = Patience(600, 6)
        self.tally = Tally(self.engine)

    @property
    def key(self) -> str:
        """What a browser subscribes with."""
        return self.keys.application_server_key

    def subscribe(self, asked: Subscription, token: str, network: Network) -> dict[str, Any]:
        """Keep a device, or bring it up to date, and send the confirmation while its address is not proved."""
        if asked.key != self.key:
            raise RefusedError(409, "key")
        choices = self._choices(asked.chosen)
        with reading(self.engine) as connection:  # who is refused keeps nobody from writing
            known = keeping.recognise(connection, asked.endpoint, token)
            right, wrong = self._looked_up(connection, asked.codes, network, known=known is not None)
        self._missed(wrong)
        if not self.crowd.may_come(network, right[0] if right else "", known):
            raise RefusedError(429, "often", 60)

        def keep(connection: Connection) -> tuple[Any, dict[str, Any]]:
            kept = self._keep(connection, asked, choices, token, invited=bool(right))
            joined = _join_all(connection, kept.number, right, asked.codes)
            return kept, self._state(connection, kept.token) | joined

        kept, state = self._once(keep)
        if kept.nonce:
            self._welcome(kept.number, choices.language, kept.nonce)
        return {"token": kept.token, **state}

    def _once(self, work: Callable[[Connection], Done]) -> Done:
        """Do it in a transaction; of two taps in the same moment the second finds what the first one wrote."""
        try:
            with writing(self.engine) as connection:
                return work(connection)
        except IntegrityError:
            with writing(self.engine) as connection:
                return work(connection)

    def compare(self, token: str, endpoint: str) -> dict[str, Any]:
        """The device's choices as they are kept, if its messages go to this address."""
        with reading(self.engine) as connection:
            row = keeping.own(connection, token)
            fresh = row is not None and row.seen_on == clock.now().date()
        with (reading if fresh else writing)(self.engine) as connection:
            if keeping.compare(connection, token, endpoint, clock.now()) is None:
                raise RefusedError(404, "unknown")
            return self._state(connection, token)

    def choose(self, token: str, chosen: Chosen) -> dict[str, Any]:
        choices = self._choices(chosen)
        with writing(self.engine) as connection:
            keeping.change(connection, _own(connection, token).id, choices)
            return self._state(connection, token)

    def mute(self, token: str, days: int) -> dict[str, Any]:
        with writing(self.engine) as connection:
            keeping.mute(connection, _own(connection, token), days, clock.now())
            return self._state(connection, token)

    def join(self, token: str, typed: str, network: Network) -> dict[str, Any]:
        """Join a group by its code. Somebody who guesses is slowed down, and with them nobody who is proved."""
        with reading(self.engine) as connection:
            row = _own(connection, token)
        who = (f"device {row.id}",) if row.confirmed_at else network
        if not self.crowd.may_guess(who):
            raise RefusedError(429, "often", 60)
        code = read_code(typed)

        def enter(connection: Connection) -> tuple[Any, dict[str, Any]]:
            try:
                group = keeping.join(connection, row.id, code) if code else None
            except ValueError as error:
                raise RefusedError(409, "groups") from error
            return group, self._state(connection, token)

        group, state = self._once(enter)
        if group is None:
            self._missed(1)
            raise RefusedError(404, "code")
        self.crowd.was_right(who)
        return {**state, "joined": {"id": group.id, "code": code}}

    def templates(self, typed: str, network: Network) -> dict[str, Any]:
        """What a school's coaches offer to makers of briefings; guessing at its code is slowed down as for joining."""
        if not self.crowd.may_guess(network):
            raise RefusedError(429, "often", 60)
        code = read_code(typed)
        with reading(self.engine) as connection:
            offered = offers.of_code(connection, code) if code else None
        if offered is None:
            self._missed(1)
            raise RefusedError(404, "code")
        self.crowd.was_right(network)
        return offered

    def leave(self, token: str, group_id: int) -> dict[str, Any]:
        with writing(self.engine) as connection:
            keeping.leave(connection, _own(connection, token).id, group_id)
            return self._state(connection, token)

    def trial(self, token: str) -> dict[str, Any]:
        """Send this device a message now; one that is not proved yet gets a confirmation once more."""
        with writing(self.engine) as connection:
            row = _own(connection, token)
            if row.fault:  # the device comes anew, which mends it
                raise RefusedError(404, "unknown")
            if wait := closed_for(connection, row.endpoint, row.key_id, clock.now()):
                raise RefusedError(503, "closed", wait)
            if not self.crowd.may_be_sent(row.id):
                raise RefusedError(429, "often", 60)
            nonce = keeping.ask_again(connection, row, clock.now())
            state = self._state(connection, token)
        self._welcome(row.id, row.language, nonce)
        return state

    def stop(self, token: str) -> None:
        """Erase everything about a reader."""
        with writing(self.engine) as connection:
            if not keeping.erase(connection, token):
                raise RefusedError(404, "unknown")

    def prove(self, nonce: str, network: Network) -> bool:
        with writing(self.engine) as connection:
            confirmed = keeping.confirm(connection, nonce, clock.now())
        if confirmed:
            self.crowd.proved(network)
        return confirmed

    def report(self, tip: int, what: str, network: Network) -> None:
        """Count that a device has shown or opened a tip: gathered for a moment, then written down together."""
        if what not in reporting.REPORTED:
            raise RefusedError(400, "unclear")
        if not self.reporters.take(*network):
            raise RefusedError(429, "often", 60)
        self.tally.add(tip, what)

    def _looked_up(
        self, connection: Connection, typed: list[str], network: Network, *, known: bool
    ) -> tuple[list[str], int]:
        """The codes that lead somewhere, and how many do not. A newcomer's first one is looked at in any case: a flood
        from beside them may have used up every guess."""
        right, wrong = [], 0
        for number, code in enumerate(filter(None, map(read_code, typed))):
            if not self.crowd.may_guess(network) and (known or number):
                break
            if keeping.leads(connection, code):
                self.crowd.was_right(network)
                right.append(code)
            else:
                wrong += 1
        return right, wrong

    def _missed(self, times: int) -> None:
        """Count wrong codes; an alarm once an hour when they are too many for typing errors."""
        if not any([self.crowd.misses.add() for _ in range(times)]):
            return
        log.warning("Somebody is guessing join codes: %s wrong ones within an hour.", MOST_MISSES)
        with writing(self.engine) as connection:
            audit.note(connection, audit.HOUVAST, "codes-guessed")

    def _choices(self, chosen: Chosen) -> Choices:
        """The choices, if they are possible ones."""
        if chosen.days == 0:
            raise RefusedError(400, "days")
        holidays = load_holidays(self.settings.content)
        if not keeping.is_timezone(chosen.timezone):  # as of a browser that does not tell, or knows a newer one
            chosen.timezone = HOME
        possible = chosen.language in self.languages and {chosen.country, chosen.region} <= {"", *holidays}
        try:
            if possible:
                return Choices(**{name: getattr(chosen, name) for name in Choices.__struct_fields__})
        except ValueError:
            pass
        raise RefusedError(400, "choices")

    def _keep(self, connection: Connection, asked: Subscription, choices: Choices, token: str, *,
              invited: bool) -> keeping.Kept:  # fmt: skip
        """`invited`: with a right code, for whom as many places again are kept free."""
        most = keeping.MOST_UNPROVED * (2 if invited else 1)
        try:
            keys = read_keys(asked.p256dh, asked.auth)
            return keeping.keep(connection, asked.endpoint, keys, choices, key_id=self.keys.present, at=clock.now(),
                                token=token or None, most=most)  # fmt: skip
        except EndpointError as error:
            raise RefusedError(400, "address") from error
        except CrowdedError as error:
            log.warning("Too many subscriptions wait for their proof; new ones are refused for a quarter of an hour.")
            raise RefusedError(503, "crowded", QUARTER) from error

    def _welcome(self, number: int, language: str, nonce: str) -> None:
        with force_locale(language):
            title = gettext("Tips are on")
            body = gettext("This is what a tip looks like. Tap here to choose your days and time.")
        worker.post(
            self.settings, number,
            welcome_message(url=self.settings.url, language=language, nonce=nonce, title=title, body=body),
        )  # fmt: skip

    def _state(self, connection: Connection, token: str) -> dict[str, Any]:
        """What the device may know about itself: everything that is kept but secrets. Also the join code that each of
        its groups has now, with which it comes back, and has the group's templates."""
        row = _own(connection, token)
        joined = select(groups.c.id, groups.c.name, groups.c.join_code).join(subscription_groups).where(
            subscription_groups.c.subscription_id == row.id
        ).order_by(groups.c.name)  # fmt: skip
        muted = row.muted_until if row.muted_until and row.muted_until > clock.now() else None
        return {
            "confirmed": row.confirmed_at is not None,
            "chosen": {name: getattr(row, name) for name in Choices.__struct_fields__},
            "muted": muted and muted.isoformat(),
            "groups": [{"id": id_, "name": name, "code": code} for id_, name, code in connection.execute(joined)],
            "key": self.key if row.key_id == self.keys.present else "",
        }


def _join_all(connection: Connection, number: int, codes: list[str], typed: list[str]) -> dict[str, Any]:
    """Join what the codes lead to, as far as there is room; `joined` tells what the last one that was typed led to:
    those before it a device sends along."""
    joined = {}
    for code in codes:
        try:
            joined[code] = keeping.join(connection, number, code)
        except ValueError:  # twenty are enough
            break
    last = read_code(typed[-1]) if typed else None
    group = joined.get(last) if last else None
    return {} if group is None else {"joined": {"id": group.id, "code": last}}


def _own(connection: Connection, token: str) -> Row[Any]:
    """The device's row, or it is told that nobody knows it."""
    row = keeping.own(connection, token)
    if row is None:
        raise RefusedError(404, "unknown")
    return row
