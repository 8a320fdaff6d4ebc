"""xmpp: links (RFC 5122): to ask somebody, with an invitation or without (XEP-0379), or to make an account (XEP-0401, XEP-0445)."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from netdesk.domain.errors import Unreadable
from netdesk.domain.people import Address, domain_of, parse_address, parse_domain

_LIMIT: Final = 4_096
_TOKEN_LIMIT: Final = 200


@dataclass(frozen=True, slots=True)
class Link:
    """What a link is for. `address` is whom to ask; with `joins` it lets one make an account at `domain`, by the name in `name` if it says one.

    A link can be for both: whoever has no account yet makes one at the server of the person who invites.
    """

    address: Address | None
    token: str = ""
    joins: bool = False
    name: str = ""
    domain: str = ""

    def to_join(self) -> str:
        """The link as one writes it to make an account (XEP-0445)."""
        return f"xmpp:{self.name + '@' if self.name else ''}{self.domain}?register;preauth={self.token}"


def parse_link(text: str) -> Link:
    """What an xmpp: link is for. Raises Unreadable."""
    bare = text.strip()
    if not bare.lower().startswith("xmpp:") or len(bare) > _LIMIT:
        raise Unreadable("invitation", detail=bare[:80])
    target, _, query = bare[5:].partition("?")
    target = unquote(target)
    action, *pairs = query.split(";")
    values = dict(one.partition("=")[::2] for one in pairs)
    token = unquote(values.get("preauth", ""))[:_TOKEN_LIMIT]
    token = token if token.isascii() and token.isprintable() else ""
    if action == "register":
        if "@" in target:
            address = parse_address(target)
            return Link(None, token, joins=True, name=address.partition("@")[0], domain=domain_of(address))
        return Link(None, token, joins=True, domain=parse_domain("@" + target))
    address = parse_address(target)
    return Link(address, token, joins=bool(token) and values.get("ibr") == "y", domain=domain_of(address))


def parse_invitation(text: str) -> tuple[Address, str]:
    """Whom a link asks, and its token, empty for a plain one. Raises Unreadable, also for one that only makes accounts."""
    link = parse_link(text)
    if link.address is None:
        raise Unreadable("account link", detail=text.strip()[:80])
    return link.address, link.token
