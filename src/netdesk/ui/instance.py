"""One window for each data folder: a second start hands over its link and raises the first window; a Mac hands links over itself."""

import hashlib
import os
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Signal
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from netdesk.paths import make_private

_LONGEST: Final = 100  # a socket's path may have 108 bytes
_FRAME: Final = 4_200
_WAIT: Final = 1_500


def socket_name(folder: Path) -> str:
    """Where the socket of a data folder is: inside it, or, where that path is too long, in the user's own runtime folder."""
    inside = str(folder.resolve() / "desk.socket")
    if os.name == "nt":
        return "netdesk-" + hashlib.sha256(inside.encode()).hexdigest()[:24]
    if len(inside.encode()) <= _LONGEST:
        return inside
    runtime = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.RuntimeLocation)
    return str(make_private(Path(runtime) / "netdesk") / hashlib.sha256(inside.encode()).hexdigest()[:24])


def hand_over(folder: Path, link: str) -> bool:
    """Ask the window that has this folder to come forward and to open `link`; whether there was one."""
    socket = QLocalSocket()
    socket.connectToServer(socket_name(folder))
    if not socket.waitForConnected(_WAIT):
        return False
    socket.write((f"open {link}" if link else "raise").encode() + b"\n")
    socket.waitForBytesWritten(_WAIT)
    socket.waitForReadyRead(_WAIT)
    taken = bytes(socket.readAll().data()) == b"ok\n"
    socket.disconnectFromServer()
    return taken


class Listener(QObject):
    """Listens for second starts. `asked` carries the link, or nothing."""

    asked = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        name = socket_name(folder)
        QLocalServer.removeServer(name)  # the folder's lock is ours: a socket that is there was left by a crash
        self._server.newConnection.connect(self._connected)
        self._server.listen(name)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)

    def _read(self, socket: QLocalSocket) -> None:
        """One line, `raise` or `open xmpp:…`; anything else is not answered."""
        text = bytes(socket.peek(_FRAME).data())
        if b"\n" not in text:
            if len(text) >= _FRAME:
                socket.abort()
            return
        word, _, link = bytes(socket.readLine(_FRAME).data()).decode("utf-8", "replace").strip().partition(" ")
        if word == "raise" or (word == "open" and link.lower().startswith("xmpp:")):
            socket.write(b"ok\n")
            socket.flush()
            self.asked.emit(link)
        else:
            socket.abort()


class SystemLinks(QObject):
    """Links that the system hands to the program that runs, as macOS does it instead of a second start. `asked` carries the link."""

    asked = Signal(str)

    def __init__(self, application: QGuiApplication) -> None:
        super().__init__(application)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take links of ours, leave everything else."""
        if isinstance(event, QFileOpenEvent) and event.url().scheme().lower() == "xmpp":
            self.asked.emit(event.url().toString())
            return True
        return super().eventFilter(watched, event)
