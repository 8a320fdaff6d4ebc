"""Incoming requests: queries and writes."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from netdesk.domain.errors import Gone
from netdesk.domain.people import AccountId, Address, PersonId, Window, domain_of
from netdesk.domain.requests import OPEN_INCOMING, Chip, Incoming, IncomingId, IncomingQuery, IncomingRow
from netdesk.domain.rules import notes
from netdesk.domain.rules.evidence import History
from netdesk.store.database import Database
from netdesk.store.models import IncomingTable, from_ms, to_ms

# The one that led its burst has left its place: the next of those that wait under it leads.
SHOWN_IN: Final = "CASE state WHEN 'to review' THEN 0 ELSE 2 END"  # the list of one that waited under another
_NEXT_OF_BURST: Final = f"""
UPDATE incoming SET place = {SHOWN_IN}
WHERE id = (SELECT min(u.id) FROM incoming u WHERE u.burst = (SELECT burst FROM incoming WHERE id = :number) AND u.place = -1)
  AND NOT EXISTS (SELECT 1 FROM incoming l WHERE l.burst = (SELECT burst FROM incoming WHERE id = :number) AND l.place BETWEEN 0 AND 2)
"""
_WITH_LEADER: Final = (
    "UPDATE incoming SET state = ? WHERE place = -1 AND burst = (SELECT burst FROM incoming WHERE id = ? AND burst IS NOT NULL)"
)
_COUNT_UNDER: Final = """
SELECT coalesce((SELECT min(l.place) FROM incoming l WHERE l.burst = u.burst AND l.place BETWEEN 0 AND 2), 2), count(*) FROM incoming u
WHERE u.place = -1 AND (? IS NULL OR u.account_id = ?) GROUP BY u.burst
"""
UNDER: Final = -1  # under the one that leads its burst; see store/bursts.py
PLACES: Final = {"review": 0, "later": 1, "filtered": 2, "answered": 3}
_PLACE_OF: Final = {Incoming.TO_REVIEW: 0, Incoming.LATER: 1, Incoming.FILTERED: 2}
_ORDERS: Final = {
    "relevant": "score DESC, id DESC",
    "newest": "arrived_at DESC, id DESC",
    "oldest": "arrived_at, id",
    "mutual": "mutual DESC, id DESC",
    "answered": "answered_at DESC, id DESC",
}
_COLUMNS: Final = (
    "SELECT i.id, i.person_id, i.account_id, p.address, p.name, p.headline, i.note, i.state, i.arrived_at, i.reasons, i.chips, i.score, "
    "i.later_until, i.answered_at, p.picture, i.same_note, CASE WHEN i.burst IS NULL THEN 0 ELSE "
    "(SELECT count(*) FROM incoming u WHERE u.burst = i.burst AND u.place = -1 AND i.place >= 0) END, i.stamp "
    "FROM incoming i CROSS JOIN person p ON p.id = i.person_id "
)


def place_of(state: Incoming) -> int:
    """The list that a state belongs to."""
    return _PLACE_OF.get(state, PLACES["answered"])


def _row(row: tuple[Any, ...]) -> IncomingRow:
    number, person, account, address, name, headline, note, state, arrived, *rest = row
    reasons, chips, score, later, answered, picture, same, under, stamp = rest
    lead = (Chip("under", "bad", (str(under),)),) if under else ()
    return IncomingRow(
        id=IncomingId(number), person=PersonId(person), account=AccountId(account), address=Address(address),
        name=name or address.partition("@")[0], headline=headline, note=note, state=Incoming(state), arrived_at=from_ms(arrived),
        reasons=tuple(json.loads(reasons)),
        chips=lead + tuple(Chip(one["name"], one["tone"], tuple(one["params"])) for one in json.loads(chips)),
        score=score, later_until=from_ms(later) if later is not None else None,
        answered_at=from_ms(answered) if answered is not None else None, picture=bytes(picture), same_note=same, stamp=stamp,
    )  # fmt: skip


def add(
    db: Database, account: AccountId, person: PersonId, address: Address, note: str, state: Incoming, arrived_at: datetime
) -> IncomingId:
    """Write a request that arrived, with the fingerprints of its note."""
    number = db.sql(
        "INSERT INTO incoming (account_id, person_id, note, state, place, reasons, chips, score, mutual, same_note, arrived_at, domain, words, "
        "answered_at) VALUES (?, ?, ?, ?, ?, '[]', '[]', 0, 0, 0, ?, ?, ?, ?) RETURNING id",
        (account, person, note, state.value, place_of(state), to_ms(arrived_at), domain_of(address), notes.words_of(note),
         None if state in OPEN_INCOMING else to_ms(arrived_at)),
    )[0][0]  # fmt: skip
    _print(db, IncomingId(number), note)
    return IncomingId(number)


def _print(db: Database, number: IncomingId, note: str) -> None:
    db.many("INSERT OR IGNORE INTO note_print (print, incoming) VALUES (?, ?)", [(one, number) for one in notes.fingerprints(note)])


def weigh(db: Database, number: IncomingId, score: int, chips: Sequence[Chip], mutual: int, same_note: int) -> None:
    """Keep what the evidence says, for the list: its order and its chips."""
    told = json.dumps([{"name": one.name, "tone": one.tone, "params": one.params} for one in chips], ensure_ascii=False)
    db.sql("UPDATE incoming SET score = ?, chips = ?, mutual = ?, same_note = ? WHERE id = ?", (score, told, mutual, same_note, number))


def get(db: Database, number: IncomingId) -> IncomingRow:
    """The request with this id; raises Gone."""
    rows = db.sql(_COLUMNS + "WHERE i.id = ?", (number,))
    if not rows:
        raise Gone("request")
    return _row(rows[0])


def open_of(db: Database, person: PersonId) -> IncomingRow | None:
    """The request of this person that still waits for an answer."""
    rows = db.sql(_COLUMNS + "WHERE i.person_id = ? AND i.place < 3 ORDER BY i.id DESC LIMIT 1", (person,))
    return _row(rows[0]) if rows else None


def latest_of(db: Database, person: PersonId) -> IncomingRow | None:
    """The latest request of this person, in whatever state."""
    rows = db.sql(_COLUMNS + "WHERE i.person_id = ? ORDER BY i.id DESC LIMIT 1", (person,))
    return _row(rows[0]) if rows else None


def set_state(
    db: Database,
    number: IncomingId,
    state: Incoming,
    now: datetime | None,
    *,
    later_until: datetime | None = None,
    reasons: str | None = None,
) -> None:
    """Move a request; `now` is when it was answered, None for states that wait."""
    answered = None if state in OPEN_INCOMING or now is None else to_ms(now)
    later = to_ms(later_until) if later_until is not None else None
    db.sql(
        "UPDATE incoming SET state = ?, place = ?, answered_at = ?, later_until = ?, reasons = coalesce(?, reasons), ended_by = NULL WHERE id = ?",
        (state.value, place_of(state), answered, later, reasons, number),
    )
    db.sql(_NEXT_OF_BURST, {"number": number})
    if state in (Incoming.TO_REVIEW, Incoming.FILTERED):
        db.sql(_WITH_LEADER, (state.value, number))


def set_note(db: Database, number: IncomingId, note: str) -> None:
    """A follow-up replaces nothing: the caller gives the joined note."""
    db.run(IncomingTable.update(note=note, words=notes.words_of(note)).where(IncomingTable.id == number))
    db.sql("DELETE FROM note_print WHERE incoming = ?", (number,))
    _print(db, number, note)


def snapshot(db: Database, number: IncomingId) -> dict[str, Any]:
    """How a request stands, to put it back with `put_back`."""
    row = db.first(
        IncomingTable.select(
            IncomingTable.state, IncomingTable.place, IncomingTable.reasons, IncomingTable.later_until, IncomingTable.answered_at
        ).where(IncomingTable.id == number)
    )
    if row is None:
        raise Gone("request")
    state, place, reasons, later, answered = row
    return {
        "state": state, "place": place, "reasons": reasons,
        "later_until": to_ms(later) if later else None, "answered_at": to_ms(answered) if answered else None,
    }  # fmt: skip


def put_back(db: Database, number: IncomingId, before: dict[str, Any]) -> None:
    """Undo: the request stands as it did."""
    db.run(IncomingTable.update(**before).where(IncomingTable.id == number))


def page(db: Database, query: IncomingQuery, start: int, limit: int) -> Window[IncomingRow]:
    """Rows `start` to `start + limit` of a list of requests, in the query's order; answered ones the latest first."""
    where, values = "place = ?", list[Any]([PLACES[query.place]])
    if query.account is not None:
        where += " AND account_id = ?"
        values.append(query.account)
    order = _ORDERS["answered" if query.place == "answered" else query.order]
    total = int(db.sql(f"SELECT count(*) FROM incoming WHERE {where}", tuple(values))[0][0])
    ids = [row[0] for row in db.sql(f"SELECT id FROM incoming WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?", (*values, limit, start))]
    found = {row[0]: _row(row) for row in db.sql(_COLUMNS + "WHERE i.id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))}
    return Window(total, start, tuple(found[number] for number in ids if number in found))


def counts(db: Database, account: AccountId | None = None) -> dict[str, int]:
    """How many requests each list has, by its name; what waits under another counts where that one is."""
    where, values = ("WHERE account_id = ?", (account,)) if account is not None else ("", ())
    found = dict(db.sql(f"SELECT place, count(*) FROM incoming {where} GROUP BY place", values))
    if UNDER in found:
        for place, number in db.sql(_COUNT_UNDER, (account, account)):
            found[place] = found.get(place, 0) + number
    return {name: found.get(place, 0) for name, place in PLACES.items()}


def unreadable(db: Database) -> dict[AccountId, tuple[str, ...]]:
    """From which addresses that cannot be read requests wait, by account."""
    rows = db.sql("SELECT account_id, sender FROM unreadable ORDER BY account_id, sender")
    return {AccountId(account): tuple(sender for _, sender in of) for account, of in groupby(rows, key=lambda row: int(row[0]))}


def set_unreadable(db: Database, account: AccountId, senders: Iterable[str]) -> None:
    """Keep from which addresses that cannot be read requests wait for this account now."""
    db.sql("DELETE FROM unreadable WHERE account_id = ?", (account,))
    db.many("INSERT OR IGNORE INTO unreadable (account_id, sender) VALUES (?, ?)", [(account, one) for one in senders])


def due_later(db: Database, now: datetime) -> list[IncomingId]:
    """Requests put off until now."""
    rows = db.rows(IncomingTable.select(IncomingTable.id).where((IncomingTable.place == 1) & (IncomingTable.later_until <= now)))
    return [IncomingId(row[0]) for row in rows]


def open_ids(db: Database, account: AccountId, people: Iterable[PersonId] | None = None) -> list[IncomingId]:
    """The requests of an account that still wait, of these people or of all, by id."""
    where, values = "account_id = ? AND place < 3", list[Any]([account])
    if people is not None:
        where += " AND person_id IN (SELECT value FROM json_each(?))"
        values.append(json.dumps(sorted(people)))
    return [IncomingId(row[0]) for row in db.sql(f"SELECT id FROM incoming WHERE {where} ORDER BY id", tuple(values))]


def open_rows(db: Database, account: AccountId) -> list[IncomingRow]:
    """The requests of an account that wait for an answer, by id."""
    return [_row(row) for row in db.sql(_COLUMNS + "WHERE i.place < 3 AND i.account_id = ? ORDER BY i.id", (account,))]


def rows_under(db: Database, account: AccountId | None) -> list[IncomingRow]:
    """Every request that waits under another, of one account or of all, by id."""
    where, values = ("AND i.account_id = ?", (account,)) if account is not None else ("", ())
    return [_row(row) for row in db.sql(_COLUMNS + f"WHERE i.place = -1 {where} ORDER BY i.id", values)]


def with_same_note(
    db: Database, note: str, apart_from: PersonId, *, most: int = 300, only_open: bool = False
) -> list[tuple[IncomingId, PersonId, AccountId]]:
    """Requests of other people that bear the same note, the latest first: candidates by fingerprint, then compared, at most `most`."""
    prints = notes.fingerprints(note)
    if not prints or not notes.long_enough(note):
        return []
    # the latest of each print by themselves: taken together, a burst of one note would be sorted whole for each that arrives
    latest = " UNION ".join(
        ("SELECT * FROM (SELECT incoming FROM note_print WHERE print = ? ORDER BY incoming DESC LIMIT ?)",) * len(prints)
    )
    rows = db.sql(
        "SELECT i.id, i.person_id, i.account_id, i.words FROM incoming i WHERE i.id IN "
        f"(SELECT incoming FROM ({latest}) ORDER BY incoming DESC LIMIT ?) "
        f"AND i.person_id <> ? {'AND i.place < 3' if only_open else ''} ORDER BY i.id DESC",
        (*(value for one in prints for value in (one, most)), most, apart_from),
    )
    words = notes.words_of(note)
    alike: dict[str, bool] = {}
    for _, _, _, text in rows:
        if text not in alike:
            alike[text] = notes.same_words(words, text)
    return [(IncomingId(n), PersonId(p), AccountId(a)) for n, p, a, text in rows if alike[text]]


def burst(db: Database, domain: str, since: datetime, until: datetime) -> int:
    """How many requests came from a domain within a time."""
    text = "SELECT count(*) FROM incoming WHERE domain = ? AND arrived_at BETWEEN ? AND ?"
    return int(db.sql(text, (domain, to_ms(since), to_ms(until)))[0][0])


def history_of(db: Database, person: PersonId, before: IncomingId | None = None) -> History:
    """What came of this person's earlier requests, up to but without `before`."""
    rows = db.sql(
        "SELECT state, count(*), max(answered_at) FROM incoming WHERE person_id = ? AND id < ? AND place = 3 GROUP BY state",
        (person, before if before is not None else 1 << 60),
    )
    counted = {state: (number, last) for state, number, last in rows}
    noes = [counted[state][1] for state in (Incoming.DECLINED, Incoming.IGNORED) if state in counted and counted[state][1] is not None]
    return History(
        earlier_requests=sum(number for number, _ in counted.values()),
        declined=counted.get(Incoming.DECLINED, (0, None))[0],
        ignored=counted.get(Incoming.IGNORED, (0, None))[0],
        withdrawn=counted.get(Incoming.WITHDRAWN, (0, None))[0],
        last_no=from_ms(max(noes)) if noes else None,
        was_blocked=Incoming.BLOCKED in counted,
    )
