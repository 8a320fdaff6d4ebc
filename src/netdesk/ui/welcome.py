"""The first run: the ways in, and the page with the privacy questions; nothing is published before it is confirmed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMargins, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from netdesk.domain.cards import AccountCard
from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import NetDeskError
from netdesk.domain.people import Profile
from netdesk.domain.privacy import Privacy
from netdesk.ui.bridge import Bridge
from netdesk.ui.choices import Change, Choices, choice_line
from netdesk.ui.parts import Card, Flow, PlainLabel, Scroll, banner, button, centred, column, row
from netdesk.ui.texts.errors import sentence
from netdesk.ui.theme import Theme

Now = Callable[[], datetime]


class WelcomePage(QWidget):
    """The ways in that are there: an XMPP account, one on this computer, the sample, a shared community file, a backup."""

    made = Signal(str, str)
    sample = Signal()
    sign_in = Signal()
    restore = Signal()
    bring = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        title = PlainLabel("One desk for every connection request", "name", wraps=True)
        below = PlainLabel(
            "See who is asking, what you share, and answer in one keystroke. Your data stays on this computer.", "dim", wraps=True
        )
        for label in (title, below):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._name, self._shared_name = QLineEdit(), QLineEdit()
        self._place = ""
        self._wrong, self._wrong_text = banner("trouble", "")
        self._wrong.hide()
        self.create_button = button("Create", partial(self._create, self._name, False))
        self.try_button = button("Try it", self.sample.emit)
        ways = Flow(16)
        for heading, text, field, act in (
            ("Sign in", "Use an XMPP account that you have, on any server, or make one there.", None, button("Sign in…", self.sign_in.emit, "main")),
            ("Create an account", "On this computer's community. A name is enough; it takes ten seconds.", self._name, self.create_button),
            ("Join a shared community", "Several people of one computer meet in one file. Choose it, and a name.", self._shared_name,
             button("Choose the file…", self._choose_place)),
            ("Look around", "A sample community of 200 people on this computer. No account, nothing to lose.", None, self.try_button),
        ):  # fmt: skip
            ways.addWidget(self._way(heading, text, field, act))
        self._ways = QWidget()
        self._ways.setLayout(ways)
        self._ways.setMaximumWidth(4 * 250 + 3 * 16)
        self.setFocusProxy(self._name)
        for field in (self._name, self._shared_name):
            field.textEdited.connect(lambda _: self._wrong.hide())
        self._name.returnPressed.connect(partial(self._create, self._name, False))
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._ways, 50)
        middle.addStretch(1)
        inner = QWidget()
        bring = row(
            None, PlainLabel("Have an export of LinkedIn, Facebook or others?", "dim"), button("Import it…", self.bring.emit, "link"), None
        )
        back = row(None, PlainLabel("Had a desk before?", "dim"), button("Restore a backup…", self.restore.emit, "link"), None)
        inner.setLayout(column(48, title, below, 32, self._wrong, middle, 8, bring, back, None, gap=10, margins=QMargins(24, 16, 24, 16)))
        self.setLayout(column(Scroll(inner)))

    @staticmethod
    def _way(heading: str, text: str, field: QLineEdit | None, act: QPushButton) -> Card:
        card = Card(heading, margin=20, gap=10)
        card.setFixedSize(250, 218)
        card.body.addWidget(PlainLabel(text, "dim", wraps=True))
        card.body.addStretch(1)
        if field is not None:
            field.setPlaceholderText("Your name")
            field.setAccessibleName(f"{heading}: your name")
            field.setMaxLength(64)
            card.body.addWidget(field)
        card.body.addLayout(row(act, None))
        return card

    def _create(self, field: QLineEdit, shared: bool) -> None:
        name = field.text().strip()
        if not name:
            self.say("Write your name first.")
            field.setFocus()
            return
        self.made.emit(name, self._place if shared else "")

    def _choose_place(self) -> None:
        dialog = QFileDialog(self, "The community's file", "", "Communities (*.db)")
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Join")
        dialog.fileSelected.connect(self._placed)
        dialog.open()

    def _placed(self, path: str) -> None:
        self._place = path if "." in path.rsplit("/", 1)[-1] else path + ".db"
        self._create(self._shared_name, True)

    def say(self, text: str) -> None:
        """Say what went wrong."""
        self._wrong_text.setText(text)
        self._wrong.show()


class FirstRunPage(QWidget):
    """The page after a new account: who you are to others, and the three privacy questions."""

    confirmed = Signal()

    def __init__(self, bridge: Bridge, theme: Theme, now: Now, card: AccountCard) -> None:
        super().__init__()
        self.setObjectName("page")
        self._bridge = bridge
        self._now = now
        self._account = card.account
        self._privacy = Privacy()
        self._choices = Choices(theme, now, self)
        self._choices.changed.connect(self._keep)
        self._name, self._headline, self._interests = QLineEdit(card.name), QLineEdit(), QLineEdit()
        self._headline.setPlaceholderText("What you do, in a few words")
        self._interests.setPlaceholderText("With commas between: choir, cycling, maps")
        self._wrong, self._wrong_text = banner("trouble", "")
        self._wrong.hide()
        inner = QWidget()
        body = column(
            PlainLabel("Before anybody sees you", "name", wraps=True),
            PlainLabel(
                f"Nothing of you is published until you press the button below. Your address is {card.account.address}", "dim", wraps=True
            ),
            self._who_card(),
            self._question_card(),
            self._wrong,
            row(button("Publish this and open my desk", self._confirm, "main"), button("Decide later", self.confirmed.emit, "quiet"), None),
            None,
            gap=14,
            margins=QMargins(0, 28, 0, 28),
        )
        inner.setLayout(body)
        self.setLayout(column(Scroll(centred(inner, 720))))
        self.setFocusProxy(self._headline)
        bridge.run(partial(bridge.do.privacy.choices, card.account.id), self._show)
        bridge.run(partial(bridge.do.profile.profile, card.account.id), self._show_profile)

    def _who_card(self) -> Card:
        card = Card("Who you are to others", gap=8)
        for text, field in (("Name", self._name), ("Headline", self._headline), ("Interests", self._interests)):
            field.setAccessibleName(text)
            card.body.addLayout(column(PlainLabel(text, "strong"), field, gap=3))
        return card

    def _question_card(self) -> Card:
        card = Card("Three questions", gap=14)
        who, further = self._choices.who_may_ask()
        card.body.addWidget(choice_line("1. Who may ask to connect?", "Others are put aside in Filtered; nobody is told", who))
        card.body.addWidget(further)
        name = self._choices.audience("Name and headline", field="headline")
        self._choices.also(name, "name")
        text = "The rest of your profile is for your connections; e-mail and phone for nobody"
        card.body.addWidget(choice_line("2. Who sees your name and headline?", text, name))
        mutuals = self._choices.switch("Know people in common", "know_mutuals")
        text = "Both ways: your connections see which of their people you know, and you see which of yours they know"
        card.body.addWidget(choice_line("3. Do you want to know people in common?", text, mutuals))
        return card

    def _show(self, found: Privacy) -> None:
        self._privacy = found
        self._choices.show_choices(found)

    def _show_profile(self, found: Profile) -> None:
        self._name.setText(found.name)
        self._headline.setText(found.headline)
        self._interests.setText(", ".join(found.interests))

    def _keep(self, change: Change) -> None:
        self._privacy = change(self._privacy)
        self._choices.show_choices(self._privacy)

    def _confirm(self) -> None:
        interests = tuple(one.strip() for one in self._interests.text().split(",") if one.strip())
        job = partial(_confirm, self._bridge, self._account.id, self._privacy, (self._name.text(), self._headline.text(), interests))
        self._bridge.run(job, lambda _: self.confirmed.emit(), self._failed)

    def _failed(self, error: NetDeskError) -> None:
        self._wrong_text.setText(sentence(error, self._now()))
        self._wrong.show()


def add_account(bridge: Bridge, name: str, place: str) -> Changes:
    """Make an account on this desk's own community, or on the file at `place`. On the store thread."""
    bridge.desk.make_community_account(name, Path(place) if place else None)
    return changed(Kind.ACCOUNTS)


def _confirm(bridge: Bridge, account: int, privacy: Privacy, words: tuple[str, str, tuple[str, ...]]) -> object:
    """Keep profile and choices, then publish. On the store thread."""
    number = next(one.id for one in bridge.do.accounts.all() if one.id == account)
    name, headline, interests = words
    old = bridge.do.profile.profile(number)
    changes = bridge.do.profile.save(number, replace(old, name=name, headline=headline, interests=interests))
    return changes | bridge.do.privacy.choose(number, privacy) | bridge.do.accounts.confirm_first_run(number)
