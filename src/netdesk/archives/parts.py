"""What every importer needs: its files by list, parts of one list put together, people with only what is theirs."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import unquote, urlsplit

from netdesk.archives.container import Budget, Entry
from netdesk.domain.archive import Archive, Oddity

T = TypeVar("T")
_COPY: Final = re.compile(r"\s*\(\d+\)$|\s*-\s*copy$|\s*copy$", re.I)
_NAME_LIMIT: Final = 2_000
_HOST: Final = re.compile(r"[a-z0-9.-]+")


@dataclass(slots=True)
class Files:
    """The files of one network in what was given, by list; `budget` for reading them; `oddities` gathers what the owner should know."""

    budget: Budget
    of: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    oddities: list[Oddity] = field(default_factory=list)

    def has(self, *lists: str) -> bool:
        """Whether one of these lists is there."""
        return any(self.of.get(one) for one in lists)

    def odd(self, kind: str, file: str = "", count: int = 0) -> None:
        """Note something odd; rows of one file and kind are counted together."""
        self.oddities.append(Oddity(kind, file, count))


class Importer(Protocol):
    """One network's."""

    network: str

    def claims(self, entry: Entry) -> str:
        """Which of its lists this file is, by name and folder; empty when none."""

    def recognises(self, head: str) -> str:
        """Which of its lists this file is, by the first characters of its content; empty when none."""

    def read(self, files: Files) -> Archive:
        """All that the files say."""


def stem_of(entry: Entry) -> str:
    """The file's name without its ending, what copying adds to it, and everything but letters, digits and `_`; in lower case."""
    stem = _COPY.sub("", entry.base.rpartition(".")[0] or entry.base)
    return re.sub(r"[^a-z0-9_]", "", stem.lower().replace(" ", "_").replace("-", "_"))


def squeezed(entry: Entry) -> str:
    """The same without `_` and a number at the end: parts of one list have one name."""
    return stem_of(entry).replace("_", "").rstrip("0123456789")


def together(lists: Iterable[Sequence[T]]) -> list[T]:
    """Rows of several files of one list. What a later file repeats of the earlier ones is one row; what one file has twice are two."""
    parts = list(lists)
    if len(parts) == 1:
        return list(parts[0])
    found: list[T] = []
    seen: Counter[T] = Counter()
    for part in parts:
        mine: Counter[T] = Counter()
        for row in part:
            mine[row] += 1
            if mine[row] > seen[row]:
                found.append(row)
        seen |= mine
    return found


def given(text: str | None) -> str | None:
    """A cell or name as it is kept: None when there is nothing in it."""
    text = (text or "").strip()[:_NAME_LIMIT]
    return text or None


def on_site(url: str | None, *hosts: str) -> str | None:
    """The link when it leads to one of these hosts or below them, over http(s), with no user and no port; else None."""
    text = (url or "").strip()
    if not text.isprintable() or " " in text or "\\" in text:
        return None
    if text.startswith(f"https://www.{hosts[0]}/"):
        return text
    try:
        parts = urlsplit(text)
        host, user, port = parts.hostname or "", parts.username, parts.port
    except ValueError:
        return None
    mine = _HOST.fullmatch(host) and any(host == one or host.endswith("." + one) for one in hosts)
    return text if parts.scheme in ("http", "https") and mine and user is None and port is None else None


def path_of(url: str) -> list[str]:
    """The parts of the path of a link with scheme and host, percent-decoded."""
    bare = url.partition("#")[0].partition("?")[0]
    return [unquote(part) if "%" in part else part for part in bare.split("/")[3:] if part]


def count_odd(files: Files, kind: str, entry: Entry, odd: int) -> None:
    """Note so many rows of a file that could not be used."""
    if odd:
        files.odd(kind, entry.base, odd)


def usable(entry: Entry, files: Files, records: Iterable[Any], read: Callable[[Any], T | None]) -> list[T]:
    """What `read` makes of each record of a file; how many it makes nothing of is noted."""
    made = [read(record) for record in records]
    found = [one for one in made if one is not None]
    count_odd(files, "rows skipped", entry, len(made) - len(found))
    return found


Reader = Callable[[Entry, Files], list[T]]


def read_all(files: Files, name: str, reader: Reader[T]) -> list[T]:
    """The rows of every file of a list."""
    return together(reader(entry, files) for entry in files.of.get(name, ()))
