"""The Network tab: connections and follows, suggestions, and the card of a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from netdesk.domain.cards import PersonCard
from netdesk.domain.changes import Changes, Kind
from netdesk.domain.people import AccountId, Circle, PeopleQuery, PersonId, PersonRow, Window
from netdesk.domain.requests import ReportReason
from netdesk.domain.rules.archived import is_archived, not_from_here
from netdesk.ui.answers import ShutOutDialog
from netdesk.ui.bridge import Bridge
from netdesk.ui.delegates import PersonDelegate, SuggestedDelegate, describe_person
from netdesk.ui.panes import CardPane, ListPane, Panes, Segments
from netdesk.ui.parts import PlainLabel, button, column, row
from netdesk.ui.person import PersonActions, person_content
from netdesk.ui.rows import RowList, RowsModel
from netdesk.ui.texts.times import count
from netdesk.ui.theme import Theme

Now = Callable[[], datetime]
LISTS = {"connections": "Connections", "follows": "Follows", "followers": "Followers", "suggested": "Suggested"}
ORDERS = {"recent": "Recently connected", "oldest": "Longest connected", "name": "By name"}
FILTERS = {"": "All", "quiet": "No contact for a year", "incomplete": "Incomplete profiles"}
_EMPTY = {
    "connections": ("No connections yet", "Ask somebody with New request, or answer those who ask you."),
    "follows": ("You follow nobody", "Follows are one way; connections are both ways."),
    "followers": ("Nobody follows you", "When you let somebody follow you, they stand here."),
    "suggested": (
        "No suggestions",
        "Friends of your connections stand here, when you and they have knowing people in common switched on (Privacy).",
    ),
}
_DELAY = 120


class NetworkPage(Panes):
    """The page. `compose` carries (account, address); `open_request` an incoming request's id and place."""

    compose = Signal(int, str)
    open_person = Signal(int)

    def __init__(self, bridge: Bridge, theme: Theme, now: Now) -> None:
        self._bridge = bridge
        self._theme = theme
        self._now = now
        self._account: AccountId | None = None
        self._shown: PersonRow | None = None
        self._picked: list[PersonId] = []
        self._alone: PersonId | None = None
        self._wanted: PersonId | None = None
        self.model: RowsModel[PersonRow] = RowsModel(describe_person)
        self._plain, self._suggested = PersonDelegate(theme, now), SuggestedDelegate(theme, now)
        self.rows: RowList[PersonRow] = RowList(self.model, self._plain, self._plain.height(), "People")
        self._suggested.setParent(self.rows)
        self.segments = Segments(LISTS)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search names, addresses, notes, interests")
        self.search.setAccessibleName("Search in this list")
        self.search.setClearButtonEnabled(True)
        self._circle, self._order, self._filter = QComboBox(), QComboBox(), QComboBox()
        for box, name in ((self._circle, "Circle"), (self._order, "Order"), (self._filter, "Filter")):
            box.setProperty("kind", "quiet")
            box.setAccessibleName(name)
        self._circle.addItem("Circle: everyone", "")
        for key, text in ORDERS.items():
            self._order.addItem(text, key)
        for key, text in FILTERS.items():
            self._filter.addItem(text, key)
        self._bar = QWidget()
        self._bar.setLayout(row(self._circle, self._order, self._filter, None, gap=4))
        self.list = ListPane([self.segments, self.search, self._bar], self.rows, [])
        self.card = CardPane("People are shown here: their profile, whom you both know,\nand the private notes that only you see.")
        super().__init__(self.list, self.card)
        self.model.setParent(self)
        self._typed = QTimer(self, singleShot=True, interval=_DELAY)
        self._typed.timeout.connect(self._show_query)
        self.search.textChanged.connect(lambda _: self._typed.start())
        self.search.returnPressed.connect(self.rows.setFocus)
        self.segments.picked.connect(lambda _: self._show_other_list())
        for box in (self._circle, self._order, self._filter):
            box.activated.connect(lambda _: self._show_query())
        self.rows.picked.connect(self._pick)
        self.card.setFocusProxy(self.rows)
        self.rows.clicked.connect(lambda _: self.show_card() if self.narrow else None)
        self.rows.opened.connect(lambda _: self.show_card())
        self.model.loaded.connect(self._say_if_empty)
        bridge.changed.connect(self._look_again)

    def show_list_of(self, account: AccountId | None) -> None:
        """Show the people of one account, or of all."""
        self._account = account
        self._show_query()
        self._bridge.run(self._bridge.do.network.circles, self._fill_circles)

    def _show_other_list(self) -> None:
        self._show_query()
        self.rows.setFocus()

    def show_person(self, number: PersonId) -> None:
        """Show one person's card, whether they stand in the list or not."""
        if self.rows.choose_id(number):
            self._alone = None
        else:
            self._alone = number
            self._shown = None
            self.rows.choose_nobody()
            self._show(number)
        self.show_card()

    def _show_query(self) -> None:
        kind = self.segments.current
        suggested = kind == "suggested"
        self._bar.setVisible(not suggested)
        delegate = self._suggested if suggested else self._plain
        self.rows.setItemDelegate(delegate)
        self.rows.set_height(delegate.height())
        query = PeopleQuery(kind=kind, text=self.search.text().strip(), account=self._account)
        if not suggested:
            query = replace(
                query,
                circle=self._circle.currentData() or "",
                order=self._order.currentData(),
                quiet_since=self._bridge.do.network.quiet_since() if self._filter.currentData() == "quiet" else None,
                incomplete=self._filter.currentData() == "incomplete",
            )
        page = self._bridge.do.network.page

        def fetch(start: int, limit: int, then: Callable[[Window[PersonRow]], object]) -> None:
            self._bridge.run(partial(page, query, start, limit), then)

        self.model.show_list(fetch)
        self._count()

    def _count(self) -> None:
        self._bridge.run(partial(self._bridge.do.network.counts, self._account), self.segments.count)

    def _fill_circles(self, circles: list[Circle]) -> None:
        chosen = self._circle.currentData()
        self._circle.clear()
        self._circle.addItem("Circle: everyone", "")
        for one in circles:
            self._circle.addItem(f"Circle: {one.name} ({one.size})", one.name)
        self._circle.setCurrentIndex(max(0, self._circle.findData(chosen)))

    def _look_again(self, changes: Changes) -> None:
        if changes.touches(Kind.PEOPLE, Kind.PRIVACY):
            self.rows.refresh()
            self._count()
            shown = self._alone or (self._shown.id if self._shown else None)
            if shown is not None:
                self._show(PersonId(shown))
            self._bridge.run(self._bridge.do.network.circles, self._fill_circles)
        elif changes.touches(Kind.SENT, Kind.INCOMING) and self.segments.current == "suggested":
            self.rows.refresh()
            self._count()

    def _say_if_empty(self) -> None:
        empty = self.model.rowCount() == 0
        if self.search.text().strip() and empty:
            self.list.nothing.say(
                "Nobody found", "No name, address, headline, interest or note has these words.", ("Show all", self.search.clear)
            )
        else:
            ask = ("New request", lambda: self.compose.emit(0, "")) if self.segments.current == "connections" else None
            self.list.nothing.say(*_EMPTY[self.segments.current], ask)
        self.list.show_empty(empty=empty)
        self.card.hint(empty=empty)

    def _pick(self, ids: list[int]) -> None:
        self._picked = [PersonId(one) for one in ids]
        found = self.rows.current_row()
        if self._alone is not None and found is None:
            return
        self._alone = None
        if len(ids) > 1:
            self._shown = None
            self._show_many()
        elif found is None:
            self._shown = None
            self.card.show_content(None)
        else:
            fresh = self._shown is None or self._shown.id != found.id
            self._shown = found
            self._show(found.id)
            if fresh and not found.connected:
                self._bridge.run(partial(self._bridge.do.network.look_at, found.id))

    def _show(self, number: PersonId) -> None:
        self._bridge.run(partial(_load, self._bridge, number), self._show_card, failed=lambda _: None)

    def _show_card(self, loaded: tuple[PersonCard, dict[int, bytes], list[Circle]]) -> None:
        card, pictures, circles = loaded
        if card.person.id not in (self._alone, self._shown.id if self._shown else None):
            return
        if self._editing(card):
            return
        content = person_content(self._bridge, self._theme, card, pictures, circles, self._now(), self.open_person.emit)
        content.setProperty("about", int(card.person.id))
        actions = PersonActions(self._bridge, card)
        actions.compose.connect(self.compose)
        actions.shut_out.connect(partial(self._ask_shut_out, card, report=False))
        self.card.show_content(content, actions)

    def _editing(self, card: PersonCard) -> bool:
        """Whether the owner is writing on this very card: it is not replaced under her hands."""
        focus = self.focusWidget()
        about = self.card.property("about")
        self.card.setProperty("about", int(card.person.id))
        return about == int(card.person.id) and focus is not None and focus.property("keeps") is True and self.card.isAncestorOf(focus)

    def _show_many(self) -> None:
        content = QWidget()
        content.setLayout(column(PlainLabel(f"{count(len(self._picked), 'person', 'people')} selected", "name"), None))
        actions = QWidget()
        picked = list(self._picked)
        remove = button("Remove all", partial(self._bridge.run, partial(self._bridge.do.network.remove, picked)), "danger")
        actions.setLayout(row(remove, None))
        self.card.show_content(content, actions if self.segments.current != "suggested" else None)

    def shut_out_current(self, *, report: bool) -> None:
        """Ask how to shut out the person who is shown."""
        shown = self._alone or (self._shown.id if self._shown else None)
        if shown is not None:
            self._bridge.run(partial(self._bridge.do.network.card, PersonId(shown)), partial(self._ask_shut_out, report=report))

    def _ask_shut_out(self, card: PersonCard, *, report: bool) -> None:
        person, privacy = card.person, self._bridge.do.privacy
        if is_archived(person.address):
            self._bridge.failed.emit(not_from_here(person.address))
            return

        def acquaintances(domain: str, then: Callable[[list[str]], object]) -> None:
            self._bridge.run(partial(privacy.connections_in, person.account, domain), then)

        reporting = self._bridge.desk.servers.reporting(person.account)
        dialog = ShutOutDialog(self, [person.shown_name], [person.address], report=report, reporting=reporting, acquaintances=acquaintances)
        dialog.decided.connect(partial(self._shut_out, card))
        dialog.open()

    def _shut_out(self, card: PersonCard, reason: str, report: ReportReason | None, domain: bool) -> None:
        target = card.person.address.partition("@")[2] if domain and report is None else card.person.address
        self._bridge.run(partial(self._bridge.do.privacy.block, card.person.account, target, reason, report))
        if domain and report is not None:
            whole = card.person.address.partition("@")[2]
            self._bridge.run(partial(self._bridge.do.privacy.block, card.person.account, whole, reason))


def _load(bridge: Bridge, number: PersonId) -> tuple[PersonCard, dict[int, bytes], list[Circle]]:
    """The card, the pictures of the people in common, the circles there are. On the store thread."""
    card = bridge.do.network.card(number)
    return card, bridge.do.network.pictures([one.person for one in (card.mutual or ())[:12]]), bridge.do.network.circles()
