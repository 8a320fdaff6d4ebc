"""Messages that belong to requests: a follow-up, introductions; sent, taken, and come back."""

import secrets
import xml.etree.ElementTree as ET
from collections.abc import Callable, Container
from datetime import datetime
from typing import Final

from netdesk.domain import events, orders
from netdesk.domain.events import Event
from netdesk.domain.names import tame_name, tame_note
from netdesk.domain.orders import Order, OrderId
from netdesk.domain.people import Address
from netdesk.networks.xmpp.elements import CLIENT, NETDESK, add, all_of, bare_of, child, condition_of, element, text_of
from netdesk.networks.xmpp.line import Line
from netdesk.networks.xmpp.recent import Recent
from netdesk.networks.xmpp.refusals import reason_of
from netdesk.networks.xmpp.roster import Roster

NOTE_LIMIT: Final = 5_000
_REMEMBERED: Final = 500


class Words:
    """One session's. `waiting` are those whose requests wait for the owner; nothing of somebody who is shut out is given to it."""

    def __init__(
        self,
        line: Line,
        roster: Roster,
        waiting: Container[Address],
        say: Callable[[Event], None],
        clock: Callable[[], datetime],
        shut_out: Callable[[Address], bool],
    ) -> None:
        self._line = line
        self._roster = roster
        self._waiting = waiting
        self._say = say
        self._clock = clock
        self._shut_out = shut_out
        self._sent: Recent[str, Order] = Recent(_REMEMBERED)
        self._written: Recent[tuple[OrderId, Address], None] = Recent(_REMEMBERED)
        self._wrote_again: set[Address] = set()

    def write(self, to: Address, text: str, number: OrderId, order: Order, *more: ET.Element) -> None:
        """Send what the order of this number says, once: the line sees to it that it gets there. A message that comes back says so by its id."""
        if (number, to) in self._written:
            return
        self._written.keep((number, to), None)
        message = secrets.token_hex(8)
        stanza = element(CLIENT, "message", type="normal", to=to, id=message)
        add(stanza, "body", text)
        stanza.extend(more)
        self._sent.keep(message, order)
        self._line.put(stanza)

    def asked(self, address: Address) -> None:
        """A new request of theirs: they may follow it up once."""
        self._wrote_again.discard(address)

    def take(self, address: Address, stanza: ET.Element) -> None:
        """A message of somebody."""
        if stanza.get("type") == "error":
            self._came_back(address, stanza)
            return
        body = tame_note(text_of(stanza, CLIENT, "body")[:NOTE_LIMIT])
        now = self._clock()
        if child(stanza, NETDESK, "follow-up") is not None and address in self._waiting and address not in self._wrote_again:
            self._wrote_again.add(address)  # once for each request, as our own side does
            self._say(events.FollowUpArrived(address, body, now))
        for found in all_of(stanza, NETDESK, "introduction"):
            self._introduction(address, found, body, now)

    def _came_back(self, address: Address, stanza: ET.Element) -> None:
        order = self._sent.get(stanza.get("id", ""))
        if order is not None and address in addressees(order):
            del self._sent[stanza.get("id", "")]
            self._say(events.OrderCameBack(order, reason_of(condition_of(stanza)[0]), self._clock()))

    def _introduction(self, address: Address, found: ET.Element, body: str, now: datetime) -> None:
        """Only a connection may ask for, make or refuse one; whom I know is not told to who asks."""
        other = bare_of(found.get("jid"))
        if other is None or not self._roster[address].both:
            return
        match found.get("is"):
            case "asked" if self._roster[other].both:
                self._say(events.IntroductionAsked(address, other, body, now))
            case "made" if not self._shut_out(other):
                self._say(events.IntroductionArrived(address, other, tame_name(found.get("name", "")), body, now))
            case "answered":
                self._say(events.IntroductionAnswered(address, other, found.get("made") == "true", now))


def addressees(order: Order) -> tuple[Address, ...]:
    """To whom the words of an order go."""
    match order:
        case orders.FollowUp(address):
            return (address,)
        case orders.AskIntroduction(via):
            return (via,)
        case orders.AnswerIntroduction(who, whom, _, made):
            return (who, whom) if made else (who,)
        case _:
            return ()
