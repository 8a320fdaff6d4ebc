"""Chores: work of a session that nobody waits for, a few at a time, each named one at most once in the queue."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from netdesk.domain.errors import NetDeskError, Offline
from netdesk.networks.xmpp.line import Line, StanzaError

log = logging.getLogger(__name__)
WORKERS: Final = 6


class Chores:
    """A queue with workers. A chore that is refused is let go. One that a break of the line interrupts is done again when the line goes on;
    when it does not, the next session does it."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._queue: asyncio.Queue[tuple[str, Callable[[], Awaitable[None]]]] = asyncio.Queue()
        self._named: set[str] = set()
        self._workers: list[asyncio.Task[None]] = []
        self._stopped = False

    def start(self) -> None:
        """Begin to work."""
        self._workers = [asyncio.create_task(self._work()) for _ in range(WORKERS)]

    async def stop(self) -> None:
        """Stop; what is queued is let go, and who waits for it waits no more."""
        self._stopped = True
        while not self._queue.empty():
            self._queue.get_nowait()
            self._queue.task_done()
        for one in self._workers:
            one.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._workers.clear()

    def add(self, name: str, job: Callable[[], Awaitable[None]]) -> None:
        """Queue a job, unless one of this name waits already."""
        if name not in self._named and not self._stopped:
            self._named.add(name)
            self._queue.put_nowait((name, job))

    async def done(self) -> None:
        """Wait until nothing is left to do."""
        if self._workers:
            await self._queue.join()

    async def _work(self) -> None:
        while not self._stopped:  # a cancellation can be lost in what a chore waits for
            name, job = await self._queue.get()
            self._named.discard(name)
            breaks = self._line.breaks
            try:
                await job()
            except Offline:
                if self._line.may_go_on and not (self._line.standing and self._line.breaks == breaks):
                    self.add(name, job)
            except (StanzaError, NetDeskError) as error:
                log.info("a chore was not done: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - what others have published must not end the session
                log.warning("a chore broke: %s", type(error).__name__)
            finally:
                self._queue.task_done()
