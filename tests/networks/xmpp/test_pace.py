"""A server that only wants it slower: what it refused is not shown as sent, and goes later."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.contract.xmpp_world import XmppWorld
from tests.servers.ejabberd import Ejabberd

from netdesk.domain import events, orders


@pytest.fixture
def counting(ejabberd_server: Ejabberd, tmp_path: Path) -> Iterator[Ejabberd]:
    """ejabberd as Debian configures it: five such stanzas a minute (mod_pres_counter)."""
    with Ejabberd(tmp_path / "counting", more="  mod_pres_counter: {count: 5, interval: 60}\n") as server:
        yield server


def test_over_the_servers_pace(counting: Ejabberd) -> None:
    async def job() -> None:
        world = XmppWorld(counting)
        ann = await world.party("ann")
        others = [await world.party(f"p{number}") for number in range(7)]
        try:
            answers = [await ann.does(orders.Ask(other.address, "We met in Accra")) for other in others]
            refused = [one for one in ann.said if isinstance(one, events.OrderRefused)]
            assert answers[:3] == [events.OrderConfirmed] * 3 and refused, "some passed, some did not"
            assert all(one.retry_at is not None and one.retry_at - one.at >= timedelta(seconds=30) for one in refused)
            for other, answer in zip(others, answers, strict=True):
                arrived = [one for one in await other.quiet() if isinstance(one, events.RequestsArrived)]
                assert bool(arrived) == (answer is events.OrderConfirmed), "shown as sent exactly when it arrived"
        finally:
            await world.close()

    asyncio.run(job())
