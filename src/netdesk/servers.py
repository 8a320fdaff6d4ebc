"""Accounts on servers: signing in, making them, their passwords and keys, and what their servers can do and hold.

Methods that wait for a server may be called neither on the store thread nor on the main thread.
"""

import importlib
from collections.abc import Callable
from typing import Any, Final, ParamSpec, Protocol, TypeVar

from netdesk.clock import DeskClock
from netdesk.controllers.accounts import AccountsDesk
from netdesk.domain.directory import Entry, Reporting
from netdesk.domain.errors import Offline, Refused
from netdesk.domain.joining import Joining
from netdesk.domain.people import Account, AccountId, Address, Profile, Relation, parse_address
from netdesk.networks.port import Capabilities, Network
from netdesk.passwords import Passwords
from netdesk.sessions import Sessions

P = ParamSpec("P")
T = TypeVar("T")
XMPP: Final = "xmpp"


class Doors(Protocol):
    """The doors of the desk, as far as accounts on servers need them."""

    accounts: AccountsDesk


class Store(Protocol):
    """The desk's store thread."""

    clock: DeskClock

    @property
    def do(self) -> Doors:
        """The controllers."""

    def call(self, job: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Run a job on the store thread and wait for it."""


class Servers:
    """The owner's accounts on servers."""

    def __init__(self, store: Store, passwords: Passwords, sessions: Sessions) -> None:
        self._store = store
        self._passwords = passwords
        self._sessions = sessions

    def capabilities(self, account: AccountId) -> Capabilities | None:
        """What the network of an account that is online can do. Any thread."""
        return self._sessions.capabilities(account)

    def look_around(self) -> None:
        """The computer is on another network: look at every session now. Any thread."""
        self._sessions.look_around()

    def reporting(self, account: AccountId) -> Reporting:
        """Whether the account's server takes reports, and who answers for it. Any thread."""
        network = self._sessions.of(account)
        if network is None:
            return Reporting(takes=False)
        return Reporting(network.capabilities.reports, network.contacts)

    def look_up(self, account: AccountId, words: str) -> tuple[Entry, ...]:
        """People whom the directory of the account's server finds. Waits for the server; raises Refused or Offline."""
        return self._sessions.wait(self._of(account).look_up(words))

    def seen_by(self, account: AccountId, relation: Relation) -> Profile:
        """What the account's server holds for somebody of this relation. Waits for the server; raises Offline."""
        return self._sessions.wait(self._of(account).seen_by(relation))

    def _of(self, account: AccountId) -> Network:
        network = self._sessions.of(account)
        if network is None:
            raise Offline("not online")
        return network

    def add(self, joining: Joining) -> Account:
        """Sign in to an XMPP account, or make it there first, and add it. Waits for the server.

        Raises Offline or Refused with the reason, FormToFill when the server asks more for a new account; then nothing is added. The
        password is kept in the keyring, or where there is none, for as long as the program runs.
        """
        address = parse_address(joining.address)
        if any(one.address == address for one in self._store.call(self._store.do.accounts.all)):
            raise Refused("account there", detail=address)
        if not joining.password:
            raise Offline("no password", detail=address)
        door = xmpp()
        if joining.register:
            self._sessions.wait(door.join(address, joining.place, joining.password, joining.answers, joining.token))
        remembered = self._sessions.wait(door.try_out(address, joining.place, joining.password))
        self._passwords.keep(address, joining.password)
        return self._store.call(self._added, address, joining.place, remembered)

    def _added(self, address: Address, place: str, remembered: object) -> Account:
        self._store.do.accounts.remember(f"xmpp {address}", remembered)
        name = address.partition("@")[0].replace(".", " ").title()
        return self._store.do.accounts.add(XMPP, address, place, name, self._store.clock())

    def sign_in(self, account: Account, password: str) -> None:
        """Use this password for an account that is there, and try at once. Waits for the keyring."""
        self._passwords.keep(account.address, password)
        self._sessions.try_now(account.id)

    def change_password(self, account: Account, password: str) -> None:
        """Give the account another password on its server. Waits for the server; raises Offline or Refused."""
        self._sessions.wait(xmpp().change_password(self._of(account.id), password))
        self._passwords.keep(account.address, password)

    def trust_new_key(self, account: AccountId) -> None:
        """The owner says yes to the key that the server shows now. Any thread."""
        network = self._sessions.of(account)
        if network is not None:
            self._sessions.send(xmpp().trust_new_key(network))


def xmpp() -> Any:
    """The way into XMPP, loaded when there is an account there: slixmpp takes as long to load as the whole window."""
    return importlib.import_module("netdesk.networks.xmpp.door")
