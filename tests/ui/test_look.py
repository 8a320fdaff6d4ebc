"""How it looks, as far as it can be computed: contrast, plain text, fonts, portraits, words that fit."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QObject, Qt, Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import netdesk.ui
from netdesk.domain.errors import Unreadable
from netdesk.ui.parts import ElidedLabel, PlainLabel, plain_tip
from netdesk.ui.pictures import avatar_colour, decode
from netdesk.ui.profile import small_picture
from netdesk.ui.theme import AVATARS, DARK, LIGHT, Theme, Tokens

HOSTILE = '<b>bold</b><img src="/etc/passwd"><a href="file:///etc">x</a>'


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance."""
    parts = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in QColor(colour).getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    first, second = sorted((luminance(one), luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


@pytest.mark.parametrize("t", [LIGHT, DARK], ids=["light", "dark"])
def test_all_words_have_contrast(t: Tokens) -> None:
    pairs = [
        (t.ink, t.background), (t.ink, t.card), (t.ink, t.selected), (t.dim, t.background), (t.dim, t.card), (t.dim, t.selected),
        (t.accent_words, t.card), (t.accent_words, t.accent_soft), (t.accent_words, t.background), (t.on_accent, t.accent), (t.bad, t.card),
        (t.caution, t.card), (t.good, t.card), (t.card, t.ink), (t.caution, t.caution_soft), (t.bad, t.bad_soft), (t.ink, t.accent_soft),
        *(t.tone(name) for name in ("good", "bad", "caution", "accent", "plain")),
    ]  # fmt: skip
    assert not [(one, other, round(contrast(one, other), 2)) for one, other in pairs if contrast(one, other) < 4.5]


def test_initials_can_be_read_on_every_portrait() -> None:
    assert not [colour for colour in AVATARS if contrast("#FFFFFF", colour) < 4.5]
    assert avatar_colour("a@b") == avatar_colour("a@b")


def test_remote_text_is_plain_text_in_every_label(qtbot: QtBot) -> None:
    for label in (PlainLabel(HOSTILE), ElidedLabel(HOSTILE)):
        qtbot.addWidget(label)
        assert label.textFormat() is Qt.TextFormat.PlainText
    assert "<b>" not in plain_tip(HOSTILE) and "&lt;b&gt;" in plain_tip(HOSTILE)


def test_nothing_in_the_window_makes_a_label_that_guesses() -> None:
    """No bare QLabel, no rich text, no link that opens, anywhere in ui/."""
    banned = {"QLabel", "QTextBrowser", "QTextEdit", "QMessageBox"}
    for path in Path(netdesk.ui.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
                assert name not in banned | {"setHtml", "setMarkdown", "setOpenExternalLinks", "exec", "processEvents"}, (
                    f"{path.name}: {name}"
                )


@pytest.mark.parametrize("name", ["x" * 3_000, "e" + "\u0301" * 500, "ليلى حداد", "", "陳美玲" * 40, "👩‍👩‍👧" * 50])
def test_a_name_takes_one_line(qtbot: QtBot, name: str) -> None:
    label = ElidedLabel(name, "name")
    qtbot.addWidget(label)
    label.resize(200, 40)
    label.show()
    plain = ElidedLabel("Ann", "name")
    qtbot.addWidget(plain)
    assert label.sizeHint().height() <= plain.sizeHint().height() * 1.6
    assert label.fontMetrics().horizontalAdvance(label.text()) <= 205


def png(side: int) -> bytes:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("#123456"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def test_pictures_are_decoded_only_when_they_may(qtbot: QtBot) -> None:
    assert decode(png(100), 40).width() == 40
    for content in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\0" * 100, png(3_000), b"", png(50)[:60]):
        assert decode(content, 40) is None


def test_my_own_picture_is_made_small(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "large.png").write_bytes(png(1_500))
    content = small_picture(tmp_path / "large.png")
    assert QImage.fromData(content).width() == 256
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(Unreadable, match="picture kind"):
        small_picture(tmp_path / "text.png")
    with pytest.raises(Unreadable, match="file"):
        small_picture(tmp_path / "none.png")


def test_the_theme_follows_the_choice(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp)
    theme.choose("dark")
    assert theme.tokens is DARK and DARK.card in qapp.styleSheet()
    theme.choose("light")
    assert theme.tokens is LIGHT and LIGHT.card in qapp.styleSheet()


def test_a_thousand_signals_do_no_harm(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on Python 3.11 lost a reference with each signal and ended the process after some 500."""

    class Teller(QObject):
        said = Signal(object)

    teller, heard = Teller(), []
    teller.said.connect(heard.append)
    for number in range(1_000):
        teller.said.emit(number)
    assert heard == list(range(1_000))


def test_labels_of_the_look_are_known() -> None:
    assert issubclass(PlainLabel, QLabel)
