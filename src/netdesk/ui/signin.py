"""Signing in at a server, making an account there, and what a session needs from its owner: a password, a word about a new key."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPixmap, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QSpinBox, QWidget

from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import NetDeskError
from netdesk.domain.joining import FormToFill, JoinForm, Joining
from netdesk.domain.links import Link, parse_link
from netdesk.domain.people import Account
from netdesk.domain.places import server_place
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import SHEET, PlainLabel, Sheet, banner, button, clear, column, row
from netdesk.ui.texts.errors import sentence

Now = Callable[[], datetime]
_TLS = {"Either": "", "Direct TLS": "direct", "STARTTLS": "starttls"}


class _Telling(Sheet):
    """A sheet that can say what went wrong."""

    def __init__(self, parent: QWidget, title: str, width: int) -> None:
        super().__init__(parent, title, width)
        self._wrong, self._wrong_text = banner("trouble", "")
        self._wrong.hide()

    def _say(self, text: str) -> None:
        self._wrong_text.setText(text)
        self._wrong.show()
        self.fit()


class SignInDialog(_Telling):
    """Asks for address and password, and where the server is when it is not found by itself. Closes when the account is on the desk."""

    def __init__(self, parent: QWidget, bridge: Bridge, now: Now, link: Link | None = None) -> None:
        super().__init__(parent, "Sign in", 460)
        self._bridge = bridge
        self._now = now
        self._kept: dict[str, str] = {}
        self._answers: dict[str, QLineEdit] = {}
        self._address, self._password = QLineEdit(), _secret("Password")
        self._address.setPlaceholderText("name@server.example")
        self._address.setAccessibleName("Address")
        self._new = QCheckBox("I have no account there yet: make it")
        self._invitation = QLineEdit()
        self._invitation.setPlaceholderText("An invitation link (xmpp:…), if you were given one")
        self._invitation.setAccessibleName("Invitation link")
        self._invitation.hide()
        self._invitation.textEdited.connect(self._read_invitation)
        self._token = ""
        self._asked = column(gap=8)
        self._form = QWidget()
        self._form.setLayout(self._asked)
        self._form.hide()
        self._server = self._server_part()
        self._server.hide()
        self._go = button("Sign in", self._sign_in, "main")
        self._go.setDefault(True)
        self._new.toggled.connect(self._show_new)
        words = "An XMPP address on any server: people on NetDesk, Gajim, Dino, Conversations and others reach you there."
        self.setLayout(
            column(
                PlainLabel("Sign in with an XMPP account", "title", wraps=True),
                PlainLabel(words, "dim", wraps=True),
                column(PlainLabel("Address", "strong"), self._address, gap=3),
                column(PlainLabel("Password", "strong"), self._password, gap=3),
                self._new,
                self._invitation,
                self._form,
                row(button("The server is not found by itself ▸", self._show_server, "link"), None),
                self._server,
                self._wrong,
                row(None, button("Cancel", self.reject), self._go),
                gap=12,
                margins=SHEET,
            )
        )
        self._address.setFocus()
        if link is not None:
            self._invitation.setText(link.to_join())
            self._take_link(link)

    def showEvent(self, event: QShowEvent) -> None:
        """Where only the server is known, the name is written before it, not over it."""
        super().showEvent(event)
        if self._address.text().startswith("@"):
            QTimer.singleShot(0, lambda: self._address.home(False))

    def _show_new(self, on: bool) -> None:
        self._go.setText("Make it and sign in" if on else "Sign in")
        self._invitation.setVisible(on)
        self.fit()

    def _read_invitation(self, text: str) -> None:
        """A link that was pasted says the server, and perhaps the name."""
        self._token = ""
        self._wrong.hide()
        if not text.strip():
            return
        try:
            self._take_link(parse_link(text))
        except NetDeskError as error:
            self._say(sentence(error, self._now()))

    def _take_link(self, link: Link) -> None:
        """Fill in what an invitation says; the owner adds the name where it says none, and the password."""
        self._token = link.token
        self._new.setChecked(True)
        if not self._address.text().endswith(f"@{link.domain}"):
            self._address.setText(f"{link.name or self._address.text().partition('@')[0]}@{link.domain}")
        if not link.name:
            self._address.setCursorPosition(0)
        else:
            self._password.setFocus()

    def _server_part(self) -> QWidget:
        self._host, self._port, self._tls, self._ca = QLineEdit(), QSpinBox(), QComboBox(), QLineEdit()
        self._host.setPlaceholderText("server.example, or an IP address")
        self._host.setAccessibleName("Server")
        self._port.setRange(1, 65_535)
        self._port.setValue(5_222)
        self._port.lineEdit().setTextMargins(6, 0, 0, 0)
        self._port.setAccessibleName("Port")
        self._tls.addItems(list(_TLS))
        self._tls.setAccessibleName("Encryption")
        self._ca.setPlaceholderText("Only for an organisation's own certificates")
        self._ca.setAccessibleName("File of the certificate authority")
        box = QWidget()
        box.setLayout(column(
            row(self._host, self._port, self._tls, gap=8), row(self._ca, button("Choose…", self._choose_ca), gap=8), gap=8,
        ))  # fmt: skip
        return box

    def _show_server(self) -> None:
        self._server.setVisible(not self._server.isVisible())
        self.fit()

    def _choose_ca(self) -> None:
        dialog = QFileDialog(self, "The certificate authority's file", "", "Certificates (*.pem *.crt)")
        dialog.fileSelected.connect(self._ca.setText)
        dialog.open()

    def _place(self) -> str:
        if not self._server.isVisible():
            return server_place("", 0, "", "")
        host = self._host.text().strip()
        return server_place(host, self._port.value() if host else 0, _TLS[self._tls.currentText()], self._ca.text().strip())

    def _sign_in(self) -> None:
        answers = self._kept | {name: field.text() for name, field in self._answers.items()}
        joining = Joining(self._address.text(), self._password.text(), self._place(), self._new.isChecked(), answers, self._token)
        self._go.setEnabled(False)
        self._wrong.hide()
        self._bridge.run_apart(partial(_add, self._bridge, joining), lambda _: self._done(), self._failed)

    def _done(self) -> None:
        self._bridge.desk.go_online()
        self.accept()

    def _failed(self, error: NetDeskError) -> None:
        self._go.setEnabled(True)
        if isinstance(error, FormToFill):
            self._ask_further(error.form)
        elif error.reason == "address taken":
            self._ask_further(JoinForm("", ()))  # what was answered is used up: the server asks anew
        self._say(sentence(error, self._now()))

    def _ask_further(self, form: JoinForm) -> None:
        """Show what the server asks besides."""
        clear(self._asked)
        self._kept = dict(form.kept)
        self._answers = {}
        if form.instructions:
            self._asked.addWidget(PlainLabel(form.instructions, "dim", wraps=True))
        if form.picture:
            shown = QPixmap()
            shown.loadFromData(form.picture)
            picture = PlainLabel("")
            picture.setPixmap(shown)
            picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            picture.setAccessibleName("A picture with letters to be read")
            self._asked.addWidget(picture)
        for one in form.asked:
            field = QLineEdit()
            field.setAccessibleName(one.label)
            self._answers[one.name] = field
            self._asked.addLayout(column(PlainLabel(one.label, "strong", wraps=True), field, gap=3))
        self._form.setVisible(bool(form.asked))
        if self._answers:
            next(iter(self._answers.values())).setFocus()


class PasswordDialog(_Telling):
    """Asks for a password: the one an account has (`new` false), or a new one, twice."""

    def __init__(self, parent: QWidget, bridge: Bridge, now: Now, account: Account, *, new: bool) -> None:
        super().__init__(parent, "New password" if new else "Sign in", 420)
        self._bridge = bridge
        self._now = now
        self._account = account
        self._new = new
        self._first, self._again = _secret("Password"), _secret("The same again")
        self._again.setVisible(new)
        self._go = button("Change it" if new else "Sign in", self._use, "main")
        self._go.setDefault(True)
        title = f"A new password for {account.address}" if new else f"Password of {account.address}"
        self.setLayout(
            column(
                PlainLabel(title, "title", wraps=True),
                self._first,
                self._again,
                self._wrong,
                row(None, button("Cancel", self.reject), self._go),
                gap=12,
                margins=SHEET,
            )
        )
        self._first.setFocus()

    def _use(self) -> None:
        password = self._first.text()
        if not password or (self._new and password != self._again.text()):
            self._say("Write the same password twice." if self._new else "Write the password first.")
            return
        self._go.setEnabled(False)
        servers = self._bridge.desk.servers
        job = partial(servers.change_password if self._new else servers.sign_in, self._account, password)
        self._bridge.run_apart(job, lambda _: self.accept(), self._failed)

    def _failed(self, error: NetDeskError) -> None:
        self._go.setEnabled(True)
        self._say(sentence(error, self._now()))


def ask_trust(parent: QWidget, bridge: Bridge, account: Account) -> None:
    """Ask whether the key that the server shows now is to be trusted."""
    dialog = Sheet(parent, "Another key", 460)
    words = (
        f"The server of {account.address} shows another key than before. That happens when its keeper renews the certificate, and when somebody "
        "stands between you and the server. Ask the keeper, or look at the server's web site, before you trust it."
    )

    def trust() -> None:
        dialog.accept()
        bridge.run(partial(bridge.desk.servers.trust_new_key, account.id))

    dialog.setLayout(
        column(
            PlainLabel("Trust the new key?", "title"),
            PlainLabel(words, wraps=True),
            row(None, button("Stay offline", dialog.reject, "main"), button("Trust the new key", trust)),
            gap=12,
            margins=SHEET,
        )
    )
    dialog.open()


def _secret(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setAccessibleName(name)
    made.setPlaceholderText(name)
    return made


def _add(bridge: Bridge, joining: Joining) -> Changes:
    """On a thread of its own: it waits for the server."""
    bridge.desk.servers.add(joining)
    return changed(Kind.ACCOUNTS)
