"""The Sent tab: what the owner asked of others, and what became of it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QMargins, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QPlainTextEdit, QProgressBar, QPushButton, QSpinBox, QWidget

from netdesk.domain.cards import SentCard
from netdesk.domain.changes import Changes, Kind
from netdesk.domain.people import AccountId, Window
from netdesk.domain.requests import NOTE_LENGTH, OPEN_OUTGOING, Outgoing, OutgoingId, OutgoingQuery, OutgoingRow, SentFigures
from netdesk.domain.rules.archived import is_archived
from netdesk.domain.rules.numbers import SUGGEST_WITHDRAW_AFTER
from netdesk.ui import sections
from netdesk.ui.answers import later_menu, open_menu
from netdesk.ui.archived import open_button
from netdesk.ui.bridge import Bridge
from netdesk.ui.delegates import SentDelegate, describe_sent
from netdesk.ui.introductions import IntroduceButtons
from netdesk.ui.panes import CardPane, ListPane, Panes, Segments
from netdesk.ui.parts import SHEET, Card, Flow, PlainLabel, Sheet, button, column, row
from netdesk.ui.rows import RowList, RowsModel
from netdesk.ui.texts import archives
from netdesk.ui.texts.moments import outgoing_hint, outgoing_state
from netdesk.ui.texts.times import count, hours, moment, until
from netdesk.ui.theme import Theme

Now = Callable[[], datetime]
LISTS = {"waiting": "Waiting", "drafts": "Drafts", "accepted": "Accepted", "ended": "Ended"}
_EMPTY = {
    "waiting": ("Nothing waits for an answer", "Ask somebody to connect: a few words of your own help them to decide."),
    "drafts": ("No drafts", "A request that you begin and do not send yet is kept here."),
    "accepted": ("Nobody has accepted yet", "Those who say yes to your requests stand here."),
    "ended": ("Nothing has ended", "Requests that were declined, taken back or not answered stand here."),
}


class SentPage(Panes):
    """The page. `compose` carries (account, address); (0, "") for somebody new."""

    compose = Signal(int, str)
    open_person = Signal(int)

    def __init__(self, bridge: Bridge, theme: Theme, now: Now) -> None:
        self._bridge = bridge
        self._theme = theme
        self._now = now
        self._account: AccountId | None = None
        self._shown: OutgoingRow | None = None
        self._picked: list[OutgoingId] = []
        self._wanted: OutgoingId | None = None
        self.model: RowsModel[OutgoingRow] = RowsModel(lambda one: describe_sent(one, now()))
        delegate = SentDelegate(theme, now)
        self.rows: RowList[OutgoingRow] = RowList(self.model, delegate, delegate.height(), "Sent requests")
        self.segments = Segments(LISTS)
        self._older = button("Withdraw older than…", self._ask_older, "quiet")
        above = QWidget()
        above.setLayout(row(PlainLabel("Longest waiting first", "small"), None, self._older))
        self._above = above
        self.figures = FiguresCard()
        self.list = ListPane([self.segments, above], self.rows, [self.figures])
        self.card = CardPane("What became of a request is shown here,\nwith its history and what you can still do.")
        super().__init__(self.list, self.card)
        self.model.setParent(self)
        self.segments.picked.connect(lambda _: self._show_other_list())
        self.rows.picked.connect(self._pick)
        self.card.setFocusProxy(self.rows)
        self.rows.clicked.connect(lambda _: self.show_card() if self.narrow else None)
        self.rows.opened.connect(self._open)
        self.model.loaded.connect(self._say_if_empty)
        bridge.changed.connect(self._look_again)

    def show_list_of(self, account: AccountId | None) -> None:
        """Show the chosen list, of one account or of all."""
        self._account = account
        query = OutgoingQuery(self.segments.current, account)
        self._above.setVisible(query.place == "waiting")
        page = self._bridge.do.sent.page

        def fetch(start: int, limit: int, then: Callable[[Window[OutgoingRow]], object]) -> None:
            self._bridge.run(partial(page, query, start, limit), then)

        self.model.show_list(fetch)
        self._count()

    def _show_other_list(self) -> None:
        self.show_list_of(self._account)
        self.rows.setFocus()

    def open_request(self, number: OutgoingId) -> None:
        """Show one request that waits."""
        self._wanted = number
        if self.segments.current != "waiting":
            self.segments.choose("waiting")
        elif self.rows.choose_id(number):
            self._wanted = None
        self.show_card()

    def choose_when_there(self, number: int) -> None:
        """Choose a request as soon as this list has it."""
        self._wanted = None if self.rows.choose_id(number) else OutgoingId(number)

    def tick(self) -> None:
        """A second has passed: what counts down is painted anew."""
        if self._shown is not None and self._shown.state is Outgoing.HELD:
            self.rows.viewport().update()

    def _count(self) -> None:
        self._bridge.run(partial(self._bridge.do.sent.counts, self._account), self.segments.count)
        self._bridge.run(partial(_figures, self._bridge, self._account), self.figures.show_figures)

    def _look_again(self, changes: Changes) -> None:
        if changes.touches(Kind.SENT):
            self.rows.refresh()
            self._count()
            if self._shown is not None and len(self._picked) <= 1:
                self._show(self._shown.id)
        elif changes.touches(Kind.ACCOUNTS):
            self._count()

    def _say_if_empty(self) -> None:
        title, sentence = _EMPTY[self.segments.current]
        self.list.nothing.say(title, sentence, ("New request", lambda: self.compose.emit(0, "")))
        self.list.show_empty(empty=self.model.rowCount() == 0)
        self.card.hint(empty=self.model.rowCount() == 0)
        if self._wanted is not None and self.rows.choose_id(self._wanted):
            self._wanted = None

    def _pick(self, ids: list[int]) -> None:
        self._picked = [OutgoingId(one) for one in ids]
        found = self.rows.current_row()
        if len(ids) > 1:
            self._shown = None
            content = QWidget()
            content.setLayout(column(PlainLabel(f"{count(len(ids), 'request')} selected", "name"), None))
            self.card.show_content(content, self._many_actions())
        elif found is None:
            self._shown = None
            self.card.show_content(None)
        else:
            self._shown = found
            self._show(found.id)

    def _open(self, found: OutgoingRow | None) -> None:
        if found is not None and found.state is Outgoing.DRAFT:
            self.compose.emit(found.account, found.address)
        else:
            self.show_card()

    def _many_actions(self) -> QWidget | None:
        if self.segments.current != "waiting":
            return None
        box = QWidget()
        box.setLayout(row(button("Withdraw all   W", self.withdraw), None))
        return box

    def _show(self, number: OutgoingId) -> None:
        self._bridge.run(partial(_load, self._bridge, number), self._show_card, failed=lambda _: None)

    def _show_card(self, loaded: tuple[SentCard, dict[int, bytes]]) -> None:
        card, pictures = loaded
        if self._shown is None or self._shown.id != card.row.id:
            return
        found, now = card.row, self._now()
        state, tone = ("Can be undone", "accent") if found.state is Outgoing.HELD else outgoing_state(found, now)
        profile = card.person.profile
        foreign = is_archived(found.address)
        sent = f"Sent {moment(found.sent_at, now)}" if found.sent_at else f"Written {moment(found.created_at, now)}"
        sent = f"Sent {archives.when(found.stamp)}, as the export says" if foreign else sent
        content = QWidget()
        content.setProperty("about", int(found.id))
        layout = column(
            sections.head(self._theme, (found.name, found.address, found.picture), found.headline, [(state, tone)], None, ring=False),
            sections.note(found.note, sent),
            sections.history(card.history, now, hint="" if foreign else outgoing_hint(found, now)),
            gap=16,
            margins=QMargins(0, 0, 6, 6),
        )
        if not foreign:
            layout.insertLayout(2, sections.mutual(self._theme, card.mutual, pictures, self.open_person.emit))
            layout.insertLayout(3, sections.interests(profile.interests if profile else None, (), "Interests"))
        layout.addStretch(1)
        content.setLayout(layout)
        self.card.show_content(content, self._actions(card))

    def _actions(self, card: SentCard) -> QWidget | None:
        found = card.row
        line = Flow(8)
        if is_archived(found.address):
            line.addWidget(open_button(card.person))
            if found.state in OPEN_OUTGOING:
                line.addWidget(button("Taken back there   W", self.withdraw, tip="Tick it off: NetDesk tells nobody"))
                line.addWidget(button("Remind me   L", self.remind))
        elif found.state is Outgoing.DRAFT:
            line.addWidget(button("Go on writing", partial(self.compose.emit, found.account, found.address), "main"))
            line.addWidget(button("Delete draft", partial(self._bridge.run, partial(self._bridge.do.sent.delete_draft, found.id))))
        elif found.state in OPEN_OUTGOING:
            line.addWidget(button("Withdraw   W", self.withdraw))
            line.addWidget(button("Remind me   L" if found.remind_at is None else "Reminder is set   L", self.remind,
                                  tip="" if found.remind_at is None else f"Reminds you {until(found.remind_at, self._now())}"))  # fmt: skip
            if card.mutual and found.state is Outgoing.WAITING:
                vouchers = [(one.name, one.address) for one in card.mutual]
                line.addWidget(IntroduceButtons(self._bridge, found.account, found.address, vouchers))
            if found.state is Outgoing.WAITING:
                line.addWidget(self._follow_up_button(card))
        elif found.state in (Outgoing.DECLINED, Outgoing.WITHDRAWN, Outgoing.NO_ANSWER, Outgoing.REFUSED):
            line.addWidget(button("Ask again…", partial(self.compose.emit, found.account, found.address)))
        if not line.count():
            return None
        box = QWidget()
        box.setLayout(line)
        return box

    def _follow_up_button(self, card: SentCard) -> QPushButton:
        made = button("Write once more…", partial(self._follow_up, card.row.id))
        made.setEnabled(card.follow_up.allowed)
        if card.follow_up.until is not None:
            made.setToolTip(f"One follow-up, possible {until(card.follow_up.until, self._now())}")
        elif not card.follow_up.allowed:
            made.setToolTip("You have written once more already")
        return made

    # acts

    def withdraw(self) -> None:
        """Take back what is selected."""
        waiting = [one for one in self._picked if (found := self.model.row(self.model.place_of(one))) and found.state in OPEN_OUTGOING]
        if waiting:
            self._bridge.run(partial(self._bridge.do.sent.withdraw, waiting))

    def remind(self) -> None:
        """Choose when to be reminded of the request that is shown."""
        shown = self._shown
        if shown is None or shown.state not in OPEN_OUTGOING:
            return
        remind = self._bridge.do.sent.remind
        menu: QMenu = later_menu(self, self._now(), lambda at: self._bridge.run(partial(remind, shown.id, at)))
        if shown.remind_at is not None:
            menu.addAction("Do not remind me", lambda: self._bridge.run(partial(remind, shown.id, None)))
        open_menu(menu, self.card)

    def _ask_older(self) -> None:
        dialog = Sheet(self, "Withdraw older requests", 420)
        days = QSpinBox()
        days.lineEdit().setTextMargins(6, 0, 0, 0)
        days.setRange(1, 3_650)
        days.setValue(SUGGEST_WITHDRAW_AFTER.days)
        days.setSuffix(" days")
        days.setAccessibleName("Older than")

        def take() -> None:
            for account in self._accounts():
                self._bridge.run(partial(self._bridge.do.sent.withdraw_older, account, days.value()))
            dialog.accept()

        act = button("Withdraw them", take, "main")
        act.setDefault(True)
        dialog.setLayout(
            column(
                PlainLabel("Take back every request that has waited longer than", wraps=True),
                days,
                PlainLabel("One undo takes it back. You can ask the same people again after 21 days.", "dim", wraps=True),
                row(None, button("Cancel", dialog.reject), act),
                gap=12,
                margins=SHEET,
            )
        )
        dialog.open()

    def _accounts(self) -> list[AccountId]:
        """The accounts that the list shows rows of."""
        if self._account is not None:
            return [self._account]
        rows = [self.model.row(at) for at in range(self.model.rowCount())]
        return sorted({one.account for one in rows if one is not None})

    def _follow_up(self, number: OutgoingId) -> None:
        dialog = QInputDialog(self)
        dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
        dialog.setWindowTitle("Write once more")
        dialog.setLabelText(f"One follow-up, {NOTE_LENGTH} characters at most:")
        for box in dialog.findChildren(QPlainTextEdit):
            box.setTabChangesFocus(True)
        dialog.textValueSelected.connect(lambda text: self._bridge.run(partial(self._bridge.do.sent.follow_up, number, text)))
        dialog.open()


def _load(bridge: Bridge, number: OutgoingId) -> tuple[SentCard, dict[int, bytes]]:
    """The card and the pictures of the people in common. On the store thread."""
    card = bridge.do.sent.card(number)
    return card, bridge.do.network.pictures([one.person for one in (card.mutual or ())[: sections.MUTUAL_SHOWN]])


def _figures(bridge: Bridge, account: AccountId | None) -> SentFigures | None:
    """The figures of the chosen account, or of the only one. On the store thread."""
    if account is None:
        there = bridge.do.accounts.all()
        if not there:
            return None
        account = there[0].id
    if account in [one.id for one in bridge.do.imports.accounts()]:
        return None  # nothing is sent there from here
    return bridge.do.sent.figures(account)


class FiguresCard(Card):
    """The owner's own figures, and how much of the budget is used."""

    def __init__(self) -> None:
        super().__init__("This week", margin=14, gap=6)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Requests sent in 7 days")
        self._words = PlainLabel("", "small", wraps=True)
        self.body.addWidget(self._bar)
        self.body.addWidget(self._words)
        self.hide()

    def show_figures(self, found: SentFigures | None) -> None:
        """Show these."""
        self.setVisible(found is not None)
        if found is None:
            return
        self._bar.setRange(0, found.week_limit)
        self._bar.setValue(min(found.week_used, found.week_limit))
        self._words.setText(figures_in_words(found))


def figures_in_words(found: SentFigures) -> str:
    """The figures in sentences; nothing is promised from a handful of answers."""
    said = [f"{found.week_used} of {found.week_limit} requests sent, {found.day_used} of {found.day_limit} in the last 24 hours."]
    if found.answered:
        percent = round(100 * found.accepted / found.answered)
        text = f"{percent} % of {found.answered} that came to an end were accepted"
        if found.with_note and found.without_note:
            text += f"; with a note {found.with_note_accepted} of {found.with_note}, without {found.without_note_accepted} of {found.without_note}"
        said.append(text + ".")
    if found.median_wait_hours is not None:
        said.append(f"Half of the yeses came within {hours(found.median_wait_hours)}.")
    if found.waiting > found.waiting_limit * 0.8:
        said.append(f"{found.waiting} of at most {found.waiting_limit} wait for an answer.")
    return " ".join(said)
