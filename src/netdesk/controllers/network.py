"""Network: the owner's connections and follows, suggestions, circles, private notes, search, export."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from netdesk.controllers.assess import assess_again, mutual_of
from netdesk.controllers.undo import Undo
from netdesk.domain import orders
from netdesk.domain.cards import Found, PersonCard
from netdesk.domain.cells import guarded
from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import Gone, Refused
from netdesk.domain.people import AccountId, Address, Circle, Mutual, PeopleQuery, Person, PersonId, PersonRow, Relation, Window
from netdesk.domain.requests import Incoming
from netdesk.domain.rules.archived import is_archived, network_of, refuse_archived
from netdesk.domain.rules.completeness import completeness
from netdesk.domain.rules.evidence import shared_interests
from netdesk.store import accounts, blocks, circles, graph, history, incoming, invitations, outbox, outgoing, people, same, search
from netdesk.store.database import Database

Clock = Callable[[], datetime]
QUIET = timedelta(days=365)


class NetworkDesk:
    """What the owner can do with the people of her network. All methods run on the store thread."""

    def __init__(self, db: Database, undo: Undo, clock: Clock) -> None:
        self._db = db
        self._undo = undo
        self._clock = clock

    def page(self, query: PeopleQuery, start: int, limit: int) -> Window[PersonRow]:
        """Rows of a list of people."""
        return people.page(self._db, query, start, limit)

    def counts(self, account: AccountId | None = None) -> dict[str, int]:
        """How many connections, follows, followers and suggested people there are."""
        return {kind: people.count(self._db, kind, account) for kind in ("connections", "follows", "followers", "suggested")}

    def quiet_since(self) -> datetime:
        """The date before which a contact counts as 'none for a year'."""
        return self._clock() - QUIET

    def circles(self) -> list[Circle]:
        """Every circle with its size."""
        return circles.all_circles(self._db)

    def find(self, account: AccountId, address: Address) -> Person:
        """The person at this address; raises Gone."""
        found = people.find(self._db, account, address)
        if found is None:
            raise Gone("person", detail=address)
        return found

    def relation(self, person: Person) -> Relation:
        """What this person is to the owner."""
        if blocks.covering(self._db, person.address) is not None or is_archived(person.address):
            return Relation.BLOCKED
        if person.connected:
            return Relation.CONNECTION
        if incoming.open_of(self._db, person.id) is not None:
            return Relation.PENDING_IN
        if outgoing.open_of(self._db, person.id) is not None:
            return Relation.PENDING_OUT
        if person.follows_me:
            return Relation.FOLLOWER
        latest = incoming.latest_of(self._db, person.id)
        removed = history.last_of(self._db, person.id, "removed", "removed by them")
        declined = latest.answered_at if latest is not None and latest.state is Incoming.DECLINED else None
        if removed is not None and (declined is None or removed >= declined):
            return Relation.REMOVED
        return Relation.DECLINED if declined is not None else Relation.STRANGER

    def card(self, number: PersonId) -> PersonCard:
        """All the desk knows about a person; raises Gone."""
        person = people.get(self._db, number)
        mine = accounts.profile(self._db, person.account)
        theirs = [one for one in invitations.introductions(self._db, only_open=True) if person.address in (one.who, one.whom)]
        return PersonCard(
            person=person,
            relation=self.relation(person),
            mutual=mutual_of(self._db, person.account, number),
            shared_interests=shared_interests(person.profile.interests, mine.interests) if person.profile else (),
            completeness=completeness(person.profile).percent if person.profile else None,
            history=history.of_person(self._db, number),
            incoming=incoming.latest_of(self._db, number),
            outgoing=outgoing.open_of(self._db, number),
            introductions=tuple(theirs),
            same=tuple(people.rows_of(self._db, same.joined(self._db, number))),
            perhaps=tuple(people.rows_of(self._db, same.likely(self._db, number))),
        )

    def decide_same(self, number: PersonId, other: PersonId, *, is_same: bool) -> Changes:
        """The owner says that two people of two accounts are one, or that they are not; what was joined is separated again by the latter.

        Nothing of the one becomes part of the other, and nobody is told.
        """
        with self._db.transaction():
            if is_same:
                same.decide(self._db, number, other, same=True)
            else:
                same.separate(self._db, number, other)
        return changed(Kind.PEOPLE) | Changes({Kind.PEOPLE: frozenset({int(number), int(other)})})

    def mutual(self, account: AccountId, number: PersonId) -> tuple[Mutual, ...] | None:
        """The connections who list this person, by name; None when not known."""
        return mutual_of(self._db, account, number)

    def pictures(self, numbers: Sequence[PersonId]) -> dict[int, bytes]:
        """The pictures of those of these people who have one, by id."""
        return people.pictures(self._db, numbers)

    def look_at(self, number: PersonId) -> Changes:
        """Ask the person's own server for their profile; nobody else is asked anything. Not of somebody who is shut out."""
        person = people.get(self._db, number)
        if blocks.covering(self._db, person.address) is not None:
            return Changes()
        return Changes(to_look_at=((person.account, person.address),))

    def write_note(self, number: PersonId, text: str) -> Changes:
        """Keep a private note about a person."""
        with self._db.transaction():
            people.update(self._db, number, private_note=text)
            search.refresh(self._db, [number])
        return changed(people=number)

    def set_circles(self, numbers: Sequence[PersonId], names: Sequence[str]) -> Changes:
        """Put people into exactly these circles."""
        with self._db.transaction():
            for number in numbers:
                circles.set_circles(self._db, number, names)
        return changed(Kind.PEOPLE)

    def keep_in_touch(self, number: PersonId, days: int) -> Changes:
        """Remember to be in touch every so many days; 0 for not."""
        people.update(self._db, number, touch_days=max(0, days))
        return changed(people=number)

    def been_in_touch(self, number: PersonId) -> Changes:
        """The owner was in touch with a person now."""
        people.update(self._db, number, last_contact=self._clock())
        return changed(people=number)

    def dismiss(self, number: PersonId) -> Changes:
        """Do not suggest this person any more."""
        people.update(self._db, number, dismissed=True)
        return changed(people=number)

    def remove(self, numbers: Sequence[PersonId], *, at_once: bool = False) -> Changes:
        """End ties, with one undo; they are told nothing beyond what the network tells. Raises Gone when there is no tie."""
        with self._db.transaction():
            found = [person for person in (people.get(self._db, one) for one in numbers) if person.i_follow or person.follows_me]
            if not found:
                raise Gone("tie")
            for person in found:
                refuse_archived(person.address)
            record = self._undo.begin("remove", len(found), found[0].shown_name, at_once=at_once)
            for person in found:
                record.keep_tie(person.id)
                people.set_tie(self._db, person.id, i_follow=False, follows_me=False, since=None)
                people.update(self._db, person.id, removed_at=record.now)
                record.tell_history(person.id, "removed")
                listed = graph.listed_by(self._db, person.id)
                graph.recount(self._db, listed)
                assess_again(self._db, person.account, listed)
                outbox.put(self._db, person.account, orders.Remove(person.address), record.until, hold=record.hold)
            record.save()
        return changed(Kind.PEOPLE, Kind.HOLDS)

    def search(self, text: str, limit: int = 30) -> list[Found]:
        """People and requests found by `text`, the best first. Nobody who is shut out is shown."""
        found = []
        for row in people.rows_of(self._db, search.find(self._db, text, limit)):
            if blocks.covering(self._db, row.address) is not None:
                continue
            waiting, sent = incoming.open_of(self._db, row.id), outgoing.open_of(self._db, row.id)
            what, number, state = "person", int(row.id), "connected" if row.connected else ""
            if waiting is not None:
                what, number, state = "incoming", int(waiting.id), waiting.state.value
            elif sent is not None:
                what, number, state = "sent", int(sent.id), sent.state.value
            found.append(Found(what, number, row.id, row.name, row.address, row.headline, state, row.picture))
        return found

    def connections_for_export(self) -> list[Person]:
        """All connections and follows, also those that archives name, account by account."""
        there = (*accounts.all_accounts(self._db), *accounts.archived(self._db))
        ids = [number for account in there for number, _ in people.ties(self._db, account.id)]
        return [person for person in (people.get(self._db, number) for number in ids) if not person.blocked]

    def export(self, form: str) -> str:
        """The network as text: csv, json or vcard (RFC 6350). Raises Refused for another form."""
        found = self.connections_for_export()
        match form:
            case "csv":
                return _as_csv(found)
            case "json":
                return json.dumps([_plain(person) for person in found], ensure_ascii=False, indent=1) + "\n"
            case "vcf" | "vcard":
                return "".join(_as_vcard(person) for person in found)
            case _:
                raise Refused("unknown form", detail=form)


def _plain(person: Person) -> dict[str, object]:
    profile = person.profile
    return {
        "address": person.address,
        "network": network_of(person.address) if is_archived(person.address) else "",
        "name": person.shown_name,
        "headline": person.headline,
        "organisation": profile.organisation if profile else "",
        "location": profile.location if profile else "",
        "website": profile.website if profile else "",
        "interests": list(profile.interests) if profile else [],
        "since": person.stamp or (person.since.isoformat() if person.since else None),
        "connected": person.connected,
        "circles": list(person.circles),
        "private_note": person.private_note,
    }


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return guarded(text)


def _as_csv(found: list[Person]) -> str:
    out = io.StringIO()
    columns = [
        "address",
        "network",
        "name",
        "headline",
        "organisation",
        "location",
        "website",
        "interests",
        "since",
        "connected",
        "circles",
        "private_note",
    ]
    writer = csv.writer(out)
    writer.writerow(columns)
    for person in found:
        plain = _plain(person)
        writer.writerow([_cell(plain[column]) for column in columns])
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")


def _as_vcard(person: Person) -> str:
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_escaped(person.shown_name)}"]
    profile = person.profile
    if not is_archived(person.address):
        lines.append(f"IMPP:xmpp:{person.address}")
    elif profile and profile.website:
        lines.append(f"URL:{_escaped(profile.website)}")
    if person.headline:
        lines.append(f"TITLE:{_escaped(person.headline)}")
    if profile and profile.organisation:
        lines.append(f"ORG:{_escaped(profile.organisation)}")
    if profile and profile.email:
        lines.append(f"EMAIL:{_escaped(profile.email)}")
    if person.private_note:
        lines.append(f"NOTE:{_escaped(person.private_note)}")
    return "\r\n".join([*lines, "END:VCARD"]) + "\r\n"
