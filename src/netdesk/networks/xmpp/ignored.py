"""Whose requests the owner ignores, on a private node, so that her other devices know (XEP-0223).

Node `urn:netdesk:state:0`, a whitelist with nobody on it. Items `00` to `3f`, each `<requests>` with a `<request jid= is='ignored|open'>` for
every address that falls to it: servers take items of some 140 kB, and one answer need not write them all. `open` is one that was ignored
and reopened; addresses that wait no more are left out at the next writing.
"""

import asyncio
import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Container, Iterable
from typing import Final

from netdesk.domain.people import Address
from netdesk.networks.xmpp.elements import NETDESK, add, all_of, bare_of, element
from netdesk.networks.xmpp.line import Line
from netdesk.networks.xmpp.pubsub import WHITELIST, fetch, make_node, publish

STATE_NODE: Final = "urn:netdesk:state:0"
_PARTS: Final = 64
_LIMIT: Final = 100_000


class Ignored:
    """What one session knows of the node. `waiting` are the requests that wait on the server."""

    def __init__(self, line: Line, waiting: Container[Address]) -> None:
        self._line = line
        self._waiting = waiting
        self._known: dict[Address, bool] = {}
        self._gone: set[Address] = set()
        self._writing = asyncio.Lock()

    def of(self, address: Address) -> bool | None:
        """Whether this request was ignored (True), or ignored and reopened (False) on any device; None when neither."""
        return self._known.get(address)

    def forget(self, address: Address) -> bool:
        """Their request is gone: the next one is another. Whether the node says something of it, which `tidy` takes away."""
        if self._known.pop(address, None) is None:
            return False
        self._gone.add(address)
        return True

    async def tidy(self) -> None:
        """Take from the node what it says of requests that are gone. Raises as `change`."""
        if self._gone:
            await self.change((), ())

    async def read(self) -> set[Address]:
        """Read the node; gives those whose state is another than before."""
        before, self._known = self._known, {}
        for content in (await fetch(self._line, "", STATE_NODE) or {}).values():
            self._known |= _requests(content)
        self._known = {one: state for one, state in list(self._known.items())[:_LIMIT] if self._counts(one)}
        return {one for one in before.keys() | self._known.keys() if before.get(one) != self._known.get(one)}

    async def change(self, ignored: Iterable[Address], opened: Iterable[Address]) -> None:
        """Tell the other devices. Raises StanzaError when the server does not keep it, AudienceNotKept when not for the owner alone."""
        async with self._writing:
            await self._change(dict.fromkeys(ignored, True) | dict.fromkeys(opened, False))

    def _counts(self, address: Address) -> bool:
        return address in self._waiting and address not in self._gone

    async def _change(self, now: dict[Address, bool]) -> None:
        found = await fetch(self._line, "", STATE_NODE)
        if found is None:
            await make_node(self._line, STATE_NODE, WHITELIST, _PARTS)
        there = {item: _requests(content) for item, content in (found or {}).items()}
        wanted = {one: state for part in there.values() for one, state in part.items()}
        gone = self._gone - now.keys()
        wanted = {one: state for one, state in (wanted | now).items() if one not in gone}
        self._gone -= now.keys()
        self._known = {one: state for one, state in wanted.items() if one in self._waiting}
        parts: dict[str, dict[Address, bool]] = {item: {} for item in there}
        for one, state in self._known.items():
            parts.setdefault(_item(one), {})[one] = state
        for item, part in parts.items():
            if part != there.get(item):
                await publish(self._line, STATE_NODE, item, _content(part), WHITELIST)
        self._gone -= gone


def _item(address: Address) -> str:
    return f"{hashlib.sha256(address.encode()).digest()[0] % _PARTS:02x}"


def _requests(content: ET.Element) -> dict[Address, bool]:
    found: dict[Address, bool] = {}
    for one in all_of(content, NETDESK, "request"):
        address = bare_of(one.get("jid"))
        if address is not None and one.get("is") in ("ignored", "open"):
            found[address] = one.get("is") == "ignored"
    return found


def _content(part: dict[Address, bool]) -> ET.Element:
    made = element(NETDESK, "requests")
    for address, ignored in sorted(part.items()):
        add(made, "request", jid=address, is_="ignored" if ignored else "open")
    return made
