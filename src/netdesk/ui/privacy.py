"""The Privacy tab: who may ask, who sees what, who is shut out, and what the rules did."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QMargins, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QVBoxLayout, QWidget

from netdesk.domain.changes import Changes, Kind
from netdesk.domain.people import Account, Relation
from netdesk.domain.privacy import WRITTEN_TOPICS, MonthAccount, Privacy
from netdesk.ui import sections
from netdesk.ui.blocked import BlockedCard
from netdesk.ui.bridge import Bridge
from netdesk.ui.choices import Change, Choices, choice_line
from netdesk.ui.invitations import InvitationsCard
from netdesk.ui.parts import Card, Flow, PlainLabel, Scroll, button, clear, column
from netdesk.ui.seen import SeenDialog
from netdesk.ui.texts.choices import FIELDS, RELATIONS, TOPICS
from netdesk.ui.texts.evidence import REASONS, Line
from netdesk.ui.texts.times import count, hours
from netdesk.ui.theme import NARROW, Theme

Now = Callable[[], datetime]
SEEN_AS = (Relation.STRANGER, Relation.PENDING_IN, Relation.CONNECTION, Relation.BLOCKED)


class PrivacyPage(QWidget):
    """The page, for one account at a time."""

    trouble = Signal(str)

    def __init__(self, bridge: Bridge, theme: Theme, now: Now) -> None:
        super().__init__()
        self.setObjectName("page")
        self._bridge = bridge
        self._theme = theme
        self._account: Account | None = None
        self._privacy = Privacy()
        self._now = now
        self._choices = Choices(theme, now, self)
        self._choices.changed.connect(self._keep)
        self._whose = PlainLabel("", "small")
        self._month = column(gap=7)
        self._month_shown: MonthAccount | None = None
        self.blocked = BlockedCard(bridge, theme, now)
        self.invitations = InvitationsCard(bridge, theme, now)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._columns.setContentsMargins(18, 16, 18, 16)
        month = Card("What your rules did this month")
        month.body.addLayout(self._month)
        self._columns.addLayout(column(self._whose, self._ask_card(), self._see_card(), None, gap=14), 3)
        self._columns.addLayout(column(self.blocked, month, self.invitations, None, gap=14), 2)
        inner = QWidget()
        inner.setLayout(self._columns)
        self.setLayout(column(Scroll(inner)))
        bridge.changed.connect(self._look_again)

    def _ask_card(self) -> Card:
        card = Card("Who may ask to connect", gap=12)
        who, further = self._choices.who_may_ask()
        card.body.addWidget(choice_line("People who may ask", "Others are put aside in Filtered; nobody is told", who))
        card.body.addWidget(further)
        lines = (
            ("Ask for a note", "Requests without one go to Filtered", self._choices.switch("Ask for a note", "ask_for_note")),
            (
                "Put likely spam aside",
                "Same note to many people, empty profiles, bursts",
                self._choices.switch("Put likely spam aside", "spam_aside"),
            ),
            ("After I decline", "They may ask again after; sooner goes to Filtered", self._choices.reask()),
        )
        for title, below, control in lines:
            card.body.addWidget(choice_line(title, below, control))
        return card

    def _see_card(self) -> Card:
        card = Card("Who sees what", gap=12)
        for topic, (title, below) in TOPICS.items():
            if topic in WRITTEN_TOPICS:
                card.body.addWidget(choice_line(title, below, self._choices.audience(title, topic=topic)))
        mutuals = self._choices.switch("Know people in common", "know_mutuals")
        text = (
            "Both ways: your connections see which of their people you know, and you see which of yours they know. Off, nobody sees either"
        )
        card.body.addWidget(choice_line("Know people in common", text, mutuals))
        card.body.addWidget(self._fields())
        band = QFrame()
        band.setObjectName("band")
        line = Flow(8)
        line.addWidget(PlainLabel("See your profile as:", "strong"))
        for relation in SEEN_AS:
            made = button(RELATIONS[relation], partial(self._see_as, relation))
            made.setProperty("chip", "plain")
            line.addWidget(made)
        band.setLayout(column(line, margins=QMargins(12, 8, 12, 8)))
        card.body.addWidget(band)
        return card

    def _fields(self) -> QWidget:
        """The audiences of the single fields, folded away until they are asked for."""
        inner = QWidget()
        lines = [choice_line(name, "", self._choices.audience(name, field=field)) for field, name in FIELDS.items()]
        inner.setLayout(column(*lines, gap=6, margins=QMargins(14, 4, 0, 0)))
        inner.hide()
        opener: QPushButton = button("Each field of the profile ▸", None, "link")
        opener.setCheckable(True)

        def turn(on: bool) -> None:
            inner.setVisible(on)
            opener.setText("Each field of the profile ▾" if on else "Each field of the profile ▸")

        opener.toggled.connect(turn)
        box = QWidget()
        layout: QVBoxLayout = column(gap=4)
        layout.addWidget(opener, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(inner)
        layout.addWidget(self._choices.chosen())
        box.setLayout(layout)
        return box

    # showing and keeping

    def show_account(self, account: Account, *, several: bool) -> None:
        """Show the choices of this account."""
        self._account = account
        self._whose.setText(f"Choices for {account.address}")
        self._whose.setVisible(several)
        self.blocked.show_account(account.id)
        self.invitations.show_account(account.id)
        self._look()

    def _look(self) -> None:
        if self._account is not None:
            self._bridge.run(partial(self._bridge.do.privacy.choices, self._account.id), self._show)
        self._bridge.run(self._bridge.do.privacy.month, self._show_month)

    def _show(self, found: Privacy) -> None:
        self._privacy = found
        self._choices.show_choices(found)

    def _keep(self, change: Change) -> None:
        if self._account is None:
            return
        self._privacy = change(self._privacy)
        self._choices.show_choices(self._privacy)
        self._bridge.run(partial(self._bridge.do.privacy.choose, self._account.id, self._privacy))

    def _look_again(self, changes: Changes) -> None:
        if changes.touches(Kind.PRIVACY, Kind.INCOMING):
            self._look()

    def _see_as(self, relation: Relation) -> None:
        if self._account is not None:
            SeenDialog(self, self._bridge, self._theme, self._now, self._account, relation).open()

    def _show_month(self, found: MonthAccount) -> None:
        if found == self._month_shown:
            return  # in a storm of changes the lines would be made anew before they are ever seen
        self._month_shown = found
        clear(self._month)
        for line in month_lines(found):
            self._month.addLayout(sections.marked(line))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room for them."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)


def month_lines(found: MonthAccount) -> list[Line]:
    """What the rules did, in lines."""
    if not found.arrived and not found.turned_away:
        return [Line("•", "No requests in the last 30 days")]
    reasons = " · ".join(f"{number} {REASONS[reason]}" for reason, number in found.filtered.items())
    lines = [
        Line("•", f"{count(found.arrived, 'request')} reached you"),
        Line("•", f"{found.filtered_total} put aside in Filtered", reasons),
        Line("!", f"{found.turned_away} stopped", "from people you blocked")
        if found.turned_away
        else Line("•", "None from people you blocked"),
    ]
    median = f", median {hours(found.median_answer_hours)}" if found.median_answer_hours is not None else ""
    return [*lines, Line("✓", f"{found.came_through} came through to you", f"{found.answered} answered{median}")]
