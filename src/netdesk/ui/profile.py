"""The profile editor: what the owner says of herself, how complete it is, who sees each field."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMargins, Qt, QTimer
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QPlainTextEdit, QWidget

from netdesk.domain.changes import Changes
from netdesk.domain.errors import NetDeskError, Unreadable
from netdesk.domain.names import HEADLINE_LIMIT, NAME_LIMIT
from netdesk.domain.people import Account, Profile
from netdesk.domain.pictures import fit_to_decode
from netdesk.domain.privacy import Privacy
from netdesk.domain.rules.completeness import completeness
from netdesk.domain.rules.visibility import field_audience
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import Card, PlainLabel, Portrait, Ring, Scroll, banner, button, column, row
from netdesk.ui.texts.choices import AUDIENCES, FIELDS
from netdesk.ui.texts.errors import sentence
from netdesk.ui.theme import Theme

Now = Callable[[], datetime]
PICTURE_SIDE = 256
_HINTS = {
    "headline": "What you do, in a few words",
    "about": "What should people know before they answer you?",
    "interests": "With commas between: choir, cycling, maps",
    "website": "https://…",
}
_LONGEST = {"name": NAME_LIMIT, "interests": 2_000, "website": 300, "email": 300, "phone": 60}
_LINES = ("name", "headline", "organisation", "location", "website", "interests", "email", "phone")


class ProfileDialog(QDialog):
    """Edits the profile of one account."""

    def __init__(self, parent: QWidget, bridge: Bridge, theme: Theme, now: Now, account: Account) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._now = now
        self._account = account
        self._picture = b""
        self.setWindowTitle("My profile")
        self.resize(600, 680)
        self._face = Portrait(theme, 72)
        self._ring = Ring(theme)
        self._missing = PlainLabel("", "small", wraps=True)
        self._wrong, self._wrong_text = banner("trouble", "")
        self._wrong.hide()
        self._fields = {name: QLineEdit() for name in _LINES}
        self._about = QPlainTextEdit()
        self._about.setTabChangesFocus(True)
        self._about.setFixedHeight(96)
        self._seen = {name: PlainLabel("", "small") for name in FIELDS}
        self._soon = QTimer(self, singleShot=True, interval=100)
        self._soon.timeout.connect(self._weigh)
        self._build()
        self._fields["name"].setFocus()
        bridge.run(partial(_load, bridge, account), self._show)

    def _build(self) -> None:
        card = Card("My profile", margin=22, gap=10)
        pictures = column(
            row(button("Choose a picture…", self._choose_picture), button("Remove", self._remove_picture, "quiet"), None),
            self._seen["picture"],
            gap=2,
        )
        top = row(self._face, gap=14)
        top.addLayout(pictures, 1)
        top.addWidget(self._ring)
        card.body.addLayout(top)
        card.body.addWidget(self._missing)
        for name, text in FIELDS.items():
            if name == "picture":
                continue
            editor: QWidget = self._about if name == "about" else self._fields[name]
            editor.setAccessibleName(text)
            if isinstance(editor, QLineEdit | QPlainTextEdit):
                editor.setPlaceholderText(_HINTS.get(name, ""))
            if isinstance(editor, QLineEdit):
                editor.setMaxLength(_LONGEST.get(name, HEADLINE_LIMIT))
            if isinstance(editor, QLineEdit | QPlainTextEdit):
                editor.textChanged.connect(self._soon.start)
            line = row(PlainLabel(text, "strong"), None, self._seen[name])
            card.body.addLayout(column(line, editor, gap=3))
        save = button("Save", self._save, "main")
        save.setDefault(True)
        self.setLayout(
            column(Scroll(card), self._wrong, row(None, button("Cancel", self.reject), save), gap=10, margins=QMargins(14, 14, 14, 14))
        )

    def _show(self, loaded: tuple[Profile, Privacy]) -> None:
        profile, privacy = loaded
        self._picture = profile.picture
        for name, line in self._fields.items():
            line.setText(", ".join(profile.interests) if name == "interests" else getattr(profile, name))
        self._about.setPlainText(profile.about)
        for name, label in self._seen.items():
            label.setText(f"Seen by: {AUDIENCES[field_audience(privacy, name)]}")
        self._weigh()

    def profile(self) -> Profile:
        """What is written now."""
        texts = {name: line.text().strip() for name, line in self._fields.items() if name != "interests"}
        interests = tuple(one.strip() for one in self._fields["interests"].text().split(",") if one.strip())
        return Profile(**texts, about=self._about.toPlainText().strip(), interests=interests, picture=self._picture)

    def _weigh(self) -> None:
        found = completeness(self.profile())
        self._ring.show_percent(found.percent)
        missing = ", ".join(FIELDS[name].lower() for name in found.missing)
        self._missing.setText(
            f"People look at it before they answer. What would add to it: {missing}." if missing else "Nothing is missing."
        )
        self._face.show_person(self._fields["name"].text(), self._account.address, self._picture)

    def _choose_picture(self) -> None:
        dialog = QFileDialog(self, "Choose a picture", "", "Pictures (*.png *.jpg *.jpeg)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.take_picture(Path(path)))
        dialog.open()

    def take_picture(self, path: Path) -> None:
        """Use the picture in a file, made as small as it is shown."""
        try:
            self._picture = small_picture(path)
            self._wrong.hide()
        except NetDeskError as error:
            self._say(error)
        self._weigh()

    def _remove_picture(self) -> None:
        self._picture = b""
        self._weigh()

    def _save(self) -> None:
        self._bridge.run(partial(self._bridge.do.profile.save, self._account.id, self.profile()), self._saved, self._say)

    def _saved(self, _changes: Changes) -> None:
        self.accept()

    def _say(self, error: NetDeskError) -> None:
        self._wrong_text.setText(sentence(error, self._now()))
        self._wrong.show()


def _load(bridge: Bridge, account: Account) -> tuple[Profile, Privacy]:
    """On the store thread."""
    return bridge.do.profile.profile(account.id), bridge.do.privacy.choices(account.id)


def small_picture(path: Path) -> bytes:
    """A picture file of the owner's as a small PNG; raises Unreadable for what is no PNG or JPEG, or is too large to be opened."""
    # the owner's own file may be larger than what is taken from others; its kind is still read from its header alone
    try:
        with path.open("rb") as file:
            start = file.read(16)
            large = path.stat().st_size > 24_000_000
    except OSError as error:
        raise Unreadable("file", detail=str(path)) from error
    kind = "png" if start.startswith(b"\x89PNG") else "jpeg" if start.startswith(b"\xff\xd8") else ""
    if not kind:
        raise Unreadable("picture kind")
    reader = QImageReader(str(path), kind.encode())
    reader.setDecideFormatFromContent(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if large or size.width() > 12_000 or size.height() > 12_000:
        raise Unreadable("picture too large")
    image = reader.read()
    if image.isNull():
        raise Unreadable("picture kind")
    return _as_png(image)


def _as_png(image: QImage) -> bytes:
    side = min(image.width(), image.height())
    square = image.copy((image.width() - side) // 2, (image.height() - side) // 2, side, side)
    small = square.scaled(PICTURE_SIDE, PICTURE_SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    small.save(buffer, "PNG")  # type: ignore[call-overload] # the stub says bytes; PySide6 6.11 takes text only
    content = bytes(buffer.data().data())
    if not fit_to_decode(content):
        raise Unreadable("picture too large")
    return content
