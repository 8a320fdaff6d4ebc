"""What somebody's server says of their account: since when it is there, and how far it trusts them (XEP-0489).

The server puts it on a request to a stranger, and takes away what the account itself put there. So it counts only when their server says that
it does so.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from netdesk.domain.people import Address, domain_of
from netdesk.networks.xmpp.directory import features_of
from netdesk.networks.xmpp.elements import child
from netdesk.networks.xmpp.line import Line

_AFFILIATIONS: Final = "urn:xmpp:raa:0"
_EMBEDS: Final = "urn:xmpp:raa:0#embed-presence-sub"
_SERVERS: Final = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """`trust` from 0 to 100."""

    since: datetime | None
    trust: int | None


def read_standing(request: ET.Element) -> Standing | None:
    """What stands on a request; None when nothing does that can be read."""
    found = child(request, _AFFILIATIONS, "info")
    if found is None:
        return None
    trust = found.get("trust", "")
    standing = Standing(_instant(found.get("since", "")), int(trust) if trust.isascii() and trust.isdigit() and int(trust) <= 100 else None)
    return None if standing == Standing(None, None) else standing


def _instant(text: str) -> datetime | None:
    """A date and time of XEP-0082."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


class Standings:
    """Of those who ask in one session."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._told: dict[Address, Standing] = {}
        self._vouch: dict[str, bool] = {}

    def hear(self, address: Address, request: ET.Element) -> bool:
        """Keep what a request says; whether there is something to be checked."""
        standing = read_standing(request)
        if standing is not None and (domain_of(address) in self._vouch or len(self._vouch) < _SERVERS):
            self._told[address] = standing
        return address in self._told

    async def of(self, address: Address) -> Standing | None:
        """What their server says of them, if it is their server that says it."""
        standing = self._told.get(address)
        domain = domain_of(address)
        if standing is not None and domain not in self._vouch:
            features, _ = await features_of(self._line, domain)
            self._vouch[domain] = _EMBEDS in features
        return standing if standing is not None and self._vouch[domain] else None
