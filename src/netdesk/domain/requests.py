"""Requests: incoming and outgoing, their states, drafts, templates, invitations, introductions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from netdesk.domain.people import AccountId, Address, PersonId

IncomingId = NewType("IncomingId", int)
OutgoingId = NewType("OutgoingId", int)
HoldId = NewType("HoldId", int)
TemplateId = NewType("TemplateId", int)
InvitationId = NewType("InvitationId", int)
IntroductionId = NewType("IntroductionId", int)

NOTE_LENGTH: Final = 300


class Incoming(StrEnum):
    """Where an incoming request stands (product.md §3)."""

    TO_REVIEW = "to review"
    FILTERED = "filtered"
    LATER = "later"
    ACCEPTED = "accepted"
    FOLLOWING = "following"
    DECLINED = "declined"
    IGNORED = "ignored"
    BLOCKED = "blocked"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"  # of an archive: it does not say what came of it


OPEN_INCOMING: Final = (Incoming.TO_REVIEW, Incoming.FILTERED, Incoming.LATER)


class Outgoing(StrEnum):
    """Where an outgoing request stands (product.md §4)."""

    DRAFT = "draft"
    HELD = "held"
    QUEUED = "queued"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    NO_ANSWER = "no answer"
    REFUSED = "refused"
    UNKNOWN = "unknown"


OPEN_OUTGOING: Final = (Outgoing.HELD, Outgoing.QUEUED, Outgoing.WAITING)


class Answer(StrEnum):
    """What the owner can say to an incoming request."""

    ACCEPT = "accept"
    FOLLOW = "follow"
    DECLINE = "decline"
    IGNORE = "ignore"
    BLOCK = "block"
    REPORT = "report"
    LATER = "later"


class ReportReason(StrEnum):
    """Why somebody is reported (XEP-0377: spam, abuse)."""

    SPAM = "spam"
    ABUSE = "abuse"


@dataclass(frozen=True, slots=True)
class Chip:
    """A strong fact in one or two words; `tone` is good, bad, caution, accent or plain; `params` fill its sentence."""

    name: str
    tone: str
    params: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncomingRow:
    """One row of the incoming lists. `stamp` is its time as an archive wrote it, empty for live ones."""

    id: IncomingId
    person: PersonId
    account: AccountId
    address: Address
    name: str
    headline: str
    note: str
    state: Incoming
    arrived_at: datetime
    reasons: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    score: int = 0
    later_until: datetime | None = None
    answered_at: datetime | None = None
    picture: bytes = b""
    same_note: int = 0
    mutual: tuple[Address, ...] | None = None
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """One row of the sent lists. `until` is when a queued one may go; `hold_until` the end of the undo time."""

    id: OutgoingId
    person: PersonId
    account: AccountId
    address: Address
    name: str
    headline: str
    note: str
    state: Outgoing
    created_at: datetime
    sent_at: datetime | None = None
    ended_at: datetime | None = None
    until: datetime | None = None
    hold_until: datetime | None = None
    remind_at: datetime | None = None
    followed_up_at: datetime | None = None
    why: str = ""
    picture: bytes = b""
    mutual: int | None = None
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a history: what happened when. `kind` is a word that ui/texts.py knows."""

    at: datetime
    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """An act that can still be taken back. `kind` names the act, `count` how many it touched, `name` the one if one."""

    id: HoldId
    kind: str
    until: datetime
    count: int
    name: str


@dataclass(frozen=True, slots=True)
class Template:
    """A note with places to fill: {name}, {first}, {mutual}, {interest}, {me}."""

    id: TemplateId
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that lets people in without a request. `left` uses remain; None means no limit."""

    id: InvitationId
    account: AccountId
    address: Address
    token: str
    label: str
    made_at: datetime
    expires_at: datetime | None
    left: int | None
    used: int
    revoked: bool

    def link(self) -> str:
        """The link, as XEP-0379 §3 writes it."""
        return f"xmpp:{self.address}?roster;preauth={self.token}"


@dataclass(frozen=True, slots=True)
class Introduction:
    """Somebody puts two people in touch. `role`: 'asked of me' (I choose), 'for me' (somebody introduces a person to me),
    'i asked' (waiting for the mutual connection)."""

    id: IntroductionId
    account: AccountId
    role: str
    via: Address
    who: Address
    whom: Address
    note: str
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class SentFigures:
    """The owner's own figures, from her own history only. `answered` are those that were accepted, declined or got no answer in time;
    those with and without a note are counted among them."""

    sent: int
    answered: int
    accepted: int
    with_note: int
    with_note_accepted: int
    without_note: int
    without_note_accepted: int
    median_wait_hours: float | None
    day_used: int
    day_limit: int
    week_used: int
    week_limit: int
    waiting: int
    waiting_limit: int


@dataclass(frozen=True, slots=True)
class IncomingQuery:
    """Which incoming requests a list shows. `place`: review, later, filtered, answered; `order`: relevant, newest, oldest, mutual."""

    place: str = "review"
    order: str = "relevant"
    account: AccountId | None = None


@dataclass(frozen=True, slots=True)
class OutgoingQuery:
    """Which sent requests a list shows. `place`: drafts, waiting, accepted, ended."""

    place: str = "waiting"
    account: AccountId | None = None
