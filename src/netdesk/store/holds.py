"""Holds: acts that can still be taken back, with how things were before."""

import json
from datetime import datetime
from typing import Any

from netdesk.domain.errors import Gone
from netdesk.domain.requests import Held, HoldId
from netdesk.store.database import Database
from netdesk.store.models import HoldTable


def add(db: Database, kind: str, now: datetime, until: datetime, count: int, name: str) -> HoldId:
    """Begin a hold; `set_undo` follows in the same transaction."""
    return HoldId(db.run(HoldTable.insert(kind=kind, at=now, until=until, count=count, name=name, undo="{}")))


def set_undo(db: Database, hold: HoldId, undo: dict[str, Any]) -> None:
    """Write how things were before."""
    db.run(HoldTable.update(undo=json.dumps(undo, ensure_ascii=False)).where(HoldTable.id == hold))


def undo_of(db: Database, hold: HoldId) -> dict[str, Any]:
    """How things were before; raises Gone when the hold is over."""
    row = db.first(HoldTable.select(HoldTable.undo).where(HoldTable.id == hold))
    if row is None:
        raise Gone("hold")
    found: dict[str, Any] = json.loads(row[0])
    return found


def end(db: Database, hold: HoldId) -> None:
    """The hold is over or was taken back."""
    db.run(HoldTable.delete().where(HoldTable.id == hold))


def _held(row: tuple[Any, ...]) -> Held:
    return Held(HoldId(row[0]), row[1], row[2], row[3], row[4])


_FIELDS = (HoldTable.id, HoldTable.kind, HoldTable.until, HoldTable.count, HoldTable.name)


def open_holds(db: Database, now: datetime, longest: datetime) -> list[Held]:
    """Holds that run at `now`, the latest first; one that ends after `longest` is over, because the clock was turned back."""
    rows = db.rows(HoldTable.select(*_FIELDS).where((HoldTable.until > now) & (HoldTable.until <= longest)).order_by(HoldTable.id.desc()))
    return [_held(row) for row in rows]


def over(db: Database, now: datetime, longest: datetime) -> list[HoldId]:
    """Holds whose time is over."""
    rows = db.rows(HoldTable.select(HoldTable.id).where((HoldTable.until <= now) | (HoldTable.until > longest)))
    return [HoldId(row[0]) for row in rows]


def get(db: Database, hold: HoldId) -> Held:
    """One hold; raises Gone when it is over."""
    row = db.first(HoldTable.select(*_FIELDS).where(HoldTable.id == hold))
    if row is None:
        raise Gone("hold")
    return _held(row)
