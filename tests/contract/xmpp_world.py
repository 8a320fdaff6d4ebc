"""The contract suite's world on a real XMPP server."""

import asyncio
import uuid

import pytest
from tests.builders import TestClock
from tests.contract.crowd import Crowd
from tests.contract.worlds import Party
from tests.servers.ejabberd import Ejabberd
from tests.servers.prosody import COMPONENT, PASSWORD, Prosody

from netdesk.domain.people import AccountId, Address
from netdesk.networks.port import Capabilities, Network
from netdesk.networks.xmpp.network import XmppNetwork
from netdesk.networks.xmpp.settings import DIRECT, Settings


def can(server: Prosody | Ejabberd) -> Capabilities:
    """What was found on this kind of server."""
    prosody = isinstance(server, Prosody)
    return Capabilities(
        account_age=False, counts_tries=False, directory=not prosody, reports=prosody, tells_withdrawals=prosody, hides_from_domains=prosody
    )


class XmppWorld:
    """Fresh accounts on a server that other tests use as well."""

    quiet_rounds = 3
    between_rounds = 0.0

    def __init__(self, server: Prosody | Ejabberd) -> None:
        self.server = server
        self.clock = TestClock()
        self._parties: list[Party] = []
        self._mark = uuid.uuid4().hex[:8]
        self._crowd: Crowd | None = None

    async def party(self, name: str, domain: str = "community.local") -> Party:
        server, domain = self._place(domain)
        address = Address(f"{name}-{self._mark}@{domain}")
        server.add_user(address.partition("@")[0], domain)
        made = Party(self, name.title(), address, can(server))
        self._parties.append(made)
        await made.comes_back()
        return made

    def _place(self, domain: str) -> tuple[Prosody | Ejabberd, str]:
        """Where the next account is made, and its domain."""
        return self.server, domain

    def server_of(self, party: Party) -> Prosody | Ejabberd:
        """The server on which a party has her account."""
        return self.server

    def session(self, party: Party) -> Network:
        return self.session_at(party, self.server_of(party).direct)

    def session_at(self, party: Party, port: int) -> XmppNetwork:
        """A session that reaches the server at this port."""

        async def password() -> str:
            return PASSWORD

        settings = Settings("127.0.0.1", port, DIRECT, str(self.server_of(party).ca_file))
        return XmppNetwork(AccountId(1), party.address, settings, password, self.clock)

    async def other_device(self, party: Party) -> Party:
        """The same account on another device, online beside the first."""
        other = Party(self, party.name, party.address, party.capabilities)
        self._parties.append(other)
        await other.comes_back()
        return other

    async def settle(self) -> None:
        """Until three rounds over all sessions have brought nothing new."""
        self.clock.pass_(seconds=1)
        quiet = 0
        while quiet < self.quiet_rounds:
            await asyncio.sleep(self.between_rounds)
            before = sum(len(one.said) for one in self._parties)
            for one in self._parties:
                if one.network is not None:
                    await one.network.exchange()
            quiet = quiet + 1 if sum(len(one.said) for one in self._parties) == before else 0

    async def crowd(self, party: Party, count: int) -> None:
        """People of a component, who all share their lists, stand in the party's roster when it comes back."""
        self._crowd = Crowd(self.server_of(party))
        await self._crowd.connect()
        await party.leaves()
        self.server_of(party).fill_roster(party.address, [f"c{number}@{COMPONENT}" for number in range(count)])
        await party.comes_back()
        await self.settle()

    def wait(self, *, seconds: float) -> None:
        self.clock.pass_(seconds=seconds)

    async def list_in_directory(self, party: Party, name: str) -> None:
        self.server_of(party).list_in_directory(party.address, name)

    async def forget(self, party: Party) -> None:
        await party.leaves()
        await asyncio.sleep(0.3)  # until the server has seen her leave: what comes before that goes to the session that ends
        self.server_of(party).delete_user(party.address)

    async def close(self) -> None:
        for one in self._parties:
            await one.leaves()
        if self._crowd is not None:
            await self._crowd.leave()
        await asyncio.sleep(0)


class FederatedWorld(XmppWorld):
    """Every other account is on the second of two servers, which find and trust each other."""

    quiet_rounds = 5
    between_rounds = 0.02

    def __init__(self, first: Prosody, second: Prosody | Ejabberd) -> None:
        super().__init__(first)
        self._second = second

    def _place(self, domain: str) -> tuple[Prosody | Ejabberd, str]:
        if domain in self._second.hosts:
            return self._second, domain
        server = (self.server, self._second)[len(self._parties) % 2]
        return server, server.hosts[0]

    async def crowd(self, party: Party, count: int) -> None:
        if isinstance(self._second, Prosody):
            pytest.skip("half a minute: large lists go between servers in the mixed federation")
        await super().crowd(party, count)

    def server_of(self, party: Party) -> Prosody | Ejabberd:
        return self._second if party.address.partition("@")[2] in self._second.hosts else self.server
