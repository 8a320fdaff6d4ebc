"""Events: what a network reports, past tense; they enter only through controllers/inbox.py."""

from dataclasses import dataclass
from datetime import datetime

from netdesk.domain.orders import Order, OrderId
from netdesk.domain.people import AccountId, Address, Profile, Tie


@dataclass(frozen=True, slots=True)
class WentOnline:
    """The session stands; what is untold may be told."""


@dataclass(frozen=True, slots=True)
class WentOffline:
    """The session is gone; `reason` is a word that ui/texts.py knows."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class ArrivedRequest:
    """One request as the network delivered it. `known_since` is the age of the asking account, `trust` how far their
    server trusts it, of 100, both where it tells; `ignored` what another
    device of the owner has made of it: True ignored, False reopened, None neither."""

    address: Address
    name: str
    note: str
    arrived_at: datetime
    headline: str = ""
    token: str = ""
    known_since: datetime | None = None
    ignored: bool | None = None
    trust: int | None = None


@dataclass(frozen=True, slots=True)
class RequestsArrived:
    """Requests that wait for an answer, at most 500 in one event; `snapshot` when the server tells all that wait, as at a login."""

    requests: tuple[ArrivedRequest, ...]
    snapshot: bool = False


@dataclass(frozen=True, slots=True)
class UnreadableWait:
    """From these addresses, which this app cannot read, requests wait; all of them, as they came, at most 1,000."""

    senders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServerKnows:
    """What the server holds at a login, to compare with the desk: whose requests wait for me, whom I asked, whom I block."""

    waiting: frozenset[Address]
    asked: frozenset[Address]
    blocked: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class FollowUpArrived:
    """Somebody who waits for my answer wrote once more."""

    address: Address
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestsWithdrawn:
    """The senders took these back; a request that was made after `asked_at`, where that is known, is another one and stays."""

    addresses: tuple[Address, ...]
    at: datetime
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RequestAnswered:
    """My request was answered: `answer` is accepted or declined."""

    address: Address
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestBounced:
    """My request came back after the server had taken it: there is nobody at `address`, or nobody can be reached there."""

    address: Address
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderCameBack:
    """My server had taken what this order says, and could not deliver it: the other server cannot be reached, or nobody is there."""

    order: Order
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TiesChanged:
    """Ties as the server has them now; `complete` when it is the whole list, so that what is missing is gone."""

    ties: tuple[Tie, ...]
    complete: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ProfileArrived:
    """What somebody lets me see of their profile."""

    address: Address
    profile: Profile
    known_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A name on a connection's shared list."""

    address: Address
    name: str
    headline: str = ""


@dataclass(frozen=True, slots=True)
class ListArrived:
    """A part of the list that `owner` shares with me: part `part` (from 1) of `parts`."""

    owner: Address
    listed: tuple[ListedPerson, ...]
    part: int
    parts: int


@dataclass(frozen=True, slots=True)
class ListGone:
    """`owner` shares no list with me (any more)."""

    owner: Address


@dataclass(frozen=True, slots=True)
class IntroductionAsked:
    """`who` asks me to introduce them to `whom`, whom I know."""

    who: Address
    whom: Address
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IntroductionArrived:
    """`via`, a connection of mine, introduces `who` to me."""

    via: Address
    who: Address
    who_name: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IntroductionAnswered:
    """`via` did, or would not, introduce me to `whom`."""

    via: Address
    whom: Address
    made: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Engaged:
    """Somebody liked, commented on or shared a post of mine."""

    address: Address
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TriesCounted:
    """The server turned blocked people away: how often, by target of the block."""

    target: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderConfirmed:
    """The server has done what order `order` said."""

    order: OrderId
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderRefused:
    """The server will not do it; `retry_at` is when to try again, None for never."""

    order: OrderId
    reason: str
    retry_at: datetime | None
    at: datetime


Event = (
    WentOnline | WentOffline | RequestsArrived | ServerKnows | FollowUpArrived | RequestsWithdrawn | RequestAnswered | RequestBounced
    | OrderCameBack | UnreadableWait | TiesChanged
    | ProfileArrived | ListArrived | ListGone | IntroductionAsked | IntroductionArrived | IntroductionAnswered | Engaged
    | TriesCounted | OrderConfirmed | OrderRefused
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delivery:
    """Events of one account in their order, taken in one transaction; `cursor` is written with them, so none is taken twice."""

    account: AccountId
    events: tuple[Event, ...]
    cursor: int | None = None
