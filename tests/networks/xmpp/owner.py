"""An owner of tests with real servers: a whole desk without a window."""

import time
import uuid
from collections.abc import Callable
from pathlib import Path

from tests.servers.ejabberd import Ejabberd
from tests.servers.prosody import PASSWORD, Prosody

from netdesk.desk import Desk
from netdesk.domain.people import Address, PeopleQuery
from netdesk.domain.places import server_place
from netdesk.domain.requests import IncomingQuery, OutgoingQuery


class Owner:
    """An owner with a desk of her own and an account on the server."""

    def __init__(self, folder: Path, server: Prosody | Ejabberd, port: int, name: str = "") -> None:
        name = name or f"o-{uuid.uuid4().hex[:8]}"
        server.add_user(name)
        self.address = Address(f"{name}@community.local")
        self.desk = Desk(folder).open()
        self.desk.passwords.use(self.address, PASSWORD)
        place = server_place("127.0.0.1", port, "direct", str(server.ca_file))
        self.account = self.desk.call(self.desk.do.accounts.add, "xmpp", self.address, place, "Owner", self.desk.clock())
        self.desk.call(self.desk.do.accounts.confirm_first_run, self.account.id)
        self.desk.go_online().result()

    def until(self, holds: Callable[[], object], what: str, seconds: float = 40.0) -> None:
        """Let the desk work until this holds."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, what
            self.desk.go_round().result()
            time.sleep(0.03)

    def told(self) -> bool:
        return self.desk.call(self.desk.do.courier.untold_now) == 0

    def online(self) -> bool:
        return self.desk.call(self.desk.do.accounts.cards)[0].online

    def incoming(self) -> list[str]:
        rows = self.desk.call(self.desk.do.incoming.page, IncomingQuery("review"), 0, 99).rows
        return [row.address for row in rows]

    def everything(self) -> list[str]:
        found = self.incoming()
        for place in ("later", "filtered", "answered"):
            found += [row.address for row in self.desk.call(self.desk.do.incoming.page, IncomingQuery(place), 0, 99).rows]
        return found

    def sent(self, place: str) -> list[str]:
        return [row.address for row in self.desk.call(self.desk.do.sent.page, OutgoingQuery(place), 0, 99).rows]

    def connections(self) -> list[str]:
        return [row.address for row in self.desk.call(self.desk.do.network.page, PeopleQuery(), 0, 99).rows]

    def asks(self, other: "Owner") -> None:
        self.desk.call(self.desk.do.sent.ask, self.account.id, other.address, "We met in Accra; may I ask you?", at_once=True)
