"""Search over people and requests: a field in the bar, results as one types, Enter opens."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from netdesk.domain.cards import Found
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import PlainLabel, column

STATES = {
    "connected": "connected", "to review": "asks you", "filtered": "asks you · filtered", "later": "asks you · later", "held": "you asked",
    "queued": "you asked · queued", "waiting": "you asked · waiting",
}  # fmt: skip
_DELAY = 40


class SearchField(QLineEdit):
    """The field with its list of results. `chosen` carries what was found."""

    chosen = Signal(object)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._asked = ""
        self.setObjectName("search")
        self.setPlaceholderText("Search people and requests   Ctrl+K")
        self.setAccessibleName("Search people and requests")
        self.setClearButtonEnabled(True)
        self.results = QListWidget()
        self.results.setAccessibleName("Results")
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setUniformItemSizes(True)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._none = PlainLabel("Nobody found", "dim")
        self._popup: QFrame | None = None
        self._soon = QTimer(self, singleShot=True, interval=_DELAY)
        self._soon.timeout.connect(self._search)
        self.textChanged.connect(lambda _: self._soon.start())
        self.results.itemClicked.connect(self._take)

    def _list(self) -> QFrame:
        if self._popup is None:
            self._popup = QFrame(self.window())
            self._popup.setObjectName("card")
            layout = column(self.results, self._none, gap=4)
            layout.setContentsMargins(6, 6, 6, 6)
            self._popup.setLayout(layout)
            self._popup.hide()
        return self._popup

    def _search(self) -> None:
        text = self.text().strip()
        self._asked = text
        if not text:
            self.hide_results()
            return
        self._bridge.run(partial(self._bridge.do.network.search, text, 30), partial(self._show, text))

    def _show(self, text: str, found: list[Found]) -> None:
        if text != self._asked or not self.text().strip() or not self.hasFocus():
            return
        self.results.clear()
        for one in found:
            state = STATES.get(one.state, "")
            item = QListWidgetItem(" · ".join(part for part in (one.name, one.address, one.headline, state) if part))
            item.setData(Qt.ItemDataRole.UserRole, one)
            self.results.addItem(item)
        self.results.setVisible(bool(found))
        self._none.setVisible(not found)
        if found:
            self.results.setCurrentRow(0)
        self._place(len(found))

    def _place(self, count: int) -> None:
        popup, window = self._list(), self.window()
        width = max(self.width(), 440)
        corner = self.mapTo(window, QPoint(self.width() - width, self.height() + 6))
        height = min(max(count, 1), 9) * (self.results.sizeHintForRow(0) + 2 if count else 26) + 16
        popup.setGeometry(max(8, corner.x()), corner.y(), min(width, window.width() - 16), height)
        if not popup.isVisible():
            self._watch(on=True)
        popup.show()
        popup.raise_()

    def hide_results(self) -> None:
        """Put the list away."""
        if self._popup is not None and self._popup.isVisible():
            self._watch(on=False)
            self._popup.hide()

    def _watch(self, *, on: bool) -> None:
        """Look at clicks elsewhere only while the list is shown: the filter sees every event of the program."""
        application = QApplication.instance()
        if application is not None:
            (application.installEventFilter if on else application.removeEventFilter)(self)

    def leave(self) -> None:
        """Leave the search: nothing is looked for any more."""
        self.hide_results()
        self.clear()
        self.clearFocus()

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.hide_results()
            self.clear()
            self.clearFocus()
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move in the list, Enter opens; Escape is the window's key."""
        shown = self._popup is not None and self._popup.isVisible()
        match event.key():
            case Qt.Key.Key_Down if shown:
                self.results.setCurrentRow(min(self.results.currentRow() + 1, self.results.count() - 1))
            case Qt.Key.Key_Up if shown:
                self.results.setCurrentRow(max(self.results.currentRow() - 1, 0))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if shown:
                self._take(self.results.currentItem())
            case _:
                super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click elsewhere puts the list away."""
        if event.type() == QEvent.Type.MouseButtonPress and self._popup is not None and self._popup.isVisible():
            inside = isinstance(watched, QWidget) and (watched is self or self._popup.isAncestorOf(watched) or watched is self._popup)
            if isinstance(watched, QWidget) and not inside:
                self.hide_results()
        return False
