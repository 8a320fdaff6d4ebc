"""The bar at the top of the window: the tabs with their counts, search, New request, the account."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QWidget

from netdesk.domain.cards import AccountCard
from netdesk.domain.people import Account
from netdesk.ui.accounts import AccountButton
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import button, row
from netdesk.ui.search import SearchField
from netdesk.ui.texts.times import grouped
from netdesk.ui.theme import BAR_HEIGHT, Theme

TABS = ("network", "incoming", "sent", "privacy")
_TITLES = {"network": "Network", "incoming": "Incoming", "sent": "Sent", "privacy": "Privacy"}
_NARROW = 1_010
_TINY = 760


class TopBar(QWidget):
    """Tabs, search, *New request*, the account with its state. `waits` carries how many incoming requests wait."""

    waits = Signal(int)

    def __init__(self, bridge: Bridge, theme: Theme, *, sample: bool) -> None:
        super().__init__()
        self.setObjectName("bar")
        self._bridge = bridge
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Tabs")
        self.tabs.setUsesScrollButtons(False)
        for name in TABS:
            self.tabs.addTab(_TITLES[name])
        self.search = SearchField(bridge)
        self.search.setMinimumWidth(120)
        self.search.setMaximumWidth(262)
        self.ask = button("New request", None, "main", tip="Ask somebody to connect (N)")
        self.account = AccountButton(theme)
        self.account.sample = sample
        line = row(self.tabs, None, self.search, self.ask, self.account, gap=12)
        line.setContentsMargins(16, 0, 12, 0)
        line.setStretch(2, 4)
        self.setLayout(line)
        self.setFixedHeight(BAR_HEIGHT)

    def show_accounts(self, cards: list[AccountCard], archives: list[Account], chosen: int | None) -> None:
        """Show whose desk it is. Without an account at which one can be asked there is no privacy to choose."""
        self.account.show_cards(cards, archives, chosen)
        self.tabs.setTabEnabled(TABS.index("privacy"), bool(cards))

    def count(self) -> None:
        """Look how many wait under each tab."""
        self._bridge.run(self._bridge.do.incoming.counts, partial(self._counted, "incoming", "review"))
        self._bridge.run(self._bridge.do.sent.counts, partial(self._counted, "sent", "waiting"))

    def _counted(self, tab: str, place: str, counts: dict[str, int]) -> None:
        self.show_count(tab, counts[place])
        if tab == "incoming":
            self.waits.emit(counts[place])

    def show_count(self, tab: str, number: int) -> None:
        """Show how many wait under a tab."""
        text = f"{_TITLES[tab]}  {grouped(number)}" if number else _TITLES[tab]
        self.tabs.setTabText(TABS.index(tab), text)
        self.tabs.setAccessibleTabName(TABS.index(tab), f"{_TITLES[tab]}, {number}")

    def give_way(self, width: int) -> None:
        """In a window of this width: words go first, then the hints."""
        self.account.show_words(shown=width >= _NARROW)
        self.ask.setText("New request" if width >= _TINY else "New")
        self.search.setPlaceholderText("Search people and requests   Ctrl+K" if width >= _NARROW else "Search   Ctrl+K")
