"""X's export: lists in JavaScript files, which are parsed as JSON and never run. People are numbers; names only where the owner's posts tell."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from netdesk.archives.container import Entry
from netdesk.archives.parts import Files, count_odd, given, read_all
from netdesk.archives.reading import items, storable
from netdesk.domain.archive import Archive, ArchivedBlock, ArchivedFollow, Someone, Stamp
from netdesk.domain.errors import Unreadable

_FILE: Final = re.compile(
    r"(follower|following|block|mute|account|profile|protected-history|tweets?|manifest)(?:-part\d+)?(?: ?\(\d+\))?\.js", re.I
)
_GLOBAL: Final = re.compile(r"window\.YTD\.(follower|following|block|mute|account|profile|protected_history|tweets?)\.part\d+\s*=")
_WRAPPER: Final = {"follower": "follower", "following": "following", "block": "blocking", "mute": "muting"}
_ID: Final = re.compile(r"[0-9]{1,20}")
_HANDLE: Final = re.compile(r"[A-Za-z0-9_]{1,15}")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


class X:
    """Reads it."""

    network = "x"

    def claims(self, entry: Entry) -> str:
        """See Importer."""
        found = _FILE.fullmatch(entry.base)
        name = found[1].lower() if found is not None else ""
        return {"tweet": "tweets", "protected-history": "protected"}.get(name, name)

    def recognises(self, head: str) -> str:
        """See Importer."""
        found = _GLOBAL.match(head.lstrip())
        name = found[1] if found is not None else ""
        return {"tweet": "tweets", "protected_history": "protected"}.get(name, name)

    def read(self, files: Files) -> Archive:
        """See Importer."""
        found = Archive(self.network, oddities=files.oddities)
        of = {name: read_all(files, name, lambda entry, files, name=name: _ids(entry, files, name)) for name in _WRAPPER}  # type: ignore[misc]
        known = _names(files, {one for ids in of.values() for one in ids})
        people = {one: _someone(one, *known.get(one, (None, None))) for ids in of.values() for one in ids}
        found.follows = [ArchivedFollow(people[one], "out") for one in of["following"]]
        found.follows += [ArchivedFollow(people[one], "in") for one in of["follower"]]
        found.blocks = [ArchivedBlock(people[one], kind) for kind in ("block", "mute") for one in of[kind]]
        for name, lists in (("following", "follows out"), ("follower", "follows in"), ("block", "blocks"), ("mute", "blocks")):
            if files.has(name):
                found.exported.add(lists)
        found.owner = _owner(files)
        changes = [_change(value) for value in _unwrapped(files, "protected", "protectedHistory")]
        if changes:
            found.privacy["protected_history"] = [one for one in changes if one]
        _compare_with_manifest(files, found)
        return found


def _someone(number: str, handle: str | None = None, name: str | None = None) -> Someone:
    """Links are made of the number, never taken from the file."""
    return Someone(id=number, handle=handle, name=name, url=f"https://x.com/i/user/{number}")


def _ids(entry: Entry, files: Files, name: str) -> list[str]:
    found = []
    odd = 0
    for _, value, of_list in items(entry, files.budget, script=True):
        if not of_list:
            continue
        inside = value.get(_WRAPPER[name]) if isinstance(value, Mapping) else None
        number = inside.get("accountId") if isinstance(inside, Mapping) else None
        if isinstance(number, str) and _ID.fullmatch(number):
            found.append(number)
        else:
            odd += 1
    count_odd(files, "rows skipped", entry, odd)
    return found


def _names(files: Files, wanted: set[str]) -> dict[str, tuple[str | None, str | None]]:
    """Handles and names of those of these numbers whom the owner's posts mention. A damaged file of posts costs names, nothing else."""
    found: dict[str, tuple[str | None, str | None]] = {}
    for entry in files.of.get("tweets", ()):
        try:
            for _, value, of_list in items(entry, files.budget, script=True):
                for number, handle, name in _mentions(value) if of_list else ():
                    if number in wanted:
                        before = found.get(number, (None, None))
                        found[number] = (handle or before[0], name or before[1])
        except Unreadable as error:
            files.odd("names not read" if error.reason != "archive too large" else "names too many", entry.base)
    return found


def _mentions(value: Any) -> Iterator[tuple[str, str | None, str | None]]:
    tweet = value.get("tweet", value) if isinstance(value, Mapping) else None
    if not isinstance(tweet, Mapping):
        return
    yield _text(tweet.get("in_reply_to_user_id_str")), _handle(tweet.get("in_reply_to_screen_name")), None
    entities = tweet.get("entities")
    mentions = entities.get("user_mentions") if isinstance(entities, Mapping) else None
    for one in mentions if isinstance(mentions, list) else ():
        if isinstance(one, Mapping):
            yield _text(one.get("id_str")), _handle(one.get("screen_name")), given(_text(one.get("name")))


def _text(value: Any) -> str:
    return storable(value) if isinstance(value, str) else ""


def _handle(value: Any) -> str | None:
    return value if isinstance(value, str) and _HANDLE.fullmatch(value) else None


def _unwrapped(files: Files, name: str, wrapper: str) -> Iterator[Mapping[str, Any]]:
    for entry in files.of.get(name, ()):
        for _, value, of_list in items(entry, files.budget, script=True):
            inside = value.get(wrapper) if of_list and isinstance(value, Mapping) else None
            if isinstance(inside, Mapping):
                yield inside


def _owner(files: Files) -> Someone | None:
    bio = None
    for profile in _unwrapped(files, "profile", "profile"):
        description = profile.get("description")
        bio = given(_text(description.get("bio"))) if isinstance(description, Mapping) else bio
    for account in _unwrapped(files, "account", "account"):
        number, handle = _text(account.get("accountId")), _handle(account.get("username"))
        if handle or _ID.fullmatch(number):
            return Someone(
                id=number if _ID.fullmatch(number) else None, handle=handle, name=given(_text(account.get("accountDisplayName"))),
                headline=bio, url=f"https://x.com/{handle}" if handle else None, email=given(_text(account.get("email"))),
            )  # fmt: skip
    return None


def _change(value: Mapping[str, Any]) -> str:
    return f"{_text(value.get('protectedAt'))} {_text(value.get('action'))}".strip()


def _compare_with_manifest(files: Files, found: Archive) -> None:
    """Which parts the archive says it has, and does not; and when it was made."""
    there = {entry.base.lower() for name in files.of for entry in files.of[name]}
    for entry in files.of.get("manifest", ()):
        try:
            said = {key: value for key, value, of_list in items(entry, files.budget, script=True) if not of_list}
        except Unreadable:
            files.odd("names not read", entry.base)
            continue
        about = said.get("archiveInfo")
        made = _text(about.get("generationDate")) if isinstance(about, Mapping) else ""
        found.made = Stamp(f"{made[:19]}Z") if _INSTANT.match(made) else None
        if isinstance(about, Mapping) and about.get("isPartialArchive") is True:
            files.odd("archive partial", entry.base)
        types = said.get("dataTypes")
        types = types if isinstance(types, Mapping) else {}
        for name in _WRAPPER:
            one = types.get(name)
            parts = one.get("files") if isinstance(one, Mapping) else None
            for part in parts if isinstance(parts, list) else ():
                base = _text(part.get("fileName")).rpartition("/")[2] if isinstance(part, Mapping) else ""
                if base and base.lower() not in there and part.get("count") != "0":
                    files.odd("part missing", base)
