"""People: who an account knows of, their ties and profiles, and the lists of the Network tab."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from netdesk.domain.errors import Gone
from netdesk.domain.names import HEADLINE_LIMIT, fold, tame, tame_name
from netdesk.domain.people import AccountId, Address, PeopleQuery, Person, PersonId, PersonRow, Profile, Tie, Window
from netdesk.domain.profiles import clean
from netdesk.domain.rules.completeness import completeness
from netdesk.domain.rules.lookalike import skeleton
from netdesk.store import blocks, circles, search
from netdesk.store.database import Database
from netdesk.store.models import PersonTable, from_ms, to_ms

CONNECTED: Final = 3
_FIELDS: Final = "id, account_id, address, name, headline, profile, picture, tie, since, known_since, private_note, touch_days, last_contact, blocked, trust, stamp"


def _at(ms: int | None) -> datetime | None:
    return from_ms(ms) if ms is not None else None


def _person(db: Database, row: tuple[Any, ...]) -> Person:
    number, account, address, name, headline, profile, picture, tie, since, known, note, touch, last, blocked, trust, stamp = row
    values = json.loads(profile) if profile is not None else None
    if values is not None:
        values["picture"] = bytes(picture).hex()
    return Person(
        id=PersonId(number), account=AccountId(account), address=Address(address), name=name, headline=headline,
        profile=Profile.from_dict(values) if values is not None else None, i_follow=bool(tie & 1), follows_me=bool(tie & 2),
        since=_at(since), known_since=_at(known), private_note=note, circles=circles.of_people(db, [number]).get(number, ()),
        keep_in_touch_days=touch, last_contact=_at(last), blocked=bool(blocked), trust=trust, stamp=stamp,
    )  # fmt: skip


def get(db: Database, number: PersonId) -> Person:
    """The person with this id; raises Gone."""
    rows = db.sql(f"SELECT {_FIELDS} FROM person WHERE id = ?", (number,))
    if not rows:
        raise Gone("person")
    return _person(db, rows[0])


def find(db: Database, account: AccountId, address: Address) -> Person | None:
    """The person at this address, or None when the account knows nobody there."""
    rows = db.sql(f"SELECT {_FIELDS} FROM person WHERE account_id = ? AND address = ?", (account, address))
    return _person(db, rows[0]) if rows else None


def unknown(db: Database, account: AccountId, addresses: Iterable[Address]) -> set[Address]:
    """Those of these addresses of whom the account knows nothing."""
    wanted = set(addresses)
    text = "SELECT address FROM person WHERE account_id = ? AND address IN (SELECT value FROM json_each(?))"
    return wanted - {Address(row[0]) for row in db.sql(text, (account, json.dumps(sorted(wanted))))} if wanted else set()


def look_of(name: str, address: str) -> str:
    """What two people are compared by to find look-alikes: the skeletons of the name and of the address."""
    return skeleton(name) if name else skeleton(address.partition("@")[0])


# What a new person has; peewee would put the statement together anew for each, which takes most of the time of a flood.
_NEW: Final[dict[str, Any]] = {
    one.column_name: one.default for one in PersonTable._meta.sorted_fields if one.column_name != "id"
}  # fmt: skip
_INSERT: Final = f"INSERT INTO person ({', '.join(_NEW)}) VALUES ({', '.join('?' * len(_NEW))}) RETURNING id"


def ensure(db: Database, account: AccountId, address: Address, name: str = "", headline: str = "") -> PersonId:
    """The id of the person at this address, made if new; a name or headline that is given replaces an older one."""
    name, headline = tame_name(name), tame(headline, HEADLINE_LIMIT)
    rows = db.sql("SELECT id, name, headline FROM person WHERE account_id = ? AND address = ?", (account, address))
    row = rows[0] if rows else None
    if row is None:
        known = {
            "account_id": account, "address": address, "name": name, "headline": headline, "sort_name": fold(name or address),
            "look": look_of(name, address), "address_look": skeleton(address), "blocked": blocks.covering(db, address) is not None,
        }  # fmt: skip
        number = db.sql(_INSERT, tuple((_NEW | known).values()))[0][0]
        return PersonId(number)
    changes: dict[str, Any] = {}
    if name and name != row[1]:
        changes |= {"name": name, "sort_name": fold(name), "look": look_of(name, address)}
    if headline and headline != row[2]:
        changes["headline"] = headline
    if changes:
        update(db, PersonId(row[0]), **changes)
    return PersonId(row[0])


def update(db: Database, number: PersonId, **changes: Any) -> None:
    """Write columns of one person."""
    db.run(PersonTable.update(**changes).where(PersonTable.id == number))


def save_profile(db: Database, number: PersonId, address: Address, profile: Profile, known_since: datetime | None) -> None:
    """Keep what somebody lets us see, tamed and limited; a field they no longer show is gone."""
    profile = clean(profile)
    values = profile.as_dict()
    values.pop("picture")
    hidden = profile == Profile()  # nothing of it is shown to us: not known, not empty
    changes: dict[str, Any] = {
        "profile": None if hidden else json.dumps(values, ensure_ascii=False),
        "picture": profile.picture,
        "complete": -1 if hidden else completeness(profile).percent,
        "headline": tame(profile.headline, HEADLINE_LIMIT),
    }
    if profile.name:
        name = tame_name(profile.name)
        changes |= {"name": name, "sort_name": fold(name or address), "look": look_of(name, address)}
    if known_since is not None:
        changes["known_since"] = known_since
    update(db, number, **changes)


def set_tie(db: Database, number: PersonId, *, i_follow: bool, follows_me: bool, since: datetime | None) -> int:
    """Write what connects the owner and this person; returns the tie that was before (1 I follow, 2 they follow me)."""
    before = tie_of(db, number)
    tie = int(i_follow) | int(follows_me) << 1
    if tie != before:
        update(db, number, tie=tie, since=since if tie else None)
    return before


def tie_of(db: Database, number: PersonId) -> int:
    """The tie: 0 none, 1 I follow, 2 they follow me, 3 connected."""
    rows = db.sql("SELECT tie FROM person WHERE id = ?", (number,))
    return int(rows[0][0]) if rows else 0


def ties(db: Database, account: AccountId) -> list[tuple[PersonId, Tie]]:
    """All ties of an account, in the order of their ids."""
    rows = db.rows(
        PersonTable.select(PersonTable.id, PersonTable.address, PersonTable.name, PersonTable.tie, PersonTable.since)
        .where((PersonTable.account == account) & (PersonTable.tie > 0))
        .order_by(PersonTable.id)
    )
    return [(PersonId(n), Tie(Address(a), name, bool(tie & 1), bool(tie & 2), since)) for n, a, name, tie, since in rows]


def with_look(db: Database, look: str, *, of_address: bool, connected: bool) -> list[tuple[Address, str]]:
    """Connections, or blocked people, of any account whose name or address has this skeleton: address and name, by their ids."""
    column, kind = ("address_look" if of_address else "look"), ("tie = 3 AND blocked = 0" if connected else "blocked = 1")
    rows = db.sql(f"SELECT address, name FROM person WHERE {column} = ? AND {kind} ORDER BY id LIMIT 5", (look,))
    return [(Address(address), name) for address, name in rows]


@dataclass(frozen=True, slots=True)
class Marks:
    """What is kept about a person for the evidence: engagement with my posts, who introduced them, whether their next request passes."""

    liked: int = 0
    commented: int = 0
    introduced_by: str = ""
    pass_next: bool = False


def marks(db: Database, number: PersonId) -> Marks:
    """The marks of a person."""
    rows = db.sql("SELECT liked, commented, introduced_by, pass_next FROM person WHERE id = ?", (number,))
    return Marks(rows[0][0], rows[0][1], rows[0][2], bool(rows[0][3])) if rows else Marks()


def count_engagement(db: Database, number: PersonId, *, commented: bool) -> None:
    """They liked, shared or commented on a post of mine once more."""
    column = PersonTable.commented if commented else PersonTable.liked
    update(db, number, **{column.name: column + 1})


def mark_blocked(db: Database, target: str, *, blocked: bool) -> None:
    """Mark the person at an address, or everybody of a domain, as shut out or not, whichever account knows them."""
    where, value = ("address = ?", target) if "@" in target else ("substr(address, instr(address, '@') + 1) = ?", target)
    db.sql(f"UPDATE person SET blocked = ? WHERE {where}", (int(blocked), value))


def first_blocked(db: Database, numbers: Sequence[PersonId]) -> tuple[str, str] | None:
    """Address and name of the first of these people who is shut out."""
    text = "SELECT address, name FROM person WHERE blocked = 1 AND id IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1"
    rows = db.sql(text, (json.dumps(list(numbers)),)) if numbers else []
    return (str(rows[0][0]), str(rows[0][1])) if rows else None


def at_address(db: Database, address: str) -> list[PersonId]:
    """Whoever has this address, on any account."""
    return [PersonId(row[0]) for row in db.sql("SELECT id FROM person WHERE address = ?", (address,))]


def shut_out_by(db: Database, target: str) -> list[Person]:
    """The people at an address, or of a domain, who have anything to do with the owner, on any account."""
    where, value = ("address = ?", target) if "@" in target else ("substr(address, instr(address, '@') + 1) = ?", target)
    something = "" if "@" in target else (
        " AND (tie > 0 OR id IN (SELECT person_id FROM incoming WHERE place < 3) OR id IN (SELECT person_id FROM outgoing WHERE place = 1))"
    )  # fmt: skip
    return [get(db, PersonId(row[0])) for row in db.sql(f"SELECT id FROM person WHERE {where}{something} ORDER BY id", (value,))]


_KINDS: Final = {
    "connections": ("tie = 3 AND blocked = 0", ""),
    "follows": ("tie = 1 AND blocked = 0", ""),
    "followers": ("tie = 2 AND blocked = 0", ""),
    "suggested": ("tie = 0 AND blocked = 0 AND mutual > 0 AND dismissed = 0", "mutual DESC, id DESC"),
}
_ORDERS: Final = {"recent": "since DESC, id DESC", "name": "sort_name, id", "oldest": "since, id"}
_NOT_ASKED: Final = (
    " AND id NOT IN (SELECT person_id FROM outgoing WHERE place = 1)"
    " AND id NOT IN (SELECT person_id FROM incoming WHERE place < 3 OR state IN ('declined', 'ignored', 'blocked'))"
)


def _where(query: PeopleQuery) -> tuple[str, tuple[Any, ...]]:
    clauses, values = [_KINDS[query.kind][0]], list[Any]()
    if query.kind == "suggested":
        clauses[0] += _NOT_ASKED
    if query.account is not None:
        clauses.append("account_id = ?")
        values.append(query.account)
    if query.circle:
        clauses.append("id IN (SELECT person_id FROM circle_member m JOIN circle c ON c.id = m.circle_id WHERE c.name = ?)")
        values.append(query.circle)
    if query.quiet_since is not None:
        clauses.append("COALESCE(last_contact, since, 0) < ?")
        values.append(to_ms(query.quiet_since))
    if query.incomplete:
        clauses.append("complete < 60")
    if (narrowed := search.condition(query.text)) is not None:
        clauses.append(narrowed[0])
        values += narrowed[1]
    return " AND ".join(clauses), tuple(values)


def page(db: Database, query: PeopleQuery, start: int, limit: int) -> Window[PersonRow]:
    """Rows `start` to `start + limit` of a list of people. Order: as the query says; suggested ones by people in common."""
    where, values = _where(query)
    order = _KINDS[query.kind][1] or _ORDERS[query.order]
    total = int(db.sql(f"SELECT count(*) FROM person WHERE {where}", values)[0][0])
    ids = [row[0] for row in db.sql(f"SELECT id FROM person WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?", (*values, limit, start))]
    return Window(total, start, tuple(rows_of(db, ids)))


def rows_of(db: Database, ids: Sequence[int]) -> list[PersonRow]:
    """The rows of these people, in the order of `ids`; those that are gone are left out."""
    chosen = json.dumps(list(ids))
    found = {
        row[0]: row
        for row in db.sql(
            "SELECT id, account_id, address, name, headline, since, tie, private_note, mutual, picture, stamp FROM person "
            "WHERE id IN (SELECT value FROM json_each(?))",
            (chosen,),
        )
    }
    names = circles.of_people(db, ids)
    known = _names_of_vias(db, [n for n in ids if n in found and found[n][8]])
    rows = []
    for number in ids:
        if number not in found:
            continue
        _, account, address, name, headline, since, tie, note, mutual, picture, stamp = found[number]
        rows.append(
            PersonRow(
                id=PersonId(number), account=AccountId(account), address=Address(address), name=name or address.partition("@")[0],
                headline=headline, since=from_ms(since) if since is not None else None, connected=tie == CONNECTED,
                i_follow=bool(tie & 1), follows_me=bool(tie & 2), private_note=note, circles=names.get(number, ()),
                mutual=mutual or None, mutual_names=known.get(number, ()), picture=bytes(picture), stamp=stamp,
            )
        )  # fmt: skip
    return rows


def _names_of_vias(db: Database, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """For each person the names of up to three connections of mine who list them."""
    found: dict[int, tuple[str, ...]] = {}
    for number in ids:
        rows = db.sql(
            "SELECT p.name, p.address FROM edge e CROSS JOIN person p ON p.id = e.via WHERE e.listed = ? AND p.tie = 3 AND p.blocked = 0 LIMIT 3",
            (number,),
        )
        found[number] = tuple(name or address for name, address in rows)
    return found


def count(db: Database, kind: str, account: AccountId | None = None) -> int:
    """How many people a list of this kind has."""
    where, values = _where(PeopleQuery(kind=kind, account=account))
    return int(db.sql(f"SELECT count(*) FROM person WHERE {where}", values)[0][0])


def ids_of(db: Database, account: AccountId, addresses: Iterable[Address]) -> dict[Address, PersonId]:
    """The ids of those addresses that the account knows."""
    rows = db.sql(
        "SELECT address, id FROM person WHERE account_id = ? AND address IN (SELECT value FROM json_each(?))",
        (account, json.dumps(list(addresses))),
    )
    return {Address(address): PersonId(number) for address, number in rows}


def pictures(db: Database, numbers: Sequence[PersonId]) -> dict[int, bytes]:
    """The pictures of those of these people who have one, by id."""
    rows = db.sql(
        "SELECT id, picture FROM person WHERE picture <> x'' AND id IN (SELECT value FROM json_each(?))", (json.dumps(list(numbers)),)
    )
    return {number: bytes(picture) for number, picture in rows}
