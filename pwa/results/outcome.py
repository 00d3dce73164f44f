"""What became of a tip, in numbers that name nobody and in words that say why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from msgspec import Struct
from sqlalchemy import Connection, Row, exists, or_, select

from pwa.clock import now
from pwa.delivery import reporting
from pwa.delivery.runs import NEVER_TRIED
from pwa.delivery.tables import WENT_OUT, outcomes, runs
from pwa.groups.keeping import FEWEST_SHOWN
from pwa.results.hiding import is_few, reported, told
from pwa.tips.tables import tips

OUTCOMES = ("accepted", "shown", "opened", "expired", "failed")
UNSENT = "unsent"  # a row of a tip that was stopped, or corrected, on its way
WAITING = "waiting"  # those whose turn it is not yet
READERS = ("expired", "failed", UNSENT, "accepted")  # each reader is in one of these; the last one is hidden last


class Outcome(Struct, frozen=True):
    """How it is with a tip. `state`: held, scheduled, going, sent, skipped or cancelled; None is what may not be told.

    `planned`: there is a moment at which it went out, or goes out; `few`: there are fewer than five readers, so nothing
    is told; `readers` it was planned for; how many of them are `done` while it goes out; `doubted`: more was reported
    as shown or opened than was accepted, and is left out; `stopped`: taken back when it was on its way already, so that
    some did not get it, `numbers` has "unsent" then; `reasons` are sentences, each with its number."""

    state: str
    planned: bool
    few: bool
    readers: int | None
    done: int | None
    doubted: bool
    stopped: bool
    numbers: dict[str, int | None]
    reasons: list[tuple[str, int | None]]


def outcome_of(connection: Connection, tip: Row[Any]) -> Outcome:
    """The outcome of a tip until now; while it goes out, what its chunks have counted so far."""
    rows = connection.execute(select(runs).where(runs.c.tip_id == tip.id).order_by(runs.c.due_at)).all()
    going = any(run.state == "open" for run in rows)
    far = reporting.progress(connection, tip.id)
    counts = reporting.outcomes_of(connection, tip.id)
    if going:  # the totals of a day come when a chunk is done
        counts = far.counts | {key: total for key, total in counts.items() if key in reporting.REPORTED}
    planned = any(run.state in WENT_OUT for run in rows)
    few = planned and far.readers < FEWEST_SHOWN
    truthful = reporting.believed(counts)
    state = state_of(tip, going=going)
    left = far.readers - far.done
    stopped = tip.state == "cancelled" and (left > 0 or NEVER_TRIED in counts)
    counted = _with_unsent(truthful, left if stopped else None)
    numbers = numbers_of(counted, left if state == "going" else None)
    waiting, accepted = numbers.pop(WAITING, None), numbers["accepted"]
    missed = accepted is not None and state != "going" and is_few(far.readers - accepted)
    return Outcome(
        state=state, planned=planned, few=few, readers=None if few or missed else far.readers,
        done=None if few or waiting is None or is_few(far.done) else far.done,
        doubted=not (few or going) and truthful != counts, stopped=stopped, numbers=numbers,
        reasons=_reasons(counted, numbers),
    )  # fmt: skip


def numbers_of(counts: Mapping[str, int], waiting: int | None = None) -> dict[str, int | None]:
    """The numbers of a tip that may be told; while it goes out so many are `waiting`, which is one of them then.

    How many got it is hidden last: where fewer than five did not, it is the number of readers that is not told."""
    totals = Counter[str]()
    for key, total in counts.items():
        totals[key.partition(" ")[0]] += total
    rows = (*OUTCOMES, UNSENT) if UNSENT in counts else OUTCOMES
    parts = {name: totals[name] for name in READERS if name in rows}
    numbers = dict.fromkeys(rows) | told(parts if waiting is None else parts | {WAITING: waiting})
    accepted = totals["accepted"]
    if waiting is None and accepted >= FEWEST_SHOWN and is_few(sum(parts.values()) - accepted):
        numbers["accepted"] = accepted
    if numbers["accepted"] is not None:  # no more than that, so they would tell of a hidden one
        numbers |= reported(accepted, {name: totals[name] for name in reporting.REPORTED})
    return numbers


def told_afterwards(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The numbers that the page of a tip tells when it is over, from all that was counted of it."""
    return numbers_of(_with_unsent(reporting.believed(counts), None))


def going_out(connection: Connection, numbers: Sequence[int]) -> set[int]:
    """Which of these tips are on their way to somebody now."""
    found = select(runs.c.tip_id).where(runs.c.tip_id.in_(numbers), runs.c.state == "open")
    return set(connection.scalars(found))


def stopped_on_the_way(connection: Connection, numbers: Sequence[int]) -> set[int]:
    """Which of these tips were taken back when they were on their way, so that some did not get it."""
    outcome, _, reason = NEVER_TRIED.partition(" ")
    which = (outcomes.c.tip_id == tips.c.id, outcomes.c.outcome == outcome, outcomes.c.reason == reason)
    cut_off = or_(exists().where(*which), exists().where(runs.c.tip_id == tips.c.id, runs.c.state == "open"))
    found = select(tips.c.id).where(tips.c.id.in_(numbers), tips.c.state == "cancelled", cut_off)
    return set(connection.scalars(found))


def state_of(tip: Row[Any], *, going: bool) -> str:
    """held, as long as nobody can have seen it; else scheduled, going, sent, skipped or cancelled."""
    if going and tip.state != "cancelled":
        return "going"
    if tip.state != "held":
        return str(tip.state)
    return "held" if tip.held_until and tip.held_until > now() else "scheduled"


def state_words(state: str) -> str:
    """A state, in words."""
    return {
        "held": gettext("held for 60 seconds"), "scheduled": gettext("scheduled"), "going": gettext("going out"),
        "sent": gettext("sent"), "skipped": gettext("skipped"), "cancelled": gettext("cancelled"),
        "stopped": gettext("stopped while going out"), "off": gettext("will be skipped"),
    }[state]  # fmt: skip


def shown(number: int | None) -> str:
    """A number as a coach sees it."""
    return "–" if number is None else str(number)


def _with_unsent(counts: Mapping[str, int], left: int | None) -> Mapping[str, int]:
    """Who was never tried did not fail. Of a tip that was stopped the sender has not put down those `left`; None: it
    was not, and then somebody is put down only when the correction was there first."""
    if left is None and NEVER_TRIED not in counts:
        return counts
    tried = {key: total for key, total in counts.items() if key != NEVER_TRIED}
    return tried | {UNSENT: counts.get(NEVER_TRIED, 0) + (left or 0)}


def _reasons(counts: Mapping[str, int], numbers: Mapping[str, int | None]) -> list[tuple[str, int | None]]:
    why = {"expired": Counter[str](), "failed": Counter[str]()}
    for key, total in sorted(counts.items()):  # the same order in every language: it says which reason is hidden
        outcome, _, reason = key.partition(" ")
        if outcome in why:
            why[outcome][_why(reason)] += total
    seen = [dict.fromkeys(why[name]) if numbers[name] is None else told(why[name], least=1) for name in why]
    reasons = [reason for found in seen for reason in found.items()]
    return sorted(reasons, key=lambda reason: -(reason[1] or 0))  # the hidden ones last, whatever they are


def _why(reason: str) -> str:  # noqa: PLR0911  (one per thing that can go wrong)
    """A reason of pwa.delivery in words for a coach."""
    if reason in {"answer-404", "answer-410", "older-key"}:
        return gettext("The reader has stopped, or the phone is gone; it is taken off the list.")
    if reason in {"too-late", "timeout", "no-answer", "no-name", "no-connection", "broken-off"}:
        return gettext("The push service could not be reached in time; after half an hour a tip is dropped.")
    if reason.startswith(("answer-5", "answer-408")):
        return gettext("The push service had a fault of its own.")
    if reason in {"bad-key", "endpoint"}:
        return gettext("What the phone gave us as its address or key cannot be used; the phone is skipped.")
    if reason == "unknown-key":
        return gettext("The phone was registered with a key that we no longer have; opening the app fixes that.")
    if reason in {"answer-429", "answer-406"}:
        return gettext("The push service asked us to wait.")
    if reason == "our-fault":
        return gettext("Something went wrong on our side.")
    return gettext("The push service refused it (%(reason)s); the people who run Houvast can see why.", reason=reason)
