"""Importing archives of other networks: drop them, look at what they hold, bring them onto the desk, take an import back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMargins, Signal
from PySide6.QtWidgets import QFileDialog, QProgressBar, QPushButton, QVBoxLayout, QWidget

from netdesk.controllers.imports import Standing
from netdesk.domain.archive import Archive, Import
from netdesk.domain.errors import Cancelled, NetDeskError
from netdesk.domain.names import tame_name
from netdesk.ui.bridge import Bridge
from netdesk.ui.elsewhere import ElsewhereList, Guide
from netdesk.ui.parts import Card, ElidedLabel, PlainLabel, Scroll, banner, button, centred, clear, column, row
from netdesk.ui.texts import archives
from netdesk.ui.texts.errors import sentence
from netdesk.ui.texts.times import first_upper, full_day

Now = Callable[[], datetime]
_FIRST_ROWS: Final = 5


@dataclass(slots=True)
class Reading:
    """One reading under way; `stopped` is set by the owner and seen by the thread that reads."""

    stopped: bool = False

    def check(self) -> None:
        """Raises Cancelled when it is to stop."""
        if self.stopped:
            raise Cancelled("stopped")


class ImportPage(QWidget):
    """The page. `left` says that the owner wants her desk."""

    left = Signal()

    def __init__(self, bridge: Bridge, now: Now) -> None:
        super().__init__()
        self.setObjectName("page")
        self._bridge = bridge
        self._now = now
        self._reading: Reading | None = None
        self._paths: list[Path] = []
        self._previews: list[tuple[Archive, Card]] = []
        self._wrong, self._wrong_text = banner("trouble", "")
        self._wrong.hide()
        self._stage = QVBoxLayout()
        self._stage.setSpacing(12)
        self.elsewhere = ElsewhereList(bridge, now)
        inner = QWidget()
        inner.setLayout(
            column(
                row(PlainLabel("Import from other networks", "name"), None, button("Back to my desk", self.left.emit, "quiet")),
                PlainLabel(
                    "LinkedIn, Facebook, Instagram, X, Mastodon and Bluesky hand their members their own data. Give it to NetDesk to see who is in your "
                    "network, what came in, what still waits, and whom you blocked. It stays on this computer; nobody is asked or told anything.",
                    "dim",
                    wraps=True,
                ),
                self._drop_card(),
                self._wrong,
                self._stage,
                self.elsewhere,
                Guide(),
                None,
                gap=14,
                margins=QMargins(0, 24, 0, 24),
            )
        )
        self.setLayout(column(Scroll(centred(inner, 820))))

    def _drop_card(self) -> Card:
        card = Card(margin=24, gap=10)
        self._choose = button("Choose files…", self._ask_files, "main")
        card.body.addWidget(PlainLabel("Drop the export here", "title"))
        words = "A zip as it was downloaded, several parts of one, an unpacked folder, or single lists."
        card.body.addWidget(PlainLabel(words, "dim", wraps=True))
        card.body.addLayout(row(self._choose, button("Choose a folder…", self._ask_folder), None))
        self.setFocusProxy(self._choose)
        return card

    def _ask_files(self) -> None:
        dialog = QFileDialog(self, "The export", "", "Exports (*.zip *.gz *.csv *.json *.js *.html *.car);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.read([Path(one) for one in names]))
        dialog.open()

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, "The unpacked export")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.read([Path(name)]))
        dialog.open()

    # reading

    def read(self, paths: Sequence[Path]) -> None:
        """Read these, given together, and show what they hold."""
        self.stop()
        self._wrong.hide()
        clear(self._stage)
        reading = self._reading = Reading()
        self._paths = list(paths)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName("Reading")
        card = Card(gap=8)
        names = ", ".join(tame_name(one.name) for one in paths[:4]) + ("…" if len(paths) > 4 else "")
        cancel = button("Cancel", self.stop)
        card.body.addLayout(row(PlainLabel(f"Reading {names}", wraps=True), None, cancel))
        card.body.addWidget(bar)
        self._stage.addWidget(card)
        cancel.setFocus()
        job = partial(_read, self._bridge, self._paths, reading)
        self._bridge.run_apart(job, partial(self._show, reading), partial(self._failed, reading))

    def stop(self) -> None:
        """Stop a reading that is under way."""
        if self._reading is not None:
            self._reading.stopped = True

    def _failed(self, reading: Reading, error: NetDeskError) -> None:
        if reading is not self._reading:
            return  # another was begun
        self._reading = None
        clear(self._stage)
        self._wrong_text.setText(sentence(error, self._now()))
        self._wrong.setVisible(not isinstance(error, Cancelled))
        self._choose.setFocus()

    def _show(self, reading: Reading, found: list[tuple[Archive, Standing]]) -> None:
        if reading is not self._reading:
            return
        self._reading = None
        clear(self._stage)
        cards = [self._preview(archive, standing) for archive, standing in found]
        self._previews = list(zip((archive for archive, _ in found), cards, strict=True))
        for card in cards:
            self._stage.addWidget(card)
        first = next((one for card in cards for one in card.findChildren(QPushButton) if one.isEnabled()), None)
        if first is not None:
            first.setFocus()  # the keyboard goes on

    # what it holds

    def _preview(self, archive: Archive, standing: Standing) -> Card:
        card = Card(archives.title(archive), gap=8)
        for name, text in archives.facts(archive):
            numbers = text[:1].isdigit()
            card.body.addLayout(row(PlainLabel(first_upper(name)), None, PlainLabel(text, "strong" if numbers else "dim")))
        for text in archives.notes(archive):
            card.body.addWidget(PlainLabel(f"• {text}", "small", wraps=True))
        first = archives.first_rows(archive, _FIRST_ROWS)
        if first:
            card.body.addWidget(PlainLabel("The first of them", "strong"))
            for text in first:
                card.body.addWidget(ElidedLabel(text, "dim"))
        card.body.addWidget(PlainLabel(self._stands(standing), "small", wraps=True))
        text = "Import the older one" if standing.older else "Bring it onto my desk"
        bring = button(text, None, "main")
        bring.setEnabled(not standing.same)
        bring.clicked.connect(lambda *_: self._bring(archive, card, older=standing.older))
        card.body.addLayout(row(bring, button("Not now", partial(self._put_away, card)), None))
        return card

    @staticmethod
    def _stands(standing: Standing) -> str:
        if standing.last is None or standing.account is None:
            return "It becomes an account of its own on this desk, and can be taken back as a whole."
        when = full_day(standing.last.at)
        if standing.same:
            return f"This is what you imported on {when}: there is nothing new in it."
        if standing.older:
            return f"This export is older than the one that you imported on {when}. What came since would be gone from the lists."
        return f"It takes the place of what you imported on {when}. Your notes, circles and ticks stay."

    def _put_away(self, card: Card) -> None:
        self._previews = [one for one in self._previews if one[1] is not card]
        self._stage.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _bring(self, archive: Archive, card: Card, *, older: bool) -> None:
        files = ", ".join(one.name for one in self._paths)
        card.setEnabled(False)
        job = partial(_bring, self._bridge, archive, files, older)
        self._bridge.run(job, partial(self._brought, archive, card), partial(self._not_brought, card))

    def _not_brought(self, card: Card, error: NetDeskError) -> None:
        card.setEnabled(True)
        self._wrong_text.setText(sentence(error, self._now()))
        self._wrong.show()

    def _brought(self, archive: Archive, card: Card, made: Import) -> None:
        clear(card.body)
        card.setEnabled(True)
        card.body.addWidget(PlainLabel(archives.title(archive), "title"))
        for text in archives.changes(made.told) or ["Nothing that was not here already."]:
            card.body.addWidget(PlainLabel(text))
        show = button("Show my desk", self.left.emit, "main")
        undo = button("Take it back", partial(self._take_back, made, card))
        card.body.addLayout(row(show, undo, None))
        show.setFocus()
        self._previews = [(one, other) for one, other in self._previews if other is not card]
        for one, other in self._previews:  # of the same account they stand differently now
            self._bridge.run(partial(self._bridge.do.imports.standing, one), partial(self._show_anew, one, other))

    def _show_anew(self, archive: Archive, card: Card, standing: Standing) -> None:
        at = next((at for at, one in enumerate(self._previews) if one[1] is card), None)
        if at is not None:
            fresh = self._preview(archive, standing)
            self._stage.replaceWidget(card, fresh)
            card.deleteLater()
            self._previews[at] = (archive, fresh)

    def _take_back(self, made: Import, card: Card) -> None:
        gone = partial(self._put_away, card)
        self._bridge.run(
            partial(self._bridge.do.imports.take_back, made.id), lambda _: gone(), lambda _: gone()
        )  # it may be taken back below


def _read(bridge: Bridge, paths: list[Path], reading: Reading) -> list[tuple[Archive, Standing]]:
    """Read on a thread of its own, then ask the desk how it stands to what is here."""
    found = bridge.desk.read_archives(paths, reading.check).result()
    for one in found:
        one.packed()
    return [(one, bridge.desk.call(bridge.do.imports.standing, one)) for one in found]


def _bring(bridge: Bridge, archive: Archive, files: str, older: bool) -> Import:
    """On the store thread."""
    made, changes = bridge.do.imports.bring(archive, files, older=older)
    bridge.desk.apply(changes)
    return made
