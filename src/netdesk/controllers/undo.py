"""Hold and undo: acts that wait ten seconds before they are told, and can be taken back until then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import Gone
from netdesk.domain.people import PersonId
from netdesk.domain.requests import Held, HoldId, IncomingId, IntroductionId, Outgoing, OutgoingId
from netdesk.domain.rules.numbers import HOLD
from netdesk.store import accounts, blocks, bursts, graph, history, holds, incoming, invitations, outbox, outgoing, people
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
    blocks: list[tuple[str, bool]] = field(default_factory=list)
    history: list[tuple[int, str, int]] = field(default_factory=list)
    introductions: list[int] = field(default_factory=list)
    under: list[int] = field(default_factory=list)

    def keep_incoming(self, number: IncomingId) -> None:
        """Remember how an incoming request stands, and what waits under it: the next of those takes its place."""
        if str(number) not in self.incoming:
            self.under += bursts.under(self.db, number)
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
                "introductions": self.introductions,
                "under": self.under,
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
            running = holds.open_holds(self._db, now, now + HOLD)
            if not running or running[0].id != hold:
                raise Gone("hold")  # over, or something was done on top of it: acts are taken back in turn, the latest first
            before = holds.undo_of(self._db, hold)
            outbox.take_back(self._db, hold)
            for number, row in before["incoming"].items():
                incoming.put_back(self._db, IncomingId(int(number)), row)
            bursts.put_under(self._db, before.get("under", []))  # a hold of an earlier version does not say it
            for number, row in before["outgoing"].items():
                self._put_back_outgoing(OutgoingId(int(number)), row)
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
            for number in before["introductions"]:
                invitations.set_introduction(self._db, IntroductionId(number), "open")
            holds.end(self._db, hold)
        # what they did while they were shut out or removed here was not heard: the server says again what it holds
        again = frozenset(one.id for one in accounts.all_accounts(self._db)) if before["blocks"] or before["ties"] else frozenset()
        back = {Kind.INCOMING: frozenset(map(int, before["incoming"])), Kind.SENT: frozenset(map(int, before["outgoing"]))}
        return changed(Kind.PEOPLE, Kind.HOLDS, Kind.PRIVACY) | Changes(back, to_compare=again)

    def _put_back_outgoing(self, number: OutgoingId, row: dict[str, Any]) -> None:
        """A request stands as it did; one that the server has confirmed meanwhile waits."""
        outgoing.change(self._db, number, **row)
        if row["state"] in ("held", "queued") and row["sent_at"] is not None and not outbox.asks_for(self._db, number):
            outgoing.set_state(self._db, number, Outgoing.WAITING, hold_until=None, queued_until=None)

    def _unblock(self, made: list[tuple[str, bool]]) -> None:
        for target, was_there in made:
            if not was_there:
                blocks.remove(self._db, target)
                clear_blocked(self._db, target)

    def of_block(self, target: str) -> HoldId | None:
        """The hold of the act that shut out exactly this target and nothing else, while it is the latest that can be taken back."""
        held = self.current()
        if held is None:
            return None
        made = holds.undo_of(self._db, held.id).get("blocks", [])
        return held.id if [one[0] for one in made] == [target] and not made[0][1] else None

    def end_those_over(self) -> Changes:
        """End the holds whose time is over: what they cancelled stays untold, held requests are on their way."""
        now = self._clock()
        return self._end(holds.over(self._db, now, now + HOLD))

    def end_all(self) -> Changes:
        """End every hold now: what is done next must not be undone by an older act. What they told is told at its time."""
        now = self._clock()
        return self._end([one.id for one in holds.open_holds(self._db, now, now + HOLD)])

    def _end(self, over: Sequence[HoldId]) -> Changes:
        if not over:
            return Changes()
        with self._db.transaction():
            for hold in over:
                before = holds.undo_of(self._db, hold)
                for number in (*(one[0] for one in before.get("new_outgoing", [])), *before.get("outgoing", {})):
                    outgoing.leave_hold(self._db, OutgoingId(int(number)))
                outbox.let_go(self._db, hold)
                holds.end(self._db, hold)
        return changed(Kind.HOLDS, Kind.SENT)


def clear_blocked(db: Database, target: str) -> None:
    """Take the mark of a block from people whom no other block covers."""
    if "@" in target:
        if blocks.covering(db, target) is None:
            people.mark_blocked(db, target, blocked=False)
        return
    people.mark_blocked(db, target, blocked=False)
    for block in blocks.all_blocks(db):
        if block.target.endswith("@" + target):
            people.mark_blocked(db, block.target, blocked=True)
