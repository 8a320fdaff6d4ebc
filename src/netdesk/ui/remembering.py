"""What the window remembers till the next time: where it stood, what it showed, how it looks."""

from typing import Any, Protocol

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QTabBar

from netdesk.ui.accounts import AccountButton
from netdesk.ui.pages import Pages
from netdesk.ui.theme import Theme
from netdesk.ui.topbar import TABS
from netdesk.ui.tray import QUIET, Tray


class Remembers(Protocol):
    """What is remembered of."""

    tabs: QTabBar
    pages: Pages
    theme: Theme
    account: AccountButton
    tray: Tray


def memory_of(window: QMainWindow) -> dict[str, Any]:
    """Plain JSON values for the store."""
    mine: Remembers = window  # type: ignore[assignment] # the main window; naming its class would close a circle of imports
    return {
        "geometry": bytes(window.saveGeometry().toBase64().data()).decode(),
        "tab": TABS[max(0, mine.tabs.currentIndex())],
        "panes": mine.pages.sizes(),
        "look": mine.theme.choice,
        "quiet": mine.account.quiet,
        "notifies": mine.account.notifies,
        "pace": mine.account.pace,
        "stays": mine.tray.stays,
    }


def recall(window: QMainWindow, kept: dict[str, Any]) -> None:
    """Put the window where it was; what is not understood is left alone."""
    mine: Remembers = window  # type: ignore[assignment] # as above
    if isinstance(kept.get("geometry"), str):
        window.restoreGeometry(QByteArray.fromBase64(kept["geometry"].encode()))
    mine.pages.set_sizes(kept.get("panes"))
    quiet = kept.get("quiet", 0)
    mine.account.quiet = quiet if quiet in range(len(QUIET)) else 0
    mine.tray.quiet = QUIET[mine.account.quiet][1]
    mine.account.notifies = mine.tray.on = bool(kept.get("notifies", True))
    mine.account.pace = kept.get("pace", "lively")
    mine.tray.stays = mine.account.stays = bool(kept.get("stays", False))
    mine.tabs.setCurrentIndex(TABS.index(kept["tab"]) if kept.get("tab") in TABS else 1)
