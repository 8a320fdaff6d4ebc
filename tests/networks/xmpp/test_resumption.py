"""A session that breaks goes on where it was (XEP-0198): nothing is lost, nothing is said twice, nothing is read anew."""

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tests.contract.worlds import Party
from tests.contract.xmpp_world import XmppWorld
from tests.networks.xmpp.carried import Carried
from tests.servers.cutter import Cutter
from tests.servers.ejabberd import Ejabberd
from tests.servers.prosody import Prosody

from netdesk.domain import events, orders
from netdesk.domain.errors import Offline
from netdesk.domain.orders import OrderId
from netdesk.networks.xmpp.elements import CLIENT, MANAGEMENT, PING, STREAM, element
from netdesk.networks.xmpp.line import Line, StanzaError
from netdesk.networks.xmpp.network import XmppNetwork
from netdesk.networks.xmpp.session import Session


def managed(first: Carried) -> Line:
    """A line that may be taken up again."""
    line = Line(first)
    line.manage()
    line.take(element(MANAGEMENT, "enabled", id="token", resume="true"))
    line.keep()
    return line


def presence(to: str) -> ET.Element:
    return element(CLIENT, "presence", to=to)


def resumed(count: int) -> ET.Element:
    return element(MANAGEMENT, "resumed", h=str(count), previd="token")


def test_what_the_server_did_not_get_is_said_again_in_its_order() -> None:
    first, second = Carried(), Carried()
    line = managed(first)
    for name in "abcd":
        line.put(presence(f"{name}@y.example"))
    first.standing = False
    line.broken(first)
    line.put(presence("e@y.example"))
    assert line.may_go_on and not line.standing and len(first.said) == 5
    line.go_on(second, resumed(2))
    assert [text.split("to=")[1][1] for text in second.said] == ["c", "d", "e"]


def test_what_was_heard_is_counted_and_told() -> None:
    first = Carried()
    line = managed(first)
    heard: list[ET.Element] = []
    line.on_stanza = heard.append
    for _ in range(3):
        line.take(presence("me@x.example"))
    line.take(element(MANAGEMENT, "r"))
    assert len(heard) == 3 and 'h="3"' in first.said[-1].replace("'", '"')
    assert line.wish().get("h") == "3" and line.wish().get("previd") == "token"


def test_in_a_flood_the_count_is_told_unasked() -> None:
    first = Carried()
    line = managed(first)
    for _ in range(1_200):
        line.take(presence("me@x.example"))
    assert [text.split("h=")[1][1:].split(text.split("h=")[1][0])[0] for text in first.said[1:]] == ["500", "1000"]


def test_a_server_that_counts_wrongly_takes_nothing_away() -> None:
    first, second = Carried(), Carried()
    line = managed(first)
    line.put(presence("a@y.example"))
    for count in ("7", "-1", "x", "", "4294967295"):
        line.take(element(MANAGEMENT, "a", h=count))
    first.standing = False
    line.broken(first)
    line.go_on(second, resumed(0))
    assert len(second.said) == 1


def test_the_count_begins_again_after_its_largest() -> None:
    first = Carried()
    line = managed(first)
    line._acknowledged = (1 << 32) - 1
    line.put(presence("a@y.example"))
    line.put(presence("b@y.example"))
    line.take(element(MANAGEMENT, "a", h="0"))
    assert len(line._unacknowledged) == 1


def test_a_line_that_was_not_promised_to_go_on_ends() -> None:
    async def job() -> None:
        first = Carried()
        line = Line(first)
        waits = asyncio.create_task(line.ask("get", element(PING, "ping")))
        await asyncio.sleep(0)
        first.standing = False
        line.broken(first)
        with pytest.raises(Offline):
            await waits
        with pytest.raises(Offline):
            line.put(presence("a@y.example"))

    asyncio.run(job())


def test_an_old_stream_that_ends_late_breaks_nothing() -> None:
    first, second = Carried(), Carried()
    line = managed(first)
    first.standing = False
    line.broken(first)
    line.go_on(second, resumed(0))
    line.broken(first)
    assert line.standing


def test_a_stream_that_was_given_up_is_not_taken_up() -> None:
    """The server would say again what the stream was given up for."""
    first = Carried()
    line = managed(first)
    first.standing = False
    first.refused = "too much"
    line.broken(first)
    assert not line.may_go_on


class WiredWorld(XmppWorld):
    """People whose way to the server can be cut."""

    def __init__(self, server: Prosody | Ejabberd, wire: Cutter) -> None:
        super().__init__(server)
        self._wire = wire
        self.wired = ""

    def session(self, party: Party) -> XmppNetwork:
        return self.session_at(party, self._wire.port if party.name.lower() == self.wired else self.server.direct)


def on_a_wire(server: Prosody | Ejabberd, job: Callable[[WiredWorld, Cutter, Party, Party], Awaitable[None]]) -> None:
    """Ann behind a wire, Ben not."""

    async def play() -> None:
        async with Cutter(server.direct) as wire:
            world = WiredWorld(server, wire)
            world.wired = "ann"
            try:
                await job(world, wire, await world.party("ann"), await world.party("ben"))
            finally:
                wire.open.set()
                await world.close()

    asyncio.run(play())


async def until(holds: Callable[[], object], what: str) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.02)
    assert holds(), what


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netdesk.networks.xmpp.network._BACK_OFF", (0.05, 0.1, 0.2))


def session_of(party: Party) -> Session:
    assert isinstance(party.network, XmppNetwork) and party.network._session is not None
    return party.network._session


def line_of(party: Party) -> Line:
    return session_of(party).line


@pytest.mark.parametrize("name", ["prosody", "ejabberd"])
def test_what_came_meanwhile_comes_once_and_nothing_is_read_anew(name: str, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue(f"{name}_server")

    async def job(world: WiredWorld, wire: Cutter, ann: Party, ben: Party) -> None:
        line = line_of(ann)
        assert line.may_go_on
        logins = len(ann.all_of(events.ServerKnows))
        wire.open.clear()
        wire.cut()
        await until(lambda: not line.standing, "broken")
        assert ben.network is not None
        await ben.network.tell(OrderId("1"), orders.Ask(ann.address, "We met in Accra."))
        wire.open.set()
        await until(lambda: line.standing, "taken up")
        await world.settle()
        asked = [one for event in ann.all_of(events.RequestsArrived) for one in event.requests]
        assert [(one.address, one.note) for one in asked] == [(ben.address, "We met in Accra.")]
        assert line_of(ann) is line and len(ann.all_of(events.ServerKnows)) == logins
        assert [type(one) for one in ann.said if isinstance(one, events.WentOffline | events.WentOnline)][-2:] == [
            events.WentOffline, events.WentOnline]  # fmt: skip

    on_a_wire(server, job)


@pytest.mark.parametrize("name", ["prosody", "ejabberd"])
def test_an_order_that_was_under_way_ends_once(name: str, request: pytest.FixtureRequest) -> None:
    """Cut after ever more bytes of the answers to an order: it is confirmed by the same call, and Ben is asked once."""
    server = request.getfixturevalue(f"{name}_server")

    async def job(world: WiredWorld, wire: Cutter, ann: Party, ben: Party) -> None:
        for round_ in range(40):
            line = line_of(ann)
            before = wire.cuts
            wire.cut_next(1 + round_ * 23)
            assert await ann.does(orders.Ask(ben.address, "hello")) is events.OrderConfirmed
            assert await ann.does(orders.Withdraw(ben.address)) is events.OrderConfirmed
            await until(lambda: line_of(ann).standing, "it goes on")
            assert line_of(ann) is line and wire.cuts == before + 1
        await ben.leaves()
        await ben.comes_back()
        assert ben.all_of(events.ServerKnows)[-1].waiting == frozenset()

    on_a_wire(server, job)


def test_a_server_that_has_forgotten_the_session_begins_a_new_one(prosody_server: Prosody, tmp_path: Path) -> None:
    with Prosody(tmp_path / "server") as server:

        async def job(world: WiredWorld, wire: Cutter, ann: Party, ben: Party) -> None:
            line = line_of(ann)
            waits = asyncio.create_task(line.ask("get", element(PING, "ping"), "nobody.example"))
            wire.open.clear()
            wire.cut()
            await until(lambda: not line.standing, "broken")
            await asyncio.to_thread(server.stop)
            await asyncio.to_thread(server.start)
            wire.open.set()
            await until(lambda: len(ann.all_of(events.ServerKnows)) == 2, "a new one")
            await world.settle()
            assert not line.may_go_on and line_of(ann) is not line
            with pytest.raises((Offline, StanzaError)):  # the server's refusal may have come before the end
                await waits

        on_a_wire(server, job)


def test_an_end_of_the_stream_is_no_stanza() -> None:
    first = Carried()
    line = managed(first)
    line.take(ET.Element(f"{{{STREAM}}}error"))
    line.take(presence("me@x.example"))
    assert line.wish().get("h") == "1"


def test_a_line_that_breaks_before_all_was_read_is_not_taken_up() -> None:
    """What had not been read would never be: a new session begins, and who waited for an answer waits no more."""

    async def job() -> None:
        first = Carried()
        line = Line(first)
        line.manage()
        line.take(element(MANAGEMENT, "enabled", id="token", resume="true"))
        waits = asyncio.create_task(line.ask("get", element(PING, "ping")))
        await asyncio.sleep(0)
        first.standing = False
        line.broken(first)
        assert not line.may_go_on
        with pytest.raises(Offline):
            await waits

    asyncio.run(job())


@pytest.mark.parametrize("name", ["prosody", "ejabberd"])
def test_cut_anywhere_in_a_login_the_session_that_stands_then_is_whole(name: str, request: pytest.FixtureRequest) -> None:
    """Cut after ever more bytes of the login's answers."""
    server = request.getfixturevalue(f"{name}_server")

    def stands(party: Party) -> bool:
        assert isinstance(party.network, XmppNetwork)
        session = party.network._session
        return session is not None and session.loaded and session.line.standing

    async def job(world: WiredWorld, wire: Cutter, ann: Party, ben: Party) -> None:
        await ann.leaves()
        for round_ in range(19):
            before, wire.cut_after = wire.cuts, 1 + round_ * 547
            ann.network = world.session(ann)
            await ann.network.start(ann._take)
            await until(lambda before=before: stands(ann) and wire.cuts > before, "online")  # type: ignore[misc]
            wire.cut_after = None
            await until(lambda: stands(ann), "online still")
            assert await ann.does(orders.Ask(ben.address, "hello")) is events.OrderConfirmed, round_
            assert await ann.does(orders.Withdraw(ben.address)) is events.OrderConfirmed, round_
            await ann.leaves()

    on_a_wire(server, job)


def test_what_a_break_interrupted_is_done_when_the_line_goes_on(prosody_server: Prosody) -> None:
    """The break outlasts the wait for an answer: the whitelist that was to be changed is changed all the same."""

    async def job(_world: WiredWorld, wire: Cutter, ann: Party, _ben: Party) -> None:
        line, session = line_of(ann), session_of(ann)
        tried: list[bool] = []

        async def chore() -> None:
            tried.append(False)
            await line.ask("get", element(PING, "ping"), "community.local", within=0.2)
            tried[-1] = True

        wire.open.clear()
        wire.cut()
        await until(lambda: not line.standing, "broken")
        session.chores.add("a chore", chore)
        await until(lambda: len(tried) > 1, "tried and tried again")
        wire.open.set()
        await until(lambda: tried[-1], "done")
        assert line_of(ann) is line

    on_a_wire(prosody_server, job)


def test_words_that_are_told_again_on_the_same_line_are_said_once(prosody_server: Prosody, monkeypatch: pytest.MonkeyPatch) -> None:
    """They were said, and whether they got there is not known in time: the order is told again under its number."""

    async def job(world: WiredWorld, _wire: Cutter, ann: Party, ben: Party) -> None:
        cem = await world.party("cem")
        for one in (ann, cem):
            await ben.does(orders.Ask(one.address, "hello"))
            await one.does(orders.Accept(ben.address))
        number, order = OrderId("7"), orders.AskIntroduction(ben.address, cem.address, "of the maps")
        session = session_of(ann)

        async def no_answer(**_within: float) -> None:
            raise Offline("unreachable")

        with monkeypatch.context() as broken:
            broken.setattr(session, "ping", no_answer)
            assert ann.network is not None
            with pytest.raises(Offline):
                await ann.network.tell(number, order)
        assert await ann.does(order, number) is events.OrderConfirmed
        await world.settle()
        assert session_of(ann) is session and len(ben.all_of(events.IntroductionAsked)) == 1

    on_a_wire(prosody_server, job)
