"""Making an account on a real server, signing in to it, and a new password."""

import asyncio
import uuid
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import cast

import pytest
from tests.builders import TestClock
from tests.servers.ejabberd import Ejabberd
from tests.servers.prosody import Prosody

from netdesk.domain.errors import Offline, Refused
from netdesk.domain.joining import FormToFill
from netdesk.domain.links import parse_link
from netdesk.domain.people import AccountId, Address
from netdesk.networks.xmpp.line import Line, StanzaError
from netdesk.networks.xmpp.network import XmppNetwork
from netdesk.networks.xmpp.register import _join, read_form, register
from netdesk.networks.xmpp.settings import DIRECT, STARTTLS, Memory, Settings
from netdesk.networks.xmpp.signin import sign_in


def test_make_it_sign_in_and_change_the_password(prosody_server: Prosody) -> None:
    address = Address(f"new-{uuid.uuid4().hex[:8]}@community.local")
    place = Settings("127.0.0.1", prosody_server.starttls, STARTTLS, str(prosody_server.ca_file))

    async def old() -> str:
        return "old password"

    async def job() -> None:
        await register(address, place, "old password", {})
        with pytest.raises(Refused) as refused:
            await register(address, place, "old password", {})
        assert refused.value.reason == "address taken"
        network = XmppNetwork(AccountId(1), address, place, old, TestClock())
        await network.start(lambda _delivery: None)
        await network.exchange()
        await network.change_password("new password")
        await network.stop()
        with pytest.raises(Offline) as wrong:
            await sign_in(address, place, "old password", Memory(), lambda _stanza: None)
        assert wrong.value.reason == "wrong password"
        line = await sign_in(address, place, "new password", Memory())
        await line.leave()

    asyncio.run(job())


def test_nobody_there(tmp_path: Path) -> None:
    async def job() -> None:
        with pytest.raises(Offline) as away:
            await register(Address("a@b.example"), Settings("127.0.0.1", 1, STARTTLS), "p", {})
        assert away.value.reason == "unreachable"

    asyncio.run(job())


FORM = """<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'><instructions>Read the letters</instructions>
<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:captcha</value></field><field var='challenge' type='hidden'><value>42</value></field>
<field var='username' type='text-single' label='User'><required/></field><field var='password' type='text-private'><required/></field>
<field var='ocr' label='What you see'><media xmlns='urn:xmpp:media-element'><uri type='image/png'>cid:sha1+x@bob</uri></media><required/></field>
<field var='email' label='E-mail'/></x><data xmlns='urn:xmpp:bob' cid='sha1+x@bob' type='image/png'>{picture}</data></query>"""


PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def test_a_form_with_a_picture_is_read() -> None:
    query = ET.fromstring(FORM.format(picture=PICTURE))
    form = read_form(query[0], query)
    assert [(one.name, one.label, one.needed) for one in form.asked] == [("ocr", "What you see", True), ("email", "E-mail", False)]
    assert form.kept == (("FORM_TYPE", "urn:xmpp:captcha"), ("challenge", "42"))
    assert form.instructions == "Read the letters" and form.picture.startswith(b"\x89PNG")


def test_a_picture_that_is_none_is_not_shown() -> None:
    query = ET.fromstring(FORM.format(picture="AAAA"))
    assert read_form(query[0], query).picture == b""


class Answering:
    """A line whose server shows a picture, and refuses what is filled in."""

    def __init__(self, condition: str, text: str) -> None:
        self._error = StanzaError(condition, text)

    async def ask(self, kind: str, _payload: ET.Element, _to: str) -> ET.Element:
        if kind == "set":
            raise self._error
        answer = ET.Element("{jabber:client}iq")
        answer.append(ET.fromstring(FORM.format(picture=PICTURE)))
        return answer


@pytest.mark.parametrize(
    ("condition", "text", "ends"),
    [
        ("not-allowed", "The CAPTCHA verification has failed", FormToFill),
        ("not-acceptable", "", FormToFill),
        ("not-acceptable", "The password is too weak", StanzaError),
        ("resource-constraint", "Users are not allowed to register accounts so quickly", StanzaError),
        ("conflict", "", StanzaError),
    ],
)
def test_what_is_refused_for_another_reason_was_not_misread(condition: str, text: str, ends: type[Exception]) -> None:
    line = cast(Line, Answering(condition, text))
    with pytest.raises(ends):
        asyncio.run(_join(line, Address("fresh@x.example"), "p", {"ocr": "abc"}, ""))


def test_an_account_by_a_picture_on_a_real_server(ejabberd_server: Ejabberd, tmp_path: Path) -> None:
    """A wrong answer is followed by a new picture, and a name that is taken by a fresh form."""
    with Ejabberd(tmp_path / "server", captcha=True) as server:
        server.add_user("taken")
        place = Settings("127.0.0.1", server.direct, DIRECT, str(server.ca_file))
        mine, taken = Address("fresh@community.local"), Address("taken@community.local")

        async def job() -> None:
            with pytest.raises(FormToFill) as asked:
                await register(mine, place, "p", {})
            form = asked.value.form
            assert [one.name for one in form.asked] == ["ocr"] and form.picture.startswith(b"\x89PNG")
            with pytest.raises(FormToFill, match="picture misread") as again:
                await register(mine, place, "p", dict(form.kept) | {"ocr": "wrong"})
            assert again.value.form.picture.startswith(b"\x89PNG") and again.value.form.kept != form.kept
            with pytest.raises(Refused, match="address taken"):
                await register(taken, place, "p", dict(again.value.form.kept) | {"ocr": server.captcha_text()})
            with pytest.raises(FormToFill) as fresh:
                await register(mine, place, "p", {})
            await register(mine, place, "p", dict(fresh.value.form.kept) | {"ocr": server.captcha_text()})
            line = await sign_in(mine, place, "p", Memory())
            await line.leave()

        asyncio.run(job())


def test_an_account_by_an_invitation_on_a_real_server(prosody_server: Prosody, tmp_path: Path) -> None:
    with Prosody(tmp_path / "server", invited=True) as server:
        place = Settings("127.0.0.1", server.direct, DIRECT, str(server.ca_file))
        link = parse_link(server.invitation())
        assert (link.joins, link.domain, link.address) == (True, "community.local", None)
        mine = Address("fresh@community.local")

        async def job() -> None:
            with pytest.raises(Refused, match="invitation needed"):
                await register(mine, place, "p", {})
            with pytest.raises(Refused, match="invitation over"):
                await register(mine, place, "p", {}, "no-such-token")
            await register(mine, place, "p", {}, link.token)
            with pytest.raises(Refused, match="invitation over"):
                await register(Address("second@community.local"), place, "p", {}, link.token)
            line = await sign_in(mine, place, "p", Memory())
            await line.leave()

        asyncio.run(job())
