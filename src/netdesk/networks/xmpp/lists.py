"""The list of my connections, shared in parts with those who share theirs, and theirs with me.

Node `urn:netdesk:connections:0`, a whitelist of the connections who share; on it stand only people who share as well. Items `part-1`,
`part-2`, …, each `<connections part= parts=>` with at most 500 people: servers take items of some 140 kB.
"""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Final

from netdesk.domain.events import Event, ListArrived, ListedPerson, ListGone
from netdesk.domain.names import tame_name
from netdesk.domain.people import Address
from netdesk.networks.xmpp.elements import NETDESK, add, all_of, bare_of, element
from netdesk.networks.xmpp.line import Line
from netdesk.networks.xmpp.pubsub import WHITELIST, delete_node, fetch, make_node, publish, retract, set_members

LIST_NODE: Final = "urn:netdesk:connections:0"
PART: Final = 500
MOST: Final = 100
PEOPLE_LIMIT: Final = 30_000


async def publish_list(line: Line, people: Mapping[Address, str], parts_before: int) -> int:
    """Share the list with exactly those on it; gives the number of parts. `parts_before` is how many there were."""
    await make_node(line, LIST_NODE, WHITELIST, MOST)
    await set_members(line, LIST_NODE, people)
    ordered = sorted(people)
    parts = max(1, -(-len(ordered) // PART))
    for part in range(parts):
        content = element(NETDESK, "connections", part=str(part + 1), parts=str(parts))
        for address in ordered[part * PART : (part + 1) * PART]:
            add(content, "person", jid=address, name=people[address])
        await publish(line, LIST_NODE, f"part-{part + 1}", content, WHITELIST)
    for part in range(parts, parts_before):
        await retract(line, LIST_NODE, f"part-{part + 1}")
    return parts


async def stop_sharing(line: Line) -> None:
    """Nobody sees the list any more."""
    await delete_node(line, LIST_NODE)


async def read_list(line: Line, owner: Address) -> list[Event]:
    """The list that somebody shares with me, in parts of at most 500, or that they share none."""
    items = await fetch(line, owner, LIST_NODE)
    if not items:
        return [ListGone(owner)]
    there: dict[Address, ListedPerson] = {}
    for content in items.values():
        for person in _people(content):
            if len(there) < PEOPLE_LIMIT:
                there.setdefault(person.address, person)
    people = list(there.values())
    parts = max(1, -(-len(people) // PART))
    return [ListArrived(owner, tuple(people[part * PART : (part + 1) * PART]), part + 1, parts) for part in range(parts)]


def _people(content: ET.Element) -> list[ListedPerson]:
    found = []
    for one in all_of(content, NETDESK, "person"):
        address = bare_of(one.get("jid"))
        if address is not None:
            found.append(ListedPerson(address, tame_name(one.get("name", ""))))
    return found
