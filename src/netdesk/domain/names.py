"""Remote text made safe to show: control, bidi and zero-width characters out, combining marks and length limited."""

import re
import unicodedata
from typing import Final

NAME_LIMIT: Final = 64
HEADLINE_LIMIT: Final = 160
NOTE_LIMIT: Final = 4_000
ABOUT_LIMIT: Final = 4_000
MARKS_PER_LETTER: Final = 4

_BLANK_LINES: Final = re.compile(r"\n\s*\n\s*\n+")
# Letters that stand by themselves: Latin, Greek, Cyrillic, Japanese, Chinese and Korean without combining marks or anything that cannot be seen.
_LETTERS: Final = re.compile("[\n\t -\u02ff\u0370-\u0482\u048a-\u0590\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff\uac00-\ud7a3]*")
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
_JOINERS: Final = {"\u200c", "\u200d"}  # needed inside Persian, Indic and emoji sequences
_KEPT_IN_NOTES: Final = {"\n", "\t"}
_INVISIBLE: Final = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\u034f", "\u17b4", "\u17b5", "\u180e"}


def _visible(character: str, before: str, *, lines: bool) -> bool:
    if character in _KEPT_IN_NOTES:
        return lines
    if character in _JOINERS:
        return bool(before) and (unicodedata.category(before)[0] in "LMS" or before == "\ufe0f")
    if character in _INVISIBLE:
        return False
    return unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def tame(text: str, limit: int, *, lines: bool = False) -> str:
    """Return `text` fit for one label: at most `limit` characters, marks stacked at most four high, one line unless `lines`.

    Source: UTS #39 and UAX #9 name the characters that disorder a line; they are removed, never shown as boxes.
    """
    head = text[: limit * 8 + 64]
    plain = (head.replace("\n", "").replace("\t", "") if lines else head).isprintable() and _LETTERS.fullmatch(head) is not None
    joined = head if plain else _disarmed(head, lines=lines)  # most of what comes is plain, and costs a tenth of the time
    joined = _BLANK_LINES.sub("\n\n", joined.strip()) if lines else " ".join(joined.split())
    return joined if len(joined) <= limit else joined[: limit - 1].rstrip() + "…"


def _disarmed(text: str, *, lines: bool) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        if not _visible(character, kept[-1] if kept else "", lines=lines):
            if not lines and character in "\n\t\r\v\f\u2028\u2029":
                kept.append(" ")
            continue
        if unicodedata.category(character) in {"Mn", "Me"}:
            marks += 1
        elif character not in _JOINERS:
            marks = 0
        if marks > MARKS_PER_LETTER:
            continue
        kept.append(character)
    return "".join(kept)


def tame_name(text: str) -> str:
    """A person's name for one line, at most 64 characters; may be empty."""
    return tame(text, NAME_LIMIT)


def tame_note(text: str) -> str:
    """A note for a label of several lines, at most 4,000 characters."""
    return tame(text, NOTE_LIMIT, lines=True)


def initials(name: str, address: str) -> str:
    """One or two capital letters for a person without a picture; never empty."""
    words = [word for word in tame_name(name).replace(".", " ").split() if word[0].isalnum()]
    if not words:
        words = [part for part in address.split("@")[0].replace(".", " ").replace("_", " ").split() if part[:1].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()[:2]


def fold(text: str) -> str:
    """`text` for comparing and searching: compatibility form, Latin, Greek and Cyrillic accents off, lower case, one space."""
    if text.isascii():
        return " ".join(text.replace("\0", " ").lower().split())  # most of what comes, and a tenth of the time
    sound = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no letter
    decomposed = unicodedata.normalize("NFKD", sound)
    plain = _ACCENTS.sub("", decomposed)
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().split())
