"""The same person on several networks: only suggested by the desk, joined and separated by the owner's word."""

import json
from collections.abc import Sequence
from typing import Final

from netdesk.domain.people import PersonId
from netdesk.store.database import Database

_LIKELY: Final = """
SELECT p.id FROM person me JOIN person p ON p.sort_name = me.sort_name
WHERE me.id = :me AND instr(me.sort_name, ' ') > 0 AND p.account_id <> me.account_id AND p.blocked = 0
  AND p.id NOT IN (SELECT high FROM same_person WHERE low = :me UNION SELECT low FROM same_person WHERE high = :me)
ORDER BY p.id LIMIT :most
"""


def likely(db: Database, person: PersonId, most: int = 5) -> list[PersonId]:
    """People of other accounts who have the same name, of two words or more, and of whom the owner has said nothing yet."""
    return [PersonId(row[0]) for row in db.sql(_LIKELY, {"me": person, "most": most})]


def decide(db: Database, first: PersonId, second: PersonId, *, same: bool) -> None:
    """The owner says that two are one person, or that they are not."""
    low, high = sorted((first, second))
    db.sql("INSERT OR REPLACE INTO same_person (low, high, same) VALUES (?, ?, ?)", (low, high, int(same)))


def joined(db: Database, person: PersonId) -> list[PersonId]:
    """Everybody whom the owner has called the same as this one, also by way of others."""
    found: set[int] = {person}
    fresh: Sequence[int] = [person]
    while fresh:
        chosen = json.dumps(list(fresh))
        rows = db.sql(
            "SELECT high FROM same_person WHERE same = 1 AND low IN (SELECT value FROM json_each(?)) UNION "
            "SELECT low FROM same_person WHERE same = 1 AND high IN (SELECT value FROM json_each(?))",
            (chosen, chosen),
        )
        fresh = [row[0] for row in rows if row[0] not in found]
        found.update(fresh)
    return [PersonId(one) for one in sorted(found - {person})]


def separate(db: Database, person: PersonId, other: PersonId) -> None:
    """Two who were joined are not one after all: this one is joined with nobody of the other's any more, and not suggested again."""
    for one in (other, *joined(db, other)):
        if one != person:
            low, high = sorted((person, one))
            db.sql("DELETE FROM same_person WHERE low = ? AND high = ?", (low, high))
    decide(db, person, other, same=False)
