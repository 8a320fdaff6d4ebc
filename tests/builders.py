"""Builders: a clock, a desk database with controllers, people, requests, in the fewest words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from netdesk.clock import DeskClock
from netdesk.desk import COMMUNITY, Controllers, build_controllers
from netdesk.domain import events
from netdesk.domain.changes import Changes
from netdesk.domain.events import ArrivedRequest, Delivery, ListedPerson
from netdesk.domain.people import AccountId, Address, PersonId, Profile, Tie
from netdesk.domain.requests import IncomingId, IncomingQuery, IncomingRow, OutgoingQuery, OutgoingRow
from netdesk.store import people
from netdesk.store.database import Database

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ME = Address("nadia@chat.example")


class TestClock(DeskClock):
    """Stands still at NOW until it is moved."""

    __test__ = False

    def __init__(self) -> None:
        super().__init__()
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        self.moment = moment

    def pass_(self, **time: float) -> datetime:
        """Let time pass: pass_(seconds=11), pass_(days=2)."""
        self.moment += timedelta(**time)
        return self.moment


class Table:
    """A desk database with its controllers on the calling thread, and one account."""

    def __init__(self, folder: Path, clock: TestClock, *, account: bool = True) -> None:
        self.folder = folder
        self.clock = clock
        self.db = Database(folder)
        self.db.open()
        self.do: Controllers = build_controllers(self.db, clock)
        self.me = AccountId(0)
        if account and not self.do.accounts.all():
            self.do.accounts.add(COMMUNITY, ME, "", "Nadia Rahman", NOW - 400 * DAY)
            self.do.accounts.confirm_first_run(self.do.accounts.all()[0].id)
            self.db.sql("DELETE FROM outbox")  # the profile counts as published
        if self.do.accounts.all():
            self.me = self.do.accounts.all()[0].id
            self.online()

    def close(self) -> None:
        self.db.close()

    def again(self) -> "Table":
        """The same desk after a restart."""
        self.close()
        return Table(self.folder, self.clock)

    # what a network reports

    def take(self, *said: Any, account: AccountId | None = None, cursor: int | None = None) -> Changes:
        return self.do.inbox.take(Delivery(account or self.me, said, cursor))

    def online(self) -> None:
        self.take(events.WentOnline())

    def arrives(self, address: str, note: str = "", name: str = "", **more: Any) -> IncomingId:
        """A request arrives; gives its id, or 0 when it was turned away."""
        before = {row.id for row in self.everything()}
        request = ArrivedRequest(Address(address), name, note, more.pop("at", self.clock()), **more)
        self.take(events.RequestsArrived((request,)))
        new = [row.id for row in self.everything() if row.id not in before]
        return new[0] if new else IncomingId(0)

    def connects(self, *addresses: str, name: str = "") -> list[PersonId]:
        """They are connected with the owner."""
        ties = tuple(Tie(Address(one), name or one.partition("@")[0].title(), True, True, self.clock()) for one in addresses)
        self.take(events.TiesChanged(ties, complete=False, at=self.clock()))
        return [self.person(one) for one in addresses]

    def shares(self, owner: str, *listed: str) -> None:
        """A connection shares a list."""
        found = tuple(ListedPerson(Address(one), one.partition("@")[0].title()) for one in listed)
        self.take(events.ListArrived(Address(owner), found, 1, 1))

    def shows(self, address: str, **fields: Any) -> None:
        """Somebody's profile is read."""
        self.take(events.ProfileArrived(Address(address), Profile(**fields)))

    # what happens in time

    def round(self) -> list[Any]:
        """The courier goes round; what is handed over is confirmed by the server. Gives the orders that were told."""
        told = self.do.courier.go_round().to_tell
        for one in told:
            self.take(events.OrderConfirmed(one.id, self.clock()))
        return [one.order for one in told]

    def later(self, **time: float) -> list[Any]:
        """Time passes, and the courier goes round."""
        self.clock.pass_(**time)
        return self.round()

    # looking

    def rows(self, place: str = "review", order: str = "relevant") -> Sequence[IncomingRow]:
        return self.do.incoming.page(IncomingQuery(place, order), 0, 1_000).rows

    def everything(self) -> list[IncomingRow]:
        return [row for place in ("review", "later", "filtered", "answered") for row in self.rows(place)]

    def sent(self, place: str = "waiting") -> Sequence[OutgoingRow]:
        return self.do.sent.page(OutgoingQuery(place), 0, 1_000).rows

    def person(self, address: str, account: AccountId | None = None) -> PersonId:
        return people.ensure(self.db, account or self.me, Address(address))

    def choose(self, **choices: Any) -> None:
        """Change privacy choices."""
        self.do.privacy.choose(self.me, replace(self.do.privacy.choices(self.me), **choices))
