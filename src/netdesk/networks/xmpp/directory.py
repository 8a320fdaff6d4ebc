"""What a server publishes of itself: its features, its keeper's addresses (XEP-0157), and its directory of people (XEP-0055).

Servers differ: ejabberd gives a data form, joins fields by "and", and finds whole fields only, or beginnings where its instructions speak of
a `*`; Prosody's module gives the legacy fields, joins them by "or", and does not answer at all unless each is filled. So a form is asked once
for each field that can hold a name, and legacy fields are all filled with the same words.
"""

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import Final

from netdesk.domain.directory import Entry
from netdesk.domain.errors import Offline
from netdesk.domain.names import tame_name
from netdesk.domain.people import Address, domain_of
from netdesk.networks.xmpp.elements import (
    DATA,
    DISCO,
    DISCO_ITEMS,
    SEARCH,
    add,
    all_of,
    bare_of,
    child,
    element,
    form,
    form_fields,
    form_values,
    name_of,
    text_of,
)
from netdesk.networks.xmpp.line import Line, StanzaError

_SERVER_INFO: Final = "http://jabber.org/network/serverinfo"
_SCHEMES: Final = ("mailto:", "xmpp:", "https:")
_NAMES: Final = ("fn", "nick", "user", "first", "last")
_LEGACY: Final = frozenset({"first", "last", "nick", "email"})
_MOST: Final = 50
_SERVICES: Final = 20
_WITHIN: Final = 8.0  # seconds


async def features_of(line: Line, place: str, *, within: float = 0.0) -> tuple[frozenset[str], tuple[str, ...]]:
    """Features and identities (`category/type`) of a place, and the addresses for abuse that it publishes; nothing when it does not say, or
    not `within` so many seconds. Raises Offline when the connection breaks."""
    try:
        answer = await line.ask("get", element(DISCO, "query"), place, within=within)
    except StanzaError:
        return frozenset(), ()
    except Offline:
        if not within or not line.standing:
            raise
        return frozenset(), ()
    query = child(answer, DISCO, "query")
    found = {one.get("var", "") for one in all_of(query, DISCO, "feature")}
    found |= {f"{one.get('category')}/{one.get('type')}" for one in all_of(query, DISCO, "identity")}
    return frozenset(found), tuple(_contacts(query))


def _contacts(query: ET.Element | None) -> list[str]:
    """The addresses for abuse, else for security, else the keeper's; only of kinds that are known."""
    forms = [form_fields(one) for one in all_of(query, DATA, "x")]
    own = next((one for one in forms if one.get("FORM_TYPE") == [_SERVER_INFO]), {})
    for wanted in ("abuse-addresses", "security-addresses", "admin-addresses"):
        known = [text for text in own.get(wanted, ()) if text.startswith(_SCHEMES) and text.isprintable() and len(text) < 300]
        if known:
            return known[:3]
    return []


async def find_directory(line: Line, domain: str) -> str:
    """Where the server's directory is; empty when it has none."""
    try:
        answer = await line.ask("get", element(DISCO_ITEMS, "query"), domain)
    except StanzaError:
        return ""
    items = all_of(child(answer, DISCO_ITEMS, "query"), DISCO_ITEMS, "item")
    places = [jid for one in items if (jid := one.get("jid", "")).endswith(f".{domain}") and not one.get("node")][:_SERVICES]
    for place, (features, _) in zip(
        places, await asyncio.gather(*(features_of(line, place, within=_WITHIN) for place in places)), strict=True
    ):
        if SEARCH in features and "directory/user" in features:
            return place
    return ""


async def look_up(line: Line, place: str, words: str) -> tuple[Entry, ...]:
    """People whom the directory finds by these words. Raises StanzaError or Offline when it does not answer."""
    query = child(await line.ask("get", element(SEARCH, "query"), place, within=_WITHIN), SEARCH, "query")
    asked = child(query, DATA, "x")
    if asked is None:
        found = await _ask_plainly(line, place, query, words)
    else:
        star = "*" if "*" in text_of(asked, DATA, "instructions") else ""
        fields = form_fields(asked)
        rounds = [_ask_form(line, place, name, words + star) for name in _NAMES if name in fields]
        found = [one for part in await asyncio.gather(*rounds, return_exceptions=True) for one in _unless_failed(part)]
    there: dict[Address, Entry] = {}
    for one in found:
        there.setdefault(one.address, one)
    return tuple(there.values())[:_MOST]


def _unless_failed(part: list[Entry] | BaseException) -> list[Entry]:
    if isinstance(part, StanzaError | Offline):
        return []
    if isinstance(part, BaseException):
        raise part
    return part


async def _ask_form(line: Line, place: str, name: str, words: str) -> list[Entry]:
    payload = element(SEARCH, "query")
    payload.append(form(SEARCH, **{name: words}))
    answer = await line.ask("set", payload, place, within=_WITHIN)
    found: list[Entry] = []
    for item in all_of(child(answer, SEARCH, "query"), DATA, "x"):
        for one in all_of(item, DATA, "item"):
            values = form_values(one)
            found += _entry(values.get("jid"), values)
    return found


async def _ask_plainly(line: Line, place: str, query: ET.Element | None, words: str) -> list[Entry]:
    payload = element(SEARCH, "query")
    for one in query if query is not None else ():
        if name_of(one) in _LEGACY:
            add(payload, name_of(one), words)
    answer = await line.ask("set", payload, place, within=_WITHIN)
    items = all_of(child(answer, SEARCH, "query"), SEARCH, "item")
    return [entry for one in items for entry in _entry(one.get("jid"), {name_of(field): field.text or "" for field in one})]


def _entry(jid: str | None, values: dict[str, str]) -> Iterable[Entry]:
    address = bare_of(jid)
    if address is None or not domain_of(address):
        return
    name = values.get("fn") or f"{values.get('first', '')} {values.get('last', '')}".strip() or values.get("nick", "")
    yield Entry(address, tame_name(name))
