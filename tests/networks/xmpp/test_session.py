"""One session's memory of what it told."""

import asyncio
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.networks.xmpp.carried import Carried

from netdesk.domain import events, orders
from netdesk.domain.people import Address
from netdesk.networks.xmpp.elements import CLIENT, add, element
from netdesk.networks.xmpp.line import Line
from netdesk.networks.xmpp.session import Session
from netdesk.networks.xmpp.settings import Memory

BEN = Address("ben@y.example")
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"


def not_delivered() -> ET.Element:
    stanza = element(CLIENT, "presence", from_=BEN, type="error")
    add(add(stanza, "error", type="cancel"), "remote-server-timeout", namespace=STANZAS)
    return stanza


@pytest.mark.parametrize(("within", "told_again"), [(600.0, [orders.Decline(BEN)]), (0.0, [])])
def test_an_error_long_after_an_answer_is_about_something_else(
    monkeypatch: pytest.MonkeyPatch, within: float, told_again: list[orders.Order]
) -> None:
    monkeypatch.setattr("netdesk.networks.xmpp.session._COMES_BACK_WITHIN", within)

    async def job() -> list[Any]:
        said: list[Any] = []
        session = Session(Line(Carried()), Address("me@x.example"), Memory(), said.append, lambda: datetime.now(UTC))
        session.tells(BEN, orders.Decline(BEN))
        session.take(not_delivered())
        session.take(not_delivered())
        return said

    assert [one.order for one in asyncio.run(job()) if isinstance(one, events.OrderCameBack)] == told_again
