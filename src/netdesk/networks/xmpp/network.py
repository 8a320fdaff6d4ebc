"""XMPP as a network: the account's session begins, ends and begins again; see the port."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Final

from netdesk.domain import events
from netdesk.domain.directory import Entry
from netdesk.domain.errors import NetDeskError, Offline, Refused
from netdesk.domain.events import ArrivedRequest, Delivery, Event
from netdesk.domain.orders import Order, OrderId
from netdesk.domain.people import AccountId, Address, Profile, Relation, domain_of
from netdesk.networks.port import Capabilities, Deliver
from netdesk.networks.xmpp.acts import carry_out
from netdesk.networks.xmpp.directory import look_up
from netdesk.networks.xmpp.line import Line, StanzaError
from netdesk.networks.xmpp.profile import held_for
from netdesk.networks.xmpp.recent import Recent
from netdesk.networks.xmpp.register import change_password
from netdesk.networks.xmpp.session import Clock, Session
from netdesk.networks.xmpp.settings import Memory, Settings
from netdesk.networks.xmpp.signin import sign_in

log = logging.getLogger(__name__)

BATCH: Final = 0.05  # seconds: one signal for each stanza stalls the window (xmpp.md §4)
PART: Final = 500
PING_EVERY: Final = 180.0  # seconds
_BACK_OFF: Final = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0)
_STAND_WITHIN: Final = 20.0
_ANSWERS_WITHIN: Final = 15.0
_NEEDS_OWNER: Final = frozenset({"wrong password", "no password", "certificate changed"})
_REMEMBERED: Final = 256


class XmppNetwork:
    """One account on an XMPP server. `password` is asked at each sign-in and not kept; `remember` is given what the next session needs."""

    def __init__(
        self,
        account: AccountId,
        address: Address,
        settings: Settings,
        password: Callable[[], Awaitable[str]],
        clock: Clock,
        memory: Memory | None = None,
        remember: Callable[[Memory], None] = lambda _memory: None,
    ) -> None:
        self._could = Capabilities(account_age=False, counts_tries=False, directory=False)
        self._account = account
        self._address = address
        self._settings = settings
        self._password = password
        self._clock = clock
        self._memory = memory or Memory()
        self._remember = remember
        self._deliver: Deliver = lambda _delivery: None
        self._task: asyncio.Task[None] | None = None
        self._session: Session | None = None
        self._known = asyncio.Event()  # whether the session stands, or why not
        self._wake = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()  # an order that is handed over later must not overtake the one before it
        self._requests: list[ArrivedRequest] = []
        self._flush_at: asyncio.TimerHandle | None = None
        self._said = 0
        self._told: Recent[OrderId, Event] = Recent(_REMEMBERED)

    @property
    def capabilities(self) -> Capabilities:
        """What the server can do; while there is no session, what it could do in the last."""
        if self._session is not None and self._known.is_set():
            self._could = self._session.capabilities()
        return self._could

    @property
    def contacts(self) -> tuple[str, ...]:
        """See the port."""
        return self._session.contacts if self._session is not None else ()

    async def start(self, deliver: Deliver) -> None:
        """Go online and stay so until `stop`."""
        self._deliver = deliver
        self._task = asyncio.create_task(self._stay())

    async def stop(self) -> None:
        """Go offline and let go of everything."""
        self._flush()
        self._deliver = lambda _delivery: None
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        await self._end_session()

    async def tell(self, number: OrderId, order: Order) -> None:
        """Tell the server; see the port."""
        async with self._one_at_a_time:
            await self._tell(number, order)

    async def _tell(self, number: OrderId, order: Order) -> None:
        before = self._told.get(number)
        if before is not None:
            self._say(before)
            return
        done = await carry_out(self._standing(), number, order)
        now = self._clock()
        answer: Event = events.OrderConfirmed(number, now)
        if done.refused:
            answer = events.OrderRefused(number, done.refused, now + done.later if done.later else None, now)
        if not done.later:
            self._told.keep(number, answer)
        self._say(answer)

    async def look_at(self, address: Address) -> None:
        """Read a profile; see the port."""
        session = self._standing()
        with contextlib.suppress(StanzaError):
            await session.others.look_at(address)

    async def look_up(self, words: str) -> tuple[Entry, ...]:
        """Ask the server's directory; see the port."""
        session = self._standing()
        if not session.directory:
            raise Refused("no directory", detail=domain_of(self._address))
        try:
            found = await look_up(session.line, session.directory, words)
        except StanzaError as error:
            raise Refused("directory refused", detail=error.text or error.condition.replace("-", " ")) from error
        return tuple(one for one in found if one.address != self._address and not session.shut_out(one.address))

    async def seen_by(self, relation: Relation) -> Profile:
        """Read back from the server; see the port."""
        session = self._standing()
        try:
            return await held_for(session.line, relation, session.others.connections())
        except StanzaError as error:
            raise Offline("unreachable") from error

    async def look_again(self) -> None:
        """Say again what the server holds; see the port."""
        session = self._standing()
        try:
            await session.read_again()
        except StanzaError as error:
            raise Offline("unreachable") from error

    async def exchange(self) -> int:
        """Take what waits now; see the port."""
        if self._session is None or not self._known.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_STAND_WITHIN):
                    await self._known.wait()
        session = self._standing()
        await session.ping()
        await session.chores.done()
        await session.ping()
        self._flush()
        found, self._said = self._said, 0
        return found

    async def change_password(self, password: str) -> None:
        """Change the account's password. Raises Offline without a session, Refused when the server says no."""
        try:
            await change_password(self._standing().line, self._address, password)
        except StanzaError as error:
            raise Refused("password refused", detail=error.text or error.condition.replace("-", " ")) from error

    async def trust_new_key(self) -> None:
        """The owner says yes to the key that the server showed last."""
        if self._memory.new_key:
            self._memory.key, self._memory.new_key = self._memory.new_key, ""
            self._remember(self._memory)
        self._wake.set()

    def try_now(self) -> None:
        """Try again at once, or see whether a session still stands: the owner gave a password, the computer woke up or is on another network."""
        self._wake.set()

    def _standing(self) -> Session:
        if self._session is None or not self._session.loaded or not self._session.line.standing:
            raise Offline("not online")
        return self._session

    # saying

    def _say(self, event: Event) -> None:
        """Deliver one event after those before it; requests that just arrive are gathered for a moment."""
        self._said += 1
        if isinstance(event, events.RequestsArrived) and not event.snapshot:
            self._requests += event.requests
            if len(self._requests) >= PART:
                self._flush()
            elif self._flush_at is None:
                self._flush_at = asyncio.get_running_loop().call_later(BATCH, self._flush)
            return
        self._flush()
        self._deliver(Delivery(self._account, (event,)))

    def _flush(self) -> None:
        if self._flush_at is not None:
            self._flush_at.cancel()
            self._flush_at = None
        requests, self._requests = self._requests, []
        for at in range(0, len(requests), PART):
            self._deliver(Delivery(self._account, (events.RequestsArrived(tuple(requests[at : at + PART])),)))

    # staying

    async def _stay(self) -> None:
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            self._known.clear()
            self._wake.clear()
            reason = await self._live()
            self._say(events.WentOffline(reason))
            self._known.set()
            if asyncio.get_running_loop().time() - began > 60:
                failures = 0
            pause = _BACK_OFF[min(failures, len(_BACK_OFF) - 1)] * random.uniform(0.8, 1.3)
            failures += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if reason in _NEEDS_OWNER else pause):
                    await self._wake.wait()

    async def _live(self) -> str:
        """From signing in to the end of the connection; gives why it ended. A session that the server takes up again goes on where it was."""
        line: Line | None = None
        before = self._session
        try:
            line = await sign_in(
                self._address, self._settings, await self._password(), self._memory, before.line if before is not None else None
            )
            if before is not None and line is before.line:
                self._say(events.WentOnline())
            else:
                await self._begin(line)
            self._known.set()
            self._remember(self._memory)
            await self._until_broken(line)
            return line.refused or "unreachable"
        except NetDeskError as error:
            return error.reason
        except StanzaError as error:
            log.warning("the server does not answer as one should: %s", error.condition)
            return "unreachable"
        except Exception as error:  # noqa: BLE001 - the loop's own handler (house.md §9)
            log.warning("the session broke: %s", type(error).__name__)
            return "unreachable"
        finally:
            self._remember(self._memory)
            if line is not None and (line.standing or not line.may_go_on):
                await line.leave()
                await self._end_session()
            elif line is not None:
                await line.drop_carrier()

    async def _begin(self, line: Line) -> None:
        await self._end_session()
        session = Session(line, self._address, self._memory, self._say, self._clock)
        self._session = session
        await session.load()

    async def _end_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.line.end()
            await session.chores.stop()

    async def _until_broken(self, line: Line) -> None:
        """TCP does not tell that the other end is gone, as after a sleep or a change of network: the server is asked now and then."""
        over = asyncio.create_task(line.until_broken())
        woken = asyncio.create_task(self._wake.wait())
        try:
            while line.standing and not over.done():
                await asyncio.wait((over, woken), timeout=PING_EVERY, return_when=asyncio.FIRST_COMPLETED)
                if woken.done():
                    self._wake.clear()
                    woken = asyncio.create_task(self._wake.wait())
                if line.standing and self._session is not None:
                    try:
                        await self._session.ping(within=_ANSWERS_WITHIN)
                    except Offline:
                        line.give_up("unreachable")
        finally:
            for one in (over, woken):
                one.cancel()
            await asyncio.gather(over, woken, return_exceptions=True)
