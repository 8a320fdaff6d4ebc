"""Cards: all that a page shows about one request, one person or one message to be written."""

from dataclasses import dataclass
from datetime import datetime

from netdesk.domain.people import Account, Mutual, Person, PersonRow, Profile, Relation
from netdesk.domain.requests import IncomingRow, Introduction, Moment, OutgoingRow, Template
from netdesk.domain.rules.etiquette import Budget, Verdict
from netdesk.domain.rules.evidence import Evidence


@dataclass(frozen=True, slots=True)
class RequestCard:
    """An incoming request with its evidence. `mutual` is None when not known; `gains` is what accepting reveals; `under` is how many
    requests of its burst wait under it."""

    row: IncomingRow
    person: Person
    evidence: Evidence
    mutual: tuple[Mutual, ...] | None
    gains: tuple[str, ...]
    history: tuple[Moment, ...]
    same_note_open: int
    introduced_by: str
    under: int = 0


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person of the network, or one who was found or suggested. `same` are they on other accounts, by the owner's word; `perhaps` who may be."""

    person: Person
    relation: Relation
    mutual: tuple[Mutual, ...] | None
    shared_interests: tuple[str, ...]
    completeness: int | None
    history: tuple[Moment, ...]
    incoming: IncomingRow | None
    outgoing: OutgoingRow | None
    introductions: tuple[Introduction, ...] = ()
    same: tuple[PersonRow, ...] = ()
    perhaps: tuple[PersonRow, ...] = ()


@dataclass(frozen=True, slots=True)
class SentCard:
    """A sent request with what happened, and who could introduce the owner."""

    row: OutgoingRow
    person: Person
    mutual: tuple[Mutual, ...] | None
    history: tuple[Moment, ...]
    follow_up: Verdict


@dataclass(frozen=True, slots=True)
class Composing:
    """What the composer shows: to whom, what could make it personal, whether it may be sent."""

    account: Account
    person: Person
    mutual: tuple[Mutual, ...] | None
    shared_interests: tuple[str, ...]
    verdict: Verdict
    budget: Budget
    my_name: str
    my_completeness: int
    draft: OutgoingRow | None
    templates: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account of the owner with its state: online, offline, or the reason why not."""

    account: Account
    name: str
    picture: bytes
    online: bool
    trouble: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One result of the search over people and requests; `what` is person, incoming or sent, `number` its id."""

    what: str
    number: int
    person: int
    name: str
    address: str
    headline: str
    state: str
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class SeenAs:
    """The owner's profile as somebody sees it, and the topics they see; `told` when the network knows of it."""

    relation: Relation
    profile: Profile
    topics: tuple[str, ...]
    told: bool = True


@dataclass(frozen=True, slots=True)
class BackupFile:
    """An automatic backup."""

    path: str
    at: datetime
