"""Making an account on a server (XEP-0077), with its form, its CAPTCHA picture (XEP-0158) or an invitation (XEP-0445); and a new password."""

import asyncio
import base64
import binascii
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any, Final

from netdesk.domain.errors import Offline, Refused, Unreadable
from netdesk.domain.joining import Asked, FormToFill, JoinForm
from netdesk.domain.names import tame_name, tame_note
from netdesk.domain.people import Address, domain_of
from netdesk.domain.pictures import check_picture
from netdesk.networks.xmpp.elements import DATA, PARS, REGISTER, STREAM, add, all_of, child, element, name_of, text_of
from netdesk.networks.xmpp.line import Line, StanzaError
from netdesk.networks.xmpp.settings import Settings
from netdesk.networks.xmpp.signin import SIGN_IN_WITHIN, prepare
from netdesk.networks.xmpp.stream import Stream

_FEATURE: Final = "http://jabber.org/features/iq-register"
_INVITED: Final = "urn:xmpp:invite"
_TOKENS: Final = "urn:xmpp:ibr-token:0"
_BOB: Final = "urn:xmpp:bob"
_MEDIA: Final = "urn:xmpp:media-element"
_MINE: Final = frozenset({"username", "password"})
_HIDDEN: Final = frozenset({"hidden", "fixed"})
_ELSEWHERE: Final = frozenset({"captcha-fallback-url", "captcha-fallback-text"})  # for programs that show no picture
_REFUSED: Final = {"not-allowed": "no registration", "service-unavailable": "no registration",
                   "forbidden": "invitation needed", "feature-not-implemented": "no registration"}  # fmt: skip


class _Unnamed(Stream):
    """A stream that is encrypted and not signed in: the only thing that may be said on it is who wants to join."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.by_invitation = False
        self.open_ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def _may_negotiate(self, xml: ET.Element) -> bool:
        if self.encrypted and xml.tag == f"{{{STREAM}}}features":
            self._begin(None)
            self.by_invitation = any(one.tag.startswith((f"{{{_INVITED}}}", f"{{{_TOKENS}}}")) for one in xml)
            offered = xml.find(f"{{{_FEATURE}}}register") is not None or self.by_invitation
            if not self.open_ended.done():
                self.open_ended.set_result("" if offered else "maybe")
            return False
        return super()._may_negotiate(xml)


async def register(address: Address, settings: Settings, password: str, answers: Mapping[str, str], token: str = "") -> None:
    """Make the account. `answers` are the form's. Raises FormToFill when more is asked, Refused when the server says no, Offline when it
    cannot be reached or trusted."""
    stream = _Unnamed(str(address), password, settings.ca_path)
    outcome = prepare(stream, settings)
    stream.connect(settings.host or None, settings.port or None)
    try:
        done, _ = await asyncio.wait((outcome, stream.open_ended), timeout=SIGN_IN_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        if stream.open_ended not in done or stream.line is None:
            raise Offline(outcome.result() if outcome in done else "unreachable", detail=domain_of(address))
        await _join(stream.line, address, password, answers, token)
    except StanzaError as error:
        raise _refusal(error, address, by_invitation=stream.by_invitation, token=token) from None
    finally:
        await stream.leave()


def _refusal(error: StanzaError, address: Address, *, by_invitation: bool, token: str) -> Refused:
    """What the server said, in a word that the screen knows."""
    domain = domain_of(address)
    if error.condition == "conflict":
        return Refused("address taken", detail=str(address))
    if token and error.condition == "forbidden":
        return Refused("invitation over", detail=domain)
    if by_invitation and not token and error.condition in ("not-acceptable", "forbidden"):
        return Refused("invitation needed", detail=domain)
    if error.condition in _REFUSED:
        return Refused(_REFUSED[error.condition], detail=domain)
    return Refused("registration refused", detail=error.text or error.condition.replace("-", " "))


async def _join(line: Line, address: Address, password: str, answers: Mapping[str, str], token: str) -> None:
    domain = domain_of(address)
    if token:
        await line.ask("set", element(PARS, "preauth", token=token), domain)
    query = await _form(line, domain)
    form = child(query, DATA, "x")
    mine = {"username": address.partition("@")[0], "password": password}
    payload = element(REGISTER, "query")
    if form is None:
        _fill_plainly(payload, query, mine, answers)
        await line.ask("set", payload, domain)
        return
    asked = read_form(form, query)
    if any(one.needed and not answers.get(one.name) for one in asked.asked):
        raise FormToFill(asked)
    filled = add(payload, "x", namespace=DATA, type="submit")
    for name, value in {**dict(asked.kept), **mine, **answers}.items():  # what was kept goes with the picture that was answered
        add(add(filled, "field", var=name), "value", value)
    try:
        await line.ask("set", payload, domain)
    except StanzaError as error:
        # ejabberd says `not-allowed` of letters misread, XEP-0158 `not-acceptable`, which with words is about something else, as a weak password
        misread = error.condition == "not-allowed" or (error.condition == "not-acceptable" and not error.text)
        if not asked.picture or not misread:
            raise
        query = await _form(line, domain)  # a picture is good for one answer
        again = child(query, DATA, "x")
        if again is None:
            raise
        raise FormToFill(read_form(again, query), again=True) from None


async def _form(line: Line, domain: str) -> ET.Element | None:
    return child(await line.ask("get", element(REGISTER, "query"), domain), REGISTER, "query")


def _fill_plainly(payload: ET.Element, query: ET.Element | None, mine: Mapping[str, str], answers: Mapping[str, str]) -> None:
    """Answer a server that asks without a form (XEP-0077 §3.1.1). Raises FormToFill when it asks for more."""
    wanted = [name_of(one) for one in query or () if name_of(one) not in ("instructions", "registered", "key", "data", "x")]
    others = tuple(Asked(name, tame_name(name), needed=True) for name in wanted if name not in _MINE)
    if any(not answers.get(one.name) for one in others):
        raise FormToFill(JoinForm(tame_note(text_of(query, REGISTER, "instructions")), others))
    for name, value in {**mine, **answers}.items():
        add(payload, name, value)


def read_form(form: ET.Element, query: ET.Element | None) -> JoinForm:
    """What a data form (XEP-0004) asks of a person; a CAPTCHA picture is taken only when it came with it (XEP-0231), never fetched."""
    asked, kept = [], []
    picture = b""
    for one in all_of(form, DATA, "field"):
        name, kind = one.get("var", ""), one.get("type", "text-single")
        if kind in _HIDDEN:
            kept.append((name, text_of(one, DATA, "value")))
        elif name and name not in _MINE | _ELSEWHERE:
            asked.append(Asked(name, tame_name(one.get("label", "") or name), child(one, DATA, "required") is not None))
        cid = text_of(one, _MEDIA, "media", "uri").removeprefix("cid:")
        picture = picture or _attached(query, cid)
    return JoinForm(tame_note(text_of(form, DATA, "instructions")), tuple(asked), tuple(kept), picture)


def _attached(query: ET.Element | None, cid: str) -> bytes:
    for one in all_of(query, _BOB, "data") if cid else ():
        if one.get("cid") == cid:
            try:
                found = base64.b64decode(one.text or "")
                check_picture(found)
            except (binascii.Error, ValueError, Unreadable):
                return b""
            return found
    return b""


async def change_password(line: Line, address: Address, password: str) -> None:
    """Give the account a new password (XEP-0077 §3.3). Raises StanzaError when the server says no."""
    payload = element(REGISTER, "query")
    add(payload, "username", address.partition("@")[0])
    add(payload, "password", password)
    await line.ask("set", payload, domain_of(address))
