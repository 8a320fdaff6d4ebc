"""Changes: what a job changed, by kind; the one thing that tells the screen to look again."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of things that a view may care about."""

    ACCOUNTS = "accounts"
    PEOPLE = "people"
    INCOMING = "incoming"
    SENT = "sent"
    HOLDS = "holds"
    PRIVACY = "privacy"
    PROFILE = "profile"
    INTRODUCTIONS = "introductions"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the owner is told by a desktop notification. `kind`: asks, accepted, introduction, reminder, not sent; `name` of whom."""

    kind: str
    name: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids that changed, by kind; an empty set under a kind means 'something of this kind'.

    For the desk: `to_look_at` are people whose profile is to be read, `to_compare` accounts whose server is to say again what it holds.
    """

    ids: dict[Kind, frozenset[int]] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    to_look_at: tuple[tuple[int, str], ...] = ()
    to_compare: frozenset[int] = frozenset()

    def __or__(self, other: "Changes") -> "Changes":
        merged = {kind: self.ids.get(kind, frozenset()) | other.ids.get(kind, frozenset()) for kind in {**self.ids, **other.ids}}
        return Changes(merged, self.notices + other.notices, self.to_look_at + other.to_look_at, self.to_compare | other.to_compare)

    def __bool__(self) -> bool:
        return bool(self.ids or self.notices or self.to_look_at or self.to_compare)

    def touches(self, *kinds: Kind) -> bool:
        """Whether anything of one of these kinds changed."""
        return any(kind in self.ids for kind in kinds)


NOTHING = Changes()


def changed(*kinds: Kind, **ids: int) -> Changes:
    """Changes of whole kinds, and of single ids given as kind=id."""
    found: dict[Kind, frozenset[int]] = {kind: frozenset() for kind in kinds}
    found |= {Kind(kind): frozenset({number}) for kind, number in ids.items()}
    return Changes(found)
