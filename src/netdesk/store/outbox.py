"""The outbox: what each network is still to be told, written with the act that causes it, told once."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from netdesk.domain.orders import Order, OrderId, order_from_json, order_to_json, target_of
from netdesk.domain.people import AccountId
from netdesk.domain.requests import HoldId, OutgoingId
from netdesk.domain.rules.numbers import HOLD, LONGEST_RETRY
from netdesk.store.database import Database
from netdesk.store.models import OutboxTable, to_ms


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
    """Write an order; it may be told from `not_before` on, and taken back with `hold` before that."""
    kind, body = order_to_json(order)
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


def due(db: Database, now: datetime, limit: int = 200) -> list[Untold]:
    """Orders whose time has come, in the order in which they were given.

    One that seems to lie further ahead than the longest hold, or the longest time a server may ask for, is due too: the clock was turned
    back, and nothing waits for ever.
    """
    rows = db.sql(
        "SELECT order_id, account_id, kind, body, outgoing FROM outbox WHERE cancelled_by IS NULL AND (not_before <= ? OR not_before > ?) "
        "AND (retry_at IS NULL OR retry_at <= ? OR retry_at > ?) ORDER BY id LIMIT ?",
        (to_ms(now), to_ms(now + HOLD) + 1_000, to_ms(now), to_ms(now + LONGEST_RETRY), limit),
    )
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
    db.run(OutboxTable.update(retry_at=until).where(OutboxTable.order_id == order))


def take_back(db: Database, hold: HoldId) -> None:
    """Undo: what the hold would have told is not told, and what it cancelled is to be told again."""
    db.run(OutboxTable.delete().where(OutboxTable.hold == hold))
    db.run(OutboxTable.update(cancelled_by=None).where(OutboxTable.cancelled_by == hold))


def cancel_for(db: Database, account: AccountId, target: str, hold: HoldId, kinds: tuple[str, ...]) -> None:
    """Orders of these kinds about `target` (an address, or all of a domain) that were not told yet are cancelled by this hold."""
    match = (OutboxTable.target == target) if "@" in target else OutboxTable.target.endswith("@" + target)
    db.run(
        OutboxTable.update(cancelled_by=hold).where(
            (OutboxTable.account == account)
            & match
            & OutboxTable.kind.in_(kinds)
            & OutboxTable.cancelled_by.is_null()
            & (OutboxTable.hold.is_null() | (OutboxTable.hold != hold))
        )
    )


def forget_cancelled(db: Database, hold: HoldId) -> None:
    """The hold is over: what it cancelled stays untold for good."""
    db.run(OutboxTable.delete().where(OutboxTable.cancelled_by == hold))


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
    db.run(OutboxTable.update(handed_at=now).where(OutboxTable.order_id == order))
