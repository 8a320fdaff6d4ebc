"""The look: colours of the light and the dark theme, sizes from the system's font, the style sheet."""

from dataclasses import dataclass, fields
from string import Template
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from netdesk.paths import resource

SMALL: Final = 0.85
CARD_TITLE: Final = 1.15
BIG_NAME: Final = 1.7
LIST_WIDTH: Final = 372
NARROW: Final = 900
BAR_HEIGHT: Final = 56
CHOICES: Final = ("system", "light", "dark")
AVATARS: Final = ("#1F7A8C", "#946200", "#5B677D", "#2E7D57", "#A8437A", "#2563D4", "#7655C6", "#B4533A")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme."""

    background: str
    card: str
    ink: str
    dim: str
    line: str
    accent: str
    accent_soft: str
    accent_words: str
    on_accent: str
    good: str
    good_soft: str
    caution: str
    caution_soft: str
    bad: str
    bad_soft: str
    selected: str
    dark: bool

    def tone(self, name: str) -> tuple[str, str]:
        """The words and the ground of a chip of this tone: good, bad, caution, accent, plain."""
        tones = {
            "good": (self.good, self.good_soft),
            "bad": (self.bad, self.bad_soft),
            "caution": (self.caution, self.caution_soft),
            "accent": (self.accent_words, self.accent_soft),
        }
        return tones.get(name, (self.dim, self.background))


LIGHT: Final = Tokens(
    background="#F6F7F9", card="#FFFFFF", ink="#1B2330", dim="#5D6879", line="#E4E7EC", accent="#2F6FED", accent_soft="#E8F0FE",
    accent_words="#1F5AD0", on_accent="#FFFFFF", good="#17704A", good_soft="#E6F4EC", caution="#934F07", caution_soft="#FDF1E0",
    bad="#C02F48", bad_soft="#FCEBEE", selected="#EEF4FF", dark=False,
)  # fmt: skip
DARK: Final = Tokens(
    background="#14171C", card="#1C2027", ink="#E8EBF0", dim="#98A2B3", line="#2B313B", accent="#6C9CFF", accent_soft="#22304D",
    accent_words="#7CA7FF", on_accent="#0B1220", good="#5CC48F", good_soft="#1B3328", caution="#E5A150", caution_soft="#3A2C17",
    bad="#F58399", bad_soft="#3D2028", selected="#222B3C", dark=True,
)  # fmt: skip


class Theme(QObject):
    """The theme of the window: light, dark, or as the system says. Announces a change."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._choice = "system"
        self._applied = False
        self.tokens = LIGHT
        self.base = application.font().pointSizeF() if application.font().pointSizeF() > 0 else 10.0
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._look_again)
        self._look_again()

    @property
    def choice(self) -> str:
        """What was chosen: system, light or dark."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Choose system, light or dark."""
        self._choice = choice if choice in CHOICES else "system"
        self._look_again()

    def font(self, factor: float = 1.0, *, bold: bool = False) -> QFont:
        """The system's font at this multiple of its size."""
        font = QFont(self._application.font())
        font.setPointSizeF(self.base * factor)
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def moves(self) -> bool:
        """Whether things may move: not when the system asks for less."""
        return bool(self._application.styleHints().useHoverEffects()) and QApplication.isEffectEnabled(Qt.UIEffect.UI_General)

    def _look_again(self) -> None:
        wants_dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        tokens = DARK if self._choice == "dark" or (self._choice == "system" and wants_dark) else LIGHT
        if tokens is self.tokens and self._applied:
            return
        self.tokens, self._applied = tokens, True
        self._application.setPalette(_palette(self.tokens))
        self._application.setStyleSheet(style_sheet(self.tokens, self.base))
        self.changed.emit()


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for name, colour in (
        (role.Window, tokens.background), (role.Base, tokens.card), (role.AlternateBase, tokens.background), (role.Button, tokens.card),
        (role.WindowText, tokens.ink), (role.Text, tokens.ink), (role.ButtonText, tokens.ink), (role.ToolTipBase, tokens.card),
        (role.ToolTipText, tokens.ink), (role.Highlight, tokens.accent), (role.HighlightedText, tokens.on_accent),
        (role.PlaceholderText, tokens.dim), (role.Link, tokens.accent_words), (role.Mid, tokens.line), (role.BrightText, tokens.bad),
    ):  # fmt: skip
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.dim))
    return palette


def style_sheet(t: Tokens, base: float) -> str:
    """The style sheet (resources/theme/style.qss) in these colours, for a font of `base` points."""
    look = "dark" if t.dark else "light"
    chips = "".join(
        f'QLabel[chip="{name}"], QPushButton[chip="{name}"] {{ color: {ink}; background: {ground}; border: none; border-radius: 9px; '
        f"padding: 2px 10px; font-size: {base * SMALL}pt; font-weight: 600; }}\n"
        for name in ("good", "bad", "caution", "accent", "plain")
        for ink, ground in [t.tone(name)]
    )
    sizes = {"small": base * SMALL, "title": base * CARD_TITLE, "big": base * BIG_NAME, "tab": base * 1.05, "segment": base * 0.92}
    pictures = {name: resource(f"theme/{name}-{look}.png").as_posix() for name in ("chevron", "up", "check")}
    colours = {field.name: getattr(t, field.name) for field in fields(t)}
    return Template(resource("theme/style.qss").read_text("utf-8")).substitute(colours | pictures | {"chips": chips} | sizes)
