"""What the window says when something goes wrong: a band for a sentence, one dialog for a bug."""

import traceback
from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

import netdesk
from netdesk.ui.parts import SHEET, PlainLabel, Sheet, button, column, restyle, row

_SHOWN_MS = 12_000


class NoticeBand(QFrame):
    """One sentence at the top of the window. Good news goes by itself; trouble stays until it is put away, or the next is said."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("trouble")
        self._words = PlainLabel("", wraps=True)
        self._look: Callable[[], object] | None = None
        self._show_it = button("Show", self._follow, "link")
        line = row(self._words, self._show_it, button("Close", self.hide, "quiet"))
        line.setContentsMargins(14, 6, 8, 6)
        line.setStretch(0, 1)
        self.setLayout(line)
        self._later = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._later.timeout.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def _follow(self) -> None:
        self.hide()
        if self._look is not None:
            self._look()

    def say(self, text: str, *, good: bool = False, look: Callable[[], object] | None = None) -> None:
        """Say this; `good` for news that is no trouble, `look` where there is more to see about it."""
        self._look = look
        self._show_it.setVisible(look is not None)
        self.setObjectName("band" if good else "trouble")
        restyle(self)
        restyle(self._words)
        self._words.setText(text)
        self.setAccessibleName(text)
        self.show()
        if good:
            self._later.start()
        else:
            self._later.stop()


class BugDialog(Sheet):
    """Something that should not happen did: what is safe, and the details to copy."""

    def __init__(self, parent: QWidget, error: BaseException) -> None:
        super().__init__(parent, "Something unexpected happened", 500)
        details = f"NetDesk {netdesk.__version__}\n" + "".join(traceback.format_exception(error))
        box = QPlainTextEdit(details)
        box.setReadOnly(True)
        box.hide()

        def turn() -> None:
            box.setVisible(not box.isVisible())
            self.fit()

        close = button("Close", self.accept, "main")
        close.setDefault(True)
        show = button("Show details", turn)
        copy = button("Copy details", lambda: QGuiApplication.clipboard().setText(details))
        self.setLayout(
            column(
                PlainLabel("NetDesk made a mistake", "title"),
                PlainLabel(
                    "What you decided before is kept. You can go on; if it happens again, send the details to the project. "
                    "They hold no notes, but look at them first.",
                    wraps=True,
                ),
                box,
                row(show, copy, None, close),
                gap=12,
                margins=SHEET,
            )
        )
