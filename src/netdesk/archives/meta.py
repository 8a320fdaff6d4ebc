"""What Facebook's and Instagram's exports have in common: the encoding of their JSON, records of labels, and their pages of HTML."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any, Final

from netdesk.archives.container import CHUNK, Budget, Entry
from netdesk.archives.reading import items, storable
from netdesk.domain.errors import Unreadable

_PAGE_LIMIT: Final = 30_000_000
_DEEPEST: Final = 100
_BLOCKS: Final = 600_000
_LONGEST_TAG: Final = 20_000
_CLOCK: Final = re.compile(r"\d{1,2}[:.]\d{2}")


def repaired(text: str) -> str:
    """The text as it was meant: Meta writes each UTF-8 byte as a character of its own. Text that was written rightly stays as it is."""
    try:
        return storable(text.encode("latin-1").decode("utf-8"))
    except UnicodeError:
        return storable(text)


def text_in(record: Any, key: str) -> str | None:
    """A text of a record, repaired; None when there is none."""
    value = record.get(key) if isinstance(record, Mapping) else None
    return (repaired(value).strip() or None) if isinstance(value, str) else None


def labels(record: Any) -> list[tuple[str, str]]:
    """The label_values of a record as pairs; labels are in the account's language."""
    found = record.get("label_values") if isinstance(record, Mapping) else None
    pairs = []
    for one in found if isinstance(found, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("value", ""), str):
            pairs.append((text_in(one, "label") or "", repaired(one.get("value", "")).strip()))
    return pairs


# HTML


@dataclass(slots=True)
class Block:
    """One element of a page: its classes, the link it is, its own text and the elements in it."""

    tag: str
    classes: frozenset[str] = frozenset()
    link: str = ""
    inside: list["Block | str"] = field(default_factory=list)

    def text(self) -> str:
        """All text in it."""
        found: list[str] = []
        left: list[Block | str] = [self]
        while left:
            one = left.pop()
            if isinstance(one, str):
                found.append(one)
            else:
                left.extend(reversed(one.inside))
        return " ".join(" ".join(found).split())

    def all(self) -> Iterator["Block"]:
        """Itself and every element in it, in order."""
        left = [self]
        while left:
            one = left.pop()
            yield one
            left.extend(inner for inner in reversed(one.inside) if isinstance(inner, Block))


_VOID: Final = frozenset({"img", "br", "meta", "link", "input", "hr", "base", "source", "wbr", "area", "col", "embed", "track"})
_IGNORED: Final = frozenset({"script", "style", "head", "template", "svg", "iframe", "object"})


@lru_cache(maxsize=256)  # a page of thousands of rows has a dozen
def _classes(text: str) -> frozenset[str]:
    return frozenset(text.split())


class _Page(HTMLParser):
    """A page as blocks. Nothing is fetched, run or shown; what scripts and styles say is passed over."""

    def __init__(self, check: Callable[[], None]) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Block("page")
        self._open = [self.root]
        self._ignoring = 0
        self._count = 0
        self._check = check

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._count += 1
        if self._count % 5_000 == 0:
            self._check()
        if self._count > _BLOCKS or len(self._open) > _DEEPEST:
            raise AssertionError("no page of an export")
        if tag in _IGNORED:
            self._ignoring += 1
        if self._ignoring or tag in _VOID:
            return
        given = dict(attrs)
        made = Block(tag, _classes(given.get("class") or ""), given.get("href") or "")
        self._open[-1].inside.append(made)
        self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        if tag in _IGNORED:
            self._ignoring = max(0, self._ignoring - 1)
            return
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        if not self._ignoring and data.strip():
            self._open[-1].inside.append(storable(data.strip()))


def page(entry: Entry, budget: Budget) -> Block:
    """The elements of an HTML page. Raises Unreadable when it is damaged, or built to keep the parser busy."""
    text = entry.whole(budget, _PAGE_LIMIT).decode("utf-8", "replace")
    for part in text.split(">"):  # what is opened and not closed html.parser looks for again and again
        if 0 <= part.find("<") < len(part) - _LONGEST_TAG:
            raise Unreadable("list damaged", detail=entry.base)
    parser = _Page(budget.check)
    try:
        for at in range(0, len(text), CHUNK):
            budget.check()
            parser.feed(text[at : at + CHUNK])
        parser.close()
    except AssertionError as error:  # also html.parser's of some declarations
        raise Unreadable("list damaged", detail=entry.base) from error
    return parser.root


def rows_expected(root: Block) -> bool:
    """Whether a page has times in it, and so rows: one of which none was read is built in a way that nobody has seen."""
    return _CLOCK.search(root.text()) is not None


def records(entry: Entry, budget: Budget) -> Iterator[Any]:
    """The records of a list: bare, under a key, or a single one that is the file itself."""
    single: dict[str, Any] = {}
    for key, value, of_list in items(entry, budget):
        if key in ("label_values", "media", "string_list_data", "media_list_data"):
            single.setdefault(key, [])
            if of_list:
                single[key].append(value)
        elif of_list or isinstance(value, Mapping):
            yield value
        elif key in ("timestamp", "title", "fbid"):
            single[key] = value
    if single:
        yield single
