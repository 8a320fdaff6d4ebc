"""The small parts of pages: plain labels, chips, portraits, cards, lines that wrap."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QMargins, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from netdesk.ui.pictures import paint_portrait
from netdesk.ui.theme import Theme


class PlainLabel(QLabel):
    """A label that shows its text as it is: no HTML, no links, nothing opened or loaded for it."""

    def __init__(self, text: str = "", look: str = "", *, wraps: bool = False, selectable: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("look", look)
        self.setWordWrap(wraps)
        if wraps:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            self.setMinimumWidth(60)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setText(text)

    def set_look(self, look: str) -> None:
        """Another look of the style sheet: dim, small, strong, title, name, good, bad, caution."""
        if self.property("look") != look:
            self.setProperty("look", look)
            restyle(self)


class ElidedLabel(PlainLabel):
    """One line that gives way: what does not fit is cut with … (in the middle for addresses), whole in the tooltip."""

    def __init__(self, text: str = "", look: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__("", look)
        self._whole = ""
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_whole(text)

    def set_whole(self, text: str) -> None:
        """Show this text."""
        self._whole = text
        self.setAccessibleName(text)
        self._cut()

    def sizeHint(self) -> QSize:
        """As wide as the whole text."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self._whole[:400]) + 4, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole[:2_000], self._mode, max(self.width(), 20))
        self.setText(shown)
        self.setToolTip(plain_tip(self._whole) if shown != self._whole else "")


def plain_tip(text: str) -> str:
    """A tooltip that shows `text` as it is; Qt would read HTML in it."""
    escaped = text[:1_000].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<qt>{escaped}</qt>"


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at a widget's properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def chip(text: str, tone: str = "plain") -> PlainLabel:
    """A fact in a word or two."""
    label = PlainLabel(text)
    label.setProperty("chip", tone)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return label


def button(text: str, pressed: Callable[[], object] | None = None, kind: str = "", *, tip: str = "", name: str = "") -> QPushButton:
    """A push button; `kind`: main, danger, quiet, link. `name` is what a screen reader says when the text is not enough."""
    made = QPushButton(text.replace("&", "&&"))
    made.setProperty("kind", kind)
    made.setAutoDefault(False)
    if kind == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if tip:
        made.setToolTip(plain_tip(tip))
    if name:
        made.setAccessibleName(name)
    if pressed is not None:
        made.clicked.connect(lambda *_: pressed())
    return made


def row(*widgets: QWidget | int | None, gap: int = 8) -> QHBoxLayout:
    """Widgets beside each other; a number is a space, None takes what is left."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    _fill(layout, widgets)
    return layout


def column(*widgets: QWidget | QLayout | int | None, gap: int = 8, margins: QMargins | None = None) -> QVBoxLayout:
    """Widgets and layouts below each other; a number is a space, None takes what is left."""
    layout = QVBoxLayout()
    layout.setContentsMargins(margins or QMargins(0, 0, 0, 0))
    layout.setSpacing(gap)
    _fill(layout, widgets)
    return layout


def centred(inner: QWidget, widest: int) -> QWidget:
    """A page in the middle of what is wider than it may be, in pixels."""
    inner.setMaximumWidth(widest)
    outer = QWidget()
    middle = QHBoxLayout(outer)
    middle.addStretch(1)
    middle.addWidget(inner, 50)
    middle.addStretch(1)
    return outer


def _fill(layout: QHBoxLayout | QVBoxLayout, widgets: Iterable[QWidget | QLayout | int | None]) -> None:
    for one in widgets:
        if one is None:
            layout.addStretch(1)
        elif isinstance(one, int):
            layout.addSpacing(one)
        elif isinstance(one, QLayout):
            layout.addLayout(one)
        else:
            layout.addWidget(one)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let go of it."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


class Card(QFrame):
    """A framed card with a layout of its own."""

    def __init__(self, title: str = "", *, margin: int = 18, gap: int = 8) -> None:
        super().__init__()
        self.setObjectName("card")
        self.body = column(gap=gap, margins=QMargins(margin, margin - 2, margin, margin - 2))
        self.setLayout(self.body)
        if title:
            self.body.addWidget(PlainLabel(title, "title"))


class Portrait(QWidget):
    """Somebody's picture, or initials."""

    def __init__(self, theme: Theme, side: int) -> None:
        super().__init__()
        self._theme = theme
        self._who: tuple[str, str, bytes] = ("", "@", b"")
        self.setFixedSize(side, side)

    def show_person(self, name: str, address: str, picture: bytes) -> "Portrait":
        """Show this person."""
        self._who = (name, address, picture)
        self.setAccessibleName(f"Picture of {name}" if picture else "")
        self.update()
        return self

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint."""
        painter = QPainter(self)
        paint_portrait(painter, QRectF(self.rect()), *self._who, self._theme)
        painter.end()


class Ring(QWidget):
    """How complete a profile is: a ring with the number in words beside it for screen readers."""

    def __init__(self, theme: Theme, side: int = 46) -> None:
        super().__init__()
        self._theme = theme
        self._percent = 0
        self.setFixedSize(side, side)

    def show_percent(self, percent: int) -> None:
        """Show this percentage."""
        self._percent = percent
        self.setAccessibleName(f"Profile {percent} % complete")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.setPen(QPen(QColor(tokens.line), 4))
        painter.drawEllipse(inner)
        colour = tokens.good if self._percent >= 60 else tokens.caution if self._percent > 25 else tokens.bad
        painter.setPen(QPen(QColor(colour), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(inner, 90 * 16, int(-self._percent * 57.6))
        painter.setPen(QColor(tokens.ink))
        painter.setFont(self._theme.font(0.8, bold=True))
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, f"{self._percent}%")
        painter.end()


class Flow(QLayout):
    """A row of widgets that goes on in the next line when there is no room."""

    def __init__(self, gap: int = 8) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take one more."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, at: int) -> QLayoutItem | None:
        """One of them."""
        return self._items[at] if 0 <= at < len(self._items) else None

    def takeAt(self, at: int) -> QLayoutItem | None:
        """Take one out."""
        return self._items.pop(at) if 0 <= at < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """The height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """How high it is at this width."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place them."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """As large as the largest of them."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """As large as the largest of them."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            hint = item.sizeHint()
            width = min(hint.width(), rect.width()) if rect.width() > 0 else hint.width()
            if x + width > rect.right() + 1 and x > rect.x():
                x, y, line = rect.x(), y + line + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), QSize(width, hint.height())))
            x += width + self._gap
            line = max(line, hint.height())
        return y + line - rect.y()


class Scroll(QScrollArea):
    """What is too high scrolls; what is too wide never does."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        inner.setMinimumHeight(1)  # else Qt takes the height that wrapped labels would have if they were narrow
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # to be scrolled with the keys; a click on its ground marks nothing
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


SHEET = QMargins(22, 20, 22, 18)


class Sheet(QDialog):
    """A dialog with margins, as wide as it is told and as high as its words need at that width."""

    def __init__(self, parent: QWidget | None, title: str, width: int = 440) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumSize(240, 80)  # else Qt takes the height that wrapped labels would have if they were narrow
        self._width = width

    def fit(self) -> None:
        """As high as it must be, and not higher than the screen."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            most = self.screen().availableGeometry().height() - 40
            height = layout.totalHeightForWidth(self._width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
            self.resize(self._width, min(height, most))

    def showEvent(self, event: QShowEvent) -> None:
        """Fit."""
        self.fit()
        super().showEvent(event)


class Clickable(QFrame):
    """A frame that acts like a button, for a portrait with a name under it."""

    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click inside counts."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


def banner(kind: str, text: str, *widgets: QWidget) -> tuple[QFrame, PlainLabel]:
    """A band with a sentence and what can be done about it; `kind`: notice, trouble, band."""
    frame = QFrame()
    frame.setObjectName(kind)
    label = PlainLabel(text, wraps=True)
    layout = row(label, *widgets)
    layout.setContentsMargins(12, 8, 12, 8)
    layout.setStretch(0, 1)
    frame.setLayout(layout)
    return frame, label
