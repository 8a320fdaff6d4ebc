"""A switch: a check box that looks like what it does."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from netdesk.ui.theme import Theme


class Switch(QCheckBox):
    """On or off; to a screen reader a check box with this name."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Fixed."""
        return QSize(42, 26)

    def hitButton(self, _pos: object) -> bool:
        """All of it."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(3, 3, 36, 20)
        painter.setPen(
            QPen(QColor(tokens.ink if self.hasFocus() else tokens.accent if self.isChecked() else tokens.dim), 2 if self.hasFocus() else 1)
        )
        painter.setBrush(QColor(tokens.accent if self.isChecked() else tokens.line))
        painter.drawRoundedRect(place, 10, 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.on_accent if self.isChecked() else tokens.card))
        painter.drawEllipse(QRectF(21 if self.isChecked() else 5, 5, 16, 16))
        painter.end()
