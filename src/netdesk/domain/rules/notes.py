"""Notes: when two are the same, when one is generic, what stands in it."""

import functools
import re
import zlib
from typing import Final

from rapidfuzz import fuzz

from netdesk.domain.names import fold
from netdesk.domain.rules.numbers import SAME_NOTE_LENGTH, SAME_NOTE_RATIO

_WORD: Final = re.compile(r"\w+")
_LINK: Final = re.compile(
    r"\b(?:https?://|www\.)\S+|(?<![a-z0-9-])[a-z0-9-]{2,63}\.(?:com|net|org|io|me|info|biz|shop|top|xyz|club|ru|cn|site|online)\b(?:/\S*)?",
    re.I,
)
_SHORTENER: Final = re.compile(
    r"\b(?:bit\.ly|t\.me|tinyurl\.com|goo\.gl|is\.gd|t\.co|ow\.ly|cutt\.ly|rb\.gy|wa\.me|shorturl\.at|rebrand\.ly)\b", re.I
)
_PHONE: Final = re.compile(r"(?<![\w.])(?!\d{4}-\d\d-\d\d(?!\d))\+?\d(?:[\s().-]?\d){7,14}(?!\w)")
_PRIZE: Final = re.compile(
    r"\b(?:crypto\w*|bitcoin|btc|usdt|forex|binary options?|investment opportunity|guaranteed (?:profit|return|income)s?|big profits?|"
    r"passive income|double your money|lottery|prize|winner|you (?:have )?won|giveaway|inheritance|next of kin|gift ?card|casino|airdrop|"
    r"nft drop|whatsapp me|telegram me|hello dear|dear friend|million (?:dollars|usd|euros?))\b",
    re.I,
)
_GENERIC: Final = frozenset(
    fold(text)
    for text in (
        "hi", "hello", "hey", "hi there", "let's connect", "lets connect", "please add me", "add me", "please accept", "accept me",
        "i'd like to connect", "i would like to connect", "i'd like to add you to my network",
        "i'd like to add you to my professional network", "i would like to join your network", "let's stay in touch",
        "hi, let's connect", "hello, let's connect", "nice to meet you", "connect", "can we connect", "can we be friends",
        "i want to connect with you", "let's be friends", "hope you are well",
    )
)  # fmt: skip


@functools.lru_cache(maxsize=512)
def words_of(note: str) -> str:
    """The words of a note, folded, with one space between: what two notes are compared by."""
    return " ".join(_WORD.findall(fold(note)))


_STOCK: Final = frozenset(words_of(text) for text in _GENERIC)


def is_generic(note: str) -> bool:
    """Whether a note says nothing about the two people: a stock phrase, with or without a greeting and a name."""
    plain = words_of(note)
    if not plain:
        return False
    if plain in _STOCK:
        return True
    return len(plain) < 60 and any(fuzz.ratio(plain, text) >= 85 for text in _STOCK if len(text) > 8)


def long_enough(note: str) -> bool:
    """Whether a note is long enough to be recognised again."""
    return len(words_of(note)) >= SAME_NOTE_LENGTH


def same_note(one: str, other: str) -> bool:
    """Whether two notes are the same but for a name or a few letters; short ones must be equal."""
    first, second = words_of(one), words_of(other)
    if not first or not second:
        return bool(one.strip()) and one.strip() == other.strip()  # a note without words: signs, emoji
    return same_words(first, second)


def same_words(first: str, second: str) -> bool:
    """Whether two notes are the same, given their words (`words_of`)."""
    if min(len(first), len(second)) < SAME_NOTE_LENGTH:
        return first == second
    return fuzz.ratio(first, second, score_cutoff=SAME_NOTE_RATIO) >= SAME_NOTE_RATIO


@functools.lru_cache(maxsize=1_024)  # of one batch they are asked for twice
def fingerprints(note: str) -> tuple[int, ...]:
    """The 8 smallest CRC-32 of the three-word shingles of a note: notes that share some are worth comparing."""
    words = words_of(note).split()
    shingles = {" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))} if words else set()
    return tuple(sorted(zlib.crc32(one.encode()) for one in shingles)[:8])


def has_shortener(note: str) -> bool:
    """Whether a link shortener or a messenger's invitation link stands in the note."""
    return bool(_SHORTENER.search(note))


def has_link(note: str) -> bool:
    """Whether any link stands in the note."""
    return bool(_LINK.search(note))


def has_phone_number(note: str) -> bool:
    """Whether something like a telephone number stands in the note (8 to 15 digits, ITU-T E.164)."""
    return bool(_PHONE.search(note))


def has_prize_words(note: str) -> bool:
    """Whether the note speaks of quick money, prizes or crypto."""
    return bool(_PRIZE.search(fold(note)))


def mentions(note: str, name: str) -> bool:
    """Whether the note names somebody: the whole name, or a first name of at least three letters as a word of its own."""
    plain, whole = words_of(note), words_of(name)
    if not plain or not whole:
        return False
    padded = f" {plain} "
    first = whole.split()[0]
    return f" {whole} " in padded or (len(first) >= 3 and f" {first} " in padded) or (not whole.isascii() and whole in plain)
