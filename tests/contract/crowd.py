"""Many people at once: an external component (XEP-0114) in which everyone shares their list."""

import asyncio
import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Iterable

from tests.servers.ejabberd import Ejabberd
from tests.servers.prosody import COMPONENT, SECRET, Prosody

from netdesk.networks.xmpp.elements import NETDESK, PUBSUB
from netdesk.networks.xmpp.profile import CONNECTIONS_NODE

_SPACE = "jabber:component:accept"


class Crowd:
    """Speaks for every address of its domain."""

    def __init__(self, server: Prosody | Ejabberd) -> None:
        self._server = server
        self._reading: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Connect and shake hands."""
        reader, self._writer = await asyncio.open_connection("127.0.0.1", self._server.component)
        self._writer.write(f"<stream:stream xmlns='{_SPACE}' xmlns:stream='http://etherx.jabber.org/streams' to='{COMPONENT}'>".encode())
        self._parser = ET.XMLPullParser(("start", "end"))
        number = ""
        while not number:
            data = await reader.read(65_536)
            assert data, "the server hung up"  # at the end of a stream read() never waits: the loop would hold up everything for ever
            self._parser.feed(data)
            for kind, found in self._parser.read_events():
                if kind == "start":
                    number = found.get("id", "")
        digest = hashlib.sha1((number + SECRET).encode()).hexdigest()
        self._writer.write(f"<handshake>{digest}</handshake>".encode())
        self._reading = asyncio.create_task(self._read(reader))

    async def ask(self, to: str, numbers: Iterable[int]) -> None:
        """Everyone of these asks `to`, with much the same note."""
        for number in numbers:
            note = f"hello, I liked {number * 7} and {number * 13}"
            self._writer.write(
                f"<presence type='subscribe' from='p{number}@{COMPONENT}' to='{to}'><status>{note}</status></presence>".encode()
            )
            if number % 200 == 199:
                await self._writer.drain()
        await self._writer.drain()

    async def leave(self) -> None:
        """Hang up."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        self._writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        depth = 1
        while data := await reader.read(65_536):
            self._parser.feed(data)
            for kind, found in self._parser.read_events():
                depth += 1 if kind == "start" else -1
                if kind == "end" and depth == 1:
                    self._take(found)

    def _take(self, stanza: ET.Element) -> None:
        me, to = stanza.get("to", ""), stanza.get("from", "")
        if stanza.tag.endswith("}iq") and stanza.get("type") == "get":
            items = stanza.find(f"{{{PUBSUB}}}pubsub/{{{PUBSUB}}}items")
            head = f"from='{me}' to='{to}' id='{stanza.get('id')}'"
            if items is not None and items.get("node") == CONNECTIONS_NODE:
                profile = f"<profile xmlns='{NETDESK}' shares='true'/>"
                content = f"<pubsub xmlns='{PUBSUB}'><items node='{CONNECTIONS_NODE}'><item id='current'>{profile}</item></items></pubsub>"
                self._writer.write(f"<iq type='result' {head}>{content}</iq>".encode())
            else:
                refused = "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                self._writer.write(f"<iq type='error' {head}><error type='cancel'>{refused}</error></iq>".encode())
