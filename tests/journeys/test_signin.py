"""An owner signs in to a real server at the real window, and somebody there asks her."""

import uuid
from pathlib import Path

from PySide6.QtWidgets import QLineEdit
from tests.journeys.conftest import Story
from tests.servers.prosody import PASSWORD, Prosody

from netdesk.ui.parts import PlainLabel
from netdesk.ui.signin import PasswordDialog, SignInDialog


def test_sign_in_and_be_asked(story: Story, prosody_server: Prosody) -> None:
    name = f"nadia-{uuid.uuid4().hex[:8]}"
    prosody_server.add_user(name)
    story.opens()
    story.clicks("Sign in")
    dialog = story.fills_sign_in(prosody_server, f"{name}@community.local", "wrong")
    assert dialog._password.echoMode() is QLineEdit.EchoMode.Password
    story.clicks_in(dialog, "Sign in")
    story.waits_until(lambda: dialog._wrong.isVisible())
    assert "does not take this address and password" in dialog._wrong_text.text()
    dialog._password.setText(PASSWORD)
    story.clicks_in(dialog, "Sign in")
    story.waits_until(lambda: story.window._first_run is not None)
    story.clicks("Publish this")
    story.waits_until(lambda: story.window.current is story.window.pages.incoming)
    story.waits_until(lambda: story.window._cards and story.window._cards[0].online)

    ben = Story(story.qtbot, story.program.application, story.folder.parent / "ben")
    ben.opens()
    ben.clicks("Sign in")
    other = ben.fills_sign_in(prosody_server, f"ben-{uuid.uuid4().hex[:8]}@community.local", PASSWORD)
    other._new.setChecked(True)
    ben.clicks_in(other, "Make it")
    ben.waits_until(lambda: ben.window._first_run is not None)
    ben.clicks("Publish this")
    ben.waits_until(lambda: ben.window.current is ben.window.pages.incoming)
    desk = ben.window.bridge.desk
    account = desk.call(desk.do.accounts.all)[0]
    desk.apply(desk.call(desk.do.sent.ask, account.id, f"{name}@community.local", "We met <b>in Accra</b>"))
    ben.hold_is_over()
    story.waits_until(lambda: story.incoming())
    story.picks(account.address)
    labels = [one.text() for one in story.window.pages.incoming.card.findChildren(PlainLabel)]
    assert any("We met <b>in Accra</b>" in one for one in labels) and account.address in labels
    story.clicks("Accept")
    story.hold_is_over()
    ben.waits_until(lambda: f"{name}@community.local" in ben.connections())
    assert account.address in story.connections()
    ben.closes()


def test_without_a_keyring_the_password_is_asked_at_the_next_start(story: Story, prosody_server: Prosody) -> None:
    name = f"nadia-{uuid.uuid4().hex[:8]}"
    prosody_server.add_user(name)
    story.opens()
    story.clicks("Sign in")
    story.clicks_in(story.fills_sign_in(prosody_server, f"{name}@community.local", PASSWORD), "Sign in")
    story.waits_until(lambda: story.window._first_run is not None)
    story.clicks("Publish this")
    story.waits_until(lambda: story.window._cards and story.window._cards[0].online)
    story.closes()
    again = Story(story.qtbot, story.program.application, story.folder).opens()
    again.waits_until(lambda: "password" in again.window.band.text)
    again.clicks("Show", again.window.band)
    dialog = again.dialog()
    assert isinstance(dialog, PasswordDialog)
    dialog._first.setText(PASSWORD)
    again.clicks_in(dialog, "Sign in")
    again.waits_until(lambda: again.window._cards[0].online)
    again.closes()


def test_an_invitation_link_opens_the_way_to_an_account(story: Story, prosody_server: Prosody, tmp_path: Path) -> None:
    """Clicked in a browser by somebody who has no account yet: the server is filled in, only name and password are missing."""
    with Prosody(tmp_path / "server", invited=True) as server:
        story.opens()
        story.window.open_link(server.invitation())
        dialog = story.dialog()
        assert isinstance(dialog, SignInDialog)
        assert dialog._address.text() == "@community.local" and dialog._new.isChecked()
        story.fills_sign_in(server, "nadia@community.local", PASSWORD)
        story.clicks_in(dialog, "Make it")
        story.waits_until(lambda: story.window._first_run is not None)
