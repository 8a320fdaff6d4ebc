"""Requests of a flood: one is shown, the others wait under it (`place` -1) until they are answered with it or shown one by one."""

import json
from collections.abc import Sequence
from typing import Any, Final

from netdesk.domain.events import ArrivedRequest
from netdesk.domain.names import HEADLINE_LIMIT, fold, tame, tame_name, tame_note
from netdesk.domain.people import AccountId, PersonId, domain_of
from netdesk.domain.requests import Incoming, IncomingId, IncomingRow
from netdesk.domain.rules import notes
from netdesk.domain.rules.lookalike import skeleton
from netdesk.store.database import Database
from netdesk.store.incoming import SHOWN_IN
from netdesk.store.models import to_ms
from netdesk.store.people import look_of

_PERSON: Final = (
    "INSERT INTO person (id, account_id, address, name, headline, sort_name, look, address_look, picture, complete, tie, mutual, blocked, "
    "pass_next, private_note, touch_days, liked, commented, introduced_by, dismissed) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, x'', -1, 0, 0, 0, 0, '', 0, 0, 0, '', 0)"
)
_REQUEST: Final = (
    "INSERT INTO incoming (id, account_id, person_id, note, state, place, reasons, chips, score, mutual, same_note, arrived_at, domain, words, "
    "burst) VALUES (?, ?, ?, ?, ?, -1, ?, ?, ?, 0, ?, ?, ?, ?, ?)"
)


def begin(db: Database, leader: IncomingId) -> None:
    """This request leads a burst."""
    db.sql("UPDATE incoming SET burst = id WHERE id = ?", (leader,))


def gather(db: Database, leader: IncomingRow, addresses: Sequence[str]) -> None:
    """Put the open requests of these people under the one that leads; not those with people in common, nor what was put off, nor
    what stood under another and was brought out."""
    text = (
        "UPDATE incoming SET place = -1, burst = ?, state = ?, reasons = (SELECT reasons FROM incoming WHERE id = ?) WHERE account_id = ? "
        "AND id <> ? AND place IN (0, 2) AND burst IS NULL AND mutual = 0 AND person_id IN "
        "(SELECT id FROM person WHERE account_id = ? AND tie = 0 AND address IN (SELECT value FROM json_each(?)))"
    )
    number, account = leader.id, leader.account
    db.sql(text, (number, _state_under(leader), number, account, number, account, json.dumps(list(addresses))))


def add(db: Database, leader: IncomingRow, requests: Sequence[ArrivedRequest]) -> list[PersonId]:
    """Write requests of people who are not known yet under the one that leads their burst; gives the people. They are taken to be as it is."""
    first_person, first_request = _next(db, "person"), _next(db, "incoming")
    of_leader = "SELECT reasons, chips, score, same_note, burst FROM incoming WHERE id = ?"
    reasons, chips, score, same, burst = db.sql(of_leader, (leader.id,))[0]
    state = _state_under(leader)
    people: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    prints: list[tuple[int, int]] = []
    told: list[tuple[Any, ...]] = []
    for at, one in enumerate(requests):
        person, number, name, note = first_person + at, first_request + at, tame_name(one.name), tame_note(one.note)
        headline, when = tame(one.headline, HEADLINE_LIMIT), to_ms(one.arrived_at)
        people.append((person, leader.account, one.address, name, headline, fold(name or one.address), look_of(name, one.address),
                       skeleton(one.address)))  # fmt: skip
        rows.append((number, leader.account, person, note, state, reasons, chips, score, same, when, domain_of(one.address),
                     notes.words_of(note), burst))  # fmt: skip
        prints += [(mark, number) for mark in notes.fingerprints(note)]
        told.append((person, when))
    db.many(_PERSON, people)
    db.many(_REQUEST, rows)
    db.many("INSERT OR IGNORE INTO note_print (print, incoming) VALUES (?, ?)", prints)
    db.many("INSERT INTO history (person_id, at, kind, detail) VALUES (?, ?, 'asked me', '')", told)
    return [PersonId(first_person + at) for at in range(len(requests))]


def _state_under(leader: IncomingRow) -> str:
    """How those under it stand: one that is put off puts none off."""
    return (Incoming.TO_REVIEW if leader.state is Incoming.TO_REVIEW else Incoming.FILTERED).value


def leads(db: Database, number: IncomingId, account: AccountId) -> bool:
    """Whether this request of this account leads a burst."""
    return bool(db.sql("SELECT 1 FROM incoming WHERE id = ? AND account_id = ? AND burst = id", (number, account)))


def _next(db: Database, table: str) -> int:
    """The next id of a table; ids are given in turn, and this desk is the only one that writes."""
    rows = db.sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
    return int(rows[0][0]) + 1 if rows else 1


def under(db: Database, leader: IncomingId) -> list[IncomingId]:
    """The requests that wait under this one, by id."""
    text = "SELECT id FROM incoming WHERE burst = (SELECT burst FROM incoming WHERE id = ? AND place >= 0) AND place = -1 ORDER BY id"
    return [IncomingId(row[0]) for row in db.sql(text, (leader,))]


def count_under(db: Database, leader: IncomingId) -> int:
    """How many wait under this one."""
    text = "SELECT count(*) FROM incoming WHERE burst = (SELECT burst FROM incoming WHERE id = ? AND place >= 0) AND place = -1"
    return int(db.sql(text, (leader,))[0][0])


def put_under(db: Database, numbers: Sequence[int]) -> None:
    """These wait again under the one that leads their burst, as far as they are open and not put off."""
    db.sql("UPDATE incoming SET place = -1 WHERE place IN (0, 2) AND id IN (SELECT value FROM json_each(?))", (json.dumps(list(numbers)),))


def bring_out(db: Database, numbers: Sequence[IncomingId]) -> None:
    """Show these in their lists like any other."""
    text = f"UPDATE incoming SET place = {SHOWN_IN} WHERE place = -1 AND id IN (SELECT value FROM json_each(?))"
    db.sql(text, (json.dumps(list(numbers)),))
