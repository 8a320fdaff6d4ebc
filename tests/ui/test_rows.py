"""The paged model: whatever happens below, what stays keeps its selection; judged by Qt's own model tester."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from tests.builders import NOW

from netdesk.domain.people import Window
from netdesk.ui.delegates import PersonDelegate
from netdesk.ui.rows import KEPT_PAGES, PAGE, ROW_ROLE, RowList, RowsModel
from netdesk.ui.theme import Theme


@dataclass(frozen=True)
class Row:
    id: int
    text: str = ""


class Source:
    """A list somewhere else, which answers at once or when it is let."""

    def __init__(self, count: int) -> None:
        self.rows = [Row(number, f"row {number}") for number in range(count)]
        self.asked = 0
        self.waiting: list[Callable[[], object]] = []
        self.at_once = True

    def fetch(self, start: int, limit: int, then: Callable[[Window[Row]], object]) -> None:
        self.asked += 1
        answer = lambda: then(Window(len(self.rows), start, tuple(self.rows[start : start + limit])))  # noqa: E731
        if self.at_once:
            answer()
        else:
            self.waiting.append(answer)


def filled(source: Source) -> RowsModel[Row]:
    model: RowsModel[Row] = RowsModel(lambda row: row.text)
    model.show_list(source.fetch)
    return model


def test_qt_finds_nothing_wrong(qtmodeltester: ModelTester) -> None:
    source = Source(450)
    model = filled(source)
    source.at_once = False  # as in the program: an answer never comes within the question
    qtmodeltester.check(model)
    for rows in ([*source.rows[:3], *source.rows[4:7], Row(9_999, "new"), *source.rows[7:]], source.rows[:5], [], source.rows[:120]):
        source.rows = rows
        model.refresh(0, 20)
        for answer in (*source.waiting,):
            answer()
        source.waiting.clear()
        assert model.rowCount() == len(rows)


def test_a_million_rows_hold_a_few_pages() -> None:
    source = Source(0)
    source.rows = [Row(number) for number in range(200_000)]
    model = filled(source)
    assert model.rowCount() == 200_000 and source.asked == 1
    for place in range(0, 200_000, 5_000):
        model.data(model.index(place, 0))
    assert model.row(195_000) is not None
    assert len(model._rows) <= (KEPT_PAGES + 1) * PAGE


def test_a_row_that_is_not_here_is_asked_for_once() -> None:
    source = Source(1_000)
    model = filled(source)
    source.at_once = False
    for _ in range(5):
        assert model.data(model.index(500, 0), ROW_ROLE) is None
    assert len(source.waiting) == 1
    source.waiting[0]()
    assert model.data(model.index(500, 0), ROW_ROLE) == Row(500, "row 500")


def test_an_answer_for_an_older_list_is_dropped() -> None:
    old, new = Source(10), Source(3)
    old.at_once = False
    model: RowsModel[Row] = RowsModel(lambda row: row.text)
    model.show_list(old.fetch)
    model.show_list(new.fetch)
    old.waiting[0]()
    assert model.rowCount() == 3


@pytest.fixture
def shown(qtbot: QtBot, qapp: object) -> tuple[Source, RowsModel[Row], RowList[Row]]:
    source = Source(300)
    theme = Theme(qapp)  # type: ignore[arg-type]
    model: RowsModel[Row] = RowsModel(lambda row: row.text)

    class Plain(PersonDelegate):
        def draw(self, *_arguments: object) -> None:
            return

    view: RowList[Row] = RowList(model, Plain(theme, lambda: NOW), 40, "Rows")
    model.setParent(view)
    qtbot.addWidget(view)
    view.resize(300, 400)
    view.show()
    model.show_list(source.fetch)
    return source, model, view


def test_when_the_current_row_leaves_the_next_one_is_current(shown: tuple[Source, RowsModel[Row], RowList[Row]], qtbot: QtBot) -> None:
    source, _, view = shown
    view.go_to(2)
    source.rows.pop(2)
    view.refresh()
    assert view.current_row() == Row(3, "row 3")


def test_what_stays_keeps_its_selection_and_place(shown: tuple[Source, RowsModel[Row], RowList[Row]]) -> None:
    source, _, view = shown
    view.go_to(5)
    before = view.verticalScrollBar().value()
    source.rows.insert(9, Row(777, "new"))
    source.rows.pop(0)
    view.refresh()
    assert view.current_row() == Row(5, "row 5")
    assert view.picked_ids() == [5]
    assert view.verticalScrollBar().value() == before


def test_several_rows_are_picked_and_left(shown: tuple[Source, RowsModel[Row], RowList[Row]]) -> None:
    _, _, view = shown
    view.select_ids([1, 3, 4])
    assert view.picked_ids() == [1, 3, 4]
    assert view.leave_selection() and len(view.picked_ids()) == 1
    assert not view.leave_selection()


def test_up_and_down_stop_at_the_ends(shown: tuple[Source, RowsModel[Row], RowList[Row]]) -> None:
    _, _, view = shown
    view.go_to(0)
    view.step(-1)
    assert view.currentIndex().row() == 0
    view.go_to(299)
    view.step(1)
    assert view.currentIndex().row() == 299


def test_rows_are_described_for_screen_readers(shown: tuple[Source, RowsModel[Row], RowList[Row]]) -> None:
    _, model, view = shown
    assert view.accessibleName() == "Rows"
    assert model.data(model.index(4, 0), Qt.ItemDataRole.AccessibleTextRole) == "row 4"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=30), st.integers(0, 60))
def test_any_changes_below_come_out_right(changes: list[tuple[int, bool]], count: int) -> None:
    source = Source(count)
    model = filled(source)
    fresh = 1_000
    for place, add in changes:
        if add:
            fresh += 1
            source.rows.insert(min(place, len(source.rows)), Row(fresh))
        elif place < len(source.rows):
            source.rows.pop(place)
        if place % 3 == 0:
            model.refresh(0, 99)
    model.refresh(0, 99)
    assert [model.row(at) for at in range(model.rowCount())] == source.rows


@pytest.mark.parametrize("chosen", [[3], [1, 3, 4]])
def test_rows_that_change_their_place_take_the_choice_with_them(
    qtbot: QtBot, shown: tuple[Source, RowsModel[Row], RowList[Row]], chosen: list[int]
) -> None:
    source, _, view = shown
    view.go_to(3)
    view.select_ids(chosen)
    source.rows = [source.rows[7], source.rows[5], *(one for one in source.rows if one.id not in (7, 5, 3)), source.rows[3]][:60]
    source.rows.insert(20, Row(3, "row 3"))
    view.refresh()
    qtbot.wait(5)
    current = view.current_row()
    assert current is not None and current.id == 3
    assert sorted(view.picked_ids()) == chosen
