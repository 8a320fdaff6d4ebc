"""Sent: what the owner asks of others, under the etiquette, and what becomes of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from netdesk.controllers.assess import mutual_of
from netdesk.controllers.undo import Undo
from netdesk.domain import orders
from netdesk.domain.cards import Composing, SentCard
from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import Gone, Refused
from netdesk.domain.names import tame_note
from netdesk.domain.orders import OrderId
from netdesk.domain.people import AccountId, Address, Person, Window
from netdesk.domain.requests import (
    NOTE_LENGTH,
    HoldId,
    Outgoing,
    OutgoingId,
    OutgoingQuery,
    OutgoingRow,
    SentFigures,
    Template,
    TemplateId,
)
from netdesk.domain.rules import etiquette, notes
from netdesk.domain.rules.archived import is_archived, refuse_archived
from netdesk.domain.rules.completeness import completeness
from netdesk.domain.rules.etiquette import Budget, Verdict, Wish
from netdesk.domain.rules.evidence import shared_interests
from netdesk.domain.rules.numbers import NO_ANSWER_AFTER, SAME_NOTE_WINDOW, WAITING_LIMIT
from netdesk.store import accounts, blocks, history, incoming, invitations, outbox, outgoing, people, search, settings
from netdesk.store.database import Database

Clock = Callable[[], datetime]


class SentDesk:
    """What the owner can do with outgoing requests. All methods run on the store thread."""

    def __init__(self, db: Database, undo: Undo, clock: Clock) -> None:
        self._db = db
        self._undo = undo
        self._clock = clock

    # looking

    def page(self, query: OutgoingQuery, start: int, limit: int) -> Window[OutgoingRow]:
        """Rows of one of the lists."""
        return outgoing.page(self._db, query, start, limit)

    def counts(self, account: AccountId | None = None) -> dict[str, int]:
        """How many requests each list has: drafts, waiting, accepted, ended."""
        return outgoing.counts(self._db, account)

    def card(self, number: OutgoingId) -> SentCard:
        """One sent request with what happened; raises Gone."""
        row = outgoing.get(self._db, number)
        now = self._clock()
        if row.state is Outgoing.WAITING:
            follow_up = etiquette.may_follow_up(row.sent_at or row.created_at, row.followed_up_at, now)
        else:
            follow_up = Verdict(False, "not waiting")
        return SentCard(
            row=row,
            person=people.get(self._db, row.person),
            mutual=mutual_of(self._db, row.account, row.person),
            history=history.of_person(self._db, row.person),
            follow_up=follow_up,
        )

    def budget(self, account: AccountId) -> Budget:
        """The budget of an account now."""
        made, now = accounts.get(self._db, account).created_at, self._clock()
        sent = outgoing.sent_times(self._db, account)
        if sent and sent[0] > now:
            outgoing.count_ahead_as_now(self._db, account, now)
        return etiquette.budget(sent, made, now)

    def figures(self, account: AccountId) -> SentFigures:
        """The owner's own figures for an account."""
        counted, sent, wait = outgoing.outcomes(self._db, account)
        used = self.budget(account)
        with_note = counted.get((True, True), 0) + counted.get((True, False), 0)
        without = counted.get((False, True), 0) + counted.get((False, False), 0)
        return SentFigures(
            sent=sent,
            answered=with_note + without,
            accepted=counted.get((True, True), 0) + counted.get((False, True), 0),
            with_note=with_note,
            with_note_accepted=counted.get((True, True), 0),
            without_note=without,
            without_note_accepted=counted.get((False, True), 0),
            median_wait_hours=wait,
            day_used=used.day_used,
            day_limit=used.day_limit,
            week_used=used.week_used,
            week_limit=used.week_limit,
            waiting=outgoing.waiting_count(self._db, account),
            waiting_limit=WAITING_LIMIT,
        )

    # composing

    def compose(self, account: AccountId, address: Address, note: str | None = None) -> Composing:
        """What the composer shows for a request to this address with this note (the draft's when None)."""
        with self._db.transaction():
            person = people.get(self._db, people.ensure(self._db, account, address))
        draft = outgoing.draft_of(self._db, person.id)
        mine = accounts.profile(self._db, account)
        text = note if note is not None else (draft.note if draft else "")
        used = self.budget(account)
        return Composing(
            account=accounts.get(self._db, account),
            person=person,
            mutual=mutual_of(self._db, account, person.id),
            shared_interests=shared_interests(person.profile.interests, mine.interests) if person.profile else (),
            verdict=etiquette.may_ask(self._wish(account, person, text), used, self._clock()),
            budget=used,
            my_name=mine.name,
            my_completeness=completeness(mine).percent,
            draft=draft,
            templates=tuple(settings.templates(self._db)),
        )

    def _wish(self, account: AccountId, person: Person, note: str) -> Wish:
        now = self._clock()
        past = [row for row in outgoing.all_of(self._db, person.id) if row.sent_at is not None]
        withdrawn = [
            row.ended_at for row in past if row.state is Outgoing.WITHDRAWN and row.why != "not told" and row.sent_at and row.ended_at
        ]
        # no answer: the 90 days count from the sending, which is when the request became one without an answer
        noes = [row.sent_at if row.state is Outgoing.NO_ANSWER and row.sent_at else row.ended_at for row in past
                if row.state in (Outgoing.DECLINED, Outgoing.NO_ANSWER) and row.ended_at]  # fmt: skip
        theirs = incoming.latest_of(self._db, person.id)
        last_no = max((at for at in noes if at is not None), default=None)
        others = outgoing.notes_since(self._db, account, now - SAME_NOTE_WINDOW, person.id)
        return Wish(
            note=note,
            to_myself=any(one.address == person.address for one in accounts.all_accounts(self._db)),
            connected=person.connected,
            blocked=blocks.covering(self._db, person.address) is not None,
            waiting=outgoing.open_of(self._db, person.id) is not None,
            they_ask=incoming.open_of(self._db, person.id) is not None,
            waiting_count=outgoing.waiting_count(self._db, account),
            same_note_people=len({other for other, text in others if notes.same_note(note, text)}),
            last_withdrawn=max((at for at in withdrawn if at is not None), default=None),
            last_no=last_no,
            declines=sum(1 for row in past if row.state is Outgoing.DECLINED),
            they_wrote_since=theirs is not None and last_no is not None and theirs.arrived_at > last_no,
            my_profile=completeness(accounts.profile(self._db, account)).percent,
        )

    def ask(self, account: AccountId, address: Address, note: str, *, token: str = "", at_once: bool = False) -> Changes:
        """Ask somebody to connect. Raises Refused with the reason and the date when it will be possible.

        Over the budget the request is queued until there is room. Otherwise it is told when the ten seconds are over.
        """
        refuse_archived(address)
        refuse_archived(accounts.get(self._db, account).address)
        note = tame_note(note)
        now = self._clock()
        with self._db.transaction():
            person = people.get(self._db, people.ensure(self._db, account, address))
            verdict = etiquette.may_ask(self._wish(account, person, note), self.budget(account), now)
            if not verdict.allowed:
                raise Refused(verdict.reason, until=verdict.until, detail=person.shown_name)
            draft = outgoing.draft_of(self._db, person.id)
            if draft is not None:
                outgoing.delete(self._db, draft.id)
            record = self._undo.begin("ask", 1, person.shown_name, at_once=at_once)
            if verdict.queue_until is not None:
                state, columns = Outgoing.QUEUED, {"queued_until": max(verdict.queue_until, record.until), "why": "budget"}
            elif at_once:
                state, columns = Outgoing.QUEUED, {"sent_at": now}
            else:
                state, columns = Outgoing.HELD, {"sent_at": now, "hold_until": record.until}
            number = outgoing.add(self._db, account, person.id, note, state, now, token=token, **columns)
            record.made_outgoing(number, person.id, note)
            record.tell_history(person.id, "i asked", "note" if note else "")
            if verdict.queue_until is None:
                self._put_ask(account, person, number, note, token, record.until, record.hold)
            record.save()
            search.refresh(self._db, [person.id])
        return changed(Kind.SENT, Kind.HOLDS, Kind.PEOPLE)

    def _put_ask(
        self, account: AccountId, person: Person, number: OutgoingId, note: str, token: str, when: datetime, hold: HoldId | None
    ) -> None:
        """Write what is to be told; one that was never answered is taken back first, or the old note would stay."""
        from_before = outgoing.unanswered_of(self._db, person.id)
        if from_before is not None:
            outbox.put(self._db, account, orders.Withdraw(person.address), when, hold=hold)
        outbox.put(self._db, account, orders.Ask(person.address, note, token), when, hold=hold, outgoing=number)

    def release_queued(self) -> Changes:
        """Send what was queued for want of budget, as far as the budget allows now; what the rules refuse meanwhile ends, with the reason."""
        now = self._clock()
        found = Changes()
        for account in accounts.all_accounts(self._db):
            for number in outgoing.queued_due(self._db, account.id, now):
                with self._db.transaction():
                    found |= self._release(account.id, number, now)
        return found

    def _release(self, account: AccountId, number: OutgoingId, now: datetime) -> Changes:
        row = outgoing.get(self._db, number)
        used = self.budget(account)
        if used.free_at is not None:
            outgoing.change(self._db, number, queued_until=used.free_at)
            return changed(Kind.SENT)
        person = people.get(self._db, row.person)
        wish = replace(self._wish(account, person, row.note), waiting=False, waiting_count=0)
        verdict = etiquette.may_ask(wish, used, now)
        if not verdict.allowed:
            outgoing.set_state(self._db, number, Outgoing.REFUSED, now, why=verdict.reason)
            return changed(Kind.SENT)
        outgoing.change(self._db, number, sent_at=now, queued_until=None, why="")
        self._put_ask(account, person, number, row.note, outgoing.token_of(self._db, number), now, None)
        return changed(Kind.SENT)

    def goes_now(self, account: AccountId, number: OutgoingId, order: OrderId) -> bool:
        """Whether a request that is due may be told now. What was written offline over days does not go all at once: what passes the
        budget of the day on which it is really told is queued again. Within the caller's transaction."""
        now = self._clock()
        used = etiquette.budget(outgoing.told_times(self._db, account), accounts.get(self._db, account).created_at, now)
        if used.free_at is None:
            outgoing.change(self._db, number, sent_at=now)
            return True
        outbox.done(self._db, order)
        outgoing.change(
            self._db, number, state=Outgoing.QUEUED.value, sent_at=None, queued_until=used.free_at, why="budget", hold_until=None
        )
        return False

    def save_draft(self, account: AccountId, address: Address, note: str) -> Changes:
        """Keep a draft to this address; one draft a person. Raises Refused for somebody of an archive."""
        refuse_archived(address)
        with self._db.transaction():
            person = people.ensure(self._db, account, address)
            draft = outgoing.draft_of(self._db, person)
            if draft is None:
                outgoing.add(self._db, account, person, note, Outgoing.DRAFT, self._clock())
            else:
                outgoing.change(self._db, draft.id, note=note, created_at=self._clock())
            search.refresh(self._db, [person])
        return changed(Kind.SENT)

    def delete_draft(self, number: OutgoingId) -> Changes:
        """Forget a draft."""
        outgoing.delete(self._db, number)
        return changed(Kind.SENT)

    # afterwards

    def withdraw(self, numbers: Sequence[OutgoingId], *, at_once: bool = False) -> Changes:
        """Take requests back, with one undo; one that was never told is simply not sent. Raises Gone when none is open."""
        with self._db.transaction():
            rows = [
                row
                for row in (outgoing.get(self._db, one) for one in numbers)
                if row.state in (Outgoing.HELD, Outgoing.QUEUED, Outgoing.WAITING)
            ]
            if not rows:
                raise Gone("request")
            record = self._undo.begin("withdraw", len(rows), rows[0].name, at_once=at_once)
            for row in rows:
                record.keep_outgoing(row.id)
                told = row.state is Outgoing.WAITING or outgoing.was_handed_over(self._db, row.id)
                # until it can no longer be brought back it counts as sent and waiting: undo must not pass a limit
                outgoing.set_state(
                    self._db, row.id, Outgoing.WITHDRAWN, record.now, why="" if told else "not told", hold_until=record.until
                )
                record.tell_history(row.person, "i withdrew")
                outbox.cancel_for(self._db, row.account, row.address, record.hold, ("Ask", "FollowUp"))
                if not is_archived(row.address):  # taken back on the site, ticked off here
                    outbox.put(self._db, row.account, orders.Withdraw(row.address), record.until, hold=record.hold)
            record.save()
        return changed(Kind.SENT, Kind.HOLDS)

    def withdraw_older(self, account: AccountId, days: int) -> Changes:
        """Take back all that wait for longer than `days`, with one undo; raises Gone when there are none."""
        numbers = outgoing.older_than(self._db, account, self._clock() - timedelta(days=days))
        if not numbers:
            raise Gone("nothing so old")
        return self.withdraw(numbers)

    def open_request_to(self, account: AccountId, address: Address) -> OutgoingRow:
        """The request to this address that is on its way or waits; raises Gone."""
        person = people.find(self._db, account, address)
        row = outgoing.open_of(self._db, person.id) if person else None
        if row is None:
            raise Gone("request", detail=address)
        return row

    def follow_up(self, number: OutgoingId, note: str) -> Changes:
        """Write once more to somebody whose answer is awaited; raises Refused before seven days, the second time, or without words."""
        row = outgoing.get(self._db, number)
        now = self._clock()
        if row.state is not Outgoing.WAITING or row.sent_at is None:
            raise Refused("not waiting")
        verdict = etiquette.may_follow_up(row.sent_at, row.followed_up_at, now)
        if not verdict.allowed:
            raise Refused(verdict.reason, until=verdict.until, detail=row.name)
        if not note.strip() or len(note) > NOTE_LENGTH:
            raise Refused("empty note" if not note.strip() else "note too long")
        with self._db.transaction():
            outgoing.change(self._db, number, followed_up_at=now)
            outbox.put(self._db, row.account, orders.FollowUp(row.address, note.strip()), now)
            history.add(self._db, row.person, now, "i followed up")
        return changed(Kind.SENT)

    def remind(self, number: OutgoingId, at: datetime | None) -> Changes:
        """Remind the owner of a request at a date, or not."""
        outgoing.change(self._db, number, remind_at=at)
        return changed(Kind.SENT)

    def reminders(self) -> list[OutgoingRow]:
        """Requests the owner is to be reminded of now; each is given once."""
        due = outgoing.reminders_due(self._db, self._clock())
        for row in due:
            outgoing.change(self._db, row.id, remind_at=None)
        return due

    def end_unanswered(self) -> Changes:
        """Requests that waited for 90 days end without an answer; a late yes still counts."""
        now = self._clock()
        found = Changes()
        for account in accounts.all_accounts(self._db):
            for number in outgoing.older_than(self._db, account.id, now - NO_ANSWER_AFTER):
                with self._db.transaction():
                    row = outgoing.get(self._db, number)
                    outgoing.set_state(self._db, number, Outgoing.NO_ANSWER, now)
                    history.add(self._db, row.person, now, "no answer")
                found |= changed(Kind.SENT)
        return found

    def ask_introduction(self, account: AccountId, via: Address, whom: Address, note: str) -> Changes:
        """Ask a mutual connection to introduce the owner; they choose. Raises Refused when they are no connection or were asked already."""
        refuse_archived(via)
        refuse_archived(whom)
        with self._db.transaction():
            voucher, person = people.find(self._db, account, via), people.ensure(self._db, account, whom)
            if voucher is None or not voucher.connected:
                raise Refused("not connected", detail=via)
            if blocks.covering(self._db, whom) is not None:
                raise Refused("blocked", detail=whom)
            if invitations.asked_of(self._db, account, via, whom) is not None:
                raise Refused("introduction asked", detail=voucher.shown_name)
            mine = accounts.get(self._db, account).address
            now = self._clock()
            invitations.add_introduction(self._db, account, "i asked", via, mine, whom, note, now)
            outbox.put(self._db, account, orders.AskIntroduction(via, whom, note), now)
            history.add(self._db, person, now, "i asked for an introduction", voucher.shown_name)
        return changed(Kind.SENT, Kind.INTRODUCTIONS)

    # templates

    def templates(self) -> list[Template]:
        """The owner's templates, by title."""
        return settings.templates(self._db)

    def save_template(self, title: str, text: str) -> Changes:
        """Keep a template; raises Refused without a title or text."""
        with self._db.transaction():
            settings.save_template(self._db, title, text)
        return changed(Kind.SENT)

    def delete_template(self, number: TemplateId) -> Changes:
        """Forget a template."""
        settings.delete_template(self._db, number)
        return changed(Kind.SENT)


def fill(template: str, composing: Composing) -> str:
    """A template with its places filled by what is known; a place that nothing fills is left for the owner to see."""
    name = composing.person.shown_name
    values = {
        "name": name,
        "first": name.split()[0] if name else "",
        "me": composing.my_name,
        "mutual": composing.mutual[0].name if composing.mutual else "",
        "interest": composing.shared_interests[0] if composing.shared_interests else "",
    }
    for place, value in values.items():
        if value:
            template = template.replace("{" + place + "}", value)
    return template


def mention(note: str, words: str) -> str:
    """The note with a mention at its end, ready to be written on."""
    return f"{note.rstrip()} {words} " if note.strip() else f"{words} "
