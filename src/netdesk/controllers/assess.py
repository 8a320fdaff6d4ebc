"""Assessing a request: gathers the facts, lets the rules judge, keeps what the list shows."""

from collections.abc import Iterable
from datetime import timedelta

from netdesk.domain.names import fold
from netdesk.domain.people import AccountId, Mutual, Person, PersonId, domain_of
from netdesk.domain.requests import IncomingId, IncomingRow
from netdesk.domain.rules.evidence import Evidence, Facts, History, chips, evidence
from netdesk.domain.rules.lookalike import skeleton
from netdesk.domain.rules.numbers import BURST_WINDOW
from netdesk.store import accounts, graph, history, incoming, outgoing, people
from netdesk.store.database import Database


def mutual_of(db: Database, account: AccountId, person: PersonId) -> tuple[Mutual, ...] | None:
    """The connections who list this person; None when that cannot be known: the switch is off, or nobody shares a list."""
    if not accounts.privacy(db, account).know_mutuals:
        return None
    found = graph.mutual(db, person)
    if found or graph.shares_any(db, account):
        return found
    return None


def _named(address: str, name: str) -> str:
    return f"{name} ({address})" if name else address


def _lookalike(db: Database, person: Person) -> tuple[str, str]:
    """Whose address this one looks like, and whose name this one bears, among the connections."""
    alike = [
        _named(address, name)
        for address, name in people.with_look(db, skeleton(person.address), of_address=True, connected=True)
        if address != person.address
    ]
    same = [
        _named(address, name)
        for address, name in people.with_look(db, people.look_of(person.name, person.address), of_address=False, connected=True)
        if address != person.address and person.name and name
    ]
    return alike[0] if alike else "", same[0] if same else ""


def _like_blocked(db: Database, person: Person, same_note: list[PersonId]) -> str:
    """Whom, among the blocked, this request recalls: by a look-alike address or name, or by the same note."""
    by_address = people.with_look(db, skeleton(person.address), of_address=True, connected=False)
    by_name = people.with_look(db, people.look_of(person.name, person.address), of_address=False, connected=False)
    for address, name in (*by_address, *(by_name if person.name else ())):
        if address != person.address:
            return _named(address, name)
    blocked = people.first_blocked(db, same_note[:200])
    return _named(*blocked) if blocked is not None else ""


def _history(db: Database, person: Person, before: IncomingId) -> History:
    past = incoming.history_of(db, person.id, before)
    asked = [row for row in outgoing.all_of(db, person.id) if row.sent_at is not None]
    removed = history.last_of(db, person.id, "removed", "removed by them")
    return History(
        earlier_requests=past.earlier_requests,
        declined=past.declined,
        ignored=past.ignored,
        withdrawn=past.withdrawn,
        last_no=past.last_no,
        was_connected=removed is not None,
        i_asked=len(asked),
        was_blocked=past.was_blocked,
    )


def facts_of(db: Database, row: IncomingRow) -> Facts:
    """All that is known about a request."""
    person = people.get(db, row.person)
    mine = accounts.profile(db, row.account)
    privacy = accounts.privacy(db, row.account)
    same = incoming.with_same_note(db, row.note, row.person)
    lookalike, name_taken = _lookalike(db, person)
    marks = people.marks(db, row.person)
    return Facts(
        name=person.name,
        address=person.address,
        headline=person.headline,
        note=row.note,
        arrived_at=row.arrived_at,
        profile=person.profile,
        mutual=mutual_of(db, row.account, row.person),
        my_interests=mine.interests,
        my_organisation=mine.organisation,
        known_since=person.known_since,
        trust=person.trust,
        history=_history(db, person, row.id),
        same_note_people=len({number for _, number, _ in same}),
        same_note_accounts=len({account for _, _, account in same} | {row.account}) if same else 0,
        burst=incoming.burst(db, domain_of(person.address), row.arrived_at - BURST_WINDOW, row.arrived_at + BURST_WINDOW),
        lookalike_of=lookalike,
        takes_name_of="" if lookalike and fold(lookalike) == fold(name_taken) else name_taken,
        like_blocked=_like_blocked(db, person, [number for _, number, _ in same]),
        liked=marks.liked,
        commented=marks.commented,
        introduced_by=marks.introduced_by,
        reask=timedelta(days=privacy.reask_days),
    )


def assess(db: Database, row: IncomingRow) -> Evidence:
    """The evidence for a request, kept with it for the list."""
    facts = facts_of(db, row)
    found = evidence(facts)
    told = chips(found)
    if (row.score, row.chips, row.same_note) != (found.score, told, facts.same_note_people):
        incoming.weigh(db, row.id, found.score, told, len(facts.mutual or ()), facts.same_note_people)
    return found


def assess_again(db: Database, account: AccountId, whom: Iterable[PersonId] | None = None) -> list[IncomingId]:
    """Assess the requests that wait, of these people or of all, after something about them has changed."""
    ids = incoming.open_ids(db, account, whom)
    for number in ids:
        assess(db, incoming.get(db, number))
    return ids
