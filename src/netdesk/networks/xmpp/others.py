"""What others publish and let me see, and what I publish that follows from my ties: whitelists, and the list I share."""

import asyncio
import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from netdesk.domain import events
from netdesk.domain.events import Event
from netdesk.domain.people import Address
from netdesk.networks.xmpp.chores import Chores
from netdesk.networks.xmpp.line import Line
from netdesk.networks.xmpp.lists import LIST_NODE, publish_list, read_list, stop_sharing
from netdesk.networks.xmpp.profile import Profiles, look
from netdesk.networks.xmpp.pubsub import fetch
from netdesk.networks.xmpp.roster import Roster
from netdesk.networks.xmpp.settings import Memory

STRANGERS_A_MINUTE: Final = 40


class Others:
    """Reads the nodes of people whom the owner knows or who ask her. Nothing of a person who is shut out is read or said."""

    def __init__(
        self,
        line: Line,
        roster: Roster,
        profiles: Profiles,
        chores: Chores,
        memory: Memory,
        say: Callable[[Event], None],
        shut_out: Callable[[Address], bool],
    ) -> None:
        self._line = line
        self._roster = roster
        self._profiles = profiles
        self._chores = chores
        self._memory = memory
        self._say = say
        self._shut_out = shut_out
        self._sharers: dict[Address, str] = {}
        self._lists: set[Address] = set()
        self._list_parts = 0
        self._minute = 0.0
        self._strangers = 0

    async def load(self) -> None:
        """Read what the list of my own looks like."""
        self._list_parts = len(await fetch(self._line, "", LIST_NODE) or ())

    def begin(self, waiting: Iterable[Address]) -> None:
        """After the login: look at who waits, and at connections of whom nothing was read yet, or who may share a list."""
        self.keep_up()
        for address in waiting:
            self.look_at_stranger(address)
        connections = self._roster.connections()
        for tie in self._roster.ties():
            unread = f"{tie.address} revision" not in self._memory.seen
            if unread or (self._profiles.shares and tie.address in connections):
                self.look_soon(tie.address)

    def published(self, address: Address, items: ET.Element) -> None:
        """Somebody whom I follow published something: it is read from the node, where their server says who may."""
        item = self._roster[address]
        if not item.to:
            return
        content = next((one for found in items for one in found), None)
        kind = "revision" if items.get("node", "").startswith("urn:netdesk:") else "vcard"
        mark = hashlib.sha256(ET.tostring(content)).hexdigest()[:16] if content is not None else ""
        key = f"{address} {kind}"
        if self._memory.seen.get(key) != mark:
            self._chores.add(f"read {key} {mark}", partial(self._read_anew, address, key, mark))

    async def _read_anew(self, address: Address, key: str, mark: str) -> None:
        await self.look_at(address)
        self._memory.seen[key] = mark

    # looking at others

    def look_at_stranger(self, address: Address) -> None:
        """Read the profile of somebody who asks, as long as they are few: a burst would have me ask thousands of servers, and tell them
        that I am there. Of the others the profile is read when the owner looks at them."""
        now = asyncio.get_running_loop().time()
        if now - self._minute >= 60:
            self._minute, self._strangers = now, 0
        if self._strangers < STRANGERS_A_MINUTE:
            self._strangers += 1
            self.look_soon(address)

    def look_soon(self, address: Address) -> None:
        """Read somebody's profile, and the list they share, when there is time."""
        self._chores.add(f"look {address}", partial(self.look_at, address))

    async def look_at(self, address: Address) -> None:
        """Read what somebody lets me see, and say it."""
        if self._shut_out(address):
            return
        profile, shares = await look(self._line, address)
        if self._shut_out(address):
            return
        if profile is not None:
            self._say(events.ProfileArrived(address, profile))
        if not self._roster[address].both:
            return
        name = profile.name if profile is not None else ""
        if shares != (address in self._sharers) or (shares and self._sharers.get(address) != name):
            if shares:
                self._sharers[address] = name
            else:
                self._sharers.pop(address, None)
            self.keep_up()
        if self._profiles.shares and shares:
            self._chores.add(f"list {address}", partial(self._read_list, address))
        else:
            self.forget_list(address)

    async def _read_list(self, address: Address) -> None:
        for event in await read_list(self._line, address):
            if not self._shut_out(address) and self._roster[address].both and self._profiles.shares:
                if isinstance(event, events.ListArrived):
                    self._lists.add(address)
                self._say(event)

    def forget_list(self, address: Address) -> None:
        self._sharers.pop(address, None) if not self._roster[address].both else None
        if address in self._lists:
            self._lists.discard(address)
            self._say(events.ListGone(address))

    # keeping what I publish in step with my ties

    def keep_up(self) -> None:
        """Bring them in step when there is time."""
        self._chores.add("keep up", self.kept_up)

    def connections(self) -> set[Address]:
        """Those who are connections at this moment and not shut out."""
        return {one for one in self._roster.connections() if not self._shut_out(one)}

    async def kept_up(self) -> None:
        """Whitelists and my list are in step with my ties when this is over."""
        async with self._profiles.lock:
            try:
                await self._profiles.keep_whitelists(self.connections)
            finally:  # the one does not wait for the other
                if self._profiles.shares:
                    people = {one: name for one, name in self._sharers.items() if one in self.connections()}
                    self._list_parts = await publish_list(self._line, people, self._list_parts)
                    await self._profiles.announce()

    async def share(self, shares: bool) -> None:
        """Share my list with those who share theirs, or stop."""
        await self._profiles.share(shares, self.connections)
        if not shares:
            async with self._profiles.lock:
                await stop_sharing(self._line)
                self._list_parts = 0
            for address in list(self._lists):
                self.forget_list(address)
        await self._profiles.announce()
        await self.kept_up()
        if shares:
            for address in self._roster.connections():
                self.look_soon(address)
