"""The courier: what time brings about: holds end, what is due is handed to its network, what was put off comes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from netdesk.controllers.inbox import Inbox
from netdesk.controllers.incoming import IncomingDesk
from netdesk.controllers.sent import SentDesk
from netdesk.controllers.undo import Undo
from netdesk.domain.changes import Changes, Kind, Notice, changed
from netdesk.domain.orders import Ask, OrderId
from netdesk.store import outbox
from netdesk.store.database import Database
from netdesk.store.outbox import Untold

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Round:
    """What one look at the clock gave: what changed, and what is to be handed to networks now."""

    changes: Changes
    to_tell: tuple[Untold, ...]


class Courier:
    """Looks at the clock. `go_round` runs on the store thread, once a second or whenever something may be due."""

    def __init__(self, db: Database, undo: Undo, incoming: IncomingDesk, sent: SentDesk, inbox: Inbox, clock: Clock) -> None:
        self._db = db
        self._undo = undo
        self._incoming = incoming
        self._sent = sent
        self._inbox = inbox
        self._clock = clock
        outbox.session_over(db)  # an earlier process may have ended while something was under way

    def go_round(self) -> Round:
        """Do what time has brought about. An order is handed over once while its session stands, again after it broke."""
        changes = self._undo.end_those_over() | self._sent.release_queued() | self._incoming.wake() | self._sent.end_unanswered()
        reminded = self._sent.reminders()
        if reminded:
            changes |= changed(Kind.SENT) | Changes(notices=(Notice("reminder", reminded[0].name, len(reminded)),))
        return Round(changes, self._hand_over())

    def _hand_over(self) -> tuple[Untold, ...]:
        online = [account for account, there in self._inbox.online.items() if there]
        due = outbox.due(self._db, self._clock(), online) if online else []
        fresh: list[Untold] = []
        if due:
            with self._db.transaction():
                for one in due:
                    if one.outgoing is None or not isinstance(one.order, Ask) or self._sent.goes_now(one.account, one.outgoing, one.id):
                        outbox.hand_over(self._db, one.id, self._clock())
                        fresh.append(one)
        return tuple(fresh)

    def not_told(self, orders: Sequence[OrderId]) -> None:
        """The network could not take these: they are told again later, in their order."""
        with self._db.transaction():
            outbox.not_told(self._db, orders)

    def waiting(self) -> int:
        """How many orders are not told yet."""
        return outbox.waiting(self._db)

    def untold_now(self) -> int:
        """How many orders are due now and not confirmed, of any account."""
        return outbox.untold(self._db, self._clock())
