"""The card of a person of the network: who they are, what is shared, the owner's own notes, circles, keeping in touch."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from PySide6.QtCore import QMargins, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QInputDialog, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from netdesk.domain.cards import PersonCard
from netdesk.domain.people import Circle, Person, Relation
from netdesk.domain.rules.archived import is_archived
from netdesk.ui import sections
from netdesk.ui.archived import open_button
from netdesk.ui.bridge import Bridge
from netdesk.ui.introductions import IntroduceButtons
from netdesk.ui.parts import Flow, PlainLabel, banner, button, chip, column, row
from netdesk.ui.texts import archives
from netdesk.ui.texts.choices import TO_ME
from netdesk.ui.texts.times import count, full_day
from netdesk.ui.theme import Theme

TOUCH = {0: "No reminder", 7: "Every week", 14: "Every two weeks", 30: "Every month", 90: "Every three months", 180: "Every half year"}
_SAVE_AFTER = 700


def person_content(
    bridge: Bridge,
    theme: Theme,
    card: PersonCard,
    pictures: dict[int, bytes],
    circles: list[Circle],
    now: datetime,
    opened: Callable[[int], object],
) -> QWidget:
    """All that the desk knows about a person."""
    person = card.person
    tone = {Relation.CONNECTION: "good", Relation.BLOCKED: "bad"}.get(card.relation, "plain")
    chips = [(TO_ME[card.relation], tone)]
    foreign = is_archived(person.address)
    if person.since is not None:
        chips.append((f"since {full_day(person.since)}", "plain"))
    picture = person.profile.picture if person.profile else b""
    layout = column(
        sections.head(theme, (person.shown_name, person.address, picture), person.headline, chips, card.completeness, ring=not foreign),
        gap=16,
        margins=QMargins(0, 0, 6, 6),
    )
    if not foreign:
        if card.relation is not Relation.CONNECTION or card.mutual:
            layout.addLayout(sections.mutual(theme, card.mutual, pictures, opened))
        layout.addLayout(sections.interests(person.profile.interests if person.profile else None, card.shared_interests))
    more = sections.about(person.profile)
    if more is not None:
        layout.addLayout(more)
    layout.addLayout(column(PlainLabel("Your private note", "strong"), PrivateNote(bridge, person), gap=6))
    if person.i_follow or person.follows_me:
        layout.addLayout(_circles(bridge, person, circles))
        layout.addLayout(_touch(bridge, person, now))
    for part in _same(bridge, card, opened):
        layout.addWidget(part)
    if card.history or not foreign:
        layout.addLayout(sections.history(card.history, now, "Between you"))
    layout.addStretch(1)
    content = QWidget()
    content.setLayout(layout)
    return content


def _same(bridge: Bridge, card: PersonCard, opened: Callable[[int], object]) -> Iterator[QWidget]:
    """They on other networks, as the owner has said, and who may be: only she joins them."""
    decide = bridge.do.network.decide_same
    me = card.person.id
    for one in card.same:
        text = f"The same person: {one.name}, {archives.place(one.address)}"
        apart = partial(bridge.run, partial(decide, me, one.id, is_same=False))
        yield banner("band", text, button("Show", partial(opened, int(one.id)), "link"), button("Separate", apart, "link"))[0]
    for one in card.perhaps:
        more = f" · {one.headline}" if one.headline else ""
        text = f"Perhaps the same person: {one.name}, {archives.place(one.address)}{more}"
        yes, no = (partial(bridge.run, partial(decide, me, one.id, is_same=said)) for said in (True, False))
        yield banner("notice", text, button("They are one", yes, "link"), button("They are not", no, "link"))[0]


class PrivateNote(QPlainTextEdit):
    """A note that the owner keeps for herself; saved as she writes."""

    def __init__(self, bridge: Bridge, person: Person) -> None:
        super().__init__(person.private_note)
        self._bridge = bridge
        self._person = person.id
        self._saved = person.private_note
        self.setProperty("keeps", True)
        self.setPlaceholderText("Only you see this")
        self.setAccessibleName("Private note")
        self.setTabChangesFocus(True)
        self.setFixedHeight(72)
        self._later = QTimer(self, singleShot=True, interval=_SAVE_AFTER)
        self._later.timeout.connect(self.save)
        self.textChanged.connect(self._later.start)

    def save(self) -> None:
        """Keep what is written."""
        self._later.stop()
        text = self.toPlainText()
        if text != self._saved:
            self._saved = text
            self._bridge.run(partial(self._bridge.do.network.write_note, self._person, text))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving it keeps it."""
        self.save()
        super().focusOutEvent(event)

    def hideEvent(self, event: object) -> None:
        """So does another card in its place."""
        self.save()
        super().hideEvent(event)  # type: ignore[arg-type] # Qt's QHideEvent


def _circles(bridge: Bridge, person: Person, circles: list[Circle]) -> QVBoxLayout:
    line = Flow(6)
    for name in person.circles:
        line.addWidget(chip(name[:40], "accent"))
    change = button("Change circles…", None, "link")
    menu = QMenu(change)

    def turn(name: str, on: bool) -> None:
        wanted = [*(one for one in person.circles if one != name), *([name] if on else [])]
        bridge.run(partial(bridge.do.network.set_circles, [person.id], wanted))

    for one in circles:
        action = menu.addAction(one.name.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(one.name in person.circles)
        action.toggled.connect(partial(turn, one.name))
    menu.addSeparator()
    menu.addAction("New circle…", lambda: _new_circle(change, turn))
    change.setMenu(menu)
    line.addWidget(change)
    return column(PlainLabel("Circles", "strong"), line, gap=6)


def _new_circle(parent: QWidget, turn: Callable[[str, bool], None]) -> None:
    dialog = QInputDialog(parent.window())
    dialog.setWindowTitle("New circle")
    dialog.setLabelText("A name for the circle. Only you see it.")
    dialog.textValueSelected.connect(lambda text: turn(text.strip()[:60], True) if text.strip() else None)
    dialog.open()


def _touch(bridge: Bridge, person: Person, now: datetime) -> QVBoxLayout:
    often = QComboBox()
    often.setAccessibleName("Keep in touch")
    for days, text in TOUCH.items():
        often.addItem(text, days)
    often.setCurrentIndex(max(0, often.findData(person.keep_in_touch_days)))
    often.activated.connect(lambda at: bridge.run(partial(bridge.do.network.keep_in_touch, person.id, int(often.itemData(at)))))
    passed = (now - person.last_contact).days if person.last_contact else None
    late = passed is not None and 0 < person.keep_in_touch_days < passed
    said = "Last contact: " + ("not known" if passed is None else "today" if passed == 0 else f"{count(passed, 'day')} ago")
    done = button("We were in touch", partial(bridge.run, partial(bridge.do.network.been_in_touch, person.id)), "link")
    line = row(often, PlainLabel(said, "caution" if late else "small"), done, None)
    return column(PlainLabel("Keep in touch", "strong"), line, gap=6)


class PersonActions(QWidget):
    """What can be done with a person. `compose` carries (account, address)."""

    compose = Signal(int, str)
    shut_out = Signal()

    def __init__(self, bridge: Bridge, card: PersonCard) -> None:
        super().__init__()
        person, network = card.person, bridge.do.network
        line = Flow(8)
        if is_archived(person.address):
            line.addWidget(open_button(person))
            line.addWidget(
                button("Ask them here…", partial(self.compose.emit, 0, ""), tip="Where you know an address at which they can be asked")
            )
            self.setLayout(line)
            return
        tied = person.i_follow or person.follows_me
        if card.relation in (Relation.STRANGER, Relation.FOLLOWER, Relation.DECLINED, Relation.REMOVED):
            line.addWidget(button("Ask to connect…", partial(self.compose.emit, person.account, person.address), "main"))
            if card.mutual:
                vouchers = [(one.name, one.address) for one in card.mutual]
                line.addWidget(IntroduceButtons(bridge, person.account, person.address, vouchers))
        if not tied and card.relation is Relation.STRANGER:
            line.addWidget(button("Do not suggest", partial(bridge.run, partial(network.dismiss, person.id))))
        if tied:
            line.addWidget(button("Remove", partial(bridge.run, partial(network.remove, [person.id])), tip="End the connection. They are "
                                  "told nothing beyond what the network tells."))  # fmt: skip
        if card.relation is Relation.BLOCKED:
            line.addWidget(button("Unblock", partial(bridge.run, partial(bridge.do.privacy.unblock, person.address))))
        else:
            line.addWidget(button("Block…   B", self.shut_out.emit, "danger"))
        self.setLayout(line)
