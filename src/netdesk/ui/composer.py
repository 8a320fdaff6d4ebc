"""The composer: to whom, what could make the note personal, whether it may be sent and when."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QMargins, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QFrame,
    QInputDialog,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from netdesk.controllers.sent import fill, mention
from netdesk.domain.cards import Composing, Found
from netdesk.domain.changes import Changes, Kind
from netdesk.domain.errors import NetDeskError
from netdesk.domain.links import parse_invitation
from netdesk.domain.people import Account, Address, parse_address
from netdesk.domain.requests import NOTE_LENGTH
from netdesk.domain.rules import notes
from netdesk.ui import sections
from netdesk.ui.bridge import Bridge
from netdesk.ui.directory import DirectoryOffer
from netdesk.ui.parts import Card, ElidedLabel, Flow, PlainLabel, Portrait, button, chip, clear, column, restyle, row
from netdesk.ui.search import STATES
from netdesk.ui.texts.choices import advice, budget_line
from netdesk.ui.texts.errors import refusal, sentence
from netdesk.ui.texts.evidence import Line
from netdesk.ui.texts.times import count, until
from netdesk.ui.theme import Theme

Now = Callable[[], datetime]
_DELAY = 150
_OFFERED = 8


class Composer(QDialog):
    """A request to be written. `address` may be empty: then it is asked for. `sent` carries its id when the desk has taken it."""

    sent = Signal(int)
    profile_wanted = Signal()

    def __init__(
        self, parent: QWidget, bridge: Bridge, theme: Theme, now: Now, account: Account, address: str = "", token: str = ""
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._theme = theme
        self._now = now
        self._account = account
        self._token = token
        self._address: Address | None = None
        self._composing: Composing | None = None
        self._touched = False
        self._done = False
        self._warned = False
        self.setWindowTitle("New request")
        self.setMinimumSize(QSize(440, 420))
        self.resize(620, 600)
        self._to = QLineEdit()
        self._to.setPlaceholderText("Address (name@server.example), invitation link, or a name you know")
        self._to.setAccessibleName("To")
        self._completer = QCompleter([], self)
        self._found: list[Found] = []
        self._title = PlainLabel("Ask somebody to connect", "title", wraps=True)
        self._who = QWidget()
        self._note = QPlainTextEdit()
        self._note.setTabChangesFocus(True)
        self._note.setAccessibleName("Personal note")
        self._note.setPlaceholderText("Why do you ask? What do you share?")
        self._counted = PlainLabel("", "small")
        self._mentions = Flow(6)
        self._says = column(gap=9)
        self._send = button("Send   Ctrl+↵", self.send, "main")
        self._keep = button("Save draft", self._save_draft)
        self._templates = button("Templates")
        self._build()
        self._soon = QTimer(self, singleShot=True, interval=_DELAY)
        self._soon.timeout.connect(self._look)
        self._note.textChanged.connect(self._written)
        self._to.textEdited.connect(lambda _: self._soon.start())
        bridge.changed.connect(self._look_again)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.send)
        if address:
            self._to.setText(address)
            self._to.hide()
            self._note.setFocus()
        self._look()

    def _build(self) -> None:
        below = QWidget()
        below.setLayout(row(self._counted, PlainLabel("Mention:", "small"), gap=8))
        frame = QWidget()
        mentions = QWidget()
        mentions.setLayout(self._mentions)
        line = row(below, mentions, gap=8)
        line.setStretch(1, 1)
        frame.setLayout(line)
        self._mention_bar = mentions
        card = Card(margin=22, gap=12)
        self._note.setMinimumHeight(90)
        says = QFrame()
        says.setLayout(self._says)
        buttons = Flow(8)
        for act in (self._send, self._keep, self._templates, button("Cancel", self.reject)):
            buttons.addWidget(act)
        foot = QWidget()
        foot.setLayout(buttons)
        for one in (self._title, self._to, self._who, self._note, frame, says):
            card.body.addWidget(one)
        card.body.setStretchFactor(self._note, 1)
        card.body.addWidget(foot)
        self.setLayout(column(card, margins=QMargins(14, 14, 14, 14)))

    # looking

    def _target(self) -> tuple[Address | None, str]:
        """The address that is meant, and what is wrong with it."""
        text = self._to.text().strip()
        if not text:
            return None, ""
        for one in self._found:
            if text == _label(one):
                return Address(one.address), ""
        try:
            if text.lower().startswith("xmpp:"):
                address, self._token = parse_invitation(text)
                return address, ""
            return parse_address(text), ""
        except NetDeskError as error:
            return None, sentence(error, self._now())

    def _look(self) -> None:
        address, wrong = self._target()
        if address is None:
            self._composing = None
            self._address = None
            self._say([Line("!", wrong)] if wrong and "@" in self._to.text() else [])
            self._title.setText("Ask somebody to connect")
            self._who.hide()
            clear(self._mentions)
            self._send.setEnabled(False)
            self._keep.setEnabled(False)
            if len(self._to.text().strip()) > 1:
                self._bridge.run(partial(self._bridge.do.network.search, self._to.text().strip(), 5 * _OFFERED), self._offer)
            return
        first = address != self._address
        self._address = address
        note = None if first and not self._touched else self._note.toPlainText()
        self._bridge.run(partial(self._bridge.do.sent.compose, self._account.id, address, note), partial(self._show, first), self._failed)

    def _offer(self, found: list[Found]) -> None:
        """Offer the people of that name: first those who can be asked, then those who are asked or connected, which is said."""
        typed = self._to.text().strip().casefold()
        named = [one for one in found if typed in f"{one.name} {one.address}".casefold()]
        self._found = found = sorted(named, key=lambda one: one.state in STATES)[:_OFFERED]
        if self._address is not None or not self._to.isVisible():
            return
        self._completer = QCompleter([_label(one) for one in found], self)
        popup = _suggestions(self)
        self._completer.setPopup(popup)
        self._completer.setMaxVisibleItems(_OFFERED)
        popup.setItemDelegate(_Roomy(popup))
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.activated.connect(lambda _: self._soon.start())
        self._to.setCompleter(self._completer)
        if found and self._to.hasFocus():
            self._completer.complete()
        text = self._to.text().strip()
        if not found and "@" not in text and not text.lower().startswith("xmpp:"):
            self._say([Line("•", f"You know nobody called {text[:60]}. Write an address to ask somebody new.")])
            offer = DirectoryOffer(self._bridge, self._now, self._account, text)
            offer.chosen.connect(self._choose)
            self._says.addWidget(offer)

    def _choose(self, address: str) -> None:
        self._to.setText(address)
        self._look()

    def _look_again(self, changes: Changes) -> None:
        if not self._done and changes.touches(Kind.PEOPLE, Kind.PROFILE, Kind.SENT, Kind.PRIVACY):
            self._soon.start()

    def _show(self, first: bool, found: Composing) -> None:
        if self._done or found.person.address != self._address:
            return
        self._composing = found
        if first:
            self._bridge.run(partial(self._bridge.do.network.look_at, found.person.id))
            if found.draft is not None and not self._touched:
                self._note.setPlainText(found.draft.note)
                self._note.moveCursor(QTextCursor.MoveOperation.End)
        name = found.person.shown_name
        self._title.setText(f"Ask {name} to connect")
        self._show_person(found)
        self._show_mentions(found)
        self._show_verdict(found)
        self._fill_templates(found)

    def _show_person(self, found: Composing) -> None:
        person = found.person
        picture = person.profile.picture if person.profile else b""
        facts = Flow(6)
        facts.addWidget(PlainLabel(person.address, "small", selectable=True))
        if found.mutual:
            facts.addWidget(chip(f"{len(found.mutual)} mutual", "accent"))
        if found.shared_interests:
            facts.addWidget(chip(count(len(found.shared_interests), "shared interest"), "good"))
        words = column(ElidedLabel(person.headline or "No headline known", "dim"), facts, gap=3)
        line = row(Portrait(self._theme, 44).show_person(person.shown_name, person.address, picture), gap=10)
        line.addLayout(words, 1)
        fresh = QWidget()
        fresh.setLayout(line)
        layout = self.layout()
        assert layout is not None
        self._who.parentWidget().layout().replaceWidget(self._who, fresh)  # type: ignore[union-attr] # it stands in the card
        self._who.hide()
        self._who.deleteLater()
        self._who = fresh

    def _show_mentions(self, found: Composing) -> None:
        clear(self._mentions)
        offered = [one.name for one in (found.mutual or ())[:4]] + list(found.shared_interests[:3])
        for text in offered:
            made = button(text[:30], partial(self._mention, text), name=f"Mention {text}")
            made.setProperty("chip", "accent")
            restyle(made)
            self._mentions.addWidget(made)
        if not offered:
            self._mentions.addWidget(PlainLabel("nothing in common is known yet", "small"))
        self._mention_bar.updateGeometry()

    def _show_verdict(self, found: Composing) -> None:
        note, verdict = self._note.toPlainText(), found.verdict
        lines: list[Line] = []
        if not verdict.allowed:
            lines.append(Line("!", refusal(verdict.reason, found.person.shown_name, verdict.until, self._now())))
        elif verdict.queue_until is not None:
            lines.append(Line("•", f"Over the budget: it is queued and goes {until(verdict.queue_until, self._now())}, by itself"))
        shared = [*(one.name for one in found.mutual or ()), *found.shared_interests]
        if any(notes.mentions(note, one) for one in shared):
            lines.append(Line("✓", "Personal: names something you share"))
        lines += [Line("•", advice(word, found.budget, found.my_completeness)) for word in verdict.advice if word != "not engaged"]
        if "incomplete profile" not in verdict.advice:
            lines.append(Line("✓", f"Your profile is {found.my_completeness} % complete"))
        if verdict.queue_until is None:
            lines.append(Line("✓", budget_line(found.budget)))
        self._say(lines)
        if "incomplete profile" in verdict.advice:
            self._says.addLayout(row(22, button("Complete my profile", self.profile_wanted.emit, "link"), None))
        self._send.setEnabled(verdict.allowed)
        self._keep.setEnabled(True)

    def _say(self, lines: list[Line]) -> None:
        clear(self._says)
        for one in lines:
            self._says.addLayout(sections.marked(one))

    def _failed(self, error: NetDeskError) -> None:
        self._say([Line("!", sentence(error, self._now()))])
        self._send.setEnabled(False)

    # writing

    def _written(self) -> None:
        self._touched = True
        used = len(self._note.toPlainText())
        self._counted.setText(f"{used} of {NOTE_LENGTH}")
        self._counted.set_look("bad" if used > NOTE_LENGTH else "small")
        self._soon.start()

    def _mention(self, words: str) -> None:
        self._note.setPlainText(mention(self._note.toPlainText(), words))
        self._note.moveCursor(QTextCursor.MoveOperation.End)
        self._note.setFocus()

    def _fill_templates(self, found: Composing) -> None:
        menu = QMenu(self._templates)
        for one in found.templates:
            menu.addAction(one.title.replace("&", "&&"), partial(self._use_template, one.text))
        if found.templates:
            menu.addSeparator()
        keep = menu.addAction("Keep this note as a template…", self._keep_template)
        keep.setEnabled(bool(self._note.toPlainText().strip()))
        if found.templates:
            gone = menu.addMenu("Delete a template")
            for one in found.templates:
                gone.addAction(
                    one.title.replace("&", "&&"), partial(self._bridge.run, partial(self._bridge.do.sent.delete_template, one.id))
                )
        self._templates.setMenu(menu)

    def _use_template(self, text: str) -> None:
        """Put a template in the place of what is written; Ctrl+Z brings that back."""
        if self._composing is not None:
            cursor = self._note.textCursor()
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(fill(text, self._composing))
            self._note.setFocus()

    def _keep_template(self) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle("Template")
        dialog.setLabelText("A title. {first}, {name}, {mutual}, {interest} and {me} are filled in when it is used.")
        text = self._note.toPlainText()
        dialog.textValueSelected.connect(lambda title: self._bridge.run(partial(self._bridge.do.sent.save_template, title, text)))
        dialog.open()

    # what becomes of it

    def send(self) -> None:
        """Send it, unless a rule says no; then the sentence stands here and nothing is lost."""
        if self._address is None:
            self._to.setFocus()
            self._say([Line("!", "Say first whom it is for: an address, an invitation link, or a name you know.")])
        if self._address is None or not self._send.isEnabled():
            return
        self._send.setEnabled(False)
        job = partial(self._bridge.do.sent.ask, self._account.id, self._address, self._note.toPlainText(), token=self._token)
        self._bridge.run(job, self._was_sent, self._failed)

    def _was_sent(self, changes: Changes) -> None:
        self._done = True
        self.sent.emit(next(iter(changes.ids.get(Kind.SENT, ())), 0))
        self.accept()

    def _save_draft(self) -> None:
        if self._address is not None:
            self._done = True
            self._bridge.run(partial(self._bridge.do.sent.save_draft, self._account.id, self._address, self._note.toPlainText()))
            self.accept()

    def reject(self) -> None:
        """Closing keeps what was written as a draft: nothing is lost."""
        text = self._note.toPlainText().strip()
        kept = self._composing.draft.note if self._composing is not None and self._composing.draft is not None else ""
        if not self._done and self._address is None and text and not self._warned:
            self._warned = True
            self._say([Line("!", "Say whom it is for, and it is kept as a draft. Press Escape once more to throw it away.")])
            return
        if not self._done and self._address is not None and text and text != kept.strip():
            self._bridge.run(partial(self._bridge.do.sent.save_draft, self._account.id, self._address, text))
        self._done = True
        super().reject()


def _label(found: Found) -> str:
    state = f" · {STATES[found.state]}" if found.state in STATES else ""
    return f"{found.name} \u200e<{found.address}>{state}"  # the mark keeps the address in order behind a right-to-left name


class _Roomy(QStyledItemDelegate):
    """Rows of one height, known before the list is shown: the completer measures it then."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A line of text with room above and below."""
        return QSize(super().sizeHint(option, index).width(), option.fontMetrics.height() + 12)


def _suggestions(parent: QWidget) -> QListView:
    """A list for the completer: framed, and no higher than its rows."""
    made = QListView(parent)
    made.setUniformItemSizes(True)
    made.setObjectName("suggestions")
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setAccessibleName("People you know")
    return made
