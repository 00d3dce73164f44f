"""A coach at the desk in a real browser: coming in by invitation, and a school that has been at it for some weeks."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import Connection, insert

from pwa.clock import now
from pwa.coaches.cli import new_link
from pwa.coaches.invitations import invite
from pwa.coaches.tables import coaches, group_coaches
from pwa.config import Settings, read_settings
from pwa.database import make_engine, upgrade, writing
from pwa.delivery.tables import chunks, outcomes, runs
from pwa.groups.tables import study_days
from pwa.subscriptions.tables import subscription_groups, subscriptions
from pwa.tips.tables import tip_texts, tips
from tests.support.coaches import PASSWORD, code_of

WORDS = {
    "nl": ("Groet bij de deur", "Noem elk kind bij de naam, met oogcontact. Vijf seconden die de ochtend dragen."),
    "en": ("Greet at the door", "Say every child’s name, with eye contact. Five seconds that carry the whole morning."),
}  # fmt: skip


def settings_of(instance: Path) -> Settings:
    """The settings of a server on this folder, with its database made."""
    settings = read_settings({"HOUVAST_INSTANCE": str(instance)})
    upgrade(settings)
    return settings


def come_in(page: Page, settings: Settings, *, administrator: bool = False, language: str = "en",
            email: str = "coach@school.example", name: str = "Noor de Wit") -> str:  # fmt: skip
    """From the invitation to the desk, as a person does it; the key of the authenticator app."""
    word = new_link(settings, administrator=administrator).rsplit("/", 1)[1]
    page.goto(f"/coach/{language}/invitation/{word}")
    page.locator("#name").fill(name)
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button").click()
    page.locator("main form button").click()  # set up the app
    key = page.locator("b.key-word").inner_text()
    page.locator("#code").fill(code_of(key, time.time()))
    page.locator("main form button").click()
    expect(page.locator(".ways")).to_be_visible()
    return key


def come_with_a_group(browser: BrowserContext, settings: Settings, email: str, name: str) -> tuple[Page, int]:
    """A new coach at the desk, and the number of the group that they made."""
    page = browser.new_page()
    come_in(page, settings, email=email)
    return page, make_group(page, name)


def make_group(page: Page, name: str, language: str = "en") -> int:
    """A group, by its form; its number."""
    page.goto(f"/coach/{language}/groups/new")
    page.locator("#name").fill(name)
    page.locator("main form button").click()
    expect(page.locator(".code-word")).to_be_visible()
    return int(page.url.rsplit("/", 1)[1])


def offer_template(page: Page, group: int, template: str = "half-day", **dutch: str) -> None:
    """A template for briefings, by its form; the page is the list of them afterwards."""
    page.goto(f"/coach/en/groups/{group}/templates/new?template={template}")
    for name, text in dutch.items():
        page.locator(f"#{name}-nl").fill(text)
    page.get_by_role("button", name="Offer it").click()
    expect(page.locator("#address")).to_be_visible()


def share(settings: Settings, group_id: int, name: str, email: str) -> None:
    """A colleague who shares a group, and an invitation for another one."""
    with writing(make_engine(settings.database_url)) as connection:
        row = {"email": email, "name": name, "role": "coach", "fs_uniquifier": os.urandom(32).hex(),
               "created_at": now()}  # fmt: skip
        colleague = connection.scalars(insert(coaches).returning(coaches.c.id).values(row)).one()
        connection.execute(insert(group_coaches).values(group_id=group_id, coach_id=colleague))
        invite(connection, "coach", group_id=group_id)


def readers(connection: Connection, group_id: int, number: int) -> list[int]:
    """Confirmed readers of a group, whose addresses lead nowhere; their numbers."""
    made = []
    for _ in range(number):
        secret = os.urandom(32)
        row = {"endpoint": f"https://fcm.googleapis.com/{secret.hex()}",
               "endpoint_hash": hashlib.sha256(secret).digest(), "p256dh": b"", "auth": b"",
               "key_id": "", "token_hash": os.urandom(32), "language": "nl",
               "created_at": now(), "confirmed_at": now(), "seen_on": now().date()}  # fmt: skip
        made.append(connection.scalars(insert(subscriptions).returning(subscriptions.c.id).values(row)).one())
        connection.execute(insert(subscription_groups).values(group_id=group_id, subscription_id=made[-1]))
    return made


def tip(
    connection: Connection, group_id: int, day: date, state: str = "scheduled", words: Any = None, **more: Any
) -> int:
    """A tip as it is kept."""
    row = {"group_id": group_id, "batch": os.urandom(8).hex(), "author": 1, "card": "keep-recess", "state": state,
           "date": day, "moments": "before after evening", "created_at": now()}  # fmt: skip
    number = connection.scalars(insert(tips).returning(tips.c.id).values(row | more)).one()
    for language, (title, body) in (words or WORDS).items():
        connection.execute(insert(tip_texts).values(tip_id=number, language=language, title=title, body=body))
    return number


def went_out(connection: Connection, group_id: int, tip_id: int, day: date, counts: dict[str, int]) -> None:
    """The run of a tip that is over, and its totals."""
    connection.execute(insert(runs).values(
        tip_id=tip_id, moment="before", date=day, due_at=now(), fresh_until=now(), planned_at=now(), state="done",
        readers=sum(total for key, total in counts.items() if key not in {"shown", "opened"}),
    ))  # fmt: skip
    for key, total in counts.items():
        outcome, _, reason = key.partition(" ")
        connection.execute(insert(outcomes).values(
            date=day, group_id=group_id, tip_id=tip_id, outcome=outcome, reason=reason, total=total
        ))  # fmt: skip


def goes_out(connection: Connection, tip_id: int, day: date, size: int, done: int) -> None:
    """A tip in the middle of going out: one chunk, `done` of `size` sent."""
    later = now() + timedelta(days=1)  # so that no sending process takes it up
    run = connection.scalars(insert(runs).returning(runs.c.id).values(
        tip_id=tip_id, moment="before", date=day, due_at=now(), fresh_until=later, planned_at=now(), state="open",
        readers=size,
    )).one()  # fmt: skip
    bits = ((1 << done) - 1).to_bytes((size + 7) // 8, "little")
    connection.execute(insert(chunks).values(
        run_id=run, number=1, ids=b"", size=size, done=bits, counts=f'{{"accepted": {done}}}', lease_until=later,
        not_before=later,
    ))  # fmt: skip


def some_weeks(settings: Settings, group_id: int) -> dict[str, int]:
    """Readers, tips and totals of a group that has been at it for some weeks; the tips by what they show."""
    today = now().date()
    monday = today - timedelta(days=today.weekday())
    with writing(make_engine(settings.database_url)) as connection:
        readers(connection, group_id, 48)
        for week in range(7, 0, -1):
            for offset in (0, 2, 4):
                day = monday - timedelta(weeks=week) + timedelta(days=offset)
                accepted = 48 - 2 * week - offset
                counts = {"accepted": accepted, "shown": accepted - 6, "opened": 9 + offset}
                number = tip(connection, group_id, day, "sent")
                went_out(connection, group_id, number, day, counts)
        yesterday = tip(connection, group_id, today - timedelta(days=1), "sent")
        went_out(connection, group_id, yesterday, today - timedelta(days=1),
                 {"accepted": 41, "shown": 36, "opened": 14, "expired older-key": 2, "failed too-late": 5})  # fmt: skip
        going = tip(connection, group_id, today, "sent")
        goes_out(connection, going, today, 48, 31)
        soon = _weekday(today + timedelta(days=2))
        planned = tip(connection, group_id, soon)
        study = _weekday(soon + timedelta(days=1))
        connection.execute(insert(study_days).values(group_id=group_id, date=study, name="Rekenen"))
    return {"sent": yesterday, "going": going, "planned": planned}


def have_study_days(settings: Settings, group_id: int, names: list[str]) -> None:
    """As if somebody had added them one by one."""
    first = now().date() + timedelta(days=100)
    with writing(make_engine(settings.database_url)) as connection:
        connection.execute(insert(study_days), [
            {"group_id": group_id, "date": first + timedelta(days=at), "name": name} for at, name in enumerate(names)
        ])  # fmt: skip


def _weekday(day: date) -> date:
    """The day itself, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
