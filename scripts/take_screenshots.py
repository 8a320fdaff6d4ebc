"""Takes the pictures of docs/screenshots/: every page of the sample desk, in light and dark, wide and small.

Run: ./run --in-env python scripts/take_screenshots.py [FOLDER] [PART OF A NAME]
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QElapsedTimer, QEventLoop, QSize
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from netdesk.app import Program, make_application
from netdesk.domain import events
from netdesk.domain.changes import Kind, changed
from netdesk.domain.events import ArrivedRequest, Delivery
from netdesk.domain.people import Address, Relation
from netdesk.ui.about import PartsDialog
from netdesk.ui.seen import SeenDialog
from netdesk.ui.shortcuts import KeysDialog
from netdesk.ui.signin import SignInDialog
from netdesk.ui.updates import UpdatesDialog
from netdesk.ui.window import MainWindow

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
WIDE, SMALL = QSize(1240, 820), QSize(800, 600)
Page = Callable[[MainWindow], QWidget | None]


def settle(window: MainWindow, ms: int = 260) -> None:
    """Let the window come to rest."""
    clock = QElapsedTimer()
    clock.start()
    while clock.elapsed() < ms or not window.bridge.idle:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def tab(name: str, segment: str = "", row: int = 0, *, card: bool = False) -> Page:
    """A tab with one of its lists and a row chosen."""

    def show(window: MainWindow) -> None:
        window.show_tab(name)
        page = {"network": window.pages.network, "incoming": window.pages.incoming, "sent": window.pages.sent}.get(name)
        if page is not None:
            if segment and page.segments.current != segment:
                page.segments.choose(segment)
            settle(window)
            page.show_list()
            if page.model.rowCount():
                page.rows.go_to(min(row, page.model.rowCount() - 1))
            if card:
                page.show_card()

    return show


def composer(window: MainWindow) -> QDialog | None:
    """The composer with somebody suggested."""
    tab("network", "suggested", 2)(window)
    settle(window)
    found = window.pages.network.rows.current_row()
    made = window.compose(0, found.address if found else "")
    if made is not None:
        made._note.setPlainText("We both plan vaccine routes, and Kofi speaks highly of your maps. May I compare notes with you?")
    return made


def profile(window: MainWindow) -> QDialog:
    window.edit_profile()
    return window.findChildren(QDialog)[-1]


def seen(relation: Relation) -> Page:
    def show(window: MainWindow) -> QDialog:
        dialog = SeenDialog(window, window.bridge, window.theme, window.now, window._cards[0].account, relation)
        dialog.open()
        return dialog

    return show


def keys(window: MainWindow) -> QDialog:
    dialog = KeysDialog(window)
    dialog.open()
    return dialog


def parts(window: MainWindow) -> QDialog:
    dialog = PartsDialog(window)
    dialog.open()
    return dialog


def updates(window: MainWindow) -> QDialog:
    dialog = UpdatesDialog(window, window.bridge)
    dialog.open()
    return dialog


ONLY_SMALL = ("incoming-card", "parts", "updates")  # the card is only there; the others are the same in any window
PAGES: dict[str, Page] = {
    "incoming": tab("incoming", "review"),
    "incoming-lookalike": tab("incoming", "review", 8),
    "incoming-filtered": tab("incoming", "filtered", 2),
    "incoming-answered": tab("incoming", "answered", 0),
    "incoming-card": tab("incoming", "review", 1, card=True),
    "network": tab("network", "connections", 3),
    "network-suggested": tab("network", "suggested", 1),
    "sent": tab("sent", "waiting"),
    "sent-ended": tab("sent", "ended"),
    "privacy": tab("privacy"),
    "compose": composer,
    "profile": profile,
    "seen-stranger": seen(Relation.STRANGER),
    "keys": keys,
    "parts": parts,
    "updates": updates,
}


def take(program: Program, folder: Path, look: str, size: QSize, only: str) -> None:
    window = program.window
    assert window is not None
    program.theme.choose(look)
    window.resize(size)
    for name, page in PAGES.items():
        if only not in name or (name in ONLY_SMALL and size == WIDE):
            continue
        shown = page(window)
        settle(window)
        target = shown or window
        target.grab().save(str(folder / f"{name}-{look}{'-small' if size == SMALL else ''}.png"))
        if isinstance(shown, QDialog):
            shown.done(0)
            settle(window, 60)


def welcome(application: QApplication, folder: Path, data: Path) -> None:
    """The first run on an empty desk."""
    program = Program(application, data)
    program.open(data, sample=False)
    window = program.window
    assert window is not None
    for look in ("light", "dark"):
        program.theme.choose(look)
        for size in (WIDE, SMALL):
            window.resize(size)
            settle(window)
            window.grab().save(str(folder / f"welcome-{look}{'-small' if size == SMALL else ''}.png"))
        dialog = SignInDialog(window, window.bridge, window.now)
        dialog._address.setText("nadia@chat.example")
        dialog._show_server()
        dialog.open()
        settle(window)
        dialog.grab().save(str(folder / f"sign-in-{look}.png"))
        dialog.done(0)
    window.resize(WIDE)
    program.theme.choose("light")
    window.pages.welcome._name.setText("Nadia Rahman")
    window.pages.welcome.create_button.click()
    settle(window, 600)
    window.grab().save(str(folder / "first-run-light.png"))
    if window._first_run is not None:
        window._first_run._confirm()
    settle(window, 600)
    window.show_tab("incoming")
    settle(window)
    window.grab().save(str(folder / "empty-light.png"))
    program.close()


def flood(application: QApplication, folder: Path, data: Path) -> None:
    """A burst in one row, and requests from addresses that cannot be read."""
    program = Program(application, data)
    program.open(data, sample=False)
    window, desk = program.window, program.desk
    assert window is not None and desk is not None
    window.resize(WIDE)
    account = desk.add_community_account("Nadia Rahman")
    desk.call(desk.do.accounts.confirm_first_run, account.id)
    desk.apply(changed(Kind.ACCOUNTS))
    desk.go_online().result()
    settle(window, 800)
    now = desk.clock()
    ann = ArrivedRequest(Address("ann@care.example"), "Ann Ode", "We met at the workshop in Accra; may I ask about your maps?", now)
    burst = [ArrivedRequest(Address(f"p{n}@d{n % 40}.example"), "", f"hello, I liked {n * 7} and {n * 13}", now) for n in range(600)]
    for some in ([ann], burst[:300], burst[300:]):
        desk._deliver(Delivery(account.id, (events.RequestsArrived(tuple(some)),)))
    desk._deliver(Delivery(account.id, (events.UnreadableWait(("o'neil&co@evil.example", "gateway.example")),)))
    settle(window, 800)
    window.pages.incoming.segments.choose("filtered")
    settle(window, 800)
    window.grab().save(str(folder / "incoming-burst-light.png"))
    program.close()


def archives(application: QApplication, folder: Path, data: Path) -> None:
    """What an export holds, and a desk of exports alone: the pages that a newcomer with a zip sees."""
    samples = FOLDER.parents[1] / "tests" / "samples" / "archives" / "dev"
    program = Program(application, data)
    program.open(data, sample=False)
    window = program.window
    assert window is not None
    for name in ("instagram/2024-json/tree", "mastodon/csv-and-archive", "linkedin/2024-basic/Basic_LinkedInDataExport_01-15-2024.zip"):
        for look, size in (("light", WIDE), ("dark", SMALL)):
            program.theme.choose(look)
            window.resize(size)
            window.show_import([samples / name])
            settle(window, 1_200)
            if name.startswith("linkedin"):
                window.grab().save(str(folder / f"import-{look}{'-small' if size is SMALL else ''}.png"))
        for one in window.pages.importing.findChildren(QPushButton):
            if one.isVisibleTo(window) and one.text().startswith("Bring it"):
                one.click()
        settle(window, 1_200)
    for look, size in (("light", WIDE), ("dark", SMALL)):
        program.theme.choose(look)
        window.resize(size)
        window.grab().save(str(folder / f"imported-{look}{'-small' if size is SMALL else ''}.png"))
    program.theme.choose("light")
    window.resize(WIDE)
    window.pages.left_import.emit()
    settle(window, 600)
    tab("incoming", row=1)(window)
    settle(window, 600)
    window.grab().save(str(folder / "incoming-archive-light.png"))
    program.close()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    with tempfile.TemporaryDirectory() as data:
        program = Program(application, Path(data) / "own")
        program.open(Path(data) / "sample", sample=True)
        assert program.window is not None
        settle(program.window, 1_500)
        for look in ("light", "dark"):
            for size in (WIDE, SMALL):
                take(program, folder, look, size, only)
        program.close()
        if not only:
            welcome(application, folder, Path(data) / "own")
            flood(application, folder, Path(data) / "flooded")
            archives(application, folder, Path(data) / "archives")


if __name__ == "__main__":
    main()
