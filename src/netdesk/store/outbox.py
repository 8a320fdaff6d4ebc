"""The outbox: what each network is still to be told, written with the act that causes it, told once."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from netdesk.domain.orders import Order, OrderId, order_from_json, order_to_json, target_of
from netdesk.domain.people import AccountId
from netdesk.domain.requests import HoldId, OutgoingId
from netdesk.domain.rules.archived import refuse_archived
from netdesk.domain.rules.numbers import HOLD, LONGEST_RETRY
from netdesk.store.database import Database
from netdesk.store.models import OutboxTable, to_ms

BETWEEN_TWO: Final = ("Ask", "Accept", "LetFollow", "Decline", "Withdraw", "Remove")


@dataclass(frozen=True, slots=True)
class Untold:
    """An order that is due, with the request it sends, if it sends one."""

    id: OrderId
    account: AccountId
    order: Order
    outgoing: OutgoingId | None


def put(
    db: Database, account: AccountId, order: Order, not_before: datetime, *, hold: HoldId | None = None, outgoing: OutgoingId | None = None
) -> OrderId:
    """Write an order; it may be told from `not_before` on, and taken back with `hold` before that.

    What is to be told again of what was between the two before is void with it. Raises Refused for somebody of an archive.
    """
    refuse_archived(target_of(order))
    kind, body = order_to_json(order)
    if kind in BETWEEN_TWO:
        void_again(db, account, target_of(order), hold=hold)
    number = OrderId(uuid.uuid4().hex)
    db.run(
        OutboxTable.insert(
            order_id=number,
            account=account,
            kind=kind,
            body=body,
            target=target_of(order),
            not_before=not_before,
            hold=hold,
            outgoing=outgoing,
        )
    )
    return number


def put_again(db: Database, account: AccountId, order: Order, at: datetime, since: datetime) -> bool:
    """Tell an order between two once more at `at`; not when something newer is to be told between them, or this already. Whether it is."""
    kind, body = order_to_json(order)
    marks = ",".join("?" * len(BETWEEN_TWO))
    newer = (
        f"SELECT 1 FROM outbox WHERE account_id = ? AND target = ? AND kind IN ({marks}) AND cancelled_by IS NULL "
        "AND (under_way = 0 OR kind <> ?) LIMIT 1"  # it may come back before its own server has confirmed it
    )
    target = target_of(order)
    if db.sql(newer, (account, target, *BETWEEN_TWO, kind)):
        return False
    db.run(
        OutboxTable.insert(
            order_id=uuid.uuid4().hex, account=account, kind=kind, body=body, target=target, not_before=since, retry_at=at, again=True
        )
    )
    return True


def void_again(db: Database, account: AccountId, target: str, kinds: tuple[str, ...] = BETWEEN_TWO, *, hold: HoldId | None = None) -> None:
    """Orders of these kinds that are to be told again are void: something newer has come between the two. With `hold`, until it is taken back."""
    of = "WHERE account_id = ? AND target = ? AND again = 1 AND under_way = 0 AND cancelled_by IS NULL"
    values = (account, target, json.dumps(kinds))
    if hold is None:
        db.sql(f"DELETE FROM outbox {of} AND kind IN (SELECT value FROM json_each(?))", values)
    else:
        db.sql(f"UPDATE outbox SET cancelled_by = ? {of} AND kind IN (SELECT value FROM json_each(?))", (hold, *values))


_DUE = """
SELECT o.order_id, o.account_id, o.kind, o.body, o.outgoing FROM outbox o
WHERE o.account_id IN (SELECT value FROM json_each(?)) AND o.cancelled_by IS NULL AND o.under_way = 0
  AND (o.not_before <= ? OR o.not_before > ?) AND (o.retry_at IS NULL OR o.retry_at <= ? OR o.retry_at > ?)
  AND (o.kind IN ('Block', 'Report') OR NOT EXISTS (SELECT 1 FROM outbox e WHERE e.account_id = o.account_id AND e.target = o.target AND e.id < o.id
                  AND e.cancelled_by IS NULL AND e.retry_at > ? AND e.retry_at <= ?))
  AND NOT (o.kind IN ('PublishProfile', 'ShareList') AND EXISTS (SELECT 1 FROM outbox b WHERE b.account_id = o.account_id
           AND b.kind = 'Block' AND b.cancelled_by IS NULL))
ORDER BY o.id LIMIT ?
"""


def due(db: Database, now: datetime, accounts: Iterable[AccountId], limit: int = 200) -> list[Untold]:
    """Orders of these accounts whose time has come and that are not under way, in the order in which they were given.

    One that seems to lie further ahead than the longest hold, or the longest time a server may ask for, is due too: the clock was turned
    back, and nothing waits for ever. What follows an order that the server has put off, about the same person, waits for it, but a block waits for
    nothing; nothing of the owner is published while a block is still to be told.
    """
    ms, longest = to_ms(now), to_ms(now + LONGEST_RETRY)
    there = json.dumps(sorted(accounts))
    rows = db.sql(_DUE, (there, ms, to_ms(now + HOLD) + 1_000, ms, longest, ms, longest, limit))
    return [
        Untold(OrderId(order), AccountId(account), order_from_json(kind, body), OutgoingId(out) if out is not None else None)
        for order, account, kind, body, out in rows
    ]


def get(db: Database, order: OrderId) -> Untold | None:
    """The order with this id, or None when it was told and confirmed."""
    rows = db.sql("SELECT order_id, account_id, kind, body, outgoing FROM outbox WHERE order_id = ?", (order,))
    if not rows:
        return None
    number, account, kind, body, out = rows[0]
    return Untold(OrderId(number), AccountId(account), order_from_json(kind, body), OutgoingId(out) if out is not None else None)


def done(db: Database, order: OrderId) -> None:
    """The server confirmed it, or will never do it: nothing more is to be told."""
    db.run(OutboxTable.delete().where(OutboxTable.order_id == order))


def postpone(db: Database, order: OrderId, until: datetime) -> None:
    """The server wants to be told again at `until`."""
    db.run(OutboxTable.update(retry_at=until, under_way=False).where(OutboxTable.order_id == order))


def take_back(db: Database, hold: HoldId) -> None:
    """Undo: what the hold would have told is not told, and what it cancelled is to be told again."""
    db.run(OutboxTable.delete().where(OutboxTable.hold == hold))
    db.run(OutboxTable.update(cancelled_by=None).where(OutboxTable.cancelled_by == hold))


def cancel_for(db: Database, account: AccountId, target: str, hold: HoldId, kinds: tuple[str, ...]) -> None:
    """Orders of these kinds about `target` (an address, or all of a domain) that were not told yet are cancelled by this hold."""
    match = (OutboxTable.target == target) if "@" in target else OutboxTable.target.endswith("@" + target)
    ending = target if "@" in target else "@" + target
    names_them = OutboxTable.kind.endswith("Introduction") & OutboxTable.body.contains(ending + '"')
    db.run(
        OutboxTable.update(cancelled_by=hold).where(
            (OutboxTable.account == account)
            & (match | names_them)
            & OutboxTable.kind.in_(kinds)
            & OutboxTable.cancelled_by.is_null()
            & (OutboxTable.hold.is_null() | (OutboxTable.hold != hold))
        )
    )


def untold(db: Database, now: datetime) -> int:
    """How many orders are due and not confirmed, under way or not."""
    text = "SELECT count(*) FROM outbox WHERE cancelled_by IS NULL AND not_before <= ? AND (retry_at IS NULL OR retry_at <= ?)"
    return int(db.sql(text, (to_ms(now), to_ms(now)))[0][0])


def waiting(db: Database) -> int:
    """How many orders are not told yet."""
    return int(db.sql("SELECT count(*) FROM outbox WHERE cancelled_by IS NULL")[0][0])


def replace_kind(db: Database, account: AccountId, order: Order, now: datetime) -> OrderId:
    """Write an order about the owner herself; an older one of the same kind that was not told is void."""
    kind, _ = order_to_json(order)
    db.run(OutboxTable.delete().where((OutboxTable.account == account) & (OutboxTable.kind == kind) & OutboxTable.handed_at.is_null()))
    return put(db, account, order, now)


def hand_over(db: Database, order: OrderId, now: datetime) -> None:
    """The order is on its way to the server; whether it got there is known when the server confirms."""
    db.sql("UPDATE outbox SET handed_at = ?, under_way = 1 WHERE order_id = ?", (to_ms(now), order))


def not_told(db: Database, orders: Iterable[OrderId]) -> None:
    """These did not reach the server: they are to be told again, in their order."""
    db.sql(
        "UPDATE outbox SET handed_at = NULL, under_way = 0 WHERE order_id IN (SELECT value FROM json_each(?))", (json.dumps(list(orders)),)
    )


def session_over(db: Database, account: AccountId | None = None) -> None:
    """What was under way when a session broke may have reached the server or not: it is told again, under the same number."""
    where, values = ("WHERE account_id = ?", (account,)) if account is not None else ("", ())
    db.sql(f"UPDATE outbox SET under_way = 0 {where}", values)


def let_go(db: Database, hold: HoldId) -> None:
    """The hold is over: what it cancelled stays untold for good, what it holds can no longer be taken back."""
    db.run(OutboxTable.delete().where(OutboxTable.cancelled_by == hold))
    db.run(OutboxTable.update(hold=None).where(OutboxTable.hold == hold))


def block_time(db: Database, account: AccountId, target: str) -> datetime | None:
    """When the server is to be told of a block of exactly this target; None when that is told."""
    found: datetime | None = db.scalar(
        OutboxTable.select(OutboxTable.not_before).where(
            (OutboxTable.account == account)
            & (OutboxTable.target == target)
            & (OutboxTable.kind == "Block")
            & OutboxTable.cancelled_by.is_null()
        )
    )
    return found


def untold_about(db: Database, account: AccountId, target: str, kinds: tuple[str, ...]) -> bool:
    """Whether an order of one of these kinds about exactly this target is still to be told for the first time."""
    marks = ",".join("?" * len(kinds))
    text = f"SELECT 1 FROM outbox WHERE account_id = ? AND target = ? AND kind IN ({marks}) AND cancelled_by IS NULL AND again = 0 LIMIT 1"
    return bool(db.sql(text, (account, target, *kinds)))


def untold_ignoring(db: Database, account: AccountId, address: str) -> bool:
    """Whether it is still to be told that this one's request was ignored or opened again."""
    text = "SELECT body FROM outbox WHERE account_id = ? AND kind = 'TellIgnored' AND cancelled_by IS NULL"
    return any(address in part for (body,) in db.sql(text, (account,)) for part in json.loads(body).values())


def asks_for(db: Database, outgoing: OutgoingId) -> bool:
    """Whether the order that sends this request is still to be told or confirmed."""
    return bool(db.sql("SELECT 1 FROM outbox WHERE outgoing = ? AND kind = 'Ask' AND cancelled_by IS NULL", (outgoing,)))
