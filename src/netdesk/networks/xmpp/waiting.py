"""The requests that wait for the owner on her server, as it delivers them at a login and as they come."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from netdesk.domain import events
from netdesk.domain.events import ArrivedRequest, Event
from netdesk.domain.names import tame_name, tame_note
from netdesk.domain.people import Address
from netdesk.networks.xmpp.chores import Chores
from netdesk.networks.xmpp.elements import CLIENT, NICK, PARS, child, text_of
from netdesk.networks.xmpp.ignored import Ignored
from netdesk.networks.xmpp.line import Line
from netdesk.networks.xmpp.standing import Standings
from netdesk.networks.xmpp.words import NOTE_LIMIT

PART: Final = 500
_UNREADABLE_LIMIT: Final = 1_000
_ADDRESS_LIMIT: Final = 3_071  # RFC 7622 §3.1


class Waiting:
    """One session's, by address. Before `opened` they are only gathered; nothing of somebody who is shut out is said."""

    def __init__(
        self,
        line: Line,
        chores: Chores,
        say: Callable[[Event], None],
        clock: Callable[[], datetime],
        shut_out: Callable[[Address], bool],
    ) -> None:
        self._chores = chores
        self._say = say
        self._clock = clock
        self._shut_out = shut_out
        self._requests: dict[Address, ArrivedRequest] = {}
        self._standings = Standings(line)
        self._open = False
        self.ignored = Ignored(line, self)
        self.unreadable: set[str] = set()

    def __contains__(self, address: object) -> bool:
        return address in self._requests

    def __iter__(self) -> Iterator[Address]:
        return iter(self._requests)

    def open(self) -> None:
        """The login is over: what comes from now on is new."""
        self._open = True

    def add(self, address: Address, stanza: ET.Element) -> bool:
        """A request came; whether it is a new one that was said."""
        if address in self._requests:
            return False
        request = ArrivedRequest(
            address=address,
            name=tame_name(text_of(stanza, NICK, "nick")[:NOTE_LIMIT]),
            note=tame_note(text_of(stanza, CLIENT, "status")[:NOTE_LIMIT]),
            arrived_at=self._clock(),
            token=_token(stanza),
        )
        self._requests[address] = request
        if self._standings.hear(address, stanza):
            self._chores.add(f"standing {address}", partial(self._check_standing, address))
        if self._open:
            self._say(events.RequestsArrived((request,)))
        return self._open

    def drop(self, address: Address) -> bool:
        """It was answered, withdrawn, or ended by a block; whether there was one. The next request of theirs is another."""
        if self.ignored.forget(address):
            self._chores.add("ignored gone", self.ignored.tidy)
        return self._requests.pop(address, None) is not None

    async def _check_standing(self, address: Address) -> None:
        """Their server says how old the account is, and how far it trusts it."""
        standing, request = await self._standings.of(address), self._requests.get(address)
        if standing is not None and request is not None:
            self._requests[address] = replace(request, known_since=standing.since, trust=standing.trust)
            self._say_known((address,))

    # saying them

    def say_all(self) -> frozenset[Address]:
        """Say all that wait, as at a login; gives whose they are."""
        there = [one for one in self._requests if not self._shut_out(one)]
        self._say_known(there)
        self.say_unreadable()
        return frozenset(there)

    def _say_known(self, addresses: "list[Address] | tuple[Address, ...]") -> None:
        """Say these again, with what another device of the owner has made of them."""
        found = [replace(self._requests[one], ignored=self.ignored.of(one)) for one in addresses if not self._shut_out(one)]
        for at in range(0, len(found), PART):
            self._say(events.RequestsArrived(tuple(found[at : at + PART]), snapshot=True))

    async def ignored_elsewhere(self) -> None:
        """Another device of the owner has ignored some, or opened them again."""
        changed = await self.ignored.read()
        self._say_known(sorted(changed & self._requests.keys()))

    # addresses that cannot be read

    def hear_unreadable(self, sender: str, kind: str) -> None:
        """A request from an address that RFC 7622 allows and the desk does not, or that nothing allows: its owner can still be told no."""
        before = len(self.unreadable)
        if kind == "subscribe" and sender and len(sender) <= _ADDRESS_LIMIT and before < _UNREADABLE_LIMIT:
            self.unreadable.add(sender)
        elif kind == "unsubscribe":
            self.unreadable.discard(sender)
        if len(self.unreadable) != before and self._open:
            self._chores.add("unreadable", self._say_unreadable_soon)

    async def _say_unreadable_soon(self) -> None:
        self.say_unreadable()

    def say_unreadable(self) -> None:
        """Say from which addresses that cannot be read requests wait."""
        self._say(events.UnreadableWait(tuple(sorted(self.unreadable))))


def _token(stanza: ET.Element) -> str:
    found = child(stanza, PARS, "preauth")
    return (found.get("token") or "")[:200] if found is not None else ""
