"""What servers publish of themselves, as real ones were seen to say it, and as none should."""

import asyncio
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from tests.networks.xmpp.test_hostile import live
from tests.servers.hostile import DOMAIN, Plan

from netdesk.domain.directory import Entry
from netdesk.domain.errors import Refused
from netdesk.domain.people import Address

INFO = (
    "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='directory' type='user' name='Search'/>"
    "<feature var='jabber:iq:search'/></query>"
)
FORM = (
    "<query xmlns='jabber:iq:search'><x xmlns='jabber:x:data' type='form'><instructions>{0}</instructions>"
    "<field var='user' type='text-single'/><field var='fn' type='text-single'/><field var='nick' type='text-single'/><field var='email'/></x></query>"
)
FOUND = "<query xmlns='jabber:iq:search'><x xmlns='jabber:x:data' type='result'><reported><field var='jid'/><field var='fn'/></reported>{0}</x></query>"
ITEM = "<item><field var='jid'><value>{0}</value></field><field var='fn'><value>{1}</value></field></item>"


class Directory:
    """A scripted server with a directory: `form` or legacy fields, and what it finds."""

    def __init__(self, form: str, found: str) -> None:
        self.form, self.found = form, found
        self.searched: list[ET.Element] = []

    def answer(self, stanza: ET.Element) -> str | None:
        payload = next(iter(stanza), None)
        if stanza.tag != "{jabber:client}iq" or payload is None:
            return None
        to, number = stanza.get("to", ""), stanza.get("id")
        head = f"<iq type='result' id='{number}' from='{to}'>"
        if payload.tag.endswith("disco#items}query"):
            items = f"<item jid='pubsub.{DOMAIN}'/><item jid='search.{DOMAIN}'/><item jid='search.elsewhere.example'/>"
            return f"{head}<query xmlns='http://jabber.org/protocol/disco#items'>{items}</query></iq>"
        if payload.tag.endswith("disco#info}query") and to == f"search.{DOMAIN}":
            return f"{head}{INFO}</iq>"
        if payload.tag.endswith("disco#info}query") and to == DOMAIN:
            return f"{head}{self.contacts()}</iq>"
        if payload.tag == "{jabber:iq:search}query":
            if stanza.get("type") == "get":
                return f"{head}{self.form}</iq>"
            self.searched.append(payload)
            return f"{head}{self.found}</iq>"
        return None

    @staticmethod
    def contacts() -> str:
        values = "".join(
            f"<value>{one}</value>" for one in ("javascript:alert(1)", "mailto:abuse@server.example", "xmpp:abuse@server.example")
        )
        return (
            "<query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:xmpp:blocking'/><x xmlns='jabber:x:data' type='result'>"
            "<field var='FORM_TYPE' type='hidden'><value>http://jabber.org/network/serverinfo</value></field><field var='security-addresses'/>"
            f"<field var='abuse-addresses' type='list-multi'>{values}</field></x></query>"
        )


def found_by(folder: Path, directory: Directory, words: str) -> tuple[Entry, ...]:
    async def job() -> tuple[Entry, ...]:
        async with live(folder, Plan(answer=directory.answer)) as here:
            await here.still_there()
            assert here.network.contacts == ("mailto:abuse@server.example", "xmpp:abuse@server.example")
            assert here.network.capabilities.directory
            entries: Any = await here.network.look_up(words)
            return tuple(entries)

    return asyncio.run(job())


def test_a_form_is_asked_once_for_each_field_that_can_hold_a_name(tmp_path: Path) -> None:
    directory = Directory(FORM.format("Fill in"), FOUND.format(ITEM.format("ann@x.example", "Ann &lt;b&gt;Ode")))
    assert found_by(tmp_path, directory, "Ann Ode") == (Entry(Address("ann@x.example"), "Ann <b>Ode"),)
    asked = [{field.get("var"): field[0].text for field in query[0]} for query in directory.searched]
    assert sorted(next(iter(one.keys() - {"FORM_TYPE"})) for one in asked) == ["fn", "nick", "user"]
    assert all("Ann Ode" in one.values() for one in asked)


def test_beginnings_are_asked_for_where_the_server_says_so(tmp_path: Path) -> None:
    directory = Directory(FORM.format("Add * to the end of a field to match its beginning"), FOUND.format(""))
    assert found_by(tmp_path, directory, "Ann") == ()
    assert all(query[0][1][0].text == "Ann*" for query in directory.searched)


def test_legacy_fields_are_all_filled(tmp_path: Path) -> None:
    """Prosody's module in Debian does not answer a search that leaves one empty."""
    form = "<query xmlns='jabber:iq:search'><instructions>Fill in</instructions><first/><last/><nick/><email/></query>"
    items = "<item jid='ann@x.example'><first>Ann</first><last>Ode</last><nick>A</nick></item><item jid='ann@x.example'><nick>again</nick></item>"
    directory = Directory(form, f"<query xmlns='jabber:iq:search'>{items}</query>")
    assert found_by(tmp_path, directory, "ann") == (Entry(Address("ann@x.example"), "Ann Ode"),)
    assert {one.tag.rpartition("}")[2]: one.text for one in directory.searched[0]} == dict.fromkeys(
        ("first", "last", "nick", "email"), "ann"
    )


def test_a_place_that_says_nothing_hides_no_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netdesk.networks.xmpp.directory._WITHIN", 0.3)
    directory = Directory(FORM.format("Fill in"), FOUND.format(ITEM.format("ann@x.example", "Ann Ode")))

    def answer(stanza: ET.Element) -> str | None:
        return "" if stanza.get("to") == f"pubsub.{DOMAIN}" else Directory.answer(directory, stanza)

    monkeypatch.setattr(directory, "answer", answer)
    assert found_by(tmp_path, directory, "Ann Ode") == (Entry(Address("ann@x.example"), "Ann Ode"),)


def test_what_cannot_be_read_and_what_is_too_much_is_left_out(tmp_path: Path) -> None:
    many = "".join(ITEM.format(f"p{number}@x.example", "x" * 5_000) for number in range(300))
    directory = Directory(
        FORM.format(""), FOUND.format(ITEM.format("", "nobody") + ITEM.format("a b@x", "bad") + "<item/>" + many[:200_000])
    )
    found = found_by(tmp_path, directory, "x")
    assert len(found) <= 50 and all(len(one.name) < 300 for one in found)


def test_a_directory_that_refuses_says_so(tmp_path: Path) -> None:
    directory = Directory("<query xmlns='jabber:iq:search'/>", "")

    def answer(stanza: ET.Element) -> str | None:
        payload = next(iter(stanza), None)
        if payload is not None and payload.tag == "{jabber:iq:search}query":
            refused = "<not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>too short</text>"
            return f"<iq type='error' id='{stanza.get('id')}' from='{stanza.get('to')}'><error type='modify'>{refused}</error></iq>"
        return Directory.answer(directory, stanza)

    async def job() -> None:
        async with live(tmp_path, Plan(answer=answer)) as here:
            await here.still_there()
            with pytest.raises(Refused, match="directory refused"):
                await here.network.look_up("x")
            await here.still_there()

    asyncio.run(job())
