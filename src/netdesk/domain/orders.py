"""Orders: what a network is to be told; each is written to the outbox and told exactly once."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, NewType

from netdesk.domain.people import Address

OrderId = NewType("OrderId", str)


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask `address` to connect."""

    address: Address
    note: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Write once more to somebody whose answer is awaited."""

    address: Address
    note: str


@dataclass(frozen=True, slots=True)
class Accept:
    """Connect both ways."""

    address: Address


@dataclass(frozen=True, slots=True)
class LetFollow:
    """Let them follow, one way."""

    address: Address


@dataclass(frozen=True, slots=True)
class Decline:
    """Say no; the sender's program is told."""

    address: Address


@dataclass(frozen=True, slots=True)
class DeclineUnreadable:
    """Say no to requests from addresses that cannot be read; `senders` as they came."""

    senders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TellIgnored:
    """Tell the owner's other devices, and nobody else, whose requests she ignored, and whose she opened again."""

    ignored: tuple[Address, ...]
    opened: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take my request back."""

    address: Address


@dataclass(frozen=True, slots=True)
class Remove:
    """End a tie, both directions."""

    address: Address


@dataclass(frozen=True, slots=True)
class Block:
    """Shut out an address, or a domain when there is no @ in it."""

    target: str


@dataclass(frozen=True, slots=True)
class Unblock:
    """Let an address or domain try again."""

    target: str


@dataclass(frozen=True, slots=True)
class Report:
    """Tell the server why somebody was shut out, with the note they sent. `category`: spam or abuse."""

    target: str
    category: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class PublishProfile:
    """Publish the profile (JSON of Profile.as_dict) with an audience for each field and topic."""

    profile: str
    audiences: str
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareList:
    """Share the list of my connections, or stop. The network sends it in parts and keeps it current."""

    shared: bool


@dataclass(frozen=True, slots=True)
class AskIntroduction:
    """Ask `via` to introduce me to `whom`."""

    via: Address
    whom: Address
    note: str


@dataclass(frozen=True, slots=True)
class AnswerIntroduction:
    """Introduce `who` to `whom`, or say no to `who`."""

    who: Address
    whom: Address
    note: str
    made: bool


Order = (
    Ask | FollowUp | Accept | LetFollow | Decline | Withdraw | Remove | Block | Unblock | Report | PublishProfile | ShareList
    | AskIntroduction | AnswerIntroduction | TellIgnored | DeclineUnreadable
)  # fmt: skip

_KINDS: Final[dict[str, type[Any]]] = {
    kind.__name__: kind
    for kind in (
        Ask, FollowUp, Accept, LetFollow, Decline, Withdraw, Remove, Block, Unblock, Report, PublishProfile, ShareList,
        AskIntroduction, AnswerIntroduction, TellIgnored, DeclineUnreadable,
    )
}  # fmt: skip


def order_to_json(order: Order) -> tuple[str, str]:
    """The kind and the rest of an order, for the outbox table."""
    return type(order).__name__, json.dumps(asdict(order), ensure_ascii=False)


def order_from_json(kind: str, text: str) -> Order:
    """The reverse of `order_to_json`; raises KeyError for a kind that is not known."""
    values = json.loads(text)
    cls = _KINDS[kind]
    known = {item.name: values[item.name] for item in fields(cls) if item.name in values}
    known = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    order: Order = cls(**known)
    return order


def target_of(order: Order) -> str:
    """The address or domain that an order is about; empty for those about the owner."""
    match order:
        case Block(target=target) | Unblock(target=target) | Report(target=target):
            return target
        case AskIntroduction(via=via):
            return via
        case AnswerIntroduction(who=who):
            return who
        case PublishProfile() | ShareList() | TellIgnored() | DeclineUnreadable():
            return ""
        case _:
            return order.address
