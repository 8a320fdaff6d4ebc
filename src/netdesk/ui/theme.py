"""The look: colours of the light and the dark theme, sizes from the system's font, the style sheet."""

from dataclasses import dataclass
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
        self.tokens = DARK if self._choice == "dark" or (self._choice == "system" and wants_dark) else LIGHT
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
    """The style sheet for a font of `base` points."""
    small, title, big = base * SMALL, base * CARD_TITLE, base * BIG_NAME
    chips = "".join(
        f'QLabel[chip="{name}"], QPushButton[chip="{name}"] {{ color: {ink}; background: {ground}; border: none; border-radius: 9px; '
        f"padding: 2px 10px; font-size: {small}pt; font-weight: 600; }}"
        for name in ("good", "bad", "caution", "accent", "plain")
        for ink, ground in [t.tone(name)]
    )
    chevron = resource(f"theme/chevron-{'dark' if t.dark else 'light'}.png").as_posix()
    check = resource(f"theme/check-{'dark' if t.dark else 'light'}.png").as_posix()
    return f"""
QWidget {{ color: {t.ink}; }}
QMainWindow, QDialog, QWidget#page {{ background: {t.background}; }}
QWidget#bar {{ background: {t.card}; border-bottom: 1px solid {t.line}; }}
QFrame#card {{ background: {t.card}; border: 1px solid {t.line}; border-radius: 11px; }}
QFrame#note {{ background: {t.background}; border: none; border-left: 3px solid {t.accent}; }}
QFrame#band {{ background: {t.accent_soft}; border: none; border-radius: 8px; }}
QFrame#band QLabel {{ color: {t.accent_words}; }}
QFrame#rule {{ background: {t.line}; max-height: 1px; min-height: 1px; border: none; }}
QFrame#undo {{ background: {t.ink}; border: none; border-radius: 10px; }}
QFrame#undo QLabel {{ color: {t.card}; }}
QFrame#undo QPushButton {{ background: transparent; border: 1px solid {t.dim}; color: {t.card}; }}
QFrame#undo QPushButton:focus {{ border: 2px solid {t.card}; }}
QFrame#notice {{ background: {t.caution_soft}; border: none; border-radius: 8px; }}
QFrame#notice QLabel {{ color: {t.caution}; }}
QFrame#trouble {{ background: {t.bad_soft}; border: none; border-radius: 8px; }}
QFrame#trouble QLabel {{ color: {t.bad}; }}
QLabel {{ background: transparent; }}
QLabel[look="dim"] {{ color: {t.dim}; }}
QLabel[look="small"] {{ color: {t.dim}; font-size: {small}pt; }}
QLabel[look="strong"] {{ font-weight: 600; }}
QLabel[look="title"] {{ font-size: {title}pt; font-weight: 600; }}
QLabel[look="name"] {{ font-size: {big}pt; font-weight: 600; }}
QLabel[look="good"] {{ color: {t.good}; }}
QLabel[look="bad"] {{ color: {t.bad}; }}
QLabel[look="caution"] {{ color: {t.caution}; }}
{chips}
QPushButton {{ background: {t.card}; border: 1px solid {t.line}; border-radius: 8px; padding: 7px 15px; font-weight: 600; }}
QPushButton:hover {{ background: {t.selected}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {t.accent}; padding: 6px 14px; }}
QComboBox:focus {{ border: 2px solid {t.accent}; padding: 5px 11px; }}
QPushButton:disabled {{ color: {t.dim}; background: {t.background}; }}
QPushButton[kind="main"] {{ background: {t.accent}; color: {t.on_accent}; border: 1px solid {t.accent}; }}
QPushButton[kind="main"]:hover {{ background: {t.accent_words}; }}
QPushButton[kind="main"]:focus {{ border: 2px solid {t.ink}; }}
QPushButton[kind="main"]:disabled {{ background: {t.line}; color: {t.dim}; border-color: {t.line}; }}
QPushButton[kind="danger"] {{ color: {t.bad}; }}
QPushButton[kind="quiet"] {{ background: transparent; border: 1px solid transparent; color: {t.dim}; padding: 4px 8px; }}
QPushButton[kind="quiet"]:hover {{ color: {t.ink}; }}
QPushButton[kind="quiet"]:focus {{ border: 2px solid {t.accent}; padding: 3px 7px; }}
QPushButton[kind="link"] {{ background: transparent; border: 1px solid transparent; color: {t.accent_words}; padding: 2px 4px; }}
QPushButton[kind="link"]:focus {{ border: 2px solid {t.accent}; padding: 1px 3px; }}
QPushButton[kind="segment"] {{ background: transparent; border: 1px solid transparent; color: {t.dim}; padding: 5px 3px; font-size: {base * 0.92}pt; }}
QPushButton[kind="segment"]:checked {{ background: {t.accent_soft}; color: {t.accent_words}; }}
QPushButton[kind="segment"]:focus {{ border: 2px solid {t.accent}; padding: 4px 2px; }}
QPushButton[chip="plain"] {{ background: {t.card}; border: 1px solid {t.line}; }}
QPushButton[chip="plain"]:checked {{ background: {t.accent}; color: {t.on_accent}; }}
QPushButton[chip="accent"]:focus, QPushButton[chip="plain"]:focus {{ border: 2px solid {t.accent}; padding: 1px 9px; }}
QPushButton::menu-indicator {{ width: 0; image: none; }}
QComboBox {{ background: {t.card}; border: 1px solid {t.line}; border-radius: 8px; padding: 6px 12px; font-weight: 600; }}
QComboBox[kind="quiet"] {{ background: transparent; border: 1px solid transparent; color: {t.dim}; padding: 2px 4px; font-size: {small}pt; }}
QComboBox[kind="quiet"]:focus {{ border: 2px solid {t.accent}; padding: 1px 3px; }}
QComboBox::drop-down {{ border: none; width: 22px; subcontrol-origin: padding; subcontrol-position: center right; }}
QComboBox::down-arrow {{ image: url("{chevron}"); width: 10px; height: 6px; }}
QComboBox QAbstractItemView {{ background: {t.card}; border: 1px solid {t.line}; selection-background-color: {t.accent_soft};
  selection-color: {t.ink}; outline: none; }}
QLineEdit, QPlainTextEdit, QDateEdit, QSpinBox {{ background: {t.card}; border: 1px solid {t.line}; border-radius: 8px; padding: 6px 10px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QDateEdit:focus, QSpinBox:focus {{ border: 2px solid {t.accent}; padding: 5px 9px; }}
QLineEdit#search {{ background: {t.background}; }}
QTableView {{ background: transparent; border: none; outline: none; }}
QListView, QListWidget, QTreeView {{ background: {t.card}; border: none; outline: none; selection-background-color: {t.accent_soft};
  selection-color: {t.ink}; }}
QListView::item {{ padding: 4px 6px; }}
QListView::item:selected {{ background: {t.accent_soft}; color: {t.ink}; }}
QTableView:focus {{ border: none; }}
QTableView {{ selection-background-color: transparent; }}
QTableView::item, QTableView::item:selected, QTableView::item:hover {{ background: transparent; border: none; }}
QScrollArea {{ background: transparent; border: 2px solid transparent; }}
QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.line}; border-radius: 4px; min-height: 28px; margin: 1px; }}
QScrollBar::handle:vertical:hover {{ background: {t.dim}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; }}
QScrollBar::handle:horizontal {{ background: {t.line}; border-radius: 4px; min-width: 28px; margin: 1px; }}
QTabBar {{ background: transparent; }}
QTabBar::tab {{ background: transparent; border: none; border-bottom: 2px solid transparent; color: {t.dim}; padding: 17px 12px 15px 12px;
  font-size: {base * 1.05}pt; font-weight: 600; }}
QTabBar::tab:selected {{ color: {t.ink}; border-bottom: 2px solid {t.accent}; }}
QTabBar::tab:hover {{ color: {t.ink}; }}
QTabBar:focus::tab:selected {{ color: {t.accent_words}; }}
QSplitter::handle {{ background: transparent; }}
QMenu {{ background: {t.card}; border: 1px solid {t.line}; padding: 4px; }}
QMenu::item {{ padding: 6px 22px; border-radius: 6px; }}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.ink}; }}
QMenu::item:disabled {{ color: {t.dim}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
QToolTip {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.line}; padding: 4px; }}
QProgressBar {{ background: {t.line}; border: none; border-radius: 4px; max-height: 8px; min-height: 8px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 4px; }}
QCheckBox, QRadioButton {{ spacing: 8px; background: transparent; }}
QCheckBox:focus, QRadioButton:focus {{ color: {t.accent_words}; }}
QCheckBox::indicator, QRadioButton::indicator, QMenu::indicator {{ width: 14px; height: 14px; border: 1px solid {t.dim}; border-radius: 4px;
  background: {t.card}; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator:checked, QMenu::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; image: url("{check}"); }}
QRadioButton::indicator:checked {{ background: {t.on_accent}; border: 5px solid {t.accent}; width: 6px; height: 6px; }}
QMenu::indicator {{ margin-left: 6px; }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border-color: {t.accent}; }}
QScrollArea:focus {{ border: 2px solid {t.accent}; border-radius: 8px; }}
QCalendarWidget QWidget {{ background: {t.card}; alternate-background-color: {t.background}; }}
QCalendarWidget QAbstractItemView {{ background: {t.card}; selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QCalendarWidget QAbstractItemView:disabled {{ color: {t.dim}; }}
QCalendarWidget QToolButton {{ background: transparent; border: none; color: {t.ink}; padding: 4px 8px; }}
QCalendarWidget QSpinBox {{ padding: 2px; }}
QTabBar::tab:disabled {{ color: {t.line}; border-bottom: 2px solid transparent; }}
* {{ dialogbuttonbox-buttons-have-icons: 0; }}
"""
