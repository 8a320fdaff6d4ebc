"""The tray icon with a live count, and desktop notifications that say no names and keep the quiet hours."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from netdesk.domain.changes import Notice
from netdesk.paths import resource
from netdesk.ui.texts.times import count
from netdesk.ui.theme import Theme

_LOOK_MS = 2_000
Now = Callable[[], datetime]
QUIET: tuple[tuple[str, tuple[int, int] | None], ...] = (
    ("No quiet hours", None),
    ("22:00 to 07:00", (22, 7)),
    ("20:00 to 08:00", (20, 8)),
    ("18:00 to 09:00", (18, 9)),
)


def is_quiet(hours: tuple[int, int] | None, now: datetime) -> bool:
    """Whether `now` (local time) lies in the quiet hours, which may pass midnight."""
    if hours is None:
        return False
    start, end = hours
    hour = now.astimezone().hour
    return start <= hour < end if start < end else hour >= start or hour < end


def icon() -> QIcon:
    """The program's icon."""
    return QIcon(str(resource("icons/netdesk.svg"))) if resource("icons/netdesk.svg").exists() else QIcon()


def counted_icon(number: int, theme: Theme, side: int = 64) -> QPixmap:
    """The icon with a number on it."""
    drawn = QPixmap(side, side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawPixmap(0, 0, app_pixmap(side))
    if number:
        place = QRectF(side * 0.4, side * 0.4, side * 0.6, side * 0.6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.tokens.bad))
        painter.drawEllipse(place)
        font = theme.font(bold=True)
        font.setPixelSize(int(side * 0.34))
        painter.setFont(font)
        painter.setPen(QColor("#FFFFFF" if not theme.tokens.dark else theme.tokens.on_accent))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(number) if number < 100 else "99+")
    painter.end()
    return drawn


def app_pixmap(side: int) -> QPixmap:
    """The program's icon at a size; the nearest of those that are shipped."""
    for size in (16, 22, 24, 32, 48, 64, 128, 256, 512):
        if size >= side:
            found = QPixmap(str(resource(f"icons/netdesk-{size}.png")))
            if not found.isNull():
                return found.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return QPixmap()


def words(notice: Notice) -> str:
    """A notification's sentence: no name and no note, as it may show on a locked screen."""
    match notice.kind:
        case "asks":
            return f"{count(notice.count, 'new request')} to look at"
        case "accepted":
            return "Somebody accepted your request"
        case "not sent":
            return "A request of yours could not be sent"
        case "introduction":
            return "An introduction waits for you"
        case _:
            return f"{count(notice.count, 'request')} you wanted to be reminded of"


class Tray(QObject):
    """The icon in the system's tray, where there is one."""

    opened = Signal()
    ended = Signal()

    def __init__(self, parent: QWidget, theme: Theme, now: Now) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now = now
        self.quiet: tuple[int, int] | None = None
        self.on = True
        self.stays = False
        self.said: list[str] = []
        self._parent = parent
        self._icon: QSystemTrayIcon | None = None
        self._number = 0
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._make)
        self._make()
        if self._icon is None:
            self._look.start()  # at a start with the computer the tray may come after the program

    def _make(self) -> None:
        """Show the icon as soon as there is a tray."""
        if self._icon is not None or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        self._look.stop()
        self._icon = QSystemTrayIcon(self)
        menu = QMenu(self._parent)
        menu.addAction("Open NetDesk", self.opened.emit)
        menu.addAction("Quit", self.ended.emit)
        self._icon.setContextMenu(menu)
        self._icon.activated.connect(lambda _: self.opened.emit())
        self._icon.messageClicked.connect(self.opened)
        self._draw()
        self._icon.show()

    @property
    def there(self) -> bool:
        """Whether this desktop shows one now: a panel may come late, and go."""
        self._make()
        return self._icon is not None and QSystemTrayIcon.isSystemTrayAvailable()

    def keeps(self, window: QWidget) -> bool:
        """Hide a window that is being closed, where the owner chose that NetDesk goes on here; whether it did."""
        if not (self.stays and self.there):
            return False
        window.hide()
        return True

    def show_count(self, number: int) -> None:
        """How many requests wait to be looked at."""
        if number != self._number:
            self._number = number
            self._draw()

    def _draw(self) -> None:
        if self._icon is not None:
            self._icon.setIcon(QIcon(counted_icon(self._number, self._theme)))
            self._icon.setToolTip(f"NetDesk: {count(self._number, 'request')} to review")

    def notify(self, notices: tuple[Notice, ...]) -> None:
        """Tell the owner, unless she wants quiet."""
        if not self.on or is_quiet(self.quiet, self._now()):
            return
        for sentence in dict.fromkeys(words(one) for one in notices):
            self.said.append(sentence)
            if self._icon is not None:
                self._icon.showMessage("NetDesk", sentence)
        del self.said[:-20]
