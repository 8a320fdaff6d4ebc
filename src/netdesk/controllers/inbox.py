"""The door in: every event of every network, one match; blocking and admission stand behind it."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from netdesk.controllers.arrivals import Arrivals
from netdesk.controllers.assess import assess, assess_again
from netdesk.controllers.introduced import take_introduction
from netdesk.controllers.told import came_back, take_answer
from netdesk.domain import events, orders
from netdesk.domain.changes import NOTHING, Changes, Kind, Notice, changed
from netdesk.domain.errors import NetDeskError
from netdesk.domain.events import Delivery, Event
from netdesk.domain.names import tame_note
from netdesk.domain.people import AccountId, Address, PersonId, Tie
from netdesk.domain.requests import Incoming, Outgoing
from netdesk.store import accounts, blocks, graph, history, incoming, outbox, outgoing, people, search
from netdesk.store.database import Database

Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


class Inbox:
    """Takes what networks deliver, each delivery in one transaction with its cursor."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self.online: dict[AccountId, bool] = {}
        self.trouble: dict[AccountId, str] = {}
        self._broken: set[AccountId] = set()
        self._arrivals = Arrivals(db, clock)

    def take(self, delivery: Delivery) -> Changes:
        """Take one delivery. One of an account that was removed, or that was taken before, changes nothing.

        Raises StorageTrouble when it cannot be kept; then nothing of this account is taken before its next session, which begins again
        where the desk stands: what could not be kept is delivered once more.
        """
        account = delivery.account
        if any(isinstance(one, events.WentOnline) for one in delivery.events):
            self._broken.discard(account)
        if account in self._broken or not accounts.there(self._db, account):
            return NOTHING
        try:
            return self._take_delivery(delivery)
        except BaseException:
            self._broken.add(account)
            raise

    def _take_delivery(self, delivery: Delivery) -> Changes:
        db, account = self._db, delivery.account
        with db.transaction():
            if delivery.cursor is not None:
                if delivery.cursor <= accounts.cursor(db, account):
                    return NOTHING
                accounts.set_cursor(db, account, delivery.cursor)
            found = NOTHING
            touched: set[PersonId] = set()
            for event in delivery.events:
                found |= self._take_one(account, event, touched)
            search.refresh(db, touched)
        return found

    def _take_one(self, account: AccountId, event: Event, touched: set[PersonId]) -> Changes:
        """Take one event; one that breaks a rule of our own is undone by itself and reported, and the others are taken all the same."""
        try:
            with self._db.part():
                return self._take(account, event, touched)
        except NetDeskError:
            raise
        except Exception:  # like one bad record of an import (house.md §9): counted in the log, skipped
            log.exception("an event could not be taken: %s", type(event).__name__)
            return NOTHING

    def _take(self, account: AccountId, event: Event, touched: set[PersonId]) -> Changes:
        match event:
            case events.WentOnline():
                return self._state(account, online=True, trouble="")
            case events.WentOffline(reason):
                return self._state(account, online=False, trouble=reason)
            case events.RequestsArrived():
                return self._arrivals.take(account, event, touched)
            case events.FollowUpArrived(address, note, at):
                return self._follow_up(account, address, note, at)
            case events.ServerKnows():
                return self._compare(account, event)
            case events.RequestsWithdrawn(addresses, at, asked_at):
                return self._withdrawn(account, addresses, at, asked_at)
            case events.RequestAnswered(address, answer, at):
                return self._answered(account, address, answer, at)
            case events.RequestBounced(address, reason, at):
                return self._bounced(account, address, reason, at)
            case events.OrderCameBack(order, reason, at):
                return came_back(self._db, account, order, reason, at)
            case events.UnreadableWait(senders):
                incoming.set_unreadable(self._db, account, senders)
                return changed(Kind.INCOMING)
            case events.TiesChanged():
                return self._ties(account, event, touched)
            case events.ProfileArrived(address, profile, known_since):
                return self._profile(account, address, event, touched) if profile or known_since else NOTHING
            case events.ListArrived():
                return self._list(account, event)
            case events.ListGone(owner):
                return self._list_gone(account, owner)
            case events.IntroductionAsked() | events.IntroductionArrived() | events.IntroductionAnswered():
                return take_introduction(self._db, account, event)
            case events.Engaged(address, what, at):
                return self._engaged(account, address, what, at)
            case events.TriesCounted(target, at):
                blocks.count_try(self._db, account, target, at)
                return changed(Kind.PRIVACY)
            case events.OrderConfirmed() | events.OrderRefused():
                return take_answer(self._db, account, event)
            case _:
                assert_never(event)

    def _state(self, account: AccountId, *, online: bool, trouble: str) -> Changes:
        self.online[account] = online
        self.trouble[account] = trouble
        outbox.session_over(self._db, account)
        return changed(Kind.ACCOUNTS)

    def _shut_out(self, *addresses: Address) -> bool:
        return any(blocks.covering(self._db, one) is not None for one in addresses)

    # requests

    def _compare(self, account: AccountId, known: events.ServerKnows) -> Changes:
        """Differences found at a login become history: what was withdrawn, answered or blocked while we were away, or by another program."""
        db = self._db
        gone = tuple(row.address for row in incoming.open_rows(db, account) if row.address not in known.waiting)
        found = self._withdrawn(account, gone, known.at) if gone else NOTHING
        for row in outgoing.confirmed_waiting(db, account):
            if row.address not in known.asked and not outbox.untold_about(db, account, row.address, ("Ask", "Withdraw")):
                found |= self._answered(account, row.address, "accepted" if people.tie_of(db, row.person) & 1 else "declined", known.at)
        mine = {block.target for block in blocks.all_blocks(db)}
        for target in sorted(known.blocked - mine):
            if not outbox.untold_about(db, account, target, ("Unblock",)):
                blocks.add(db, account, target, target, "", known.at, reported=False)
                people.mark_blocked(db, target, blocked=True)
                found |= changed(Kind.PRIVACY, Kind.PEOPLE)
        for target in sorted(mine - known.blocked):
            if not outbox.untold_about(db, account, target, ("Block",)):
                outbox.put(db, account, orders.Block(target), self._clock())
        return found

    def _follow_up(self, account: AccountId, address: Address, note: str, at: datetime) -> Changes:
        person = people.find(self._db, account, address)
        row = incoming.open_of(self._db, person.id) if person and not self._shut_out(address) else None
        if person is None or row is None:
            return NOTHING
        incoming.set_note(self._db, row.id, f"{row.note}\n\n{tame_note(note)}".strip())
        history.add(self._db, person.id, at, "wrote again")
        assess(self._db, incoming.get(self._db, row.id))
        search.refresh(self._db, [person.id])
        return changed(incoming=row.id)

    def _withdrawn(self, account: AccountId, addresses: tuple[Address, ...], at: datetime, asked_at: datetime | None = None) -> Changes:
        for address in addresses:
            person = people.find(self._db, account, address)
            row = incoming.open_of(self._db, person.id) if person else None
            if person is not None and row is not None and (asked_at is None or row.arrived_at <= asked_at):
                incoming.set_state(self._db, row.id, Incoming.WITHDRAWN, at)
                history.add(self._db, person.id, at, "they withdrew")
        return changed(Kind.INCOMING)

    def _answered(self, account: AccountId, address: Address, answer: str, at: datetime) -> Changes:
        """A yes or no to my request; one from somebody I shut out meanwhile is not heard."""
        db = self._db
        person = people.find(db, account, address)
        if person is None or self._shut_out(address):
            return NOTHING
        row = outgoing.open_of(db, person.id) or outgoing.unanswered_of(db, person.id)
        if row is None:
            return NOTHING
        yes = answer in {"accepted", "followed"}
        outgoing.set_state(db, row.id, Outgoing.ACCEPTED if yes else Outgoing.DECLINED, at, why="followed" if answer == "followed" else "")
        history.add(db, person.id, at, "they accepted" if yes else "they declined")
        found = changed(Kind.SENT, Kind.PEOPLE)
        return found | Changes(notices=(Notice("accepted", person.shown_name),)) if yes else found

    def _bounced(self, account: AccountId, address: Address, reason: str, at: datetime) -> Changes:
        """What was taken by my server and could not be delivered was not sent."""
        db = self._db
        person = people.find(db, account, address)
        row = outgoing.open_of(db, person.id) if person is not None else None
        if person is None or row is None:
            return NOTHING
        outgoing.set_state(db, row.id, Outgoing.REFUSED, at, why=reason)
        history.add(db, person.id, at, "server refused", reason)
        return changed(Kind.SENT, Kind.PEOPLE) | Changes(notices=(Notice("not sent", person.shown_name),))

    # ties, profiles, lists

    def _ties(self, account: AccountId, event: events.TiesChanged, touched: set[PersonId]) -> Changes:
        for tie in event.ties:
            if not self._shut_out(tie.address):
                self._tie(account, tie, event.at, touched)
        if event.complete:
            there = {tie.address for tie in event.ties}
            for _, known in people.ties(self._db, account):
                if known.address not in there:
                    self._tie(account, Tie(known.address), event.at, touched)
        return changed(Kind.PEOPLE, Kind.SENT, Kind.INCOMING)

    def _tie(self, account: AccountId, tie: Tie, at: datetime, touched: set[PersonId]) -> None:
        """Write one tie as the server has it, and what follows from it; a tie that I have ended and not told yet stays ended."""
        db = self._db
        person = people.ensure(db, account, tie.address, tie.name)
        touched.add(person)
        if (tie.i_follow or tie.follows_me) and self._ended_here(account, tie.address):
            return
        before = people.set_tie(db, person, i_follow=tie.i_follow, follows_me=tie.follows_me, since=tie.since or at)
        now = people.tie_of(db, person)
        if now == before:
            return
        if now == people.CONNECTED:
            people.update(db, person, last_contact=tie.since or at, removed_at=None)
            self._close_requests(person, at)
            history.add(db, person, tie.since or at, "connected")
        elif before == people.CONNECTED:
            people.update(db, person, removed_at=at)
            history.add(db, person, at, "removed by them")
            graph.recount(db, graph.clear_list(db, person))
        if people.CONNECTED in (now, before):
            graph.recount(db, graph.listed_by(db, person))

    def _ended_here(self, account: AccountId, address: Address) -> bool:
        rows = self._db.sql(
            "SELECT 1 FROM outbox WHERE account_id = ? AND target = ? AND kind IN ('Remove', 'Block') AND cancelled_by IS NULL",
            (account, address),
        )
        return bool(rows)

    def _close_requests(self, person: PersonId, at: datetime) -> None:
        """A connection ends what was open between the two."""
        waiting = incoming.open_of(self._db, person)
        if waiting is not None:
            incoming.set_state(self._db, waiting.id, Incoming.ACCEPTED, at)
        sent = outgoing.open_of(self._db, person)
        if sent is not None and sent.state is Outgoing.WAITING:
            outgoing.set_state(self._db, sent.id, Outgoing.ACCEPTED, at)

    def _profile(self, account: AccountId, address: Address, event: events.ProfileArrived, touched: set[PersonId]) -> Changes:
        if self._shut_out(address):
            return NOTHING
        person = people.ensure(self._db, account, address)
        people.save_profile(self._db, person, address, event.profile, event.known_since)
        touched.add(person)
        assess_again(self._db, account, [person])
        return changed(Kind.INCOMING, people=person)

    def _list(self, account: AccountId, event: events.ListArrived) -> Changes:
        db = self._db
        person = people.find(db, account, event.owner)
        if person is None or not person.connected or not accounts.privacy(db, account).know_mutuals:
            return NOTHING
        mine = accounts.get(db, account).address
        affected = graph.clear_list(db, person.id) if event.part == 1 else set()
        affected |= graph.add_listed(db, account, person.id, [one for one in event.listed if one.address != mine])
        graph.recount(db, affected)
        again = assess_again(db, account, affected)
        return changed(Kind.PEOPLE, Kind.INCOMING) if again else changed(Kind.PEOPLE)

    def _list_gone(self, account: AccountId, owner: Address) -> Changes:
        person = people.find(self._db, account, owner)
        affected = graph.clear_list(self._db, person.id) if person is not None else set()
        if not affected:
            return NOTHING
        graph.recount(self._db, affected)
        assess_again(self._db, account, affected)
        return changed(Kind.PEOPLE, Kind.INCOMING)

    def _engaged(self, account: AccountId, address: Address, what: str, at: datetime) -> Changes:
        if self._shut_out(address):
            return NOTHING
        person = people.ensure(self._db, account, address)
        people.count_engagement(self._db, person, commented=what == "commented")
        history.add(self._db, person, at, "engaged", what)
        assess_again(self._db, account, [person])
        return changed(Kind.INCOMING, people=person)
