"""The answers to a request: the bar under the evidence, the menu of dates for Later, the dialog that shuts somebody out."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QCalendarWidget, QCheckBox, QLineEdit, QMenu, QRadioButton, QWidget

from netdesk.controllers.incoming import later_choices
from netdesk.domain.directory import Reporting
from netdesk.domain.people import domain_of
from netdesk.domain.requests import Answer, ReportReason
from netdesk.ui.parts import SHEET, Flow, PlainLabel, Sheet, banner, button, column, row
from netdesk.ui.texts.times import joined, moment

_BUTTONS = (
    (Answer.ACCEPT, "Accept", "A", "main", "Connect both ways"),
    (Answer.DECLINE, "Decline", "D", "", "Say no; their program is told so"),
    (Answer.LATER, "Later", "L", "", "Let it come back on a date you choose"),
    (Answer.IGNORE, "Ignore", "I", "", "Put it away; nobody is told, and it does not come back"),
    (Answer.FOLLOW, "Let follow", "F", "", "Let them follow you, one way: you do not follow them"),
    (Answer.BLOCK, "Block…", "B", "danger", "Shut them out: nothing of yours reaches them, nothing of theirs reaches you"),
    (Answer.REPORT, "Report…", "R", "danger", "Shut them out and tell the server why"),
)


class AnswerBar(QWidget):
    """The answers as buttons, each with its key."""

    answered = Signal(object)

    def __init__(self, only: Sequence[Answer] | None = None) -> None:
        super().__init__()
        line = Flow(8)
        for answer, text, key, kind, tip in _BUTTONS:
            if only is not None and answer not in only:
                continue
            line.addWidget(button(f"{text}   {key}", partial(self.answered.emit, answer), kind, tip=tip, name=f"{text} ({key})"))
        self.setLayout(line)


def later_menu(parent: QWidget, now: datetime, chosen: Callable[[datetime], object]) -> QMenu:
    """The dates that a request can come back on, and a calendar for any other."""
    menu = QMenu("Later", parent)
    names = {"later today": "In three hours", "tomorrow": "Tomorrow morning", "next week": "Next week"}
    for key, at in later_choices(now.astimezone()):
        menu.addAction(f"{names[key]}  ({moment(at, now)})", partial(chosen, at))
    menu.addSeparator()
    menu.addAction("Choose a date…", lambda: _choose_date(parent, now, chosen))
    return menu


def open_menu(menu: QMenu, at: QWidget) -> None:
    """Open a menu over a widget, its first line chosen, so that the keyboard goes on."""
    menu.popup(at.mapToGlobal(QPoint(24, max(at.height() - 220, 24))))
    if menu.actions():
        menu.setActiveAction(menu.actions()[0])


def _choose_date(parent: QWidget, now: datetime, chosen: Callable[[datetime], object]) -> None:
    dialog = Sheet(parent, "Come back on", 380)
    local = now.astimezone()
    tomorrow = (local + timedelta(days=1)).date()
    calendar = QCalendarWidget()
    calendar.setMinimumDate(QDate(tomorrow.year, tomorrow.month, tomorrow.day))
    calendar.setSelectedDate(calendar.minimumDate())

    def take() -> None:
        day = calendar.selectedDate()
        chosen(local.replace(year=day.year(), month=day.month(), day=day.day(), hour=9, minute=0, second=0, microsecond=0))
        dialog.accept()

    for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(weekend, calendar.weekdayTextFormat(Qt.DayOfWeek.Monday))
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    calendar.activated.connect(lambda _: take())
    take_it = button("Come back then", take, "main")
    take_it.setDefault(True)
    dialog.setLayout(column(calendar, row(None, button("Cancel", dialog.reject), take_it), gap=12, margins=SHEET))
    dialog.open()


class ShutOutDialog(Sheet):
    """Asks how to shut somebody out. `decided` carries (reason, report, whole domain)."""

    decided = Signal(str, object, bool)

    def __init__(
        self,
        parent: QWidget,
        names: list[str],
        addresses: list[str],
        *,
        report: bool,
        reporting: Reporting,
        acquaintances: Callable[[str, Callable[[list[str]], object]], object],
    ) -> None:
        report, asked = report and reporting.takes, report
        super().__init__(parent, "Block and report" if report else "Block", 480)
        who = joined(names, 2)
        self._domain = domain_of(addresses[0]) if len({domain_of(one) for one in addresses}) == 1 else ""
        self._reason = QLineEdit()
        self._reason.setPlaceholderText("Why? For yourself" + (" and the report" if report else ""))
        self._reason.setAccessibleName("Reason")
        self._reason.setMaxLength(300)
        self._report = QCheckBox("Also report to the server")
        self._report.setChecked(report)
        self._report.setVisible(reporting.takes)
        self._elsewhere = _elsewhere(reporting, addresses)
        self._elsewhere.setVisible(asked and not reporting.takes)
        self._spam, self._abuse = QRadioButton("Spam"), QRadioButton("Abuse")
        self._spam.setChecked(True)
        kinds = QButtonGroup(self)
        kinds.addButton(self._spam)
        kinds.addButton(self._abuse)
        self._whole = QCheckBox(f"Everyone at {self._domain}")
        self._whole.setVisible(bool(self._domain))
        self._warning, self._warned = banner("trouble", "")
        self._warning.hide()
        act = button("Block and report" if report else "Block", self._take, "danger")
        act.setDefault(True)
        self._act = act
        self._report.toggled.connect(self._report_turned)
        self._whole.toggled.connect(lambda on: acquaintances(self._domain, self._warn) if on else self._warning.hide())
        self._report_turned(report)
        self._lay_out(who + (f" ({addresses[0]})" if len(addresses) == 1 else ""))

    def _lay_out(self, who: str) -> None:
        self.setLayout(
            column(
                PlainLabel(f"Shut {who} out?", "title", wraps=True),
                PlainLabel(
                    "From the moment it is confirmed nothing of yours reaches them and nothing of theirs reaches you, also if you were "
                    "connected. They are not told, but may notice. What they already have stays with them.",
                    "dim",
                    wraps=True,
                ),
                self._reason,
                self._whole,
                self._warning,
                self._elsewhere,
                row(self._report, 12, self._spam, self._abuse, None),
                row(None, button("Cancel", self.reject), self._act),
                gap=12,
                margins=SHEET,
            )
        )

    def _report_turned(self, on: bool) -> None:
        self._spam.setVisible(on)
        self._abuse.setVisible(on)
        self._act.setText("Block and report" if on else "Block")

    def _warn(self, names: list[str]) -> None:
        if names:
            self._warned.setText(
                f"You know people there: {joined(names, 4)}. They would be shut out too, and your connection with them ends."
            )
            self._warning.show()
            self.fit()

    def _take(self) -> None:
        report = (ReportReason.ABUSE if self._abuse.isChecked() else ReportReason.SPAM) if self._report.isChecked() else None
        self.decided.emit(self._reason.text().strip(), report, self._whole.isChecked() and bool(self._domain))
        self.accept()


def _elsewhere(reporting: Reporting, addresses: list[str]) -> QWidget:
    """Where to report when the server takes no reports from programs."""
    to = [one.removeprefix("mailto:").removeprefix("xmpp:") for one in reporting.contacts]
    words = "Your server takes no reports from programs, so this only blocks."
    if not to:
        return banner("notice", f"{words} It publishes no address for abuse either.")[0]
    text = f"To: {', '.join(to)}\n\nI report {', '.join(addresses[:50])}: they ask people to connect and are up to no good.\n"
    copy = button("Copy a report", lambda: QGuiApplication.clipboard().setText(text), "link")
    return banner("notice", f"{words} Its keeper can be written to: {joined(to, 3)}", copy)[0]
