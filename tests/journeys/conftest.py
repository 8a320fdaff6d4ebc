"""An owner at her desk: the real window on the embedded community, and what her hands do."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.networks.test_desk import Owner
from tests.servers.ejabberd import Ejabberd
from tests.servers.prosody import PASSWORD, Prosody

from netdesk.app import Program
from netdesk.domain.people import Address, PeopleQuery
from netdesk.domain.requests import IncomingQuery, IncomingRow, OutgoingQuery
from netdesk.sample import set_pace
from netdesk.ui.signin import SignInDialog
from netdesk.ui.window import MainWindow

KEYS = {"enter": Qt.Key.Key_Return, "escape": Qt.Key.Key_Escape}


class Story:
    """The owner's window and the helpers that tell what she does and sees."""

    def __init__(self, qtbot: QtBot, application: QApplication, folder: Path) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.program = Program(application, folder)

    def opens(self, *, sample: bool = False, folder: Path | None = None) -> "Story":
        assert self.program.open(folder or self.folder, sample=sample)
        self.waits_until(lambda: self.window.pages.currentWidget() is not None and self.window.bridge.idle)
        return self

    def begins_as(self, name: str) -> None:
        """The first run, to an open desk: a name, and the first-run page confirmed."""
        self.opens()
        self.window.pages.welcome._name.setText(name)
        self.clicks("Create")
        self.waits_until(lambda: self.window._first_run is not None)
        self.clicks("Publish this")
        self.waits_until(lambda: self.window.current is self.window.pages.incoming)

    @property
    def window(self) -> MainWindow:
        assert self.program.window is not None
        return self.program.window

    def closes(self) -> None:
        self.program.close()

    def waits_until(self, holds: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=20_000)

    def rests(self) -> None:
        """Nothing is under way any more."""
        self.waits_until(lambda: self.window.bridge.idle)

    def presses(self, key: str, widget: QWidget | None = None) -> None:
        """Press a letter, or enter, escape."""
        target = widget or self.window
        QTest.keyClick(target, KEYS[key] if key in KEYS else getattr(Qt.Key, f"Key_{key.upper()}"))

    def clicks(self, text: str, within: QWidget | None = None) -> None:
        """Click the button that begins with this text."""
        self.waits_until(lambda: self._button(text, within))
        button = self._button(text, within)
        assert button is not None
        button.click()

    def clicks_in(self, dialog: QWidget, text: str) -> None:
        """Click a button of a dialog that stands alone."""
        next(one for one in dialog.findChildren(QPushButton) if one.text().startswith(text)).click()

    def _button(self, text: str, within: QWidget | None) -> QPushButton | None:
        found = (within or self.window).findChildren(QPushButton)
        return next(
            (one for one in found if one.text().startswith(text) and one.isVisibleTo(within or self.window) and one.isEnabled()), None
        )

    def dialog(self) -> QDialog:
        """The dialog that is open."""
        self.waits_until(lambda: [one for one in self.window.findChildren(QDialog) if one.isVisible()])
        return [one for one in self.window.findChildren(QDialog) if one.isVisible()][-1]

    def shows(self, tab: str, place: str = "") -> None:
        self.window.show_tab(tab)
        page = {"incoming": self.window.pages.incoming, "sent": self.window.pages.sent, "network": self.window.pages.network}.get(tab)
        if page is not None and place and page.segments.current != place:
            page.segments.choose(place)
        self.rests()

    def picks(self, address: str) -> None:
        """Choose the row of an address on the shown list."""
        page = self.window.current
        self.waits_until(lambda: any(row.address == address for row in page.model._rows.values()))
        page.rows.choose_id(next(row.id for row in page.model._rows.values() if row.address == address))
        self.waits_until(lambda: page._shown is not None and page._shown.address == address)
        self.rests()

    # what the desk holds

    def incoming(self, place: str = "review") -> list[IncomingRow]:
        desk = self.window.bridge.desk
        return list(desk.call(desk.do.incoming.page, IncomingQuery(place, "newest"), 0, 500).rows)

    def sent(self, place: str = "waiting") -> list[Address]:
        desk = self.window.bridge.desk
        return [row.address for row in desk.call(desk.do.sent.page, OutgoingQuery(place), 0, 500).rows]

    def connections(self) -> list[Address]:
        desk = self.window.bridge.desk
        return [row.address for row in desk.call(desk.do.network.page, PeopleQuery(), 0, 500).rows]

    def fills_sign_in(self, server: Prosody | Ejabberd, address: str, password: str = PASSWORD) -> SignInDialog:
        """The sign-in dialog that is open, filled in for this server."""
        dialog = self.dialog()
        assert isinstance(dialog, SignInDialog)
        dialog._address.setText(address)
        dialog._password.setText(password)
        if not dialog._server.isVisible():
            dialog._show_server()
        dialog._host.setText("127.0.0.1")
        dialog._port.setValue(server.direct)
        dialog._ca.setText(str(server.ca_file))
        return dialog

    def hold_is_over(self) -> None:
        """Let the ten seconds pass at once."""
        self.window.bridge.desk.clock.offset += type(self.window.bridge.desk.clock.offset)(seconds=11)
        self.window.bridge.go_round()
        self.rests()
        self.waits_until(lambda: self.window.bridge.desk.call(self.window.bridge.desk.do.courier.untold_now) == 0)


@pytest.fixture
def story(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Story]:
    made = Story(qtbot, qapp, tmp_path / "desk")
    yield made
    made.closes()


@pytest.fixture
def sample(story: Story, tmp_path: Path) -> Story:
    """The sample desk, with the residents standing still."""
    story.opens(sample=True, folder=tmp_path / "sample")
    desk = story.window.bridge.desk
    desk.call(set_pace, desk, "stopped")
    story.waits_until(lambda: story.window.pages.incoming.model.rowCount() == 9)
    story.rests()
    return story


@pytest.fixture
def ben(tmp_path: Path) -> Iterator[Owner]:
    """Another owner on the same community, who has no window."""
    made = Owner(tmp_path / "ben", "Ben", tmp_path / "desk" / "community.db")
    yield made
    made.desk.close()
