"""My profile on nodes of one audience each, and what others let me see of theirs.

XMPP gives an access model to a node, not to a field. So each field goes to the one node whose audience is its own:

- `urn:xmpp:vcard4`, open: what everyone may see; other programs read this one. vcard-temp is never written: everyone reads that.
- `urn:netdesk:profile:0:connections`, whitelist of my connections
- `urn:netdesk:profile:0:chosen`, whitelist of the chosen
- `urn:netdesk:profile:0:both`, whitelist of the chosen who are connections, for a field whose audience and topic say one each

A node is emptied before its audience changes, and what goes on it is put there after the access model was read back.
"""

import asyncio
import contextlib
import json
import secrets
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from netdesk.domain.orders import PublishProfile
from netdesk.domain.people import FIELDS, Address, Profile, Relation
from netdesk.domain.privacy import Privacy
from netdesk.domain.rules.visibility import may_see_field
from netdesk.networks.xmpp.elements import NETDESK, VCARD, VCARD_NODE, child, element
from netdesk.networks.xmpp.line import Line, StanzaError
from netdesk.networks.xmpp.pubsub import (
    OPEN,
    PRESENCE,
    WHITELIST,
    access_model,
    delete_node,
    fetch,
    make_node,
    members,
    publish,
    set_affiliation,
    set_members,
)
from netdesk.networks.xmpp.vcard import merged, read_vcard, write_vcard

CONNECTIONS_NODE: Final = "urn:netdesk:profile:0:connections"
CHOSEN_NODE: Final = "urn:netdesk:profile:0:chosen"
BOTH_NODE: Final = "urn:netdesk:profile:0:both"
REVISION_NODE: Final = "urn:netdesk:revision:0"
ITEM: Final = "current"
Connections = Callable[[], set[Address]]
_READ: Final = (VCARD_NODE, CONNECTIONS_NODE, CHOSEN_NODE, BOTH_NODE)


def parts_of(profile: Profile, privacy: Privacy) -> dict[str, Profile]:
    """What goes on which node: each field that somebody may see is on exactly one."""
    viewers = (
        (VCARD_NODE, Relation.STRANGER, False),
        (CONNECTIONS_NODE, Relation.CONNECTION, False),
        (CHOSEN_NODE, Relation.STRANGER, True),
        (BOTH_NODE, Relation.CONNECTION, True),
    )
    empty, placed, found = Profile(), set[str](), {}
    for node, relation, chosen in viewers:
        seen = {name for name in FIELDS if may_see_field(privacy, name, relation, chosen=chosen)} - placed
        placed |= seen
        found[node] = replace(empty, **{name: getattr(profile, name) for name in seen})
    return found


class Profiles:
    """The nodes of one session's account."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._there: set[str] = set()
        self._connections_part = Profile()
        self._outcast: set[Address] = set()
        self._chosen: set[Address] = set()
        self.lock = asyncio.Lock()  # what is published, and to whom, changes by one hand at a time
        self.shares = False
        self.name = ""

    async def load(self, blocked: Iterable[str]) -> None:
        """What is published at the moment; `blocked` are the people who are shut out."""
        self._outcast = {Address(one) for one in blocked}
        public = await fetch(self._line, "", VCARD_NODE)
        if public is not None:
            self._there.add(VCARD_NODE)
            self.name = read_vcard(next(iter(public.values()), None)).name
        mine = await fetch(self._line, "", CONNECTIONS_NODE)
        if mine is not None:
            self._there.add(CONNECTIONS_NODE)
            wrapper = next(iter(mine.values()), None)
            self.shares = wrapper is not None and wrapper.get("shares") == "true"
            self._connections_part = _read_part(wrapper)
        for node in (CHOSEN_NODE, BOTH_NODE):
            if await fetch(self._line, "", node) is not None:
                self._there.add(node)

    async def publish(self, order: PublishProfile, connections: Connections) -> None:
        """Publish to the audiences. Raises AudienceNotKept before anything is where it should not be, StanzaError when refused.

        What everyone may see comes first: a field that is hidden from everyone is gone before anything else can fail.
        """
        async with self.lock:
            parts = parts_of(Profile.from_dict(json.loads(order.profile)), Privacy.from_dict(json.loads(order.audiences)))
            self._chosen = {Address(one) for one in order.chosen}
            self._connections_part = parts[CONNECTIONS_NODE]
            self.name = parts[VCARD_NODE].name
            for node in [one for one in _READ if parts[one] == Profile() and not (one == CONNECTIONS_NODE and self.shares)]:
                await self._forget(node)
            if parts[VCARD_NODE] != Profile():
                await make_node(self._line, VCARD_NODE, OPEN)
                self._there.add(VCARD_NODE)
                await self._cast_out(VCARD_NODE, self._outcast, "outcast")
                await publish(self._line, VCARD_NODE, ITEM, write_vcard(parts[VCARD_NODE]), OPEN)
            for node in (BOTH_NODE, CHOSEN_NODE, CONNECTIONS_NODE):
                if parts[node] != Profile() or (node == CONNECTIONS_NODE and self.shares):
                    await self._put(node, parts[node], connections)

    async def share(self, shares: bool, connections: Connections) -> None:
        """Tell my connections whether I share my list with those who share theirs."""
        async with self.lock:
            self.shares = shares
            if shares or self._connections_part != Profile():
                await self._put(CONNECTIONS_NODE, self._connections_part, connections)
            else:
                await self._forget(CONNECTIONS_NODE)

    async def keep_whitelists(self, connections: Connections) -> None:
        """After a tie changed: who is no connection sees no more what is for connections. Within the lock."""
        if BOTH_NODE in self._there:
            self._chosen |= {Address(one) for node in (CHOSEN_NODE, BOTH_NODE) for one in await members(self._line, node)}
        for node in (CONNECTIONS_NODE, BOTH_NODE):
            if node in self._there:
                await set_members(self._line, node, self._audience(node, connections))

    def _audience(self, node: str, connections: Connections) -> set[Address]:
        """Who belongs on a whitelist at this moment."""
        chosen = self._chosen - self._outcast
        return {CONNECTIONS_NODE: connections(), CHOSEN_NODE: chosen, BOTH_NODE: chosen & connections()}[node]

    async def shut_out(self, address: Address, *, shut: bool) -> None:
        """Somebody is blocked, or no longer: some servers let blocked people read what they could before (docs/server.md)."""
        async with self.lock:
            (self._outcast.add if shut else self._outcast.discard)(address)
            for node in self._there & {VCARD_NODE, *((CHOSEN_NODE, BOTH_NODE, CONNECTIONS_NODE) if shut else ())}:
                await self._cast_out(node, {address}, "outcast" if shut and node == VCARD_NODE else "none")

    async def _cast_out(self, node: str, who: set[Address], affiliation: str) -> None:
        with contextlib.suppress(StanzaError):  # a server that keeps its blocks by itself need not know affiliations
            await set_affiliation(self._line, node, who, affiliation)

    async def announce(self) -> None:
        """Tell those who follow me that something can be read anew; what it is says only the node itself, to whom it is for."""
        await make_node(self._line, REVISION_NODE, PRESENCE)
        await publish(self._line, REVISION_NODE, ITEM, element(NETDESK, "revision", number=secrets.token_hex(6)), PRESENCE)

    async def _put(self, node: str, part: Profile, connections: Connections) -> None:
        """Who leaves the whitelist goes before the content changes, who joins it comes after."""
        wrapper = element(NETDESK, "profile", shares="true" if self.shares and node == CONNECTIONS_NODE else "")
        wrapper.append(write_vcard(part))
        await make_node(self._line, node, WHITELIST)
        self._there.add(node)
        await set_affiliation(self._line, node, await members(self._line, node) - self._audience(node, connections), "none")
        await publish(self._line, node, ITEM, wrapper, WHITELIST)
        await set_members(self._line, node, self._audience(node, connections))

    async def _forget(self, node: str) -> None:
        await delete_node(self._line, node)
        self._there.discard(node)


def _read_part(wrapper: ET.Element | None) -> Profile:
    return read_vcard(child(wrapper, VCARD, "vcard"))


def _read(node: str, content: ET.Element) -> Profile:
    return read_vcard(content) if node == VCARD_NODE else _read_part(content)


async def held_for(line: Line, relation: Relation, connections: set[Address]) -> Profile:
    """What my nodes hold for somebody of this relation who is not among the chosen, by the access models and whitelists that the server
    says they have. Raises StanzaError.

    A whitelist with somebody on it who is no connection counts for everybody: then more is seen than there should be.
    """
    found = []
    for node in (VCARD_NODE, CONNECTIONS_NODE):
        items = await fetch(line, "", node)
        content = next(iter(items.values()), None) if items else None
        if content is None:
            continue
        match await access_model(line, node):
            case "whitelist":
                astray = await members(line, node) - connections
                sees = node == CONNECTIONS_NODE and (relation is Relation.CONNECTION or bool(astray))
            case "presence":
                sees = relation in (Relation.CONNECTION, Relation.FOLLOWER)
            case _:
                sees = relation is not Relation.BLOCKED
        if sees:
            found.append(_read(node, content))
    return merged(found)


async def look(line: Line, address: Address) -> tuple[Profile | None, bool]:
    """What somebody lets me see, None when that is nothing at all; and whether they tell me that they share their list."""
    found: list[Profile] = []
    shares = there = False
    for node in _READ:
        try:
            items = await fetch(line, address, node)
        except StanzaError:
            items = None
        content = next(iter(items.values()), None) if items else None
        if content is not None:
            there = True
            found.append(_read(node, content))
            shares = shares or (node == CONNECTIONS_NODE and content.get("shares") == "true")
    return (merged(found) if there else None), shares
