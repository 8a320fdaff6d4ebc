"""Dialogs about the desk's own file: export, back up, restore, and what to do when it is damaged."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem, QWidget

from netdesk.domain.cards import BackupFile
from netdesk.domain.errors import StorageTrouble
from netdesk.domain.people import Account
from netdesk.paths import private_file
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import SHEET, PlainLabel, Sheet, button, column, row
from netdesk.ui.texts.times import full_day, moment

FORMS = {"CSV (*.csv)": "csv", "JSON (*.json)": "json", "vCard (*.vcf)": "vcf"}


def ask_export(parent: QWidget, bridge: Bridge, said: Callable[[str], object]) -> None:
    """Ask where the network goes, and write it there."""
    dialog = QFileDialog(parent, "Export my network", "network.csv", ";;".join(FORMS))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)

    def write(path: str) -> None:
        target = Path(path)
        form = target.suffix.lstrip(".").lower()
        if form not in FORMS.values():
            form = FORMS[dialog.selectedNameFilter()]
            target = target.with_name(f"{target.name}.{form}")
        bridge.run(partial(_export, bridge, form, target), lambda _: said(f"Written to {target}"))

    dialog.fileSelected.connect(write)
    dialog.open()


def _export(bridge: Bridge, form: str, path: Path) -> None:
    """On the store thread."""
    text = bridge.do.network.export(form)
    try:
        with private_file(path) as file:
            file.write(text)
    except OSError as error:
        raise StorageTrouble("export place", detail=str(path)) from error


def ask_backup(parent: QWidget, bridge: Bridge, said: Callable[[str], object]) -> None:
    """Ask where a backup goes, and make it."""
    dialog = QFileDialog(parent, "Back up the desk", "netdesk-backup.db", "Backups (*.db)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.fileSelected.connect(
        lambda path: bridge.run(partial(bridge.do.storage.back_up_to, Path(path)), lambda _: said(f"Backed up to {path}"))
    )
    dialog.open()


def ask_restore(parent: QWidget, bridge: Bridge, now: datetime, decided: Callable[[str], object]) -> None:
    """Ask which backup becomes the desk."""

    def show(found: list[BackupFile]) -> None:
        dialog = RestoreDialog(parent, found, now)
        dialog.decided.connect(decided)
        dialog.open()

    bridge.run(bridge.do.storage.backups, show)


def ask_delete(parent: QWidget, bridge: Bridge, account: Account) -> None:
    """Ask whether an account is really to be deleted, and delete it."""
    dialog = DeleteDialog(parent, account)
    dialog.accepted.connect(lambda: bridge.run(partial(bridge.desk.delete_account, account.id)))
    dialog.open()


class RestoreDialog(Sheet):
    """Chooses a backup: one of the automatic ones, or a file. `decided` carries its path."""

    decided = Signal(str)

    def __init__(self, parent: QWidget, found: list[BackupFile], now: datetime) -> None:
        super().__init__(parent, "Restore a backup", 480)
        self._list = QListWidget()
        self._list.setAccessibleName("Backups")
        for one in found:
            item = QListWidgetItem(f"{full_day(one.at)}, {moment(one.at, now)}")
            item.setData(256, one.path)
            self._list.addItem(item)
        self._list.itemActivated.connect(lambda item: self._take(str(item.data(256))))
        self._list.setCurrentRow(0)
        chosen = button("Restore this one", self._take_current, "main")
        chosen.setDefault(True)
        chosen.setEnabled(bool(found))
        none = PlainLabel("There are no automatic backups yet.", "dim")
        none.setVisible(not found)
        self._list.setVisible(bool(found))
        self.setLayout(
            column(
                PlainLabel("Restore a backup", "title"),
                PlainLabel("The desk becomes what it was then. What it is now is kept beside it, under another name.", "dim", wraps=True),
                self._list,
                none,
                row(button("Another file…", self._ask_file), None, button("Cancel", self.reject), chosen),
                gap=12,
                margins=SHEET,
            )
        )

    def _take_current(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self._take(str(item.data(256)))

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "A backup", "", "Backups (*.db);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._take)
        dialog.open()

    def _take(self, path: str) -> None:
        self.decided.emit(path)
        self.accept()


class DamagedDialog(Sheet):
    """The database is damaged and was set aside: restore the newest good backup, begin afresh, or leave it. `decided` carries
    'restore', 'afresh' or 'quit'."""

    decided = Signal(str)

    def __init__(self, kept_as: str, newest: BackupFile | None, now: datetime) -> None:
        super().__init__(None, "NetDesk", 560)
        self._word = "quit"
        acts = row(
            button("Quit", partial(self._say, "quit")), None, button("Start with an empty desk", partial(self._say, "afresh"), "danger")
        )
        if newest is not None:
            best = button(f"Restore the backup of {moment(newest.at, now)}", partial(self._say, "restore"), "main")
            best.setDefault(True)
            acts.addWidget(best)
        advice = "" if newest else " There is no good backup beside it; perhaps you have one elsewhere (netdesk backup)."
        self.setLayout(
            column(
                PlainLabel("The desk's database is damaged", "title"),
                PlainLabel(f"It was set aside as {kept_as}; nothing was deleted.{advice}", wraps=True),
                acts,
                gap=14,
                margins=SHEET,
            )
        )

    def _say(self, word: str) -> None:
        self._word = word
        self.close()

    def closeEvent(self, event: object) -> None:
        """Closing it is leaving things as they are."""
        super().closeEvent(event)  # type: ignore[arg-type] # Qt's QCloseEvent
        self.decided.emit(self._word)
        self._word = "quit"


class DeleteDialog(Sheet):
    """Asks whether an account is really to be deleted; accepted when it is."""

    def __init__(self, parent: QWidget, account: Account) -> None:
        super().__init__(parent, "Remove an account", 440)
        on_server = account.network == "xmpp"
        words = (
            "The desk and the keyring forget the account and all that came through it. On its server it stays as it is, with your connections there."
            if on_server
            else "The account goes from its community, and with it your connections, requests and notes there. This cannot be undone; a backup of "
            "the desk can be made before."
        )
        self.setLayout(
            column(
                PlainLabel(f"{'Remove' if on_server else 'Delete'} {account.address}?", "title", wraps=True),
                PlainLabel(words, "dim", wraps=True),
                row(
                    None,
                    button("Cancel", self.reject),
                    button("Remove the account" if on_server else "Delete the account", self.accept, "danger"),
                ),
                gap=12,
                margins=SHEET,
            )
        )
