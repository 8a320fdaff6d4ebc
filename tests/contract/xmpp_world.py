"""The contract suite's world on a real XMPP server."""

import asyncio
import uuid

from tests.builders import TestClock
from tests.contract.crowd import Crowd
from tests.contract.worlds import Party
from tests.servers.ejabberd import Ejabberd
from tests.servers.prosody import COMPONENT, PASSWORD, Prosody

from netdesk.domain.people import AccountId, Address
from netdesk.networks.port import Capabilities, Network
from netdesk.networks.xmpp.network import XmppNetwork
from netdesk.networks.xmpp.settings import DIRECT, Settings


class XmppWorld:
    """Fresh accounts on a server that other tests use as well."""

    def __init__(self, server: Prosody | Ejabberd) -> None:
        self.server = server
        self.clock = TestClock()
        prosody = isinstance(server, Prosody)
        self.capabilities = Capabilities(
            account_age=False,
            counts_tries=False,
            directory=not prosody,
            reports=prosody,
            tells_withdrawals=prosody,
            hides_from_domains=prosody,
        )
        self._parties: list[Party] = []
        self._mark = uuid.uuid4().hex[:8]
        self._crowd: Crowd | None = None

    async def party(self, name: str, domain: str = "community.local") -> Party:
        made = Party(self, name.title(), Address(f"{name}-{self._mark}@{domain}"))
        self.server.add_user(made.address.partition("@")[0], domain)
        self._parties.append(made)
        await made.comes_back()
        return made

    def session(self, party: Party) -> Network:
        return self.session_at(party, self.server.direct)

    def session_at(self, party: Party, port: int) -> XmppNetwork:
        """A session that reaches the server at this port."""

        async def password() -> str:
            return PASSWORD

        settings = Settings("127.0.0.1", port, DIRECT, str(self.server.ca_file))
        return XmppNetwork(AccountId(1), party.address, settings, password, self.clock)

    async def other_device(self, party: Party) -> Party:
        """The same account on another device, online beside the first."""
        other = Party(self, party.name, party.address)
        self._parties.append(other)
        await other.comes_back()
        return other

    async def settle(self) -> None:
        """Until three rounds over all sessions have brought nothing new."""
        self.clock.pass_(seconds=1)
        quiet = 0
        while quiet < 3:
            before = sum(len(one.said) for one in self._parties)
            for one in self._parties:
                if one.network is not None:
                    await one.network.exchange()
            quiet = quiet + 1 if sum(len(one.said) for one in self._parties) == before else 0

    async def crowd(self, party: Party, count: int) -> None:
        """People of a component, who all share their lists, stand in the party's roster when it comes back."""
        self._crowd = Crowd(self.server)
        await self._crowd.connect()
        await party.leaves()
        self.server.fill_roster(party.address, [f"c{number}@{COMPONENT}" for number in range(count)])
        await party.comes_back()
        await self.settle()

    def wait(self, *, seconds: float) -> None:
        self.clock.pass_(seconds=seconds)

    async def list_in_directory(self, party: Party, name: str) -> None:
        self.server.list_in_directory(party.address, name)

    async def forget(self, party: Party) -> None:
        await party.leaves()
        self.server.delete_user(party.address)

    async def close(self) -> None:
        for one in self._parties:
            await one.leaves()
        if self._crowd is not None:
            await self._crowd.leave()
        await asyncio.sleep(0)
