"""Shutting somebody out: one act for a person or a domain, whichever tab it comes from; everything between them ends here."""

from dataclasses import dataclass

from netdesk.controllers.assess import assess_again
from netdesk.controllers.undo import Record, clear_blocked
from netdesk.domain import orders
from netdesk.domain.errors import Refused
from netdesk.domain.people import AccountId, Address, Person, PersonId, domain_of
from netdesk.domain.requests import Incoming, Outgoing, ReportReason
from netdesk.domain.rules.archived import refuse_archived
from netdesk.store import accounts, blocks, graph, incoming, invitations, outbox, outgoing, people
from netdesk.store.database import Database

_CANCELLED = ("Ask", "FollowUp", "Accept", "LetFollow", "Decline", "Withdraw", "Remove", "AskIntroduction", "AnswerIntroduction")


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Whom to shut out and why; `report` also tells the server."""

    target: str
    reason: str = ""
    report: ReportReason | None = None
    note: str = ""


def shut_out(db: Database, account: AccountId, what: ShutOut, record: Record) -> None:
    """Block within the caller's transaction, for all accounts of the desk: from now on nothing reaches the owner from them and nothing of
    hers reaches them. Raises Refused for the owner's own address or server.

    Open requests in both directions end, ties end, what was still to be told to them is not told; each server is told at the end of the
    hold, or at once when there is none.
    """
    target = what.target
    refuse_archived(target)
    mine = accounts.all_accounts(db)
    if any(target in (one.address, domain_of(one.address)) for one in mine):
        raise Refused("to myself" if "@" in target else "own server", detail=target)
    there = blocks.of_target(db, target)
    person = people.find(db, account, Address(target)) if "@" in target else None
    blocks.add(db, account, target, person.shown_name if person else target, what.reason, record.now, reported=False)
    record.blocks.append((target, there is not None))
    people.mark_blocked(db, target, blocked=True)
    for one in mine:
        outbox.cancel_for(db, one.id, target, record.hold, _CANCELLED)
    for somebody in people.shut_out_by(db, target):
        _end_everything(db, somebody, record)
    for one in mine:
        outbox.put(db, one.id, orders.Block(target), record.until, hold=record.hold)
    if what.report is not None:
        report = orders.Report(target, what.report.value, what.reason, what.note)
        outbox.put(db, account, report, record.until, hold=record.hold)


def _end_everything(db: Database, somebody: Person, record: Record) -> None:
    person = somebody.id
    waiting = incoming.open_of(db, person)
    if waiting is not None:
        record.keep_incoming(waiting.id)
        incoming.set_state(db, waiting.id, Incoming.BLOCKED, record.now)
    sent = outgoing.open_of(db, person)
    if sent is not None:
        record.keep_outgoing(sent.id)
        untold = sent.state is not Outgoing.WAITING and not outgoing.was_handed_over(db, sent.id)
        why = "not told" if untold else "blocked"
        outgoing.set_state(db, sent.id, Outgoing.WITHDRAWN, record.now, why=why, hold_until=record.until)
    listed: set[PersonId] = set()
    if people.tie_of(db, person):
        record.keep_tie(person)
        people.set_tie(db, person, i_follow=False, follows_me=False, since=None)
        listed = graph.listed_by(db, person)
        graph.recount(db, listed)
        assess_again(db, somebody.account, listed)
    record.introductions += invitations.drop_introductions(db, somebody.account, somebody.address)
    if waiting is not None or sent is not None or listed or somebody.i_follow or somebody.follows_me:
        record.tell_history(person, "blocked")


def let_back(db: Database, target: str, record: Record) -> None:
    """Unblock within the caller's transaction: each server is told, after the block if it has not been told of that yet."""
    blocks.remove(db, target)
    clear_blocked(db, target)
    for one in accounts.all_accounts(db):
        told = outbox.block_time(db, one.id, target)
        outbox.put(db, one.id, orders.Unblock(target), max(told, record.until) if told is not None else record.until)
    if "@" in target:
        for somebody in people.at_address(db, target):
            record.tell_history(somebody, "unblocked")
