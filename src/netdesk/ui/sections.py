"""The sections of a card about somebody: head, note, people in common, interests, history; the same on every page."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from netdesk.domain.names import tame_note
from netdesk.domain.people import Mutual, Profile
from netdesk.domain.requests import Moment
from netdesk.domain.rules.archived import is_archived
from netdesk.ui.parts import Clickable, ElidedLabel, Flow, PlainLabel, Portrait, Ring, chip, column, row
from netdesk.ui.texts.archives import place
from netdesk.ui.texts.evidence import Line
from netdesk.ui.texts.moments import happened
from netdesk.ui.texts.times import count, stamp
from netdesk.ui.theme import Theme

MUTUAL_SHOWN = 12
_ONE_LINE = 64  # letters of a line of evidence with its addition; longer ones take two
_MARK_LOOKS = {"✓": "good", "!": "bad", "•": "dim"}


def head(
    theme: Theme, who: tuple[str, str, bytes], headline: str, chips: list[tuple[str, str]], completeness: int | None, *, ring: bool = True
) -> QHBoxLayout:
    """Portrait, name, headline, the address always beside the name, chips, and how complete the profile is."""
    name, address, picture = who
    facts = Flow(8)
    where = PlainLabel(place(address), "small", selectable=True)
    where.setAccessibleName(f"Address {place(address)}")
    facts.addWidget(where)
    for text, tone in chips:
        facts.addWidget(chip(text, tone))
    title = ElidedLabel(name, "name")
    title.setFont(theme.font(1.7, bold=True))
    below = ElidedLabel(headline or "No headline", "dim")
    if not headline and is_archived(address):
        below.hide()
    words = column(title, below, facts, gap=3)
    layout = row(Portrait(theme, 72).show_person(name, address, picture), gap=16)
    layout.setAlignment(Qt.AlignmentFlag.AlignTop)
    layout.addLayout(words, 1)
    if ring:
        layout.addWidget(_completeness(theme, completeness), 0, Qt.AlignmentFlag.AlignTop)
    return layout


def _completeness(theme: Theme, percent: int | None) -> QWidget:
    box = QWidget()
    if percent is None:
        box.setLayout(row(PlainLabel("profile\nnot known", "small")))
        return box
    shown = Ring(theme)
    shown.show_percent(percent)
    box.setLayout(row(shown, PlainLabel("profile\ncomplete", "small"), gap=10))
    return box


def note(text: str, below: str) -> QFrame:
    """A note with what is known of it; an empty one says so."""
    frame = QFrame()
    frame.setObjectName("note")
    words = PlainLabel(tame_note(text) or "No note", "" if text else "dim", wraps=True, selectable=bool(text))
    words.setAccessibleName(f"Note: {text}" if text else "No note")
    parts: list[QWidget] = [words, *([PlainLabel(below, "small", wraps=True)] if below else [])]
    frame.setLayout(column(*parts, gap=4, margins=QMargins(14, 10, 14, 10)))
    return frame


def mutual(theme: Theme, found: tuple[Mutual, ...] | None, pictures: dict[int, bytes], opened: Callable[[int], object]) -> QVBoxLayout:
    """The people both know, by name; unknown and none are different things."""
    if found is None:
        return column(PlainLabel("People you both know", "strong"), PlainLabel("Not known: knowing people in common is off, or nobody "
                      "shares a list with you", "dim", wraps=True), gap=4)  # fmt: skip
    if not found:
        return column(PlainLabel("People you both know", "strong"), PlainLabel("No list that is shared with you mentions this person",
                      "dim", wraps=True), gap=4)  # fmt: skip
    faces = Flow(10)
    for one in found[:MUTUAL_SHOWN]:
        faces.addWidget(_face(theme, one, pictures.get(one.person, b""), opened))
    title = f"{count(len(found), 'person', 'people')} you both know"
    parts: list[QWidget | QLayout] = [PlainLabel(title, "strong"), faces]
    if len(found) > MUTUAL_SHOWN:
        parts.append(PlainLabel("and " + ", ".join(one.name for one in found[MUTUAL_SHOWN:]), "small", wraps=True))
    return column(*parts, gap=8)


def _face(theme: Theme, one: Mutual, picture: bytes, opened: Callable[[int], object]) -> QWidget:
    frame = Clickable()
    name = PlainLabel(one.name.split()[0][:12] if one.name.split() else one.address[:12], "small")
    name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    layout = column(gap=3)
    layout.addWidget(Portrait(theme, 40).show_person(one.name, one.address, picture), 0, Qt.AlignmentFlag.AlignHCenter)
    layout.addWidget(name, 0, Qt.AlignmentFlag.AlignHCenter)
    frame.setLayout(layout)
    frame.setMinimumWidth(48)
    frame.setAccessibleName(f"{one.name}, {one.address}")
    frame.setToolTip(one.address)
    frame.setCursor(Qt.CursorShape.PointingHandCursor)
    frame.clicked.connect(lambda: opened(one.person))
    return frame


def interests(theirs: tuple[str, ...] | None, shared: tuple[str, ...], title: str = "") -> QVBoxLayout:
    """Their interests, the shared ones first and marked."""
    if theirs is None:
        return column(PlainLabel("Interests", "strong"), PlainLabel("Not known", "dim"), gap=4)
    if not theirs:
        return column(PlainLabel("Interests", "strong"), PlainLabel("They name none", "dim"), gap=4)
    line = Flow(6)
    for text in (*shared, *(one for one in theirs if one not in shared)):
        label = chip(text[:40], "accent" if text in shared else "plain")
        label.setAccessibleName(f"{text}, shared" if text in shared else text)
        line.addWidget(label)
    title = title or (count(len(shared), "shared interest") if shared else "No shared interests")
    return column(PlainLabel(title, "strong"), line, gap=8)


def checked(lines: list[Line], total: str) -> QVBoxLayout:
    """What was checked: one line for each signal, marked for, against or neutral, and what they add up to."""
    layout = column(PlainLabel("What we checked", "strong"), gap=9)
    for one in lines:
        layout.addLayout(marked(one))
    layout.addWidget(PlainLabel(total, "small", wraps=True))
    return layout


def marked(one: Line) -> QHBoxLayout:
    """A line with its mark."""
    mark = PlainLabel(one.mark, _MARK_LOOKS[one.mark])
    mark.setFixedWidth(14)
    mark.setAccessibleName({"✓": "for", "!": "against", "•": "neutral"}[one.mark])
    layout = row(mark, gap=6)
    layout.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
    text = f"\u200e{one.text}"  # the sentence is ours: a right-to-left name at its beginning does not turn it around
    if one.more and len(one.text) + len(one.more) <= _ONE_LINE:
        layout.addWidget(PlainLabel(text))
        layout.addWidget(PlainLabel(one.more, "small", wraps=True), 1)
    else:
        below = [PlainLabel(one.more, "small", wraps=True)] if one.more else []
        layout.addLayout(column(PlainLabel(text, wraps=True), *below, gap=1), 1)
    return layout


def history(found: tuple[Moment, ...], now: datetime, title: str = "What happened", hint: str = "", most: int = 40) -> QVBoxLayout:
    """What happened between the two, and what may be done."""
    layout = column(PlainLabel(title, "strong"), gap=8)
    for one in found[-most:]:
        when = PlainLabel(stamp(one.at, now))
        when.setMinimumWidth(92)
        line = row(PlainLabel("○", "dim"), when, PlainLabel(happened(one), "dim", wraps=True), gap=8)
        line.setStretch(2, 1)
        layout.addLayout(line)
    if not found:
        layout.addWidget(PlainLabel("Nothing yet", "dim"))
    if hint:
        said = row(PlainLabel("●", "caution"), PlainLabel(hint, "caution", wraps=True), gap=8)
        said.setStretch(1, 1)
        layout.addLayout(said)
    return layout


def about(profile: Profile | None) -> QVBoxLayout | None:
    """What the profile says beyond the headline; None when it says nothing more."""
    if profile is None:
        return None
    facts = (("Organisation", profile.organisation), ("Place", profile.location), ("Website", profile.website), ("E-mail", profile.email),
             ("Phone", profile.phone))  # fmt: skip
    layout = column(PlainLabel("Profile", "strong"), gap=4)
    for name, text in facts:
        if text:
            label = PlainLabel(name, "small")
            label.setFixedWidth(96)
            line = row(label, PlainLabel(text, wraps=True, selectable=True))
            line.setStretch(1, 1)
            layout.addLayout(line)
    if profile.about:
        layout.addWidget(PlainLabel(tame_note(profile.about), wraps=True))
    return layout if layout.count() > 1 else None
