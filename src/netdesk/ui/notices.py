"""What the window says when something goes wrong: a band for a sentence, one dialog for a bug."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QWidget

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
    """Something that should not happen did: what is safe, and the report, where one could be kept."""

    def __init__(self, parent: QWidget, look: Callable[[], object] | None) -> None:
        super().__init__(parent, "Something unexpected happened", 500)
        close = button("Close", self.accept, "main")
        close.setDefault(True)

        def show() -> None:
            self.accept()
            if look is not None:
                look()

        report = button("Look at the report…", show)
        report.setVisible(look is not None)
        self.setLayout(
            column(
                PlainLabel("NetDesk made a mistake", "title"),
                PlainLabel(
                    "What you decided before is kept. You can go on; if it happens again, you can send the report to the project.",
                    wraps=True,
                ),
                row(report, None, close),
                gap=12,
                margins=SHEET,
            )
        )
