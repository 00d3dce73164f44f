"""What all messages of one run share: the texts, the headers, until when they may be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, or_, select, update

from pwa.delivery.message import TTL, tip_message
from pwa.delivery.tables import WENT_OUT, chunks, runs
from pwa.groups.tables import groups
from pwa.tips.tables import tip_texts, tips

NEVER_TRIED = "failed cancelled"  # what is counted of those whose turn it was not yet when the tip was taken back
_BETTER, _ITS_RUNS = tips.alias(), runs.alias()
_CORRECTED = (
    exists()
    .where(_BETTER.c.corrects_id == tips.c.id, _BETTER.c.group_id == tips.c.group_id)
    .where(_ITS_RUNS.c.tip_id == _BETTER.c.id, _ITS_RUNS.c.state.in_(WENT_OUT))
)
_TAKEN_BACK = select((tips.c.state == "cancelled") | _CORRECTED).join(runs, runs.c.tip_id == tips.c.id)
_TAKEN_BACK = _TAKEN_BACK.where(runs.c.id == bindparam("run"))


@dataclass(frozen=True)
class Run:
    """`weekday` is which day its readers must have chosen, Monday 0; None: of a correction another day counts.
    `payloads` is language → message; `fallback` the language of a reader whose own has no text."""

    id: int
    group_id: int
    weekday: int | None
    fresh_until: datetime
    quiet_at: datetime | None
    topic: str
    payloads: dict[str, bytes]
    fallback: str

    def payload(self, language: str) -> bytes:
        return self.payloads.get(language) or self.payloads[self.fallback]

    def ttl(self, at: datetime) -> int:
        """For how many seconds a push service keeps a message that is sent now: a phone that is off gets it later the
        same day, but not in the quiet hours."""
        left = (self.quiet_at - at).total_seconds() if self.quiet_at else TTL
        return max(1, min(TTL, int(left)))

    def headers(self, authorization: str, ttl: int) -> list[str]:
        """Lines for a request; the topic makes a second message replace the first one that a phone has not got yet."""
        return [f"Topic: {self.topic}", *common_headers(authorization, ttl)]


def common_headers(authorization: str, ttl: int, urgency: str = "normal") -> list[str]:
    """What every push request has (RFC 8030, 5; RFC 8291, 4). A TTL of 0 is refused by some and useless with others."""
    return [
        f"TTL: {ttl}",
        f"Urgency: {urgency}",
        "Content-Encoding: aes128gcm",
        "Content-Type: application/octet-stream",
        f"Authorization: {authorization}",
        "Accept:",
    ]


def load_run(connection: Connection, run_id: int, url: str) -> Run:
    """A run with its messages; `url` is our public address. Raises LookupError when it was deleted."""
    row = connection.execute(
        select(runs, tips.c.id.label("tip"), tips.c.group_id, tips.c.corrects_id, tips.c.batch, tips.c.card,
               groups.c.languages)
        .join(tips, tips.c.id == runs.c.tip_id)
        .join(groups, groups.c.id == tips.c.group_id)
        .where(runs.c.id == run_id)
    ).first()
    texts = connection.execute(select(tip_texts).where(tip_texts.c.tip_id == row.tip)).all() if row else []
    if row is None or not texts:
        raise LookupError(f"Run {run_id} has nothing to send.")
    payloads = {
        text.language: tip_message(url=url, language=text.language, tip=row.tip, batch=row.batch, card=row.card,
                                   title=text.title, body=text.body)
        for text in texts
    }  # fmt: skip
    fallback = next((code for code in row.languages.split() if code in payloads), next(iter(payloads)))
    weekday = row.date.weekday() if row.corrects_id is None else None
    return Run(row.id, row.group_id, weekday, row.fresh_until, row.quiet_at, f"tip-{row.batch}", payloads, fallback)


def is_cancelled(connection: Connection, run_id: int) -> bool:
    """Whether a coach took the tip back while it was going out, or its correction goes out: who has neither of the two
    yet gets the correction only, so that the old words do not come after it."""
    return bool(connection.scalar(_TAKEN_BACK, {"run": run_id}))


def stop(connection: Connection, tip_id: int) -> bool:
    """Take a tip back, also while it goes out: who sends it finds that at the next flush. False: all of it was sent."""
    on_its_way = exists().where(chunks.c.run_id == runs.c.id, chunks.c.state == "open", runs.c.tip_id == tip_id)
    stoppable = or_(tips.c.state.in_(("held", "scheduled")), (tips.c.state == "sent") & on_its_way)
    taken_back = update(tips).where(tips.c.id == tip_id, stoppable).values(state="cancelled")
    return bool(connection.execute(taken_back).rowcount)
