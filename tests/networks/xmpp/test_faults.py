"""Connections that break and servers that die: nothing is lost, nothing comes twice, nothing is shown as sent that was not."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.networks.xmpp.owner import Owner
from tests.servers.cutter import Cutter
from tests.servers.prosody import Prosody

from netdesk.domain.requests import Answer, IncomingQuery
from netdesk.networks.xmpp.network import XmppNetwork


@pytest.fixture
def own_server(prosody_server: Prosody, tmp_path: Path) -> Iterator[Prosody]:
    """A server that may be killed."""
    with Prosody(tmp_path / "server") as server:
        yield server


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again soon: the waits between tries are not what is tested."""
    monkeypatch.setattr("netdesk.networks.xmpp.network._BACK_OFF", (0.1, 0.2, 0.3))


@pytest.fixture
def wire(prosody_server: Prosody) -> Iterator[Cutter]:
    """A wire that can be cut, on a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="wire", daemon=True)
    thread.start()
    cutter = Cutter(prosody_server.direct)
    asyncio.run_coroutine_threadsafe(cutter.__aenter__(), loop).result()
    yield cutter
    asyncio.run_coroutine_threadsafe(cutter.__aexit__(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_server_that_dies_while_one_asks(own_server: Prosody, tmp_path: Path) -> None:
    ann, ben = Owner(tmp_path / "ann", own_server, own_server.direct), Owner(tmp_path / "ben", own_server, own_server.direct)
    try:
        for one in (ann, ben):
            one.until(lambda one=one: one.online() and one.told(), "signed in, profile published")
        own_server.stop(how=signal.SIGKILL)
        ann.until(lambda: not ann.online(), "the end of the session is seen")
        ann.asks(ben)
        assert ann.sent("waiting") and not ann.told()
        own_server.start()
        ann.until(lambda: ann.online() and ann.told(), "told after the server is back")
        ben.until(lambda: ben.incoming() == [ann.address], "it arrives")
        ben.desk.call(ben.desk.do.incoming.answer, [ben.desk.call(ben.desk.do.incoming.page, IncomingQuery("review"), 0, 9).rows[0].id],
                      Answer.ACCEPT, at_once=True)  # fmt: skip
        own_server.stop(how=signal.SIGKILL)
        own_server.start()
        ben.until(lambda: ben.online() and ben.told(), "the answer is told")
        ann.until(lambda: ann.connections() == [ben.address], "and arrives")
        assert ben.everything() == [ann.address], "once"
    finally:
        ann.desk.close()
        ben.desk.close()


@pytest.mark.parametrize("step", range(8))
def test_a_connection_that_is_cut(prosody_server: Prosody, wire: Cutter, tmp_path: Path, step: int) -> None:
    """Cut after ever more of what the server says, from the handshake to the end of the exchange."""
    ben = Owner(tmp_path / "ben", prosody_server, prosody_server.direct)
    ann = Owner(tmp_path / "ann", prosody_server, wire.port)
    try:
        ben.until(lambda: ben.online() and ben.told(), "ben is there")
        ann.until(lambda: ann.online() and ann.told(), "ann is there")
        for again in range(3):
            wire.cut_after = 700 + step * 900 + again * 331
            ann.desk._sessions.end(ann.account.id)  # a new connection, which will be cut
            ann.desk.go_online().result()
            if again == 0:
                ann.asks(ben)
            ann.until(lambda: ann.online() and ann.told(), "told in the end")
        ben.until(lambda: ben.everything() == [ann.address], "arrived once")
        assert ann.sent("waiting") == [ben.address] and ann.sent("ended") == []
    finally:
        ann.desk.close()
        ben.desk.close()


def test_the_network_is_the_one_that_is_meant(prosody_server: Prosody, tmp_path: Path) -> None:
    owner = Owner(tmp_path / "one", prosody_server, prosody_server.direct)
    try:
        owner.until(owner.online, "online")
        assert isinstance(owner.desk._sessions.of(owner.account.id), XmppNetwork)
    finally:
        owner.desk.close()
