"""Floods on real servers: everything is stored once, in one row, and the session goes on."""

import asyncio
from pathlib import Path

from tests.contract.crowd import Crowd
from tests.networks.xmpp.owner import Owner
from tests.servers.ejabberd import Ejabberd
from tests.servers.prosody import COMPONENT, Prosody

from netdesk.domain.people import Address
from netdesk.domain.requests import IncomingQuery

COUNT = 2_000


class Flooded(Owner):
    """Somebody whom many ask at once."""

    def count(self) -> int:
        return sum(self.desk.call(self.desk.do.incoming.counts).values())

    def once(self) -> None:
        """Every one is there, once, and all stand as one row."""
        incoming = self.desk.do.incoming
        rows = [row for place in ("review", "filtered") for row in self.desk.call(incoming.page, IncomingQuery(place), 0, 99).rows]
        under = self.desk.call(incoming.all_under, None)
        addresses = [row.address for row in (*rows, *under)]
        assert len(addresses) == len(set(addresses)) == COUNT
        assert len(rows) == 1 and self.desk.call(incoming.card, rows[0].id).under == COUNT - 1


def test_a_flood_that_waits_at_a_login(prosody_server: Prosody, tmp_path: Path) -> None:
    with Prosody(tmp_path / "server") as server:
        me = Address("owner@community.local")
        server.fill_waiting(me, [f"p{number}@d{number % 40}.example" for number in range(COUNT)])
        here = Flooded(tmp_path / "desk", server, server.direct, "owner")
        try:
            here.until(lambda: here.count() == COUNT, "all are there", 60)
            here.once()
            here.desk._sessions.end(here.account.id)
            here.desk.go_online().result()
            here.until(here.online, "online")
            here.desk.call(lambda: None)
            here.once()
        finally:
            here.desk.close()


def test_a_flood_from_a_component(ejabberd_server: Ejabberd, tmp_path: Path) -> None:
    here = Flooded(tmp_path / "desk", ejabberd_server, ejabberd_server.direct)

    async def send() -> None:
        crowd = Crowd(ejabberd_server)
        await crowd.connect()
        await crowd.ask(here.address, range(COUNT))
        async with asyncio.timeout(60):
            while here.count() < COUNT:
                await asyncio.sleep(0.05)
        await crowd.leave()

    try:
        here.until(here.online, "online")
        asyncio.run(send())
        here.once()
        assert here.online() and f"p0@{COMPONENT}" in {row.address for row in here.desk.call(here.desk.do.incoming.all_under, None)}
    finally:
        here.desk.close()
