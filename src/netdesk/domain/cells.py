"""Cells of CSV that no spreadsheet takes for a formula, and as they were before."""

from typing import Final

_RUN: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def _would_run(text: str) -> bool:
    """Whether a spreadsheet would run it, also after spaces, or after apostrophes of an earlier guard."""
    bare = text.lstrip("'")
    return bare.startswith(_RUN) or bare.lstrip().startswith(_RUN)


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it."""
    return f"'{text}" if _would_run(text) else text


def unguarded(text: str) -> str:
    """The reverse of `guarded`."""
    return text[1:] if text.startswith("'") and _would_run(text[1:]) else text
