"""Personal nodes (XEP-0060, XEP-0163): made with their access model, which is read back before anything is put in."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import Final

from netdesk.networks.xmpp.elements import DATA, NODE_CONFIG, OWNER, PUBLISH_OPTIONS, PUBSUB, add, all_of, child, element, form, form_values
from netdesk.networks.xmpp.line import Line, StanzaError

OPEN: Final = "open"
PRESENCE: Final = "presence"
WHITELIST: Final = "whitelist"
_NONE: Final = ("item-not-found", "forbidden", "not-authorized", "not-allowed", "service-unavailable", "feature-not-implemented",
                "remote-server-not-found", "remote-server-timeout", "subscription-required", "closed-node", "gone", "not-acceptable",
                "internal-server-error", "recipient-unavailable", "registration-required")  # fmt: skip


class AudienceNotKept(Exception):
    """The server did not take the access model: nothing may be published there."""


async def make_node(line: Line, node: str, model: str, most: int = 1) -> None:
    """See to it that my node exists with this access model, for at most so many items. Raises AudienceNotKept when it has another.

    publish-options on a node that exists give `conflict`: it is made, and read back (XEP-0060 §8.1, §8.2). One that is there with another
    audience is deleted first, so that nobody new sees what was on it.
    """
    if await _created(line, node, model, most):
        return
    await delete_node(line, node)
    if not await _created(line, node, model, most):
        await delete_node(line, node)
        raise AudienceNotKept(node)


async def _created(line: Line, node: str, model: str, most: int) -> bool:
    """Make the node if it is not there; whether it has this access model then."""
    payload = element(PUBSUB, "pubsub")
    add(payload, "create", node=node)
    wanted = {"pubsub__access_model": model, "pubsub__persist_items": "1", "pubsub__max_items": str(most)}
    add(payload, "configure").append(form(NODE_CONFIG, **wanted))
    try:
        await line.ask("set", payload)
    except StanzaError as error:
        if error.condition != "conflict":
            raise
    return await access_model(line, node) == model


async def access_model(line: Line, node: str) -> str:
    """The access model of my node as the server has it (XEP-0060 §8.2)."""
    payload = element(OWNER, "pubsub")
    add(payload, "configure", node=node)
    answer = await line.ask("get", payload)
    return form_values(child(child(answer, OWNER, "pubsub", "configure"), DATA, "x")).get("pubsub#access_model", "")


async def publish(line: Line, node: str, item: str, content: ET.Element, model: str) -> None:
    """Put an item into my node, in the place of one with the same id. Raises AudienceNotKept when the node has another access model.

    The model is a precondition (XEP-0060 §7.1.5): a node that was deleted meanwhile would be made anew with the server's own.
    """
    payload = element(PUBSUB, "pubsub")
    add(add(payload, "publish", node=node), "item", id=item).append(content)
    add(payload, "publish-options").append(form(PUBLISH_OPTIONS, pubsub__access_model=model))
    try:
        await line.ask("set", payload)
    except StanzaError as error:
        if error.condition == "conflict":
            raise AudienceNotKept(node) from error
        raise


async def delete_node(line: Line, node: str) -> None:
    """Delete my node with all that is in it."""
    payload = element(OWNER, "pubsub")
    add(payload, "delete", node=node)
    await line.ask_if_there("set", payload)


async def retract(line: Line, node: str, item: str) -> None:
    """Take an item out of my node."""
    payload = element(PUBSUB, "pubsub")
    add(add(payload, "retract", node=node, notify="true"), "item", id=item)
    await line.ask_if_there("set", payload)


async def fetch(line: Line, owner: str, node: str) -> dict[str, ET.Element] | None:
    """The items of somebody's node by their ids, or None when there is no such node or I may not see it.

    `owner` is empty for my own. Raises StanzaError for other refusals.
    """
    payload = element(PUBSUB, "pubsub")
    add(payload, "items", node=node)
    try:
        answer = await line.ask("get", payload, owner)
    except StanzaError as error:
        if error.condition in _NONE:
            return None
        raise
    found: dict[str, ET.Element] = {}
    for item in all_of(child(answer, PUBSUB, "pubsub", "items"), PUBSUB, "item"):
        content = next(iter(item), None)
        if content is not None:
            found[item.get("id", "")] = content
    return found


async def members(line: Line, node: str) -> set[str]:
    """Who is on the whitelist of my node; nobody when there is no such node."""
    payload = element(OWNER, "pubsub")
    add(payload, "affiliations", node=node)
    answer = await line.ask_if_there("get", payload)
    found = all_of(child(answer, OWNER, "pubsub", "affiliations"), OWNER, "affiliation")
    return {one.get("jid", "") for one in found if one.get("affiliation") == "member"}


async def set_affiliation(line: Line, node: str, who: Iterable[str], affiliation: str) -> None:
    """Give these people an affiliation to my node (XEP-0060 §8.9)."""
    ordered = sorted(who)
    for at in range(0, len(ordered), 200):
        payload = element(OWNER, "pubsub")
        box = add(payload, "affiliations", node=node)
        for jid in ordered[at : at + 200]:
            add(box, "affiliation", jid=jid, affiliation=affiliation)
        await line.ask("set", payload)


async def set_members(line: Line, node: str, wanted: Iterable[str]) -> None:
    """Put exactly these on the whitelist of my node; those who leave it are taken off before others are put on."""
    there, kept = await members(line, node), set(wanted)
    for affiliation, who in (("none", there - kept), ("member", kept - there)):
        await set_affiliation(line, node, who, affiliation)
