"""What an archive of another network holds, in one shape for all of them.

Times are text, as strong as they were written: an instant (`2024-03-01T09:00:00Z`), a wall clock without a zone (`2024-03-01T09:00:00`), or a
date (`2024-03-01`); None is unknown. A list that was not exported is not the same as one that is empty: `Archive.exported` tells.
"""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NewType

from netdesk.domain.people import AccountId

Stamp = NewType("Stamp", str)

LABELS: Final = {
    "linkedin": "LinkedIn",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "x": "X",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
}
NETWORKS: Final = tuple(LABELS)
LISTS: Final = ("connections", "requests in", "requests out", "follows out", "follows in", "blocks", "removed")


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as the network names them. `id` is the network's number, `handle` the name in an address, `url` the profile's page."""

    id: str | None = None
    handle: str | None = None
    name: str | None = None
    headline: str | None = None
    company: str | None = None
    url: str | None = None
    email: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """The fields by name."""
        names = ("id", "handle", "name", "headline", "company", "url", "email")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class ArchivedConnection:
    """A tie in both directions; `note` is the owner's own."""

    person: Someone
    since: Stamp | None = None
    note: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return {"person": self.person.as_dict(), "since": self.since, "note": self.note}


@dataclass(frozen=True, slots=True)
class ArchivedFollow:
    """A tie in one direction: `out` the owner follows, `in` they follow her."""

    person: Someone
    direction: str
    since: Stamp | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return {"person": self.person.as_dict(), "direction": self.direction, "since": self.since}


@dataclass(frozen=True, slots=True)
class ArchivedRequest:
    """A request, `in` or `out`; `status`: pending, accepted, declined, withdrawn, unknown."""

    person: Someone
    direction: str
    sent_at: Stamp | None = None
    note: str | None = None
    status: str = "pending"

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return {
            "person": self.person.as_dict(), "direction": self.direction, "sent_at": self.sent_at, "note": self.note, "status": self.status,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArchivedBlock:
    """Whom the owner has shut out there; `kind`: block, mute, restrict, hide_story, messenger, domain."""

    person: Someone
    kind: str
    since: Stamp | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return {"person": self.person.as_dict(), "kind": self.kind, "since": self.since}


@dataclass(frozen=True, slots=True)
class ArchivedRemoval:
    """A tie that was; `kind`: unfriended, unfollowed."""

    person: Someone
    kind: str
    at: Stamp | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return {"person": self.person.as_dict(), "kind": self.kind, "at": self.at}


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in the archive that the owner should know. `kind` is a word that has a sentence; `file` and `count` fill it."""

    kind: str
    file: str = ""
    count: int = 0


@dataclass(slots=True)
class Archive:
    """All that one archive says of one account. `exported` names the lists (LISTS) that it has, empty or not; `made` is when it was made."""

    network: str
    owner: Someone | None = None
    privacy: dict[str, Any] = field(default_factory=dict)
    connections: list[ArchivedConnection] = field(default_factory=list)
    requests: list[ArchivedRequest] = field(default_factory=list)
    follows: list[ArchivedFollow] = field(default_factory=list)
    blocks: list[ArchivedBlock] = field(default_factory=list)
    removed: list[ArchivedRemoval] = field(default_factory=list)
    hidden_rows: int = 0
    exported: set[str] = field(default_factory=set)
    oddities: list[Oddity] = field(default_factory=list)
    made: Stamp | None = None
    _packed: bytes = b""

    def packed(self) -> bytes:
        """The whole archive as it is kept; made once, so that it can be made on the thread that reads."""
        if not self._packed:
            self._packed = zlib.compress("\n".join(archive_to_lines(self)).encode("utf-8"), 1)
        return self._packed

    def counts(self) -> dict[str, Any]:
        """How many of each there are."""
        ways = {way: Counter(one.status for one in self.requests if one.direction == way) for way in ("in", "out")}
        out = {key_of(one.person) for one in self.follows if one.direction == "out"}
        both = {key_of(one.person) for one in self.follows if one.direction == "in"} & out - {None}
        return {
            "connections": len(self.connections),
            "requests_in": dict(ways["in"]),
            "requests_out": dict(ways["out"]),
            "follows_out": sum(one.direction == "out" for one in self.follows),
            "follows_in": sum(one.direction == "in" for one in self.follows),
            "mutual_follows": len(both),
            "blocks": dict(Counter(one.kind for one in self.blocks)),
            "removed": len(self.removed),
            "hidden_rows": self.hidden_rows,
        }

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every list."""
        return {name: [one.as_dict() for one in getattr(self, name)] for name in _SHAPES}


@dataclass(frozen=True, slots=True)
class Import:
    """An import that was made. `told` is what it changed."""

    id: int
    account: AccountId
    at: datetime
    files: str
    told: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ShutOutThere:
    """Somebody, or a server, whom the owner has shut out on another network."""

    name: str
    kind: str
    stamp: str


_JSON: Final = json.JSONEncoder(ensure_ascii=False)
_SHAPES: Final[dict[str, Any]] = {
    "connections": ArchivedConnection, "requests": ArchivedRequest, "follows": ArchivedFollow, "blocks": ArchivedBlock, "removed": ArchivedRemoval,
}  # fmt: skip


def archive_to_lines(archive: Archive) -> Iterator[str]:
    """The archive as JSON, a row a line: made or read in one piece it would hold up every other thread."""
    owner = archive.owner.as_dict() if archive.owner is not None else None
    yield _JSON.encode({"network": archive.network, "owner": owner, "privacy": archive.privacy, "hidden_rows": archive.hidden_rows,
                        "exported": sorted(archive.exported), "made": archive.made})  # fmt: skip
    for name in _SHAPES:
        for row in getattr(archive, name):
            yield _JSON.encode([name, row.as_dict()])


def archive_from_lines(lines: Iterable[str]) -> Archive:
    """The reverse of `archive_to_lines`."""
    rows = iter(lines)
    head = json.loads(next(rows))
    made = Archive(head["network"], Someone(**head["owner"]) if head["owner"] is not None else None, head["privacy"])
    made.hidden_rows, made.exported, made.made = head["hidden_rows"], set(head["exported"]), head["made"]
    for line in rows:
        name, row = json.loads(line)
        getattr(made, name).append(_SHAPES[name](**(row | {"person": Someone(**row["person"])})))
    return made


def unpacked(content: bytes) -> Archive:
    """The reverse of `Archive.packed`."""
    return archive_from_lines(zlib.decompress(content).decode("utf-8").split("\n"))


def key_of(person: Someone) -> str | None:
    """By what the network itself tells people apart: its number, else the handle. Never the name: two may have one."""
    if person.id is not None:
        return f"#{person.id}"
    return person.handle.casefold() if person.handle is not None else None
