"""The pages of the main window. Each is built when it is first looked at, so that the window is there at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from netdesk.domain.changes import Changes, Kind
from netdesk.domain.people import Account, AccountId
from netdesk.ui.bridge import Bridge
from netdesk.ui.importing import ImportPage
from netdesk.ui.incoming import IncomingPage
from netdesk.ui.network import NetworkPage
from netdesk.ui.privacy import PrivacyPage
from netdesk.ui.sent import SentPage
from netdesk.ui.theme import Theme
from netdesk.ui.welcome import WelcomePage

Now = Callable[[], datetime]
ListPage = NetworkPage | IncomingPage | SentPage
_MAKE: dict[str, type[ListPage]] = {"network": NetworkPage, "incoming": IncomingPage, "sent": SentPage}


class Pages(QStackedWidget):
    """Holds the pages and keeps them on the account that is chosen. `compose` carries (account, address), `said` what was done."""

    compose = Signal(int, str)
    open_person = Signal(int)
    said = Signal(str)
    invite = Signal()
    made = Signal(str, str)
    sample = Signal()
    sign_in = Signal()
    restore = Signal()
    bring = Signal()
    left_import = Signal()

    def __init__(self, bridge: Bridge, theme: Theme, now: Now) -> None:
        super().__init__()
        self._given = (bridge, theme, now)
        self._lists: dict[str, ListPage] = {}
        self._sizes: list[list[int]] = [[] for _ in _MAKE]
        self._privacy: PrivacyPage | None = None
        self._welcome: WelcomePage | None = None
        self._importing: ImportPage | None = None
        self._filter: AccountId | None = None
        self._mine: Account | None = None
        self._several = False

    def show_account(self, chosen: AccountId | None, mine: Account | None, *, several: bool) -> None:
        """Show one account's things in the lists, or all (None). `mine` is the one whose choices the Privacy tab shows."""
        self._filter, self._mine, self._several = chosen, mine, several
        for page in self._lists.values():
            page.show_list_of(chosen)
        self._fill_privacy()

    def _list_page(self, name: str) -> ListPage:
        if name not in self._lists:
            page = self._lists[name] = _MAKE[name](*self._given)
            asks = page.introductions if isinstance(page, IncomingPage) else page
            asks.compose.connect(self.compose)
            page.open_person.connect(self.open_person)
            if isinstance(page, IncomingPage):
                page.said.connect(self.said)
                page.invite.connect(self.invite)
            sizes = self._sizes[list(_MAKE).index(name)]
            if sizes:
                page.set_sizes(sizes)
            self.addWidget(page)
            page.show_list_of(self._filter)
        return self._lists[name]

    @property
    def network(self) -> NetworkPage:
        """The Network tab."""
        page = self._list_page("network")
        assert isinstance(page, NetworkPage)
        return page

    @property
    def incoming(self) -> IncomingPage:
        """The Incoming tab."""
        page = self._list_page("incoming")
        assert isinstance(page, IncomingPage)
        return page

    @property
    def sent(self) -> SentPage:
        """The Sent tab."""
        page = self._list_page("sent")
        assert isinstance(page, SentPage)
        return page

    @property
    def privacy(self) -> PrivacyPage:
        """The Privacy tab."""
        if self._privacy is None:
            self._privacy = PrivacyPage(*self._given)
            self.addWidget(self._privacy)
            self._fill_privacy()
        return self._privacy

    def _fill_privacy(self) -> None:
        if self._privacy is not None and self._mine is not None:
            self._privacy.show_account(self._mine, several=self._several)

    @property
    def welcome(self) -> WelcomePage:
        """What a desk without an account shows."""
        if self._welcome is None:
            self._welcome = WelcomePage()
            self._welcome.made.connect(self.made)
            self._welcome.sample.connect(self.sample)
            self._welcome.sign_in.connect(self.sign_in)
            self._welcome.restore.connect(self.restore)
            self._welcome.bring.connect(self.bring)
            self.addWidget(self._welcome)
        return self._welcome

    @property
    def importing(self) -> ImportPage:
        """The page for archives of other networks."""
        if self._importing is None:
            self._importing = ImportPage(self._given[0], self._given[2])
            self._importing.left.connect(self.left_import)
            self.addWidget(self._importing)
        return self._importing

    def on_import(self) -> bool:
        """Whether that page is shown."""
        return self._importing is not None and self.currentWidget() is self._importing

    def on_welcome(self) -> bool:
        """Whether the welcome page is shown."""
        return self._welcome is not None and self.currentWidget() is self._welcome

    def show_undone(self, changes: Changes) -> None:
        """What was taken back is chosen, when it stands in the list that is shown."""
        page = self.currentWidget()
        kind = Kind.INCOMING if isinstance(page, IncomingPage) else Kind.SENT
        numbers = changes.ids.get(kind, frozenset())
        if len(numbers) == 1 and isinstance(page, IncomingPage | SentPage):
            page.choose_when_there(next(iter(numbers)))

    def tick(self) -> None:
        """A second has passed."""
        for page in self._lists.values():
            if isinstance(page, SentPage):
                page.tick()

    def sizes(self) -> list[list[int]]:
        """The widths of the panes, in the order of the tabs, to be remembered; empty where none is known."""
        return [self._lists[name].sizes() if name in self._lists else kept for name, kept in zip(_MAKE, self._sizes, strict=True)]

    def set_sizes(self, sizes: Any) -> None:
        """Widths that were remembered; anything else is left alone."""
        if isinstance(sizes, list) and len(sizes) == len(_MAKE) and all(isinstance(one, list) for one in sizes):
            self._sizes = [[size for size in one if isinstance(size, int)] for one in sizes]
            for page, one in zip(_MAKE, self._sizes, strict=True):
                if page in self._lists and one:
                    self._lists[page].set_sizes(one)
