"""The main window: the bar with the tabs, the pages, and what belongs to the desk as a whole."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMargins, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from netdesk.domain.cards import AccountCard, Found
from netdesk.domain.changes import Changes, Kind
from netdesk.domain.errors import NetDeskError
from netdesk.domain.links import parse_link
from netdesk.domain.people import Account, AccountId, PersonId
from netdesk.domain.requests import IncomingId, OutgoingId
from netdesk.sample import set_pace
from netdesk.ui.accounts import accounts_of
from netdesk.ui.bridge import Bridge
from netdesk.ui.composer import Composer
from netdesk.ui.drops import Drops
from netdesk.ui.keys import Keys
from netdesk.ui.needs import Needs
from netdesk.ui.notices import NoticeBand
from netdesk.ui.pages import Pages
from netdesk.ui.parts import banner, button, column
from netdesk.ui.profile import ProfileDialog
from netdesk.ui.program import ProgramActs
from netdesk.ui.remembering import memory_of, recall
from netdesk.ui.signin import PasswordDialog, SignInDialog, ask_trust
from netdesk.ui.storage import ask_delete, ask_restore
from netdesk.ui.texts.errors import sentence
from netdesk.ui.texts.times import joined
from netdesk.ui.theme import Theme
from netdesk.ui.topbar import TABS, TopBar
from netdesk.ui.tray import QUIET, Tray, icon
from netdesk.ui.undobar import UndoBar
from netdesk.ui.welcome import FirstRunPage, add_account

Now = Callable[[], datetime]


class MainWindow(QMainWindow):
    """The window of one desk. `wants_sample`, `wants_own_desk` and `wants_restore` are for who opened it: the desk is another then."""

    wants_sample = Signal()
    wants_own_desk = Signal()
    wants_restore = Signal(str)
    usable = Signal()
    closed = Signal()

    def __init__(self, bridge: Bridge, theme: Theme, now: Now, remembered: dict[str, Any], *, sample: bool) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.now = now
        self._cards: list[AccountCard] = []
        self._filter: AccountId | None = None
        self._put_off: set[int] = set()
        self._archives: list[Account] = []
        self._first_run: FirstRunPage | None = None
        self._link = ""
        self._leaving = False
        self.sample = sample
        self.setWindowTitle("NetDesk: sample community" if sample else "NetDesk")
        self.setWindowIcon(icon())
        self.setMinimumSize(QSize(560, 440))
        self.resize(1_240, 820)
        self._build()
        self._wire()
        recall(self, remembered)
        self._look_at_accounts()

    # building

    def _build(self) -> None:
        self.bar = TopBar(self.bridge, self.theme, sample=self.sample)
        self.tabs, self.search, self.ask, self.account = self.bar.tabs, self.bar.search, self.bar.ask, self.bar.account
        self.band = NoticeBand()
        self.program = ProgramActs(self, self.bridge, self.band, self.say)
        self._needs = Needs(self.band, self.now, self._wanted_of)
        self._sample_band, _ = banner(
            "band",
            "Sample community: 200 invented people on this computer. Nothing you do here reaches anybody.",
            button("Leave the sample", self.wants_own_desk.emit, "link"),
        )
        self._sample_band.setVisible(self.sample)
        self.pages = Pages(self.bridge, self.theme, self.now)
        self._bands = QWidget()
        self._bands.setLayout(column(self.band, self._sample_band, gap=6, margins=QMargins(18, 8, 18, 0)))
        centre = QWidget()
        centre.setObjectName("page")
        centre.setLayout(column(self.bar, self._bands, self.pages, gap=0))
        centre.layout().setStretch(2, 1)  # type: ignore[union-attr] # the column just set
        self.setCentralWidget(centre)
        self.undo_bar = UndoBar(centre, self.bridge, self.theme, self.now)
        self.tray = Tray(self, self.theme, self.now)
        self.account.has_tray = lambda: self.tray.there
        self.undo_bar.undone.connect(self.pages.show_undone)
        self.keys = Keys(self)
        self._drops = Drops(self)

    def _wire(self) -> None:
        bridge = self.bridge
        bridge.changed.connect(self._look_again)
        bridge.failed.connect(self.say)
        bridge.broke.connect(self.program.say_bug)
        self.theme.changed.connect(self.update)
        self.tabs.currentChanged.connect(self._show_tab)
        self.ask.clicked.connect(lambda *_: self.compose())
        self.search.chosen.connect(self._open_found)
        self.account.wanted.connect(self._wanted)
        pages = self.pages
        pages.compose.connect(self.compose)
        pages.open_person.connect(self.show_person)
        pages.said.connect(self.say_words)
        pages.invite.connect(self._invite)
        pages.made.connect(self._make_account)
        pages.sample.connect(self.wants_sample)
        pages.sign_in.connect(partial(self._wanted, "sign in", None))
        pages.restore.connect(self._ask_restore)
        pages.bring.connect(self.show_import)
        self._drops.dropped.connect(self.show_import)
        self.tabs.tabBarClicked.connect(self._show_tab)
        pages.left_import.connect(self._leave_import)
        self.bar.waits.connect(self.tray.show_count)
        self.tray.opened.connect(self.raise_window)
        self.tray.ended.connect(self.leave)
        self._second = QTimer(self, interval=1_000)
        self._second.timeout.connect(bridge.go_round)
        self._second.timeout.connect(pages.tick)
        self._second.start()

    # accounts and pages

    def _look_at_accounts(self) -> None:
        self.bridge.run(partial(accounts_of, self.bridge), self._show_accounts)

    def _show_accounts(self, found: tuple[list[AccountCard], list[Account]]) -> None:
        first = not self._cards and not self._archives
        cards, self._archives = found
        self._cards = cards
        if self._filter not in (None, *(one.account.id for one in cards), *(one.id for one in self._archives)):
            self._filter = None
            self._show_account_everywhere()
        self.bar.show_accounts(cards, self._archives, self._filter)
        unconfirmed = next((one for one in cards if not one.confirmed and one.account.id not in self._put_off), None)
        if self.pages.on_import():
            pass  # the owner is looking at what came of it
        elif not cards and not self._archives:
            self._show_page(self.pages.welcome)
        elif unconfirmed is not None:
            self._ask_first_run(unconfirmed)
        elif self.pages.on_welcome() or self._first_run is not None or first:
            self._leave_first_run()
            self._show_account_everywhere()
            self._show_tab(self.tabs.currentIndex())
        if cards and self._link:
            self.open_link(self._link)
        self._needs.say(cards)
        self.bar.count()
        self.usable.emit()

    def _ask_first_run(self, card: AccountCard) -> None:
        if self._first_run is not None:
            return
        self._first_run = FirstRunPage(self.bridge, self.theme, self.now, card)
        self._first_run.confirmed.connect(partial(self._first_run_over, int(card.account.id)))
        self.pages.addWidget(self._first_run)
        self._show_page(self._first_run)

    def _first_run_over(self, account: int) -> None:
        self._put_off.add(account)
        self._leave_first_run()
        self._look_at_accounts()
        self._show_account_everywhere()
        self._show_tab(self.tabs.currentIndex())

    def _leave_first_run(self) -> None:
        if self._first_run is not None:
            self.pages.removeWidget(self._first_run)
            self._first_run.deleteLater()
            self._first_run = None

    def _show_page(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        ready = page is not self._first_run and not self.pages.on_welcome()
        for one in (self.tabs, self.search, self.ask):
            one.setEnabled(ready)
        page.setFocus()

    def _show_tab(self, at: int) -> None:
        if (self._cards or self._archives) and self._first_run is None and at >= 0:
            self._show_page(getattr(self.pages, TABS[at]))

    def show_tab(self, name: str) -> None:
        """Show a tab by its name, also when it is the current one behind another page."""
        self.tabs.setCurrentIndex(TABS.index(name))
        self._show_tab(TABS.index(name))

    @property
    def _mine(self) -> AccountCard | None:
        """The account that is chosen, or the first."""
        return next((one for one in self._cards if one.account.id == self._filter), self._cards[0] if self._cards else None)

    @property
    def current(self) -> QWidget | None:
        """The page that is shown."""
        return self.pages.currentWidget()

    def _show_account_everywhere(self) -> None:
        mine = self._mine
        self.pages.show_account(self._filter, mine.account if mine else None, several=len(self._cards) + len(self._archives) > 1)

    def _look_again(self, changes: Changes) -> None:
        if changes.touches(Kind.ACCOUNTS, Kind.PROFILE):
            self._look_at_accounts()
        elif changes.touches(Kind.INCOMING, Kind.SENT):
            self.bar.count()
        failed = [one.name for one in changes.notices if one.kind == "not sent"]
        if failed:
            self.band.say(f"Your request to {joined(failed)} was not sent. The reason is under Sent, Ended.", look=self._show_ended)
        if changes.notices and not self.isActiveWindow():
            self.tray.notify(changes.notices)

    def _show_ended(self) -> None:
        self.show_tab("sent")
        self.pages.sent.segments.choose("ended")

    # opening things

    def compose(self, account: int = 0, address: str = "", token: str = "") -> Composer | None:
        """Open the composer, for an address or for somebody still to be named."""
        wanted = account or self._filter
        mine = next((one for one in self._cards if one.account.id == wanted), self._cards[0] if self._cards else None)
        if mine is None:
            self.band.say("To ask somebody, add an account at which you can be answered.", look=partial(self._wanted, "add", None))
            return None
        composer = Composer(self, self.bridge, self.theme, self.now, mine.account, address, token)
        composer.sent.connect(self._show_sent)
        composer.profile_wanted.connect(self.edit_profile)
        composer.open()
        return composer

    def _invite(self) -> None:
        self.show_tab("privacy")
        self.pages.privacy.invitations.ask()

    def _show_sent(self, number: int) -> None:
        self.show_tab("sent")
        self.pages.sent.open_request(OutgoingId(number))

    def open_link(self, text: str) -> None:
        """Open the composer for an xmpp: link, or the page to make an account with an invitation; nothing is sent by it."""
        self._link = ""
        try:
            link = parse_link(text)
        except NetDeskError as error:
            self.say(error)
            return
        if link.joins and (link.address is None or not self._cards):
            SignInDialog(self, self.bridge, self.now, link).open()
        elif not self._cards:
            self._link = text
        elif link.address is not None:
            self.compose(0, link.address, link.token)

    def show_person(self, number: int) -> None:
        """Show somebody's card on the Network tab."""
        self.show_tab("network")
        self.pages.network.show_person(PersonId(number))

    def _open_found(self, found: Found) -> None:
        match found.what:
            case "incoming":
                self.show_tab("incoming")
                places = {"to review": "review", "later": "later", "filtered": "filtered"}
                number = IncomingId(found.number)
                out = partial(self.bridge.do.incoming.bring_out, number, alone=True)
                self.bridge.run(out, lambda _: self.pages.incoming.open_request(number, places[found.state]))
            case "sent":
                self.show_tab("sent")
                self.pages.sent.open_request(OutgoingId(found.number))
            case _:
                self.show_person(found.person)

    def show_import(self, paths: Sequence[Path] = ()) -> None:
        """Show the page for archives of other networks, and read these."""
        if self._first_run is None:
            self._show_page(self.pages.importing)
            if paths:
                self.pages.importing.read(paths)

    def _leave_import(self) -> None:
        self._filter = None  # what was imported is seen
        self._show_page(self.pages.welcome)  # for a moment: what is shown then depends on what there is
        self._look_at_accounts()

    def edit_profile(self) -> None:
        """Open the profile editor."""
        if self._mine is not None:
            ProfileDialog(self, self.bridge, self.theme, self.now, self._mine.account).open()

    def raise_window(self) -> None:
        """Come to the front."""
        self.setWindowState(self.windowState() & ~self.windowState().WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    # what the menu wants

    def _wanted(self, what: str, value: Any) -> None:
        do, run = self.bridge.do, self.bridge.run
        match what:
            case "account":
                self._filter = value
                self.bar.show_accounts(self._cards, self._archives, self._filter)
                self._show_account_everywhere()
            case "profile":
                self.edit_profile()
            case "add":
                self._show_page(self.pages.welcome)
            case "sign in":
                SignInDialog(self, self.bridge, self.now).open()
            case "remove" | "password" | "new password" | "trust":
                self._wanted_of(what, next(one.account for one in self._cards if one.account.id == value))
            case "look":
                self.theme.choose(value)
            case "notifies":
                self.account.notifies = self.tray.on = bool(value)
            case "quiet":
                self.account.quiet = value
                self.tray.quiet = QUIET[value][1]
            case "pace":
                self.account.pace = value
                run(partial(set_pace, self.bridge.desk, value))
            case "import":
                self.show_import()
            case "restore":
                self._ask_restore()
            case "leave sample":
                self.wants_own_desk.emit()
            case "stays":
                self.account.stays = self.tray.stays = bool(value)
            case "quit":
                self.leave()
            case _:
                self.program.act(what, value)
        run(partial(do.accounts.remember, "window", memory_of(self)))

    def _wanted_of(self, what: str, account: Account) -> None:
        match what:
            case "remove":
                ask_delete(self, self.bridge, account)
            case "trust":
                ask_trust(self, self.bridge, account)
            case _:
                PasswordDialog(self, self.bridge, self.now, account, new=what == "new password").open()

    def _ask_restore(self) -> None:
        ask_restore(self, self.bridge, self.now(), self.wants_restore.emit)

    def _make_account(self, name: str, place: str) -> None:
        failed = lambda error: self.pages.welcome.say(sentence(error, self.now()))  # noqa: E731 - a line of its own
        self.bridge.run(partial(add_account, self.bridge, name, place), lambda _: self.bridge.desk.go_online(), failed)

    # saying things

    def say(self, error: NetDeskError) -> None:
        """Say what went wrong, in its one sentence."""
        self.band.say(sentence(error, self.now()))

    def say_words(self, text: str) -> None:
        """Say that something was done."""
        self.band.say(text, good=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The bar gives way: words first, then the search field."""
        super().resizeEvent(event)
        self.bar.give_way(self.width())
        self.undo_bar.place()

    def leave(self) -> None:
        """Close it for good, also where closing means to go on in the tray."""
        self._leaving = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what the window remembers; with the tray chosen, go on there."""
        if self.tray.keeps(self) and not self._leaving:
            event.ignore()
            return
        self._second.stop()
        self.bridge.run(partial(self.bridge.do.accounts.remember, "window", memory_of(self)))
        super().closeEvent(event)
        self.closed.emit()
