"""The server's directory of people: asked only when the owner says so."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netdesk.domain.directory import Entry
from netdesk.domain.errors import NetDeskError
from netdesk.domain.people import Account, domain_of
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import PlainLabel, button, clear, column, row
from netdesk.ui.texts.errors import sentence

_SHOWN = 8


class DirectoryOffer(QWidget):
    """A link that asks the directory for a name, then what it found. `chosen` carries an address. Empty where there is no directory."""

    chosen = Signal(str)

    def __init__(self, bridge: Bridge, now: Callable[[], datetime], account: Account, words: str) -> None:
        super().__init__()
        self._bridge = bridge
        self._now = now
        self._account = account
        self._words = words
        self._lines: QVBoxLayout = column(gap=6)
        self.setLayout(self._lines)
        could = bridge.desk.servers.capabilities(account.id)
        if could is not None and could.directory:
            self._lines.addLayout(row(22, button(f"Look in the directory of {domain_of(account.address)}", self._ask, "link"), None))

    def _ask(self) -> None:
        self._say("Looking…")
        self._bridge.run_apart(partial(self._bridge.desk.servers.look_up, self._account.id, self._words), self._show, self._failed)

    def _show(self, found: tuple[Entry, ...]) -> None:
        self._say("In the directory:" if found else "The directory knows nobody of this name. Some find only whole names.")
        for one in found[:_SHOWN]:
            shown = f"{one.name or one.address.partition('@')[0]} \u200e<{one.address}>"
            self._lines.addLayout(row(22, button(shown[:120], partial(self.chosen.emit, one.address), "link"), None))
        if len(found) > _SHOWN:
            self._lines.addWidget(PlainLabel(f"and {len(found) - _SHOWN} more: write more of the name", "small"))

    def _failed(self, error: NetDeskError) -> None:
        self._say(sentence(error, self._now()))

    def _say(self, text: str) -> None:
        clear(self._lines)
        self._lines.addWidget(PlainLabel(text, "small", wraps=True))
