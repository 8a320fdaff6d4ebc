"""The keys of the window, in one table, and the sheet that F1 shows."""

from typing import Final

from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from netdesk.ui.parts import Card, PlainLabel, button, column, row

KEYS: Final = (
    ("Everywhere", (
        ("Ctrl+K  /", "Search people and requests"), ("N", "New request"), ("U  Ctrl+Z", "Undo"), ("Ctrl+1 … 4", "The tabs"),
        ("F1", "These keys"), ("Ctrl+Q", "Quit"),
    )),
    ("In a list", (
        ("J  ↓", "Next"), ("K  ↑", "The one before"), ("Enter", "Open"), ("Shift+↓", "Select several"), ("Ctrl+A", "Select all"),
    )),
    ("A request", (
        ("A", "Accept"), ("D", "Decline"), ("L", "Later"), ("I", "Ignore"), ("F", "Let them follow, one way"), ("B", "Block…"),
        ("R", "Block and report…"),
    )),
    ("A sent request", (("W", "Withdraw"), ("L", "Remind me"), ("Ctrl+Enter", "Send, in the composer"))),
)  # fmt: skip


class KeysDialog(QDialog):
    """The sheet of keys."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(20)
        for at, (title, keys) in enumerate(KEYS):
            part = column(PlainLabel(title, "title"), gap=5)
            for key, text in keys:
                label = PlainLabel(key, "strong")
                label.setFixedWidth(96)
                part.addLayout(row(label, PlainLabel(text, "dim"), None))
            part.addStretch(1)
            grid.addLayout(part, at // 2, at % 2)
        card = Card(margin=22)
        card.body.addLayout(grid)
        close = button("Close", self.accept)
        close.setDefault(True)
        self.setLayout(column(card, row(None, close), gap=10, margins=QMargins(14, 14, 14, 14)))
