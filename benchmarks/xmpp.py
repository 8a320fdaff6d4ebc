"""Figures on a real server: 5,000 requests that wait at a login, with the window open. Needs Prosody."""

import asyncio
import gc
import os
import resource
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.contract.crowd import Crowd
from tests.servers.ejabberd import Ejabberd
from tests.servers.prosody import PASSWORD, Prosody

from benchmarks import figures as table
from benchmarks.window import application, gaps, shown
from netdesk.desk import Desk, prepare_interpreter
from netdesk.domain.people import Address
from netdesk.domain.places import server_place
from netdesk.networks.xmpp.elements import CLIENT, element
from netdesk.networks.xmpp.settings import Memory, Settings
from netdesk.networks.xmpp.signin import sign_in

WAITING = 5_000
ARRIVING = 50_000
ME = Address("owner@community.local")


def login(folder: Path) -> list[Any]:
    """How long the login takes until all is in the desk, against the bare stream taking the same stanzas; and how the window fares."""
    prepare_interpreter()
    with Prosody(folder / "server") as server:
        server.add_user("owner")
        server.fill_waiting(ME, [f"p{number}@d{number % 400}.example" for number in range(WAITING)])
        floor = _bare(server)
        return _with_window(folder, server, floor)


def _bare(server: Prosody) -> float:
    """The stream alone: sign in, take every stanza, keep nothing. In ms."""

    async def job() -> float:
        seen: list[ET.Element] = []
        start = time.perf_counter()
        place = Settings("127.0.0.1", server.direct, "direct", str(server.ca_file))
        line = await sign_in(ME, place, PASSWORD, Memory())
        line.on_stanza = seen.append
        line.put(element(CLIENT, "presence"))
        while sum(one.get("type") == "subscribe" for one in seen) < WAITING:
            await asyncio.sleep(0.01)
        took = (time.perf_counter() - start) * 1_000
        await line.leave()
        return took

    return min(asyncio.run(job()) for _ in range(2))


def arriving(folder: Path) -> list[Any]:
    """How long requests that a component sends take until all are in the desk, against the bare stream taking them; how the window fares."""
    prepare_interpreter()
    with Ejabberd(folder / "server") as server:
        for name in ("owner", "bare"):
            server.add_user(name)
        floor = asyncio.run(_bare_arriving(server))
        return _window_meanwhile(folder, server, ARRIVING, floor, f"{ARRIVING:,} requests that a component sends", partial(_send, server))


async def _bare_arriving(server: Ejabberd) -> float:
    seen: list[ET.Element] = []
    line = await sign_in(
        Address("bare@community.local"), Settings("127.0.0.1", server.direct, "direct", str(server.ca_file)), PASSWORD, Memory()
    )
    line.on_stanza = seen.append
    line.put(element(CLIENT, "presence"))
    crowd = Crowd(server)
    await crowd.connect()
    start = time.perf_counter()
    sending = asyncio.create_task(crowd.ask("bare@community.local", range(ARRIVING)))
    while sum(one.get("type") == "subscribe" for one in seen) < ARRIVING:
        await asyncio.sleep(0.05)
    took = (time.perf_counter() - start) * 1_000
    await sending
    await crowd.leave()
    await line.leave()
    return took


def _send(server: Ejabberd) -> "subprocess.Popen[bytes]":
    """From a process of its own: what it costs is not the desk's."""
    command = [sys.executable, "-m", "benchmarks.crowd", str(server.component), ME, str(ARRIVING)]
    return subprocess.Popen(command, env=os.environ, stdin=subprocess.PIPE)


def _with_window(folder: Path, server: Prosody, floor: float) -> list[Any]:
    return _window_meanwhile(folder, server, WAITING, floor, f"{WAITING:,} requests that wait at a login", None)


def _window_meanwhile(
    folder: Path, server: Prosody | Ejabberd, count: int, floor: float, what: str, send: Callable[[], "subprocess.Popen[bytes]"] | None
) -> list[Any]:
    app = application()
    desk = Desk(folder / "desk").open()
    desk.passwords.use(ME, PASSWORD)
    place = server_place("127.0.0.1", server.direct, "direct", str(server.ca_file))
    account = desk.call(desk.do.accounts.add, "xmpp", ME, place, "Owner", desk.clock())
    desk.call(desk.do.accounts.confirm_first_run, account.id)
    _window = shown(app, desk)  # kept: a window that nobody holds is gone
    gc.collect()
    gc.freeze()
    sender = None
    if send is not None:
        desk.go_online().result()
        while not desk.call(desk.do.accounts.cards)[0].online:
            time.sleep(0.05)
        sender = send()
    start = time.perf_counter()
    desk.go_online()
    there = {"count": 0, "asked": 0.0}

    def working() -> bool:
        now = time.perf_counter()
        if now - there["asked"] > 0.02:
            there["asked"] = now
            desk.submit(lambda: there.update(count=sum(desk.do.incoming.counts().values())))
        return there["count"] < count

    late = gaps(app, working)
    took = (time.perf_counter() - start) * 1_000
    if sender is not None:
        sender.communicate()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    desk.close()
    ordered = sorted(late)
    return [
        table.Figure(f"{what}, all in the desk / the bare stream", took, floor, "≤ 2.5 ×"),
        table.Figure(f"{what}: a second", count / took * 1_000, None, "≥ 10,000", "/s"),
        table.Figure("the most memory that the process had", memory, None, "", "MB"),
        table.Figure("longest time the window stood still meanwhile", max(late), None, "≤ 50 ms"),
        table.Figure("99 of 100 ticks were later by less than", ordered[int(len(ordered) * 0.99)], None, "≤ 16 ms"),
    ]
