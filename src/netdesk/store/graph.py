"""The graph: whom my connections list, who is known to both, how many list a person."""

import json
from collections.abc import Iterable, Sequence

from netdesk.domain.events import ListedPerson
from netdesk.domain.names import HEADLINE_LIMIT, fold, tame, tame_name
from netdesk.domain.people import AccountId, Address, Mutual, PersonId, domain_of
from netdesk.domain.rules.lookalike import skeleton
from netdesk.store import people, search
from netdesk.store.database import Database

_NEW_PERSON = (
    "INSERT OR IGNORE INTO person (account_id, address, name, sort_name, look, address_look, headline, picture, complete, tie, mutual, blocked, "
    "pass_next, private_note, touch_days, liked, commented, introduced_by, dismissed) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, x'', -1, 0, 0, EXISTS (SELECT 1 FROM block WHERE target IN (?, ?)), 0, '', 0, 0, 0, '', 0)"
)


def add_listed(db: Database, account: AccountId, via: PersonId, listed: Sequence[ListedPerson]) -> set[PersonId]:
    """Add people to the list that `via` shares, making those that are new; returns their ids."""
    known = people.ids_of(db, account, [one.address for one in listed])
    fresh = [one for one in listed if one.address not in known]
    rows = []
    for one in fresh:
        name = tame_name(one.name)
        rows.append(
            (
                account,
                one.address,
                name,
                fold(name or one.address),
                people.look_of(name, one.address),
                skeleton(one.address),
                tame(one.headline, HEADLINE_LIMIT),
                one.address,
                domain_of(one.address),
            )
        )
    db.many(_NEW_PERSON, rows)
    made = people.ids_of(db, account, [one.address for one in fresh])
    search.refresh(db, made.values())
    ids = set(known.values()) | set(made.values())
    db.many("INSERT OR IGNORE INTO edge (listed, via) VALUES (?, ?)", [(number, via) for number in sorted(ids)])
    return ids


def clear_list(db: Database, via: PersonId) -> set[PersonId]:
    """Forget the list that `via` shared; returns who stood on it."""
    listed = {PersonId(row[0]) for row in db.sql("SELECT listed FROM edge WHERE via = ?", (via,))}
    db.sql("DELETE FROM edge WHERE via = ?", (via,))
    return listed


def listed_by(db: Database, via: PersonId) -> set[PersonId]:
    """Who stands on the list that `via` shares."""
    return {PersonId(row[0]) for row in db.sql("SELECT listed FROM edge WHERE via = ?", (via,))}


def recount(db: Database, ids: Iterable[PersonId]) -> None:
    """Count anew how many connections of mine list these people, for the suggestions."""
    db.sql(
        "UPDATE person SET mutual = (SELECT count(*) FROM edge e CROSS JOIN person v ON v.id = e.via "
        "WHERE e.listed = person.id AND v.tie = 3 AND v.blocked = 0) WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(ids)),),
    )


def mutual(db: Database, person: PersonId, most: int = 200) -> tuple[Mutual, ...]:
    """My connections who list this person, by name."""
    rows = db.sql(
        "SELECT v.id, v.address, v.name FROM edge e CROSS JOIN person v ON v.id = e.via "
        "WHERE e.listed = ? AND v.tie = 3 AND v.blocked = 0 ORDER BY v.sort_name LIMIT ?",
        (person, most),
    )
    return tuple(Mutual(PersonId(number), Address(address), name or address.partition("@")[0]) for number, address, name in rows)


def shares_any(db: Database, account: AccountId) -> bool:
    """Whether any connection of this account shares a list: without one, people in common are not known, not none."""
    return bool(
        db.sql(
            "SELECT 1 FROM person p WHERE p.account_id = ? AND p.tie = 3 AND EXISTS (SELECT 1 FROM edge WHERE via = p.id) LIMIT 1",
            (account,),
        )
    )
