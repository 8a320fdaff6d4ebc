"""Hold and undo: acts that wait ten seconds before they are told, and can be taken back until then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import Gone
from netdesk.domain.people import AccountId, Address, PersonId
from netdesk.domain.requests import Held, HoldId, IncomingId, OutgoingId
from netdesk.domain.rules.numbers import HOLD
from netdesk.store import blocks, graph, history, holds, incoming, outbox, outgoing, people
from netdesk.store.database import Database
from netdesk.store.models import from_ms, to_ms

Clock = Callable[[], datetime]


@dataclass(slots=True)
class Record:
    """How things were before an act, gathered while it is done."""

    db: Database
    hold: HoldId
    now: datetime
    until: datetime
    incoming: dict[str, dict[str, Any]] = field(default_factory=dict)
    outgoing: dict[str, dict[str, Any]] = field(default_factory=dict)
    new_outgoing: list[tuple[int, int, str]] = field(default_factory=list)
    ties: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    blocks: list[tuple[int, str, bool]] = field(default_factory=list)
    history: list[tuple[int, str, int]] = field(default_factory=list)

    def keep_incoming(self, number: IncomingId) -> None:
        """Remember how an incoming request stands."""
        self.incoming.setdefault(str(number), incoming.snapshot(self.db, number))

    def keep_outgoing(self, number: OutgoingId) -> None:
        """Remember how a sent request stands."""
        self.outgoing.setdefault(str(number), outgoing.snapshot(self.db, number))

    def made_outgoing(self, number: OutgoingId, person: PersonId, note: str) -> None:
        """Remember that a request was made: taken back, it becomes a draft again."""
        self.new_outgoing.append((number, person, note))

    def keep_tie(self, person: PersonId) -> None:
        """Remember a tie."""
        found = people.get(self.db, person)
        self.ties[str(person)] = (int(found.i_follow) | int(found.follows_me) << 1, to_ms(found.since) if found.since else None)

    def tell_history(self, person: PersonId, kind: str, detail: str = "") -> None:
        """Write a line of history that goes again when the act is taken back."""
        history.add(self.db, person, self.now, kind, detail)
        self.history.append((person, kind, to_ms(self.now)))

    def save(self) -> None:
        """Write it all down with the hold."""
        holds.set_undo(
            self.db,
            self.hold,
            {
                "incoming": self.incoming,
                "outgoing": self.outgoing,
                "new_outgoing": self.new_outgoing,
                "ties": self.ties,
                "blocks": self.blocks,
                "history": self.history,
            },
        )


class Undo:
    """Begins holds, takes acts back, ends holds whose time is over."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def begin(self, kind: str, count: int, name: str, *, at_once: bool = False) -> Record:
        """Begin an act inside the caller's transaction; `at_once` when there is nothing to wait for (the command line)."""
        now = self._clock()
        until = now if at_once else now + HOLD
        return Record(self._db, holds.add(self._db, kind, now, until, count, name), now, until)

    def current(self) -> Held | None:
        """The latest act that can be taken back."""
        now = self._clock()
        running = holds.open_holds(self._db, now, now + HOLD)
        return running[0] if running else None

    def take_back(self, hold: HoldId) -> Changes:
        """Put everything back as it was; raises Gone when the ten seconds are over."""
        now = self._clock()
        with self._db.transaction():
            if hold not in {one.id for one in holds.open_holds(self._db, now, now + HOLD)}:
                raise Gone("hold")
            before = holds.undo_of(self._db, hold)
            outbox.take_back(self._db, hold)
            for number, row in before["incoming"].items():
                incoming.put_back(self._db, IncomingId(int(number)), row)
            for number, row in before["outgoing"].items():
                outgoing.change(self._db, OutgoingId(int(number)), **row)
            for number, _person, _note in before["new_outgoing"]:
                outgoing.change(self._db, OutgoingId(number), state="draft", place=0, sent_at=None, queued_until=None, hold_until=None)
            for person, (tie, since) in before["ties"].items():
                people.update(
                    self._db, PersonId(int(person)), tie=tie, since=from_ms(since) if since is not None else None, removed_at=None
                )
            self._unblock(before["blocks"])
            affected = {listed for person in before["ties"] for listed in graph.listed_by(self._db, PersonId(int(person)))}
            graph.recount(self._db, affected)
            for person, kind, at in before["history"]:
                history.take_back(self._db, PersonId(person), kind, from_ms(at))
            holds.end(self._db, hold)
        return changed(Kind.INCOMING, Kind.SENT, Kind.PEOPLE, Kind.HOLDS, Kind.PRIVACY)

    def _unblock(self, made: list[tuple[int, str, bool]]) -> None:
        for account, target, was_there in made:
            if not was_there:
                blocks.remove(self._db, AccountId(account), target)
                clear_blocked(self._db, AccountId(account), target)

    def end_those_over(self) -> Changes:
        """End the holds whose time is over: what they cancelled stays untold, held requests are on their way."""
        now = self._clock()
        over = holds.over(self._db, now, now + HOLD)
        if not over:
            return Changes()
        with self._db.transaction():
            for hold in over:
                for number, _person, _note in holds.undo_of(self._db, hold).get("new_outgoing", []):
                    outgoing.leave_hold(self._db, OutgoingId(number))
                outbox.forget_cancelled(self._db, hold)
                holds.end(self._db, hold)
        return changed(Kind.HOLDS, Kind.SENT)


def clear_blocked(db: Database, account: AccountId, target: str) -> None:
    """Take the mark of a block from people whom no other block covers."""
    if "@" not in target:
        people.block_domain(db, account, target, blocked=False)
        for block in blocks.all_blocks(db, account):
            if block.target.endswith("@" + target):
                mark_blocked(db, account, block.target)
        return
    person = people.find(db, account, Address(target))
    if person is not None and blocks.covering(db, account, target) is None:
        people.update(db, person.id, blocked=False)


def mark_blocked(db: Database, account: AccountId, target: str) -> None:
    """Mark those whom a block covers."""
    if "@" not in target:
        people.block_domain(db, account, target, blocked=True)
        return
    person = people.ensure(db, account, Address(target))
    people.update(db, person, blocked=True)
