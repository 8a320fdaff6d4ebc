"""The band that says that somebody asks from an address which this app cannot read."""

from functools import partial

from PySide6.QtWidgets import QFrame, QWidget

from netdesk.domain.people import AccountId
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import SHEET, PlainLabel, Sheet, button, column, row
from netdesk.ui.texts.times import count

_SHOWN = 20


class UnreadableBand(QFrame):
    """Hidden when there are none."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.setObjectName("band")
        self._bridge = bridge
        self._senders: list[str] = []
        self._words = PlainLabel("", wraps=True)
        show = button("Show the address", self._show_senders, "link")
        decline = button("Decline", partial(bridge.run, lambda: bridge.do.incoming.decline_unreadable()), "link")
        lines = column(self._words, row(decline, show, None, gap=4), gap=2)
        lines.setContentsMargins(12, 10, 12, 10)
        self.setLayout(lines)
        self.hide()

    def look(self) -> None:
        """Look again."""
        self._bridge.run(self._bridge.do.incoming.unreadable, self._show)

    def _show(self, found: dict[AccountId, tuple[str, ...]]) -> None:
        self._senders = [one for senders in found.values() for one in senders]
        number = len(self._senders)
        self._words.setText(f"{count(number, 'request')} from {'an address' if number == 1 else 'addresses'} this app cannot read")
        self.setVisible(bool(self._senders))

    def _show_senders(self) -> None:
        SendersDialog(self.window(), self._senders).open()


class SendersDialog(Sheet):
    """The addresses, letter by letter."""

    def __init__(self, parent: QWidget, senders: list[str]) -> None:
        super().__init__(parent, "Addresses that cannot be read", 480)
        shown = [PlainLabel(spelled(one), wraps=True, selectable=True) for one in senders[:_SHOWN]]
        if len(senders) > _SHOWN:
            shown.append(PlainLabel(f"and {len(senders) - _SHOWN} more", "small"))
        close = button("Close", self.accept, "main")
        close.setDefault(True)
        why = "They hold signs that no address may hold, or have no name before the @. Decline tells the sender’s program no."
        self.setLayout(column(PlainLabel(why, wraps=True), *shown, row(None, close), gap=12, margins=SHEET))


def spelled(sender: str) -> str:
    """An address with every character that is not plain printable ASCII written out, at most 200 characters."""
    return ascii(sender[:200])[1:-1] + ("…" if len(sender) > 200 else "")
