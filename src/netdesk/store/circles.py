"""Circles: groups of connections that the owner keeps for herself."""

import json
from collections.abc import Sequence

from netdesk.domain.people import Circle, CircleId, PersonId
from netdesk.store.database import Database
from netdesk.store.models import CircleMember, CircleTable


def all_circles(db: Database) -> list[Circle]:
    """Every circle with its size, by name."""
    rows = db.sql("SELECT c.id, c.name, (SELECT count(*) FROM circle_member m WHERE m.circle_id = c.id) FROM circle c ORDER BY c.name")
    return [Circle(CircleId(number), name, size) for number, name, size in rows]


def set_circles(db: Database, person: PersonId, names: Sequence[str]) -> None:
    """Put a person into exactly these circles; new names make new circles, and circles left empty go."""
    db.run(CircleMember.delete().where(CircleMember.person == person))
    for name in dict.fromkeys(name.strip() for name in names if name.strip()):
        db.run(CircleTable.insert(name=name).on_conflict_ignore())
        circle = db.scalar(CircleTable.select(CircleTable.id).where(CircleTable.name == name))
        db.run(CircleMember.insert(circle=circle, person=person))
    db.sql("DELETE FROM circle WHERE id NOT IN (SELECT circle_id FROM circle_member)")


def of_people(db: Database, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The names of the circles of each of these people, by name; people in none are left out."""
    found: dict[int, tuple[str, ...]] = {}
    for person, name in db.sql(
        "SELECT m.person_id, c.name FROM circle_member m JOIN circle c ON c.id = m.circle_id "
        "WHERE m.person_id IN (SELECT value FROM json_each(?)) ORDER BY c.name",
        (json.dumps(list(ids)),),
    ):
        found[person] = (*found.get(person, ()), name)
    return found
