"""What servers say of the owner's own orders: done, refused, or to be told again; and what came back after it was taken."""

from datetime import datetime

from netdesk.domain import events, orders
from netdesk.domain.changes import NOTHING, Changes, Kind, Notice, changed
from netdesk.domain.people import AccountId, Address
from netdesk.domain.requests import Incoming, Outgoing
from netdesk.domain.rules.numbers import TELL_AGAIN_AFTER, TELL_AGAIN_FOR
from netdesk.store import blocks, history, incoming, invitations, outbox, outgoing, people
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
        case orders.FollowUp() | orders.AskIntroduction() | orders.AnswerIntroduction() if refused:
            return _words_came_back(db, account, untold.order, refused, event.at)
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


def came_back(db: Database, account: AccountId, order: orders.Order, reason: str, at: datetime) -> Changes:
    """Something did not reach the other side: words count as not sent, an answer is told again. Within the caller's transaction."""
    match order:
        case orders.FollowUp() | orders.AskIntroduction() | orders.AnswerIntroduction():
            return _words_came_back(db, account, order, reason, at)
        case (
            orders.Accept(address) | orders.LetFollow(address) | orders.Decline(address) | orders.Withdraw(address) | orders.Remove(address)
        ):
            return _tell_again(db, account, order, address, at)
        case _:
            return NOTHING


def _words_came_back(
    db: Database, account: AccountId, order: orders.FollowUp | orders.AskIntroduction | orders.AnswerIntroduction, reason: str, at: datetime
) -> Changes:
    """Nobody has read them: what they stood for is open again."""
    match order:
        case orders.FollowUp(address):
            about = people.find(db, account, address)
            row = outgoing.open_of(db, about.id) if about is not None else None
            if row is not None:
                outgoing.change(db, row.id, followed_up_at=None)
        case orders.AskIntroduction(via, whom):
            about = people.find(db, account, whom)
            asked = invitations.asked_of(db, account, via, whom)
            if asked is not None:
                invitations.set_introduction(db, asked.id, "not sent")
        case orders.AnswerIntroduction(who, whom):
            about = people.find(db, account, whom if order.made else who)
            invitations.open_again(db, account, who, whom)
    if about is None:
        return NOTHING
    history.add(db, about.id, at, "words came back", reason)
    return changed(Kind.SENT, Kind.INTRODUCTIONS, Kind.PEOPLE) | Changes(notices=(Notice("not sent", about.shown_name),))


def _tell_again(db: Database, account: AccountId, order: orders.Order, address: Address, at: datetime) -> Changes:
    """The other server did not hear it: it is told again, unless something else is to be told them by now, or it was too long ago."""
    person = people.find(db, account, address)
    if person is None or blocks.covering(db, address) is not None:
        return NOTHING
    began = history.last_of(db, person.id, "i accepted", "i let follow", "i declined", "i withdrew", "removed", "invited")
    if began is None or at - began > TELL_AGAIN_FOR or not outbox.put_again(db, account, order, at + TELL_AGAIN_AFTER, at):
        return NOTHING
    if history.last_of(db, person.id, "to be told again") is None:
        history.add(db, person.id, at, "to be told again", address.partition("@")[2])
    return changed(Kind.PEOPLE)
