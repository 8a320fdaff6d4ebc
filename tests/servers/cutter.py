"""A wire that breaks: passes bytes between a client and a server, and cuts the connection after so many."""

import asyncio
import contextlib


class Cutter:
    """`async with Cutter(port) as wire`: connect to `wire.port`. `cut_after` counts the bytes from server to client of each connection."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.cut_after: int | None = None
        self.cuts = 0
        self.passed = 0
        self._standing = 0
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
        up = asyncio.create_task(self._pass(reader, to, counts=False))
        down = asyncio.create_task(self._pass(there, writer, counts=True))
        self._tasks |= {up, down}
        await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
        for one in (up, down):
            one.cancel()
        for end in (writer, to):
            with contextlib.suppress(Exception):
                end.transport.abort()

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, counts: bool) -> None:
        passed = 0
        while data := await source.read(65_536):
            if counts:
                self.passed += len(data)
                if self.cut_after is not None and passed + len(data) > self.cut_after:
                    target.write(data[: self.cut_after - passed])
                    await target.drain()
                    self.cuts += 1
                    self.cut_after = None
                    return
            passed += len(data)
            if counts:
                self._standing = passed
            target.write(data)
            await target.drain()
