"""What the menu does beside answering and asking: copies of the desk, starting with the computer, updates, reports, About."""

import contextlib
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from netdesk import autostart, reports
from netdesk.domain.errors import NetDeskError
from netdesk.installed import Replaced
from netdesk.ui.about import AboutDialog
from netdesk.ui.bridge import Bridge
from netdesk.ui.notices import BugDialog, NoticeBand
from netdesk.ui.report import ReportDialog
from netdesk.ui.shortcuts import KeysDialog
from netdesk.ui.storage import ask_backup, ask_export

_LOOK_MS = 10_000


class ProgramActs(QObject):
    """The acts of the menu that are about the program and the desk's file. One for each window."""

    def __init__(self, window: QWidget, bridge: Bridge, band: NoticeBand, failed: Callable[[NetDeskError], object]) -> None:
        super().__init__(window)
        self._window = window
        self._known: set[str] = set()
        self._replaced = Replaced()
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._look_for_update)
        self._look.start()
        self._bridge = bridge
        self._band = band
        self._failed = failed

    def _look_for_update(self) -> None:
        if self._replaced():
            self._look.stop()
            self._band.say(
                "NetDesk was updated. Quit it (Ctrl+Q) and open it again to use the new one; what you decided is kept."
                if self._replaced.is_there()
                else "NetDesk was removed from this computer. What you decided is kept; when you quit, it cannot be opened again."
            )

    def _said(self, text: str) -> None:
        self._band.say(text, good=True)

    @property
    def _folder(self) -> Path:
        return self._bridge.desk.folder

    def act(self, what: str, value: Any) -> None:
        """Do what the menu said."""
        match what:
            case "keys":
                KeysDialog(self._window).open()
            case "about":
                AboutDialog(self._window, self._folder, self.show_updates, self.show_report if reports.kept(self._folder) else None).open()
            case "updates":
                self.show_updates()
            case "reports":
                self.show_report()
            case "export":
                ask_export(self._window, self._bridge, self._said)
            case "backup":
                ask_backup(self._window, self._bridge, self._said)
            case "starts":
                try:
                    autostart.choose(on=bool(value))
                except NetDeskError as error:
                    self._failed(error)

    def show_updates(self) -> None:
        """Open the window that asks for a newer version when its button is pressed."""
        # Loaded now: it brings the network of the standard library and cryptography along, which no start needs.
        importlib.import_module("netdesk.ui.updates").UpdatesDialog(self._window, self._bridge).open()

    def say_crash(self, *, left: bool) -> None:
        """When the last run died, say so."""
        if left:
            self._band.say("NetDesk ended unexpectedly the last time. What you decided is kept.", look=self.show_report)

    def show_report(self, path: Path | None = None) -> None:
        """Show a report, else the latest there is."""
        found = path or next(iter(reports.kept(self._folder)), None)
        if found is not None:
            ReportDialog(self._window, found, self._failed).open()

    @Slot(object)  # it may be told on any thread: a slot of a QObject runs on the main one
    def say_bug(self, error: BaseException) -> None:
        """Something unexpected happened: keep a report and say so, once for each mistake: one that comes again and again pushes out nothing."""
        words = reports.words_of(error)
        if words in self._known:
            return
        self._known.add(words)
        path = None
        with contextlib.suppress(OSError):
            path = reports.write(self._folder, words)
        if not any(isinstance(one, BugDialog) and one.isVisible() for one in self._window.children()):
            BugDialog(self._window, (lambda: self.show_report(path)) if path else None).open()
