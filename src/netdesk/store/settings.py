"""Settings: what is remembered for the desk as a whole, and the owner's templates."""

import json
from typing import Any

from netdesk.domain.errors import Refused
from netdesk.domain.requests import Template, TemplateId
from netdesk.store.database import Database
from netdesk.store.models import SettingTable, TemplateTable


def get(db: Database, key: str, default: Any = None) -> Any:
    """The value kept under `key`, or `default`."""
    text = db.scalar(SettingTable.select(SettingTable.value).where(SettingTable.key == key))
    return default if text is None else json.loads(text)


def put(db: Database, key: str, value: Any) -> None:
    """Keep a JSON value."""
    db.run(SettingTable.replace(key=key, value=json.dumps(value, ensure_ascii=False)))


def templates(db: Database) -> list[Template]:
    """The owner's templates, by title."""
    rows = db.rows(TemplateTable.select(TemplateTable.id, TemplateTable.title, TemplateTable.text).order_by(TemplateTable.title))
    return [Template(TemplateId(number), title, text) for number, title, text in rows]


def save_template(db: Database, title: str, text: str) -> None:
    """Keep a template; one of the same title is replaced. Raises Refused without a title or text."""
    if not title.strip() or not text.strip():
        raise Refused("empty template")
    db.run(TemplateTable.delete().where(TemplateTable.title == title.strip()))
    db.run(TemplateTable.insert(title=title.strip(), text=text))


def delete_template(db: Database, number: TemplateId) -> None:
    """Forget a template."""
    db.run(TemplateTable.delete().where(TemplateTable.id == number))
