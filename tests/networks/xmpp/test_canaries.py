"""On the wire: eight people who are eight things to the owner read every byte that they are sent; each finds what they may see, and no more."""

import asyncio
import contextlib
import json
import uuid
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from tests.contract.worlds import Party
from tests.contract.xmpp_world import XmppWorld
from tests.servers.ejabberd import Ejabberd
from tests.servers.prosody import PASSWORD, Prosody

from netdesk.domain import orders
from netdesk.domain.people import FIELDS, Address, Profile, Relation
from netdesk.domain.privacy import Audience, Privacy
from netdesk.domain.rules.visibility import profile_for
from netdesk.networks.xmpp import profile as nodes
from netdesk.networks.xmpp.caps import answer, caps, describe
from netdesk.networks.xmpp.elements import CLIENT, element
from netdesk.networks.xmpp.line import Line, StanzaError
from netdesk.networks.xmpp.lists import LIST_NODE
from netdesk.networks.xmpp.pubsub import fetch
from netdesk.networks.xmpp.stream import Stream

NODES = (nodes.VCARD_NODE, nodes.CONNECTIONS_NODE, nodes.CHOSEN_NODE, nodes.BOTH_NODE, nodes.REVISION_NODE, LIST_NODE,
         "urn:xmpp:avatar:data", "urn:xmpp:avatar:metadata", "vcard-temp")  # fmt: skip
TEXTS = tuple(name for name in FIELDS if name not in ("picture", "interests"))
CANARIES = {name: f"CNRY{name}CNRY" for name in TEXTS}
PROFILE = Profile(**CANARIES)


class Peer(Stream):
    """Somebody who keeps all that they are sent, asks for everything, and answers what servers ask."""

    def __init__(self, address: str, server: Prosody | Ejabberd) -> None:
        super().__init__(address, PASSWORD, server.ca_file)
        self.bytes = b""
        self.enable_starttls = False
        self._port = server.direct

    def data_received(self, data: Any) -> None:
        self.bytes += data
        super().data_received(data)

    def _take(self, stanza: ET.Element) -> None:
        if stanza.tag == f"{{{CLIENT}}}iq":
            payload = next(iter(stanza), None)
            asks = payload is not None and payload.tag.endswith("disco#info}query") and stanza.get("type") == "get"
            self.put(answer(stanza, describe("")) if asks and payload is not None else answer(stanza, refused="service-unavailable"))

    async def online(self) -> None:
        stands = asyncio.Event()
        self.add_event_handler("session_start", lambda _: stands.set())
        self.connect("127.0.0.1", self._port)
        await asyncio.wait_for(stands.wait(), 10)
        self.said.on_stanza = self._take
        presence = element(CLIENT, "presence")
        presence.append(caps())
        self.put(presence)

    @property
    def said(self) -> Line:
        assert self.line is not None
        return self.line

    def put(self, stanza: ET.Element) -> None:
        self.said.put(stanza)

    def says(self, kind: str, to: str) -> None:
        self.put(element(CLIENT, "presence", type=kind, to=to))

    async def reads_everything_of(self, owner: str) -> None:
        for node in NODES:
            with contextlib.suppress(StanzaError):
                await fetch(self.said, owner, node)
        with contextlib.suppress(StanzaError):
            await self.said.ask("get", element("vcard-temp", "vCard"), owner)


async def becomes(ann: Party, peer: Peer, address: Address, relation: Relation) -> None:
    """Bring it about that this peer is that to the owner."""
    match relation:
        case Relation.PENDING_OUT | Relation.REMOVED:
            await ann.does(orders.Ask(address, "hello"))
        case Relation.STRANGER:
            return
        case _:
            peer.says("subscribe", ann.address)
    await asyncio.sleep(0.2)
    await ann.quiet()
    match relation:
        case Relation.FOLLOWER:
            await ann.does(orders.LetFollow(address))
        case Relation.CONNECTION | Relation.BLOCKED:
            await ann.does(orders.Accept(address))
            await asyncio.sleep(0.2)
            peer.says("subscribed", ann.address)
        case Relation.REMOVED:
            await asyncio.sleep(0.2)
            peer.says("subscribed", ann.address)
            peer.says("subscribe", ann.address)
        case Relation.DECLINED:
            await ann.does(orders.Decline(address))
    await asyncio.sleep(0.2)
    await ann.quiet()
    if relation is Relation.REMOVED:
        await ann.does(orders.Remove(address))
    if relation is Relation.BLOCKED:
        await ann.does(orders.Block(address))


def order(privacy: Privacy) -> orders.PublishProfile:
    """What the desk would publish: fields for nobody never leave it."""
    hidden = [name for name in TEXTS if privacy.fields[name] is Audience.NOBODY]
    kept = Profile(**{name: value for name, value in CANARIES.items() if name not in hidden})
    audiences = {key: value for key, value in privacy.as_dict().items() if key in {"topics", "fields", "confirmed", "know_mutuals"}}
    return orders.PublishProfile(json.dumps(kept.as_dict()), json.dumps(audiences), ())


def choices() -> tuple[Privacy, Privacy]:
    """Everything for nobody, and the choices under test."""
    before = Privacy(confirmed=True, fields=dict.fromkeys(FIELDS, Audience.NOBODY))
    privacy = before
    for field, audience in zip(TEXTS, [Audience.EVERYONE, Audience.CONNECTIONS, Audience.NOBODY, Audience.CHOSEN] * 2, strict=True):
        privacy = privacy.with_field(field, audience)
    return before, privacy


def story(server: Prosody | Ejabberd) -> None:
    """Eight people read everything that they can."""
    before, privacy = choices()

    async def job() -> None:
        world = XmppWorld(server)
        ann = await world.party("ann")
        peers: dict[Relation, Peer] = {}
        try:
            for relation in Relation:
                local = f"p-{uuid.uuid4().hex[:8]}"
                server.add_user(local)
                address = Address(f"{local}@community.local")
                peers[relation] = Peer(address, server)
                await peers[relation].online()
                await becomes(ann, peers[relation], address, relation)
            await ann.does(order(privacy))
            await ann.does(orders.ShareList(True))
            await world.settle()
            for peer in peers.values():
                await peer.reads_everything_of(ann.address)
            await asyncio.sleep(0.3)
            for relation, peer in peers.items():
                may = profile_for(PROFILE, privacy, relation)
                found = {field for field in TEXTS if CANARIES[field].encode() in peer.bytes}
                assert found == {field for field in TEXTS if getattr(may, field)}, relation
            await ann.does(order(before))  # and when all is taken back, nothing is left to read
            for peer in peers.values():
                peer.bytes = b""
                await peer.reads_everything_of(ann.address)
                assert b"CNRY" not in peer.bytes
        finally:
            for peer in peers.values():
                await peer.leave()
            await world.close()

    asyncio.run(job())


@pytest.mark.parametrize("name", ["prosody", "ejabberd"])
def test_each_finds_what_they_may_see_and_no_more(name: str, request: pytest.FixtureRequest) -> None:
    story(request.getfixturevalue(f"{name}_server"))


def test_a_planted_leak_is_found(prosody_server: Prosody, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = nodes.parts_of

    def leaking(profile: Profile, privacy: Privacy) -> dict[str, Profile]:
        return honest(profile, privacy) | ({nodes.VCARD_NODE: profile} if profile.headline else {})

    monkeypatch.setattr(nodes, "parts_of", leaking)
    with pytest.raises(AssertionError, match="stranger"):
        story(prosody_server)
