"""The line: what is said and asked over one session. It outlives the stream that carries it (XEP-0198).

When a stream breaks, what the server has not acknowledged is kept, answers are still waited for, and a new stream may take the line up
where it was: nothing is lost, nothing said twice. Where the server does not take it up, all that waits is told that it came to nothing.
"""

import asyncio
import secrets
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from netdesk.domain.errors import Offline
from netdesk.networks.xmpp.elements import CLIENT, MANAGEMENT, as_text, condition_of, element, name_of, namespace_of

IN_FLIGHT: Final = 32
IQ_TIMEOUT: Final = 30.0
_ASK_FOR_COUNT_AFTER: Final = 8  # stanzas
_TELL_COUNT_AFTER: Final = 500
_STANZAS: Final = frozenset(f"{{{CLIENT}}}{kind}" for kind in ("iq", "message", "presence"))
_WRAP: Final = 1 << 32  # XEP-0198 §4


class StanzaError(Exception):
    """The other side refused an IQ. `condition` as in RFC 6120 §8.3.3."""

    def __init__(self, condition: str, text: str = "") -> None:
        super().__init__(condition)
        self.condition = condition
        self.text = text


class Carrier(Protocol):
    """The stream, as a line needs it."""

    refused: str
    manages: bool

    @property
    def standing(self) -> bool:
        """Whether stanzas can be sent."""

    @property
    def names(self) -> tuple[str, str, str]:
        """My full and bare address and my domain."""

    def write(self, text: str) -> None:
        """Send this as it is."""

    def give_up(self, reason: str) -> None:
        """End the connection for this reason."""

    async def until_over(self) -> None:
        """Wait until the connection is gone."""

    async def leave(self) -> None:
        """Close the connection."""


class Line:
    """One session's stanzas, out and in. `on_stanza` gets every presence and message and every iq that asks, on the loop."""

    def __init__(self, carrier: Carrier) -> None:
        self.on_stanza: Callable[[ET.Element], None] = lambda _stanza: None
        self._carrier = carrier
        self._full, self._bare, self._domain = carrier.names
        self._iqs: dict[str, tuple[str, asyncio.Future[ET.Element]]] = {}
        self._places = asyncio.Semaphore(IN_FLIGHT)
        self._again = asyncio.Event()
        self._counts_out = self._counts_in = False
        self._token = ""
        self._kept = False
        self.breaks = 0
        self._heard = 0
        self._acknowledged = 0
        self._unacknowledged: deque[str] = deque()
        self._asked_for_count = False
        self._over = False

    # the carrier

    @property
    def standing(self) -> bool:
        """Whether stanzas can be sent at this moment."""
        return not self._over and self._carrier.standing

    @property
    def refused(self) -> str:
        """Why the carrier was given up by this side, in a word that ui/texts knows."""
        return self._carrier.refused

    @property
    def may_go_on(self) -> bool:
        """Whether another stream may take this line up."""
        return bool(self._token) and self._kept and not self._over

    def keep(self) -> None:
        """All that a session begins with has been read: from now on the line may be taken up again."""
        self._kept = True

    def manage(self) -> None:
        """Ask the server to count, so that the line can be taken up again; nothing when it cannot."""
        if self._carrier.manages and not self._counts_out:
            self._carrier.write(as_text(element(MANAGEMENT, "enable", resume="true")))
            self._counts_out = True

    def wish(self) -> ET.Element:
        """What a new stream says to take the line up (XEP-0198 §5)."""
        return element(MANAGEMENT, "resume", previd=self._token, h=str(self._heard))

    def go_on(self, carrier: Carrier, resumed: ET.Element) -> None:
        """Another stream has taken the line up: what the server did not get is said again, in its order."""
        self._carrier = carrier
        self._acknowledge(resumed.get("h", ""))
        self._asked_for_count = False
        for text in self._unacknowledged:
            carrier.write(text)
        self._again.set()

    def broken(self, carrier: Carrier) -> None:
        """A carrier is gone. A line that cannot be taken up ends with it."""
        if carrier is not self._carrier:
            return
        self.breaks += 1
        self._again.clear()
        if carrier.refused not in ("", "unreachable"):
            self._token = ""  # taken up again, the server would say the same again
        if not self.may_go_on:
            self.end()

    def end(self) -> None:
        """Nothing more can be said or will be heard: who waits for an answer waits in vain."""
        self._over = True
        self._again.set()
        for _, future in self._iqs.values():
            if not future.done():
                future.set_exception(Offline("unreachable"))
        self._iqs.clear()
        self._unacknowledged.clear()

    def give_up(self, reason: str) -> None:
        """End the connection for this reason."""
        self._carrier.give_up(reason)

    async def until_broken(self) -> None:
        """Wait until the connection is gone."""
        await self._carrier.until_over()

    async def drop_carrier(self) -> None:
        """Let go of a stream that broke."""
        await self._carrier.leave()

    async def leave(self) -> None:
        """Say goodbye and close the connection."""
        if self.standing:
            self.put(element(CLIENT, "presence", type="unavailable"))
        self._token = ""
        await self._carrier.leave()
        self.end()

    # what goes out

    def put(self, stanza: ET.Element) -> None:
        """Send a stanza; while the line is broken and may go on, as soon as it does. Raises Offline when it will not."""
        if not self.standing and not self.may_go_on:
            raise Offline("not online")
        text = as_text(stanza)
        if self._counts_out:
            self._unacknowledged.append(text)
        if self.standing:
            self._carrier.write(text)
            if len(self._unacknowledged) >= _ASK_FOR_COUNT_AFTER and not self._asked_for_count:
                self._asked_for_count = True
                self._carrier.write(as_text(element(MANAGEMENT, "r")))

    async def ask(self, kind: str, payload: ET.Element, to: str = "", *, within: float = 0.0) -> ET.Element:
        """Send an IQ and wait for its answer; at most 32 at a time. Raises StanzaError when it is refused, Offline when nothing comes.

        When my own server does not answer, the connection is given up; not with `within` (seconds), for what it may have no answer to.
        """
        async with self._places:
            number = secrets.token_hex(8)
            stanza = element(CLIENT, "iq", type=kind, id=number, to=to)
            stanza.append(payload)
            future: asyncio.Future[ET.Element] = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(within or IQ_TIMEOUT):
                    if not self.standing and self.may_go_on:
                        await self._again.wait()
                    self._iqs[number] = (to, future)
                    self.put(stanza)
                    answer = await future
            except TimeoutError:
                if self.standing and not within and to in self._senders(""):
                    self.give_up("unreachable")  # my own server: the connection is dead, whatever TCP thinks
                raise Offline("unreachable") from None
            finally:
                self._iqs.pop(number, None)
        if answer.get("type") == "error":
            raise StanzaError(*condition_of(answer))
        return answer

    async def ask_if_there(self, kind: str, payload: ET.Element) -> ET.Element | None:
        """The same, of the own server, about what may be gone already; None when it is."""
        try:
            return await self.ask(kind, payload)
        except StanzaError as error:
            if error.condition != "item-not-found":
                raise
            return None

    # what comes in

    def take(self, xml: ET.Element) -> None:
        """One element of the session."""
        if namespace_of(xml) == MANAGEMENT:
            self._manage(xml)
            return
        if self._counts_in and xml.tag in _STANZAS:
            self._heard = (self._heard + 1) % _WRAP
            if self._heard % _TELL_COUNT_AFTER == 0:
                self._tell_count()  # unasked: ejabberd ends a connection on which too much is not acknowledged, as in a flood
        if xml.tag == f"{{{CLIENT}}}iq" and xml.get("type") in ("result", "error"):
            wanted = self._iqs.get(xml.get("id", ""))
            if wanted is not None and (xml.get("from") or "").lower() in self._senders(wanted[0]):
                del self._iqs[xml.get("id", "")]
                if not wanted[1].done():
                    wanted[1].set_result(xml)
            return
        self.on_stanza(xml)

    def _manage(self, xml: ET.Element) -> None:
        match name_of(xml):
            case "enabled" if self._counts_out:
                self._counts_in = True
                if xml.get("resume") in ("true", "1"):
                    self._token = xml.get("id", "")
            case "failed":
                self._counts_out = False
                self._unacknowledged.clear()
            case "r" if self._counts_in:
                self._tell_count()
            case "a":
                self._asked_for_count = False
                self._acknowledge(xml.get("h", ""))

    def _tell_count(self) -> None:
        self._carrier.write(as_text(element(MANAGEMENT, "a", h=str(self._heard))))

    def _acknowledge(self, count: str) -> None:
        """The server has so many of mine. More than were said counts for nothing."""
        if not count.isascii() or not count.isdigit():
            return
        fresh = (int(count) - self._acknowledged) % _WRAP
        if fresh <= len(self._unacknowledged):
            for _ in range(fresh):
                self._unacknowledged.popleft()
            self._acknowledged = int(count) % _WRAP

    def _senders(self, to: str) -> tuple[str, ...]:
        """Who may answer what was asked of `to`: my own server and account answer with no address or with mine (RFC 6120 §8.1.2.1)."""
        if to in ("", self._bare):
            return ("", self._bare, self._full.lower(), self._domain)
        return (to.lower(),)
