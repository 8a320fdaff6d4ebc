"""A list beside a card; in a narrow window one after the other, with a way back. And what an empty list says."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QMargins, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from netdesk.ui.parts import Card, PlainLabel, Scroll, button, column, restyle, row
from netdesk.ui.texts.times import grouped
from netdesk.ui.theme import LIST_WIDTH, NARROW


class Panes(QWidget):
    """Two panes side by side, or one of them when there is no room."""

    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._right = QWidget()
        self._back = button("‹ Back to the list", self.show_list, "quiet")
        self._back.hide()
        self._right.setLayout(column(row(self._back, None), right, gap=4))
        self._left = left
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(16)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self._right)
        self._splitter.setStretchFactor(0, 0)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([LIST_WIDTH, 2_000])
        left.setMinimumWidth(280)
        self._narrow = False
        self._on_card = False
        layout = column(self._splitter, margins=QMargins(18, 16, 18, 16))
        self.setLayout(layout)
        self.setObjectName("page")
        self.setFocusProxy(left)

    @property
    def narrow(self) -> bool:
        """Whether only one pane is shown."""
        return self._narrow

    def show_card(self) -> None:
        """In a narrow window: the card."""
        self._on_card = True
        self._arrange()

    def show_list(self) -> None:
        """In a narrow window: back to the list."""
        self._on_card = False
        self._arrange()
        self._left.setFocus()

    def sizes(self) -> list[int]:
        """The widths, to be remembered."""
        return self._splitter.sizes()

    def set_sizes(self, sizes: list[int]) -> None:
        """Widths that were remembered."""
        self._splitter.setSizes(sizes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow or not."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self._arrange()

    def _arrange(self) -> None:
        self._left.setVisible(not (self._narrow and self._on_card))
        self._right.setVisible(not self._narrow or self._on_card)
        self._back.setVisible(self._narrow)


class Segments(QFrame):
    """The lists of a page as buttons in a row, with their counts. `picked` carries the name of a list."""

    picked = Signal(str)

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("card")
        self._names = names
        self._buttons: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        layout = QHBoxLayout()
        layout.setContentsMargins(3, 3, 3, 3)
        layout.setSpacing(2)
        for key, text in names.items():
            made = button(text, partial(self.picked.emit, key), "segment")
            made.setCheckable(True)
            group.addButton(made)
            layout.addWidget(made, 1)
            self._buttons[key] = made
        self.setLayout(layout)
        next(iter(self._buttons.values())).setChecked(True)

    @property
    def current(self) -> str:
        """The list that is shown."""
        return next(key for key, one in self._buttons.items() if one.isChecked())

    def choose(self, key: str) -> None:
        """Show another list."""
        self._buttons[key].setChecked(True)
        self.picked.emit(key)

    def count(self, counts: dict[str, int], uncounted: tuple[str, ...] = ()) -> None:
        """Show how many each list has."""
        for key, made in self._buttons.items():
            number = counts.get(key, 0)
            made.setText(f"{self._names[key]} {grouped(number)}" if number and key not in uncounted else self._names[key])
            made.setAccessibleName(f"{self._names[key]}, {number}")


class Nothing(QWidget):
    """What an empty list says: a title, a sentence, one thing to do."""

    def __init__(self) -> None:
        super().__init__()
        self._title = PlainLabel("", "title", wraps=True)
        self._words = PlainLabel("", "dim", wraps=True)
        self._act = button("")
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._acts: Callable[[], object] | None = None
        self._act.clicked.connect(lambda: self._acts() if self._acts else None)
        self.setLayout(column(None, self._title, self._words, row(None, self._act, None), None, None, gap=10,
                              margins=QMargins(24, 8, 24, 8)))  # fmt: skip

    def say(self, title: str, words: str, action: tuple[str, Callable[[], object]] | None = None) -> None:
        """Say this."""
        self._title.setText(title)
        self._words.setText(words)
        self._act.setVisible(action is not None)
        if action is not None:
            self._act.setText(action[0])
            self._acts = action[1]


class ListPane(QWidget):
    """A list with what stands above it and below it, or what an empty one says."""

    def __init__(self, above: list[QWidget], rows: QWidget, below: list[QWidget]) -> None:
        super().__init__()
        self.nothing = Nothing()
        self._stack = QStackedWidget()
        self._stack.addWidget(rows)
        self._stack.addWidget(self.nothing)
        self.setLayout(column(*above, self._stack, *below, gap=8))
        self.setFocusProxy(rows)

    def show_empty(self, *, empty: bool) -> None:
        """The list, or what it says when it is empty."""
        self._stack.setCurrentIndex(1 if empty else 0)


class CardPane(Card):
    """A card whose content scrolls and whose actions stay at the bottom. Beside an empty list it says what it is for."""

    def __init__(self, purpose: str) -> None:
        super().__init__(margin=24, gap=12)
        self._purpose = purpose
        self.setProperty("bare", True)
        self._scroll: Scroll | None = None
        self._actions = QWidget()
        self._line = QFrame()
        self._line.setObjectName("rule")
        self._top = QVBoxLayout()
        self.body.addLayout(self._top, 1)
        self.body.addWidget(self._line)
        self.body.addWidget(self._actions)
        self._line.hide()
        self._actions.hide()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._hint = PlainLabel(purpose, "dim", wraps=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._top.addWidget(self._hint)

    def hint(self, *, empty: bool) -> None:
        """What the card says while it shows nobody: that somebody can be chosen, or, beside an empty list, what it is for."""
        self._hint.setText(self._purpose if empty else "Choose somebody in the list.")

    def show_content(self, content: QWidget | None, actions: QWidget | None = None) -> None:
        """Show this; what was shown before is let go."""
        at = self._scroll.verticalScrollBar().value() if self._scroll is not None and content is not None and self._same(content) else 0
        if self._scroll is not None:
            self._top.removeWidget(self._scroll)
            self._scroll.hide()
            self._scroll.deleteLater()
            self._scroll = None
        self._hint.setVisible(content is None)
        if self.property("bare") != (content is None):
            self.setProperty("bare", content is None)
            restyle(self)
        if content is not None:
            self._scroll = Scroll(content)
            self._top.addWidget(self._scroll)
            self._scroll.verticalScrollBar().setValue(at)
        self.body.removeWidget(self._actions)
        self._actions.hide()
        self._actions.deleteLater()
        self._actions = actions or QWidget()
        self.body.addWidget(self._actions)
        self._actions.setVisible(actions is not None)
        self._line.setVisible(actions is not None)

    def _same(self, content: QWidget) -> bool:
        shown = self._scroll.widget() if self._scroll is not None else None
        return shown is not None and bool(content.property("about")) and shown.property("about") == content.property("about")
