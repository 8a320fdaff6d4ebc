"""Dates as exports write them, in the account's language and without a zone."""

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from netdesk.domain.archive import Stamp

# Beginnings of the months' names, without accents: enough to tell them apart in each language, the commoner language first.
_MONTHS: Final = tuple(
    text.split()
    for text in (
        "jan feb mar apr may jun jul aug sep oct nov dec",  # English
        "jan feb mar apr mai jun jul aug sep okt nov dez",  # German
        "ene feb mar abr may jun jul ago sep oct nov dic",  # Spanish
        "janv fev mars avr mai juin juil aout sept oct nov dec",  # French
        "jan fev mar abr mai jun jul ago set out nov dez",  # Portuguese
        "gen feb mar apr mag giu lug ago set ott nov dic",  # Italian
        "jan feb maa/mrt apr mei jun jul aug sep okt nov dec",  # Dutch
        "jan feb mar apr maj jun jul aug sep okt nov dec",  # Swedish, Danish
        "jan feb mar apr mai jun jul aug sep okt nov des",  # Norwegian
        "sty lut mar kwi maj cze lip/lipc/lipi sie wrz paz lis gru",  # Polish
        "led uno bre dub kve cerven/cervna/cvn cervenec/cervence/cvc srp zar rij lis pro",  # Czech
        "sij velj ozu tra svi lip srp kol ruj lis stu pro",  # Croatian
        "oca sub mar nis may haz tem agu eyl eki kas ara",  # Turkish
        "jan feb mar apr mei jun jul agu sep okt nov des",  # Indonesian
        "ian feb mar apr mai iun iul aug sep oct noi/nov dec",  # Romanian
        "januar februar marc april majus junius julius augusztus szept okt nov dec",  # Hungarian
        "tammi helmi maalis huhti touko kesa heina elo syys loka marras joulu",  # Finnish
        "янв фев мар апр мая июн июл авг сен окт ноя дек",  # Russian
        "січ лют бер кві тра чер лип сер вер жов лис гру",  # Ukrainian
        "ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ",  # Greek
        "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",  # Arabic
    )
)
_TIME: Final = re.compile(r"(?<![\d:])(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?![\d:])")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?(?:\.\d+)?\s*(Z|UTC|\+00:?00)?")
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp]\.?[Mm]\.?)?)?")
_EAST: Final = re.compile(r"(?:(\d{4})\s*[年년]\s*)?(\d{1,2})\s*[月월]\s*(\d{1,2})")
# Halves of the day, the longer first; in letters that are written together with the time also where no space is.
_LATE: Final = ("p.m.", "p.m", "pm", "午後", "下午", "晚上", "傍晚", "오후", "μμ", "μ.μ.", "م", "ös", "nachm.", "em", "chiều", "tối")
_EARLY: Final = ("a.m.", "a.m", "am", "午前", "上午", "凌晨", "早上", "오전", "πμ", "π.μ.", "ص", "öö", "vorm.", "fm", "sáng")
_FILLER: Final = frozenset(
    [
        "de",
        "del",
        "of",
        "at",
        "um",
        "uhr",
        "à",
        "às",
        "a",
        "las",
        "les",
        "klo",
        "kl",
        "kl.",
        "г",
        "г.",
        "о",
        "в",
        "h",
        "og",
        "och",
        "den",
        "die",
        "der",
        "le",
        "il",
        "el",
        "the",
        "ore",
        "alle",
        "om",
        "på",
        "и",
        "y",
        "e",
        "og",
        "u",
        "utc",
        "gmt",
        "v",
        "dne",
        "ob",
    ]
)
_SPACED: Final = re.compile(r"(?<![^\W\d_])([apμπ])\.?\s?([mμ])\.?(?![^\W\d_])", re.I)
_WORD: Final = re.compile(r"[^\W\d_]{2,}\.?")
_WEEKDAY: Final = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|mie|jue|vie|sab|dom|seg|ter|qua|qui|sex|montag|dienst|mittw|donner|freitag|sonn)|"
    r"(?:mo|di|mi|do|fr|sa|so)\.?$"
)
_LONGEST: Final = 80


def instant(seconds: object) -> Stamp | None:
    """An instant from Unix seconds; None when it is none: 0 is how Meta writes unknown, and years beyond 2100 are not exported."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 4_102_444_800:
        return None
    return Stamp(datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


@lru_cache(maxsize=8_192)  # of thirty thousand rows many are of one day
def stamp(text: str, *, month_first: bool = True) -> Stamp | None:
    """A time as it was written: with a zone an instant, with a time a wall clock, else a date; None when it cannot be read.

    `month_first` is how 1/3/24 is meant. Nothing is guessed: what could be two things is none.
    """
    text = unicodedata.normalize("NFKC", text.strip()).replace("\u202f", " ")
    if not text or len(text) > _LONGEST:
        return None
    try:
        return _iso(text) or (_slashed(text) if month_first else None) or _in_words(text)
    except ValueError:
        return None


def _iso(text: str) -> Stamp | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    if hour is None:
        return Stamp(date(int(year), int(month), int(day)).isoformat())
    at = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))  # noqa: DTZ001 - as it was written
    return Stamp(at.isoformat() + ("Z" if zone else ""))


def _slashed(text: str) -> Stamp | None:
    found = _SLASHED.fullmatch(text)
    if found is None:
        return None
    month, day, year, hour, minute, second, half = found.groups()
    whole = _full_year(int(year)) if len(year) == 2 else int(year)
    if hour is None:
        if int(month) <= 12 and int(day) <= 12 and month != day:
            return None  # a spreadsheet's: it may be either
        if int(month) > 12:
            month, day = day, month
        return Stamp(date(whole, int(month), int(day)).isoformat())
    at = _clock(int(hour), half[0].lower() == "p" if half else None)
    return Stamp(datetime(whole, int(month), int(day), at, int(minute), int(second or 0)).isoformat())  # noqa: DTZ001 - as it was written


def _clock(hour: int, afternoon: bool | None) -> int:
    if afternoon is None:
        return hour
    if not 0 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if afternoon else 0)


def _half(rest: str) -> tuple[bool | None, str]:
    """Which half of the day is said, and the text without it."""
    rest = _SPACED.sub(lambda found: f" {found[1]}{found[2]} ", rest)
    for late, words in ((True, _LATE), (False, _EARLY)):
        for word in words:
            standing = [one for one in rest.split() if one.casefold().strip(",") == word]
            if standing or (word[0] > "\u2e80" and word in rest):
                return late, rest.replace(standing[0] if standing else word, " ", 1)
    return None, rest


def _in_words(text: str) -> Stamp | None:
    """`Mar 03, 2024 9:15:00 pm`, `14. März 2019, 08:05`, `1月 19, 2026 6:46:46 PM`, `4-Apr-21`. Beside words that nobody knows a time before one
    o'clock in the afternoon is left out: it may be either."""
    clock = _TIME.search(text)
    rest = text[: clock.start()] + " " + text[clock.end() :] if clock is not None else text
    afternoon, rest = _half(rest)
    eastern = _EAST.search(rest)
    words = [word for word in _WORD.findall(rest) if word.casefold() not in _FILLER]
    if eastern is not None:
        month, day = int(eastern[2]), int(eastern[3])
        years = [eastern[1]] if eastern[1] else re.findall(r"\d{4}", rest[: eastern.start()] + rest[eastern.end() :])
        words = []
    else:
        found = {number for word in words if (number := _month(word))}
        days = re.findall(r"(?<!\d)\d{1,2}(?!\d)", rest)
        years = re.findall(r"(?<!\d)\d{4}(?!\d)", rest)
        if not years and len(days) == 2:
            years = [str(_full_year(int(days.pop())))]  # a spreadsheet's 4-Apr-21
        if len(found) != 1 or len(days) != 1:
            return None
        month, day = found.pop(), int(days[0])
    if len(years) != 1:
        return None
    whole = date(int(years[0]), month, day)
    unknown = any(not _month(word) and not _WEEKDAY.match(word.casefold()) for word in words)
    if clock is None or (unknown and afternoon is None and int(clock[1]) <= 12):
        return Stamp(whole.isoformat())
    at = datetime(whole.year, month, day, _clock(int(clock[1]), afternoon), int(clock[2]), int(clock[3] or 0))  # noqa: DTZ001 - as written
    return Stamp(at.isoformat() + ("Z" if re.search(r"\b(?:UTC|GMT)\b", text) else ""))


def _full_year(short: int) -> int:
    return 2_000 + short if short < 70 else 1_900 + short


@lru_cache(maxsize=512)
def _month(word: str) -> int:
    """The month that a word names; 0 when none, and when two languages mean different ones by it."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower().rstrip(".")) if not unicodedata.combining(c))
    best: dict[float, set[int]] = {}
    for months in _MONTHS:
        for number, names in enumerate(months, 1):
            for name in names.split("/"):
                if plain.startswith(name):
                    best.setdefault(len(name), set()).add(number)
                elif len(plain) >= 3 and name.startswith(plain):
                    best.setdefault(len(plain) - 0.5, set()).add(number)
    found = best[max(best)] if best else set()
    return found.pop() if len(found) == 1 else 0
