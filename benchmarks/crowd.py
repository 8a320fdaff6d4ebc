"""`python -m benchmarks.crowd PORT ADDRESS COUNT`: so many people of a component ask somebody, as fast as the server takes it."""

import asyncio
import sys
from types import SimpleNamespace
from typing import Any

from tests.contract.crowd import Crowd


async def ask(port: int, address: str, count: int) -> None:
    """Connect, ask, and stay until standard input ends: who hangs up early takes back what the server has not read yet."""
    server: Any = SimpleNamespace(component=port)
    crowd = Crowd(server)
    await crowd.connect()
    await crowd.ask(address, range(count))
    await asyncio.to_thread(sys.stdin.read)
    await crowd.leave()


if __name__ == "__main__":
    asyncio.run(ask(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
