"""About NetDesk: its version, where the data is, and every part of it with its licence."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QSplitter, QWidget

import netdesk
from netdesk.installed import form
from netdesk.licences import Part, parts
from netdesk.ui.parts import SHEET, PlainLabel, Sheet, button, column, row
from netdesk.ui.texts.program import FORMS

_HEIGHT = 520


class AboutDialog(Sheet):
    """What this is."""

    def __init__(self, parent: QWidget, folder: Path, updates: Callable[[], object], report: Callable[[], object] | None) -> None:
        super().__init__(parent, "About NetDesk", 600)
        close = button("Close", self.accept, "main")
        close.setDefault(True)
        mistakes = button("Last report…", report)
        mistakes.setVisible(report is not None)
        self.setLayout(
            column(
                PlainLabel(f"NetDesk {netdesk.__version__}", "title"),
                PlainLabel("A desk for connection requests: who is asking, what you share, and what accepting would reveal.", wraps=True),
                PlainLabel(FORMS[form()], "dim", wraps=True),
                PlainLabel(f"Your data: {folder}", "dim", wraps=True, selectable=True),
                PlainLabel(
                    "Free software under the GNU General Public License, version 3 or later. It is made of many parts, each with its own "
                    "licence.",
                    "dim",
                    wraps=True,
                ),
                row(
                    button("Parts and licences…", lambda: PartsDialog(self).open()),
                    button("Check for updates…", updates),
                    mistakes,
                    None,
                    close,
                ),
                gap=12,
                margins=SHEET,
            )
        )
        close.setFocus()


class PartsDialog(Sheet):
    """All parts on the left, the licence of the chosen one on the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Parts and licences", 780)
        self._parts = parts(qVersion() or "")
        self._list = QListWidget()
        self._list.setAccessibleName("Parts")
        self._list.setUniformItemSizes(True)
        for one in self._parts:
            self._list.addItem(QListWidgetItem(f"{one.name} {one.version}".rstrip()))
        self._title = PlainLabel("", "strong", wraps=True, selectable=True)
        self._about = PlainLabel("", "dim", wraps=True, selectable=True)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._text.setAccessibleName("Text of the licence")
        shown = QWidget()
        shown.setLayout(column(self._title, self._about, self._text, gap=6))
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setChildrenCollapsible(False)
        both.addWidget(self._list)
        both.addWidget(shown)
        both.setSizes([230, 500])
        both.setMinimumHeight(_HEIGHT - 140)
        self._list.currentRowChanged.connect(lambda at: self._show(self._parts[at]))
        self._list.setCurrentRow(0)
        close = button("Close", self.accept, "main")
        close.setDefault(True)
        self.setLayout(column(PlainLabel("Parts and licences", "title"), both, row(None, close), gap=12, margins=SHEET))

    def _show(self, part: Part) -> None:
        self._title.setText(f"{part.name} {part.version}".rstrip())
        self._about.setText(f"{part.licence} · {part.page}")
        self._text.setPlainText(part.text or "The text of this licence is on the page above.")
