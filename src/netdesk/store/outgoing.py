"""Outgoing requests: queries and writes."""

import json
from datetime import datetime
from statistics import median
from typing import Any, Final

from netdesk.domain.errors import Gone
from netdesk.domain.people import AccountId, Address, PersonId, Window
from netdesk.domain.requests import Outgoing, OutgoingId, OutgoingQuery, OutgoingRow
from netdesk.store.database import Database
from netdesk.store.models import OutgoingTable, from_ms, to_ms

PLACES: Final = {"drafts": 0, "waiting": 1, "accepted": 2, "ended": 3}
_PLACE_OF: Final = {
    Outgoing.DRAFT: 0, Outgoing.HELD: 1, Outgoing.QUEUED: 1, Outgoing.WAITING: 1, Outgoing.ACCEPTED: 2,
}  # fmt: skip
_ORDERS: Final = {0: "created_at DESC, id DESC", 1: "created_at, id", 2: "ended_at DESC, id DESC", 3: "ended_at DESC, id DESC"}
_COLUMNS: Final = (
    "SELECT o.id, o.person_id, o.account_id, p.address, p.name, p.headline, o.note, o.state, o.created_at, o.sent_at, o.ended_at, "
    "o.queued_until, o.hold_until, o.remind_at, o.followed_up_at, o.why, p.picture, p.mutual, o.stamp "
    "FROM outgoing o CROSS JOIN person p ON p.id = o.person_id "
)


def place_of(state: Outgoing) -> int:
    """The list that a state belongs to."""
    return _PLACE_OF.get(state, PLACES["ended"])


def _at(ms: int | None) -> datetime | None:
    return from_ms(ms) if ms is not None else None


def _row(row: tuple[Any, ...]) -> OutgoingRow:
    number, person, account, address, name, headline, note, state, created, sent, ended, *rest = row
    until, hold, remind, followed, why, picture, mutual, stamp = rest
    return OutgoingRow(
        id=OutgoingId(number), person=PersonId(person), account=AccountId(account), address=Address(address),
        name=name or address.partition("@")[0], headline=headline, note=note, state=Outgoing(state), created_at=from_ms(created),
        sent_at=_at(sent), ended_at=_at(ended), until=_at(until), hold_until=_at(hold), remind_at=_at(remind),
        followed_up_at=_at(followed), why=why, picture=bytes(picture), mutual=mutual or None, stamp=stamp,
    )  # fmt: skip


def add(db: Database, account: AccountId, person: PersonId, note: str, state: Outgoing, now: datetime, **more: Any) -> OutgoingId:
    """Write a new request or draft; `more` are further columns."""
    number = db.run(
        OutgoingTable.insert(account=account, person=person, note=note, state=state.value, place=place_of(state), created_at=now, **more)
    )
    return OutgoingId(number)


def get(db: Database, number: OutgoingId) -> OutgoingRow:
    """The request with this id; raises Gone."""
    rows = db.sql(_COLUMNS + "WHERE o.id = ?", (number,))
    if not rows:
        raise Gone("request")
    return _row(rows[0])


def token_of(db: Database, number: OutgoingId) -> str:
    """The invitation token that goes with a request; usually empty."""
    return str(db.scalar(OutgoingTable.select(OutgoingTable.token).where(OutgoingTable.id == number)) or "")


def open_of(db: Database, person: PersonId) -> OutgoingRow | None:
    """The request to this person that is on its way or waits."""
    rows = db.sql(_COLUMNS + "WHERE o.person_id = ? AND o.place = 1 ORDER BY o.id DESC LIMIT 1", (person,))
    return _row(rows[0]) if rows else None


def draft_of(db: Database, person: PersonId) -> OutgoingRow | None:
    """The draft to this person."""
    rows = db.sql(_COLUMNS + "WHERE o.person_id = ? AND o.place = 0 ORDER BY o.id DESC LIMIT 1", (person,))
    return _row(rows[0]) if rows else None


def unanswered_of(db: Database, person: PersonId) -> OutgoingRow | None:
    """The latest request to this person that ended without an answer: a late yes still counts."""
    rows = db.sql(_COLUMNS + "WHERE o.person_id = ? AND o.state = ? ORDER BY o.id DESC LIMIT 1", (person, Outgoing.NO_ANSWER.value))
    return _row(rows[0]) if rows else None


def all_of(db: Database, person: PersonId) -> list[OutgoingRow]:
    """Every request to this person, drafts left out, the oldest first."""
    return [_row(row) for row in db.sql(_COLUMNS + "WHERE o.person_id = ? AND o.place > 0 ORDER BY o.id", (person,))]


def confirmed_waiting(db: Database, account: AccountId) -> list[OutgoingRow]:
    """The requests of an account that the server has and that are not answered, by id."""
    return [
        _row(row) for row in db.sql(_COLUMNS + "WHERE o.place = 1 AND o.state = 'waiting' AND o.account_id = ? ORDER BY o.id", (account,))
    ]


def set_state(db: Database, number: OutgoingId, state: Outgoing, now: datetime | None = None, **more: Any) -> None:
    """Move a request; `now` is when it ended, for states that end it."""
    ended = now if place_of(state) >= PLACES["accepted"] else None
    more = {"ended_by": None} | more
    db.run(OutgoingTable.update(state=state.value, place=place_of(state), ended_at=ended, **more).where(OutgoingTable.id == number))


def change(db: Database, number: OutgoingId, **columns: Any) -> None:
    """Write columns of one request."""
    db.run(OutgoingTable.update(**columns).where(OutgoingTable.id == number))


def delete(db: Database, number: OutgoingId) -> None:
    """Forget a draft."""
    db.run(OutgoingTable.delete().where((OutgoingTable.id == number) & (OutgoingTable.place == 0)))


_KEPT: Final = ("state", "place", "sent_at", "ended_at", "queued_until", "hold_until", "why")


def snapshot(db: Database, number: OutgoingId) -> dict[str, Any]:
    """How a request stands, to put it back with `change`."""
    rows = db.sql(f"SELECT {', '.join(_KEPT)} FROM outgoing WHERE id = ?", (number,))
    if not rows:
        raise Gone("request")
    return dict(zip(_KEPT, rows[0], strict=True))


def sent_times(db: Database, account: AccountId) -> list[datetime]:
    """When requests of this account were sent or given leave to go, ever; what the budget is counted from."""
    rows = db.sql("SELECT sent_at FROM outgoing WHERE account_id = ? AND sent_at IS NOT NULL ORDER BY sent_at DESC LIMIT 1000", (account,))
    return [from_ms(row[0]) for row in rows]


def told_times(db: Database, account: AccountId) -> list[datetime]:
    """When requests of this account were really told to the server, the latest first; those on their way are left out."""
    rows = db.sql(
        "SELECT o.sent_at FROM outgoing o WHERE o.account_id = ? AND o.sent_at IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM outbox b WHERE b.outgoing = o.id AND b.kind = 'Ask' AND b.handed_at IS NULL) ORDER BY o.sent_at DESC LIMIT 200",
        (account,),
    )
    return [from_ms(row[0]) for row in rows]


def count_ahead_as_now(db: Database, account: AccountId, now: datetime) -> None:
    """Requests that seem to have been sent later than now, because the clock was turned back, count as sent now from here on."""
    db.sql("UPDATE outgoing SET sent_at = ? WHERE account_id = ? AND sent_at > ?", (to_ms(now), account, to_ms(now)))


def waiting_count(db: Database, account: AccountId) -> int:
    """How many requests are on their way or wait for an answer; one that was taken back and can still be brought back counts."""
    text = "SELECT count(*) FROM outgoing WHERE (place = 1 OR (state = 'withdrawn' AND hold_until IS NOT NULL)) AND account_id = ?"
    return int(db.sql(text, (account,))[0][0])


def notes_since(db: Database, account: AccountId, since: datetime, apart_from: PersonId) -> list[tuple[PersonId, str]]:
    """The notes sent to other people since a time, or queued for them; each note once for each person."""
    rows = db.sql(
        "SELECT DISTINCT o.note, o.person_id FROM outgoing o "
        "WHERE o.account_id = ? AND (o.sent_at >= ? OR o.state = 'queued') AND o.person_id <> ? AND o.note <> ''",
        (account, to_ms(since), apart_from),
    )
    return [(PersonId(person), note) for note, person in rows]


def page(db: Database, query: OutgoingQuery, start: int, limit: int) -> Window[OutgoingRow]:
    """Rows of a list of sent requests. Order: waiting the longest first, the others the latest first."""
    place = PLACES[query.place]
    where, values = "place = ?", list[Any]([place])
    if query.account is not None:
        where += " AND account_id = ?"
        values.append(query.account)
    total = int(db.sql(f"SELECT count(*) FROM outgoing WHERE {where}", tuple(values))[0][0])
    order = _ORDERS[place]
    ids = [row[0] for row in db.sql(f"SELECT id FROM outgoing WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?", (*values, limit, start))]
    found = {row[0]: _row(row) for row in db.sql(_COLUMNS + "WHERE o.id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))}
    return Window(total, start, tuple(found[number] for number in ids if number in found))


def counts(db: Database, account: AccountId | None = None) -> dict[str, int]:
    """How many requests each list has, by its name."""
    where, values = ("WHERE account_id = ?", (account,)) if account is not None else ("", ())
    found = dict(db.sql(f"SELECT place, count(*) FROM outgoing {where} GROUP BY place", values))
    return {name: found.get(place, 0) for name, place in PLACES.items()}


def older_than(db: Database, account: AccountId, sent_before: datetime) -> list[OutgoingId]:
    """Requests that wait and were sent before a time, the oldest first."""
    rows = db.sql(
        "SELECT id FROM outgoing WHERE state = 'waiting' AND account_id = ? AND coalesce(sent_at, nullif(created_at, 0)) < ? ORDER BY sent_at, id",
        (account, to_ms(sent_before)),
    )
    return [OutgoingId(row[0]) for row in rows]


def queued_due(db: Database, account: AccountId, now: datetime) -> list[OutgoingId]:
    """Requests queued for want of budget whose date has come, the oldest first."""
    rows = db.sql(
        "SELECT id FROM outgoing WHERE state = 'queued' AND sent_at IS NULL AND account_id = ? AND queued_until <= ? ORDER BY created_at, id",
        (account, to_ms(now)),
    )
    return [OutgoingId(row[0]) for row in rows]


def reminders_due(db: Database, now: datetime) -> list[OutgoingRow]:
    """Requests the owner wanted to be reminded of by now."""
    return [_row(row) for row in db.sql(_COLUMNS + "WHERE o.place = 1 AND o.remind_at <= ? ORDER BY o.id", (to_ms(now),))]


def outcomes(db: Database, account: AccountId | None) -> tuple[dict[tuple[bool, bool], int], int, float | None]:
    """Requests that came to an end by (with a note, accepted), how many were sent in all, and the median wait for a yes in hours."""
    where, values = ("AND account_id = ?", (account,)) if account is not None else ("", ())
    counted = {
        (bool(note), bool(accepted)): number
        for note, accepted, number in db.sql(
            f"SELECT note <> '', state = 'accepted', count(*) FROM outgoing "
            f"WHERE sent_at IS NOT NULL AND state IN ('accepted', 'declined', 'no answer') {where} GROUP BY 1, 2",
            values,
        )
    }
    waits = [
        (ended - sent) / 3_600_000
        for sent, ended in db.sql(
            f"SELECT sent_at, ended_at FROM outgoing WHERE state = 'accepted' AND sent_at IS NOT NULL AND ended_at IS NOT NULL {where}",
            values,
        )
    ]
    sent = int(db.sql(f"SELECT count(*) FROM outgoing WHERE sent_at IS NOT NULL AND place > 0 {where}", values)[0][0])
    return counted, sent, median(waits) if waits else None


def leave_hold(db: Database, number: OutgoingId) -> None:
    """The time to take it back is over: a held request is on its way, one that was taken back before it was told was never sent."""
    db.sql("UPDATE outgoing SET state = 'queued', hold_until = NULL WHERE id = ? AND state = 'held'", (number,))
    if db.sql("SELECT 1 FROM outgoing WHERE id = ? AND state = 'withdrawn' AND hold_until IS NOT NULL", (number,)):
        columns: dict[str, Any] = {"hold_until": None, "queued_until": None}
        if db.sql("SELECT 1 FROM outgoing WHERE id = ? AND why = 'not told'", (number,)):
            columns |= {"sent_at": None, "why": ""}
        change(db, number, **columns)


def was_handed_over(db: Database, number: OutgoingId) -> bool:
    """Whether the order that sends this request may have reached the server already."""
    return bool(db.sql("SELECT 1 FROM outbox WHERE outgoing = ? AND handed_at IS NOT NULL", (number,)))
