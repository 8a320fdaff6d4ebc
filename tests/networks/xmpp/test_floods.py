"""Floods on real servers: everything is stored once, in one row, and the session goes on."""

import asyncio
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from tests.contract.crowd import Crowd
from tests.servers.ejabberd import Ejabberd
from tests.servers.prosody import COMPONENT, PASSWORD, Prosody

from netdesk.desk import Desk
from netdesk.domain.people import Address
from netdesk.domain.places import server_place
from netdesk.domain.requests import IncomingQuery

COUNT = 2_000


class Flooded:
    """A desk with an account on the server."""

    def __init__(self, folder: Path, server: Prosody | Ejabberd, address: Address) -> None:
        self.desk = Desk(folder).open()
        self.desk.passwords.use(address, PASSWORD)
        place = server_place("127.0.0.1", server.direct, "direct", str(server.ca_file))
        account = self.desk.call(self.desk.do.accounts.add, "xmpp", address, place, "Owner", self.desk.clock())
        self.desk.call(self.desk.do.accounts.confirm_first_run, account.id)
        self.desk.go_online().result()

    def until(self, holds: Callable[[], object], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def online(self) -> bool:
        return self.desk.call(self.desk.do.accounts.cards)[0].online

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
        server.add_user("owner")
        me = Address("owner@community.local")
        server.fill_waiting(me, [f"p{number}@d{number % 40}.example" for number in range(COUNT)])
        here = Flooded(tmp_path / "desk", server, me)
        try:
            here.until(lambda: here.count() == COUNT)
            here.once()
            here.desk._sessions.end(here.desk.call(here.desk.do.accounts.all)[0].id)
            here.desk.go_online().result()
            here.until(here.online)
            here.desk.call(lambda: None)
            here.once()
        finally:
            here.desk.close()


def test_a_flood_from_a_component(ejabberd_server: Ejabberd, tmp_path: Path) -> None:
    me = Address(f"owner-{uuid.uuid4().hex[:8]}@community.local")
    ejabberd_server.add_user(me.partition("@")[0])
    here = Flooded(tmp_path / "desk", ejabberd_server, me)

    async def send() -> None:
        crowd = Crowd(ejabberd_server)
        await crowd.connect()
        await crowd.ask(me, range(COUNT))
        async with asyncio.timeout(60):
            while here.count() < COUNT:
                await asyncio.sleep(0.05)
        await crowd.leave()

    try:
        here.until(here.online)
        asyncio.run(send())
        here.once()
        assert here.online() and f"p0@{COMPONENT}" in {row.address for row in here.desk.call(here.desk.do.incoming.all_under, None)}
    finally:
        here.desk.close()
