"""What NetDesk tells of itself (XEP-0030, XEP-0115), to the account's own server and to those whom it follows or who follow it."""

import base64
import hashlib
import xml.etree.ElementTree as ET
from typing import Final

from netdesk.networks.xmpp.elements import CAPS, CLIENT, DISCO, NICK, PING, ROSTERX, VCARD_NODE, add, element
from netdesk.networks.xmpp.ignored import STATE_NODE
from netdesk.networks.xmpp.profile import REVISION_NODE

NODE: Final = "https://netdesk.invalid/caps"
FEATURES: Final = tuple(
    sorted((CAPS, DISCO, PING, NICK, ROSTERX, f"{VCARD_NODE}+notify", f"{REVISION_NODE}+notify", f"{STATE_NODE}+notify"))
)
VERSION: Final = base64.b64encode(
    hashlib.sha1(("client/pc//NetDesk<" + "".join(f"{one}<" for one in FEATURES)).encode(), usedforsecurity=False).digest()
).decode()


def caps() -> ET.Element:
    """The `c` of my presence, by which servers learn what I want to be told (XEP-0163 §4.3.2)."""
    return element(CAPS, "c", hash="sha-1", node=NODE, ver=VERSION)


def describe(node: str) -> ET.Element:
    """The answer to a question about me."""
    made = element(DISCO, "query", node=node)
    add(made, "identity", category="client", type="pc", name="NetDesk")
    for one in FEATURES:
        add(made, "feature", var=one)
    return made


def answer(question: ET.Element, payload: ET.Element | None = None, *, refused: str = "") -> ET.Element:
    """The answer to an iq: a result, or an error of a condition."""
    made = element(CLIENT, "iq", type="error" if refused else "result", id=question.get("id", ""), to=question.get("from", ""))
    if payload is not None:
        made.append(payload)
    if refused:
        error = add(made, "error", type="cancel")
        add(error, refused, namespace="urn:ietf:params:xml:ns:xmpp-stanzas")
    return made
