"""The program with a window: builds the desk and the window on it, changes to another desk, closes everything."""

import gc
import logging
import signal
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

import netdesk
from netdesk import autostart
from netdesk.controllers import storage
from netdesk.desk import Desk
from netdesk.domain.errors import NetDeskError
from netdesk.installed import APPLICATION
from netdesk.logs import start_logging, stop_logging, tell_of_uncaught
from netdesk.paths import data_folder
from netdesk.reports import Watch
from netdesk.sample import let_days_pass, open_sample
from netdesk.ui.bridge import Bridge
from netdesk.ui.instance import Listener, SystemLinks, hand_over
from netdesk.ui.reachability import NetworkWatch
from netdesk.ui.removal import RemovalDialog
from netdesk.ui.storage import DamagedDialog
from netdesk.ui.texts.errors import sentence
from netdesk.ui.theme import Theme
from netdesk.ui.tray import icon
from netdesk.ui.window import MainWindow

log = logging.getLogger(__name__)
_BACK_UP_EVERY_MS = 30 * 60 * 1_000
_TIDY_AFTER_MS = 2_000


class Program:
    """Holds the desk that is open and its window. One at a time: the own desk, or the sample."""

    def __init__(self, application: QApplication, own_folder: Path) -> None:
        self.application = application
        self.own_folder = own_folder
        self.theme = Theme(application)
        self.desk: Desk | None = None
        self.window: MainWindow | None = None
        self._bridge: Bridge | None = None
        self._listener: Listener | None = None
        self._damaged: DamagedDialog | None = None
        self._network: NetworkWatch | None = None
        self._crashes: Watch | None = None
        self._links = SystemLinks(application)
        self._links.asked.connect(self._asked)
        self._back_up = QTimer(application, interval=_BACK_UP_EVERY_MS)
        self._back_up.timeout.connect(self._back_up_now)

    def open(self, folder: Path, *, sample: bool, days: float = 0.0, link: str = "", background: bool = False) -> bool:
        """Open a desk and its window (`background`: only its tray icon); False when that folder is another process's or cannot be used, which the owner is told."""
        try:
            self.desk = open_sample(folder) if sample else Desk(folder).open()
            if days:
                let_days_pass(self.desk, days)
        except NetDeskError as error:
            return self._cannot_open(folder, error, sample=sample, link=link)
        self._bridge = Bridge(self.desk)
        tell_of_uncaught(self._bridge.broke.emit)
        remembered = self.desk.call(self.desk.do.accounts.setting, "window", {})
        kept: dict[str, Any] = remembered if isinstance(remembered, dict) else {}
        self.theme.choose(kept.get("look", "system"))
        self.window = MainWindow(self._bridge, self.theme, self.desk.clock, kept, sample=sample)
        self.window.wants_sample.connect(partial(self._later, partial(self.change, sample=True)))
        self.window.wants_own_desk.connect(partial(self._later, partial(self.change, sample=False)))
        self.window.closed.connect(self.application.quit)
        self.window.wants_restore.connect(lambda path: self._later(partial(self.restore, path)))
        self._listener = Listener(folder)
        self._listener.asked.connect(self._asked)
        self._crashes = Watch(folder)
        self.window.program.say_crash(left=self._crashes.begin())
        if link or not background:
            self.window.show()
        elif not self.window.tray.there:
            self.window.showMinimized()
        if link:
            self.window.open_link(link)
        QTimer.singleShot(0, self._go_online)
        return True

    def _go_online(self) -> None:
        """After the first paint."""
        if self.desk is not None:
            self.desk.go_online()
            self._back_up_now()
            self._back_up.start()
            QTimer.singleShot(_TIDY_AFTER_MS, self._tidy)

    def _look_around(self) -> None:
        if self.desk is not None:
            self.desk.servers.look_around()

    def _tidy(self) -> None:
        """When all is quiet: hear what the system says of its network, and let what starts with the computer be this program.

        What is there by now stays: the collector need not look at it again and again, which would hold up the window.
        """
        if self._network is None:
            self._network = NetworkWatch(self.application, self._look_around)
        if self.window is not None and not self.window.sample:
            autostart.put_right()
        gc.collect()
        gc.freeze()

    def _back_up_now(self) -> None:
        if self._bridge is not None and self.desk is not None:
            self._bridge.run(self.desk.do.storage.back_up_if_due)

    @staticmethod
    def _later(job: partial[Any]) -> None:
        """Not within the signal of a window that is about to go."""
        QTimer.singleShot(0, job)

    def _asked(self, link: str) -> None:
        if self.window is not None:
            self.window.raise_window()
            if link:
                self.window.open_link(link)

    def change(self, *, sample: bool) -> None:
        """Close this desk and open the other one."""
        self.close()
        self._open_or_quit(data_folder(sample=True) if sample else self.own_folder, sample)

    def restore(self, path: str) -> None:
        """Put a backup in the place of the open desk, and open that."""
        if self.desk is None or self.window is None:
            return
        folder, sample = self.desk.folder, self.window.sample
        self.close()
        self._restore_into(folder, Path(path), sample)

    def close(self) -> None:
        """Close the window and the desk: networks first, then the store, then what is on the screen."""
        self._back_up.stop()
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        if self.window is not None:
            self.window.closed.disconnect(self.application.quit)
            self.window.leave()
        if self.desk is not None:
            self.desk.close()
            self.desk = None
        if self.window is not None:
            self.application.processEvents()  # what the bridge still carries is dropped with its window
            self.window.deleteLater()
            self.window = None
        if self._crashes is not None:
            self._crashes.end()
            self._crashes = None
        self._bridge = None
        tell_of_uncaught(None)

    # a desk that cannot be opened

    def _cannot_open(self, folder: Path, error: NetDeskError, *, sample: bool, link: str) -> bool:
        log.warning("cannot open: %s", error.reason)
        if error.reason == "in use" and hand_over(folder, link):
            return False
        if error.reason == "damaged":
            self._damaged = DamagedDialog(error.detail, storage.newest_sound_backup(folder), datetime.now(UTC))
            self._damaged.decided.connect(partial(self._mend, folder, sample))
            self._damaged.show()
            return True
        box = QMessageBox(QMessageBox.Icon.Warning, "NetDesk", "")
        box.setText(sentence(error, datetime.now(UTC)))
        box.setTextFormat(box.textFormat().PlainText)
        box.finished.connect(lambda _: self.application.exit(1))
        self._box = box
        box.show()
        return True

    def _mend(self, folder: Path, sample: bool, word: str) -> None:
        newest = storage.newest_sound_backup(folder)
        if word == "restore" and newest is not None:
            self._restore_into(folder, Path(newest.path), sample)
        elif word == "afresh":
            storage.start_afresh(folder)
            self._open_or_quit(folder, sample)
        else:
            self.application.exit(1)

    def _restore_into(self, folder: Path, backup: Path, sample: bool) -> None:
        """Whatever comes of it, there is a window afterwards, or the program ends."""
        trouble: NetDeskError | None = None
        try:
            storage.restore(folder, backup, datetime.now(UTC))
        except NetDeskError as error:
            trouble = error
        finally:
            self._open_or_quit(folder, sample)
        if trouble is not None and self.window is not None:
            self.window.say(trouble)

    def _open_or_quit(self, folder: Path, sample: bool) -> None:
        if not self.open(folder, sample=sample):
            self.application.quit()


def make_application() -> QApplication:
    """The Qt application. It gets none of the command line: Qt would take flags of its own from it."""
    application = QApplication(["netdesk"])
    application.setApplicationName("netdesk")
    application.setApplicationDisplayName("NetDesk")
    application.setDesktopFileName(APPLICATION)
    application.setApplicationVersion(netdesk.__version__)
    application.setWindowIcon(icon())
    application.setQuitOnLastWindowClosed(False)  # from one desk to the other there is a moment without a window
    return application


def run(folder: Path, *, sample: bool, days: float, link: str, background: bool) -> int:
    """Open the window and stay until it is closed; gives the exit status."""
    start_logging(folder)
    application = make_application()
    program = Program(application, data_folder() if sample else folder)
    awake = QTimer(application, interval=500)  # lets Python see Ctrl+C
    awake.timeout.connect(lambda: None)
    awake.start()
    signal.signal(signal.SIGINT, lambda *_: application.quit())
    signal.signal(signal.SIGTERM, lambda *_: application.quit())
    try:
        if not program.open(folder, sample=sample, days=days, link=link, background=background):
            return 0
        return application.exec()
    finally:
        program.close()
        stop_logging()
        out: TextIO | None = sys.stdout  # none in a program with a window on Windows
        if out is not None:
            out.flush()


def ask_removal(folder: Path) -> int:
    """Ask whether the program goes, and the data with it; prints `program`, `all` or nothing, for the remover that asked."""
    application = make_application()
    theme = Theme(application)
    theme.choose("system")
    dialog = RemovalDialog(folder)
    dialog.finished.connect(application.quit)
    dialog.show()
    application.exec()
    sys.stdout.write(dialog.answer + "\n")
    return 0
