"""XML of XMPP: namespaces, building and reading elements. Everything is escaped by ElementTree; nothing is put together as text."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from slixmpp.xmlstream.tostring import tostring

from netdesk.domain.errors import Unreadable
from netdesk.domain.people import Address, parse_address

CLIENT: Final = "jabber:client"
STREAM: Final = "http://etherx.jabber.org/streams"
STANZAS: Final = "urn:ietf:params:xml:ns:xmpp-stanzas"
TLS: Final = "urn:ietf:params:xml:ns:xmpp-tls"
SASL: Final = "urn:ietf:params:xml:ns:xmpp-sasl"
ROSTER: Final = "jabber:iq:roster"
REGISTER: Final = "jabber:iq:register"
DATA: Final = "jabber:x:data"
DISCO: Final = "http://jabber.org/protocol/disco#info"
DISCO_ITEMS: Final = "http://jabber.org/protocol/disco#items"
SEARCH: Final = "jabber:iq:search"
CAPS: Final = "http://jabber.org/protocol/caps"
VERSION: Final = "jabber:iq:version"
PING: Final = "urn:xmpp:ping"
MANAGEMENT: Final = "urn:xmpp:sm:3"
BLOCKING: Final = "urn:xmpp:blocking"
REPORTING: Final = "urn:xmpp:reporting:1"
NICK: Final = "http://jabber.org/protocol/nick"
PARS: Final = "urn:xmpp:pars:0"
ROSTERX: Final = "http://jabber.org/protocol/rosterx"
PUBSUB: Final = "http://jabber.org/protocol/pubsub"
OWNER: Final = "http://jabber.org/protocol/pubsub#owner"
EVENT: Final = "http://jabber.org/protocol/pubsub#event"
NODE_CONFIG: Final = "http://jabber.org/protocol/pubsub#node_config"
PUBLISH_OPTIONS: Final = "http://jabber.org/protocol/pubsub#publish-options"
VCARD: Final = "urn:ietf:params:xml:ns:vcard-4.0"
VCARD_NODE: Final = "urn:xmpp:vcard4"
NETDESK: Final = "urn:netdesk:0"


def element(namespace: str, name: str, text: str = "", /, **attributes: str) -> ET.Element:
    """An element; attributes that are empty are left out, a trailing underscore is taken off (`from_`)."""
    made = ET.Element(f"{{{namespace}}}{name}", {key.rstrip("_"): legal(value) for key, value in attributes.items() if value})
    if text:
        made.text = legal(text)
    return made


def add(parent: ET.Element, name: str, text: str = "", /, *, namespace: str = "", **attributes: str) -> ET.Element:
    """Add a child, in the parent's namespace when none is given."""
    made = element(namespace or namespace_of(parent), name, text, **attributes)
    parent.append(made)
    return made


def namespace_of(found: ET.Element) -> str:
    """The namespace of an element."""
    return found.tag[1:].partition("}")[0]


def name_of(found: ET.Element) -> str:
    """The name of an element without its namespace."""
    return found.tag.rpartition("}")[2]


def legal(text: str) -> str:
    """Text with what XML 1.0 does not allow (§2.2) taken out."""
    return "".join(one for one in text if one in "\t\n\r" or "\x20" <= one <= "\ud7ff" or "\ue000" <= one <= "\ufffd" or one > "\uffff")


def child(parent: ET.Element | None, namespace: str, *names: str) -> ET.Element | None:
    """The first element on the way down through `names`, all of one namespace."""
    found = parent
    for name in names:
        found = found.find(f"{{{namespace}}}{name}") if found is not None else None
    return found


def text_of(parent: ET.Element | None, namespace: str, *names: str) -> str:
    """The text of the first element on the way; empty when there is none."""
    found = child(parent, namespace, *names)
    return (found.text or "") if found is not None else ""


def all_of(parent: ET.Element | None, namespace: str, name: str) -> Iterator[ET.Element]:
    """Every child with this name."""
    yield from parent.findall(f"{{{namespace}}}{name}") if parent is not None else ()


def bare_of(jid: str | None) -> Address | None:
    """The bare address of a JID that the server stamped; None for none, for a mere domain, and for what cannot be read (RFC 7622)."""
    bare = (jid or "").partition("/")[0]
    if "@" not in bare:
        return None
    try:
        return parse_address(bare)
    except Unreadable:
        return None


def as_text(stanza: ET.Element) -> str:
    """The stanza as it goes on the wire."""
    return tostring(stanza, xmlns=CLIENT, top_level=True)


def condition_of(stanza: ET.Element) -> tuple[str, str]:
    """The condition and the text of a stanza error (RFC 6120 §8.3)."""
    error = child(stanza, CLIENT, "error")
    found = "undefined-condition"
    for one in error if error is not None else ():
        if namespace_of(one) == STANZAS and name_of(one) != "text":
            found = name_of(one)
    return found, text_of(error, STANZAS, "text")[:500]


def form(kind: str, **fields: str) -> ET.Element:
    """A submitted data form (XEP-0004 §3) of one FORM_TYPE; in the names `__` stands for `#`."""
    made = element(DATA, "x", type="submit")
    add(add(made, "field", var="FORM_TYPE", type="hidden"), "value", kind)
    for name, value in fields.items():
        add(add(made, "field", var=name.replace("__", "#")), "value", value)
    return made


def form_fields(found: ET.Element | None) -> dict[str, list[str]]:
    """All values of each field of a data form, or of an item in one."""
    return {one.get("var", ""): [text.text or "" for text in all_of(one, DATA, "value")] for one in all_of(found, DATA, "field")}


def form_values(found: ET.Element | None) -> dict[str, str]:
    """The first value of each field of a data form, or of an item in one."""
    return {name: values[0] if values else "" for name, values in form_fields(found).items()}
