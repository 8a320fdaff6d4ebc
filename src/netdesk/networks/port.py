"""The port: what controllers need from any network."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from netdesk.domain.directory import Entry
from netdesk.domain.events import Delivery
from netdesk.domain.orders import Order, OrderId
from netdesk.domain.people import Address, Profile, Relation

Deliver = Callable[[Delivery], None]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a network can do beyond the promises of the port; what it cannot is said in words on the screen."""

    reports: bool = True
    domain_blocks: bool = True
    one_way_ties: bool = True
    shared_lists: bool = True
    introductions: bool = True
    field_audiences: bool = True
    account_age: bool = True
    counts_tries: bool = True
    tells_withdrawals: bool = True
    hides_from_domains: bool = True
    remembers_ignored: bool = True
    directory: bool = True


class Network(Protocol):
    """One account's way to other people. All methods run on the network thread's loop; what happens is told by `deliver`.

    Promises, each a test in tests/contract/:
    - `start` returns at once; WentOnline comes when the session stands, with all ties, all requests that wait and the lists
      that connections share, and what happened while away; or, when a session that broke goes on, with what happened since. A network
      that cannot be reached says WentOffline and tries again.
    - `tell` ends in exactly one OrderConfirmed or OrderRefused, or in none when the connection broke; telling the same order
      id again then has no second effect.
    - Events of one account are delivered in the order in which they happened.
    - Nothing of a blocked person is delivered after the block is confirmed, and nothing of the owner's reaches them.
    - After `stop` nothing is delivered any more.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What this network can do."""

    async def start(self, deliver: Deliver) -> None:
        """Go online and stay so until `stop`."""

    async def stop(self) -> None:
        """Go offline and let go of everything."""

    async def tell(self, number: OrderId, order: Order) -> None:
        """Tell the server. Raises Offline when there is no session."""

    async def look_at(self, address: Address) -> None:
        """Read what this person lets us see: ends in ProfileArrived, or in nothing when there is nothing to see."""

    async def look_again(self) -> None:
        """Say again what the server holds: ties, waiting requests, mine, blocks; ends in the events of a login."""

    @property
    def contacts(self) -> tuple[str, ...]:
        """To whom one can write about abuse: addresses (mailto:, xmpp:, https:) that the server publishes."""

    async def look_up(self, words: str) -> tuple[Entry, ...]:
        """People whom the server's directory finds by a name, at most 50. Raises Refused when it has none or refuses, Offline."""

    async def seen_by(self, relation: Relation) -> Profile:
        """What the server itself holds of my profile for somebody of this relation who is not among the chosen, read back from it.
        Raises Offline."""

    def try_now(self) -> None:
        """What kept a session from beginning may be gone (a password was given, a network is back): try at once."""

    async def exchange(self) -> int:
        """Take what waits on the server now; gives the number of events delivered."""
