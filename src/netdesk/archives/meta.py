"""What Facebook's and Instagram's exports have in common: the encoding of their JSON, records of labels, and their pages of HTML."""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any, Final

from netdesk.archives.container import Budget, Entry
from netdesk.archives.reading import storable
from netdesk.domain.errors import Unreadable

_PAGE_LIMIT: Final = 30_000_000
_DEEPEST: Final = 400


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
    """One element of a page: its classes, the link it is, its text and what is in it."""

    tag: str
    classes: frozenset[str] = frozenset()
    link: str = ""
    inside: list["Block | str"] = field(default_factory=list)

    def texts(self) -> Iterator[str]:
        """Every piece of text in it, in order."""
        for one in self.inside:
            if isinstance(one, str):
                yield one
            else:
                yield from one.texts()

    def text(self) -> str:
        """All of its text."""
        return " ".join(" ".join(self.texts()).split())

    def all(self) -> Iterator["Block"]:
        """Itself and every element in it, in order."""
        yield self
        for one in self.inside:
            if isinstance(one, Block):
                yield from one.all()

    def with_class(self, *names: str) -> list["Block"]:
        """The elements in it that have one of these classes."""
        return [one for one in self.all() if one.classes & set(names)]


_VOID: Final = frozenset({"img", "br", "meta", "link", "input", "hr", "base", "source", "wbr", "area", "col", "embed", "track"})
_IGNORED: Final = frozenset({"script", "style", "head", "template", "svg", "iframe", "object"})


@lru_cache(maxsize=256)  # a page of thousands of rows has a dozen
def _classes(text: str) -> frozenset[str]:
    return frozenset(text.split())


class _Page(HTMLParser):
    """A page as blocks. Nothing is fetched, run or shown; what scripts and styles say is passed over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Block("page")
        self._open = [self.root]
        self._ignoring = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _IGNORED:
            self._ignoring += 1
        if self._ignoring or tag in _VOID:
            return
        given = dict(attrs)
        made = Block(tag, _classes(given.get("class") or ""), given.get("href") or "")
        self._open[-1].inside.append(made)
        if len(self._open) < _DEEPEST:
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
    """The elements of an HTML page. Raises Unreadable when it is damaged."""
    parser = _Page()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    read = 0
    try:
        for chunk in entry.chunks(budget):
            read += len(chunk)
            if read > _PAGE_LIMIT:
                raise Unreadable("archive too large", detail=entry.base)
            parser.feed(decoder.decode(chunk))
        parser.close()
    except AssertionError as error:  # html.parser of some declarations
        raise Unreadable("list damaged", detail=entry.base) from error
    return parser.root
