"""Shutting somebody out: one act for a person or a domain, whichever tab it comes from; everything between them ends here."""

from dataclasses import dataclass

from netdesk.controllers.undo import Record, clear_blocked, mark_blocked
from netdesk.domain import orders
from netdesk.domain.people import AccountId, Address, PersonId, domain_of
from netdesk.domain.requests import Incoming, Outgoing, ReportReason
from netdesk.store import blocks, graph, incoming, outbox, outgoing, people
from netdesk.store.database import Database

_CANCELLED = ("Ask", "FollowUp", "Accept", "LetFollow", "AskIntroduction", "AnswerIntroduction")


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Whom to shut out and why; `report` also tells the server."""

    target: str
    reason: str = ""
    report: ReportReason | None = None
    note: str = ""


def shut_out(db: Database, account: AccountId, what: ShutOut, record: Record) -> None:
    """Block within the caller's transaction: from now on nothing reaches the owner from them and nothing of hers reaches them.

    Open requests in both directions end, ties end, what was still to be told to them is not told; the server is told at the end of the
    hold, or at once when there is none.
    """
    target = what.target
    there = blocks.of_target(db, account, target)
    name = target
    if "@" in target:
        person = people.ensure(db, account, Address(target))
        name = people.get(db, person).shown_name
    blocks.add(db, account, target, name, what.reason, record.now, reported=False)
    record.blocks.append((account, target, there is not None))
    mark_blocked(db, account, target)
    outbox.cancel_for(db, account, target, record.hold, _CANCELLED)
    for person in _covered(db, account, target):
        _end_everything(db, person, record)
    outbox.put(db, account, orders.Block(target), record.until, hold=record.hold)
    if what.report is not None:
        report = orders.Report(target, what.report.value, what.reason, what.note)
        outbox.put(db, account, report, record.until, hold=record.hold)


def _covered(db: Database, account: AccountId, target: str) -> list[PersonId]:
    """The people of the desk whom the block covers and who have anything to do with the owner."""
    if "@" in target:
        person = people.find(db, account, Address(target))
        return [person.id] if person else []
    rows = db.sql(
        "SELECT id, address FROM person WHERE account_id = ? AND blocked = 1 AND (tie > 0 OR id IN (SELECT person_id FROM incoming WHERE place < 3) "
        "OR id IN (SELECT person_id FROM outgoing WHERE place = 1))",
        (account,),
    )
    return [PersonId(number) for number, address in rows if domain_of(address) == target]


def _end_everything(db: Database, person: PersonId, record: Record) -> None:
    waiting = incoming.open_of(db, person)
    if waiting is not None:
        record.keep_incoming(waiting.id)
        incoming.set_state(db, waiting.id, Incoming.BLOCKED, record.now)
    sent = outgoing.open_of(db, person)
    if sent is not None:
        record.keep_outgoing(sent.id)
        outgoing.set_state(db, sent.id, Outgoing.WITHDRAWN, record.now, why="blocked")
    if people.tie_of(db, person):
        record.keep_tie(person)
        people.set_tie(db, person, i_follow=False, follows_me=False, since=None)
        graph.recount(db, graph.listed_by(db, person))
    record.tell_history(person, "blocked")


def let_back(db: Database, account: AccountId, target: str, record: Record) -> None:
    """Unblock within the caller's transaction."""
    blocks.remove(db, account, target)
    clear_blocked(db, account, target)
    outbox.cancel_for(db, account, target, record.hold, ("Block",))
    outbox.put(db, account, orders.Unblock(target), record.until)
    if "@" in target:
        person = people.find(db, account, Address(target))
        if person is not None:
            record.tell_history(person.id, "unblocked")
