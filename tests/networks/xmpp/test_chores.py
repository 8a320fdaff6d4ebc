"""Chores: each named one once, a broken one hurts nobody, and who waits is let go when the session ends."""

import asyncio

import pytest
from tests.networks.xmpp.carried import Carried

from netdesk.domain.errors import Offline
from netdesk.networks.xmpp.chores import WORKERS, Chores
from netdesk.networks.xmpp.line import Line


def line() -> Line:
    return Line(Carried())


def test_done_waits_and_a_name_is_queued_once() -> None:
    async def job() -> None:
        chores, ran = Chores(line()), []

        async def work() -> None:
            ran.append(1)

        for _ in range(3):
            chores.add("same", work)
        chores.start()
        await chores.done()
        assert ran == [1]
        await chores.stop()

    asyncio.run(job())


@pytest.mark.logs
def test_one_that_breaks_is_let_go() -> None:
    async def job() -> None:
        chores, ran = Chores(line()), []

        async def breaks() -> None:
            raise ZeroDivisionError

        async def refused() -> None:
            raise Offline("unreachable")

        async def work() -> None:
            ran.append(1)

        for name, one in (("a", breaks), ("b", refused), ("c", work)):
            chores.add(name, one)
        chores.start()
        await chores.done()
        assert ran == [1]
        await chores.stop()

    asyncio.run(job())


def test_who_waits_is_let_go_when_the_session_ends() -> None:
    async def job() -> None:
        chores, never = Chores(line()), asyncio.Event()

        async def swallows() -> None:
            """As code that turns a lost connection into a failure while it is being cancelled."""
            try:
                await never.wait()
            except asyncio.CancelledError:
                raise Offline("unreachable") from None

        for number in range(WORKERS + 5):
            chores.add(str(number), swallows)
        chores.start()
        waiting = asyncio.create_task(chores.done())
        await asyncio.sleep(0.01)
        async with asyncio.timeout(2):
            await chores.stop()
            await waiting

    asyncio.run(job())
