"""Two servers: found by their names, and one of them away while something is said to somebody there."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.contract.worlds import Party
from tests.contract.xmpp_world import FederatedWorld
from tests.servers.ejabberd import Ejabberd
from tests.servers.federation import Federation
from tests.servers.names import Names
from tests.servers.prosody import PASSWORD, Prosody, free_ports

from netdesk.domain import events, orders
from netdesk.domain.errors import Offline
from netdesk.domain.people import Address
from netdesk.networks.xmpp.settings import Memory, Settings
from netdesk.networks.xmpp.signin import sign_in
from netdesk.networks.xmpp.stream import Stream

HERE = "community.local"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A name server of our own, which NetDesk asks."""
    with Names() as made:

        def configure(_self: Stream, resolver: Any, **_where: object) -> None:
            resolver.nameservers = [f"127.0.0.1:{made.port}"]

        monkeypatch.setattr(Stream, "configure_dns", configure)
        yield made


async def how_it_signs_in(server: Prosody, wanted: Settings) -> str:
    """By which port; or why not."""
    address = Address("srv-user@community.local")
    server.add_user("srv-user")
    try:
        line = await sign_in(address, wanted, PASSWORD, Memory())
    except Offline as error:
        return error.reason
    carrier = line._carrier
    assert isinstance(carrier, Stream) and carrier.transport is not None
    port = carrier.transport.get_extra_info("peername")[1]
    await line.leave()
    return {server.direct: "direct", server.starttls: "starttls"}[port]


@pytest.mark.parametrize(
    ("records", "found"),
    [
        ((("_xmpps-client", "direct", 5), ("_xmpp-client", "starttls", 10)), "direct"),
        ((("_xmpp-client", "starttls", 10),), "starttls"),
        ((("_xmpps-client", "dead", 1), ("_xmpp-client", "starttls", 10)), "starttls"),
        ((("_xmpp-client", "dead", 1), ("_xmpp-client", "starttls", 10)), "starttls"),
        ((("_xmpp-client", "dead", 1),), "unreachable"),
        ((), "unreachable"),
    ],
)
def test_a_server_is_found_by_its_name(prosody_server: Prosody, names: Names, records: Any, found: str) -> None:
    """SRV (RFC 6120 §3.2, XEP-0368): direct TLS and STARTTLS, a target that is dead, and none."""
    ports = {"direct": prosody_server.direct, "starttls": prosody_server.starttls, "dead": free_ports(1)[0]}
    names.a("localhost")
    for service, port, priority in records:
        names.srv(f"{service}._tcp.{HERE}", "localhost", ports[port], priority)
    assert asyncio.run(how_it_signs_in(prosody_server, Settings(ca_file=str(prosody_server.ca_file)))) == found


def test_names_that_nobody_answers_for_are_not_waited_for_long(prosody_server: Prosody, names: Names) -> None:
    names.silent = True
    assert asyncio.run(how_it_signs_in(prosody_server, Settings(ca_file=str(prosody_server.ca_file)))) == "unreachable"


Tell = Callable[[FederatedWorld, Party, Party, Prosody | Ejabberd], Awaitable[None]]


def while_one_is_away(first: Prosody | Ejabberd, second: Prosody | Ejabberd, tell: Tell) -> None:
    """Ann on the first server, Ben on the second, which can be stopped and started."""

    async def play() -> None:
        world = FederatedWorld(first, second)  # type: ignore[arg-type] # either kind serves as either here
        ann, ben = await world.party("ann"), await world.party("ben")
        try:
            await tell(world, ann, ben, second)
        finally:
            await world.close()

    with first, second:
        asyncio.run(play())


@pytest.fixture(params=["prosody", "ejabberd"])
def pair(
    request: pytest.FixtureRequest, federation: Federation, tmp_path: Path, prosody_server: Prosody, ejabberd_server: Ejabberd
) -> tuple[Prosody | Ejabberd, Prosody]:
    """Servers of a test's own; the first is of either kind, since it is the sender's server that says what could not be delivered."""
    kind = Prosody if request.param == "prosody" else Ejabberd
    hosts = (f"{request.param}one.example",), (f"{request.param}two.example", "unused.example")
    return kind(tmp_path / "one", hosts=hosts[0], federation=federation), Prosody(tmp_path / "two", hosts=hosts[1], federation=federation)


async def away(world: FederatedWorld, party: Party, server: Prosody | Ejabberd) -> None:
    """Somebody's server is gone, and they with it."""
    await party.leaves()
    await asyncio.to_thread(server.stop)


async def back(world: FederatedWorld, party: Party, server: Prosody | Ejabberd) -> None:
    await asyncio.to_thread(server.start)
    party.said.clear()
    await asyncio.sleep(1.2)  # ejabberd remembers for a second that it could not connect
    await party.comes_back()


def test_what_is_asked_of_a_server_that_is_away_is_not_shown_as_sent(pair: Any) -> None:
    async def tell(world: FederatedWorld, ann: Party, ben: Party, second: Prosody | Ejabberd) -> None:
        await away(world, ben, second)
        answer = await ann.does(orders.Ask(ben.address, "hello"))
        ended = [one.reason for one in await ann.quiet() if isinstance(one, events.OrderRefused | events.RequestBounced)]
        assert answer is events.OrderRefused or ended
        assert ended == ["no server"]
        await ann.leaves()
        ann.said.clear()
        await ann.comes_back()
        assert (await ann.sees(events.ServerKnows)).asked == frozenset(), "nothing is left waiting"
        await back(world, ben, second)
        assert await ann.does(orders.Ask(ben.address, "hello again")) is events.OrderConfirmed
        assert [one.note for one in (await ben.sees(events.RequestsArrived)).requests] == ["hello again"]

    while_one_is_away(*pair, tell)


@pytest.mark.parametrize("order", [orders.Decline, orders.Accept, orders.LetFollow])
def test_an_answer_to_a_server_that_is_away_comes_back_and_can_be_told_again(pair: Any, order: Any) -> None:
    async def tell(world: FederatedWorld, ann: Party, ben: Party, second: Prosody | Ejabberd) -> None:
        await ben.does(orders.Ask(ann.address, "hello"))
        await ann.sees(events.RequestsArrived)
        await away(world, ben, second)
        await ann.does(order(ben.address))
        came_back = [one.order for one in await ann.quiet() if isinstance(one, events.OrderCameBack)]
        assert came_back == [order(ben.address)]
        await back(world, ben, second)
        assert await ann.does(order(ben.address)) is events.OrderConfirmed
        await ben.quiet()
        await ann.quiet()
        wanted = {orders.Accept: (True, True), orders.LetFollow: (True, False), orders.Decline: (False, False)}[order]
        assert ben.tie(ann.address) == wanted
        assert ann.address not in (await ben.sees(events.ServerKnows)).asked or ben.all_of(events.RequestAnswered)

    while_one_is_away(*pair, tell)


def test_a_removal_that_a_server_that_was_away_did_not_hear_can_be_told_again(pair: Any) -> None:
    async def tell(world: FederatedWorld, ann: Party, ben: Party, second: Prosody | Ejabberd) -> None:
        await ben.does(orders.Ask(ann.address, "hello"))
        await ann.does(orders.Accept(ben.address))
        assert (await ben.quiet()) and ben.tie(ann.address) == (True, True)
        await away(world, ben, second)
        await ann.does(orders.Remove(ben.address))
        assert [one.order for one in await ann.quiet() if isinstance(one, events.OrderCameBack)] == [orders.Remove(ben.address)]
        await back(world, ben, second)
        assert ben.tie(ann.address) == (True, True), "nobody has told them"
        assert await ann.does(orders.Remove(ben.address)) is events.OrderConfirmed
        await ben.quiet()
        # Prosody passes no `unsubscribed` on to one who is off the roster: what is left with them is a wish that brings nothing (docs/server.md)
        halves = isinstance(world.server_of(ann), Prosody)
        assert ben.tie(ann.address) == (halves, False) and ann.tie(ben.address) == (False, False)

    while_one_is_away(*pair, tell)


def test_a_request_taken_back_from_a_server_that_is_away_can_be_taken_back_again(pair: Any) -> None:
    async def tell(world: FederatedWorld, ann: Party, ben: Party, second: Prosody | Ejabberd) -> None:
        await ann.does(orders.Ask(ben.address, "hello"))
        await ben.sees(events.RequestsArrived)
        await away(world, ben, second)
        await ann.does(orders.Withdraw(ben.address))
        assert [one.order for one in await ann.quiet() if isinstance(one, events.OrderCameBack)] == [orders.Withdraw(ben.address)]
        await back(world, ben, second)
        assert (await ben.sees(events.ServerKnows)).waiting == {ann.address}, "it waits there still"
        await ann.does(orders.Withdraw(ben.address))
        await ben.quiet()
        assert [one.addresses for one in ben.all_of(events.RequestsWithdrawn)] == [(ann.address,)]

    while_one_is_away(*pair, tell)
