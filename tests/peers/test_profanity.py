"""With profanity, another program of somebody else: both ways ask, accept, deny, cancel, remove, block."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest
from tests.contract.worlds import Party
from tests.contract.xmpp_world import XmppWorld
from tests.peers import common
from tests.peers.common import need
from tests.servers import profanity
from tests.servers.profanity import Profanity
from tests.servers.prosody import Prosody

from netdesk.domain import events, orders
from netdesk.domain.people import Address

until = partial(common.until, every=0.05)
Tell = Callable[[Party, Profanity, Address], Awaitable[None]]


@pytest.fixture(autouse=True)
def there() -> None:
    need(profanity.installed(), "profanity")


def story(folder: Path, server: Prosody, tell: Tell) -> None:
    """Ann on NetDesk, Pia on profanity."""

    async def job() -> None:
        world = XmppWorld(server)
        ann = await world.party("ann")
        address = Address(f"pia-{ann.address.partition('@')[0].partition('-')[2]}@community.local")
        server.add_user(address.partition("@")[0])
        peer = Profanity(folder / "pia", server, address)
        try:
            await asyncio.to_thread(peer.start)
            await tell(ann, peer, address)
        finally:
            await asyncio.to_thread(peer.stop)
            await world.close()

    asyncio.run(job())


async def types(peer: Profanity, line: str, *parts: str) -> None:
    """A command, until its stanza is on its way."""
    await asyncio.to_thread(peer.does, line, *parts)


async def gets(peer: Profanity, kind: str, of: Address) -> str:
    """A presence of this kind has reached it, now or before."""
    found: str = await asyncio.to_thread(peer.gets, "<presence", f'type="{kind}"', of, ever=True)
    return found


async def connected(ann: Party, peer: Profanity, other: Address) -> None:
    await ann.does(orders.Ask(other, "We met in Accra"))
    assert "We met in Accra" in await gets(peer, "subscribe", ann.address)
    await types(peer, f"/sub allow {ann.address}", 'type="subscribed"')
    await types(peer, f"/sub request {ann.address}", 'type="subscribe"')
    await until(ann, lambda: ann.tie(other) == (True, True), "a connection")


def test_asked_by_netdesk_accepted_there_and_removed_there(tmp_path: Path, prosody_server: Prosody) -> None:
    async def tell(ann: Party, peer: Profanity, other: Address) -> None:
        await connected(ann, peer, other)
        assert ann.all_of(events.RequestAnswered)[0].answer == "accepted"
        assert not ann.all_of(events.RequestsArrived), "their way back needs no second answer"
        await types(peer, f"/roster remove {ann.address}", 'subscription="remove"')
        await until(ann, lambda: ann.tie(other) == (False, False), "the end of it")

    story(tmp_path, prosody_server, tell)


def test_a_connection_ended_by_netdesk_is_ended_there(tmp_path: Path, prosody_server: Prosody) -> None:
    async def tell(ann: Party, peer: Profanity, other: Address) -> None:
        await connected(ann, peer, other)
        await ann.does(orders.Remove(other))
        await gets(peer, "unsubscribed", ann.address)
        assert ann.tie(other) == (False, False)

    story(tmp_path, prosody_server, tell)


def test_asked_by_netdesk_and_denied_there(tmp_path: Path, prosody_server: Prosody) -> None:
    async def tell(ann: Party, peer: Profanity, other: Address) -> None:
        await ann.does(orders.Ask(other, "We met in Accra"))
        await gets(peer, "subscribe", ann.address)
        await types(peer, f"/sub deny {ann.address}", 'type="unsubscribed"')
        await until(ann, lambda: ann.all_of(events.RequestAnswered), "an answer")
        assert ann.all_of(events.RequestAnswered)[0].answer == "declined" and ann.tie(other) == (False, False)

    story(tmp_path, prosody_server, tell)


def test_asked_by_netdesk_and_taken_back(tmp_path: Path, prosody_server: Prosody) -> None:
    async def tell(ann: Party, peer: Profanity, other: Address) -> None:
        await ann.does(orders.Ask(other, "We met in Accra"))
        await gets(peer, "subscribe", ann.address)
        await ann.does(orders.Withdraw(other))
        await gets(peer, "unsubscribe", ann.address)

    story(tmp_path, prosody_server, tell)


@pytest.mark.parametrize("answer", [orders.Accept, orders.LetFollow, orders.Decline])
def test_asked_there_and_answered_by_netdesk(tmp_path: Path, prosody_server: Prosody, answer: type) -> None:
    async def tell(ann: Party, peer: Profanity, other: Address) -> None:
        await types(peer, f"/sub request {ann.address}", 'type="subscribe"')
        await until(ann, lambda: ann.all_of(events.RequestsArrived), "a request")
        assert await ann.does(answer(other)) is events.OrderConfirmed
        await gets(peer, "unsubscribed" if answer is orders.Decline else "subscribed", ann.address)
        if answer is orders.Accept:
            await gets(peer, "subscribe", ann.address)
            await types(peer, f"/sub allow {ann.address}", 'type="subscribed"')
        wanted = {orders.Accept: (True, True), orders.LetFollow: (False, True), orders.Decline: (False, False)}[answer]
        await until(ann, lambda: ann.tie(other) == wanted, "as answered")

    story(tmp_path, prosody_server, tell)


def test_asked_there_and_taken_back_there(tmp_path: Path, prosody_server: Prosody) -> None:
    async def tell(ann: Party, peer: Profanity, other: Address) -> None:
        await types(peer, f"/sub request {ann.address}", 'type="subscribe"')
        await until(ann, lambda: ann.all_of(events.RequestsArrived), "a request")
        await types(peer, f"/roster remove {ann.address}", 'subscription="remove"')
        await until(ann, lambda: ann.all_of(events.RequestsWithdrawn), "a withdrawal")

    story(tmp_path, prosody_server, tell)


def test_a_block_holds_against_it(tmp_path: Path, prosody_server: Prosody) -> None:
    async def tell(ann: Party, peer: Profanity, other: Address) -> None:
        await ann.does(orders.Block(other))
        await types(peer, f"/sub request {ann.address}", 'type="subscribe"')
        await asyncio.sleep(0.5)
        await ann.quiet()
        assert not ann.all_of(events.RequestsArrived)

    story(tmp_path, prosody_server, tell)


def test_its_block_holds_against_netdesk(tmp_path: Path, prosody_server: Prosody) -> None:
    """Nobody is told of a block: the request seems to wait."""

    async def tell(ann: Party, peer: Profanity, other: Address) -> None:
        await types(peer, f"/blocked add {ann.address}", "urn:xmpp:blocking")
        await asyncio.to_thread(peer.gets, "urn:xmpp:blocking", ann.address)
        assert await ann.does(orders.Ask(other, "We met in Accra")) is events.OrderConfirmed
        await asyncio.sleep(0.5)
        assert "We met in Accra" not in peer.log

    story(tmp_path, prosody_server, tell)
