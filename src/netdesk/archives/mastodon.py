"""Mastodon's exports: CSV files without dates, and the archive's actor.json, which says whose they are. Read for forks as well."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from netdesk.archives.container import Entry
from netdesk.archives.meta import text_in
from netdesk.archives.parts import Files, count_odd, given, read_all, stem_of
from netdesk.archives.reading import cells, document
from netdesk.domain.archive import Archive, ArchivedBlock, ArchivedFollow, Someone

_NAMES: Final = {
    "following_accounts": "following", "follows": "following", "following": "following",
    "followers_accounts": "followers", "followers": "followers",
    "blocked_accounts": "block", "blocks": "block",
    "muted_accounts": "mute", "mutes": "mute",
    "blocked_domains": "domain", "domain_blocks": "domain",
}  # fmt: skip
_HEADER: Final = "account address"
_ADDRESS: Final = re.compile(r"@?([A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_]+)?)@([^\s@/\\<>\"'&=:;,?#()\[\]{}|]{1,253})")
_DOMAIN: Final = re.compile(r"(?!-)[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
_LONGEST: Final = 300


class Mastodon:
    """Reads it."""

    network = "mastodon"

    def claims(self, entry: Entry) -> str:
        """See Importer."""
        if entry.base.lower() == "actor.json":
            return "actor"
        return _NAMES.get(re.sub(r"_?\d+$", "", stem_of(entry)), "") if entry.base.lower().endswith(".csv") else ""

    def recognises(self, head: str) -> str:
        """See Importer."""
        first = head.lstrip().split("\n", 1)[0].lower()
        if first.startswith(_HEADER + ","):
            return "mute" if "hide notifications" in first else "following"
        return "actor" if '"preferredUsername"' in head and "activitystreams" in head else ""

    def read(self, files: Files) -> Archive:
        """See Importer."""
        found = Archive(self.network, oddities=files.oddities)
        for name, way in (("following", "out"), ("followers", "in")):
            found.follows += [ArchivedFollow(who, way) for who in read_all(files, name, _accounts)]
        for kind in ("block", "mute"):
            found.blocks += [ArchivedBlock(who, kind) for who in read_all(files, kind, _accounts)]
        found.blocks += [ArchivedBlock(Someone(handle=one), "domain") for one in read_all(files, "domain", _domains)]
        for name, lists in (
            ("following", "follows out"),
            ("followers", "follows in"),
            ("block", "blocks"),
            ("mute", "blocks"),
            ("domain", "blocks"),
        ):
            if files.has(name):
                found.exported.add(lists)
        for entry in files.of.get("actor", ()):
            actor = document(entry, files.budget)
            if isinstance(actor, dict):
                found.owner = _owner(actor)
                found.privacy |= {
                    key: actor[key] for key in ("manuallyApprovesFollowers", "discoverable") if isinstance(actor.get(key), bool)
                }
        return found


def _first_cells(entry: Entry, files: Files) -> Iterator[str]:
    """The first cell of each row below the header, if there is one."""
    for number, row in enumerate(cells(entry, files.budget)):
        cell = row[0].partition(";")[0].partition("\t")[0].strip() if row else ""  # a spreadsheet may have written either
        if cell and not (number == 0 and cell.lower().lstrip("\ufeff#") in (_HEADER, "account", "domain")):
            yield cell


def address_of(text: str) -> str | None:
    """`user@domain` in lower case; None for anything else."""
    found = _ADDRESS.fullmatch(text) if len(text) <= _LONGEST else None
    return f"{found[1]}@{found[2]}".lower() if found is not None and _DOMAIN.fullmatch(found[2]) else None


def _accounts(entry: Entry, files: Files) -> list[Someone]:
    found = []
    odd = 0
    for cell in _first_cells(entry, files):
        address = address_of(cell)
        if address is None:
            odd += 1
        else:
            found.append(Someone(handle=address))
    count_odd(files, "rows skipped", entry, odd)
    return list(dict.fromkeys(found))


def _domains(entry: Entry, files: Files) -> list[str]:
    found = [cell.lower() for cell in _first_cells(entry, files)]
    good = [one for one in found if len(one) <= _LONGEST and _DOMAIN.fullmatch(one)]
    count_odd(files, "rows skipped", entry, len(found) - len(good))
    return good


def _owner(actor: Mapping[str, Any]) -> Someone | None:
    user = text_in(actor, "preferredUsername")
    number = actor.get("id")
    host = _host_of(number)
    address = address_of(f"{user}@{host}")
    if address is None:
        return None
    url = actor.get("url")
    mine = _host_of(url) == host
    return Someone(handle=address, name=given(text_in(actor, "name")), url=url if mine and isinstance(url, str) else None)


def _host_of(url: object) -> str | None:
    try:
        return urlsplit(url).hostname if isinstance(url, str) and url.startswith("https://") and "\\" not in url else None
    except ValueError:
        return None
