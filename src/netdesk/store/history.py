"""History: what happened with each person, when."""

from datetime import datetime

from netdesk.domain.people import PersonId
from netdesk.domain.requests import Moment
from netdesk.store.database import Database
from netdesk.store.models import HistoryTable


def add(db: Database, person: PersonId, at: datetime, kind: str, detail: str = "") -> None:
    """Write one line."""
    db.run(HistoryTable.insert(person=person, at=at, kind=kind, detail=detail))


def of_person(db: Database, person: PersonId, most: int = 200) -> tuple[Moment, ...]:
    """The latest lines about a person, the oldest first."""
    rows = db.rows(
        HistoryTable.select(HistoryTable.at, HistoryTable.kind, HistoryTable.detail)
        .where(HistoryTable.person == person)
        .order_by(HistoryTable.at.desc(), HistoryTable.id.desc())
        .limit(most)
    )
    return tuple(Moment(at, kind, detail) for at, kind, detail in reversed(rows))


def take_back(db: Database, person: PersonId, kind: str, at: datetime) -> None:
    """Forget a line that was taken back within the time for it."""
    db.run(HistoryTable.delete().where((HistoryTable.person == person) & (HistoryTable.kind == kind) & (HistoryTable.at == at)))


def last_of(db: Database, person: PersonId, *kinds: str) -> datetime | None:
    """When one of these last happened."""
    row = db.first(
        HistoryTable.select(HistoryTable.at)
        .where((HistoryTable.person == person) & HistoryTable.kind.in_(kinds))
        .order_by(HistoryTable.at.desc())
    )
    return row[0] if row else None


def count_of(db: Database, person: PersonId, kind: str) -> int:
    """How often it happened."""
    return len(db.rows(HistoryTable.select(HistoryTable.id).where((HistoryTable.person == person) & (HistoryTable.kind == kind))))
