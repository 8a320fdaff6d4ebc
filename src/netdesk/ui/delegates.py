"""The cards of the lists, painted: requests, sent requests, people."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from netdesk.domain.people import PersonRow
from netdesk.domain.requests import IncomingRow, OutgoingRow
from netdesk.domain.rules.archived import is_archived
from netdesk.ui.pictures import paint_portrait
from netdesk.ui.rows import ROW_ROLE
from netdesk.ui.texts import archives
from netdesk.ui.texts.evidence import chip as chip_text
from netdesk.ui.texts.evidence import reasons
from netdesk.ui.texts.moments import incoming_state, outgoing_state
from netdesk.ui.texts.times import age, full_day, joined
from netdesk.ui.theme import SMALL, Theme

GAP: Final = 4
PAD: Final = 13
PORTRAIT: Final = 40
Now = Callable[[], datetime]
_Index = QModelIndex | QPersistentModelIndex


class CardDelegate(QStyledItemDelegate):
    """Paints a row as a card; what stands on it is the subclass's. Heights follow the font."""

    lines = 2  # lines of text below the headline
    chip_line = True

    def __init__(self, theme: Theme, now: Now) -> None:
        super().__init__()
        self.theme = theme
        self.now = now

    def height(self) -> int:
        """The height of every card, in pixels."""
        line, small = (QFontMetricsF(self.theme.font(factor)).lineSpacing() for factor in (1.0, SMALL))
        head = max(line + small + 4, PORTRAIT)
        return int(2 * PAD + head + (self.lines * line + 8 if self.lines else 0) + (small + 14 if self.chip_line else 0) + 2 * GAP)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """One height for all."""
        return QSize(200, self.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """The card's ground, then what stands on it."""
        state = option.state
        place = QRectF(option.rect).adjusted(1, GAP, -1, -GAP)
        tokens = self.theme.tokens
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(tokens.selected if chosen else tokens.card))
        focus = chosen and bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(QColor(tokens.accent if chosen else tokens.line), 2 if focus else 1))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        row = index.data(ROW_ROLE)
        if row is not None:
            self.draw(painter, place.adjusted(PAD, PAD, -PAD, -PAD), row)
        painter.restore()

    def draw(self, painter: QPainter, place: QRectF, row: object) -> None:
        """What stands on the card."""
        raise NotImplementedError

    # what cards are made of

    def head(self, painter: QPainter, place: QRectF, who: tuple[str, str, bytes], headline: str, corner: str) -> float:
        """Portrait, name, address with headline, and a word in the corner; gives where the head ends."""
        name, address, picture = who
        paint_portrait(painter, QRectF(place.left(), place.top(), PORTRAIT, PORTRAIT), name, address, picture, self.theme)
        left = place.left() + PORTRAIT + 9
        small = QFontMetricsF(self.theme.font(SMALL))
        width = small.horizontalAdvance(corner)
        line = QFontMetricsF(self.theme.font()).lineSpacing()
        tokens = self.theme.tokens
        self.text(painter, QRectF(place.right() - width, place.top(), width + 1, line), corner, tokens.dim, SMALL)
        self.text(painter, QRectF(left, place.top(), place.right() - width - 10 - left, line), name, tokens.ink, bold=True)
        second = QRectF(left, place.top() + line + 2, place.right() - left, small.lineSpacing())
        badge, where = archives.badge(address)
        if badge:
            second.setLeft(self.badge(painter, second, badge) + 7)
        self.text(painter, second, " · ".join(part for part in (where, headline) if part), tokens.dim, SMALL)
        return place.top() + max(PORTRAIT, line + 2 + small.lineSpacing())

    def badge(self, painter: QPainter, place: QRectF, name: str) -> float:
        """The network that somebody of an archive is on; gives where it ends."""
        font = self.theme.font(SMALL, bold=True)
        width = QFontMetricsF(font).horizontalAdvance(name) + 12
        ink, ground = self.theme.tokens.tone("accent")
        spot = QRectF(place.left(), place.top() - 1, width, place.height() + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(spot, 4, 4)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, name)
        return spot.right()

    def text(self, painter: QPainter, place: QRectF, text: str, colour: str, factor: float = 1.0, *, bold: bool = False) -> None:
        """One line, cut at its end; always from the left, whichever way its letters run."""
        font = self.theme.font(factor, bold=bold)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetricsF(font).elidedText(text[:600], Qt.TextElideMode.ElideRight, place.width())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, int(flags | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip), shown)

    def paragraph(self, painter: QPainter, place: QRectF, text: str, colour: str, lines: int) -> None:
        """Text in at most so many lines, the last one cut."""
        font = self.theme.font()
        layout = QTextLayout(" ".join(text[:800].split()), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        starts: list[int] = []
        while len(starts) < lines and (line := layout.createLine()).isValid():
            line.setLineWidth(place.width())
            line.setPosition(QPointF(0, 0))
            starts.append(line.textStart())
        layout.endLayout()
        height = QFontMetricsF(font).lineSpacing()
        for at, start in enumerate(starts):
            end = starts[at + 1] if at + 1 < len(starts) else len(layout.text())
            self.text(painter, QRectF(place.left(), place.top() + at * height, place.width(), height), layout.text()[start:end], colour)

    def chips(self, painter: QPainter, place: QRectF, chips: Sequence[tuple[str, str]]) -> None:
        """Chips in one line, as many as fit."""
        font = self.theme.font(SMALL, bold=True)
        metrics = QFontMetricsF(font)
        left = place.left()
        for text, tone in chips:
            width = metrics.horizontalAdvance(text) + 20
            if left + width > place.right() + 1:
                break
            ink, ground = self.theme.tokens.tone(tone)
            spot = QRectF(left, place.top(), width, metrics.lineSpacing() + 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(spot, spot.height() / 2, spot.height() / 2)
            painter.setFont(font)
            painter.setPen(QColor(ink))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, text)
            left += width + 6

    def bottom(self, place: QRectF) -> QRectF:
        """Where the chips stand."""
        height = QFontMetricsF(self.theme.font(SMALL)).lineSpacing() + 4
        return QRectF(place.left(), place.bottom() - height, place.width(), height)


class RequestDelegate(CardDelegate):
    """An incoming request: who, the note in two lines, the strongest facts."""

    def draw(self, painter: QPainter, place: QRectF, row: object) -> None:
        """Paint."""
        assert isinstance(row, IncomingRow)
        below = self.head(painter, place, (row.name, row.address, row.picture), row.headline, _ago(row, row.arrived_at, self.now()))
        tokens = self.theme.tokens
        note = QRectF(place.left(), below + 6, place.width(), place.height())
        if row.note:
            self.paragraph(painter, note, f"“{row.note}”", tokens.ink, self.lines)
        else:
            self.paragraph(painter, note, "No note", tokens.dim, 1)
        self.chips(painter, self.bottom(place), request_chips(row, self.now()))


def _ago(row: IncomingRow | OutgoingRow, at: datetime, now: datetime) -> str:
    """How long ago; nothing for one of an archive that does not say."""
    return "" if is_archived(row.address) and not row.stamp else age(at, now)


def request_chips(row: IncomingRow, now: datetime) -> list[tuple[str, str]]:
    """The chips of a request: its state where it is not to review, then the strongest facts."""
    shown = [(chip_text(one), one.tone) for one in row.chips if one.name != "no_note"]
    if row.later_until is not None or row.answered_at is not None:
        shown.insert(0, (incoming_state(row, now), "plain"))
    if is_archived(row.address):
        return shown or [("To tick off", "plain")]
    return shown or [("First request", "plain")]


def describe_request(row: IncomingRow, now: datetime) -> str:
    """A request for a screen reader."""
    facts = ", ".join(text for text, _ in request_chips(row, now))
    aside = f", put aside: {reasons(row.reasons)}" if row.reasons else ""
    return (
        f"{row.name}, {archives.place(row.address)}, {row.headline or 'no headline'}, {_ago(row, row.arrived_at, now)}, {facts}{aside}, "
        f"{row.note or 'no note'}"
    )


class SentDelegate(CardDelegate):
    """A sent request: to whom, and where it stands."""

    lines = 0

    def draw(self, painter: QPainter, place: QRectF, row: object) -> None:
        """Paint."""
        assert isinstance(row, OutgoingRow)
        self.head(painter, place, (row.name, row.address, row.picture), row.headline, _ago(row, row.sent_at or row.created_at, self.now()))
        state, tone = outgoing_state(row, self.now())
        shown = [(state, tone)]
        if not row.note:
            shown.append(("No note", "plain"))
        if row.remind_at is not None:
            shown.append(("Reminder set", "plain"))
        self.chips(painter, self.bottom(place), shown)


def describe_sent(row: OutgoingRow, now: datetime) -> str:
    """A sent request for a screen reader."""
    return f"{row.name}, {archives.place(row.address)}, {row.headline or 'no headline'}, {outgoing_state(row, now)[0]}, {row.note or 'no note'}"


class PersonDelegate(CardDelegate):
    """A person: name, address, headline, and since when, or who knows them."""

    lines = 0
    chip_line = False

    def draw(self, painter: QPainter, place: QRectF, row: object) -> None:
        """Paint."""
        assert isinstance(row, PersonRow)
        self.head(painter, place, (row.name, row.address, row.picture), row.headline, person_corner(row))


class SuggestedDelegate(CardDelegate):
    """A suggested person with the people in common by name."""

    lines = 1
    chip_line = False

    def draw(self, painter: QPainter, place: QRectF, row: object) -> None:
        """Paint."""
        assert isinstance(row, PersonRow)
        below = self.head(painter, place, (row.name, row.address, row.picture), row.headline, "")
        line = QFontMetricsF(self.theme.font()).lineSpacing()
        self.text(painter, QRectF(place.left(), below + 6, place.width(), line), known_by(row), self.theme.tokens.accent_words)


def person_corner(row: PersonRow) -> str:
    """What stands in the corner of a person's card."""
    if row.connected or row.i_follow or row.follows_me:
        return f"since {full_day(row.since)}" if row.since else ""
    return f"{row.mutual} mutual" if row.mutual else ""


def known_by(row: PersonRow) -> str:
    """Who of the owner's connections lists somebody, by name."""
    names = list(row.mutual_names) + [""] * ((row.mutual or 0) - len(row.mutual_names))
    return f"Known by {joined(names, len(row.mutual_names))}" if row.mutual_names else ""


def describe_person(row: PersonRow) -> str:
    """A person for a screen reader."""
    parts = [row.name, archives.place(row.address), row.headline, person_corner(row), known_by(row), ", ".join(row.circles)]
    return ", ".join(part for part in parts if part)
