"""One window for each data folder: a second start hands over and raises the first."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from netdesk.ui.instance import Listener, SystemLinks, hand_over, socket_name


@pytest.fixture
def listener(qtbot: QtBot, tmp_path: Path) -> object:
    made = Listener(tmp_path)
    yield made
    made.close()


def say(listener: Listener, folder: Path, qtbot: QtBot, words: bytes) -> list[str]:
    """Send raw words to the socket, and give what the window was asked."""
    heard: list[str] = []
    listener.asked.connect(heard.append)
    socket = QLocalSocket()
    socket.connectToServer(socket_name(folder))
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.ConnectedState)
    socket.write(words)
    socket.flush()
    qtbot.waitUntil(lambda: bool(heard) or socket.state() == QLocalSocket.LocalSocketState.UnconnectedState or socket.bytesAvailable() > 0)
    socket.abort()
    return heard


def test_a_second_start_raises_the_first_window(listener: Listener, tmp_path: Path, qtbot: QtBot) -> None:
    assert say(listener, tmp_path, qtbot, b"raise\n") == [""]


def test_a_link_is_handed_over(listener: Listener, tmp_path: Path, qtbot: QtBot) -> None:
    assert say(listener, tmp_path, qtbot, b"open xmpp:ann@x.example?roster\n") == ["xmpp:ann@x.example?roster"]


@pytest.mark.parametrize("words", [b"open http://evil.example\n", b"quit\n", b"open -platformpluginpath /x\n", b"x" * 5_000, b"\xff\xfe\n"])
def test_anything_else_is_not_answered(listener: Listener, tmp_path: Path, qtbot: QtBot, words: bytes) -> None:
    assert say(listener, tmp_path, qtbot, words) == []


def test_without_a_window_there_is_nobody_to_hand_over_to(tmp_path: Path) -> None:
    assert hand_over(tmp_path, "") is False


def test_a_long_path_has_its_socket_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    assert len(socket_name(deep)) < 108


def test_a_mac_hands_links_over_itself(qapp: QApplication) -> None:
    links = SystemLinks(qapp)
    heard: list[str] = []
    links.asked.connect(heard.append)
    for address in ("xmpp:ann@x.example?roster", "file:///etc/passwd", "https://evil.example"):
        QCoreApplication.sendEvent(qapp, QFileOpenEvent(QUrl(address)))
    qapp.removeEventFilter(links)
    assert heard == ["xmpp:ann@x.example?roster"]
