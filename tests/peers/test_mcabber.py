"""With somebody else's program: what NetDesk does is understood there, and what is done there is understood here."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.contract.worlds import Party
from tests.contract.xmpp_world import XmppWorld
from tests.peers.common import need, until
from tests.servers import mcabber
from tests.servers.mcabber import Mcabber
from tests.servers.prosody import Prosody

from netdesk.domain import events, orders
from netdesk.domain.people import Address


@pytest.fixture(autouse=True)
def there() -> None:
    need(mcabber.installed(), "mcabber")


def seen(ann: Party, kind: type) -> list[object]:
    return [one for one in ann.said if isinstance(one, kind)]


def story(folder: Path, server: Prosody, tell: Callable[[Party, Mcabber, Address], object]) -> None:
    """Ann on NetDesk, Max on mcabber."""

    async def job() -> None:
        world = XmppWorld(server)
        ann = await world.party("ann")
        max_address = Address(f"max-{ann.address.partition('-')[2]}")
        server.add_user(max_address.partition("@")[0])
        try:
            with Mcabber(folder / "max", server, max_address) as peer:
                await tell(ann, peer, max_address)  # type: ignore[misc]
        finally:
            await world.close()

    asyncio.run(job())


def test_asked_by_netdesk_and_accepted_there(tmp_path: Path, prosody_server: Prosody) -> None:
    async def tell(ann: Party, peer: Mcabber, other: Address) -> None:
        await asyncio.sleep(1)
        assert await ann.does(orders.Ask(other, "We met in Accra")) is events.OrderConfirmed
        peer.does(f"/authorization allow {ann.address}")
        peer.does(f"/authorization request {ann.address}")
        await until(ann, lambda: ann.tie(other) == (True, True), "a connection")
        assert seen(ann, events.RequestAnswered)[0].answer == "accepted"  # type: ignore[attr-defined]
        assert not seen(ann, events.RequestsArrived), "their way back needs no second answer"

    story(tmp_path, prosody_server, tell)


def test_asked_by_netdesk_and_declined_there(tmp_path: Path, prosody_server: Prosody) -> None:
    async def tell(ann: Party, peer: Mcabber, other: Address) -> None:
        await asyncio.sleep(1)
        await ann.does(orders.Ask(other, "We met in Accra"))
        peer.does(f"/authorization cancel {ann.address}")
        await until(ann, lambda: seen(ann, events.RequestAnswered), "an answer")
        assert seen(ann, events.RequestAnswered)[0].answer == "declined"  # type: ignore[attr-defined]
        assert ann.tie(other) == (False, False)

    story(tmp_path, prosody_server, tell)


def test_asked_there_and_accepted_by_netdesk(tmp_path: Path, prosody_server: Prosody) -> None:
    async def tell(ann: Party, peer: Mcabber, other: Address) -> None:
        await asyncio.sleep(1)
        peer.does(f"/authorization request {ann.address}")
        await until(ann, lambda: seen(ann, events.RequestsArrived), "a request")
        assert await ann.does(orders.Accept(other)) is events.OrderConfirmed
        peer.does(f"/authorization allow {ann.address}")
        await until(ann, lambda: ann.tie(other) == (True, True), "a connection")

    story(tmp_path, prosody_server, tell)


def test_a_block_holds_against_it(tmp_path: Path, prosody_server: Prosody) -> None:
    async def tell(ann: Party, peer: Mcabber, other: Address) -> None:
        await asyncio.sleep(1)
        await ann.does(orders.Block(other))
        peer.does(f"/authorization request {ann.address}")
        await asyncio.sleep(1)
        await ann.quiet()
        assert not seen(ann, events.RequestsArrived)
        await ann.does(orders.Unblock(other))
        peer.does(f"/authorization cancel {ann.address}")
        peer.does(f"/authorization request_unsubscribe {ann.address}")
        peer.does(f"/authorization request {ann.address}")
        await until(ann, lambda: seen(ann, events.RequestsArrived), "a request after the unblock")

    story(tmp_path, prosody_server, tell)
