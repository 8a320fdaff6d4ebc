"""History: what happened with each person, when."""

from datetime import datetime

from netdesk.domain.people import PersonId
from netdesk.domain.requests import Moment
from netdesk.store.database import Database
from netdesk.store.models import HistoryTable, from_ms, to_ms


def add(db: Database, person: PersonId, at: datetime, kind: str, detail: str = "") -> None:
    """Write one line."""
    db.sql("INSERT INTO history (person_id, at, kind, detail) VALUES (?, ?, ?, ?)", (person, to_ms(at), kind, detail))


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
    marks = ",".join("?" * len(kinds))
    ms = db.sql(f"SELECT max(at) FROM history WHERE person_id = ? AND kind IN ({marks})", (person, *kinds))[0][0]
    return from_ms(ms) if ms is not None else None
