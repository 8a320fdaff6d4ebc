"""Cards of people and requests from archives: what the export says, the way to the network's own page, and what is ticked off here."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import QMargins, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from netdesk.domain.archive import LABELS
from netdesk.domain.cards import RequestCard
from netdesk.domain.people import Person
from netdesk.domain.requests import OPEN_INCOMING, Answer
from netdesk.domain.rules.archived import network_of
from netdesk.ui import sections
from netdesk.ui.parts import Flow, PlainLabel, button, column
from netdesk.ui.texts import archives
from netdesk.ui.texts.moments import incoming_state
from netdesk.ui.theme import Theme

_TICKS = (
    (Answer.ACCEPT, "Accepted there", "A"),
    (Answer.DECLINE, "Declined there", "D"),
    (Answer.IGNORE, "Ignored", "I"),
    (Answer.LATER, "Later", "L"),
)

TICKS = tuple(answer for answer, _, _ in _TICKS)


def _page_of(person: Person) -> tuple[str, str] | None:
    return archives.page_of(person.address, person.profile.website if person.profile is not None else "")


def open_button(person: Person) -> QWidget:
    """Opens the person's page in the browser, or the page of the network; the host is said."""
    found = _page_of(person)
    label = LABELS[network_of(person.address)]
    if found is None:
        return PlainLabel("", "small")
    link, host = found
    return button(f"Open on {label}", partial(QDesktopServices.openUrl, QUrl(link)), "main", tip=f"Opens {host} in your browser: {link}")


class TickBar(QWidget):
    """The answers that were given on the site, to be ticked off here."""

    answered = Signal(object)

    def __init__(self, person: Person) -> None:
        super().__init__()
        line = Flow(8)
        line.addWidget(open_button(person))
        for answer, text, key in _TICKS:
            line.addWidget(button(f"{text}   {key}", partial(self.answered.emit, answer), name=f"Tick off: {text} ({key})"))
        label = LABELS[network_of(person.address)]
        found = _page_of(person)
        where = f"{label} ({found[1]}, in your browser)" if found is not None else label
        words = PlainLabel(f"Give the answer on {where}, then tick it off. NetDesk tells nobody.", "small", wraps=True)
        self.setLayout(column(words, line, gap=10))


def request_content(theme: Theme, card: RequestCard, now: datetime) -> QWidget:
    """A request as the export has it. Nothing is checked: the export says no more."""
    found, person = card.row, card.person
    label = LABELS[network_of(found.address)]
    state = "Asks to connect" if found.state in OPEN_INCOMING else incoming_state(found, now)
    layout = column(
        sections.head(
            theme,
            (found.name, found.address, found.picture),
            found.headline,
            [(f"From your {label} export", "plain"), (state, "accent")],
            None,
            ring=False,
        ),
        sections.note(found.note, f"Came in {archives.when(found.stamp)}"),
        gap=16,
        margins=QMargins(0, 0, 6, 6),
    )
    more = sections.about(person.profile)
    if more is not None:
        layout.addLayout(more)
    if card.history:
        layout.addLayout(sections.history(card.history, now, "Between you"))
    layout.addStretch(1)
    content = QWidget()
    content.setLayout(layout)
    return content
