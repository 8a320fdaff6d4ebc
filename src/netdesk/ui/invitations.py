"""Invitations: links and QR codes that let people in without a request; they expire and can be revoked."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from netdesk.domain.changes import Changes, Kind
from netdesk.domain.people import AccountId
from netdesk.domain.requests import Invitation
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import SHEET, Card, PlainLabel, Sheet, button, clear, column, row
from netdesk.ui.qr import qr_png
from netdesk.ui.texts.times import count, first_upper, full_day
from netdesk.ui.theme import Theme

Now = Callable[[], datetime]
DAYS: dict[str, int | None] = {"Good for a day": 1, "Good for a week": 7, "Good for a month": 30, "Good until I revoke it": None}
USES: dict[str, int | None] = {"One person": 1, "5 people": 5, "25 people": 25, "Any number of people": None}


class InvitationsCard(Card):
    """The invitations there are, and a new one."""

    def __init__(self, bridge: Bridge, theme: Theme, now: Now) -> None:
        super().__init__("Invitations", gap=10)
        self._bridge = bridge
        self._theme = theme
        self._now = now
        self._account: AccountId | None = None
        self._shown: list[tuple[Invitation, bool]] | None = None
        self._list: QVBoxLayout = column(gap=10)
        self.body.addWidget(
            PlainLabel("A link that lets people in without a request. Give it only to those you mean.", "small", wraps=True)
        )
        self.body.addLayout(self._list)
        self.body.addLayout(row(button("Invite someone…", self.ask), None))
        bridge.changed.connect(self._look_again)

    def show_account(self, account: AccountId | None) -> None:
        """New invitations are made for this account."""
        self._account = account
        self._look()

    def _look(self) -> None:
        self._bridge.run(self._bridge.do.accounts.invitations, self._show)

    def _look_again(self, changes: Changes) -> None:
        if changes.touches(Kind.PRIVACY, Kind.INCOMING, Kind.ACCOUNTS):
            self._look()

    def _show(self, found: list[Invitation]) -> None:
        state = [(one, good(one, self._now())) for one in found]
        if state == self._shown:
            return  # in a storm of changes the lines would be made anew before they are ever seen
        self._shown = state
        clear(self._list)
        now = self._now()
        for one in found[:6]:
            words = column(
                PlainLabel(one.label or f"Made {full_day(one.made_at)}", "strong", wraps=True),
                PlainLabel(invitation_facts(one, now), "small", wraps=True),
                gap=0,
            )
            line = row(gap=6)
            line.addLayout(words, 1)
            if good(one, now):
                line.addWidget(button("Show", partial(self._show_link, one), name=f"Show the invitation {one.label}"))
                job = partial(self._bridge.do.accounts.revoke, one.id)
                line.addWidget(button("Revoke", partial(self._bridge.run, job), name=f"Revoke the invitation {one.label}"))
            box = QWidget()
            box.setLayout(line)
            self._list.addWidget(box)

    def ask(self) -> None:
        """Ask what the new invitation is for, make it, and show it."""
        dialog = Sheet(self.window(), "Invite someone", 400)
        label = QLineEdit()
        label.setPlaceholderText("For whom? Only you see this")
        label.setAccessibleName("For whom")
        days, uses = QComboBox(), QComboBox()
        for box, options, start in ((days, DAYS, 1), (uses, USES, 0)):
            for text, number in options.items():
                box.addItem(text, number)
            box.setCurrentIndex(start)
        days.setAccessibleName("How long it is good")
        uses.setAccessibleName("For how many people")

        def take() -> None:
            if self._account is not None:
                job = partial(self._bridge.do.accounts.invite, self._account, label.text(), days.currentData(), uses.currentData())
                self._bridge.run(job, self._made)
            dialog.accept()

        act = button("Make the link", take, "main")
        act.setDefault(True)
        dialog.setLayout(
            column(
                PlainLabel("Invite someone", "title"),
                label,
                days,
                uses,
                row(None, button("Cancel", dialog.reject), act),
                gap=12,
                margins=SHEET,
            )
        )
        dialog.open()

    def _made(self, one: Invitation) -> None:
        self._look()
        self._show_link(one)

    def _show_link(self, one: Invitation) -> None:
        InvitationDialog(self.window(), one, self._now()).open()


def good(one: Invitation, now: datetime) -> bool:
    """Whether it still lets somebody in."""
    return not one.revoked and (one.expires_at is None or now < one.expires_at) and one.left != 0


def invitation_facts(one: Invitation, now: datetime) -> str:
    """How it stands, in a line."""
    used = f"used {count(one.used, 'time')}" if one.used else "not used yet"
    if one.revoked:
        return f"revoked, {used}"
    if one.expires_at is not None and now >= one.expires_at:
        return f"expired {full_day(one.expires_at)}, {used}"
    if one.left == 0:
        return f"used up, {used}"
    until = f"until {full_day(one.expires_at)}" if one.expires_at else "until you revoke it"
    more = "more " if one.used else ""
    left = f"for {count(one.left, more + 'person', more + 'people')}" if one.left is not None else "for any number"
    return f"good {until}, {left}, {used}"


class InvitationDialog(Sheet):
    """The link and its QR code."""

    def __init__(self, parent: QWidget, one: Invitation, now: datetime) -> None:
        super().__init__(parent, "Invitation", 460)
        link = QLineEdit(one.link())
        link.setReadOnly(True)
        link.setCursorPosition(0)
        link.setAccessibleName("Invitation link")
        code = QPixmap()
        code.loadFromData(qr_png(one.link()), "PNG")
        picture = PlainLabel("")
        picture.setPixmap(code)
        picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        picture.setAccessibleName("QR code of the link")
        copied = PlainLabel("", "good")

        def copy() -> None:
            QGuiApplication.clipboard().setText(one.link())
            copied.setText("Copied")

        close = button("Close", self.accept)
        close.setDefault(True)
        self.setLayout(
            column(
                PlainLabel(one.label or "Invitation", "title", wraps=True),
                PlainLabel(first_upper(invitation_facts(one, now)) + ". Whoever has the link is let in.", "dim", wraps=True),
                picture,
                link,
                row(button("Copy the link", copy, "main"), copied, None, close),
                gap=12,
                margins=SHEET,
            )
        )
