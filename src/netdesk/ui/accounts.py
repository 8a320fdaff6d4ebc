"""The account button in the bar: whose desk this is, its state, and the menu of the desk."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from netdesk import autostart
from netdesk.domain.archive import LABELS
from netdesk.domain.cards import AccountCard
from netdesk.domain.people import Account
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import ElidedLabel, PlainLabel, Portrait, column, row
from netdesk.ui.texts.archives import place
from netdesk.ui.theme import CHOICES, Theme
from netdesk.ui.tray import QUIET

_TROUBLE = {
    "unreachable": "cannot be reached", "": "offline", "no password": "sign in", "wrong password": "wrong password",
    "certificate": "certificate not trusted", "certificate changed": "the server's key changed", "not encrypted": "not encrypted",
    "weak sign-in": "unsafe sign-in", "sign-in refused": "sign-in refused", "no sign-in": "unsafe sign-in", "not XMPP": "no XMPP there",
}  # fmt: skip
PACES = {"stopped": "Stopped", "calm": "Calm", "lively": "Lively"}
_LOOKS = {"system": "Like the system", "light": "Light", "dark": "Dark"}


class AccountButton(QWidget):
    """Portrait, address and state; opens the menu. `wanted` carries (what, value)."""

    wanted = Signal(str, object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._cards: list[AccountCard] = []
        self._archives: list[Account] = []
        self._filter: int | None = None
        self.sample = False
        self.pace = "lively"
        self.quiet = 0
        self.notifies = True
        self.stays = False
        self.has_tray: Callable[[], bool] = lambda: False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._face = Portrait(theme, 32)
        self._name = ElidedLabel("", "strong", Qt.TextElideMode.ElideMiddle)
        self._name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._name.setMaximumWidth(190)
        self._state = PlainLabel("", "small")
        self._words = QWidget()
        self._words.setLayout(column(self._name, self._state, gap=0))
        layout = row(self._face, self._words, gap=8)
        layout.setContentsMargins(6, 4, 6, 4)
        self.setLayout(layout)

    def sizeHint(self) -> QSize:
        """As large as what it shows."""
        return super().sizeHint().expandedTo(QSize(48, 40))

    def show_cards(self, cards: list[AccountCard], archives: list[Account], chosen: int | None) -> None:
        """Show the chosen account, or how many there are; `archives` are of other networks."""
        self._cards = cards
        self._archives = archives
        copy = next((one for one in archives if one.id == chosen), None)
        self._filter = chosen
        shown = next((one for one in cards if one.account.id == chosen), cards[0] if len(cards) == 1 else None)
        online = [one for one in cards if one.online]
        self.setVisible(True)
        if copy is not None:
            self._face.show_person(LABELS[copy.network], copy.address, b"")
            self._name.set_whole(place(copy.address))
            said = "from your export"
            self._state.set_look("dim")
        elif shown is not None:
            self._face.show_person(shown.name, shown.account.address, shown.picture)
            self._name.set_whole(shown.account.address)
            said = "● online" if shown.online else f"○ {_TROUBLE.get(shown.trouble, 'offline')}"
            self._state.set_look("good" if shown.online else "caution")
        elif cards:
            self._face.show_person("All", "all@desk", b"")
            self._name.set_whole(f"All {len(cards)} accounts")
            said = f"{len(online)} of {len(cards)} online"
            self._state.set_look("good" if len(online) == len(cards) else "caution")
        else:
            self._face.show_person("NetDesk", "netdesk@desk", b"")
            self._name.set_whole("No account yet")
            said = "exports only" if archives else ""
        self._state.setText(said)
        self.setAccessibleName(f"Account {self._name.accessibleName()} {said.lstrip('●○ ')}. Opens the menu of the desk")

    def show_words(self, *, shown: bool) -> None:
        """In a narrow bar only the portrait is left."""
        self._words.setVisible(shown)

    # the menu

    def menu(self) -> QMenu:
        """What can be done with the desk as a whole."""
        menu = QMenu(self)
        self._accounts_part(menu)
        look = menu.addMenu("Appearance")
        for one in CHOICES:
            self._choice(look, _LOOKS[one], self._theme.choice == one, "look", one)
        quiet = menu.addMenu("Notifications")
        self._choice(quiet, "Show desktop notifications", self.notifies, "notifies", not self.notifies)
        quiet.addSeparator()
        for at, (text, _) in enumerate(QUIET):
            self._choice(quiet, text, self.quiet == at, "quiet", at)
        starting = menu.addMenu("Starting and closing")
        begins, tray = autostart.is_on(), self.has_tray()
        self._choice(starting, "Start with the computer", begins, "starts", not begins)
        stays = self._choice(starting, "Go on in the tray when the window is closed", self.stays and tray, "stays", not self.stays)
        stays.setEnabled(tray)
        if not tray:
            stays.setText("Go on in the tray (this desktop shows none)")
        if self.sample:
            pace = menu.addMenu("Pace of the sample community")
            for key, text in PACES.items():
                self._choice(pace, text, self.pace == key, "pace", key)
        menu.addSeparator()
        for text, what in (
            *((("Export my network…", "export"),) if self._cards or self._archives else ()),
            ("Import from other networks…", "import"),
            ("Back up the desk…", "backup"),
            ("Restore a backup…", "restore"),
        ):
            menu.addAction(text, partial(self.wanted.emit, what, None))
        menu.addSeparator()
        if self.sample:
            menu.addAction("Leave the sample", partial(self.wanted.emit, "leave sample", None))
        menu.addAction("Keys   F1", partial(self.wanted.emit, "keys", None))
        menu.addAction("Check for updates…", partial(self.wanted.emit, "updates", None))
        menu.addAction("About NetDesk", partial(self.wanted.emit, "about", None))
        menu.addAction("Quit   Ctrl+Q", partial(self.wanted.emit, "quit", None))
        return menu

    def _accounts_part(self, menu: QMenu) -> None:
        several = len(self._cards) + len(self._archives) > 1
        if several:
            self._choice(menu, "All accounts", self._filter is None, "account", None)
            for one in self._cards:
                self._choice(menu, one.account.address, self._filter == one.account.id, "account", one.account.id)
            for copy in self._archives:
                text = f"{LABELS[copy.network]}: {copy.address.rpartition('@')[0]}".removesuffix(": me").replace("&", "&&")
                self._choice(menu, text, self._filter == copy.id, "account", copy.id)
            menu.addSeparator()
        if self._cards:
            menu.addSeparator()
            menu.addAction("My profile…", partial(self.wanted.emit, "profile", None))
        if not self.sample:
            menu.addAction("Add an account…", partial(self.wanted.emit, "add", None))
            menu.addAction("Sign in with XMPP…", partial(self.wanted.emit, "sign in", None))
            for one in self._cards:
                self._session_part(menu, one)
        if self._cards and not self.sample:
            gone = menu.addMenu("Remove an account")
            for one in self._cards:
                gone.addAction(one.account.address, partial(self.wanted.emit, "remove", one.account.id))
        menu.addSeparator()

    def _session_part(self, menu: QMenu, card: AccountCard) -> None:
        """What a session on a server needs from its owner."""
        if card.account.network != "xmpp":
            return
        number, whose = card.account.id, f" of {card.account.address}" if len(self._cards) > 1 else ""
        if card.trouble in ("no password", "wrong password"):
            menu.addAction(f"Give the password{whose}…", partial(self.wanted.emit, "password", number))
        if card.trouble == "certificate changed":
            menu.addAction(f"The server's key{whose} changed…", partial(self.wanted.emit, "trust", number))
        if card.online:
            menu.addAction(f"Change the password{whose}…", partial(self.wanted.emit, "new password", number))

    def _choice(self, menu: QMenu, text: str, on: bool, what: str, value: object) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda *_: self.wanted.emit(what, value))
        return action

    def open_menu(self) -> None:
        """Open it under the button."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(self.width() - menu.sizeHint().width(), self.height() + 2)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the menu."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.open_menu()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """So do Enter and Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Down):
            self.open_menu()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the focus."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._theme.tokens.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
            painter.end()


def accounts_of(bridge: Bridge) -> tuple[list[AccountCard], list[Account]]:
    """The accounts with their state, and those of archives. On the store thread."""
    return bridge.do.accounts.cards(), bridge.do.imports.accounts()
