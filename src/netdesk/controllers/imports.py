"""Imports: archives of other networks brought onto the desk, again and again, compared, and taken back. Nobody is told anything."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from netdesk.domain.archive import LABELS, Archive, Import, ShutOutThere, unpacked
from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import Gone, Refused
from netdesk.domain.people import Account, AccountId, Address, PersonId
from netdesk.domain.rules.archived import Plan, latest_of, moment_of, owner_address, plan, renamed
from netdesk.store import accounts, archived, history, incoming, outgoing
from netdesk.store.database import Database

Clock = Callable[[], datetime]
_KINDS = (Kind.ACCOUNTS, Kind.PEOPLE, Kind.INCOMING, Kind.SENT, Kind.PRIVACY, Kind.HOLDS)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an archive stands to what the desk has: the account it is of, if there is one, its latest import, and whether that is newer."""

    account: Account | None
    last: Import | None
    older: bool
    same: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An account of another network: its imports, the latest first, how many people and open requests it has, and whom she shut out there."""

    account: Account
    imports: tuple[Import, ...]
    people: int
    waiting_in: int
    waiting_out: int
    blocks: tuple[ShutOutThere, ...]


class ImportsDesk:
    """All methods run on the store thread. Reading an archive is archives/read.py's, on a thread of its own."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def accounts(self) -> list[Account]:
        """The accounts of archives."""
        return accounts.archived(self._db)

    def imports(self) -> list[Import]:
        """Every import, the latest first."""
        return archived.imports(self._db)

    def elsewhere(self) -> list[Elsewhere]:
        """What was imported, account by account."""
        db = self._db
        return [
            Elsewhere(
                account=one,
                imports=tuple(archived.imports(db, one.id)),
                people=archived.people_count(db, one.id),
                waiting_in=incoming.counts(db, one.id)["review"] + incoming.counts(db, one.id)["later"],
                waiting_out=outgoing.counts(db, one.id)["waiting"],
                blocks=tuple(archived.blocks(db, one.id)),
            )
            for one in accounts.archived(db)
        ]

    def standing(self, archive: Archive) -> Standing:
        """How an archive stands to what the desk has."""
        account = self._account_of(archive)
        last = next(iter(archived.imports(self._db, account.id)), None) if account is not None else None
        latest = latest_of(archive)
        older = last is not None and last.latest is not None and latest is not None and latest < last.latest
        same = last is not None and archived.content_of(self._db, last.id) == archive.packed()
        return Standing(account, last, older, same)

    def _account_of(self, archive: Archive) -> Account | None:
        """The account it is of: by its owner; one that is not named is the only one of its network, and the other way round."""
        mine = [one for one in accounts.archived(self._db) if one.network == archive.network]
        address = owner_address(archive)
        named = next((one for one in mine if one.address == address), None)
        unnamed = owner_address(Archive(archive.network))
        if named is not None:
            return named
        return mine[0] if len(mine) == 1 and unnamed in (address, mine[0].address) else None

    def bring(self, archive: Archive, files: str, *, older: bool = False) -> tuple[Import, Changes]:
        """Bring an archive onto the desk, all or nothing. Raises Refused for one that is older than what is here, unless `older` says to."""
        standing = self.standing(archive)
        if standing.same and standing.last is not None:
            return standing.last, Changes()
        if standing.older and not older:
            raise Refused("older archive", detail=LABELS[archive.network])
        now = self._clock()
        with self._db.transaction():
            account = standing.account or accounts.add(self._db, archive.network, owner_address(archive), "", now)
            if archive.owner is not None and account.address != owner_address(archive):
                accounts.rename(self._db, account.id, owner_address(archive))
            number = archived.add_import(self._db, account.id, now, latest_of(archive), files, archive)
            told = self._match(account.id, archive, number, now)
            archived.set_told(self._db, number, told)
        return archived.imports(self._db, account.id)[0], changed(*_KINDS)

    def take_back(self, number: int) -> Changes:
        """Undo an import as a whole; the account stands as the import before says, or is gone with its first. Raises Gone when it is not the
        latest of its account."""
        made = next((one for one in archived.imports(self._db) if one.id == number), None)
        if made is None or archived.imports(self._db, made.account)[0].id != number:
            raise Gone("import")
        with self._db.transaction():
            archived.forget_brought(self._db, number)
            archived.remove_import(self._db, number)
            before = next(iter(archived.imports(self._db, made.account)), None)
            if before is None:
                accounts.remove(self._db, made.account)
            else:
                self._match(made.account, unpacked(archived.content_of(self._db, before.id)), before.id, self._clock())
        return changed(*_KINDS)

    def forget(self, account: AccountId) -> Changes:
        """Forget an archive's account with everybody it named."""
        accounts.remove(self._db, account)
        return changed(*_KINDS)

    # matching: the desk shows what the archive says, and keeps what the owner has added

    def _match(self, account: AccountId, archive: Archive, number: int, now: datetime) -> Counter[str]:
        """Within the caller's transaction; gives what changed, by kind and number."""
        wanted = plan(archive)
        told: Counter[str] = Counter()
        known = archived.people(self._db, account)
        for old, new in renamed({address: (one.name, one.stamp) for address, one in known.items()}, wanted):
            archived.readdress(self._db, known[old].id, new)
            known[new] = known.pop(old)
        fresh = [one for address, one in wanted.people.items() if address not in known]
        told["new ties"] = sum(bool(one.tie) for one in fresh) + sum(
            bool(one.tie) and not known[address].tie for address, one in wanted.people.items() if address in known
        )
        archived.add_people(self._db, account, fresh, number)
        for address, one in wanted.people.items():
            if address in known:
                one.tie |= known[address].tie & ~_covered(archive)  # a list that was not exported ends nothing
        archived.change_people(self._db, ((known[address], one) for address, one in wanted.people.items() if address in known))
        told["gone ties"] = self._end_ties(known, wanted, archive)
        ids = archived.ids(self._db, account)
        for direction in ("in", "out"):
            self._match_requests(account, archive, wanted, ids, direction, number, now, told)
        for address, one in wanted.people.items():
            if one.gone is not None and address not in known:
                at = moment_of(one.gone[1] or "")
                word = "unfriended there" if one.gone[0] == "unfriended" else "unfollowed there"
                history.add(self._db, ids[address], at or now, word)
        if "blocks" in archive.exported:
            archived.set_blocks(self._db, account, wanted.blocks)
        archived.index(self._db, [ids[one.address] for one in fresh])
        return told

    def _end_ties(self, known: dict[Address, archived.Known], wanted: Plan, archive: Archive) -> int:
        """Whoever is in no list any more."""
        covered = _covered(archive)
        gone = [one.id for address, one in known.items() if one.tie and one.tie & ~covered == 0 and address not in wanted.people]
        archived.end_ties(self._db, gone)
        return len(gone)

    def _match_requests(
        self, account: AccountId, archive: Archive, wanted: Plan, ids: dict[Address, PersonId], direction: str, number: int, now: datetime,
        told: Counter[str],
    ) -> None:  # fmt: skip
        """New ones are written; of those that were here what the owner has ticked off stays, and what the archive ended is ended."""
        known = archived.requests(self._db, account, direction)
        fresh = []
        seen: Counter[tuple[PersonId, str]] = Counter()
        for one in wanted.requests:
            if one.direction != direction:
                continue
            person = ids[one.address]
            seen[person, one.stamp] += 1
            there = known.pop((person, one.stamp, seen[person, one.stamp]), None)
            if there is None:
                fresh.append((person, one))
            elif there.open and one.status != "pending":
                archived.end_request(self._db, there.id, direction, one.status, number, now)
                told[f"{one.status} {direction}"] += 1
            elif not there.open and there.ended_by is not None and one.status == "pending":
                archived.open_request(self._db, there.id, direction)
        archived.add_requests(self._db, account, fresh, number, now)
        told[f"new {direction}"] = sum(one.status == "pending" for _, one in fresh)
        if f"requests {direction}" not in archive.exported:
            return
        tied = {ids[address] for address, one in wanted.people.items() if one.tie}
        for (person, _, _), there in known.items():
            if there.open:
                status = "accepted" if person in tied else "unknown"
                archived.end_request(self._db, there.id, direction, status, number, now)
                told[f"{'accepted' if person in tied else 'gone'} {direction}"] += 1


def _covered(archive: Archive) -> int:
    """Which ties the lists that were exported are about: 1 I follow, 2 they follow me."""
    both = 3 if "connections" in archive.exported else 0
    return both | (1 if "follows out" in archive.exported else 0) | (2 if "follows in" in archive.exported else 0)
