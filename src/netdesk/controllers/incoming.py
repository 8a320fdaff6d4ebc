"""Incoming: who is asking, on what evidence, and the owner's answers."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from netdesk.controllers.assess import assess, mutual_of
from netdesk.controllers.shutout import ShutOut, shut_out
from netdesk.controllers.undo import Record, Undo
from netdesk.domain import orders
from netdesk.domain.cards import RequestCard
from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import Gone, Refused
from netdesk.domain.people import AccountId, Address, Window
from netdesk.domain.requests import (
    OPEN_INCOMING,
    Answer,
    Incoming,
    IncomingId,
    IncomingQuery,
    IncomingRow,
    Introduction,
    IntroductionId,
    ReportReason,
)
from netdesk.domain.rules.archived import is_archived, refuse_archived
from netdesk.domain.rules.evidence import NOT_CHECKED
from netdesk.domain.rules.visibility import gained_by_accepting
from netdesk.store import accounts, blocks, bursts, history, incoming, invitations, outbox, people
from netdesk.store.database import Database

Clock = Callable[[], datetime]
_ALL = 100_000
_IGNORED_AT_ONCE = 5_000

_STATES = {
    Answer.ACCEPT: (Incoming.ACCEPTED, "i accepted"),
    Answer.FOLLOW: (Incoming.FOLLOWING, "i let follow"),
    Answer.DECLINE: (Incoming.DECLINED, "i declined"),
    Answer.IGNORE: (Incoming.IGNORED, "i ignored"),
}


class IncomingDesk:
    """What the owner can do with incoming requests. All methods run on the store thread."""

    def __init__(self, db: Database, undo: Undo, clock: Clock) -> None:
        self._db = db
        self._undo = undo
        self._clock = clock

    def page(self, query: IncomingQuery, start: int, limit: int) -> Window[IncomingRow]:
        """Rows of one of the lists, in the query's order."""
        return incoming.page(self._db, query, start, limit)

    def counts(self, account: AccountId | None = None) -> dict[str, int]:
        """How many requests each list has: review, later, filtered, answered."""
        return incoming.counts(self._db, account)

    def card(self, number: IncomingId) -> RequestCard:
        """All there is to know before answering. Nobody is asked anything: it comes from this computer alone. Raises Gone."""
        row = incoming.get(self._db, number)
        privacy = accounts.privacy(self._db, row.account)
        evidence = NOT_CHECKED if is_archived(row.address) else assess(self._db, row)  # an export says too little to weigh
        open_ones = incoming.with_same_note(self._db, row.note, row.person, most=_ALL, only_open=True)
        return RequestCard(
            row=incoming.get(self._db, number),
            person=people.get(self._db, row.person),
            evidence=evidence,
            mutual=mutual_of(self._db, row.account, row.person),
            gains=gained_by_accepting(privacy, accounts.profile(self._db, row.account), connect=True),
            history=history.of_person(self._db, row.person),
            same_note_open=len(open_ones),
            introduced_by=people.marks(self._db, row.person).introduced_by,
            under=bursts.count_under(self._db, number),
        )

    def with_same_note(self, number: IncomingId) -> list[IncomingId]:
        """This request and all open ones that bear the same note, or wait under it."""
        row = incoming.get(self._db, number)
        same = (one for one, _, _ in incoming.with_same_note(self._db, row.note, row.person, most=_ALL, only_open=True))
        return list(dict.fromkeys((number, *same, *bursts.under(self._db, number))))

    def bring_out(self, number: IncomingId, *, alone: bool = False) -> Changes:
        """Show what waits under this request one by one; or, with `alone`, this one if it waits under another."""
        bursts.bring_out(self._db, [number] if alone else bursts.under(self._db, number))
        return changed(Kind.INCOMING)

    def all_under(self, account: AccountId | None) -> list[IncomingRow]:
        """Every request that waits under another."""
        return incoming.rows_under(self._db, account)

    def open_request_of(self, account: AccountId, address: Address) -> IncomingRow:
        """The request of this address that waits for an answer; raises Gone."""
        person = people.find(self._db, account, address)
        row = incoming.open_of(self._db, person.id) if person else None
        if row is None:
            raise Gone("request", detail=address)
        return row

    def answer(self, numbers: Sequence[IncomingId], answer: Answer, *, reason: str = "", report: ReportReason | None = None,
               domain: bool = False, at_once: bool = False) -> Changes:  # fmt: skip
        """Answer one request or many, with one undo for all. Those answered meanwhile are passed over.

        Accept, follow and decline are told when the ten seconds are over, or at the next exchange with `at_once`; ignore is told to nobody;
        block (with `report`, and of the whole `domain`) holds here from now on. Raises Gone when none of them waits any more.
        """
        if answer is Answer.LATER:
            raise Refused("later needs a date")
        with self._db.transaction():
            rows = [row for row in (incoming.get(self._db, number) for number in dict.fromkeys(numbers)) if row.state in OPEN_INCOMING]
            if not rows:
                raise Gone("request")
            for row in rows if answer in (Answer.FOLLOW, Answer.BLOCK, Answer.REPORT) else ():
                refuse_archived(row.address)
            record = self._undo.begin(answer.value, len(rows), rows[0].name, at_once=at_once)
            self._keep(rows, record)
            for row in rows:
                if answer in (Answer.BLOCK, Answer.REPORT):
                    self._shut_out(row, record, reason, report or (ReportReason.SPAM if answer is Answer.REPORT else None), domain=domain)
                else:
                    self._say(row, answer, record)
            if answer is Answer.IGNORE:
                self._tell_ignored(rows, record)
            record.save()
        return changed(Kind.INCOMING, Kind.HOLDS, Kind.PEOPLE, Kind.PRIVACY, Kind.SENT)

    @staticmethod
    def _keep(rows: Sequence[IncomingRow], record: Record) -> None:
        """All of them before the first is answered: when the first of a burst is, the next is brought out."""
        for row in rows:
            record.keep_incoming(row.id)

    def _tell_ignored(self, rows: Sequence[IncomingRow], record: Record) -> None:
        """Nobody else is told, but the owner's other devices."""
        for account in {row.account for row in rows}:
            mine = [row.address for row in rows if row.account == account and not is_archived(row.address)]
            for at in range(0, len(mine), _IGNORED_AT_ONCE):
                order = orders.TellIgnored(tuple(mine[at : at + _IGNORED_AT_ONCE]))
                outbox.put(self._db, account, order, record.until, hold=record.hold)

    def _say(self, row: IncomingRow, answer: Answer, record: Record) -> None:
        state, word = _STATES[answer]
        incoming.set_state(self._db, row.id, state, record.now)
        record.tell_history(row.person, word)
        order: orders.Order | None = None
        match answer:
            case Answer.ACCEPT:
                order = orders.Accept(row.address)
            case Answer.FOLLOW:
                order = orders.LetFollow(row.address)
            case Answer.DECLINE:
                order = orders.Decline(row.address)
        if order is not None and not is_archived(row.address):  # given on the site, ticked off here
            outbox.put(self._db, row.account, order, record.until, hold=record.hold)

    def _shut_out(self, row: IncomingRow, record: Record, reason: str, report: ReportReason | None, *, domain: bool) -> None:
        if incoming.get(self._db, row.id).state not in OPEN_INCOMING:
            return  # the block of their domain, an answer before this one, has ended it
        if report is not None or not domain:
            shut_out(self._db, row.account, ShutOut(row.address, reason, report, row.note), record)
        if domain:
            shut_out(self._db, row.account, ShutOut(row.address.partition("@")[2], reason), record)

    def put_off(self, numbers: Sequence[IncomingId], until: datetime) -> Changes:
        """Let requests come back at `until`; raises Refused for a date that has passed, Gone when none of them waits."""
        now = self._clock()
        if until <= now:
            raise Refused("date has passed")
        with self._db.transaction():
            rows = [row for row in (incoming.get(self._db, number) for number in numbers) if row.state in OPEN_INCOMING]
            if not rows:
                raise Gone("request")
            record = self._undo.begin(Answer.LATER.value, len(rows), rows[0].name)
            self._keep(rows, record)
            for row in rows:
                incoming.set_state(self._db, row.id, Incoming.LATER, None, later_until=until)
            record.save()
        return changed(Kind.INCOMING, Kind.HOLDS)

    def rescue(self, numbers: Sequence[IncomingId]) -> Changes:
        """Move filtered or postponed requests to review: the owner knows better than the rules."""
        with self._db.transaction():
            for number in numbers:
                if incoming.get(self._db, number).state in (Incoming.FILTERED, Incoming.LATER):
                    incoming.set_state(self._db, number, Incoming.TO_REVIEW, None)
        return changed(Kind.INCOMING)

    def reopen(self, number: IncomingId) -> Changes:
        """Let this person's next request pass the rules, after a decline, an ignore or a withdrawal. An ignored one that still waits on the
        server comes back to review at once. Raises Refused for other states."""
        row = incoming.get(self._db, number)
        if row.state not in (Incoming.DECLINED, Incoming.IGNORED, Incoming.WITHDRAWN):
            raise Refused("cannot reopen")
        if blocks.covering(self._db, row.address) is not None:
            raise Refused("blocked", detail=row.name)
        with self._db.transaction():
            if row.state is Incoming.IGNORED:
                incoming.set_state(self._db, number, Incoming.TO_REVIEW, None)
                if not is_archived(row.address):
                    outbox.put(self._db, row.account, orders.TellIgnored((), (row.address,)), self._clock())
            else:
                people.update(self._db, row.person, pass_next=True)
            history.add(self._db, row.person, self._clock(), "i reopened")
        return changed(Kind.INCOMING)

    def wake(self) -> Changes:
        """Bring back what was put off until now."""
        due = incoming.due_later(self._db, self._clock())
        if not due:
            return Changes()
        with self._db.transaction():
            for number in due:
                incoming.set_state(self._db, number, Incoming.TO_REVIEW, None)
        return changed(Kind.INCOMING)

    # requests from addresses that cannot be read

    def unreadable(self) -> dict[AccountId, tuple[str, ...]]:
        """From which addresses, as they came, requests wait that this app cannot show; by account."""
        return incoming.unreadable(self._db)

    def decline_unreadable(self) -> Changes:
        """Say no to all of them. Raises Gone when there are none."""
        found = incoming.unreadable(self._db)
        if not found:
            raise Gone("request")
        with self._db.transaction():
            for account, senders in found.items():
                outbox.put(self._db, account, orders.DeclineUnreadable(senders), self._clock())
                incoming.set_unreadable(self._db, account, ())
        return changed(Kind.INCOMING)

    # introductions

    def introductions(self) -> list[Introduction]:
        """Introductions that wait for the owner: asked of her, or made for her."""
        return [one for one in invitations.introductions(self._db, only_open=True) if one.role != "i asked"]

    def answer_introduction(self, number: IntroductionId, note: str, *, made: bool) -> Changes:
        """Introduce two people as one of them asked, or say no; or put aside one that was made for the owner. Raises Gone."""
        found = invitations.introduction(self._db, number)
        if found.state != "open" or any(blocks.covering(self._db, one) is not None for one in (found.via, found.who, found.whom)):
            raise Gone("introduction")
        with self._db.transaction():
            invitations.set_introduction(self._db, number, "made" if made else "dismissed")
            if found.role == "asked of me":
                order = orders.AnswerIntroduction(found.who, found.whom, note, made)
                outbox.put(self._db, found.account, order, self._clock())
        return changed(Kind.INTRODUCTIONS)


def later_choices(now: datetime) -> tuple[tuple[str, datetime], ...]:
    """The usual dates for Later: in three hours, tomorrow at nine, next Monday at nine; `now` in the owner's time zone."""
    nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
    return (
        ("later today", now + timedelta(hours=3)),
        ("tomorrow", nine + timedelta(days=1)),
        ("next week", nine + timedelta(days=7 - now.weekday())),
    )
