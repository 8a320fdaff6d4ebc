"""Reading what the owner gives: which networks it is of, by content where names do not say, and what each says."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from netdesk.archives.bluesky import Bluesky
from netdesk.archives.container import Budget, Container, Entry
from netdesk.archives.facebook import Facebook
from netdesk.archives.instagram import Instagram
from netdesk.archives.linkedin import LinkedIn
from netdesk.archives.mastodon import Mastodon
from netdesk.archives.parts import Files, Importer
from netdesk.archives.x import X
from netdesk.domain.archive import Archive
from netdesk.domain.errors import Unreadable

_IMPORTERS: Final[tuple[Importer, ...]] = (LinkedIn(), Facebook(), Instagram(), X(), Mastodon(), Bluesky())
_HEAD: Final = 4_096
_THREADS: Final = "text_post_app_"
_FIRST_KEY: Final = 200
_SNIFFED: Final = 300  # files whose names say nothing that are looked into
_SUPPORT: Final = frozenset({"profile", "privacy", "tweets", "account", "manifest", "protected", "notes", "actor"})  # of themselves no list


def read_archives(paths: Sequence[Path], check: Callable[[], None] = lambda: None) -> list[Archive]:
    """What these files and folders, given together, say: one archive for each network in them.

    `check` is called often and raises what is to end the reading. Raises Unreadable with a sentence when nothing can be read, or when a list
    is damaged: half of one is never taken for the whole.
    """
    budget = Budget(check)
    with Container(paths, budget) as container:
        found = _sorted(container.entries, budget)
        archives = []
        for importer in _IMPORTERS:
            files = found.get(importer.network)
            if files is not None and any(name not in _SUPPORT or name == "actor" for name, entries in files.of.items() if entries):
                archives.append(_read(importer, files))
        if not archives:
            detail = ", ".join(path.name for path in paths)
            pages = [one for one in container.entries if one.base.lower().endswith((".html", ".htm"))]
            raise Unreadable("archive in archive" if container.zips_inside else "page given" if pages else "archive unknown", detail=detail)
        return archives


def _read(importer: Importer, files: Files) -> Archive:
    try:
        return importer.read(files)
    except RecursionError as error:
        raise Unreadable("list damaged", detail=importer.network) from error


def _sorted(entries: Sequence[Entry], budget: Budget) -> dict[str, Files]:
    """Each file to the network and list that it is of.

    Of a file that the owner chose the content counts for more than the name: names are copied and changed. Within an archive the names say it,
    unless they say nothing at all.
    """
    found: dict[str, Files] = {}
    unnamed = []
    for entry in sorted(entries, key=lambda one: _natural(one.name.rpartition(".")[0] or one.name)):
        budget.check()
        claims = [(importer, name) for importer in _IMPORTERS if (name := importer.claims(entry))]
        if entry.given or len(claims) > 1 or (claims and entry.base.lower().endswith(".json")):
            head = _head(entry, budget)
            if _THREADS in head[:_FIRST_KEY]:
                continue  # another network's lists under the same names
            content = _by_content(head)
            if content and not (claims and head.lstrip().startswith("[")):  # a bare list does not say which one it is
                claims = content
        if not claims and not entry.base.lower().endswith((".html", ".htm", ".txt")):
            unnamed.append(entry)
        _put(found, entry, claims, budget)
    if not found:
        for entry in unnamed[:_SNIFFED]:
            _put(found, entry, _by_content(_head(entry, budget)), budget)
    return found


def _put(found: dict[str, Files], entry: Entry, claims: Sequence[tuple[Importer, str]], budget: Budget) -> None:
    for importer, name in claims[:1]:
        found.setdefault(importer.network, Files(budget)).of[name].append(entry)


def _natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """A key by which part 10 comes after part 9."""
    parts: list[tuple[int, str]] = []
    digits = ""
    for character in name:
        if character.isascii() and character.isdigit():
            digits += character
            continue
        if digits:
            parts.append((int(digits[:18]), ""))
            digits = ""
        parts.append((-1, character))
    if digits:
        parts.append((int(digits[:18]), ""))
    return parts, name


def _head(entry: Entry, budget: Budget) -> str:
    """The first characters of a file; nothing of one that is damaged: read in earnest it is said to be."""
    try:
        first = next(iter(entry.chunks(budget)), b"")[:_HEAD]
    except Unreadable:
        return ""
    return first.decode("utf-16" if first[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")


def _by_content(head: str) -> list[tuple[Importer, str]]:
    return [(importer, name) for importer in _IMPORTERS if (name := importer.recognises(head))]
