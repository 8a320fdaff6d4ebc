"""The door in: every event of every network, one match; blocking and admission stand behind it."""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from netdesk.controllers.assess import assess, assess_again
from netdesk.controllers.introduced import take_introduction
from netdesk.controllers.told import came_back, take_answer
from netdesk.domain import events, orders
from netdesk.domain.changes import NOTHING, Changes, Kind, Notice, changed
from netdesk.domain.errors import NetDeskError
from netdesk.domain.events import ArrivedRequest, Delivery, Event
from netdesk.domain.names import tame_note
from netdesk.domain.people import AccountId, Address, PersonId, Tie
from netdesk.domain.requests import OPEN_INCOMING, Incoming, IncomingRow, Outgoing
from netdesk.domain.rules.admission import Asking, Place, admit
from netdesk.store import accounts, blocks, graph, history, incoming, invitations, outbox, outgoing, people, search
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
                return self._requests(account, event, touched)
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

    def _requests(self, account: AccountId, event: events.RequestsArrived, touched: set[PersonId]) -> Changes:
        found = NOTHING
        new: list[str] = []
        for request in event.requests:
            state = self._request(account, request, touched, snapshot=event.snapshot)
            if state is not None:
                found |= changed(Kind.INCOMING, Kind.PEOPLE)
            if state is Incoming.TO_REVIEW:
                new.append(request.name or request.address.partition("@")[0])
        if new:
            found |= Changes(notices=(Notice("asks", new[0], len(new)),))
        return found

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

    def _request(self, account: AccountId, request: ArrivedRequest, touched: set[PersonId], *, snapshot: bool) -> Incoming | None:
        """Take one request; its state, or None when it was turned away or is known already."""
        db = self._db
        block = blocks.covering(db, request.address)
        if block is not None:
            if request.arrived_at > (block.last_try or block.at):
                blocks.count_try(db, account, block.target, request.arrived_at)
            return None
        person = people.ensure(db, account, request.address, request.name, request.headline)
        if request.known_since is not None:
            people.update(db, person, known_since=request.known_since)
        touched.add(person)
        latest = incoming.latest_of(db, person)
        answered = snapshot and outbox.untold_about(db, account, request.address, ("Accept", "LetFollow", "Decline"))
        if latest is not None and (answered or self._known(latest, request, snapshot=snapshot)):
            return self._heard_again(account, latest, request)
        number = incoming.add(db, account, person, request.address, tame_note(request.note), Incoming.TO_REVIEW, request.arrived_at)
        history.add(db, person, request.arrived_at, "asked me")
        row = incoming.get(db, number)
        there = self._invited(account, row, request) or self._as_elsewhere(account, row, request)
        if there is not None:
            return there
        state, reasons = self._admit(account, person, incoming.get(db, number))
        incoming.set_state(db, number, state, None, reasons=reasons)
        return state

    def _heard_again(self, account: AccountId, row: IncomingRow, request: ArrivedRequest) -> Incoming | None:
        """A request that is here already: it may bear an invitation now, or another device of the owner has answered it."""
        invited = self._invited(account, row, request) if row.state in OPEN_INCOMING else None
        return invited or self._as_elsewhere(account, row, request)

    def _as_elsewhere(self, account: AccountId, row: IncomingRow, request: ArrivedRequest) -> Incoming | None:
        """What the owner ignored, or opened again, on another device is so here; what this desk has still to tell counts for more."""
        now = {True: Incoming.IGNORED, False: Incoming.TO_REVIEW}.get(request.ignored) if request.ignored is not None else None
        moves = now is not None and (row.state in OPEN_INCOMING if now is Incoming.IGNORED else row.state is Incoming.IGNORED)
        if now is None or not moves or outbox.untold_ignoring(self._db, account, row.address):
            return None
        at = self._clock()
        incoming.set_state(self._db, row.id, now, at if now is Incoming.IGNORED else None)
        history.add(self._db, row.person, at, "i ignored" if now is Incoming.IGNORED else "i reopened")
        return now

    def _invited(self, account: AccountId, row: IncomingRow, request: ArrivedRequest) -> Incoming | None:
        """A good invitation lets them in, also when their plain request was here before."""
        db = self._db
        invitation = invitations.use(db, account, request.token, self._clock())
        if invitation is None:
            return None
        incoming.set_state(db, row.id, Incoming.ACCEPTED, request.arrived_at)
        history.add(db, row.person, request.arrived_at, "invited", invitation.label)
        outbox.put(db, account, orders.Accept(request.address), self._clock())
        return Incoming.ACCEPTED

    @staticmethod
    def _known(latest: IncomingRow, request: ArrivedRequest, *, snapshot: bool) -> bool:
        """Whether this very request is here already: open, or ignored and delivered again at a login. Servers that keep no time say of each
        request that it has just arrived.

        One that was taken for withdrawn, or ended by a block that is gone, and that still waits on the server, is open again.
        """
        if latest.state in OPEN_INCOMING:
            return True
        if latest.state in (Incoming.WITHDRAWN, Incoming.BLOCKED):
            return request.arrived_at < latest.arrived_at or (not snapshot and request.arrived_at == latest.arrived_at)
        return request.arrived_at <= latest.arrived_at or (snapshot and latest.state is Incoming.IGNORED)

    def _admit(self, account: AccountId, person: PersonId, row: IncomingRow) -> tuple[Incoming, str]:
        db = self._db
        evidence = assess(db, row)
        facts = {signal.name: signal for signal in evidence.signals}
        past = incoming.history_of(db, person, row.id)
        passing = people.marks(db, person).pass_next
        asking = Asking(
            address=row.address,
            note=row.note,
            mutual=int(facts["mutual"].params[0]) if "mutual" in facts else None,
            likely_spam=evidence.likely_spam,
            like_blocked="like_blocked" in facts,
            last_no=past.last_no,
            let_next_pass=passing,
            i_asked_them=outgoing.open_of(db, person) is not None,
        )
        admission = admit(asking, accounts.privacy(db, account), row.arrived_at)
        if passing:
            people.update(db, person, pass_next=False)
        return (Incoming.FILTERED if admission.place is Place.FILTERED else Incoming.TO_REVIEW), json.dumps(admission.reasons)

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
