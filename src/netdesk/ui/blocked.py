"""Who is shut out: the card with the list, blocking by address or domain, import and export."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from netdesk.domain.changes import Changes, Kind
from netdesk.domain.errors import NetDeskError, StorageTrouble
from netdesk.domain.people import AccountId, domain_of
from netdesk.domain.privacy import Block
from netdesk.paths import private_file
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import SHEET, Card, ElidedLabel, Flow, PlainLabel, Portrait, Sheet, banner, button, chip, clear, column, row
from netdesk.ui.texts.errors import sentence
from netdesk.ui.texts.times import count, full_day, joined
from netdesk.ui.theme import Theme

Now = Callable[[], datetime]
SHOWN = 8


class BlockedCard(Card):
    """Blocked people and domains, with date, reason, whether reported, and how often they tried since."""

    def __init__(self, bridge: Bridge, theme: Theme, now: Now) -> None:
        super().__init__(gap=10)
        self._bridge = bridge
        self._theme = theme
        self._now = now
        self._account: AccountId | None = None
        self._all = False
        self._shown: tuple[list[Block], bool] | None = None
        self._count = chip("")
        self._said = PlainLabel("", "small", wraps=True)
        self._said.hide()
        title = row(PlainLabel("Blocked", "title"), self._count, None)
        self._list: QVBoxLayout = column(gap=10)
        acts = Flow(8)
        for text, act in (
            ("Block someone…", partial(self._ask, "Block someone", "name@server.example")),
            ("Block a domain…", partial(self._ask, "Block a domain", "server.example")),
            ("Import…", self._import),
            ("Export…", self._export),
        ):
            acts.addWidget(button(text, act))
        self.body.addLayout(title)
        self.body.addLayout(self._list)
        self.body.addWidget(self._said)
        self.body.addLayout(acts)
        bridge.changed.connect(self._look_again)

    def show_account(self, account: AccountId | None) -> None:
        """New blocks are made for this account; the list shows those of all."""
        self._account = account
        self._look()

    def _look(self) -> None:
        self._bridge.run(self._bridge.do.privacy.blocked, self._show)

    def _look_again(self, changes: Changes) -> None:
        if changes.touches(Kind.PRIVACY):
            self._look()

    def _show(self, found: list[Block]) -> None:
        if (found, self._all) == self._shown:
            return  # in a storm of changes the lines would be made anew before they are ever seen
        self._shown = (found, self._all)
        clear(self._list)
        people = sum(1 for one in found if not one.whole_domain)
        domains = len(found) - people
        parts = [*([count(people, "person", "people")] if people else []), *([count(domains, "domain")] if domains else [])]
        self._count.setText(", ".join(parts) or "nobody")
        for one in found if self._all else found[:SHOWN]:
            self._list.addWidget(self._line(one))
        if not found:
            self._list.addWidget(PlainLabel("Nobody is shut out. Press B on a request, or block an address here.", "dim", wraps=True))
        elif len(found) > SHOWN and not self._all:
            self._list.addWidget(button(f"Show all {len(found)}", self._show_all, "link"), 0, Qt.AlignmentFlag.AlignLeft)

    def _show_all(self) -> None:
        self._all = True
        self._look()

    def _line(self, one: Block) -> QWidget:
        title = f"@{one.target}" if one.whole_domain else one.name
        words = column(ElidedLabel(title, "strong"), gap=0)
        if not one.whole_domain and one.name != one.target:
            words.addWidget(ElidedLabel(one.target, "small"))
        words.addWidget(PlainLabel(block_facts(one), "small", wraps=True))
        line = row(Portrait(self._theme, 32).show_person(one.name, one.target, b""), gap=8)
        line.addLayout(words, 1)
        job = partial(self._bridge.do.privacy.unblock, one.target)
        line.addWidget(button("Unblock", partial(self._bridge.run, job), name=f"Unblock {title}"))
        box = QWidget()
        box.setLayout(line)
        return box

    def _ask(self, title: str, example: str) -> None:
        BlockDialog(self, self._bridge, self._account, title, example, self._now).open()

    def _import(self) -> None:
        dialog = QFileDialog(self.window(), "Import a block list", "", "Lists (*.csv *.txt);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.import_from(Path(path)))
        dialog.open()

    def import_from(self, path: Path) -> None:
        """Shut out everybody on a list in a file."""
        if self._account is None:
            return
        self._bridge.run(partial(_import, self._bridge, self._account, path), self._imported, self._failed)

    def _imported(self, result: tuple[int, int]) -> None:
        new, bad = result
        unread = f" {count(bad, 'line')} could not be read." if bad else ""
        self._say(f"{count(new, 'new block')} from the list.{unread}")

    def _export(self) -> None:
        dialog = QFileDialog(self.window(), "Export the block list", "blocked.csv", "CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path)))
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write the list to a file."""
        self._bridge.run(partial(_export, self._bridge, path), lambda _: self._say(f"Written to {path}"), self._failed)

    def _failed(self, error: NetDeskError) -> None:
        self._say(sentence(error, self._now()))

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.show()


def _import(bridge: Bridge, account: AccountId, path: Path) -> tuple[int, int]:
    """On the store thread."""
    try:
        text = path.read_bytes()[:4_000_000].decode("utf-8-sig", "replace")
    except OSError as error:
        raise StorageTrouble("read only", detail=str(path)) from error
    changes, new, bad = bridge.do.privacy.import_blocks(account, text)
    bridge.desk.apply(changes)
    return new, bad


def _export(bridge: Bridge, path: Path) -> None:
    """On the store thread."""
    try:
        with private_file(path) as file:
            file.write(bridge.do.privacy.export_blocks())
    except OSError as error:
        raise StorageTrouble("export place", detail=str(path)) from error


def block_facts(one: Block) -> str:
    """Date, report, tries and reason of a block in a line."""
    text = "everyone on this domain, " if one.whole_domain else ""
    text += f"blocked {'and reported ' if one.reported else ''}{full_day(one.at)}"
    if one.tries:
        text += f" · tried again {'once' if one.tries == 1 else 'twice' if one.tries == 2 else f'{one.tries} times'} since"
    return f"{text} · {one.reason}" if one.reason else text


class BlockDialog(Sheet):
    """Asks for an address or a domain to shut out, and why."""

    def __init__(self, parent: QWidget, bridge: Bridge, account: AccountId | None, title: str, example: str, now: Now) -> None:
        super().__init__(parent.window(), title, 440)
        self._bridge = bridge
        self._account = account
        self._now = now
        self._target, self._reason = QLineEdit(), QLineEdit()
        self._target.setPlaceholderText(example)
        self._target.setAccessibleName("Address or domain")
        self._reason.setPlaceholderText("Why? Only for yourself")
        self._reason.setAccessibleName("Reason")
        self._reason.setMaxLength(300)
        self._wrong, self._wrong_text = banner("trouble", "")
        self._wrong.hide()
        self._warned = ""
        act = button("Block", self._take, "danger")
        act.setDefault(True)
        self.setLayout(
            column(
                PlainLabel(title, "title"),
                self._target,
                self._reason,
                self._wrong,
                row(None, button("Cancel", self.reject), act),
                gap=12,
                margins=SHEET,
            )
        )

    def _take(self) -> None:
        if self._account is not None:
            self._bridge.run(partial(self._target_there), self._found, self._failed)

    def _target_there(self) -> tuple[str, list[str]]:
        """The target, and the names of connections that would be shut out with a domain. On the store thread."""
        assert self._account is not None
        target = self._bridge.do.privacy.target_of(self._target.text())
        known = self._bridge.do.privacy.connections_in(self._account, domain_of(target)) if "@" not in target else []
        return target, known

    def _found(self, found: tuple[str, list[str]]) -> None:
        target, known = found
        if known and self._warned != target:
            self._warned = target
            self._say(
                f"You know people there: {joined(known, 4)}. They would be shut out too, and your connection with them ends. Press Block once more if you mean it."
            )
            return
        assert self._account is not None
        job = partial(self._bridge.do.privacy.block, self._account, target, self._reason.text().strip())
        self._bridge.run(job, lambda _: self.accept(), self._failed)

    def _failed(self, error: NetDeskError) -> None:
        self._say(sentence(error, self._now()))

    def _say(self, text: str) -> None:
        self._wrong_text.setText(text)
        self._wrong.show()
        self.fit()
