"""Bluesky's repository (CAR): what the owner wrote herself, so follows and blocks, by DID."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from netdesk.archives.cbor import Malformed, blocks, decoded
from netdesk.archives.container import Entry
from netdesk.archives.dates import instant
from netdesk.archives.parts import Files, given
from netdesk.archives.reading import storable
from netdesk.domain.archive import Archive, ArchivedBlock, ArchivedFollow, Someone, Stamp
from netdesk.domain.errors import Unreadable

_DID: Final = re.compile(r"did:[a-z0-9]{1,20}:[A-Za-z0-9._:%-]{1,250}")
_KINDS: Final = ("app.bsky.graph.follow", "app.bsky.graph.block", "app.bsky.actor.profile")
_LIMIT: Final = 100_000_000
_CHECK_EVERY: Final = 500


class Bluesky:
    """Reads it."""

    network = "bluesky"

    def claims(self, entry: Entry) -> str:
        """See Importer."""
        return "repo" if entry.base.lower().endswith(".car") else ""

    def recognises(self, head: str) -> str:
        """See Importer."""
        return "repo" if "eroots" in head[:40] and "gversion" in head[:120] else ""

    def read(self, files: Files) -> Archive:
        """See Importer."""
        found = Archive(self.network, oddities=files.oddities, exported={"follows out", "blocks"})
        did, name = "", None
        ties: dict[str, dict[str, Stamp | None]] = {"app.bsky.graph.follow": {}, "app.bsky.graph.block": {}}
        for entry in files.of.get("repo", ()):
            for record in _records(entry, files):
                kind = record.get("$type")
                if kind in ties:
                    _keep(ties[kind], record)
                elif kind == "app.bsky.actor.profile":
                    name = given(storable(record["displayName"])) if isinstance(record.get("displayName"), str) else name
                elif kind is None and isinstance(record.get("did"), str) and _DID.fullmatch(record["did"]):
                    did = record["did"]
        found.follows = [ArchivedFollow(Someone(handle=one), "out", since) for one, since in ties["app.bsky.graph.follow"].items()]
        found.blocks = [ArchivedBlock(Someone(handle=one), "block", since) for one, since in ties["app.bsky.graph.block"].items()]
        found.owner = Someone(handle=did, name=name) if did else None
        return found


def _records(entry: Entry, files: Files) -> "list[Mapping[str, Any]]":
    """Every block that is a record or the commit; all are read before one counts: half a repository is none."""
    found: list[Mapping[str, Any]] = []
    try:
        for number, block in enumerate(blocks(entry.whole(files.budget, _LIMIT))):
            if number % _CHECK_EVERY == 0:
                files.budget.check()
            value = decoded(block)
            if isinstance(value, dict) and (value.get("$type") in _KINDS or ("$type" not in value and "did" in value)):
                found.append(value)
    except Malformed as error:
        raise Unreadable("list damaged", detail=entry.base) from error
    return found


def _instant(text: str) -> Stamp | None:
    try:
        at = datetime.fromisoformat(text)
        return instant(at.timestamp()) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _keep(ties: dict[str, Stamp | None], record: Mapping[str, Any]) -> None:
    """Of two records about one DID the earlier counts."""
    subject, at = record.get("subject"), record.get("createdAt")
    if not isinstance(subject, str) or not _DID.fullmatch(subject):
        return
    since = _instant(at) if isinstance(at, str) else None
    before = ties.get(subject)
    if subject not in ties or (since is not None and (before is None or since < before)):
        ties[subject] = since
