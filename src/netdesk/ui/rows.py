"""Long lists: a model that holds a few pages of rows, and a view of cards of one height."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Any, Final, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QItemSelection, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView, QWidget

from netdesk.domain.people import Window

PAGE: Final = 100
KEPT_PAGES: Final = 12
ROW_ROLE: Final = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex


class Numbered(Protocol):
    """A row with an id."""

    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=Numbered)
Fetch = Callable[[int, int, Callable[[Window[R]], object]], None]


class RowsModel(QAbstractTableModel, Generic[R]):
    """Rows of a list of any length: it knows how many there are and holds the pages that were looked at.

    `fetch(start, limit, then)` asks for rows and returns at once. Filters and orders are the fetcher's.
    `loaded` is emitted after each answer, `merging` before one that may move rows.
    """

    loaded = Signal()
    merging = Signal()

    def __init__(self, describe: Callable[[R], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._describe = describe
        self._fetch: Fetch[R] | None = None
        self._rows: dict[int, R] = {}
        self._total = 0
        self._asked: set[int] = set()
        self._generation = 0
        self.known = False  # whether any answer has come for this list

    # what the view asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """How many rows the list has."""
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        """One column."""
        return 0 if parent.isValid() else 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself under ROW_ROLE; its description for screen readers and plain views. A row that is not here is asked for."""
        if not index.isValid() or not 0 <= index.row() < self._total:
            return None
        row = self._rows.get(index.row())
        if row is None:
            self._want(index.row() // PAGE)
            return None
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._describe(row)
        return None

    def row(self, at: int) -> R | None:
        """The row at a place, if it is here."""
        return self._rows.get(at)

    def place_of(self, number: int) -> int:
        """The place of the row with this id among those that are here; -1 when it is not."""
        return next((at for at, row in self._rows.items() if row.id == number), -1)

    def places(self) -> dict[int, int]:
        """The place of each row that is here, by its id."""
        return {row.id: at for at, row in self._rows.items()}

    # filling

    def show_list(self, fetch: "Fetch[R]") -> None:
        """Show another list: what is here stays until the first page of the new one has come."""
        self._fetch = fetch
        self._generation += 1
        self._asked.clear()
        generation = self._generation
        fetch(0, PAGE, lambda window: self._replace(generation, window))

    def refresh(self, first: int, last: int) -> None:
        """Look again at the rows from `first` to `last`: only what differs is inserted, removed or changed."""
        if self._fetch is None:
            return
        start = max(0, first // PAGE * PAGE)
        span = max(PAGE, (last // PAGE + 1) * PAGE - start)
        generation = self._generation
        self._fetch(start, span, lambda window: self._merge(generation, window, span))

    def _want(self, page: int) -> None:
        if self._fetch is None or page in self._asked:
            return
        self._asked.add(page)
        generation = self._generation
        self._fetch(page * PAGE, PAGE, lambda window: self._fill(generation, page, window))

    def _replace(self, generation: int, window: Window[R]) -> None:
        if generation != self._generation:
            return
        self.beginResetModel()
        self._rows = dict(enumerate(window.rows))
        self._total = window.total
        self._asked.clear()
        self.known = True
        self.endResetModel()
        self.loaded.emit()

    def _fill(self, generation: int, page: int, window: Window[R]) -> None:
        self._asked.discard(page)
        if generation != self._generation:
            return
        self._resize(window.total)
        for at, row in enumerate(window.rows, window.start):
            if at < self._total:
                self._rows[at] = row
        self._forget_far_from(page)
        self._tell_changed(window.start, len(window.rows))
        self.loaded.emit()

    def _forget_far_from(self, page: int) -> None:
        if len(self._rows) > KEPT_PAGES * PAGE:
            near = range((page - KEPT_PAGES // 2) * PAGE, (page + KEPT_PAGES // 2) * PAGE)
            self._rows = {at: row for at, row in self._rows.items() if at in near}

    def _tell_changed(self, start: int, count: int) -> None:
        if count and start < self._total:
            self.dataChanged.emit(self.index(start, 0), self.index(min(start + count, self._total) - 1, 0))

    def _merge(self, generation: int, window: Window[R], span: int) -> None:
        if generation != self._generation:
            return
        self.merging.emit()
        start = window.start
        old = [self._rows.get(at) for at in range(start, min(start + span, self._total))]
        self._rows = {at: row for at, row in self._rows.items() if start <= at < start + span}
        if all(row is not None for row in old):
            self._move([row.id for row in old if row is not None], window.rows, start)
        self._resize(window.total)
        before = dict(self._rows)
        self._rows = {at: row for at, row in enumerate(window.rows, start) if at < self._total}
        for at, row in self._rows.items():
            if before.get(at) != row:
                self._tell_changed(at, 1)
        self.known = True
        self.loaded.emit()

    def _move(self, old: Sequence[int], new: Sequence[R], start: int) -> None:
        """Remove and insert what differs between the old ids and the new rows, from the end to the beginning."""
        codes = SequenceMatcher(None, old, [row.id for row in new], autojunk=False).get_opcodes()
        for tag, first, last, new_first, new_last in reversed(codes):
            if tag in ("delete", "replace"):
                self._take_out(start + first, last - first)
            if tag in ("insert", "replace"):
                self._put_in(start + first, new[new_first:new_last])

    def _take_out(self, at: int, count: int) -> None:
        self.beginRemoveRows(QModelIndex(), at, at + count - 1)
        self._rows = {n if n < at else n - count: row for n, row in self._rows.items() if not at <= n < at + count}
        self._total -= count
        self.endRemoveRows()

    def _put_in(self, at: int, rows: Sequence[R]) -> None:
        self.beginInsertRows(QModelIndex(), at, at + len(rows) - 1)
        self._rows = {n if n < at else n + len(rows): row for n, row in self._rows.items()} | dict(enumerate(rows, at))
        self._total += len(rows)
        self.endInsertRows()

    def _resize(self, total: int) -> None:
        """Add or drop rows at the end."""
        if total < self._total:
            self.beginRemoveRows(QModelIndex(), total, self._total - 1)
            self._rows = {at: row for at, row in self._rows.items() if at < total}
            self._total = total
            self.endRemoveRows()
        elif total > self._total:
            self.beginInsertRows(QModelIndex(), self._total, total - 1)
            self._total = total
            self.endInsertRows()


class RowList(QTableView, Generic[R]):
    """A list of cards of one height. `chosen` carries the current row, or None; `picked` the selected ids when they change."""

    chosen = Signal(object)
    picked = Signal(object)
    opened = Signal(object)

    def __init__(self, model: RowsModel[R], delegate: QAbstractItemDelegate, height: int, name: str) -> None:
        super().__init__()
        self._rows_model = model
        self.setModel(model)
        self.setItemDelegate(delegate)
        delegate.setParent(self)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.horizontalHeader().setVisible(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setMinimumSectionSize(16)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.set_height(height)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(ROW_ROLE)))
        self._kept: tuple[int, list[int]] | None = None
        model.merging.connect(self._keep_chosen)
        model.loaded.connect(self._after_load)
        self._announce = QTimer(self, singleShot=True, interval=0)
        self._announce.timeout.connect(self._say_chosen)
        self.selectionModel().selectionChanged.connect(lambda *_: self._announce.start())
        self.selectionModel().currentChanged.connect(lambda *_: self._announce.start())
        model.modelReset.connect(self._announce.start)

    def set_height(self, height: int) -> None:
        """The height of every row, in pixels."""
        self.verticalHeader().setDefaultSectionSize(height)

    def visible_range(self) -> tuple[int, int]:
        """The first and the last row that are seen."""
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        return first, last if last >= 0 else max(first, self._rows_model.rowCount() - 1)

    def refresh(self) -> None:
        """Look again at what is seen."""
        self._rows_model.refresh(*self.visible_range())

    def current_row(self) -> R | None:
        """The row that is current and selected."""
        index = self.currentIndex()
        return self._rows_model.row(index.row()) if index.isValid() else None

    def picked_ids(self) -> list[int]:
        """The ids of the selected rows that are here, in their order."""
        found: list[int] = []
        for span in self.selectionModel().selection().toList():
            for at in range(span.top(), span.bottom() + 1):
                row = self._rows_model.row(at)
                if row is not None:
                    found.append(row.id)
        return found

    def step(self, by: int) -> None:
        """Go up or down by so many rows."""
        count = self._rows_model.rowCount()
        if count:
            self.go_to(min(max(self.currentIndex().row() + by, 0), count - 1))

    def go_to(self, place: int) -> None:
        """Make the row at a place the current one."""
        flags = QItemSelectionModel.SelectionFlag
        index = self._rows_model.index(place, 0)
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def select_ids(self, numbers: Sequence[int]) -> None:
        """Select those of these rows that are here."""
        wanted, places = QItemSelection(), self._rows_model.places()
        for number in numbers:
            if number in places:
                index = self._rows_model.index(places[number], 0)
                wanted.select(index, index)
        self.selectionModel().select(wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def leave_selection(self) -> bool:
        """Of several selected rows leave only the current one; whether there were several."""
        if len(self.picked_ids()) < 2:
            return False
        self.go_to(max(0, self.currentIndex().row()))
        return True

    def choose_nobody(self) -> None:
        """No row is current: somebody is shown who stands elsewhere."""
        self.selectionModel().clear()

    def choose_id(self, number: int) -> bool:
        """Make the row with this id current, if it is here."""
        place = self._rows_model.place_of(number)
        if place >= 0:
            self.go_to(place)
        return place >= 0

    def rowsAboutToBeRemoved(self, parent: _Index, first: int, last: int) -> None:
        """When the current row leaves, the one behind it becomes current; Qt would take the one before."""
        if first <= self.currentIndex().row() <= last:
            count = self._rows_model.rowCount()
            after = last + 1 if last + 1 < count else first - 1
            if after >= 0:
                self.go_to(after)
        super().rowsAboutToBeRemoved(parent, first, last)

    def _keep_chosen(self) -> None:
        """Rows that change their place take the choice with them."""
        current = self.current_row()
        self._kept = (current.id, self.picked_ids()) if current is not None else None

    def _choose_again(self) -> None:
        kept, self._kept = self._kept, None
        if kept is None:
            return
        places = self._rows_model.places()
        place = places.get(kept[0], -1)
        there = [one for one in kept[1] if one in places]
        if place >= 0 and (self.currentIndex().row() != place or set(self.picked_ids()) != set(there)):
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(self._rows_model.index(place, 0), flags.NoUpdate)
            self.select_ids(there)

    def _after_load(self) -> None:
        """A list that has rows has a current one; the view tells what became of it."""
        self._choose_again()
        count = self._rows_model.rowCount()
        if count and (not self.currentIndex().isValid() or not self.selectionModel().hasSelection()):
            self.go_to(min(max(self.currentIndex().row(), 0), count - 1))
        self._announce.start()

    def _say_chosen(self) -> None:
        self.chosen.emit(self.current_row())
        self.picked.emit(self.picked_ids())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; letters are the window's shortcuts, not a search in the list."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.current_row())
            return
        if event.text().isalnum() and not event.modifiers():
            event.ignore()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cards are as wide as the list."""
        super().resizeEvent(event)
        self.viewport().update()
