"""What the system says of its network: when it changes, sessions are looked at. Nothing is sent for it."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation


class NetworkWatch(QObject):
    """Calls `changed` when the computer comes online, goes offline, or moves to another kind of network; silent where no system tells."""

    def __init__(self, parent: QObject, changed: Callable[[], object]) -> None:
        super().__init__(parent)
        self._changed = changed
        self.works = QNetworkInformation.loadDefaultBackend()
        system = QNetworkInformation.instance()
        if self.works and system is not None:
            system.reachabilityChanged.connect(self.look)
            system.transportMediumChanged.connect(self.look)

    def look(self, *_what: object) -> None:
        """Something changed."""
        self._changed()
