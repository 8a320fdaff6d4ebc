"""Imports: archives of other networks brought onto the desk, again and again, compared, and taken back. Nobody is told anything."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from netdesk.controllers.undo import Undo
from netdesk.domain.archive import LABELS, LISTS, Archive, Import, ShutOutThere, unpacked
from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import Gone, Refused
from netdesk.domain.people import Account, AccountId, Address, PersonId
from netdesk.domain.rules.archived import Plan, is_older, moment_of, overlaid, owner_address, plan, renamed
from netdesk.store import accounts, archived, history, incoming, outgoing, people
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

    def __init__(self, db: Database, undo: Undo, clock: Clock) -> None:
        self._db = db
        self._undo = undo
        self._clock = clock

    def accounts(self) -> list[Account]:
        """The accounts of archives."""
        return accounts.archived(self._db)

    def named(self, name: str) -> Account | None:
        """The account of an archive that is named by its address, the part before the @, or its network."""
        wanted = name.lower()
        return next(
            (one for one in accounts.archived(self._db) if wanted in (one.address, one.address.rpartition("@")[0], one.network)), None
        )

    def account_of(self, address: Address) -> Account:
        """The account whose archives name somebody; raises Gone."""
        found = next((one for one in accounts.archived(self._db) if people.find(self._db, one.id, address) is not None), None)
        if found is None:
            raise Gone("person", detail=address)
        return found

    def imports(self) -> list[Import]:
        """Every import, the latest first."""
        return archived.imports(self._db)

    def elsewhere(self) -> list[Elsewhere]:
        """What was imported, account by account."""
        return [self._elsewhere(one) for one in accounts.archived(self._db)]

    def _elsewhere(self, account: Account) -> Elsewhere:
        db, came_in = self._db, incoming.counts(self._db, account.id)
        return Elsewhere(
            account=account,
            imports=tuple(archived.imports(db, account.id)),
            people=archived.people_count(db, account.id),
            waiting_in=came_in["review"] + came_in["later"],
            waiting_out=outgoing.counts(db, account.id)["waiting"],
            blocks=tuple(archived.blocks(db, account.id)),
        )

    def standing(self, archive: Archive) -> Standing:
        """How an archive stands to what the desk has."""
        account = self._account_of(archive)
        last = next(iter(archived.imports(self._db, account.id)), None) if account is not None else None
        if account is None or last is None:
            return Standing(account, last, older=False, same=False)
        same = archived.content_of(self._db, last.id) == archive.packed()
        return Standing(account, last, not same and is_older(archive, self._together(account.id), self._clock()), same)

    def _together(self, account: AccountId, latest: Archive | None = None) -> Archive:
        """What all imports of an account say, each list as the latest says that has it; `latest` is one that comes before them."""
        parts = [latest] if latest is not None else []
        for one in archived.imports(self._db, account):
            if parts and set(LISTS) <= set().union(*(part.exported for part in parts)):
                break
            parts.append(unpacked(archived.content_of(self._db, one.id)))
        return overlaid(parts)

    def _account_of(self, archive: Archive) -> Account | None:
        """The account it is of: by its owner's number, else by name. One that says no owner is of the only account of its network, and the other
        way round, when they have people in common or no list in common."""
        mine = [one for one in accounts.archived(self._db) if one.network == archive.network]
        address, number = owner_address(archive), (archive.owner.id or "") if archive.owner is not None else ""
        named = next((one for one in mine if (number and one.place == number) or one.address == address), None)
        unnamed = owner_address(Archive(archive.network))
        if named is not None or len(mine) != 1 or unnamed not in (address, mine[0].address):
            return named
        there, here = archived.ids(self._db, mine[0].id).keys(), plan(archive).people.keys()
        apart = not archive.exported & self._together(mine[0].id).exported
        return mine[0] if apart or 3 * len(there & here) >= min(len(there), len(here)) else None

    def bring(self, archive: Archive, files: str, *, older: bool = False) -> tuple[Import, Changes]:
        """Bring an archive onto the desk, all or nothing. Raises Refused for one that is older than what is here, unless `older` says to.

        What could still be taken back within its ten seconds no longer can: it would overwrite what the archive says.
        """
        standing = self.standing(archive)
        if standing.same and standing.last is not None:
            return standing.last, Changes()
        if standing.older and not older:
            raise Refused("older archive", detail=LABELS[archive.network])
        now = self._clock()
        with self._db.transaction():
            self._undo.end_all()
            account = standing.account or accounts.add(self._db, archive.network, owner_address(archive), "", now)
            together = self._together(account.id, archive)
            number = archived.add_import(self._db, account.id, now, files, archive)
            self._name(account.id, together)
            told = self._match(account.id, together, number, now)
            archived.set_told(self._db, number, told)
        return archived.imports(self._db, account.id)[0], changed(*_KINDS)

    def _name(self, account: AccountId, together: Archive) -> None:
        """The account bears the name of its owner, as far as the archives tell."""
        owner = together.owner
        accounts.rename(self._db, account, owner_address(together), (owner.id or "") if owner is not None else "")

    def take_back(self, number: int) -> Changes:
        """Undo an import as a whole; the account stands as the imports before say, or is gone with its first. Raises Gone when it is not the
        latest of its account."""
        made = next((one for one in archived.imports(self._db) if one.id == number), None)
        if made is None or archived.imports(self._db, made.account)[0].id != number:
            raise Gone("import")
        with self._db.transaction():
            self._undo.end_all()
            archived.forget_brought(self._db, number)
            archived.remove_import(self._db, number)
            left = archived.imports(self._db, made.account)
            if not left:
                accounts.remove(self._db, made.account)
            else:
                together = self._together(made.account)
                self._name(made.account, together)
                self._match(made.account, together, left[0].id, self._clock())
        return changed(*_KINDS)

    def forget(self, account: AccountId) -> Changes:
        """Forget an archive's account with everybody it named."""
        with self._db.transaction():
            self._undo.end_all()
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
        archived.add_people(self._db, account, fresh, number)
        archived.change_people(self._db, ((known[address], one) for address, one in wanted.people.items() if address in known))
        archived.end_ties(self._db, [one.id for address, one in known.items() if one.tie and address not in wanted.people])
        ties = {address: one.tie for address, one in wanted.people.items()}
        told["new ties"] = sum(bool(tie) and (address not in known or not known[address].tie) for address, tie in ties.items())
        told["gone ties"] = sum(bool(one.tie & ~ties.get(address, 0)) for address, one in known.items())
        ids = archived.ids(self._db, account)
        asking: set[PersonId] = set()
        for direction in ("in", "out"):
            asking |= self._match_requests(account, archive, wanted, ids, direction, number, now, told)
        self._tell_removals(wanted, ids, now)
        archived.set_blocks(self._db, account, wanted.blocks)
        added = {ids[one.address] for one in fresh}
        archived.index(self._db, sorted(added), sorted(asking - added))
        return told

    def _tell_removals(self, wanted: Plan, ids: dict[Address, PersonId], now: datetime) -> None:
        """Ties that ended there are history, once."""
        for address, one in wanted.people.items():
            if one.gone is None:
                continue
            unfriended = one.gone[0] == "unfriended"
            word = "unfriended there" if unfriended else "unfollowed there"
            if history.last_of(self._db, ids[address], word) is None:
                history.add(self._db, ids[address], moment_of(one.gone[1] or "") or now, word)

    def _match_requests(
        self, account: AccountId, archive: Archive, wanted: Plan, ids: dict[Address, PersonId], direction: str, number: int, now: datetime,
        told: Counter[str],
    ) -> set[PersonId]:  # fmt: skip
        """New ones are written; of those that were here what the owner has ticked off stays, and what the archive ended is ended. Gives who has
        new ones."""
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
        archived.add_requests(self._db, account, fresh, number)
        told[f"new {direction}"] = sum(one.status == "pending" for _, one in fresh)
        if f"requests {direction}" in archive.exported:
            tied = {ids[address] for address, one in wanted.people.items() if one.tie}
            for (person, _, _), there in known.items():
                if there.open:
                    status = "accepted" if person in tied else "unknown"
                    archived.end_request(self._db, there.id, direction, status, number, now)
                    told[f"{'accepted' if person in tied else 'gone'} {direction}"] += 1
        return {person for person, _ in fresh}
