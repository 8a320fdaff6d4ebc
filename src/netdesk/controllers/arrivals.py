"""Requests as they arrive: known ones stay one, new ones are admitted or put aside, a flood becomes one row."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from netdesk.controllers.assess import assess
from netdesk.domain import events, orders
from netdesk.domain.changes import NOTHING, Changes, Kind, Notice, changed
from netdesk.domain.events import ArrivedRequest
from netdesk.domain.names import tame_note
from netdesk.domain.people import AccountId, Address, PersonId
from netdesk.domain.requests import OPEN_INCOMING, Incoming, IncomingId, IncomingRow
from netdesk.domain.rules.admission import Asking, Place, admit
from netdesk.domain.rules.floods import Floods
from netdesk.store import accounts, blocks, bursts, history, incoming, invitations, outbox, outgoing, people
from netdesk.store.database import Database

Clock = Callable[[], datetime]


class Arrivals:
    """Takes requests for the inbox."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._floods = Floods(clock)

    def take(self, account: AccountId, event: events.RequestsArrived, touched: set[PersonId]) -> Changes:
        """Take what arrived, within the caller's transaction; `touched` gets the people it is about."""
        found = NOTHING
        new: list[str] = []
        single, alike = self._floods.sort(account, event.requests, self._strangers(account, event), snapshot=event.snapshot)
        for request in single:
            state = self._request(account, request, touched, snapshot=event.snapshot)
            if state is not None:
                found |= changed(Kind.INCOMING, Kind.PEOPLE)
            if state is Incoming.TO_REVIEW:
                new.append(request.name or request.address.partition("@")[0])
        if alike:
            self._collapse(account, alike, touched)
            found |= changed(Kind.INCOMING, Kind.PEOPLE)
        if new:
            found |= Changes(notices=(Notice("asks", new[0], len(new)),))
        return found

    # floods

    def _strangers(self, account: AccountId, event: events.RequestsArrived) -> set[Address]:
        """Those among them of whom the desk knows nothing, who bring no invitation and are not shut out: their facts are in the note alone."""
        plain = [one.address for one in event.requests if not one.token and one.ignored is None]
        return blocks.uncovered(self._db, people.unknown(self._db, account, plain))

    def _collapse(self, account: AccountId, alike: Sequence[ArrivedRequest], touched: set[PersonId]) -> None:
        """A flood stands as one row, under which the others wait: the first is looked at as any request, the others are taken to be like it."""
        left = list(alike)
        leader = self._leader(account)
        if leader is None:
            first = left.pop(0)
            self._request(account, first, touched, snapshot=False)
            person = people.find(self._db, account, first.address)
            leader = incoming.open_of(self._db, person.id) if person is not None else None
            if leader is None:
                return
            leader = self._lead(account, leader)
        touched.update(bursts.add(self._db, leader, left))

    def _leader(self, account: AccountId) -> IncomingRow | None:
        """The row under which this flood stands, while it waits."""
        number = self._floods.leader(account)
        if number is None or not bursts.leads(self._db, IncomingId(number), account):  # what a failed transaction took back does not
            return None
        row = incoming.get(self._db, IncomingId(number))
        return row if row.state in OPEN_INCOMING else None

    def _lead(self, account: AccountId, row: IncomingRow) -> IncomingRow:
        reasons, state = row.reasons, row.state
        if accounts.privacy(self._db, account).spam_aside and state is Incoming.TO_REVIEW:
            reasons, state = (*reasons, "burst"), Incoming.FILTERED
        incoming.set_state(self._db, row.id, state, None, reasons=json.dumps(reasons))
        bursts.begin(self._db, row.id)
        self._floods.led_by(account, row.id)
        leader = incoming.get(self._db, row.id)
        bursts.gather(self._db, leader, self._floods.begun_with(account))
        return leader

    def _request(self, account: AccountId, request: ArrivedRequest, touched: set[PersonId], *, snapshot: bool) -> Incoming | None:
        """Take one request; its state, or None when it was turned away or is known already."""
        db = self._db
        block = blocks.covering(db, request.address)
        if block is not None:
            if request.arrived_at > (block.last_try or block.at):
                blocks.count_try(db, account, block.target, request.arrived_at)
            return None
        person = people.ensure(db, account, request.address, request.name, request.headline)
        told = {"known_since": request.known_since, "trust": request.trust}
        said = {name: value for name, value in told.items() if value is not None}
        if said:
            people.update(db, person, **said)
        touched.add(person)
        latest = incoming.latest_of(db, person)
        answered = snapshot and outbox.untold_about(db, account, request.address, ("Accept", "LetFollow", "Decline"))
        if latest is not None and (answered or self._known(latest, request, snapshot=snapshot)):
            return self._heard_again(account, latest, request)
        # an old answer that their server had not heard must not fall on the new request
        outbox.void_again(db, account, request.address, ("Accept", "LetFollow", "Decline", "Remove"))
        number = incoming.add(db, account, person, request.address, tame_note(request.note), Incoming.TO_REVIEW, request.arrived_at)
        history.add(db, person, request.arrived_at, "asked me")
        row = incoming.get(db, number)
        there = self._invited(account, row, request) or self._as_elsewhere(account, row, request)
        if there is not None:
            return there
        state, reasons = self._admit(account, person, row)
        incoming.set_state(db, number, state, None, reasons=reasons)
        return state

    def _heard_again(self, account: AccountId, row: IncomingRow, request: ArrivedRequest) -> Incoming | None:
        """A request that is here already: it may bear an invitation now, or another device of the owner has answered it."""
        if request.known_since is not None or request.trust is not None:
            assess(self._db, row)
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
