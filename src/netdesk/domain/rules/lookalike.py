"""Look-alikes: names and addresses that the eye takes for another's (UTS #39 skeletons)."""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache

from netdesk.domain.names import fold
from netdesk.paths import resource


@cache
def _confusables() -> Mapping[int, str]:
    table: dict[str, str] = json.loads(resource("unicode/confusables.json").read_text("utf-8"))["map"]
    return str.maketrans(table)


def skeleton(text: str) -> str:
    """The skeleton of `text`: equal for texts that look alike (UTS #39 §4), in whatever case, without accents and spaces.

    Capital I, small l and small i become one: written in capitals or not, a name stays the same, and I is the letter most often put for l.
    """
    decomposed = unicodedata.normalize("NFD", text.replace("\0", "").lower())
    mapped = decomposed.translate(_confusables())
    return fold(unicodedata.normalize("NFD", mapped)).replace(" ", "").replace("i", "l")
