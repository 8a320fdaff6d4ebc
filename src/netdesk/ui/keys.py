"""The keys at work: each does what the shown page makes of it."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QTabBar, QWidget

from netdesk.domain.requests import Answer
from netdesk.ui.incoming import IncomingPage
from netdesk.ui.network import NetworkPage
from netdesk.ui.search import SearchField
from netdesk.ui.sent import SentPage
from netdesk.ui.shortcuts import KeysDialog
from netdesk.ui.undobar import UndoBar

_ANSWERS = {
    "A": Answer.ACCEPT, "D": Answer.DECLINE, "I": Answer.IGNORE, "L": Answer.LATER, "F": Answer.FOLLOW, "B": Answer.BLOCK, "R": Answer.REPORT,
}  # fmt: skip


_STEPS = ("J", "K")


class Keyed(Protocol):
    """What the keys act on."""

    tabs: QTabBar
    search: SearchField
    undo_bar: UndoBar

    @property
    def current(self) -> QWidget | None: ...

    def compose(self) -> object: ...

    def leave(self) -> None: ...


class Keys:
    """Makes the shortcuts of a window."""

    def __init__(self, window: QMainWindow) -> None:
        assert isinstance(window, QMainWindow)
        self._window: Keyed = window  # type: ignore[assignment] # the main window; naming its class would close a circle of imports
        self._parent = window
        for key in _ANSWERS:
            self._on(key, partial(self._answer, key))
        for key, act in (
            ("J", lambda: self._step(1)), ("K", lambda: self._step(-1)), ("W", self._withdraw), ("N", self._compose), ("U", self._undo),
            ("Ctrl+Z", self._undo), ("/", self._search), ("Ctrl+K", self._search), ("Ctrl+F", self._find), ("F1", self._show_keys),
            ("Ctrl+Q", self._window.leave), ("Escape", self._back),
        ):  # fmt: skip
            self._on(key, act)
        for at in range(self._window.tabs.count()):
            self._on(f"Ctrl+{at + 1}", partial(self._go, at))

    def _go(self, at: int) -> None:
        """To a tab, also when it is the current one behind another page."""
        tabs = self._window.tabs
        if tabs.isEnabled() and tabs.isTabEnabled(at):
            tabs.setCurrentIndex(at)
            tabs.tabBarClicked.emit(at)

    def _on(self, key: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(key), self._parent, act)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.setAutoRepeat(key in _STEPS)  # a key that is held down answers one request, not all of them

    def _answer(self, key: str) -> None:
        match self._window.current:
            case IncomingPage() as page:
                page.answer(_ANSWERS[key])
            case SentPage() as page if key == "L":
                page.remind()
            case NetworkPage() as page if key in "BR":
                page.shut_out_current(report=key == "R")

    def _step(self, by: int) -> None:
        page = self._window.current
        if isinstance(page, IncomingPage | SentPage | NetworkPage):
            page.rows.step(by)

    def _withdraw(self) -> None:
        page = self._window.current
        if isinstance(page, SentPage):
            page.withdraw()

    def _compose(self) -> None:
        if self._window.tabs.isEnabled():
            self._window.compose()

    def _undo(self) -> None:
        self._window.undo_bar.undo()

    def _search(self) -> None:
        self._window.search.setFocus()
        self._window.search.selectAll()

    def _find(self) -> None:
        page = self._window.current
        if isinstance(page, NetworkPage):
            page.search.setFocus()
        else:
            self._search()

    def _show_keys(self) -> None:
        KeysDialog(self._parent).open()

    def _back(self) -> None:
        page = self._window.current
        if self._window.search.hasFocus():
            self._window.search.leave()
        elif isinstance(page, IncomingPage | SentPage | NetworkPage) and not page.rows.leave_selection() and page.narrow:
            page.show_list()
