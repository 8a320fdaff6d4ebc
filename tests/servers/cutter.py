"""A wire that breaks: passes bytes between a client and a server, and cuts the connection after so many."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Final

_APPLICATION_DATA: Final = 23  # RFC 8446 §5.1


class Cutter:
    """`async with Cutter(port) as wire`: connect to `wire.port`. `cut_after` counts the bytes from server to client of each connection."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.cut_after: int | None = None
        self.cuts = 0
        self.passed = 0
        self._standing = 0
        self.struck = False
        self._records: int | None = None
        self._answered = True
        self._strike: Callable[[], object] = lambda: None
        self.open = asyncio.Event()
        self.open.set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Cutter":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_found: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut_next(self, count: int) -> None:
        """Cut the connection that stands after so many more bytes."""
        self.cut_after = self._standing + count

    def strike_after(self, records: int, strike: Callable[[], object], *, answered: bool = True) -> None:
        """Pass so many more TLS records from client to server, then do this when the next comes, which is not passed; or, with `answered`
        False, as soon as the last is passed: the server may have done what it says, and its answer is lost."""
        self.struck = False
        self._records, self._strike, self._answered = records, strike, answered

    def cut(self) -> None:
        """Cut every connection now; new ones stand only while `open` is set."""
        self.cuts += 1
        for task in self._tasks:
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.open.wait()
        try:
            there, to = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.close()
            return
        up = asyncio.create_task(self._pass_up(reader, to))
        down = asyncio.create_task(self._pass_down(there, writer))
        self._tasks |= {up, down}
        await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
        for one in (up, down):
            one.cancel()
        for end in (writer, to):
            with contextlib.suppress(Exception):
                end.transport.abort()

    async def _pass_up(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                head = await source.readexactly(5)
                record = head + await source.readexactly(int.from_bytes(head[3:5]))
                if self._records == 0:
                    self._strike_now()
                    return
                if self._records is not None and head[0] == _APPLICATION_DATA:
                    self._records -= 1
                target.write(record)
                await target.drain()
                if self._records == 0 and not self._answered:
                    time.sleep(0.003)  # nothing else of this loop runs meanwhile: what the server answers is not passed
                    self._strike_now()
                    return

    def _strike_now(self) -> None:
        self._records = None
        self.struck = True
        self._strike()  # in this thread: a server started in another would end with that

    async def _pass_down(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        passed = 0
        while data := await source.read(65_536):
            self.passed += len(data)
            if self.cut_after is not None and passed + len(data) > self.cut_after:
                target.write(data[: self.cut_after - passed])
                await target.drain()
                self.cuts += 1
                self.cut_after = None
                return
            passed += len(data)
            self._standing = passed
            target.write(data)
            await target.drain()
