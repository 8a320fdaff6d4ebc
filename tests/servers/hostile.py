"""A scripted XMPP server on loopback, which does what no honest one does, and keeps every byte that it was sent."""

import asyncio
import base64
import datetime
import hashlib
import hmac
import secrets
import ssl
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import trustme

DOMAIN = "server.example"
USER = "owner"
PASSWORD = "CNRY-password"
_SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
_TLS = "urn:ietf:params:xml:ns:xmpp-tls"


@dataclass
class Plan:
    """What the server does. The defaults are those of an honest one."""

    offer_tls: bool = True
    direct_tls: bool = False
    before_header: str = ""
    with_proceed: str = ""
    mechanisms: tuple[str, ...] = ("SCRAM-SHA-1",)
    skip_sasl: bool = False
    rounds: int = 4_096
    lie_about_proof: bool = False
    certificate: str = "good"
    roster: str = ""
    answer: Callable[[ET.Element], str | None] = field(default=lambda _stanza: None)


class Hostile:
    """`async with Hostile(folder, plan) as server`. `heard` is all that was sent to it, `encrypted` what came under TLS."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.plan = plan
        self.heard = b""
        self.stanzas: list[ET.Element] = []
        self.signed_in = asyncio.Event()
        self.closed = asyncio.Event()
        folder.mkdir(parents=True, exist_ok=True)
        self.ca_file = folder / "ca.pem"
        trusted = trustme.CA()
        trusted.cert_pem.write_to_path(str(self.ca_file))
        issuer = trustme.CA() if plan.certificate == "unknown" else trusted
        name = "elsewhere.example" if plan.certificate == "wrong host" else DOMAIN
        over = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC) if plan.certificate == "expired" else None
        self._certificate = issuer.issue_cert(name, not_after=over, not_before=datetime.datetime(2019, 1, 1, tzinfo=datetime.UTC))
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> "Hostile":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context() if self.plan.direct_tls else None)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_found: object) -> None:
        self._server.close()
        if self._writer is not None:
            self._writer.close()
        await asyncio.sleep(0.02)

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._certificate.configure_cert(context)
        return context

    def say(self, text: str | bytes) -> None:
        """Send this, whatever it is."""
        assert self._writer is not None
        self._writer.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        try:
            await self._talk(reader)
        except (OSError, asyncio.IncompleteReadError, ET.ParseError, ssl.SSLError, KeyError):
            pass
        finally:
            self.closed.set()
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader) -> None:
        self._encrypted = self.plan.direct_tls
        self._authenticated = False
        while True:
            parser = ET.XMLPullParser(("start", "end"))
            depth = 0
            again = False
            while not again:
                data = await reader.read(65_536)
                if not data:
                    return
                self.heard += data
                parser.feed(data)
                for kind, found in parser.read_events():
                    depth += 1 if kind == "start" else -1
                    if kind == "start" and depth == 1:
                        self._open_stream()
                    elif kind == "end" and depth == 0:
                        return
                    elif kind == "end" and depth == 1 and await self._take(found):
                        again = True
                        break

    def _open_stream(self) -> None:
        self.say(
            f"{self.plan.before_header}<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
            f"id='{secrets.token_hex(4)}' from='{DOMAIN}' version='1.0'><stream:features>"
        )
        if not self._encrypted and self.plan.offer_tls:
            self.say(f"<starttls xmlns='{_TLS}'><required/></starttls>")
        elif not self._authenticated and not self.plan.skip_sasl:
            offered = "".join(f"<mechanism>{one}</mechanism>" for one in self.plan.mechanisms)
            self.say(f"<mechanisms xmlns='{_SASL}'>{offered}</mechanisms>")
        else:
            self.say("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>")
        self.say("</stream:features>")

    async def _take(self, found: ET.Element) -> bool:
        """One element; whether the stream begins anew behind it."""
        match found.tag:
            case "{urn:ietf:params:xml:ns:xmpp-tls}starttls":
                assert self._writer is not None
                self.say(f"<proceed xmlns='{_TLS}'/>{self.plan.with_proceed}")
                await self._writer.start_tls(self._context())
                self._encrypted = True
                return True
            case "{urn:ietf:params:xml:ns:xmpp-sasl}auth":
                self._first = base64.b64decode(found.text or "").decode()
                nonce = self._first.split("r=")[1] + secrets.token_hex(8)
                self._challenge = f"r={nonce},s={base64.b64encode(b'saltsalt').decode()},i={self.plan.rounds}"
                self.say(f"<challenge xmlns='{_SASL}'>{base64.b64encode(self._challenge.encode()).decode()}</challenge>")
            case "{urn:ietf:params:xml:ns:xmpp-sasl}response":
                final = base64.b64decode(found.text or "").decode()
                salted = hashlib.pbkdf2_hmac("sha1", PASSWORD.encode(), b"saltsalt", self.plan.rounds)
                message = f"{self._first.split(',', 2)[2]},{self._challenge},{final.rsplit(',p=', 1)[0]}"
                proof = hmac.digest(hmac.digest(salted, b"Server Key", "sha1"), message.encode(), "sha1")
                if self.plan.lie_about_proof:
                    proof = b"x" * 20
                verifier = base64.b64encode(b"v=" + base64.b64encode(proof)).decode()
                self.say(f"<success xmlns='{_SASL}'>{verifier}</success>")
                self._authenticated = True
                return True
            case "{urn:ietf:params:xml:ns:xmpp-sasl}abort":
                self.say(f"<failure xmlns='{_SASL}'><aborted/></failure>")
            case _:
                self.stanzas.append(found)
                self._answer(found)
        return False

    def _answer(self, stanza: ET.Element) -> None:
        """As an honest server would: bind, an empty roster, `service-unavailable` for the rest."""
        own = self.plan.answer(stanza)
        if own is not None:
            self.say(own)
            return
        if stanza.tag != "{jabber:client}iq" or stanza.get("type") not in ("get", "set"):
            return
        payload = next(iter(stanza), None)
        head = f"id='{stanza.get('id')}'"
        tag = payload.tag if payload is not None else ""
        if tag.endswith("bind}bind"):
            jid = f"<jid>{USER}@{DOMAIN}/here</jid>"
            self.say(f"<iq type='result' {head}><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>{jid}</bind></iq>")
            self.signed_in.set()
        elif tag == "{jabber:iq:roster}query" and stanza.get("type") == "get":
            self.say(f"<iq type='result' {head}><query xmlns='jabber:iq:roster'>{self.plan.roster}</query></iq>")
        elif tag == "{urn:xmpp:ping}ping":
            self.say(f"<iq type='result' from='{DOMAIN}' {head}/>")
        else:
            to = f"from='{stanza.get('to')}' " if stanza.get("to") else ""
            refused = "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
            self.say(f"<iq type='error' {to}{head}><error type='cancel'>{refused}</error></iq>")
