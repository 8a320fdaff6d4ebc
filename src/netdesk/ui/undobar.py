"""The undo bar: what was just done, a line that shrinks for ten seconds, and a way back."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QMargins, QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from netdesk.domain.changes import Changes, Kind
from netdesk.domain.requests import Held
from netdesk.domain.rules.numbers import HOLD
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import ElidedLabel, button, column, row
from netdesk.ui.texts.moments import held
from netdesk.ui.theme import BAR_HEIGHT, LIST_WIDTH, NARROW, Theme

Now = Callable[[], datetime]


class Shrinking(QWidget):
    """A thin line as long as what is left."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.left = 1.0
        self.setFixedHeight(3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint."""
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 0, self.width() * self.left, 3), QColor(self._theme.tokens.accent))
        painter.end()


class UndoBar(QFrame):
    """Shows the latest act that can be taken back. `undone` carries what changed when it was."""

    undone = Signal(object)

    def __init__(self, parent: QWidget, bridge: Bridge, theme: Theme, now: Now) -> None:
        super().__init__(parent)
        self.setObjectName("undo")
        self._over = parent
        self._bridge = bridge
        self._theme = theme
        self._now = now
        self._held: Held | None = None
        self._words = ElidedLabel("")
        self._line = Shrinking(theme)
        self._line.setVisible(True)
        self._tick = QTimer(self, interval=100 if theme.moves() else 1_000)
        self._tick.timeout.connect(self._shrink)
        line = row(self._words, button("Undo   U", self.undo, name="Undo (U)"), gap=14)
        line.setStretch(0, 1)
        self.setLayout(column(line, self._line, gap=6, margins=QMargins(16, 8, 10, 6)))
        self.hide()
        bridge.changed.connect(self._look_again)
        self.look()

    def look(self) -> None:
        """Look what can be taken back."""
        self._bridge.run(self._bridge.do.undo.current, self._show)

    def _look_again(self, changes: Changes) -> None:
        if changes.touches(Kind.HOLDS):
            self.look()

    def _show(self, found: Held | None) -> None:
        self._held = found
        if found is None:
            self._tick.stop()
            self.hide()
            return
        text = held(found)
        self._words.set_whole(text)
        self.setAccessibleName(f"{text}. Undo with U")
        self._shrink()
        self.show()
        self.raise_()
        self.place()
        self._tick.start()

    def _shrink(self) -> None:
        if self._held is None:
            return
        self._line.left = min(1.0, (self._held.until - self._now()) / HOLD)
        self._line.update()
        if self._line.left <= 0:
            self._show(None)
            self.look()

    def place(self) -> None:
        """At the bottom of the list, never over the answers; in a narrow window, where the card may stand alone, under the bar."""
        parent = self._over
        height = self.sizeHint().height()
        if parent.width() < NARROW:
            width = min(520, parent.width() - 32)
            self.setGeometry((parent.width() - width) // 2, BAR_HEIGHT + 6, width, height)
        else:
            self.setGeometry(18, parent.height() - height - 18, LIST_WIDTH, height)

    def undo(self) -> None:
        """Take it back."""
        if self._held is not None:
            self._bridge.run(partial(self._bridge.do.undo.take_back, self._held.id), self.undone.emit)
