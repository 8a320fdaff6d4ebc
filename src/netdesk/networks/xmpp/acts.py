"""Orders as stanzas (xmpp.md §1). Each ends in `Done`: nothing refused, or a reason and when to try again."""

import asyncio
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from netdesk.domain import orders
from netdesk.domain.orders import Order, OrderId
from netdesk.domain.people import Address
from netdesk.networks.xmpp.elements import BLOCKING, CLIENT, NETDESK, NICK, PARS, REPORTING, ROSTERX, add, element
from netdesk.networks.xmpp.line import StanzaError
from netdesk.networks.xmpp.pubsub import AudienceNotKept
from netdesk.networks.xmpp.refusals import reason_of
from netdesk.networks.xmpp.roster import covered_by
from netdesk.networks.xmpp.session import Session

_SLOW_DOWN: Final = frozenset({"not-acceptable", "resource-constraint", "policy-violation"})
_PUSH_WITHIN: Final = 10.0  # seconds
_AGAIN_IN: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Done:
    """How an order ended. `later` when the server only wants it slower."""

    refused: str = ""
    later: timedelta | None = None


async def carry_out(session: Session, number: OrderId, order: Order) -> Done:
    """Tell the server the order of this number. Raises Offline when the connection breaks before it is known how it ended."""
    match order:
        case (
            orders.Accept(address) | orders.LetFollow(address) | orders.Decline(address) | orders.Withdraw(address) | orders.Remove(address)
        ):
            session.tells(address, order)
    try:
        return await _carry_out(session, number, order)
    except AudienceNotKept:
        return Done("audience not kept")
    except StanzaError as error:
        if error.condition in _SLOW_DOWN:
            return Done("too fast", _AGAIN_IN)
        return Done(error.condition)


async def _carry_out(session: Session, number: OrderId, order: Order) -> Done:
    match order:
        case orders.Ask():
            return await _ask(session, order)
        case orders.FollowUp():
            return await _follow_up(session, number, order)
        case orders.Accept(address):
            return await _let_in(session, address, both=True)
        case orders.LetFollow(address):
            return await _let_in(session, address, both=False)
        case orders.Decline(address):
            if not session.roster[address].from_:  # also to one who no longer waits: told again, theirs has not heard it yet
                _presence(session, "unsubscribed", address)
                await session.ping()
                session.waiting.drop(address)
        case orders.Withdraw(address):
            return await _withdraw(session, address)
        case orders.Remove(address):
            await _remove(session, address)
        case orders.Block(target):
            await _block(session, target, None)
        case orders.Unblock(target):
            await _unblock(session, target)
        case orders.Report():
            return await _report(session, order)
        case orders.PublishProfile():
            await session.profiles.publish(order, session.others.connections)
            await session.profiles.announce()
            session.others.keep_up()
        case orders.TellIgnored(ignored, opened):
            if "pubsub/pep" in session.features:
                await session.waiting.ignored.change(ignored, opened)
        case orders.DeclineUnreadable(senders):
            await _decline_unreadable(session, senders)
        case orders.ShareList(shared):
            await session.others.share(shared)
        case orders.AskIntroduction(via, whom, note):
            return await _introduction(session, via, note, number, order, jid=whom, is_="asked")
        case orders.AnswerIntroduction():
            return await _answer_introduction(session, number, order)
        case _:
            assert_never(order)
    return Done()


def _presence(session: Session, kind: str, address: Address, *content: ET.Element) -> None:
    stanza = element(CLIENT, "presence", type=kind, to=address)
    stanza.extend(content)
    session.line.put(stanza)


async def _decline_unreadable(session: Session, senders: tuple[str, ...]) -> None:
    """Say no to what cannot be read, by the very letters in which it came."""
    for sender in senders:
        if sender in session.waiting.unreadable:
            session.line.put(element(CLIENT, "presence", type="unsubscribed", to=sender))
    await session.ping()
    session.waiting.unreadable.difference_update(senders)
    session.waiting.say_unreadable()


async def _until_pushed(session: Session, address: Address, *wanted: str) -> bool:
    """Wait until the roster says one of these about somebody, or until an error has come; whether it does."""

    def there() -> bool:
        item = session.roster[address]
        return any(getattr(item, one) for one in wanted)

    await session.ping()
    deadline = asyncio.get_running_loop().time() + _PUSH_WITHIN
    while not there() and address not in session.bounced and asyncio.get_running_loop().time() < deadline:
        session.pushed.clear()
        try:
            async with asyncio.timeout_at(deadline):
                await session.pushed.wait()
        except TimeoutError:
            break
    return there()


async def _ask(session: Session, order: orders.Ask) -> Done:
    """Asked only when the roster says so, and no error has come back (xmpp.md §2: ejabberd's counter says both)."""
    address = order.address
    if session.roster[address].both:
        return Done()
    content = []
    if order.note:
        content.append(element(CLIENT, "status", order.note))
    if session.profiles.name:
        content.append(element(NICK, "nick", session.profiles.name))
    if order.token:
        content.append(element(PARS, "preauth", token=order.token))
    session.bounced.pop(address, None)
    session.tells(address, None)
    if session.waiting.drop(address):
        _presence(session, "subscribed", address)
    session.came_back.discard(address)
    session.asking.add(address)
    try:
        _presence(session, "subscribe", address, *content)
        asked = await _until_pushed(session, address, "ask", "to")
    finally:
        session.asking.discard(address)
    condition = session.bounced.pop(address, "")
    if condition:
        session.came_back.add(address)
    if condition in _SLOW_DOWN:
        return Done("too fast", _AGAIN_IN)
    if condition:
        await session.remove_from_roster(address)
        return Done(reason_of(condition))
    return Done() if asked else Done("not taken", _AGAIN_IN)


async def _follow_up(session: Session, number: OrderId, order: orders.FollowUp) -> Done:
    address = order.address
    if not session.roster[address].ask or address in session.followed_up:
        return Done("not waiting")
    session.words.write(address, order.note, number, order, element(NETDESK, "follow-up"))
    await session.ping()
    session.followed_up.add(address)
    return Done()


async def _let_in(session: Session, address: Address, *, both: bool) -> Done:
    """Say yes to what waits. Without a request `subscribed` would approve in advance on some servers (RFC 6121 §3.4), so it is not sent."""
    item = session.roster[address]
    if address not in session.waiting and not item.from_:
        return Done("gone")
    _presence(session, "subscribed", address)  # also when it was said before: told again, theirs has not heard it yet
    if both and not item.to:
        _presence(session, "subscribe", address)
    if not await _until_pushed(session, address, "from_"):
        return Done("gone")
    session.waiting.drop(address)
    return Done()


async def _withdraw(session: Session, address: Address) -> Done:
    """First unsubscribe, then off the roster: the second alone does not withdraw on ejabberd."""
    if session.roster[address].to:
        return Done("gone")
    _presence(session, "unsubscribe", address)
    await session.ping()
    if session.roster[address].there and not session.roster[address].from_:
        await session.remove_from_roster(address)
    return Done()


async def _remove(session: Session, address: Address) -> None:
    """Off the roster: the server tells them (RFC 6121 §2.5.2). One who is off it already is told by us: theirs has not heard it."""
    if session.roster[address].there:
        await session.remove_from_roster(address)
        return
    for kind in ("unsubscribe", "unsubscribed"):
        _presence(session, kind, address)
    await session.ping()


async def _block(session: Session, target: str, report: ET.Element | None) -> None:
    """Off the roster first, then blocked: silent on both sides, and nothing published flows any more."""
    for address in covered_by(target, session.roster):
        await session.remove_from_roster(address)
    for address in covered_by(target, session.waiting):
        session.waiting.drop(address)
    payload = element(BLOCKING, "block")
    item = add(payload, "item", jid=target)
    if report is not None:
        item.append(report)
    await session.line.ask("set", payload)
    session.blocked |= {target}
    if "@" in target:
        await session.profiles.shut_out(Address(target), shut=True)
    await session.others.kept_up()


async def _unblock(session: Session, target: str) -> None:
    payload = element(BLOCKING, "unblock")
    add(payload, "item", jid=target)
    await session.line.ask_if_there("set", payload)
    session.blocked -= {target}
    if "@" in target:
        await session.profiles.shut_out(Address(target), shut=False)


async def _report(session: Session, order: orders.Report) -> Done:
    """A report goes inside a block (XEP-0377 §2); told as such only where the server takes reports."""
    if REPORTING not in session.features:
        return Done("takes no reports")
    report = element(REPORTING, "report", reason=f"urn:xmpp:reporting:{'spam' if order.category == 'spam' else 'abuse'}")
    words = "\n".join(one for one in (order.text, f"Note: {order.note}" if order.note else "") if one)
    if words:
        add(report, "text", words)
    await _block(session, order.target, report)
    return Done()


async def _introduction(session: Session, to: Address, note: str, number: OrderId, order: Order, /, **attributes: str) -> Done:
    if not session.roster[to].both:
        return Done("not connected")
    session.words.write(to, note or "May I ask you for an introduction?", number, order, element(NETDESK, "introduction", **attributes))
    await session.ping()
    return Done()


async def _answer_introduction(session: Session, number: OrderId, order: orders.AnswerIntroduction) -> Done:
    if not session.roster[order.who].both or (order.made and not session.roster[order.whom].both):
        return Done("not connected")
    if order.made:
        made = element(NETDESK, "introduction", jid=order.who, is_="made", name=session.roster[order.who].name)
        suggested = element(ROSTERX, "x")  # what other programs understand (XEP-0144)
        add(suggested, "item", action="add", jid=order.who)
        session.words.write(order.whom, order.note, number, order, made, suggested)
    words = "I have introduced you." if order.made else "I would rather not introduce you."
    return await _introduction(
        session, order.who, words, number, order, jid=order.whom, is_="answered", made="true" if order.made else "false"
    )
