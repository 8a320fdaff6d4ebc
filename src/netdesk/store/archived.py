"""What archives brought: people, requests and blocks in bulk, and the imports themselves."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from netdesk.domain.archive import Archive, Import, ShutOutThere
from netdesk.domain.names import HEADLINE_LIMIT, fold, tame, tame_name, tame_note
from netdesk.domain.people import AccountId, Address, PersonId
from netdesk.domain.requests import Incoming, Outgoing, OutgoingId
from netdesk.domain.rules import notes
from netdesk.domain.rules.archived import Wanted, WantedBlock, WantedRequest, moment_of
from netdesk.store import incoming, outgoing, search
from netdesk.store.database import Database
from netdesk.store.models import from_ms, to_ms

_JSON: Final = json.JSONEncoder(ensure_ascii=False)
_LONGEST: Final = 300
_PERSON: Final = (
    "INSERT INTO person (account_id, address, name, headline, sort_name, look, address_look, profile, picture, complete, tie, since, mutual, "
    "blocked, pass_next, private_note, touch_days, liked, commented, introduced_by, dismissed, stamp, import_id) "
    "VALUES (?, ?, ?, ?, ?, '', '', ?, x'', -1, ?, ?, 0, 0, 0, ?, 0, 0, 0, '', 0, ?, ?)"
)
_CHANGED: Final = "UPDATE person SET name = ?, headline = ?, sort_name = ?, profile = ?, tie = ?, since = ?, stamp = ? WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Known:
    """A person of an archive as the desk has them: what an archive may change."""

    id: PersonId
    name: str
    headline: str
    profile: str | None
    tie: int
    stamp: str


# people


def people(db: Database, account: AccountId) -> dict[Address, Known]:
    """Everybody whom the account's archives have named."""
    rows = db.sql("SELECT address, id, name, headline, profile, tie, stamp FROM person WHERE account_id = ?", (account,))
    return {Address(address): Known(PersonId(number), *rest) for address, number, *rest in rows}


def ids(db: Database, account: AccountId) -> dict[Address, PersonId]:
    """Their ids alone."""
    return {
        Address(address): PersonId(number) for address, number in db.sql("SELECT address, id FROM person WHERE account_id = ?", (account,))
    }


def _shown(one: Wanted) -> tuple[str, str, str | None]:
    """Name, headline and profile as they are kept."""
    person = one.person
    handle = person.handle or ""
    name = tame_name(person.name or (handle if handle.startswith("did:") else f"@{handle}" if handle else f"Account {person.id}"))
    headline = tame(person.headline or "", HEADLINE_LIMIT)
    said = {"name": name, "headline": headline, "organisation": tame(person.company or "", _LONGEST), "website": (person.url or "")[:_LONGEST],
            "email": tame(person.email or "", _LONGEST)}  # fmt: skip
    told = {key: value for key, value in said.items() if value}
    return name, headline, _JSON.encode(told)


def add_people(db: Database, account: AccountId, wanted: Iterable[Wanted], number: int) -> None:
    """Write people who are new, as the import of this number brings them."""
    rows: list[tuple[Any, ...]] = []
    for one in wanted:
        name, headline, profile = _shown(one)
        at = moment_of(one.since or "")
        rows.append((account, one.address, name, headline, fold(name), profile, one.tie, to_ms(at) if at is not None else None,
                     tame_note(one.note), one.since or "", number))  # fmt: skip
    db.many(_PERSON, rows)


def change_people(db: Database, wanted: Iterable[tuple[Known, Wanted]]) -> int:
    """Bring people up to what an archive says of them; gives how many changed. The owner's own notes stay."""
    rows: list[tuple[Any, ...]] = []
    for known, one in wanted:
        name, headline, profile = _shown(one)
        if (name, headline, profile, one.tie, one.since or "") != (known.name, known.headline, known.profile, known.tie, known.stamp):
            at = moment_of(one.since or "")
            rows.append((name, headline, fold(name), profile, one.tie, to_ms(at) if at is not None else None, one.since or "", known.id))
    db.many(_CHANGED, rows)
    search.refresh(db, [row[-1] for row in rows])
    return len(rows)


def end_ties(db: Database, numbers: Sequence[PersonId]) -> None:
    """These are in none of the network's lists any more; what the owner keeps of them stays."""
    db.sql("UPDATE person SET tie = 0, since = NULL, stamp = '' WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(numbers)),))


def readdress(db: Database, number: PersonId, address: Address) -> None:
    """The network says now by what it tells this person apart."""
    db.sql("UPDATE person SET address = ? WHERE id = ?", (address, number))
    search.refresh(db, [number])


def index(db: Database, added: Sequence[PersonId], others: Sequence[PersonId]) -> None:
    """Write the search index of people who were just added, and of others who have new requests."""
    search.refresh(db, added, fresh=True)
    search.refresh(db, others)


def forget_brought(db: Database, number: int) -> None:
    """Take away what this import alone has brought, and open again what it ended."""
    ids = "(SELECT id FROM person WHERE import_id = ?)"
    touched = db.sql(
        "SELECT person_id FROM incoming WHERE import_id = ? UNION SELECT person_id FROM outgoing WHERE import_id = ?", (number, number)
    )
    for table in ("person_word", "person_gram"):
        db.sql(f"DELETE FROM {table} WHERE rowid IN {ids}", (number,))
    for table in ("incoming", "outgoing", "person"):
        db.sql(f"DELETE FROM {table} WHERE import_id = ?", (number,))
    for direction in ("in", "out"):
        _open_again(db, direction, "ended_by = ?", number)
    search.refresh(db, [row[0] for row in touched])  # of those who stay: their notes are gone


# requests


_INCOMING: Final = {
    "pending": Incoming.TO_REVIEW,
    "accepted": Incoming.ACCEPTED,
    "declined": Incoming.DECLINED,
    "withdrawn": Incoming.WITHDRAWN,
}
_OUTGOING: Final = {
    "pending": Outgoing.WAITING,
    "accepted": Outgoing.ACCEPTED,
    "declined": Outgoing.DECLINED,
    "withdrawn": Outgoing.WITHDRAWN,
}
_ADD_INCOMING: Final = (
    "INSERT INTO incoming (account_id, person_id, note, state, place, reasons, chips, score, mutual, same_note, arrived_at, domain, words, "
    "stamp, import_id) VALUES (?, ?, ?, ?, ?, '[]', '[]', 0, 0, 0, ?, '', ?, ?, ?)"
)
_ADD_OUTGOING: Final = (
    "INSERT INTO outgoing (account_id, person_id, note, token, state, place, created_at, why, stamp, import_id) "
    "VALUES (?, ?, ?, '', ?, ?, ?, '', ?, ?)"
)


@dataclass(frozen=True, slots=True)
class KnownRequest:
    """A request of an archive as the desk has it. `open` while it waits; `ended_by` is the import that ended it."""

    id: int
    open: bool
    ended_by: int | None


def requests(db: Database, account: AccountId, direction: str) -> dict[tuple[PersonId, str, int], KnownRequest]:
    """Every request of an account that an archive brought, by person, time as it was written, and which of those that have both."""
    text = (
        "SELECT person_id, stamp, id, place < 3, ended_by FROM incoming WHERE account_id = ? AND import_id IS NOT NULL ORDER BY id"
        if direction == "in"
        else "SELECT person_id, stamp, id, place = 1, ended_by FROM outgoing WHERE account_id = ? AND import_id IS NOT NULL ORDER BY id"
    )
    return dict(
        _numbered(
            (PersonId(person), stamp, KnownRequest(number, bool(waits), by))
            for person, stamp, number, waits, by in db.sql(text, (account,))
        )
    )


def _numbered(rows: Iterable[tuple[PersonId, str, KnownRequest]]) -> Iterator[tuple[tuple[PersonId, str, int], KnownRequest]]:
    seen: dict[tuple[PersonId, str], int] = {}
    for person, stamp, known in rows:
        seen[person, stamp] = seen.get((person, stamp), 0) + 1
        yield (person, stamp, seen[person, stamp]), known


def add_requests(db: Database, account: AccountId, wanted: Iterable[tuple[PersonId, WantedRequest]], number: int) -> None:
    """Write requests that are new, the oldest first, as the import of this number brings them. None of them counts as sent from here."""
    came: list[tuple[Any, ...]] = []
    went: list[tuple[Any, ...]] = []
    for person, one in wanted:
        at = moment_of(one.stamp)
        when, note = to_ms(at) if at is not None else 0, tame_note(one.note)
        if one.direction == "in":
            state = _INCOMING.get(one.status, Incoming.UNKNOWN)
            place = incoming.place_of(state)
            came.append((account, person, note, state.value, place, when, notes.words_of(note), one.stamp, number))
        else:
            sent = _OUTGOING.get(one.status, Outgoing.UNKNOWN)
            went.append((account, person, note, sent.value, outgoing.place_of(sent), when, one.stamp, number))
    db.many(_ADD_INCOMING, sorted(came, key=lambda row: row[5]))
    db.many(_ADD_OUTGOING, sorted(went, key=lambda row: row[5]))


def end_request(db: Database, number: int, direction: str, status: str, by: int, now: datetime) -> None:
    """An open request is open no more, as the import of this number says. A date it was put off to is kept, should it be opened again."""
    if direction == "in":
        state = _INCOMING.get(status, Incoming.UNKNOWN)
        values = (state.value, incoming.place_of(state), to_ms(now), by, number)
        db.sql("UPDATE incoming SET state = ?, place = ?, answered_at = ?, ended_by = ? WHERE id = ?", values)
    else:
        outgoing.set_state(db, OutgoingId(number), _OUTGOING.get(status, Outgoing.UNKNOWN), now, ended_by=by)


def open_request(db: Database, number: int, direction: str) -> None:
    """A request that an import ended is open again."""
    _open_again(db, direction, "id = ?", number)


def _open_again(db: Database, direction: str, where: str, value: int) -> None:
    if direction == "in":
        later = "CASE WHEN later_until IS NULL THEN ? ELSE ? END"
        values = (
            Incoming.TO_REVIEW.value,
            Incoming.LATER.value,
            incoming.place_of(Incoming.TO_REVIEW),
            incoming.place_of(Incoming.LATER),
            value,
        )
        db.sql(f"UPDATE incoming SET state = {later}, place = {later}, answered_at = NULL, ended_by = NULL WHERE {where}", values)
    else:
        values_out = (outgoing.place_of(Outgoing.WAITING), value)
        db.sql(f"UPDATE outgoing SET state = 'waiting', place = ?, ended_at = NULL, ended_by = NULL WHERE {where}", values_out)


# blocks


def set_blocks(db: Database, account: AccountId, wanted: Iterable[WantedBlock]) -> None:
    """Whom the owner has shut out on that network, in the place of what an older archive said."""
    db.sql("DELETE FROM archived_block WHERE account_id = ?", (account,))
    rows = [(account, one.address, one.kind, tame_name(one.name), one.stamp) for one in wanted]
    db.many("INSERT OR REPLACE INTO archived_block (account_id, address, kind, name, stamp) VALUES (?, ?, ?, ?, ?)", rows)


def blocks(db: Database, account: AccountId) -> list[ShutOutThere]:
    """Everybody whom the owner has shut out on another network, by kind and name."""
    rows = db.sql("SELECT name, kind, stamp FROM archived_block WHERE account_id = ? ORDER BY kind, name", (account,))
    return [ShutOutThere(*row) for row in rows]


def people_count(db: Database, account: AccountId) -> int:
    """How many people an account's archives have named."""
    return int(db.sql("SELECT count(*) FROM person WHERE account_id = ?", (account,))[0][0])


# imports


def _import(row: Sequence[Any]) -> Import:
    number, account, at, files, told = row
    return Import(number, AccountId(account), from_ms(at), files, json.loads(told))


def imports(db: Database, account: AccountId | None = None) -> list[Import]:
    """The imports of an account or of all, the latest first."""
    where, values = ("WHERE account_id = ?", (account,)) if account is not None else ("", ())
    return [_import(row) for row in db.sql(f"SELECT id, account_id, at, files, told FROM archive_import {where} ORDER BY id DESC", values)]


def add_import(db: Database, account: AccountId, at: datetime, files: str, archive: Archive) -> int:
    """Keep an archive that is being imported; gives the import's number."""
    rows = db.sql(
        "INSERT INTO archive_import (account_id, at, files, content, told) VALUES (?, ?, ?, ?, '{}') RETURNING id",
        (account, to_ms(at), files, archive.packed()),
    )
    return int(rows[0][0])


def set_told(db: Database, number: int, told: Mapping[str, int]) -> None:
    """Keep what an import changed."""
    db.sql("UPDATE archive_import SET told = ? WHERE id = ?", (json.dumps(told), number))


def content_of(db: Database, number: int) -> bytes:
    """The archive of an import, as it is kept."""
    return bytes(db.sql("SELECT content FROM archive_import WHERE id = ?", (number,))[0][0])


def remove_import(db: Database, number: int) -> None:
    """Forget an import."""
    db.sql("DELETE FROM archive_import WHERE id = ?", (number,))
