"""The report that a crash or a bug left: its owner reads it, strikes out what she likes, and sends it by hand or not at all."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget

from netdesk.domain.errors import NetDeskError, StorageTrouble
from netdesk.paths import private_file
from netdesk.ui.parts import SHEET, PlainLabel, Sheet, button, column, row

_HEIGHT = 320


class ReportDialog(Sheet):
    """One report, to be changed, copied, saved elsewhere or deleted. `failed` is told what could not be written."""

    def __init__(self, parent: QWidget, path: Path, failed: Callable[[NetDeskError], object]) -> None:
        super().__init__(parent, "Report", 720)
        self._path = path
        self._failed = failed
        self._text = QPlainTextEdit()
        with contextlib.suppress(OSError):
            self._text.setPlainText(path.read_text("utf-8", "replace"))
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setAccessibleName("The report")
        self._text.setMinimumHeight(_HEIGHT)
        close = button("Close", self.accept, "main")
        close.setDefault(True)
        self.setLayout(
            column(
                PlainLabel("What NetDesk noted about its mistake", "title"),
                PlainLabel(
                    "It was sent to nobody, and NetDesk sends it nowhere. Addresses in it are numbers that mean nothing elsewhere. Read it, strike out "
                    "what you like, and copy it into a message to the project if you want it mended.",
                    "dim",
                    wraps=True,
                ),
                self._text,
                row(
                    button("Copy", lambda: QGuiApplication.clipboard().setText(self._text.toPlainText())),
                    button("Save as…", self._ask_where),
                    button("Delete", self._delete, "danger"),
                    None,
                    close,
                ),
                gap=12,
                margins=SHEET,
            )
        )

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, "Save the report", "netdesk-report.txt", "Text (*.txt)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda path: self._save(Path(path)))
        dialog.open()

    def _save(self, path: Path) -> None:
        try:
            with private_file(path) as file:
                file.write(self._text.toPlainText())
        except OSError:
            self._failed(StorageTrouble("export place", detail=str(path)))

    def _delete(self) -> None:
        self._path.unlink(missing_ok=True)
        self.accept()
