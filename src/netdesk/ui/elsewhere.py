"""What was imported from other networks: each account with its imports and whom the owner has shut out there; and how to get an export."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem, QWidget

from netdesk.controllers.imports import Elsewhere
from netdesk.domain.archive import LABELS
from netdesk.domain.changes import Changes, Kind
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import SHEET, Card, PlainLabel, Sheet, button, clear, column, row
from netdesk.ui.texts import archives
from netdesk.ui.texts.times import count, full_day, grouped, moment

Now = Callable[[], datetime]
_KINDS: Final = {"block": "blocked", "mute": "muted", "restrict": "restricted", "hide_story": "story hidden", "messenger": "blocked in Messenger",
                 "domain": "whole server blocked"}  # fmt: skip


class ElsewhereList(QWidget):
    """The accounts that archives are of."""

    def __init__(self, bridge: Bridge, now: Now) -> None:
        super().__init__()
        self._bridge = bridge
        self._now = now
        self._cards = column(gap=12)
        self.setLayout(self._cards)
        bridge.changed.connect(self._look_again)
        self.look()

    def look(self) -> None:
        """Look what there is."""
        self._bridge.run(self._bridge.do.imports.elsewhere, self._show)

    def _look_again(self, changes: Changes) -> None:
        if changes.touches(Kind.ACCOUNTS):
            self.look()

    def _show(self, found: list[Elsewhere]) -> None:
        clear(self._cards)
        for one in found:
            self._cards.addWidget(self._card(one))

    def _card(self, one: Elsewhere) -> Card:
        whose = one.account.address.rpartition("@")[0]
        card = Card(f"{LABELS[one.account.network]}{'' if whose == 'me' else f': {whose}'}", gap=6)
        last = one.imports[0]
        held = (
            f"{count(one.people, 'person', 'people')}, {count(one.waiting_in, 'request')} to tick off, {one.waiting_out} sent and waiting"
        )
        card.body.addWidget(PlainLabel(held, wraps=True))
        text = f"Imported {moment(last.at, self._now())} from {last.files}"
        if len(one.imports) > 1:
            text += f"; before that on {full_day(one.imports[1].at)}"
        card.body.addWidget(PlainLabel(text, "small", wraps=True))
        imports = self._bridge.do.imports
        line = [button("Take the last import back", partial(self._bridge.run, partial(imports.take_back, last.id)))]
        if one.blocks:
            line.append(button(f"Whom you shut out there ({grouped(len(one.blocks))})", partial(self._show_blocks, one)))
        if len(one.imports) > 1:
            line.append(button("Forget all of it…", partial(self._ask_forget, one), "danger"))
        card.body.addLayout(row(*line, None))
        return card

    def _show_blocks(self, one: Elsewhere) -> None:
        label = LABELS[one.account.network]
        sheet = Sheet(self.window(), f"Shut out on {label}", 480)
        rows = QListWidget()
        rows.setAccessibleName(f"Shut out on {label}")
        rows.setUniformItemSizes(True)
        for block in one.blocks:
            since = f", {archives.when(block.stamp).removeprefix('on ')}" if block.stamp else ""
            rows.addItem(QListWidgetItem(f"{block.name} · {_KINDS.get(block.kind, block.kind)}{since}"))
        words = f"As your export from {label} says. They are shut out there; NetDesk shuts nobody out for it."
        done = button("Close", sheet.accept, "main")
        sheet.setLayout(column(PlainLabel(f"Shut out on {label}", "title"), PlainLabel(words, "dim", wraps=True), rows, row(None, done), gap=12,
                               margins=SHEET))  # fmt: skip
        sheet.open()

    def _ask_forget(self, one: Elsewhere) -> None:
        label = LABELS[one.account.network]
        sheet = Sheet(self.window(), "Forget an export", 420)
        words = f"All that came from your {label} exports leaves this desk, with your notes on these people. On {label} nothing changes."
        forget = button("Forget it", sheet.accept, "danger")
        sheet.accepted.connect(lambda: self._bridge.run(partial(self._bridge.do.imports.forget, one.account.id)))
        sheet.setLayout(column(PlainLabel(f"Forget {label}?", "title"), PlainLabel(words, wraps=True),
                               row(None, button("Cancel", sheet.reject), forget), gap=12, margins=SHEET))  # fmt: skip
        sheet.open()


class Guide(Card):
    """How to ask each network for the export."""

    def __init__(self) -> None:
        super().__init__("How to get the export", gap=8)
        self._which = QComboBox()
        self._which.setAccessibleName("Network")
        for network, label in LABELS.items():
            self._which.addItem(label, network)
        self._words = PlainLabel("", wraps=True, selectable=True)
        self._which.currentIndexChanged.connect(lambda _: self._show())
        self.body.addLayout(row(self._which, None))
        self.body.addWidget(self._words)
        self._show()

    def _show(self) -> None:
        self._words.setText(archives.GUIDE[self._which.currentData()])
