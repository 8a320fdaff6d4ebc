"""The desk without a screen: builds and wires store, networks and controllers, runs their threads, closes everything."""

import concurrent.futures
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from netdesk.archives.read import read_archives
from netdesk.clock import DeskClock
from netdesk.controllers import storage
from netdesk.controllers.accounts import AccountsDesk
from netdesk.controllers.courier import Courier
from netdesk.controllers.imports import ImportsDesk
from netdesk.controllers.inbox import Inbox
from netdesk.controllers.incoming import IncomingDesk
from netdesk.controllers.network import NetworkDesk
from netdesk.controllers.privacy import PrivacyDesk
from netdesk.controllers.profile import ProfileDesk
from netdesk.controllers.sent import SentDesk
from netdesk.controllers.storage import StorageDesk
from netdesk.controllers.undo import Undo
from netdesk.domain.archive import Archive
from netdesk.domain.changes import Changes
from netdesk.domain.errors import NetDeskError, Refused, StorageTrouble
from netdesk.domain.events import Delivery
from netdesk.domain.orders import OrderId
from netdesk.domain.people import Account, AccountId, Address, parse_address
from netdesk.networks.community.network import CommunityNetwork
from netdesk.networks.community.server import Server
from netdesk.networks.port import Network
from netdesk.passwords import Passwords
from netdesk.servers import XMPP, Servers, xmpp
from netdesk.sessions import Sessions
from netdesk.store.database import Database
from netdesk.store.lock import FolderLock
from netdesk.store.outbox import Untold

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
COMMUNITY: Final = "community"
COMMUNITY_FILE: Final = "community.db"
DOMAIN: Final = "community.local"


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What an exchange came to: how many orders are still to be told, and which accounts could not be reached."""

    untold: int
    unreachable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Why somebody was reported, by whom, with the note they had sent."""

    reporter: str
    target: str
    category: str
    text: str
    note: str
    at: datetime


@dataclass(slots=True)
class Controllers:
    """The doors of the desk; their methods run on the store thread."""

    accounts: AccountsDesk
    incoming: IncomingDesk
    sent: SentDesk
    network: NetworkDesk
    privacy: PrivacyDesk
    profile: ProfileDesk
    storage: StorageDesk
    imports: ImportsDesk
    undo: Undo
    courier: Courier
    inbox: Inbox


def build_controllers(db: Database, clock: DeskClock) -> Controllers:
    """Wire the controllers on an open database."""
    undo = Undo(db, clock)
    inbox = Inbox(db, clock)
    incoming = IncomingDesk(db, undo, clock)
    sent = SentDesk(db, undo, clock)
    return Controllers(
        accounts=AccountsDesk(db, inbox, clock),
        incoming=incoming,
        sent=sent,
        network=NetworkDesk(db, undo, clock),
        privacy=PrivacyDesk(db, undo, clock),
        profile=ProfileDesk(db, clock),
        storage=StorageDesk(db, clock),
        imports=ImportsDesk(db, undo, clock),
        undo=undo,
        courier=Courier(db, undo, incoming, sent, inbox, clock),
        inbox=inbox,
    )


class Desk:
    """One desk on one data folder. Raises StorageTrouble from `open` when the folder is in use or cannot be used."""

    def __init__(self, folder: Path, clock: DeskClock | None = None) -> None:
        self.folder = folder
        self.clock = clock or DeskClock()
        self.on_changes: Callable[[Changes], None] = lambda _changes: None
        self.on_bug: Callable[[BaseException], None] = lambda error: log.error("unexpected", exc_info=error)
        self._lock = FolderLock(folder)
        self._store = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="store")
        self._reader = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="archives")
        self.passwords = Passwords()
        self._sessions = Sessions(lambda error: self.on_bug(error))
        self.servers = Servers(self, self.passwords, self._sessions)
        self._db: Database | None = None
        self._closing = False

    # opening and closing

    def open(self) -> "Desk":
        """Take the folder, open the database, wire the controllers; no network yet."""
        try:
            self._lock.take()
            self.do = self.call(self._open_store)
        except BaseException:
            self._store.shutdown()
            self._sessions.discard()
            self._lock.release()
            raise
        self._sessions.open()
        return self

    def _open_store(self) -> Controllers:
        self._db = storage.open_database(self.folder)
        controllers = build_controllers(self._db, self.clock)
        offset = controllers.accounts.setting("clock offset", 0)
        if isinstance(offset, int | float) and offset:
            self.clock.offset = timedelta(seconds=offset)
        return controllers

    def close(self) -> None:
        """Stop the networks, finish what the store has to do, close it, let go of the folder. Safe to call twice."""
        if self._closing:
            return
        self._closing = True
        self._sessions.close()
        self._store.submit(self._close_store).result()
        self._store.shutdown()
        self._reader.shutdown(cancel_futures=True)
        self._lock.release()

    @property
    def closing(self) -> bool:
        """Whether the desk takes no more jobs."""
        return self._closing

    def _close_store(self) -> None:
        if self._db is not None:
            self._db.close()

    # the store thread

    def submit(self, job: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> "concurrent.futures.Future[T]":
        """Run a job on the store thread, after those that were given before it."""
        return self._store.submit(job, *arguments, **named)

    def call(self, job: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Run a job on the store thread and wait for it: for the command line and for starting, never from the window."""
        return self._store.submit(job, *arguments, **named).result()

    def read_archives(self, paths: Sequence[Path], check: Callable[[], None] = lambda: None) -> "concurrent.futures.Future[list[Archive]]":
        """Read archives of other networks on a thread of their own (archives/read.py); `check` is called often, and raises to stop it."""
        return self._reader.submit(read_archives, list(paths), check)

    def apply(self, changes: Changes) -> None:
        """Spread what changed, and ask the networks for what is wanted from them. Any thread."""
        for account, address in changes.to_look_at:
            self._sessions.look_soon(AccountId(account), Address(address))
        for account in changes.to_compare:
            self._sessions.compare_soon(AccountId(account))
        if changes:
            self.on_changes(changes)

    # the network thread

    def go_online(self) -> "concurrent.futures.Future[None]":
        """Bring every account online that is not."""
        return self._store.submit(self._bring_online)

    def _bring_online(self) -> None:
        for account in self.do.accounts.all():
            if account.id not in self._sessions:
                self._sessions.start(account.id, self._network(account), self._deliver)

    def _network(self, account: Account) -> Network:
        if account.network == XMPP:
            key = f"xmpp {account.address}"
            remembered = self.do.accounts.setting(key)
            made: Network = xmpp().network(
                account, partial(self.passwords.of, account.address), self.clock, remembered, partial(self._remember, key)
            )
            return made
        cursor = self.do.accounts.cursor(account.id)
        return CommunityNetwork(account.id, account.address, Path(account.place), cursor, self.clock)

    def _remember(self, key: str, value: object) -> None:
        if not self._closing:
            self._store.submit(self.do.accounts.remember, key, value)

    def reports(self, account: AccountId) -> list[Report]:
        """The reports made on an account's community, the latest first; raises Refused for anybody but its keeper. On the store thread."""
        found = next(one for one in self.do.accounts.all() if one.id == account)
        server = Server(Path(found.place), self.clock)
        try:
            return [Report(*row[:5], datetime.fromtimestamp(row[5] / 1000, UTC)) for row in server.reports(found.address)]
        finally:
            server.close()

    def delete_account(self, account: AccountId) -> Changes:
        """Take an account offline, delete it from its community, and forget it with all that the desk knows through it.

        On the store thread. An account on a server stays there: only the desk and the keyring forget it. A community that is gone, or knows
        it no more, keeps nothing of it anyway.
        """
        self._sessions.end(account)
        found = next(one for one in self.do.accounts.all() if one.id == account)
        if found.network == XMPP:
            self.passwords.forget(found.address)
            self.do.accounts.remember(f"xmpp {found.address}", None)
            return self.do.accounts.remove(account)
        try:
            server = Server(Path(found.place), self.clock)
        except StorageTrouble as error:
            log.info("its community is not there: %s", error.reason)
        else:
            server.unregister(found.address)
            server.close()
        return self.do.accounts.remove(account)

    def _deliver(self, delivery: Delivery) -> None:
        """From the network thread: the events wait for the store thread, in their order."""
        if not self._closing:
            self._store.submit(self._take, delivery)

    def _take(self, delivery: Delivery) -> None:
        try:
            changes = self.do.inbox.take(delivery)
        except NetDeskError as error:
            log.warning("a delivery could not be taken: %s", error.reason)
            self._begin_again(delivery.account)
            return
        except Exception as error:  # noqa: BLE001 - as above: a bug is reported, the session begins again where the desk stands
            self.on_bug(error)
            self._begin_again(delivery.account)
            return
        self.apply(changes)

    def _begin_again(self, account: AccountId) -> None:
        """What could not be kept is delivered once more, by a new session. On the store thread."""
        if not self._closing:
            self._sessions.restart(account, self.go_online)

    # time

    def go_round(self) -> "concurrent.futures.Future[None]":
        """Do what time has brought about, and hand over what is due."""
        return self._store.submit(self._go_round)

    def _go_round(self) -> None:
        found = self.do.courier.go_round()
        by_account: dict[AccountId, list[Untold]] = {}
        for one in found.to_tell:
            by_account.setdefault(one.account, []).append(one)
        for account, orders in by_account.items():
            self._sessions.tell(account, orders, self._not_told)
        self.apply(found.changes)

    def _not_told(self, orders: Sequence[OrderId]) -> None:
        self._store.submit(self.do.courier.not_told, orders)

    def exchange(self, seconds: float, quiet_rounds: int = 3) -> "Exchanged":
        """Go online and exchange until it is quiet or the time is over. For the command line."""
        self.go_online().result()
        quiet = 0
        deadline = self._sessions.time() + seconds
        while quiet < quiet_rounds and self._sessions.time() < deadline:
            self.go_round().result()
            found = self._sessions.exchange()
            self.call(lambda: None)  # what was delivered has been taken
            busy = found or self.call(self.do.courier.untold_now)
            quiet = 0 if busy else quiet + 1
        unreachable = [card.account.address for card in self.call(self.do.accounts.cards) if not card.online]
        return Exchanged(self.call(self.do.courier.untold_now), tuple(unreachable))

    def look_at(self, account: AccountId, address: Address) -> None:
        """Read somebody's profile now and wait for it. For the command line."""
        self.go_online().result()
        self._sessions.look_at(account, address)
        self.call(lambda: None)

    def let_live(self, account: AccountId, time: timedelta) -> None:
        """Let time pass for desk and residents together."""
        self.clock.offset += time
        self._sessions.let_live(account, time)

    # accounts

    def add_community_account(self, name: str, community: Path | None = None) -> Account:
        """Make an account on a community file (this desk's own when none is given). Raises Refused when the address is taken.

        `name` is a person's name or an address; from a name the address is made.
        """
        return self.call(self.make_community_account, name, community)

    def make_community_account(self, name: str, community: Path | None = None) -> Account:
        """The same, on the store thread."""
        address, shown = community_address(name)
        place = (community or self.folder / COMMUNITY_FILE).resolve()
        now = self.clock()
        server = Server(place, self.clock, make=True)
        try:
            if any(one.address == address for one in self.do.accounts.all()):
                raise Refused("account there", detail=address)
            server.register(address, shown)
            return self.do.accounts.add(COMMUNITY, address, str(place), shown, now)
        finally:
            server.close()


def community_address(name: str) -> tuple[Address, str]:
    """The address and the shown name for an account on a community: `Nadia Rahman` gives nadia.rahman@community.local. Raises Unreadable."""
    text = " ".join(name.split())
    if "@" in text:
        address = parse_address(text)
        return address, address.partition("@")[0].replace(".", " ").title()
    local = ".".join(text.lower().replace("@", " ").split())
    return parse_address(f"{local}@{DOMAIN}"), text


def prepare_interpreter() -> None:
    """Let threads take turns often, so that work on one never holds up the window (performance.md §2)."""
    sys.setswitchinterval(0.0005)
