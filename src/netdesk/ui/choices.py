"""Choices of privacy as widgets: who may ask, audiences, domains, chosen people; used by the Privacy tab and the first-run page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import QDate, QLocale, QObject, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QLineEdit, QVBoxLayout, QWidget

from netdesk.domain.errors import NetDeskError
from netdesk.domain.people import Address, parse_address, parse_domain
from netdesk.domain.privacy import Audience, Privacy, WhoMayAsk
from netdesk.ui.parts import PlainLabel, column, row
from netdesk.ui.switch import Switch
from netdesk.ui.texts.choices import AUDIENCES, WHO_MAY_ASK
from netdesk.ui.texts.errors import sentence
from netdesk.ui.theme import Theme

Change = Callable[[Privacy], Privacy]
REASK = (0, 30, 90, 180, 365)


def choice_line(title: str, below: str, control: QWidget) -> QWidget:
    """A choice: what it is, a sentence below, and the control at the right."""
    words = column(PlainLabel(title, "strong", wraps=True), gap=1)
    if below:
        words.addWidget(PlainLabel(below, "small", wraps=True))
    box = QWidget()
    line = row(gap=12)
    line.addLayout(words, 1)
    line.addWidget(control)
    box.setLayout(line)
    if not control.accessibleName():
        control.setAccessibleName(title)
    return box


class Choices(QObject):
    """Holds the privacy choices of one account and the widgets that change them. `changed` carries a change to be kept."""

    changed = Signal(object)

    def __init__(self, theme: Theme, now: Callable[[], datetime], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now = now
        self._showing = False
        self._shows: list[Callable[[Privacy], None]] = []

    def show_choices(self, found: Privacy) -> None:
        """Show these choices."""
        self._showing = True
        for show in self._shows:
            show(found)
        self._showing = False

    def _say(self, change: Change) -> None:
        if not self._showing:
            self.changed.emit(change)

    # kinds of controls

    def switch(self, name: str, field: str) -> Switch:
        """A switch for one yes-or-no choice."""
        made = Switch(self._theme, name)
        self._shows.append(lambda found: made.setChecked(bool(getattr(found, field))))
        made.toggled.connect(lambda on: self._say(lambda old: replace(old, **{field: on})))
        return made

    def audience(self, name: str, *, topic: str = "", field: str = "") -> QComboBox:
        """Who may see a topic, or a field of the profile."""
        box = QComboBox()
        box.setAccessibleName(f"Who sees: {name}")
        for audience, text in AUDIENCES.items():
            box.addItem(text, audience)
        self._shows.append(lambda found: box.setCurrentIndex(box.findData(found.topics[topic] if topic else found.fields[field])))

        def take(at: int) -> None:
            audience = Audience(box.itemData(at))
            self._say(lambda old: old.with_topic(topic, audience) if topic else old.with_field(field, audience))

        box.activated.connect(take)
        return box

    def reask(self) -> QComboBox:
        """After how many days somebody who was declined may ask again without being put aside."""
        box = QComboBox()
        for days in REASK:
            box.addItem(f"{days} days" if days else "At once", days)
        self._shows.append(lambda found: self._set_days(box, found.reask_days))
        box.activated.connect(lambda at: self._say(lambda old: replace(old, reask_days=int(box.itemData(at)))))
        return box

    @staticmethod
    def _set_days(box: QComboBox, days: int) -> None:
        if box.findData(days) < 0:
            box.addItem(f"{days} days", days)
        box.setCurrentIndex(box.findData(days))

    def who_may_ask(self) -> tuple[QComboBox, QWidget]:
        """Whose requests come to review, and what that choice needs further: domains, or a date."""
        box = QComboBox()
        for who, text in WHO_MAY_ASK.items():
            box.addItem(text, who)
        box.setAccessibleName("People who may ask")
        domains, problem = QLineEdit(), PlainLabel("", "bad", wraps=True)
        domains.setPlaceholderText("care.example, uni.example")
        domains.setAccessibleName("Domains whose people may ask")
        until = QDateEdit()
        until.lineEdit().setTextMargins(6, 0, 0, 0)
        until.setCalendarPopup(True)
        until.setLocale(QLocale(QLocale.Language.English))
        until.setDisplayFormat("d MMM yyyy")
        until.setAccessibleName("Until when nobody may ask")
        further = QWidget()
        layout: QVBoxLayout = column(domains, until, problem, gap=4)
        further.setLayout(layout)

        def show(found: Privacy) -> None:
            box.setCurrentIndex(box.findData(found.who_may_ask))
            domains.setVisible(found.who_may_ask is WhoMayAsk.DOMAINS)
            until.setVisible(found.who_may_ask is WhoMayAsk.NOBODY)
            problem.hide()
            further.setVisible(found.who_may_ask in (WhoMayAsk.DOMAINS, WhoMayAsk.NOBODY))
            if not domains.hasFocus():
                domains.setText(", ".join(found.domains))
            end = (found.closed_until or self._now() + timedelta(days=30)).astimezone()
            until.setDate(QDate(end.year, end.month, end.day))

        def take_who(at: int) -> None:
            who = WhoMayAsk(box.itemData(at))
            closed = self._closing_day(until) if who is WhoMayAsk.NOBODY else None
            self._say(lambda old: replace(old, who_may_ask=who, closed_until=closed))

        def take_domains() -> None:
            try:
                named = tuple(parse_domain(one) for one in domains.text().replace(";", ",").split(",") if one.strip())
            except NetDeskError as error:
                problem.setText(sentence(error, self._now()))
                problem.show()
                return
            problem.hide()
            self._say(lambda old: replace(old, domains=named))

        self._shows.append(show)
        box.activated.connect(take_who)
        domains.editingFinished.connect(take_domains)
        until.dateChanged.connect(lambda _: self._say(lambda old: replace(old, closed_until=self._closing_day(until))))
        return box, further

    def _closing_day(self, until: QDateEdit) -> datetime:
        day = until.date()
        return (
            self._now().astimezone().replace(year=day.year(), month=day.month(), day=day.day(), hour=0, minute=0, second=0, microsecond=0)
        )

    def chosen(self) -> QWidget:
        """The people of the audience 'people I choose', by address; seen while that audience is chosen for anything."""
        line, problem = QLineEdit(), PlainLabel("", "bad", wraps=True)
        line.setPlaceholderText("ann@server.example, ben@server.example")
        line.setAccessibleName("People I choose, by address")
        problem.hide()
        box = QWidget()
        below = PlainLabel("Their addresses, with commas between. While there are none, nobody is chosen.", "small", wraps=True)
        box.setLayout(column(PlainLabel("People I choose", "strong"), below, line, problem, gap=3))

        def show(found: Privacy) -> None:
            box.setVisible(Audience.CHOSEN in (*found.topics.values(), *found.fields.values()))
            if not line.hasFocus():
                line.setText(", ".join(sorted(found.chosen)))

        def take() -> None:
            named: set[Address] = set()
            problem.hide()
            for one in line.text().replace(";", ",").split(","):
                try:
                    named |= {parse_address(one)} if one.strip() else set()
                except NetDeskError as error:
                    problem.setText(sentence(error, self._now()))
                    problem.show()
            self._say(lambda old: replace(old, chosen=frozenset(named)))

        self._shows.append(show)
        line.editingFinished.connect(take)
        return box

    def also(self, box: QComboBox, field: str) -> None:
        """Let a box that chooses who sees one field choose it for another field as well."""

        def take(at: int) -> None:
            audience = Audience(box.itemData(at))
            self._say(lambda old: old.with_field(field, audience))

        box.activated.connect(take)
