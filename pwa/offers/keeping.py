"""Offered templates as they are kept, and every change with its line in the audit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update

from pwa.briefings.templates import Facts, Template, Words
from pwa.clock import now
from pwa.coaches import audit
from pwa.groups.tables import groups
from pwa.offers.tables import offered_templates, offered_texts

MOST = 12  # of one group: a list that a teacher can still look over
ICON = "school-bell"


def offered(connection: Connection, group_id: int) -> list[tuple[int, Template]]:
    """(number, template) of everything that is offered to a group, the oldest first."""
    of_group = select(offered_templates).where(offered_templates.c.group_id == group_id)
    rows = connection.execute(of_group.order_by(offered_templates.c.id)).all()
    return [(row.id, _template(row, _texts(connection, row.id))) for row in rows]


def own_offer(connection: Connection, group_id: int, number: int) -> Template | None:
    """A template that is offered to this group, or None."""
    return dict(offered(connection, group_id)).get(number)


def of_code(connection: Connection, code: str) -> dict[str, Any] | None:
    """What a device gets for a join code: the school's name and its templates; None when no group has the code."""
    group = connection.execute(select(groups.c.id, groups.c.name).where(groups.c.join_code == code)).first()
    if group is None:
        return None
    templates = [
        {"days": template.facts.days, "cards": template.facts.cards,
         "words": {code: msgspec.to_builtins(words) for code, words in template.words.items()}}
        for _number, template in offered(connection, group.id)
    ]  # fmt: skip
    return {"code": code, "group": group.name, "templates": templates}


def offer(connection: Connection, coach: Any, group: Row[Any], template: Template) -> bool:
    """Offer one more. False when the group has as many as it may."""
    if len(offered(connection, group.id)) >= MOST:
        return False
    at = now()
    made = insert(offered_templates).returning(offered_templates.c.id)
    values = {"group_id": group.id, "created_at": at, "changed_at": at, **_once(template)}
    number = connection.scalars(made.values(values)).one()
    _write(connection, number, template)
    audit.note(connection, coach, "template-offered", _name(group, template), group.id)
    return True


def last_change(connection: Connection, number: int, *, locked: bool = False) -> str:
    """Which text a form shows: the moment of its last change; "" when it was withdrawn."""
    at = select(offered_templates.c.changed_at).where(offered_templates.c.id == number)
    found = connection.scalar(at.with_for_update() if locked else at)
    return found.isoformat() if found else ""


def change(connection: Connection, coach: Any, group: Row[Any], number: int, template: Template, since: str) -> bool:
    """Change what somebody read as it was since that moment. False, and nothing is written, when it changed later."""
    if not since or last_change(connection, number, locked=True) != since:
        return False
    changed = update(offered_templates).where(offered_templates.c.id == number)
    connection.execute(changed.values(changed_at=now(), **_once(template)))
    connection.execute(delete(offered_texts).where(offered_texts.c.template_id == number))
    _write(connection, number, template)
    audit.note(connection, coach, "template-changed", _name(group, template), group.id)
    return True


def withdraw(connection: Connection, coach: Any, group: Row[Any], number: int, template: Template) -> None:
    """Erase it here; a device drops it when it next asks. Briefings that began with it stay as they are."""
    connection.execute(delete(offered_templates).where(offered_templates.c.id == number))
    audit.note(connection, coach, "template-withdrawn", _name(group, template), group.id)


def _name(group: Row[Any], template: Template) -> str:
    """What it is called in the group's own language."""
    spoken: Iterable[str] = group.languages.split()
    return next((template.words[code].title for code in spoken if code in template.words), "")


def _once(template: Template) -> dict[str, Any]:
    return {"days": template.facts.days, "cards": " ".join(template.facts.cards)}


def _write(connection: Connection, number: int, template: Template) -> None:
    for code, words in template.words.items():
        values = msgspec.to_builtins(words)
        connection.execute(insert(offered_texts).values(template_id=number, language=code, **values))


def _template(row: Row[Any], texts: list[Row[Any]]) -> Template:
    facts = Facts(order=row.id, icon=ICON, days=row.days, cards=tuple(row.cards.split()))
    words = {text.language: Words(**{name: getattr(text, name) for name in Words.__struct_fields__}) for text in texts}
    return Template(id=f"offer-{row.id}", facts=facts, words=words)


def _texts(connection: Connection, number: int) -> list[Row[Any]]:
    of_this = select(offered_texts).where(offered_texts.c.template_id == number)
    return list(connection.execute(of_this.order_by(offered_texts.c.language)))
