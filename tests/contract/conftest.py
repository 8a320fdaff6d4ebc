"""Runs the contract suite's coroutines, for every network that there is."""

import asyncio
import inspect
from pathlib import Path

import pytest
from tests.contract.worlds import CommunityWorld, World
from tests.contract.xmpp_world import FederatedWorld, XmppWorld


@pytest.fixture(params=["community", "prosody", "ejabberd", "prosody_federation", "mixed_federation"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    if request.param == "community":
        return CommunityWorld(tmp_path)
    if request.param.endswith("federation"):
        return FederatedWorld(*request.getfixturevalue(request.param))
    return XmppWorld(request.getfixturevalue(f"{request.param}_server"))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine, and close its world."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    named = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}

    async def run() -> None:
        try:
            await pyfuncitem.obj(**named)
        finally:
            if "world" in named:
                await named["world"].close()

    asyncio.run(run())
    return True
