"""The server is killed at every step of every exchange; it drops half of what it is told: in the end everything is as it was meant, once."""

import asyncio
import random
import signal
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tests.contract.worlds import Party
from tests.contract.xmpp_world import XmppWorld
from tests.networks.xmpp.test_hostile import live
from tests.networks.xmpp.test_resumption import WiredWorld
from tests.servers.cutter import Cutter
from tests.servers.ejabberd import Ejabberd
from tests.servers.hostile import Plan
from tests.servers.prosody import Prosody

from netdesk.domain import events, orders
from netdesk.domain.errors import Offline
from netdesk.domain.orders import Order, OrderId
from netdesk.domain.people import Address

Before = Callable[[Party, Party], Awaitable[object]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netdesk.networks.xmpp.network._BACK_OFF", (0.02, 0.05, 0.1, 0.1))


async def nothing(_ann: Party, _ben: Party) -> None:
    return


async def they_ask(ann: Party, ben: Party) -> None:
    await ben.does(orders.Ask(ann.address, "hello"))


async def i_ask(ann: Party, ben: Party) -> None:
    await ann.does(orders.Ask(ben.address, "hello"))


async def we_connect(ann: Party, ben: Party) -> None:
    await i_ask(ann, ben)
    await ben.does(orders.Accept(ann.address))


async def i_block(ann: Party, ben: Party) -> None:
    await ann.does(orders.Block(ben.address))


# what is told, what was before, how Ben is tied to Ann in the end, whether hers waits for him then, whether his waits for her
EXCHANGES: dict[str, tuple[Callable[[Address], Order], Before, tuple[bool, bool], bool, bool]] = {
    "ask": (lambda to: orders.Ask(to, "We met."), nothing, (False, False), True, False),
    "accept": (orders.Accept, they_ask, (True, True), False, False),
    "let follow": (orders.LetFollow, they_ask, (True, False), False, False),
    "decline": (orders.Decline, they_ask, (False, False), False, False),
    "withdraw": (orders.Withdraw, i_ask, (False, False), False, False),
    "remove": (orders.Remove, we_connect, (False, False), False, False),
    "block": (orders.Block, we_connect, (False, False), False, False),
    "unblock": (orders.Unblock, i_block, (False, False), False, False),
}


async def tell_until_known(party: Party, number: OrderId, order: Order) -> None:
    """As the outbox does: the same number again after a session broke, until the server has said how it ended."""

    def known() -> bool:
        return any(isinstance(one, events.OrderConfirmed) and one.order == number for one in party.said)

    def refused() -> list[str]:
        return [one.reason for one in party.said if isinstance(one, events.OrderRefused) and one.order == number and one.retry_at is None]

    assert party.network is not None
    async with asyncio.timeout(30):
        while not known():
            assert not refused(), refused()
            await asyncio.sleep(0)
            try:
                await party.network.tell(number, order)
            except Offline:
                await asyncio.sleep(0.02)


async def story(server: Prosody | Ejabberd, name: str, step: int, *, answered: bool) -> bool:
    """One exchange, with the server killed after `step` records of it; whether the exchange is longer than that."""
    make, before, tie, hers_waits, his_waits = EXCHANGES[name]
    async with Cutter(server.direct) as wire:
        world = WiredWorld(server, wire)
        world.wired = "ann"
        try:
            ann, ben = await world.party("ann"), await world.party("ben")
            await before(ann, ben)
            await world.settle()

            def kill() -> None:
                server.stop(signal.SIGKILL)
                server.start()

            wire.strike_after(step, kill, answered=answered)
            await tell_until_known(ann, OrderId(uuid.uuid4().hex), make(ben.address))
            struck = wire.struck
            wire.strike_after(10**9, lambda: None)
            await check(world, ann, ben, tie, hers_waits=hers_waits, his_waits=his_waits)
        finally:
            await world.close()
    return struck


async def check(world: XmppWorld, ann: Party, ben: Party, tie: tuple[bool, bool], *, hers_waits: bool, his_waits: bool) -> None:
    """A new session of each says what the server holds."""
    for one in (ann, ben):
        await one.leaves()
        one.said.clear()
        await one.comes_back()
    await world.settle()
    assert ben.tie(ann.address) == tie and ann.tie(ben.address) == (tie[1], tie[0])
    mine, his = ann.all_of(events.ServerKnows)[-1], ben.all_of(events.ServerKnows)[-1]
    assert (ben.address in mine.asked, ann.address in his.waiting) == (hers_waits, hers_waits)
    assert (ben.address in mine.waiting) == his_waits
    arrived = [one for event in ben.all_of(events.RequestsArrived) for one in event.requests if one.address == ann.address]
    assert len(arrived) == int(hers_waits)


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("name", list(EXCHANGES))
def test_a_server_that_is_killed_at_each_step(prosody_server: Prosody, tmp_path: Path, name: str, answered: bool) -> None:
    with Prosody(tmp_path / "server") as server:
        step = 0 if answered else 1
        while asyncio.run(story(server, name, step, answered=answered)):
            step += 1
        assert step >= (1 if answered else 2), "it was killed at least once within the exchange"


class Forgetful:
    """A scripted server that drops half of the requests without a word, and pushes the roster for the others."""

    def __init__(self) -> None:
        self.random = random.Random(7)
        self.dropped = 0
        self.asked: list[str] = []
        self.pushes = 0

    def answer(self, stanza: ET.Element) -> str | None:
        if stanza.tag != "{jabber:client}presence" or stanza.get("type") != "subscribe":
            return None
        to = stanza.get("to", "")
        if self.random.random() < 0.5:
            self.dropped += 1
            return ""
        self.asked.append(to)
        self.pushes += 1
        item = f"<item jid='{to}' subscription='none' ask='subscribe'/>"
        return f"<iq type='set' id='push{self.pushes}'><query xmlns='jabber:iq:roster'>{item}</query></iq>"


def test_a_server_that_drops_half_of_the_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is shown as sent that was not; each that is put off is told again; in the end each was asked once."""
    monkeypatch.setattr("netdesk.networks.xmpp.acts._PUSH_WITHIN", 0.01)

    async def job() -> None:
        forgetful = Forgetful()
        async with live(tmp_path, Plan(answer=forgetful.answer)) as here:
            left = {OrderId(f"n{number}"): Address(f"p{number}@x.example") for number in range(1_000)}
            rounds = 0
            while left:
                rounds += 1
                for number, address in list(left.items()):
                    here.said.clear()
                    await here.network.tell(number, orders.Ask(address, "hello"))
                    answer = next(one for one in here.said if isinstance(one, events.OrderConfirmed | events.OrderRefused))
                    assert isinstance(answer, events.OrderConfirmed) == (address in forgetful.asked)
                    if isinstance(answer, events.OrderConfirmed):
                        del left[number]
                    else:
                        assert answer.retry_at is not None
            assert rounds > 3 and forgetful.dropped > 900
            assert sorted(forgetful.asked) == sorted({f"p{number}@x.example" for number in range(1_000)})

    asyncio.run(job())
