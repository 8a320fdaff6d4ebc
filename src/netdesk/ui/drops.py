"""Files that are dropped on a window: only those of this computer are taken, and they go to one place."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class Drops(QObject):
    """Watches a window; `dropped` carries paths."""

    dropped = Signal(list)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take files and folders; leave everything else alone."""
        if isinstance(event, QDragEnterEvent) and paths_of(event.mimeData()):
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
            event.acceptProposedAction()
            self.dropped.emit(paths_of(event.mimeData()))
            return True
        return False


def paths_of(data: QMimeData) -> list[Path]:
    """The files and folders of this computer in what is dragged; empty when there are none, or others among them."""
    urls = data.urls()
    return [Path(one.toLocalFile()) for one in urls] if urls and all(one.isLocalFile() for one in urls) else []
