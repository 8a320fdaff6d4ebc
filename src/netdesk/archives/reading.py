"""Lists as exports write them: JSON and JSON in a script, taken item by item, and CSV with its header found by its cells."""

import codecs
import csv
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from netdesk.archives.container import Budget, Entry
from netdesk.domain.cells import unguarded
from netdesk.domain.errors import Unreadable

ROWS: Final = 400_000  # of one list
_ITEM_LIMIT: Final = 6_000_000  # characters of one item
_HEAD: Final = 40  # lines in which a header is looked for
_CHECK_EVERY: Final = 500
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_LONE_RETURN: Final = re.compile(r"\r(?!\n|$)")
_RETURN: Final = "\ue00d"  # stands for one within a cell, where csv refuses it
_DELIMITERS: Final = ",;\t"
csv.field_size_limit(8_000_000)


def storable(text: str) -> str:
    """The text without what cannot be kept: halves of surrogate pairs and NUL."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "")


def _integer(text: str) -> int | None:
    return int(text) if len(text) <= 20 else None  # Python refuses thousands of digits, and no time or count has so many


_DECODER: Final = json.JSONDecoder(parse_int=_integer)


class _Text:
    """A text that is decoded as it is needed."""

    def __init__(self, entry: Entry, budget: Budget) -> None:
        self._chunks = _decoded(entry, budget)
        self.name = entry.base
        self._over = False
        self.text = ""
        self.at = 0

    def damaged(self) -> Unreadable:
        return Unreadable("list damaged", detail=self.name)

    def _more(self) -> bool:
        """Append as much as is there, so that what is long is not looked at from its beginning for each piece."""
        wanted, parts = max(len(self.text) - self.at, 1), [self.text[self.at :]]
        self.at = 0
        while wanted > 0 and not self._over:
            part = next(self._chunks, None)
            self._over = part is None
            parts.append(part or "")
            wanted -= len(part or "")
        self.text = "".join(parts)
        return len(parts) > 1 and not (self._over and len(parts) == 2)

    def peek(self) -> str:
        """The next character that is no space, not taken; empty at the end."""
        while True:
            self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr] # matches always
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def take(self, wanted: str) -> None:
        """Take this character, which must be next."""
        if self.peek() != wanted:
            raise self.damaged()
        self.at += 1

    def past(self, mark: str) -> None:
        """Take all up to and with this mark, which must come soon."""
        self.peek()
        found = self.text.find(mark, self.at, self.at + 1_000)
        if found < 0:
            raise self.damaged()
        self.at = found + len(mark)

    def value(self) -> Any:
        """Take one value."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
                length = end - self.at
                if end < len(self.text) or self.text[-1] in '"]}' or not self._more():  # a number may go on
                    self.at += length
                    return value
            except RecursionError:
                raise self.damaged() from None
            except ValueError:
                if len(self.text) - self.at > _ITEM_LIMIT // 2 or not self._more():
                    raise self.damaged() from None


def _decoded(entry: Entry, budget: Budget) -> Iterator[str]:
    chunks = entry.chunks(budget)
    first = next(chunks, b"")
    decoder = codecs.getincrementaldecoder(_encoding(first))("strict")
    try:
        for chunk in itertools.chain((first,), chunks):
            if text := decoder.decode(chunk):
                yield text
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Unreadable("list damaged", detail=entry.base) from error


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def items(entry: Entry, budget: Budget, *, script: bool = False) -> Iterator[tuple[str, Any, bool]]:
    """The content of a JSON file piece by piece: the key (empty in a bare list), a value, and whether it is an item of a list.

    For each list there is first one piece with no value, so that an empty one is known to be there. With `script` what stands before the first
    `=` is passed over (`window.YTD.follower.part0 = [`) and nothing is evaluated. Raises Unreadable when it is damaged: half a list is none.
    """
    text = _Text(entry, budget)
    if script:
        text.past("=")
    match text.peek():
        case "[":
            yield from _list(text, "", budget)
        case "{":
            yield from _object(text, budget)
        case _:
            raise text.damaged()
    if script and text.peek() == ";":
        text.take(";")
    if text.peek():
        raise text.damaged()


def _list(text: _Text, key: str, budget: Budget) -> Iterator[tuple[str, Any, bool]]:
    text.take("[")
    yield key, None, False
    if text.peek() == "]":
        text.take("]")
        return
    for number in itertools.count():
        if number >= ROWS:
            raise Unreadable("list too long", detail=text.name)
        if number % _CHECK_EVERY == 0:
            budget.check()
        yield key, text.value(), True
        if text.peek() == "]":
            text.take("]")
            return
        text.take(",")


def _object(text: _Text, budget: Budget) -> Iterator[tuple[str, Any, bool]]:
    text.take("{")
    if text.peek() == "}":
        text.take("}")
        return
    while True:
        if text.peek() != '"':
            raise text.damaged()
        key = text.value()
        text.take(":")
        if text.peek() == "[":
            yield from _list(text, key, budget)
        else:
            yield key, text.value(), False
        if text.peek() == "}":
            text.take("}")
            return
        text.take(",")


def document(entry: Entry, budget: Budget, *, script: bool = False) -> Any:
    """A small JSON file as a whole."""
    kept: dict[str, Any] = {}
    for key, value, of_list in items(entry, budget, script=script):
        if of_list:
            kept[key].append(value)
        else:
            kept[key] = [] if value is None else value
    return kept[""] if kept.keys() == {""} else kept


# CSV


class _Stream(io.RawIOBase):
    """Chunks as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _lines(entry: Entry, budget: Budget) -> Iterator[str]:
    """Lines with their ends, which may stand within a cell. Bytes that are no text are replaced: a spreadsheet may have written them."""
    chunks = entry.chunks(budget)
    first = next(chunks, b"")
    source = io.BufferedReader(_Stream(itertools.chain((first,), chunks)))
    with io.TextIOWrapper(source, encoding=_encoding(first), errors="replace", newline="\n" if b"\n" in first else "") as text:
        while line := text.readline(_ITEM_LIMIT):
            if len(line) >= _ITEM_LIMIT:
                raise Unreadable("list damaged", detail=entry.base)
            yield _LONE_RETURN.sub(_RETURN, line) if "\r" in line else line


class _Watched:
    """Lines as a CSV reader takes them; remembers whether a quote is open."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.quotes = 0

    def __iter__(self) -> "_Watched":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.quotes += line.count('"')
        return line


def cells(entry: Entry, budget: Budget, delimiter: str = ",", lines: Iterable[str] | None = None) -> Iterator[list[str]]:
    """Rows of a CSV (RFC 4180). Raises Unreadable when a quote is never closed: the rest of the file would be one cell."""
    watched = _Watched(lines if lines is not None else _lines(entry, budget))
    reader = csv.reader(watched, delimiter=delimiter)
    number = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable("list damaged", detail=entry.base) from error
        if watched.quotes % 2:
            raise Unreadable("list damaged", detail=entry.base)
        watched.quotes = 0
        number += 1
        if number > ROWS:
            raise Unreadable("list too long", detail=entry.base)
        if number % _CHECK_EVERY == 0:
            budget.check()
        yield [storable(cell.replace(_RETURN, "\r")) for cell in row]


def header_of(row: Sequence[str]) -> list[str]:
    """Cells as names of columns are compared."""
    return [cell.strip().lower() for cell in row]


def table(entry: Entry, budget: Budget, needed: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """Rows of a CSV by the lower-case names of their columns; the header is the first line that has all that are needed.

    Cells that a row lacks are empty, cells beyond the header are passed over. Raises Unreadable with the names of columns that are missing.
    """
    lines = _lines(entry, budget)
    head = list(itertools.islice(lines, _HEAD))
    for delimiter in _DELIMITERS:
        try:
            found = next((row for row in cells(entry, budget, delimiter, iter(head)) if set(needed) <= set(header_of(row))), None)
        except Unreadable:  # a cell that is open at the end of the head
            single = (next(iter(csv.reader([line], delimiter=delimiter)), []) for line in head)
            found = next((row for row in single if set(needed) <= set(header_of(row))), None)
        if found is not None:
            yield from _below(entry, budget, delimiter, itertools.chain(head, lines), header_of(found))
            return
    raise Unreadable("columns missing", detail=f"{entry.base}: {', '.join(name.title() for name in needed)}")


def _below(entry: Entry, budget: Budget, delimiter: str, lines: Iterable[str], header: list[str]) -> Iterator[Mapping[str, str]]:
    begun, width = False, len(header)
    for row in cells(entry, budget, delimiter, lines):
        if row and row[0].strip().lower() == header[0] and header_of(row) == header:
            begun = True
        elif begun and any(row):
            cut = (cell.strip() for cell in row[:width])
            kept = [unguarded(cell) if cell[:1] == "'" else cell for cell in cut]
            yield dict(zip(header, kept + [""] * (width - len(kept)), strict=True))
