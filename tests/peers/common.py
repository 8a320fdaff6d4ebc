"""What the tests with other people's programs share."""

import asyncio
import os
from collections.abc import Callable

import pytest
from tests.contract.worlds import Party
from tests.servers.terminal import terminals


def need(installed: bool, name: str) -> None:
    """Skip what needs a program, or terminals, that this machine has not; in CI the program must be there."""
    if not installed:
        assert not os.environ.get("CI"), f"{name} must be there in CI"
        pytest.skip(f"{name} is not installed; ./test --yes installs it")
    if not terminals():
        pytest.skip(f"this machine gives out no terminals (/dev/pts), which {name} needs")


async def until(ann: Party, holds: Callable[[], object], what: str, every: float = 0.1) -> None:
    """Wait for what the other program brings about; look a hundred times, `every` so many seconds."""
    for _ in range(100):
        await ann.quiet()
        if holds():
            return
        await asyncio.sleep(every)
    raise AssertionError(f"{what}: {[type(one).__name__ for one in ann.said]}")
