"""The roster (RFC 6121 §2) as the server has it, and what a change of it means."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netdesk.domain.names import tame_name
from netdesk.domain.people import Address, Tie, domain_of
from netdesk.networks.xmpp.elements import ROSTER, all_of, bare_of, child


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: `to` I follow them, `from_` they follow me, `ask` my request waits."""

    to: bool = False
    from_: bool = False
    ask: bool = False
    name: str = ""
    there: bool = True

    @property
    def both(self) -> bool:
        """A connection."""
        return self.to and self.from_


NOBODY = Item(there=False)


class Roster:
    """All entries. One whose address cannot be read is left alone."""

    def __init__(self) -> None:
        self._items: dict[Address, Item] = {}

    def __getitem__(self, address: Address) -> Item:
        return self._items.get(address, NOBODY)

    def load(self, answer: ET.Element) -> None:
        """Take the whole roster as the server sent it."""
        self._items.clear()
        for address, item in _items(answer):
            if address is not None:
                self._items[address] = item

    def push(self, stanza: ET.Element) -> Iterator[tuple[Address, Item, Item]]:
        """Take a roster push; gives each address with what was and what is now."""
        for address, item in _items(stanza):
            if address is not None:
                before = self[address]
                if item.there:
                    self._items[address] = item
                else:
                    self._items.pop(address, None)
                yield address, before, self[address]

    def ties(self) -> list[Tie]:
        """Every tie in either direction."""
        return [tie_of(address, item) for address, item in self._items.items() if item.to or item.from_]

    def connections(self) -> set[Address]:
        """Those with both directions."""
        return {address for address, item in self._items.items() if item.both}

    def asked(self) -> frozenset[Address]:
        """Whom I asked and who have not answered."""
        return frozenset(address for address, item in self._items.items() if item.ask and not item.to)

    def __iter__(self) -> Iterator[Address]:
        return iter(self._items)


def covered_by(target: str, addresses: Iterable[Address]) -> list[Address]:
    """Those who are `target`, or of that domain when there is no @ in it: whom a block of it shuts out."""
    return [one for one in addresses if one == target or domain_of(one) == target]


def tie_of(address: Address, item: Item) -> Tie:
    """The tie that an entry stands for."""
    return Tie(address, item.name, item.to, item.from_)


def _items(stanza: ET.Element) -> Iterator[tuple[Address | None, Item]]:
    for one in all_of(child(stanza, ROSTER, "query"), ROSTER, "item"):
        subscription = one.get("subscription", "none")
        yield (
            bare_of(one.get("jid")),
            Item(
                to=subscription in ("to", "both"),
                from_=subscription in ("from", "both"),
                ask=one.get("ask") == "subscribe",
                name=tame_name(one.get("name", "")),
                there=subscription != "remove",
            ),
        )
