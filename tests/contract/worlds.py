"""The worlds of the contract suite: people on a network, each with a session that can end and begin again."""

import asyncio
import uuid
from pathlib import Path
from typing import Any, Protocol, TypeVar

from tests.builders import TestClock

from netdesk.domain import events
from netdesk.domain.events import Delivery
from netdesk.domain.orders import Order, OrderId
from netdesk.domain.people import AccountId, Address, Profile
from netdesk.domain.privacy import Audience, Privacy
from netdesk.networks.community.network import CommunityNetwork
from netdesk.networks.community.server import Server
from netdesk.networks.port import Capabilities, Network

E = TypeVar("E")


class Party:
    """One person on the network, with all that was delivered to her."""

    def __init__(self, world: "World", name: str, address: Address, capabilities: Capabilities) -> None:
        self.world = world
        self.capabilities = capabilities
        self.name = name
        self.address = address
        self.said: list[Any] = []
        self.cursor = 0
        self.network: Network | None = None

    def _take(self, delivery: Delivery) -> None:
        self.said += delivery.events
        if delivery.cursor is not None:
            self.cursor = delivery.cursor

    async def comes_back(self) -> None:
        self.network = self.world.session(self)
        await self.network.start(self._take)
        await self.world.settle()

    async def leaves(self) -> None:
        if self.network is not None:
            await self.network.stop()
            self.network = None

    async def does(self, order: Order, number: OrderId | None = None) -> type[Any]:
        """Tell an order; gives how the server answered."""
        assert self.network is not None
        number = number or OrderId(uuid.uuid4().hex)
        await self.network.tell(number, order)
        await self.world.settle()
        answers = [one for one in self.said if isinstance(one, events.OrderConfirmed | events.OrderRefused) and one.order == number]
        assert answers, "every order is confirmed or refused"
        return type(answers[-1])

    async def looks_at(self, address: Address) -> None:
        assert self.network is not None
        await self.network.look_at(address)
        await self.world.settle()

    async def quiet(self) -> list[Any]:
        """Take what waits, until it is quiet; gives all that was delivered so far."""
        assert self.network is not None
        while await self.network.exchange():
            await self.world.settle()
        return self.said

    async def sees(self, kind: type[E]) -> E:
        """The latest event of a kind, which must have come."""
        await self.quiet()
        found = [one for one in self.said if isinstance(one, kind)]
        assert found, f"no {kind.__name__} among {[type(one).__name__ for one in self.said]}"
        return found[-1]

    def all_of(self, kind: type[E]) -> list[E]:
        """Every event of a kind that was delivered so far."""
        return [one for one in self.said if isinstance(one, kind)]

    def tie(self, address: Address) -> tuple[bool, bool]:
        """How she is tied to somebody, from all that was delivered."""
        found = (False, False)
        for event in self.said:
            if isinstance(event, events.TiesChanged):
                mine = [(one.i_follow, one.follows_me) for one in event.ties if one.address == address]
                found = mine[0] if mine else (False, False) if event.complete else found
        return found

    def list_of(self, owner: Address) -> set[Address]:
        """The list that somebody shares with her, from all that was delivered."""
        found: set[Address] = set()
        for event in self.said:
            if isinstance(event, events.ListArrived) and event.owner == owner:
                found = (set() if event.part == 1 else found) | {one.address for one in event.listed}
            elif isinstance(event, events.ListGone) and event.owner == owner:
                found = set()
        return found - {self.address}


class World(Protocol):
    """What a network brings to run the contract suite."""

    async def party(self, name: str, domain: str = "community.local") -> Party: ...

    def session(self, party: Party) -> Network: ...

    async def other_device(self, party: Party) -> Party:
        """The same account on another device, online beside the first."""

    async def settle(self) -> None:
        """Let what was told become visible to the others."""

    async def crowd(self, party: Party, count: int) -> None:
        """Connect a party with so many people who share their lists."""

    def wait(self, *, seconds: float) -> None:
        """Let the servers' time pass."""

    async def list_in_directory(self, party: Party, name: str) -> None:
        """The party can be found under this name by everybody."""

    async def forget(self, party: Party) -> None:
        """The party's account is deleted from its server."""

    async def close(self) -> None: ...


class CommunityWorld:
    """A community file with several accounts."""

    def __init__(self, folder: Path) -> None:
        self.clock = TestClock()
        self.path = folder / "community.db"
        self.server = Server(self.path, self.clock, make=True)
        self._parties: list[Party] = []

    async def party(self, name: str, domain: str = "community.local") -> Party:
        made = Party(self, name.title(), Address(f"{name}@{domain}"), CommunityNetwork.capabilities)
        self.server.register(made.address, made.name)
        self._parties.append(made)
        await made.comes_back()
        return made

    def session(self, party: Party) -> Network:
        return CommunityNetwork(AccountId(1), party.address, self.path, party.cursor, self.clock)

    async def other_device(self, party: Party) -> Party:
        raise NotImplementedError("one desk holds an account of a community")

    async def settle(self) -> None:
        self.clock.pass_(seconds=1)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def crowd(self, party: Party, count: int) -> None:
        with self.server.transaction():
            for number in range(count):
                address = Address(f"c{number}@crowd.example")
                self.server.register(address, f"C{number}")
                self.server.execute("UPDATE member SET shares = 1 WHERE address = ?", address)
                for pair in ((party.address, address), (address, party.address)):
                    self.server.execute("INSERT INTO tie (follower, followed, since) VALUES (?, ?, 0)", *pair)

    def wait(self, *, seconds: float) -> None:
        self.clock.pass_(seconds=seconds)

    async def list_in_directory(self, party: Party, name: str) -> None:
        self.server.publish(party.address, Profile(name=name), Privacy(confirmed=True).with_field("name", Audience.EVERYONE)
                            .with_topic("profile", Audience.EVERYONE).as_dict(), ())  # fmt: skip

    async def forget(self, party: Party) -> None:
        await party.leaves()
        self.server.unregister(party.address)

    async def close(self) -> None:
        for one in self._parties:
            await one.leaves()
        self.server.close()
