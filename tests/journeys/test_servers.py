"""What a server has and lacks, at the real window: a picture to be read, a directory, reports, what it really holds."""

import asyncio
import uuid
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from tests.journeys.conftest import Story
from tests.servers.ejabberd import Ejabberd
from tests.servers.prosody import PASSWORD

from netdesk.domain.people import Address, Profile
from netdesk.domain.places import server_place
from netdesk.networks.xmpp.pubsub import publish
from netdesk.networks.xmpp.settings import Memory, Settings
from netdesk.networks.xmpp.signin import sign_in
from netdesk.networks.xmpp.vcard import write_vcard
from netdesk.ui.answers import ShutOutDialog
from netdesk.ui.composer import Composer
from netdesk.ui.parts import PlainLabel
from netdesk.ui.seen import SeenDialog


def texts(widget: object) -> str:
    return "\n".join(one.text() for one in widget.findChildren(PlainLabel))  # type: ignore[attr-defined] # every widget has it


def signed_in(story: Story, server: Ejabberd, name: str) -> Address:
    """An owner whose account is on the server, past the first run."""
    address = Address(f"{name}-{uuid.uuid4().hex[:8]}@community.local")
    server.add_user(address.partition("@")[0])
    story.opens()
    story.clicks("Sign in")
    dialog = story.fills_sign_in(server, address)
    story.clicks_in(dialog, "Sign in")
    story.waits_until(lambda: story.window._first_run is not None)
    story.clicks("Publish this")
    story.waits_until(lambda: story.window._cards and story.window._cards[0].online)
    return address


def test_an_account_behind_a_picture(story: Story, ejabberd_server: Ejabberd, tmp_path: Path) -> None:
    with Ejabberd(tmp_path / "server", captcha=True) as server:
        story.opens()
        story.clicks("Sign in")
        dialog = story.fills_sign_in(server, "nadia@community.local")
        dialog._new.setChecked(True)
        story.clicks_in(dialog, "Make it")
        story.waits_until(lambda: "ocr" in dialog._answers)
        dialog._answers["ocr"].setText("wrong")
        story.clicks_in(dialog, "Make it")
        story.waits_until(lambda: "did not read the same letters" in dialog._wrong_text.text())
        assert dialog._answers["ocr"].text() == "" and isinstance(dialog._answers["ocr"], QLineEdit)
        dialog._answers["ocr"].setText(server.captcha_text())
        story.clicks_in(dialog, "Make it")
        story.waits_until(lambda: story.window._first_run is not None)


def test_somebody_is_found_in_the_directory_and_reported_by_hand(story: Story, ejabberd_server: Ejabberd) -> None:
    signed_in(story, ejabberd_server, "nadia")
    other = Address(f"ben-{uuid.uuid4().hex[:8]}@community.local")
    name = f"Benedikt <b>{uuid.uuid4().hex[:6]}</b>"
    ejabberd_server.add_user(other.partition("@")[0])
    ejabberd_server.list_in_directory(other, name)
    desk = story.window.bridge.desk
    account = desk.call(desk.do.accounts.all)[0].id
    story.waits_until(lambda: desk.servers.capabilities(account).directory)  # type: ignore[union-attr] # it is online
    composer = story.window.compose()
    assert isinstance(composer, Composer)
    composer._to.setText(name)
    composer._look()
    story.waits_until(lambda: story._button("Look in the directory", composer) is not None)
    story.clicks_in(composer, "Look in the directory")
    story.waits_until(lambda: story._button(name[:12], composer) is not None)
    story.clicks_in(composer, name[:12])
    story.waits_until(lambda: composer._address == other)
    composer.reject()

    desk.apply(desk.call(desk.do.sent.save_draft, account, other, "to be deleted"))
    person = desk.call(desk.do.network.find, account, other)
    story.window.show_person(person.id)
    story.rests()
    story.window.pages.network._ask_shut_out(desk.call(desk.do.network.card, person.id), report=True)
    dialog = story.dialog()
    assert isinstance(dialog, ShutOutDialog)
    assert "takes no reports" in texts(dialog) and "abuse@community.local" in texts(dialog) and not dialog._report.isVisible()
    story.clicks_in(dialog, "Copy a report")
    assert "abuse@community.local" in QGuiApplication.clipboard().text() and other in QGuiApplication.clipboard().text()
    dialog.reject()


def test_what_the_server_holds_is_compared_with_what_was_chosen(story: Story, ejabberd_server: Ejabberd) -> None:
    address = signed_in(story, ejabberd_server, "nadia")
    desk = story.window.bridge.desk
    story.waits_until(lambda: desk.call(desk.do.courier.untold_now) == 0)
    story.shows("privacy")
    story.clicks("A stranger", story.window.pages.privacy)
    dialog = story.dialog()
    assert isinstance(dialog, SeenDialog)
    story.waits_until(lambda: "it holds exactly this" in texts(dialog))
    dialog.accept()

    async def something_else() -> None:
        place = Settings.from_text(server_place("127.0.0.1", ejabberd_server.direct, "direct", str(ejabberd_server.ca_file)))
        line = await sign_in(address, place, PASSWORD, Memory())
        await publish(line, "urn:xmpp:vcard4", "current", write_vcard(Profile(name="Nadia", phone="+47 555")), "open")
        await line.leave()

    asyncio.run(something_else())
    story.clicks("A stranger", story.window.pages.privacy)
    again = story.dialog()
    story.waits_until(lambda: "holds something else" in texts(again) and "phone" in texts(again))
    story.clicks_in(again, "Publish it again")
    again.accept()  # type: ignore[attr-defined] # a dialog
    story.waits_until(lambda: desk.call(desk.do.courier.untold_now) == 0)
    story.clicks("A stranger", story.window.pages.privacy)
    last = story.dialog()
    story.waits_until(lambda: "it holds exactly this" in texts(last))
