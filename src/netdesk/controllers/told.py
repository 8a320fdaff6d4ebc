"""What servers say of the owner's own orders: done, refused, or to be told again."""

from datetime import datetime

from netdesk.domain import events, orders
from netdesk.domain.changes import NOTHING, Changes, Kind, Notice, changed
from netdesk.domain.people import AccountId, Address
from netdesk.domain.requests import Incoming, Outgoing
from netdesk.store import blocks, history, incoming, outbox, outgoing, people
from netdesk.store.database import Database


def take_answer(db: Database, account: AccountId, event: events.OrderConfirmed | events.OrderRefused) -> Changes:
    """What the server says of an order: done, refused for good, or to be told again later. Within the caller's transaction."""
    untold = outbox.get(db, event.order)
    if untold is None:
        return NOTHING
    if isinstance(event, events.OrderRefused) and event.retry_at is not None:
        outbox.postpone(db, event.order, event.retry_at)
        if untold.outgoing is not None:
            outgoing.change(db, untold.outgoing, queued_until=event.retry_at, why=event.reason)
        return changed(Kind.SENT)
    outbox.done(db, event.order)
    refused = event.reason if isinstance(event, events.OrderRefused) else ""
    match untold.order:
        case orders.Ask(address):
            return _asked(db, address, untold, refused, event.at)
        case orders.Report(target) if not refused:
            standing = blocks.of_target(db, target)
            if standing is not None:
                blocks.add(db, account, target, standing.name, "", standing.at, reported=True)
            return changed(Kind.PRIVACY)
        case orders.Accept(address) | orders.LetFollow(address) if refused == "gone":
            return _too_late(db, account, address, event.at)
        case _:
            return changed(Kind.ACCOUNTS)


def _asked(db: Database, address: Address, untold: outbox.Untold, refused: str, at: datetime) -> Changes:
    if untold.outgoing is None:
        return NOTHING
    row = outgoing.get(db, untold.outgoing)
    if row.state in (Outgoing.HELD, Outgoing.QUEUED):
        if refused:
            outgoing.set_state(db, row.id, Outgoing.REFUSED, at, why=refused, sent_at=None)
            history.add(db, row.person, at, "server refused", refused)
            return changed(Kind.SENT) | Changes(notices=(Notice("not sent", row.name),))
        else:
            outgoing.set_state(db, row.id, Outgoing.WAITING, why="", queued_until=None, hold_until=None)
            history.add(db, row.person, at, "delivered", address.partition("@")[2])
    return changed(Kind.SENT)


def _too_late(db: Database, account: AccountId, address: Address, at: datetime) -> Changes:
    """I accepted what was taken back in the same moment."""
    person = people.find(db, account, address)
    row = incoming.latest_of(db, person.id) if person else None
    if person is None or row is None or person.connected:
        return NOTHING
    incoming.set_state(db, row.id, Incoming.WITHDRAWN, at)
    history.add(db, person.id, at, "they withdrew")
    return changed(Kind.INCOMING)
