"""Introductions: the band that shows who wants to be put in touch, and the owner's choice."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QInputDialog, QWidget

from netdesk.domain.people import AccountId, Address
from netdesk.domain.requests import Introduction
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import PlainLabel, button, clear, column, row
from netdesk.ui.texts.times import joined

_SHOWN = 3


class IntroductionsBand(QFrame):
    """Introductions that wait for the owner; hidden when there are none. `compose` carries (account, address)."""

    compose = Signal(int, str)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.setObjectName("band")
        self._bridge = bridge
        self._lines = column(gap=6)
        self._lines.setContentsMargins(12, 10, 12, 10)
        self.setLayout(self._lines)
        self.hide()

    def look(self) -> None:
        """Look again."""
        self._bridge.run(self._bridge.do.incoming.introductions, self._show)

    def _show(self, found: list[Introduction]) -> None:
        clear(self._lines)
        for one in found[:_SHOWN]:
            self._lines.addLayout(column(PlainLabel(_words(one), wraps=True), self._choices(one), gap=2))
        if len(found) > _SHOWN:
            self._lines.addWidget(PlainLabel(f"and {len(found) - _SHOWN} more", "small"))
        self.setVisible(bool(found))

    def _choices(self, one: Introduction) -> QWidget:
        box = QWidget()
        if one.role == "asked of me":
            yes = button("Introduce them", partial(self._ask_words, one), "link")
            no = button("No", partial(self._answer, one, made=False), "link")
        else:
            yes = button("Ask to connect", partial(self.compose.emit, one.account, one.who), "link")
            no = button("Put away", partial(self._answer, one, made=False), "link")
        box.setLayout(row(yes, no, None, gap=4))
        return box

    def _ask_words(self, one: Introduction) -> None:
        dialog = QInputDialog(self)
        dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
        dialog.setWindowTitle("Introduce")
        dialog.setLabelText("A few words to the person you introduce them to:")
        dialog.setTextValue(one.note)
        dialog.textValueSelected.connect(lambda text: self._answer(one, made=True, note=text))
        dialog.open()

    def _answer(self, one: Introduction, *, made: bool, note: str = "") -> None:
        self._bridge.run(partial(self._bridge.do.incoming.answer_introduction, one.id, note, made=made))


def _words(one: Introduction) -> str:
    note = f": “{' '.join(one.note.split())[:200]}”" if one.note else ""
    if one.role == "asked of me":
        return f"{one.who} asks you to introduce them to {one.whom}{note}"
    return f"{one.via} introduces {one.who} to you{note}"


class IntroduceButtons(QWidget):
    """Buttons that ask a mutual connection for an introduction to somebody."""

    def __init__(self, bridge: Bridge, account: AccountId, whom: Address, vouchers: list[tuple[str, Address]]) -> None:
        super().__init__()
        self._bridge = bridge
        self._account = account
        self._whom = whom
        line = row(gap=8)
        for name, address in vouchers[:1]:
            first = name.split()[0] if name.split() else address
            text = f"Ask {first[:14]} to introduce us"
            line.addWidget(button(text, partial(self._ask_words, name, address), tip=f"Asks {joined([name, address])}; they choose"))
        self.setLayout(line)

    def _ask_words(self, name: str, address: Address) -> None:
        dialog = QInputDialog(self.window())
        dialog.setWindowTitle("Ask for an introduction")
        dialog.setLabelText(f"A few words for {name[:60]} to pass on. They choose whether they do.")
        dialog.textValueSelected.connect(lambda text: self._send(address, text))
        dialog.open()

    def _send(self, address: Address, text: str) -> None:
        self._bridge.run(partial(self._bridge.do.sent.ask_introduction, self._account, address, self._whom, text))
