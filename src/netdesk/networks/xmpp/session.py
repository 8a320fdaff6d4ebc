"""One session: signed in, what the server holds was read, and every stanza that comes becomes events."""

import asyncio
import contextlib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from netdesk.domain import events
from netdesk.domain.events import ArrivedRequest, Event
from netdesk.domain.names import tame_name, tame_note
from netdesk.domain.people import Address, Tie, domain_of
from netdesk.networks.xmpp import caps
from netdesk.networks.xmpp.chores import Chores
from netdesk.networks.xmpp.elements import (
    BLOCKING,
    CLIENT,
    DISCO,
    EVENT,
    NETDESK,
    NICK,
    PARS,
    PING,
    ROSTER,
    add,
    all_of,
    bare_of,
    child,
    condition_of,
    element,
    name_of,
    text_of,
)  # fmt: skip
from netdesk.networks.xmpp.lists import LIST_NODE, publish_list, read_list, stop_sharing
from netdesk.networks.xmpp.profile import Profiles, look
from netdesk.networks.xmpp.pubsub import fetch
from netdesk.networks.xmpp.roster import Item, Roster, tie_of
from netdesk.networks.xmpp.settings import Memory
from netdesk.networks.xmpp.stream import StanzaError, Stream

Say = Callable[[Event], None]
Clock = Callable[[], datetime]
NOTE_LIMIT: Final = 5_000


class Session:
    """What is known while a stream stands. `say` takes events in their order; requests are told in batches by whoever gives it."""

    def __init__(self, stream: Stream, address: Address, memory: Memory, say: Say, clock: Clock) -> None:
        self.stream = stream
        self.address = address
        self.memory = memory
        self.say = say
        self.clock = clock
        self.roster = Roster()
        self.chores = Chores()
        self.profiles = Profiles(stream)
        self.waiting: dict[Address, ArrivedRequest] = {}
        self.blocked: frozenset[str] = frozenset()
        self.features: frozenset[str] = frozenset()
        self.bounced: dict[Address, str] = {}
        self.followed_up: set[Address] = set()
        self.pushed = asyncio.Event()
        self._sharers: dict[Address, str] = {}
        self._lists: set[Address] = set()
        self._list_parts = 0
        self._loading = True
        self._unanswered: set[Address] = set()

    # beginning

    async def load(self) -> None:
        """Read what the server holds, go online, and say all of it."""
        self.roster.load(await self.stream.ask("get", element(ROSTER, "query")))
        self.features = await self._features()
        self.blocked = await self._blocklist()
        await self.profiles.load()
        self._list_parts = len(await fetch(self.stream, "", LIST_NODE) or ())
        presence = element(CLIENT, "presence")
        presence.append(caps.caps())
        self.stream.put(presence)
        await self.ping()  # what waits on the server comes before the answer
        self._loading = False
        self.say(events.WentOnline())
        self.say_all()
        self.chores.start()
        self._keep_up()
        for address in (*self.waiting, *(tie.address for tie in self.roster.ties() if f"{tie.address} revision" not in self.memory.seen)):
            self.look_soon(address)
        if self.profiles.shares:
            for address in self.roster.connections():
                self.look_soon(address)

    def say_all(self) -> None:
        """Say all that the server holds, as at a login."""
        now = self.clock()
        self.say(events.TiesChanged(tuple(tie for tie in self.roster.ties() if not self.shut_out(tie.address)), complete=True, at=now))
        requests = [one for one in self.waiting.values() if not self.shut_out(one.address)]
        for at in range(0, len(requests), 500):
            self.say(events.RequestsArrived(tuple(requests[at : at + 500]), snapshot=True))
        self.say(events.ServerKnows(frozenset(one.address for one in requests), self.roster.asked(), self.blocked, now))

    async def ping(self) -> None:
        """A turn to the own server and back: what it sent before has been taken then."""
        with contextlib.suppress(StanzaError):  # refused is answered as well
            await self.stream.ask("get", element(PING, "ping"), domain_of(self.address))

    async def _features(self) -> frozenset[str]:
        found: set[str] = set()
        for place in (domain_of(self.address), ""):
            try:
                answer = await self.stream.ask("get", element(DISCO, "query"), place)
            except StanzaError:
                continue
            found |= {one.get("var", "") for one in all_of(child(answer, DISCO, "query"), DISCO, "feature")}
        return frozenset(found)

    async def _blocklist(self) -> frozenset[str]:
        try:
            answer = await self.stream.ask("get", element(BLOCKING, "blocklist"))
        except StanzaError:
            return frozenset()
        items = all_of(child(answer, BLOCKING, "blocklist"), BLOCKING, "item")
        return frozenset((one.get("jid") or "").lower() for one in items if one.get("jid"))

    async def read_again(self) -> None:
        """Read roster and block list anew, and say all."""
        self.roster.load(await self.stream.ask("get", element(ROSTER, "query")))
        self.blocked = await self._blocklist()
        self.say_all()

    def shut_out(self, address: Address) -> bool:
        """Whether the server's block list covers them."""
        return address in self.blocked or domain_of(address) in self.blocked

    # stanzas

    def take(self, stanza: ET.Element) -> None:
        """Take one stanza of the session."""
        match name_of(stanza):
            case "presence":
                self._presence(stanza)
            case "iq":
                self._question(stanza)
            case "message":
                self._message(stanza)

    def _mine(self, stanza: ET.Element) -> bool:
        """From my own account or nobody, so by my own server (RFC 6121 §2.1.6): nothing else changes what is mine."""
        sender = (stanza.get("from") or "").lower()
        return sender in ("", self.address)

    def _presence(self, stanza: ET.Element) -> None:
        address = bare_of(stanza.get("from"))
        if address is None or address == self.address:
            return
        match stanza.get("type"):
            case "subscribe":
                self._asked(address, stanza)
            case "unsubscribe":
                if self.waiting.pop(address, None) is not None:
                    self.say(events.RequestsWithdrawn((address,), self.clock()))
            case "unsubscribed":
                if address in self._unanswered or self.roster[address].ask:
                    self._unanswered.discard(address)
                    self.say(events.RequestAnswered(address, "declined", self.clock()))
                    self.chores.add(f"tidy {address}", partial(self._tidy, address))
            case "error":
                condition, _ = condition_of(stanza)
                self.bounced[address] = condition

    def _asked(self, address: Address, stanza: ET.Element) -> None:
        """A request. To ask somebody for a connection says yes to the other direction: theirs is answered when mine waits or was accepted."""
        if self.shut_out(address):
            return
        item = self.roster[address]
        if item.ask or item.to:
            self.stream.put(element(CLIENT, "presence", type="subscribed", to=address))
            return
        if address in self.waiting:
            return
        request = ArrivedRequest(
            address=address,
            name=tame_name(text_of(stanza, NICK, "nick")[:NOTE_LIMIT]),
            note=tame_note(text_of(stanza, CLIENT, "status")[:NOTE_LIMIT]),
            arrived_at=self.clock(),
            token=_token(stanza),
        )
        self.waiting[address] = request
        if not self._loading:
            self.say(events.RequestsArrived((request,)))
            self.look_soon(address)

    def _question(self, stanza: ET.Element) -> None:
        """A query or a push. A stranger is answered as by the server of somebody who is offline (RFC 6121 §8.5.2)."""
        payload = next((one for one in stanza if one.tag != f"{{{CLIENT}}}error"), None)
        kind = payload.tag if payload is not None else ""
        if self._mine(stanza) and stanza.get("type") == "set" and kind == f"{{{ROSTER}}}query":
            self.stream.put(caps.answer(stanza))
            for address, before, now in self.roster.push(stanza):
                self._roster_changed(address, before, now)
            self.pushed.set()
        elif self._mine(stanza) and kind in (f"{{{BLOCKING}}}block", f"{{{BLOCKING}}}unblock"):
            self.stream.put(caps.answer(stanza))
            self.chores.add("blocklist", self._blocks_changed)
        elif self._may_ask_me(stanza) and kind == f"{{{PING}}}ping":
            self.stream.put(caps.answer(stanza))
        elif self._may_ask_me(stanza) and payload is not None and kind == f"{{{DISCO}}}query":
            self.stream.put(caps.answer(stanza, caps.describe(payload.get("node", ""))))
        else:
            self.stream.put(caps.answer(stanza, refused="service-unavailable"))

    def _may_ask_me(self, stanza: ET.Element) -> bool:
        sender = (stanza.get("from") or "").lower()
        if sender in ("", self.address, domain_of(self.address)):
            return True
        address = bare_of(sender)
        return address is not None and self.roster[address].from_ and not self.shut_out(address)

    def _roster_changed(self, address: Address, before: Item, now: Item) -> None:
        if before.ask and not now.ask and not now.to:
            self._unanswered.add(address)
        if now.to and not before.to:
            self._unanswered.discard(address)
            if before.ask:
                self.say(events.RequestAnswered(address, "accepted", self.clock()))
        if now.from_ and not before.from_:
            self.waiting.pop(address, None)
        if (before.to, before.from_) != (now.to, now.from_) and not self.shut_out(address):
            self.say(events.TiesChanged((tie_of(address, now),), complete=False, at=self.clock()))
            if now.to or now.from_:
                self.look_soon(address)
            else:
                self._forget_list(address)
            self._keep_up()

    async def _tidy(self, address: Address) -> None:
        """A request that was declined leaves an empty entry in the roster."""
        item = self.roster[address]
        if item.there and not (item.to or item.from_ or item.ask):
            await self.remove_from_roster(address)

    async def remove_from_roster(self, address: Address) -> None:
        """Take somebody off the roster: both directions end (RFC 6121 §2.5)."""
        payload = element(ROSTER, "query")
        add(payload, "item", jid=address, subscription="remove")
        try:
            await self.stream.ask("set", payload)
        except StanzaError as error:
            if error.condition != "item-not-found":
                raise

    async def _blocks_changed(self) -> None:
        before = self.blocked
        self.blocked = await self._blocklist()
        if self.blocked != before:
            self.say_all()

    # messages: what somebody published, introductions, words that follow a request

    def _message(self, stanza: ET.Element) -> None:
        address = bare_of(stanza.get("from"))
        if address is None or address == self.address or stanza.get("type") == "error" or self.shut_out(address):
            return
        event = child(stanza, EVENT, "event", "items")
        if event is not None:
            self._published(address, event)
            return
        body = tame_note(text_of(stanza, CLIENT, "body")[:NOTE_LIMIT])
        now = self.clock()
        if child(stanza, NETDESK, "follow-up") is not None and address in self.waiting:
            self.say(events.FollowUpArrived(address, body, now))
        for found in all_of(stanza, NETDESK, "introduction"):
            self._introduction(address, found, body, now)

    def _introduction(self, address: Address, found: ET.Element, body: str, now: datetime) -> None:
        """Only a connection may ask for, make or refuse one; whom I know is not told to who asks."""
        other = bare_of(found.get("jid"))
        if other is None or not self.roster[address].both:
            return
        match found.get("is"):
            case "asked" if self.roster[other].both:
                self.say(events.IntroductionAsked(address, other, body, now))
            case "made" if not self.shut_out(other):
                self.say(events.IntroductionArrived(address, other, tame_name(found.get("name", "")), body, now))
            case "answered":
                self.say(events.IntroductionAnswered(address, other, found.get("made") == "true", now))

    def _published(self, address: Address, items: ET.Element) -> None:
        """Somebody whom I follow published something: it is read from the node, where their server says who may."""
        item = self.roster[address]
        if not item.to:
            return
        content = next((one for found in items for one in found), None)
        kind = "revision" if items.get("node", "").startswith("urn:netdesk:") else "vcard"
        mark = (
            str(hash(ET.tostring(content)))
            if kind == "vcard" and content is not None
            else content.get("number", "")
            if content is not None
            else ""
        )
        key = f"{address} {kind}"
        if self.memory.seen.get(key) != mark:
            self.memory.seen[key] = mark
            self.look_soon(address)

    # looking at others

    def look_soon(self, address: Address) -> None:
        """Read somebody's profile, and the list they share, when there is time."""
        self.chores.add(f"look {address}", partial(self.look_at, address))

    async def look_at(self, address: Address) -> None:
        """Read what somebody lets me see, and say it."""
        if self.shut_out(address):
            return
        profile, shares = await look(self.stream, address)
        if self.shut_out(address):
            return
        if profile is not None:
            self.say(events.ProfileArrived(address, profile))
        if not self.roster[address].both:
            return
        name = profile.name if profile is not None else ""
        if shares != (address in self._sharers) or (shares and self._sharers.get(address) != name):
            if shares:
                self._sharers[address] = name
            else:
                self._sharers.pop(address, None)
            self._keep_up()
        if self.profiles.shares and shares:
            self.chores.add(f"list {address}", partial(self._read_list, address))
        else:
            self._forget_list(address)

    async def _read_list(self, address: Address) -> None:
        for event in await read_list(self.stream, address):
            if not self.shut_out(address) and self.roster[address].both and self.profiles.shares:
                if isinstance(event, events.ListArrived):
                    self._lists.add(address)
                self.say(event)

    def _forget_list(self, address: Address) -> None:
        self._sharers.pop(address, None) if not self.roster[address].both else None
        if address in self._lists:
            self._lists.discard(address)
            self.say(events.ListGone(address))

    # keeping what I publish in step with my ties

    def _keep_up(self) -> None:
        self.chores.add("keep up", self._kept_up)

    async def _kept_up(self) -> None:
        connections = {one for one in self.roster.connections() if not self.shut_out(one)}
        await self.profiles.keep_whitelists(connections)
        if self.profiles.shares:
            people = {one: name for one, name in self._sharers.items() if one in connections}
            self._list_parts = await publish_list(self.stream, people, self._list_parts)
            await self.profiles.announce()

    async def share(self, shares: bool) -> None:
        """Share my list with those who share theirs, or stop."""
        await self.profiles.share(shares, self.roster.connections())
        if not shares:
            await stop_sharing(self.stream)
            self._list_parts = 0
            for address in list(self._lists):
                self._forget_list(address)
        await self.profiles.announce()
        await self._kept_up()
        if shares:
            for address in self.roster.connections():
                self.look_soon(address)

    def tie(self, address: Address) -> Tie:
        """The tie to somebody."""
        return tie_of(address, self.roster[address])


def _token(stanza: ET.Element) -> str:
    found = child(stanza, PARS, "preauth")
    return (found.get("token") or "")[:200] if found is not None else ""
