"""People: accounts, addresses, profiles, ties."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Generic, NewType, TypeVar

from netdesk.domain.errors import Unreadable

AccountId = NewType("AccountId", int)
PersonId = NewType("PersonId", int)
CircleId = NewType("CircleId", int)
Address = NewType("Address", str)
Row = TypeVar("Row")

_ADDRESS: Final = re.compile(r"[^\s@/\"&'<>:\x00-\x20\x7f]{1,255}@[^\s@/\"&'<>:\x00-\x20\x7f]{1,255}")
_DOTS: Final = re.compile(r"^\.|\.\.|\.$|\.@|@\.")
_DOMAIN: Final = re.compile(r"[^\s@/\"&'<>:\x00-\x20\x7f]{1,255}")


def parse_address(text: str) -> Address:
    """The address in `text` (`local@domain`, RFC 7622 without a resource), in lower case; raises Unreadable."""
    bare = text.strip().removeprefix("xmpp:").split("?")[0].split("/")[0].lower()
    if not _ADDRESS.fullmatch(bare) or _DOTS.search(bare) or not bare.isprintable() or not _encodable(bare):
        raise Unreadable("address", detail=text[:80])
    return Address(bare)


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def parse_domain(text: str) -> str:
    """The domain in `text`, with or without a leading @, in lower case; raises Unreadable."""
    bare = text.strip().removeprefix("*").removeprefix("@").lower().rstrip(".")
    if not _DOMAIN.fullmatch(bare) or ("." not in bare and not text.strip().startswith("@")) or not bare.isprintable():
        raise Unreadable("domain", detail=text[:80])
    return bare


def domain_of(address: str) -> str:
    """The part behind the @."""
    return address.rpartition("@")[2]


class Relation(StrEnum):
    """What somebody is to the owner, as far as privacy asks (product.md §5)."""

    STRANGER = "stranger"
    PENDING_IN = "pending in"
    PENDING_OUT = "pending out"
    FOLLOWER = "follower"
    CONNECTION = "connection"
    DECLINED = "declined"
    REMOVED = "removed"
    BLOCKED = "blocked"


FIELDS: Final = (
    "name", "headline", "about", "organisation", "location", "website", "interests", "picture", "email", "phone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person says of themselves; an empty field is unsaid. `picture` is PNG or JPEG data."""

    name: str = ""
    headline: str = ""
    about: str = ""
    organisation: str = ""
    location: str = ""
    website: str = ""
    interests: tuple[str, ...] = ()
    picture: bytes = b""
    email: str = ""
    phone: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The fields as plain JSON values; the picture as hexadecimal digits."""
        values: dict[str, Any] = {name: getattr(self, name) for name in FIELDS}
        values["interests"] = list(self.interests)
        values["picture"] = self.picture.hex()
        return values

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> "Profile":
        """The reverse of `as_dict`; fields that are missing or of another kind are unsaid."""
        known: dict[str, Any] = {}
        for item in fields(Profile):
            value = values.get(item.name)
            if item.name == "interests":
                known["interests"] = tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()
            elif item.name == "picture":
                known["picture"] = _from_hex(value)
            else:
                known[item.name] = value if isinstance(value, str) else ""
        return Profile(**known)


def _from_hex(value: object) -> bytes:
    try:
        return bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        return b""


@dataclass(frozen=True, slots=True)
class Account:
    """An identity of the owner on a network; `created_at` is when the network's account was made, where known."""

    id: AccountId
    network: str
    address: Address
    created_at: datetime
    place: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """What connects the owner to an address: both directions make a connection, one is a follow."""

    address: Address
    name: str = ""
    i_follow: bool = False
    follows_me: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody an account knows of. `profile` is None while nothing was read; `known_since` is the age of their account,
    `stamp` is `since` as an archive wrote it, `trust` how far their own server trusts it, of 100, where it tells."""

    id: PersonId
    account: AccountId
    address: Address
    name: str
    headline: str = ""
    profile: Profile | None = None
    i_follow: bool = False
    follows_me: bool = False
    since: datetime | None = None
    known_since: datetime | None = None
    private_note: str = ""
    circles: tuple[str, ...] = ()
    keep_in_touch_days: int = 0
    last_contact: datetime | None = None
    blocked: bool = False
    trust: int | None = None
    stamp: str = ""

    @property
    def connected(self) -> bool:
        """Both said yes."""
        return self.i_follow and self.follows_me

    @property
    def shown_name(self) -> str:
        """The name, or the part of the address before the @ when none was given."""
        return self.name or self.address.partition("@")[0]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row of a list of people; `mutual` is the number of my connections who list them, None when not known."""

    id: PersonId
    account: AccountId
    address: Address
    name: str
    headline: str
    since: datetime | None
    connected: bool
    i_follow: bool
    follows_me: bool
    private_note: str = ""
    circles: tuple[str, ...] = ()
    mutual: int | None = None
    mutual_names: tuple[str, ...] = ()
    picture: bytes = b""
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Mutual:
    """A person whom the owner and somebody else both know."""

    person: PersonId
    address: Address
    name: str


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """Which people a list shows. `kind`: connections, follows, followers, suggested."""

    kind: str = "connections"
    text: str = ""
    circle: str = ""
    account: AccountId | None = None
    order: str = "recent"
    quiet_since: datetime | None = None
    incomplete: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    """A group of connections that the owner keeps for herself."""

    id: CircleId
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Window(Generic[Row]):
    """A stretch of a list: `rows` from place `start` of `total`."""

    total: int
    start: int
    rows: tuple[Row, ...] = field(default=())
