"""The stream: slixmpp's connection, TLS, SASL and binding, with what it leaves open closed, and stanzas handed on as they came.

slixmpp 1.17 negotiates; it never sees a stanza of the session, so none of its handlers can answer a stranger, change a roster or end the
connection over an address that it cannot read. Each override below names the fault that it closes; tests/networks/xmpp/test_hostile.py
holds a server for each.
"""

import asyncio
import contextlib
import hashlib
import logging
import secrets
import ssl
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Final

from slixmpp import ClientXMPP
from slixmpp.util.sasl import client as sasl_client
from slixmpp.util.sasl import mechanisms

from netdesk.networks.xmpp.elements import CLIENT, MANAGEMENT, SASL, STREAM, TLS, as_text
from netdesk.networks.xmpp.line import Line

log = logging.getLogger(__name__)
logging.getLogger("slixmpp").setLevel(logging.CRITICAL + 1)  # it logs passwords, addresses and notes (DEBUG, and ERROR on bad XML)

STANZA_LIMIT: Final = 512 * 1024  # bytes; servers allow 256 kiB
DEPTH_LIMIT: Final = 64
_CLOSE_WITHIN: Final = 1.0
FEWEST_ROUNDS: Final = 4_096  # RFC 5802 §5.1
MOST_ROUNDS: Final = 600_000
STRENGTH: Final = ("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-512-PLUS")

_FEATURES: Final = f"{{{STREAM}}}features"
_PROCEED: Final = f"{{{TLS}}}proceed"


def _derive(self: Any, text: Any, salt: bytes, iterations: int) -> bytes:
    """SCRAM's Hi() by the system's PBKDF2, within sensible bounds: slixmpp takes one round, and a million in pure Python."""
    if not FEWEST_ROUNDS <= iterations <= MOST_ROUNDS:
        raise sasl_client.SASLCancelled("rounds")  # type: ignore[no-untyped-call] # slixmpp's exceptions have no types
    return hashlib.pbkdf2_hmac(self.hash().name, bytes(text), salt, iterations)


def _close_holes_in_scram() -> None:
    """slixmpp takes its nonce from random.random(), which can be foreseen; and see `_derive`."""
    vars(mechanisms)["random"] = secrets.SystemRandom()
    setattr(mechanisms.SCRAM, "Hi", _derive)  # noqa: B010 - to a type checker a method cannot be assigned


_close_holes_in_scram()


class Stream(ClientXMPP):
    """One connection. Once the session stands, `line` gets all that comes: a new one, or `before` when the server takes that up again.

    `refused` says why the stream was given up by this side, in a word that ui/texts knows.
    """

    def __init__(self, jid: str, password: str, ca_file: Path | None = None, before: Line | None = None) -> None:
        super().__init__(jid, password)
        self.refused = ""
        self.certificate = b""
        self.manages = False
        self.line: Line | None = None
        self._before = before
        self._features_held: ET.Element | None = None
        self._asked_tls = False
        self._waiting_for_tls = False
        self._unfinished = 0
        self._session = False
        self._over = asyncio.Event()
        self.roster.auto_authorize = None  # type: ignore[assignment] # None: leave it to us; it accepts every stranger otherwise
        self.roster.auto_subscribe = False
        self.whitespace_keepalive_interval = 60
        self.plugin["feature_mechanisms"].use_mechs = set(STRENGTH)  # PLAIN goes to whoever holds a certificate otherwise
        self.plugin["feature_mechanisms"].config["unencrypted_scram"] = False
        self.ssl_context.minimum_version = ssl.TLSVersion.TLSv1_2
        if ca_file is not None:
            self.ca_certs = ca_file
        self.add_event_handler("session_start", self._begin)
        self.add_event_handler("disconnected", self._end)

    @property
    def mechanism(self) -> str:
        """The SASL mechanism in use."""
        mech = getattr(self.plugin["feature_mechanisms"], "mech", None)
        return str(mech.name) if mech is not None else ""

    def never_weaker_than(self, mechanism: str) -> None:
        """Sign in by nothing weaker than last time."""
        if mechanism in STRENGTH:
            self.plugin["feature_mechanisms"].use_mechs = set(STRENGTH[STRENGTH.index(mechanism) :])

    @property
    def encrypted(self) -> bool:
        """Whether TLS stands."""
        return self.transport is not None and self.transport.get_extra_info("ssl_object") is not None

    @property
    def standing(self) -> bool:
        """Whether stanzas can be sent."""
        return self._session and self.transport is not None

    @property
    def names(self) -> tuple[str, str, str]:
        """My full and bare address and my domain, as the server bound them."""
        return str(self.boundjid.full), str(self.boundjid.bare), str(self.boundjid.domain)

    def _begin(self, _event: Any) -> None:
        self._session = True
        if self.line is None:
            self.line = Line(self)

    def _end(self, _event: Any) -> None:
        self._session = False
        self._over.set()
        if self.line is not None:
            self.line.broken(self)

    # what comes in

    def connection_made(self, transport: Any, send_event: bool = True) -> None:
        """A connection, or TLS on it: what was learnt before does not count."""
        self._waiting_for_tls = False
        self._unfinished = 0
        ssl_object = transport.get_extra_info("ssl_object")
        if ssl_object is not None:
            self.certificate = ssl_object.getpeercert(True) or b""
        else:
            self._asked_tls = False
        super().connection_made(transport, send_event)

    def data_received(self, data: Any) -> None:
        """Feed the parser, within limits. slixmpp's own has none for size and depth, expands DTDs, and logs and echoes what it cannot
        parse."""
        parser = self.parser
        if parser is None or self._waiting_for_tls:
            return  # plaintext behind <proceed/>
        if self.xml_root is None and b"<!" in data:
            self.give_up("not XMPP")
            return
        self._unfinished += len(data)
        try:
            parser.feed(data)
            for event, found in parser.read_events():  # type: ignore[misc] # typeshed knows no tuple here
                if not self._take_event(event, found) or self.parser is not parser:
                    return
        except ET.ParseError:
            self.give_up("not XMPP")
            return
        if self._unfinished > STANZA_LIMIT:
            self.give_up("too much")

    def _take_event(self, event: str, found: Any) -> bool:
        """One event of the parser; whether to go on."""
        if event == "start":
            if self.xml_depth == 0:
                self.xml_root = found
                self.start_stream_handler(found)  # type: ignore[no-untyped-call]
            self.xml_depth += 1
            if self.xml_depth > DEPTH_LIMIT:
                self.give_up("too much")
        else:
            self.xml_depth -= 1
            if self.xml_depth == 0:
                self.disconnect_reason = "End of stream"
                self.abort()
                return False
            if self.xml_depth == 1:
                if self._unfinished > STANZA_LIMIT:
                    self.give_up("too much")
                    return False
                self._unfinished = 0
                self._spawn_event(found)
                if self.xml_root is not None:
                    self.xml_root.clear()
        return self.transport is not None and not self.refused and not self._waiting_for_tls

    def give_up(self, reason: str) -> None:
        """End the connection for this reason."""
        self.refused = self.refused or reason
        self.abort()

    def _spawn_event(self, xml: ET.Element) -> None:
        """What was parsed goes to slixmpp while the stream is negotiated, and to us from then on. Nothing may come out of here."""
        try:
            if self._session and self.line is not None:
                self.line.take(xml)
            elif self._may_negotiate(xml):
                super()._spawn_event(xml)
        except Exception as error:  # noqa: BLE001 - a stanza must not end the connection; what it said is nobody's business in a log
            log.warning("a stanza could not be taken: %s", type(error).__name__)

    def _may_negotiate(self, xml: ET.Element) -> bool:
        """Whether this belongs here before the session: slixmpp opens a session without TLS and SASL, and takes stanzas from before."""
        space = xml.tag[1:].partition("}")[0]
        if not self.encrypted:
            if xml.tag == _FEATURES and not self._asked_tls:
                if xml.find(f"{{{TLS}}}starttls") is None:
                    self.give_up("not encrypted")
                    return False
                self._asked_tls = True
                for other in [one for one in xml if one.tag != f"{{{TLS}}}starttls"]:
                    xml.remove(other)
                return True
            if xml.tag == _PROCEED and self._asked_tls:
                self._waiting_for_tls = True
                return True
            self.give_up("not encrypted")
            return False
        if not self.authenticated:
            if xml.tag == _FEATURES and xml.find(f"{{{SASL}}}mechanisms") is None:
                self.give_up("no sign-in")
                return False
            return xml.tag == _FEATURES or space in (SASL, STREAM)
        if xml.tag == _FEATURES and self._takes_up(xml):
            return False
        if space == MANAGEMENT and self._features_held is not None:
            self._taken_up(xml)
            return False
        return xml.tag in (_FEATURES, f"{{{CLIENT}}}iq") or space == STREAM

    def _takes_up(self, features: ET.Element) -> bool:
        """Whether the line of before is asked for instead of a new one (XEP-0198 §5)."""
        self.manages = features.find(f"{{{MANAGEMENT}}}sm") is not None
        if not self.manages or self._before is None or not self._before.may_go_on:
            return False
        self._features_held = features
        self.write(as_text(self._before.wish()))
        return True

    def _taken_up(self, answer: ET.Element) -> None:
        """The server has said whether it takes the line up; if not, the session begins as usual."""
        features, self._features_held = self._features_held, None
        if answer.tag == f"{{{MANAGEMENT}}}resumed" and self._before is not None:
            self.line = self._before
            self.event("session_start")
            self.line.go_on(self, answer)
        elif features is not None:
            super()._spawn_event(features)

    # ending

    async def until_over(self) -> None:
        """Wait until the connection is gone."""
        if self.transport is not None:
            await self._over.wait()

    async def leave(self) -> None:
        """Close the connection and everything that slixmpp left running."""
        self.cancel_connection_attempt()
        transport = self.transport
        if transport is not None:
            if self._session:
                transport.write(self.stream_footer.encode())
            transport.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_WITHIN):
                    await self._over.wait()
            transport.abort()
        sender = self._run_out_filters
        if sender is not None:
            sender.cancel()
        await asyncio.sleep(0)

    # what goes out

    def write(self, text: str) -> None:
        """Send this as it is, on a session that stands."""
        if self.transport is not None:
            self.transport.write(text.encode())
