"""The Incoming tab: who is asking, on what evidence, and the answers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QMargins, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from netdesk.domain.cards import RequestCard
from netdesk.domain.changes import Changes, Kind
from netdesk.domain.errors import NetDeskError
from netdesk.domain.people import AccountId, PersonId, Window
from netdesk.domain.requests import OPEN_INCOMING, Answer, Incoming, IncomingId, IncomingQuery, IncomingRow, ReportReason
from netdesk.domain.rules.archived import is_archived, not_from_here
from netdesk.ui import archived, sections
from netdesk.ui.answers import AnswerBar, ShutOutDialog, later_menu, open_menu
from netdesk.ui.bridge import Bridge
from netdesk.ui.delegates import RequestDelegate, describe_request
from netdesk.ui.introductions import IntroductionsBand
from netdesk.ui.panes import CardPane, ListPane, Panes, Segments
from netdesk.ui.parts import PlainLabel, banner, button, column, row
from netdesk.ui.rows import RowList, RowsModel
from netdesk.ui.texts import evidence as words
from netdesk.ui.texts.choices import gains
from netdesk.ui.texts.moments import incoming_state
from netdesk.ui.texts.times import count, joined, moment
from netdesk.ui.theme import Theme
from netdesk.ui.unreadable import UnreadableBand

Now = Callable[[], datetime]
LISTS = {"review": "To review", "later": "Later", "filtered": "Filtered", "answered": "Answered"}
ORDERS = {"relevant": "Most relevant first", "newest": "Newest first", "oldest": "Oldest first", "mutual": "Most in common first"}
_EMPTY = {
    "review": ("Nobody is waiting", "When somebody asks to connect, they stand here with what you share and what we checked."),
    "later": ("Nothing for later", "Press L on a request and choose when it comes back."),
    "filtered": ("Nothing was put aside", "What your rules under Privacy do not let through stands here with the reason. Nothing is lost."),
    "answered": ("No answers yet", "All that you answered stands here, and can be reopened."),
}


class IncomingPage(Panes):
    """The page. `open_person` carries the id of a person to be shown, `said` what was done; `invite` asks for an invitation to be made."""

    open_person = Signal(int)
    invite = Signal()
    said = Signal(str)

    def __init__(self, bridge: Bridge, theme: Theme, now: Now) -> None:
        self._bridge = bridge
        self._theme = theme
        self._now = now
        self._account: AccountId | None = None
        self._filtered = 0
        self._looked: set[PersonId] = set()
        self._shown: IncomingRow | None = None
        self._picked: list[IncomingId] = []
        self._wanted: IncomingId | None = None
        self._together: set[IncomingId] = set()
        self.model: RowsModel[IncomingRow] = RowsModel(lambda row: describe_request(row, now()))
        delegate = RequestDelegate(theme, now)
        self.rows: RowList[IncomingRow] = RowList(self.model, delegate, delegate.height(), "Requests")
        self.segments = Segments(LISTS)
        self._order = QComboBox()
        self._order.setProperty("kind", "quiet")
        self._order.setAccessibleName("Order")
        for key, text in ORDERS.items():
            self._order.addItem(text, key)
        self.introductions = IntroductionsBand(bridge)
        self.unreadable = UnreadableBand(bridge)
        above = QWidget()
        above.setLayout(
            row(self._order, None, button("Select all", self.rows.selectAll, "quiet", tip="Select all that are loaded (Ctrl+A)"))
        )
        self.list = ListPane([self.segments, self.introductions, self.unreadable, above], self.rows, [])
        self.card = CardPane("Whoever asks is shown here: who they are, what you share,\nand what accepting would let them see.")
        super().__init__(self.list, self.card)
        self.model.setParent(self)
        self.segments.picked.connect(lambda _: self._show_other_list())
        self.card.setFocusProxy(self.rows)
        self.rows.clicked.connect(lambda _: self.show_card() if self.narrow else None)
        self._order.currentIndexChanged.connect(lambda _: self.show_list_of(self._account))
        self.rows.picked.connect(self._pick)
        self.rows.opened.connect(lambda _: self.show_card())
        self.model.loaded.connect(self._say_if_empty)
        bridge.changed.connect(self._look_again)

    # what is shown

    def show_list_of(self, account: AccountId | None) -> None:
        """Show the chosen list, of one account or of all."""
        self._account = account
        query = IncomingQuery(self.segments.current, self._order.currentData(), account)
        self._order.setVisible(query.place != "answered")
        page = self._bridge.do.incoming.page

        def fetch(start: int, limit: int, then: Callable[[Window[IncomingRow]], object]) -> None:
            self._bridge.run(partial(page, query, start, limit), then)

        self.model.show_list(fetch)
        self._count()
        self.introductions.look()
        self.unreadable.look()

    def _show_other_list(self) -> None:
        self.show_list_of(self._account)
        self.rows.setFocus()

    def open_request(self, number: IncomingId, place: str) -> None:
        """Show one request in the list where it is."""
        self._wanted = number
        if self.segments.current != place:
            self.segments.choose(place)
        elif self.rows.choose_id(number):
            self._wanted = None
        self.show_card()

    def choose_when_there(self, number: int) -> None:
        """Choose a request as soon as this list has it."""
        self._wanted = None if self.rows.choose_id(number) else IncomingId(number)

    def _count(self) -> None:
        self._bridge.run(partial(self._bridge.do.incoming.counts, self._account), self._show_counts)

    def _show_counts(self, counts: dict[str, int]) -> None:
        self._filtered = counts.get("filtered", 0)
        self.segments.count(counts, uncounted=("answered",))
        self._say_what_is_empty()

    def _say_what_is_empty(self) -> None:
        title, sentence = _EMPTY[self.segments.current]
        look = ("Look at Filtered", lambda: self.segments.choose("filtered"))
        invite = ("Invite someone…", self.invite.emit)
        self.list.nothing.say(title, sentence, (look if self._filtered else invite) if self.segments.current == "review" else None)

    def _look_again(self, changes: Changes) -> None:
        if changes.touches(Kind.INCOMING, Kind.PROFILE, Kind.PRIVACY):
            self.rows.refresh()
            self._count()
            self.unreadable.look()
        elif changes.touches(Kind.PEOPLE) and self._shown is not None and self._shown.person in changes.ids[Kind.PEOPLE]:
            self._show(self._shown.id)
        if changes.touches(Kind.INTRODUCTIONS):
            self.introductions.look()

    def _say_if_empty(self) -> None:
        empty = self.model.rowCount() == 0
        self._say_what_is_empty()
        self.list.show_empty(empty=empty)
        self.card.hint(empty=empty)
        if empty and self.narrow:
            self.show_list()
        if self._wanted is not None and self.rows.choose_id(self._wanted):
            self._wanted = None

    def _pick(self, ids: list[int]) -> None:
        if self._together and set(ids) <= self._together and len(ids) > 1:
            return  # those that share a note: also the ones that the list has not loaded
        self._together = set()
        self._picked = [IncomingId(one) for one in ids]
        row_here = self.rows.current_row()
        if len(self._picked) > 1:
            self._shown = None
            self._show_many()
        elif row_here is None:
            self._shown = None
            self.card.show_content(None)
        else:
            self._shown = row_here
            self._show(row_here.id)

    def _show(self, number: IncomingId) -> None:
        self._bridge.run(partial(_load, self._bridge, number), self._show_card, failed=lambda _: None)

    def _show_card(self, loaded: tuple[RequestCard, dict[int, bytes]]) -> None:
        card, pictures = loaded
        if self._shown is None or self._shown.id != card.row.id:
            return
        if card.person.profile is None and card.person.id not in self._looked and not is_archived(card.row.address):
            self._looked.add(card.person.id)  # of a burst not everybody was looked at when it came
            self._bridge.run(partial(self._bridge.do.network.look_at, card.person.id))
        bands = [self._burst(card)] if card.under else [self._same_note(card)] if card.same_note_open else []
        if card.row.state in (Incoming.FILTERED, Incoming.LATER):
            bands.append(self._aside(card))
        if is_archived(card.row.address):
            content = archived.request_content(self._theme, card, self._now())
        else:
            content = request_content(self._theme, card, pictures, self._now(), self.open_person.emit, bands)
        content.setProperty("about", int(card.row.id))
        self.card.show_content(content, self._actions(card))

    def _aside(self, card: RequestCard) -> QWidget:
        rescue = button("Move to review", partial(self._rescue, card.row), "link")
        later = card.row.state is Incoming.LATER
        text = incoming_state(card.row, self._now()) if later else f"Put aside by your rules: {words.reasons(card.row.reasons)}"
        return banner("notice", text, rescue)[0]

    def _same_note(self, card: RequestCard) -> QWidget:
        choose = button("Answer them together", partial(self._choose_same_note, card.row.id), "link")
        text = f"{count(card.same_note_open, 'more request')} with this same note {'waits' if card.same_note_open == 1 else 'wait'}"
        return banner("band", text, choose)[0]

    def _burst(self, card: RequestCard) -> QWidget:
        choose = button("Answer them together", partial(self._choose_same_note, card.row.id), "link")
        show = button("Show them one by one", partial(self._bridge.run, partial(self._bridge.do.incoming.bring_out, card.row.id)), "link")
        text = f"{count(card.under, 'more request')} of the same burst {'waits' if card.under == 1 else 'wait'} under this one"
        return banner("band", text, choose, show)[0]

    def _choose_same_note(self, number: IncomingId) -> None:
        self._bridge.run(partial(self._bridge.do.incoming.with_same_note, number), self._show_picked)

    def _show_picked(self, numbers: list[IncomingId]) -> None:
        self.rows.select_ids(numbers)
        self._picked = numbers
        self._together = set(numbers)
        self._show_many()

    def _actions(self, card: RequestCard) -> QWidget | None:
        found = card.row
        if found.state in OPEN_INCOMING and is_archived(found.address):
            ticks = archived.TickBar(card.person)
            ticks.answered.connect(self.answer)
            return ticks
        if found.state in OPEN_INCOMING:
            box = QWidget()
            box.setLayout(column(PlainLabel(gains(found.name, card.gains), "small", wraps=True), self._bar(), gap=10))
            return box
        if found.state in (Incoming.DECLINED, Incoming.IGNORED, Incoming.WITHDRAWN):
            box = QWidget()
            text = "Move back to review" if found.state is Incoming.IGNORED else "Let their next request pass"
            if is_archived(found.address) and found.state is not Incoming.IGNORED:
                return None
            reopen = button(text, partial(self._reopen, found))
            box.setLayout(row(reopen, None))
            return box
        return None

    def _rescue(self, found: IncomingRow) -> None:
        job = partial(self._bridge.do.incoming.rescue, [found.id])
        self._bridge.run(job, lambda _: self.said.emit(f"{found.name} is under To review now."))

    def _reopen(self, found: IncomingRow) -> None:
        back = found.state is Incoming.IGNORED
        text = (
            f"{found.name} is under To review again."
            if back
            else f"The next request of {found.name} will come to you, whatever your rules say."
        )
        self._bridge.run(partial(self._bridge.do.incoming.reopen, found.id), lambda _: self.said.emit(text))

    def _bar(self, only: Sequence[Answer] | None = None) -> AnswerBar:
        bar = AnswerBar(only)
        bar.answered.connect(self.answer)
        return bar

    def _show_many(self) -> None:
        number = len(self._picked)
        known = [self.model.row(self.model.place_of(one)) for one in self._picked[:8]]
        names = [one.name for one in known if one is not None]
        content = QWidget()
        content.setLayout(
            column(
                PlainLabel(f"{count(number, 'request')} selected", "name"),
                PlainLabel(joined(names + [""] * (number - len(names)), len(names)) if names else "", "dim", wraps=True),
                PlainLabel("One answer goes to all of them, and one undo takes it back.", wraps=True),
                row(button("Select only one   Esc", self._one_only, "link"), None),
                None,
                gap=10,
            )
        )
        waiting = self.segments.current != "answered"
        only = archived.TICKS if known and all(is_archived(one.address) for one in known if one is not None) else None
        self.card.show_content(content, self._bar(only) if waiting else None)

    def _one_only(self) -> None:
        self._together = set()
        self.rows.leave_selection()

    # answers

    def answer(self, answer: Answer) -> None:
        """Answer what is selected; Later, Block and Report ask first."""
        if not self._picked or (self._shown is not None and self._shown.state not in OPEN_INCOMING):
            return
        picked = list(self._picked)
        first = self.model.row(self.model.place_of(picked[0]))
        if first is not None and answer not in archived.TICKS and is_archived(first.address):
            self._bridge.failed.emit(not_from_here(first.address))
            return
        match answer:
            case Answer.LATER:
                open_menu(later_menu(self, self._now(), partial(self._put_off, picked)), self.card)
            case Answer.BLOCK | Answer.REPORT:
                self._ask_shut_out(picked, report=answer is Answer.REPORT)
            case _:
                self._run(partial(self._bridge.do.incoming.answer, picked, answer))

    def _put_off(self, picked: Sequence[IncomingId], until: datetime) -> None:
        self._run(partial(self._bridge.do.incoming.put_off, picked, until))

    def _ask_shut_out(self, picked: list[IncomingId], *, report: bool) -> None:
        rows = [found for one in picked if (found := self.model.row(self.model.place_of(one))) is not None]
        if not rows:
            return
        account = rows[0].account
        connections = self._bridge.do.privacy.connections_in

        def acquaintances(domain: str, then: Callable[[list[str]], object]) -> None:
            self._bridge.run(partial(connections, account, domain), then)

        names: list[str] = [one.name for one in rows]
        addresses: list[str] = [one.address for one in rows]
        reporting = self._bridge.desk.servers.reporting(account)
        dialog = ShutOutDialog(self, names, addresses, report=report, reporting=reporting, acquaintances=acquaintances)
        dialog.decided.connect(partial(self._shut_out, picked))
        dialog.open()

    def _shut_out(self, picked: list[IncomingId], reason: str, report: ReportReason | None, domain: bool) -> None:
        answer = Answer.REPORT if report is not None else Answer.BLOCK
        self._run(partial(self._bridge.do.incoming.answer, picked, answer, reason=reason, report=report, domain=domain))

    def _run(self, job: Callable[[], Changes]) -> None:
        """One press, one answer: nothing is picked until the list has moved on, or the answer has failed."""
        self._picked = []
        self._together = set()
        self._bridge.run(job, failed=self._failed)

    def _failed(self, error: NetDeskError) -> None:
        self._pick(self.rows.picked_ids())
        self._bridge.failed.emit(error)


def _load(bridge: Bridge, number: IncomingId) -> tuple[RequestCard, dict[int, bytes]]:
    """The card and the pictures of the people in common. On the store thread."""
    card = bridge.do.incoming.card(number)
    return card, bridge.do.network.pictures([one.person for one in (card.mutual or ())[: sections.MUTUAL_SHOWN]])


def request_content(
    theme: Theme,
    card: RequestCard,
    pictures: dict[int, bytes],
    now: datetime,
    opened: Callable[[int], object],
    bands: Sequence[QWidget] = (),
) -> QWidget:
    """The evidence, always in the same order (product.md §3)."""
    found, person = card.row, card.person
    earlier = any(one.kind == "asked me" for one in card.history[:-1])
    chips = [
        ("Knows you already" if earlier else "New to you", "plain"),
        ("Asks to connect" if found.state in OPEN_INCOMING else incoming_state(found, now), "accent"),
    ]
    below = f"Received {moment(found.arrived_at, now)}"
    if found.note:
        alone = not any(signal.name in {"same_note", "same_note_accounts"} for signal in card.evidence.signals)
        below += " · nobody else here got or sent this note" if alone else " · others sent this very note"
    content = QWidget()
    layout = column(
        sections.head(theme, (found.name, found.address, found.picture), found.headline, chips, card.evidence.completeness),
        *bands,
        sections.note(found.note, below),
        sections.mutual(theme, card.mutual, pictures, opened),
        sections.interests(person.profile.interests if person.profile else None, card.evidence.shared_interests),
        sections.checked([words.line(one) for one in card.evidence.signals], words.total(card.evidence)),
        gap=16,
        margins=QMargins(0, 0, 6, 6),
    )
    more = sections.about(person.profile)
    if more is not None:
        layout.addLayout(more)
    layout.addLayout(sections.history(card.history, now, "Between you"))
    layout.addStretch(1)
    content.setLayout(layout)
    return content
