"""Sessions: the network thread with one session for each account that is online, and what is handed to them."""

import asyncio
import concurrent.futures
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar

from netdesk.domain.errors import NetDeskError, Offline
from netdesk.domain.orders import OrderId
from netdesk.domain.people import AccountId, Address
from netdesk.networks.community.network import CommunityNetwork
from netdesk.networks.port import Capabilities, Deliver, Network
from netdesk.store.outbox import Untold

log = logging.getLogger(__name__)
T = TypeVar("T")
_AGAIN_AFTER: Final = 3.0  # seconds until a session that failed begins again
_STOP_WITHIN: Final = 10.0
_LOOK_EVERY: Final = 5.0
_SLEPT: Final = 20.0


class Sessions:
    """The networks of a desk, by account. Methods that give a coroutine's result wait for the network thread; none may be called on it.

    `on_bug` is told of what nobody expected. Nothing is sent any more once `close` has begun.
    """

    def __init__(self, on_bug: Callable[[BaseException], None]) -> None:
        self._on_bug = on_bug
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="network", daemon=True)
        self._networks: dict[AccountId, Network] = {}
        self._closing = False

    def open(self) -> None:
        """Start the thread."""
        self._thread.start()
        self.send(self._watch_for_sleep())

    def discard(self) -> None:
        """Let go of what was never started."""
        self._loop.close()

    def close(self) -> None:
        """Stop every session and the thread."""
        self._closing = True
        stopping = asyncio.run_coroutine_threadsafe(self._stop_all(), self._loop)
        try:
            stopping.result(timeout=_STOP_WITHIN)
        except concurrent.futures.TimeoutError:
            log.warning("a network did not stop in time")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=_STOP_WITHIN)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _stop_all(self) -> None:
        await asyncio.gather(*(one.stop() for one in self._networks.values()), return_exceptions=True)
        self._networks.clear()
        for task in asyncio.all_tasks():  # who waits for a sign-in or an answer waits no more
            if task is not asyncio.current_task():
                task.cancel()
        await asyncio.sleep(0)

    def time(self) -> float:
        """The loop's clock, in seconds."""
        return self._loop.time()

    # which sessions there are

    def __contains__(self, account: AccountId) -> bool:
        return account in self._networks

    def start(self, account: AccountId, network: Network, deliver: Deliver) -> None:
        """Bring one online; what happens there goes to `deliver`, from the network thread."""
        self._networks[account] = network
        self.send(network.start(deliver))

    def end(self, account: AccountId) -> None:
        """Take one offline and wait until it is."""
        network = self._networks.pop(account, None)
        if network is not None:
            self.wait(network.stop(), _STOP_WITHIN)

    def restart(self, account: AccountId, again: Callable[[], object]) -> None:
        """Take one offline, and call `again` after a while."""
        network = self._networks.pop(account, None)
        if network is not None and not self._closing:
            asyncio.run_coroutine_threadsafe(self._restart(network, again), self._loop)

    async def _restart(self, network: Network, again: Callable[[], object]) -> None:
        await network.stop()
        await asyncio.sleep(_AGAIN_AFTER)
        if not self._closing:
            again()

    def of(self, account: AccountId) -> Network | None:
        """The account's network; None while it has no session."""
        return self._networks.get(account)

    def capabilities(self, account: AccountId) -> Capabilities | None:
        """What the account's network can do; None while it has no session."""
        network = self._networks.get(account)
        return network.capabilities if network is not None else None

    def look_around(self) -> None:
        """The computer woke up, or is on another network: every session that stands is tried, every other begins again now. Any thread."""
        if not self._closing:
            self._loop.call_soon_threadsafe(self._try_all)

    def _try_all(self) -> None:
        for network in list(self._networks.values()):  # the desk's thread may add one
            network.try_now()

    async def _watch_for_sleep(self) -> None:
        """Time that passed on the wall and not here was slept through, or the clock was set: to look costs little."""
        ahead = time.time() - self._loop.time()
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            now = time.time() - self._loop.time()
            if abs(now - ahead) > _SLEPT:
                log.info("the computer slept, or its clock was set")
                self._try_all()
            ahead = now

    def try_now(self, account: AccountId) -> None:
        """What kept a session from beginning may be gone."""
        network = self._networks.get(account)
        if network is not None:
            self._loop.call_soon_threadsafe(network.try_now)

    # handing over

    def send(self, job: Coroutine[Any, Any, None]) -> None:
        """Run on the network thread without waiting; an expected failure is logged, another is a bug."""
        if self._closing:
            job.close()
            return
        asyncio.run_coroutine_threadsafe(self._guarded(job), self._loop)

    def wait(self, job: Coroutine[Any, Any, T], seconds: float | None = None) -> T:
        """Run on the network thread and wait for it; raises what it raises."""
        return asyncio.run_coroutine_threadsafe(job, self._loop).result(timeout=seconds)

    async def _guarded(self, job: Coroutine[Any, Any, None]) -> None:
        try:
            await job
        except NetDeskError as error:
            log.info("the network says: %s", error.reason)
        except Exception as error:  # noqa: BLE001 - the loop's own handler (house.md §9)
            self._on_bug(error)

    def tell(self, account: AccountId, orders: list[Untold], not_told: Callable[[Sequence[OrderId]], object]) -> None:
        """Tell one account's orders in their turn; when one does not get through, it and those behind it are given to `not_told`."""
        self.send(self._tell(account, orders, not_told))

    async def _tell(self, account: AccountId, orders: list[Untold], not_told: Callable[[Sequence[OrderId]], object]) -> None:
        network = self._networks.get(account)
        for at, one in enumerate(orders):
            told = False
            try:
                if network is None:
                    raise Offline("not online")
                await network.tell(one.id, one.order)
                told = True
            except NetDeskError as error:
                log.info("not told: %s", error.reason)
            finally:  # also when nobody expected what happened
                if not told and not self._closing:
                    not_told([left.id for left in orders[at:]])
            if not told:
                return

    def look_soon(self, account: AccountId, address: Address) -> None:
        """Read somebody's profile when there is time."""
        network = self._networks.get(account)
        if network is not None:
            self.send(network.look_at(address))

    def compare_soon(self, account: AccountId) -> None:
        """Have the server say again what it holds."""
        network = self._networks.get(account)
        if network is not None:
            self.send(network.look_again())

    def look_at(self, account: AccountId, address: Address) -> None:
        """Read somebody's profile now and wait for it; an account that cannot be reached reads nothing."""
        self.wait(self._look_at(account, address))

    async def _look_at(self, account: AccountId, address: Address) -> None:
        network = self._networks.get(account)
        await asyncio.sleep(0.02)  # the session begins in the loop's next turn
        try:
            if network is not None:
                await network.exchange()
                await network.look_at(address)
        except NetDeskError as error:
            log.info("no look at somebody: %s", error.reason)

    def exchange(self) -> int:
        """Take what waits on every server now; gives how many events came."""
        return self.wait(self._exchange())

    async def _exchange(self) -> int:
        found = 0
        for network in list(self._networks.values()):
            try:
                found += await network.exchange()
            except NetDeskError as error:
                log.debug("no exchange: %s", error.reason)
        await asyncio.sleep(0.02)
        return found

    def let_live(self, account: AccountId, time: timedelta) -> None:
        """Let the residents of a sample community live for so long of their own time."""
        network = self._networks[account]
        if isinstance(network, CommunityNetwork):
            self.wait(network.live_for(time))
