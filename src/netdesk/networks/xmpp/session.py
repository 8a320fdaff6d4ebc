"""One session: signed in, what the server holds was read, and every stanza that comes becomes events."""

import asyncio
import contextlib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from netdesk.domain import events
from netdesk.domain.events import Event
from netdesk.domain.orders import Order
from netdesk.domain.people import Address, domain_of
from netdesk.networks.port import Capabilities
from netdesk.networks.xmpp import caps
from netdesk.networks.xmpp.chores import Chores
from netdesk.networks.xmpp.directory import features_of, find_directory
from netdesk.networks.xmpp.elements import (
    BLOCKING,
    CLIENT,
    DISCO,
    EVENT,
    PING,
    REPORTING,
    ROSTER,
    VERSION,
    add,
    all_of,
    bare_of,
    child,
    condition_of,
    element,
    name_of,
    text_of,
)
from netdesk.networks.xmpp.ignored import STATE_NODE
from netdesk.networks.xmpp.line import Line, StanzaError
from netdesk.networks.xmpp.others import Others
from netdesk.networks.xmpp.profile import Profiles
from netdesk.networks.xmpp.recent import Recent
from netdesk.networks.xmpp.refusals import NOT_REACHED, reason_of
from netdesk.networks.xmpp.roster import Item, Roster, tie_of
from netdesk.networks.xmpp.settings import Memory
from netdesk.networks.xmpp.waiting import Waiting
from netdesk.networks.xmpp.words import Words

Say = Callable[[Event], None]
Clock = Callable[[], datetime]
_REMEMBERED: Final = 500
_COMES_BACK_WITHIN: Final = 600.0  # seconds: servers try for minutes to reach another; a later error is about something else


class Session:
    """What is known while a session stands. `say` takes events in their order; requests are told in batches by whoever gives it."""

    def __init__(self, line: Line, address: Address, memory: Memory, say: Say, clock: Clock) -> None:
        self.line = line
        self.address = address
        self.memory = memory
        self.say = say
        self.clock = clock
        self.roster = Roster()
        self.chores = Chores(line)
        self.profiles = Profiles(line)
        self.waiting = Waiting(line, self.chores, say, clock, self.shut_out)
        self.blocked: frozenset[str] = frozenset()
        self.features: frozenset[str] = frozenset()
        self.contacts: tuple[str, ...] = ()
        self.directory = ""
        self.loaded = False  # before, what waits is not known, and an order about it would be refused for good
        self.bounced: dict[Address, str] = {}
        self.asking: set[Address] = set()
        self.came_back: set[Address] = set()
        self._told: Recent[Address, tuple[Order, float]] = Recent(_REMEMBERED)
        self.software = ""
        self.followed_up: set[Address] = set()
        self.pushed = asyncio.Event()
        self.others = Others(line, self.roster, self.profiles, self.chores, memory, say, self.shut_out)
        self.words = Words(line, self.roster, self.waiting, say, clock, self.shut_out)
        self._unanswered: set[Address] = set()
        line.on_stanza = self.take

    # beginning

    async def load(self) -> None:
        """Read what the server holds, go online, and say all of it."""
        self.roster.load(await self.line.ask("get", element(ROSTER, "query")))
        self.features = await self._features()
        self.software = await self._software()
        self.blocked = await self._blocklist()
        await self.profiles.load(one for one in self.blocked if "@" in one)
        await self.others.load()
        await self._show_presence()
        await self.ping()  # what waits on the server comes before the answer
        await self.waiting.ignored.read()
        self.waiting.open()
        self.loaded = True
        self.line.keep()
        self.say(events.WentOnline())
        self.say_all()
        self.chores.start()
        self.chores.add("directory", self._find_directory)
        self.others.begin(self.waiting)

    def capabilities(self) -> Capabilities:
        """What this server can do. Nobody's server tells a client how old an account is, or whom it turned away."""
        nodes = "pubsub/pep" in self.features
        enforces = self.software != "ejabberd"  # what was found on it: tests/contract runs on both (docs/server.md)
        return Capabilities(
            reports=REPORTING in self.features,
            domain_blocks=BLOCKING in self.features,
            shared_lists=nodes,
            field_audiences=nodes,
            account_age=False,
            counts_tries=False,
            remembers_ignored=nodes,
            directory=bool(self.directory),
            tells_withdrawals=enforces,
            hides_from_domains=enforces,
        )

    async def _show_presence(self) -> None:
        presence = element(CLIENT, "presence")
        presence.append(caps.caps())
        self.line.put(presence)

    def say_all(self) -> None:
        """Say all that the server holds, as at a login."""
        now = self.clock()
        self.say(events.TiesChanged(tuple(tie for tie in self.roster.ties() if not self.shut_out(tie.address)), complete=True, at=now))
        waiting = self.waiting.say_all()
        self.say(events.ServerKnows(waiting, self.roster.asked(), self.blocked, now))

    async def ping(self, *, within: float = 0.0) -> None:
        """A turn to the own server and back: what it sent before has been taken then. Raises Offline when it does not answer (`Line.ask`)."""
        with contextlib.suppress(StanzaError):  # refused is answered as well
            await self.line.ask("get", element(PING, "ping"), domain_of(self.address), within=within)

    async def _features(self) -> frozenset[str]:
        server, self.contacts = await features_of(self.line, domain_of(self.address))
        account, _ = await features_of(self.line, "")
        return server | account

    async def _find_directory(self) -> None:
        self.directory = await find_directory(self.line, domain_of(self.address))

    async def _software(self) -> str:
        try:
            answer = await self.line.ask("get", element(VERSION, "query"), domain_of(self.address))
        except StanzaError:
            return ""
        return text_of(answer, VERSION, "query", "name").lower()[:40]

    async def _blocklist(self) -> frozenset[str]:
        try:
            answer = await self.line.ask("get", element(BLOCKING, "blocklist"))
        except StanzaError:
            return frozenset()
        items = all_of(child(answer, BLOCKING, "blocklist"), BLOCKING, "item")
        return frozenset((one.get("jid") or "").lower() for one in items if one.get("jid"))

    async def read_again(self) -> None:
        """Read roster and block list anew, and say all."""
        self.roster.load(await self.line.ask("get", element(ROSTER, "query")))
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
        if address is None:
            self.waiting.hear_unreadable((stanza.get("from") or "").partition("/")[0], stanza.get("type", ""))
        if address is None or address == self.address:
            return
        match stanza.get("type"):
            case "subscribe":
                self._asked(address, stanza)
            case "unsubscribe":
                if self.waiting.drop(address):
                    self.say(events.RequestsWithdrawn((address,), self.clock()))
            case "unsubscribed":
                if address in self._unanswered or self.roster[address].ask:
                    self._unanswered.discard(address)
                    self.say(events.RequestAnswered(address, "declined", self.clock()))
                    self.chores.add(f"tidy {address}", partial(self._tidy, address))
            case "error":
                self._bounced(address, condition_of(stanza)[0])

    def tells(self, address: Address, order: Order | None) -> None:
        """This is about to be told to them: what cannot be delivered comes back. None when nothing is any more that could be told again."""
        self._told.pop(address, None)
        if order is not None:
            self._told.keep(address, (order, asyncio.get_running_loop().time()))

    def _bounced(self, address: Address, condition: str) -> None:
        """What could not be delivered. A request: while it is being asked the order says so, later it came back. An answer that the other
        server did not hear is lost there (servers do not try again), unless it is told once more."""
        if address in self.asking:
            self.bounced[address] = condition
            return
        order, at = self._told.pop(address, (None, 0.0))
        if order is not None and asyncio.get_running_loop().time() - at < _COMES_BACK_WITHIN:
            if condition in NOT_REACHED:
                self.say(events.OrderCameBack(order, reason_of(condition), self.clock()))
        elif self.roster[address].ask and not self.roster[address].from_ and address not in self.came_back:
            self.came_back.add(address)
            self.say(events.RequestBounced(address, reason_of(condition), self.clock()))
            self.chores.add(f"tidy {address}", partial(self.remove_from_roster, address))

    def _asked(self, address: Address, stanza: ET.Element) -> None:
        """A request. To ask somebody for a connection says yes to the other direction: theirs is answered when mine waits or was accepted."""
        if self.shut_out(address):
            return
        item = self.roster[address]
        if item.ask or item.to:
            self.line.put(element(CLIENT, "presence", type="subscribed", to=address))
            return
        if address not in self.waiting:
            self.words.asked(address)
        if self.waiting.add(address, stanza):
            self.others.look_at_stranger(address)

    def _question(self, stanza: ET.Element) -> None:
        """A query or a push. A stranger is answered as by the server of somebody who is offline (RFC 6121 §8.5.2)."""
        payload = next((one for one in stanza if one.tag != f"{{{CLIENT}}}error"), None)
        kind = payload.tag if payload is not None else ""
        if self._mine(stanza) and stanza.get("type") == "set" and kind == f"{{{ROSTER}}}query":
            self.line.put(caps.answer(stanza))
            for address, before, now in self.roster.push(stanza):
                self._roster_changed(address, before, now)
            self.pushed.set()
        elif self._mine(stanza) and kind in (f"{{{BLOCKING}}}block", f"{{{BLOCKING}}}unblock"):
            self.line.put(caps.answer(stanza))
            self.chores.add("blocklist", self._blocks_changed)
        elif self._may_ask_me(stanza) and kind == f"{{{PING}}}ping":
            self.line.put(caps.answer(stanza))
        elif self._may_ask_me(stanza) and payload is not None and kind == f"{{{DISCO}}}query":
            self.line.put(caps.answer(stanza, caps.describe(payload.get("node", ""))))
        else:
            self.line.put(caps.answer(stanza, refused="service-unavailable"))

    def _may_ask_me(self, stanza: ET.Element) -> bool:
        sender = (stanza.get("from") or "").lower()
        if sender in ("", self.address, domain_of(self.address)):
            return True
        address = bare_of(sender)
        if address == self.address:
            return True  # ejabberd asks what I am in my own name
        return address is not None and self.roster[address].from_ and not self.shut_out(address)

    def _roster_changed(self, address: Address, before: Item, now: Item) -> None:
        if before.ask and not now.ask and not now.to:
            self._unanswered.add(address)
        if now.to and not before.to:
            self._unanswered.discard(address)
            if before.ask:
                self.say(events.RequestAnswered(address, "accepted", self.clock()))
        if now.from_ and not before.from_:
            self.waiting.drop(address)
        if now.both and not before.both:
            # ejabberd learns what I want to be told from the presence that comes when both are connected, and from no earlier one
            self.chores.add("presence", self._show_presence)
        if (before.to, before.from_) != (now.to, now.from_) and not self.shut_out(address):
            self.say(events.TiesChanged((tie_of(address, now),), complete=False, at=self.clock()))
            if now.to or now.from_:
                self.others.look_soon(address)
            else:
                self.others.forget_list(address)
            self.others.keep_up()

    async def _tidy(self, address: Address) -> None:
        """A request that was declined leaves an empty entry in the roster."""
        item = self.roster[address]
        if item.there and not (item.to or item.from_ or item.ask):
            await self.remove_from_roster(address)

    async def remove_from_roster(self, address: Address) -> None:
        """Take somebody off the roster: both directions end (RFC 6121 §2.5)."""
        payload = element(ROSTER, "query")
        add(payload, "item", jid=address, subscription="remove")
        await self.line.ask_if_there("set", payload)

    async def _blocks_changed(self) -> None:
        before = self.blocked
        self.blocked = await self._blocklist()
        if self.blocked != before:
            self.say_all()
            for target in self.blocked ^ before:
                if "@" in target:
                    await self.profiles.shut_out(Address(target), shut=target in self.blocked)
            self.others.keep_up()

    # messages: what somebody published, introductions, words that follow a request

    def _message(self, stanza: ET.Element) -> None:
        address = bare_of(stanza.get("from"))
        if address == self.address or stanza.get("from") is None:
            self._of_mine(stanza)
        elif address is not None and not self.shut_out(address):
            self._of_somebody(address, stanza)

    def _of_mine(self, stanza: ET.Element) -> None:
        """What another device of mine has published: it is read from my own server."""
        items = child(stanza, EVENT, "event", "items")
        if items is not None and items.get("node") == STATE_NODE and stanza.get("type") != "error":
            self.chores.add("ignored", self.waiting.ignored_elsewhere)

    def _of_somebody(self, address: Address, stanza: ET.Element) -> None:
        event = child(stanza, EVENT, "event", "items")
        if event is None:
            self.words.take(address, stanza)
        elif stanza.get("type") != "error":
            self.others.published(address, event)
