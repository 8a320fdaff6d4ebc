"""Privacy: audiences, who may ask, blocks, reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NewType

from netdesk.domain.people import FIELDS, AccountId, Address

BlockId = NewType("BlockId", int)


class Audience(StrEnum):
    """Who may see something, from the narrowest to the widest."""

    NOBODY = "nobody"
    CHOSEN = "chosen"
    CONNECTIONS = "connections"
    EVERYONE = "everyone"


AUDIENCE_ORDER: Final = tuple(Audience)


class WhoMayAsk(StrEnum):
    """Whose requests come to review; the others are filtered."""

    EVERYONE = "everyone"
    SHARED = "shared connection"
    DOMAINS = "domains"
    INVITED = "invited"
    NOBODY = "nobody"


TOPICS: Final = ("profile", "connections", "posts", "presence")
WRITTEN_TOPICS: Final = ("profile", "connections", "presence")  # no posts are written yet, so nobody gains any

DEFAULT_TOPICS: Final[Mapping[str, Audience]] = MappingProxyType(
    {
        "profile": Audience.EVERYONE,
        "connections": Audience.CONNECTIONS,
        "posts": Audience.CONNECTIONS,
        "presence": Audience.CONNECTIONS,
    }
)
DEFAULT_FIELDS: Final[Mapping[str, Audience]] = MappingProxyType(
    dict.fromkeys(FIELDS, Audience.CONNECTIONS)
    | {"name": Audience.EVERYONE, "headline": Audience.EVERYONE, "email": Audience.NOBODY, "phone": Audience.NOBODY}
)


def _audiences(values: Any, known: Mapping[str, Audience]) -> dict[str, Audience]:
    """The audiences in `values` for what is `known`; one that is no audience lets nobody see: fail closed."""
    if not isinstance(values, Mapping):
        return dict.fromkeys(known, Audience.NOBODY) if values is not None else {}
    return {key: Audience(values[key]) if values[key] in set(Audience) else Audience.NOBODY for key in known if key in values}


@dataclass(frozen=True, slots=True)
class Privacy:
    """The owner's choices for one account. Until `confirmed` (the first-run page) nothing is shown to anybody."""

    who_may_ask: WhoMayAsk = WhoMayAsk.EVERYONE
    domains: tuple[str, ...] = ()
    closed_until: datetime | None = None
    ask_for_note: bool = False
    spam_aside: bool = True
    reask_days: int = 90
    know_mutuals: bool = False
    topics: Mapping[str, Audience] = field(default_factory=lambda: DEFAULT_TOPICS)
    fields: Mapping[str, Audience] = field(default_factory=lambda: DEFAULT_FIELDS)
    chosen: frozenset[Address] = frozenset()
    confirmed: bool = False

    def with_topic(self, topic: str, audience: Audience) -> "Privacy":
        """The same choices with another audience for one topic."""
        return replace(self, topics=MappingProxyType(dict(self.topics) | {topic: audience}))

    def with_field(self, name: str, audience: Audience) -> "Privacy":
        """The same choices with another audience for one profile field."""
        return replace(self, fields=MappingProxyType(dict(self.fields) | {name: audience}))

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "who_may_ask": self.who_may_ask.value,
            "domains": list(self.domains),
            "closed_until": self.closed_until.isoformat() if self.closed_until else None,
            "ask_for_note": self.ask_for_note,
            "spam_aside": self.spam_aside,
            "reask_days": self.reask_days,
            "know_mutuals": self.know_mutuals,
            "topics": {key: value.value for key, value in self.topics.items()},
            "fields": {key: value.value for key, value in self.fields.items()},
            "chosen": sorted(self.chosen),
            "confirmed": self.confirmed,
        }

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> "Privacy":
        """The reverse of `as_dict`."""
        closed = values.get("closed_until")
        return Privacy(
            who_may_ask=WhoMayAsk(values.get("who_may_ask", "everyone")),
            domains=tuple(values.get("domains", ())),
            closed_until=datetime.fromisoformat(closed) if closed else None,
            ask_for_note=bool(values.get("ask_for_note", False)),
            spam_aside=bool(values.get("spam_aside", True)),
            reask_days=int(values.get("reask_days", 90)),
            know_mutuals=bool(values.get("know_mutuals", False)),
            topics=MappingProxyType(dict(DEFAULT_TOPICS) | _audiences(values.get("topics"), DEFAULT_TOPICS)),
            fields=MappingProxyType(dict(DEFAULT_FIELDS) | _audiences(values.get("fields"), DEFAULT_FIELDS)),
            chosen=frozenset(Address(one) for one in values.get("chosen", ())),
            confirmed=bool(values.get("confirmed", False)),
        )


@dataclass(frozen=True, slots=True)
class Block:
    """A person's address, or a whole domain when `target` holds no @; `tries` counts what they tried since."""

    id: BlockId
    account: AccountId
    target: str
    name: str
    reason: str
    at: datetime
    reported: bool
    tries: int
    last_try: datetime | None

    @property
    def whole_domain(self) -> bool:
        """Whether everyone of a domain is meant."""
        return "@" not in self.target


@dataclass(frozen=True, slots=True)
class MonthAccount:
    """What the rules did in the last 30 days. `filtered` counts each reason; `turned_away` are tries of blocked people."""

    arrived: int
    came_through: int
    filtered: Mapping[str, int]
    filtered_total: int
    turned_away: int
    answered: int
    median_answer_hours: float | None
