"""What an archive makes of the desk: people by what their network tells them apart by, their ties, requests and blocks.

Pure: the same archive gives the same, so that a newer export is compared with an older one person by person.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final

from netdesk.domain.archive import LABELS, Archive, Someone, Stamp, key_of
from netdesk.domain.errors import Refused
from netdesk.domain.names import fold
from netdesk.domain.people import Address, domain_of

_SLUG: Final = 40
MARK: Final = ":"  # before the network in an address of an archive: no address that can be reached has one there (RFC 7622 §3.3.1)


@dataclass(slots=True)
class Wanted:
    """One person as the archive shows them. `tie`: 1 I follow, 2 they follow me; `gone` is how and when a tie ended."""

    address: Address
    person: Someone
    tie: int = 0
    since: Stamp | None = None
    note: str = ""
    gone: tuple[str, Stamp | None] | None = None


@dataclass(frozen=True, slots=True)
class WantedRequest:
    """One request; `status` as in domain/archive.py."""

    address: Address
    direction: str
    stamp: str
    note: str
    status: str


@dataclass(frozen=True, slots=True)
class WantedBlock:
    """Somebody, or a domain, whom the owner has shut out there."""

    address: Address
    name: str
    kind: str
    stamp: str


@dataclass(slots=True)
class Plan:
    """All that the desk shows of an archive."""

    people: dict[Address, Wanted] = field(default_factory=dict)
    requests: list[WantedRequest] = field(default_factory=list)
    blocks: list[WantedBlock] = field(default_factory=list)


def is_archived(address: str) -> bool:
    """Whether an address is of somebody whom an archive names: nothing can be told there, and nobody is reached."""
    return domain_of(address).startswith(MARK)


def network_of(address: str) -> str:
    """The network of such an address."""
    return domain_of(address).removeprefix(MARK)


def not_from_here(address: str) -> Refused:
    """Why something cannot be done to somebody, or a whole network, of an archive: nothing is told there, the owner does it on the site."""
    return Refused("archive only", detail=LABELS[network_of(address)])


def refuse_archived(address: str) -> None:
    """Raises Refused (`not_from_here`) for what an archive names."""
    if is_archived(address):
        raise not_from_here(address)


def _slug(name: str | None) -> str:
    """A name as a part of an address: its letters and digits, folded."""
    return "-".join("".join(c if c.isalnum() else " " for c in fold(name or "")).split())[:_SLUG]


def owner_address(archive: Archive) -> Address:
    """By what the account stands on the desk; `me@` where the archive does not say whose it is."""
    owner = archive.owner or Someone()
    return Address(f"{owner.handle or owner.id or _slug(owner.name) or 'me'}@{MARK}{archive.network}".lower())


def _stamps_of(archive: Archive) -> Iterator[tuple[str, Stamp | None]]:
    """Every time in an archive, with the list it stands in."""
    yield from (("connections", one.since) for one in archive.connections)
    yield from ((f"requests {one.direction}", one.sent_at) for one in archive.requests)
    yield from ((f"follows {one.direction}", one.since) for one in archive.follows)
    yield from (("blocks", one.since) for one in archive.blocks)
    yield from (("removed", one.at) for one in archive.removed)


def is_older(archive: Archive, there: Archive, now: datetime) -> bool:
    """Whether an archive is older than what is there: made earlier, else with nothing so late in the lists that both have. Times that lie ahead
    say nothing; where no time tells, it is not."""
    if archive.made is not None and there.made is not None:
        return archive.made < there.made
    shared = archive.exported & there.exported

    def latest(one: Archive) -> datetime | None:
        times = {stamp for name, stamp in _stamps_of(one) if name in shared and stamp is not None}
        return max((at for stamp in times if (at := moment_of(stamp)) is not None and at <= now), default=None)

    mine, theirs = latest(archive), latest(there)
    return mine is not None and theirs is not None and mine < theirs


def overlaid(archives: Sequence[Archive]) -> Archive:
    """What several archives of one account, the latest first, say together: each list as the latest says that has it."""
    made = Archive(archives[0].network)
    for one in archives:
        fresh = one.exported - made.exported
        made.owner = made.owner or one.owner
        made.made = made.made or one.made
        made.privacy = one.privacy | made.privacy
        if "connections" in fresh:
            made.connections, made.hidden_rows = one.connections, one.hidden_rows
        made.requests = made.requests + [row for row in one.requests if f"requests {row.direction}" in fresh]
        made.follows = made.follows + [row for row in one.follows if f"follows {row.direction}" in fresh]
        made.blocks = one.blocks if "blocks" in fresh else made.blocks
        made.removed = one.removed if "removed" in fresh else made.removed
        made.exported |= fresh
    return made


def moment_of(stamp: str) -> datetime | None:
    """An instant to sort by: what has no zone is taken as of this computer's, a date as its noon. None for none."""
    try:
        if len(stamp) == 10:
            return datetime.combine(date.fromisoformat(stamp), time(12)).astimezone(UTC)
        return datetime.fromisoformat(stamp).astimezone(UTC) if stamp else None
    except (ValueError, OverflowError):
        return None


def plan(archive: Archive) -> Plan:
    """What the desk is to show of it."""
    made = Plan()
    known = _Addresses(archive.network)
    for connection in archive.connections:
        one = _person(made, known.of("connection", connection.person, connection.since), connection.person)
        one.tie, one.since, one.note = 3, connection.since, connection.note or ""
    for follow in archive.follows:
        one = _person(made, known.of(f"follow {follow.direction}", follow.person, follow.since), follow.person)
        one.tie |= 1 if follow.direction == "out" else 2
        one.since = max(filter(None, (one.since, follow.since)), default=None)
    for request in archive.requests:
        address = known.of(f"request {request.direction}", request.person, request.sent_at)
        _person(made, address, request.person)
        status = "accepted" if request.status == "pending" and made.people[address].tie == 3 else request.status  # said by another part
        made.requests.append(WantedRequest(address, request.direction, request.sent_at or "", request.note or "", status))
    for block in archive.blocks:
        address = known.of(block.kind, block.person, block.since)
        name = block.person.name or block.person.handle or block.person.id or ""
        if block.kind != "domain":
            _person(made, address, block.person)
        made.blocks.append(WantedBlock(address, name, block.kind, block.since or ""))
    for removal in archive.removed:
        one = _person(made, known.of("removed", removal.person, removal.at), removal.person)
        one.gone = (removal.kind, removal.at)
    return made


def _person(made: Plan, address: Address, person: Someone) -> Wanted:
    """The person at this address; what one list leaves out of them another may say."""
    there = made.people.get(address)
    if there is None:
        there = made.people[address] = Wanted(address, person)
    elif there.person != person:
        mine, theirs = there.person.as_dict(), person.as_dict()
        there.person = Someone(**{name: mine[name] or theirs[name] for name in mine})
    return there


class _Addresses:
    """Gives each person an address of the desk. Where a network has names only, each row is a person: names are never merged."""

    def __init__(self, network: str) -> None:
        self._network = network
        self._seen: Counter[tuple[str, str | None, Stamp | None]] = Counter()

    def of(self, place: str, person: Someone, stamp: Stamp | None) -> Address:
        key = key_of(person)
        if key is not None:
            return Address(f"{key.removeprefix('#')}@{MARK}{self._network}")
        row = (place, person.name, stamp)
        self._seen[row] += 1
        mark = hashlib.sha256(repr((*row, self._seen[row])).encode("utf-8", "replace")).hexdigest()[:8]
        return Address(f"{_slug(person.name).strip('-') or 'somebody'}~{mark}@{MARK}{self._network}")


def by_name_only(address: str) -> bool:
    """Whether this address was made of a name."""
    return "~" in address.rpartition("@")[0]


def renamed(before: dict[Address, tuple[str, str]], now: Plan) -> Iterator[tuple[Address, Address]]:
    """People whom one export knows by name only and the other by address: the same name and date, and one of them on each side.

    `before` gives name and stamp by address. Yields the old and the new address.
    """
    fresh: dict[tuple[str, str], list[Address]] = {}
    for address, one in now.people.items():
        if address not in before and one.tie and one.since:
            fresh.setdefault((one.person.name or "", one.since or ""), []).append(address)
    old: dict[tuple[str, str], list[Address]] = {}
    for address, row in before.items():
        if address not in now.people and row[1]:
            old.setdefault(row, []).append(address)
    for row, addresses in old.items():
        others = fresh.get(row, ())
        if len(addresses) == len(others) == 1 and (by_name_only(addresses[0]) or by_name_only(others[0])):
            yield addresses[0], others[0]
