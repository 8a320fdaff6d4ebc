"""Instagram's export: JSON in several shapes, sometimes mixed in one zip, or HTML. People are known by their user names."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from netdesk.archives.container import Entry
from netdesk.archives.dates import instant, stamp
from netdesk.archives.meta import Block, labels, page, records, repaired, rows_expected, text_in
from netdesk.archives.parts import Files, count_odd, given, on_site, path_of, read_all, squeezed, usable
from netdesk.archives.reading import document
from netdesk.domain.archive import (
    Archive,
    ArchivedBlock,
    ArchivedFollow,
    ArchivedRemoval,
    ArchivedRequest,
    Someone,
    Stamp,
    key_of,
)
from netdesk.domain.errors import Unreadable

Dated = tuple[Someone, Stamp | None]
_NAMES: Final = {
    "followers": "followers", "following": "following",
    "pendingfollowrequests": "sent", "followrequestsyouvereceived": "received", "recentfollowrequests": "recent",
    "blockedprofiles": "block", "blockedaccounts": "block",
    "restrictedprofiles": "restrict", "restrictedaccounts": "restrict",
    "hidestoryfrom": "hide_story",
    "recentlyunfollowedprofiles": "unfollowed", "recentlyunfollowedaccounts": "unfollowed",
    "personalinformation": "profile", "connections": "old",
}  # fmt: skip
_KEYS: Final = {
    "relationships_followers": "followers", "relationships_following": "following", "relationships_follow_requests_sent": "sent",
    "relationships_follow_requests_received": "received", "relationships_permanent_follow_requests": "recent",
    "relationships_blocked_users": "block", "relationships_restricted_users": "restrict",
    "relationships_hide_stories_from": "hide_story", "relationships_unfollowed_users": "unfollowed", "profile_user": "profile",
}  # fmt: skip
_OLD: Final = {
    "followers": "followers", "following": "following", "follow_requests_sent": "sent", "permanent_follow_requests": "recent",
    "follow_requests_received": "received", "blocked_users": "block", "restricted_users": "restrict",
}  # fmt: skip
_FIRST: Final = re.compile(r'\s*\{\s*"([a-z_]+)"\s*:\s*([\[{])')
_LISTS: Final = ("followers", "following", "sent", "received", "recent", "block", "restrict", "hide_story", "unfollowed")
_UNCLEAR: Final = frozenset({"followers", "following"})
_USER: Final = re.compile(r"(?=.*[A-Za-z0-9_])[A-Za-z0-9._]{1,30}")
_NAME: Final = (
    "name",
    "nome",
    "nombre",
    "nom",
    "naam",
    "namn",
    "navn",
    "nazwa",
    "imię i nazwisko",
    "ad",
    "имя",
    "nama",
    "名前",
    "姓名",
    "이름",
)
_USERNAME: Final = ("username", "benutzername", "nome de usuário", "nom d’utilisateur", "nom d'utilisateur", "nombre de usuario", "nome utente",
                    "gebruikersnaam", "användarnamn", "nazwa użytkownika", "kullanıcı adı", "имя пользователя", "ユーザーネーム", "用户名")  # fmt: skip


class Instagram:
    """Reads it."""

    network = "instagram"

    def claims(self, entry: Entry) -> str:
        """See Importer."""
        if not entry.base.lower().endswith((".json", ".html", ".htm")) or "threads" in entry.folders:
            return ""
        name = _NAMES.get(squeezed(entry), "")
        if name == "old":
            return "old" if entry.base.lower().endswith(".json") else ""
        if name in _UNCLEAR and entry.folders and "followers_and_following" not in entry.folders:
            return ""
        return name

    def recognises(self, head: str) -> str:
        """See Importer."""
        first = _FIRST.match(head)
        if first is not None and first[1] in _KEYS:
            return _KEYS[first[1]]
        if first is not None and first[1] in _OLD and first[2] == "{":
            return "old"
        return "followers" if head.lstrip().startswith("[") and '"string_list_data"' in head and "instagram.com" in head else ""

    def read(self, files: Files) -> Archive:
        """See Importer."""
        found = Archive(self.network, oddities=files.oddities)
        of = {name: read_all(files, name, _dated) for name in _LISTS}
        there = {name for name in _LISTS if files.has(name)}
        for entry in files.of.get("old", ()):
            for name, rows in _old(entry, files):
                of[name] += rows
                there.add(name)
        found.follows = [ArchivedFollow(who, "out", since) for who, since in of["following"]]
        found.follows += [ArchivedFollow(who, "in", since) for who, since in of["followers"]]
        found.requests = [ArchivedRequest(who, "out", at) for who, at in of["sent"]]
        found.requests += [ArchivedRequest(who, "in", at) for who, at in of["received"]]
        found.requests += _history(of["recent"], of["sent"], of["following"])
        for kind in ("block", "restrict", "hide_story"):
            found.blocks += [ArchivedBlock(who, kind, since) for who, since in of[kind]]
        found.removed = [ArchivedRemoval(who, "unfollowed", at) for who, at in of["unfollowed"]]
        for name, lists in _EXPORTED.items():
            found.exported |= lists if name in there else set()
        for entry in files.of.get("profile", ()):
            if entry.base.lower().endswith(".json"):
                _tell_owner(document(entry, files.budget), found)
        return found


_EXPORTED: Final[Mapping[str, set[str]]] = {
    "following": {"follows out"}, "followers": {"follows in"}, "sent": {"requests out"}, "received": {"requests in"}, "recent": {"requests out"},
    "block": {"blocks"},
    "restrict": {"blocks"}, "hide_story": {"blocks"}, "unfollowed": {"removed"},
}  # fmt: skip


def _someone(user: str | None, name: str | None = None) -> Someone | None:
    """By a user name; none from what cannot be one: no link is made of it."""
    if user is None or not _USER.fullmatch(user):
        return None
    gone = user.startswith("__deleted__")
    return Someone(handle=user, name=given(name), url=None if gone else f"https://www.instagram.com/{user}/")


def _history(recent: Iterable[Dated], sent: Iterable[Dated], following: Iterable[Dated]) -> Iterator[ArchivedRequest]:
    """Requests of the past: accepted when she follows them now, not said twice when it still waits; else nobody knows."""
    waiting = {key_of(who) for who, _ in sent}
    followed = {key_of(who) for who, _ in following}
    for who, at in recent:
        if key_of(who) not in waiting:
            yield ArchivedRequest(who, "out", at, None, "accepted" if key_of(who) in followed else "unknown")


def _dated(entry: Entry, files: Files) -> list[Dated]:
    if not entry.base.lower().endswith(".json"):
        root = page(entry, files.budget)
        rows = list(_from_page(root, entry, files))
        if not rows and rows_expected(root):
            raise Unreadable("page unknown", detail=entry.base)
        return rows
    return usable(entry, files, records(entry, files.budget), _of_record)


def _of_record(record: Any) -> Dated | None:
    if not isinstance(record, Mapping):
        return None
    if isinstance(record.get("label_values"), list):
        return _of_labels(record)
    inside = record.get("string_list_data")
    one = inside[0] if isinstance(inside, list) and inside and isinstance(inside[0], Mapping) else None
    if one is None:
        return None
    user = text_in(one, "value") or text_in(record, "title") or _user_of(text_in(one, "href"))
    who = _someone(user)
    return (who, instant(one.get("timestamp"))) if who is not None else None


def _of_labels(record: Mapping[str, Any]) -> Dated | None:
    """Labels are in the account's language: the user name is the last of three. URL is a link of theirs, and never who they are."""
    pairs = labels(record)
    user = next((value for label, value in pairs if label.lower() in _USERNAME), None)
    name = next((value for label, value in pairs if label.lower() in _NAME), None)
    if user is None and len(pairs) >= 3:
        user, name = pairs[2][1], name or pairs[1][1]
    elif user is None and pairs:
        user = pairs[-1][1]
    who = _someone(user, name)
    return (who, instant(record.get("timestamp"))) if who is not None else None


def _user_of(href: str | None) -> str | None:
    """The user name in a link to a profile, `/user` or `/_u/user`."""
    url = on_site(href, "instagram.com")
    parts = [one for one in path_of(url) if one != "_u"] if url is not None else []
    return parts[0] if len(parts) == 1 else None


def _old(entry: Entry, files: Files) -> Iterator[tuple[str, list[Dated]]]:
    """connections.json, to 2020: lists of `user: time`."""
    whole = document(entry, files.budget)
    for key, name in _OLD.items():
        people = whole.get(key) if isinstance(whole, dict) else None
        if isinstance(people, dict):
            rows = ((_someone(user), _old_time(at)) for user, at in people.items())
            yield name, [(who, at) for who, at in rows if who is not None]


def _old_time(text: Any) -> Stamp | None:
    return stamp(text, month_first=False) if isinstance(text, str) else None


def _from_page(root: Block, entry: Entry, files: Files) -> Iterator[Dated]:
    """Rows of a page: a link to the profile, and the text that is a date after it."""
    user: str | None = None
    odd = 0
    for block in root.all():
        linked = _user_of(block.link) if block.tag == "a" else None
        if linked is not None:
            if user is not None:
                yield from _row(user, None)
            user = linked
        elif user is not None and block.tag == "div" and all(isinstance(one, str) for one in block.inside) and block.inside:
            at = stamp(block.text(), month_first=False)
            odd += at is None
            yield from _row(user, at)
            user = None
    if user is not None:
        yield from _row(user, None)
    count_odd(files, "time unknown", entry, odd)


def _row(user: str, at: Stamp | None) -> Iterator[Dated]:
    who = _someone(user)
    if who is not None:
        yield who, at


def _tell_owner(whole: Any, found: Archive) -> None:
    users = whole.get("profile_user") if isinstance(whole, dict) else None
    first = users[0] if isinstance(users, list) and users and isinstance(users[0], dict) else {}
    said = first.get("string_map_data")
    if not isinstance(said, dict):
        return
    mine = {repaired(key): text_in(value, "value") for key, value in said.items()}
    handle = mine.get("Username") or next((value for key, value in mine.items() if key.lower() in _USERNAME), None)
    who = _someone(handle, mine.get("Name"))
    if who is not None:
        found.owner = Someone(handle=who.handle, name=who.name, url=who.url, email=given(mine.get("Email")))
    if mine.get("Private Account"):
        found.privacy["Private Account"] = mine["Private Account"]
