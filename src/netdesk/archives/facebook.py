"""Facebook's export: JSON, or HTML pages with the same names. People have names only: two of one name are two."""

import re
from collections.abc import Mapping
from typing import Any, Final

from netdesk.archives.container import Entry
from netdesk.archives.dates import instant, stamp
from netdesk.archives.meta import labels, page, records, repaired, rows_expected, text_in
from netdesk.archives.parts import Files, count_odd, given, on_site, path_of, read_all, squeezed, usable
from netdesk.archives.reading import document
from netdesk.domain.archive import (
    Archive,
    ArchivedBlock,
    ArchivedConnection,
    ArchivedFollow,
    ArchivedRemoval,
    ArchivedRequest,
    Someone,
    Stamp,
)
from netdesk.domain.errors import Unreadable

Dated = tuple[Someone, Stamp | None]
# The lists by the names of their files, which stayed while the folders moved.
_NAMES: Final = {
    "yourfriends": "friends", "friends": "friends",
    "receivedfriendrequests": "received", "friendrequestsreceived": "received",
    "sentfriendrequests": "sent", "friendrequestssent": "sent",
    "rejectedfriendrequests": "rejected", "friendrequestsrejected": "rejected",
    "removedfriends": "removed",
    "whoyouvefollowed": "following", "whoyoufollow": "following", "following": "following",
    "peoplewhofollowedyou": "followers", "followers": "followers",
    "messengercontactsyouveblocked": "messenger",
    "unfollowedprofiles": "unfollowed",
    "privacysettings": "privacy",
    "profileinformation": "profile",
}  # fmt: skip
_KEYS: Final = {
    "friends": "friends", "received_requests": "received", "sent_requests": "sent", "rejected_requests": "rejected",
    "deleted_friends": "removed", "following": "following", "followers": "followers", "messenger_contacts_blocked": "messenger",
    "profile": "profile",
}  # fmt: skip
_FIRST: Final = re.compile(r'\s*\{\s*"([a-z_]+?)(?:_v\d)?"\s*:\s*([\[{])')
_INSTAGRAM: Final = ("followers_and_following", "threads")
_AMBIGUOUS: Final = frozenset({"followers", "following"})
_HOMES: Final = ("connections", "friends_and_followers", "following_and_followers", "followers", "friends")
_NAME_CLASSES: Final = frozenset({"_a6-h", "_2lek", "_2lel"})  # from 2022 on, and before
_DATE_CLASSES: Final = frozenset({"_a72d", "_a6-o", "_2lem"})


class Facebook:
    """Reads it."""

    network = "facebook"

    def claims(self, entry: Entry) -> str:
        """See Importer."""
        if not entry.base.lower().endswith((".json", ".html", ".htm")) or any(one in entry.folders for one in _INSTAGRAM):
            return ""
        name = _NAMES.get(squeezed(entry), "")
        if name in _AMBIGUOUS and squeezed(entry) in _AMBIGUOUS and not any(one in _HOMES for one in entry.folders):
            return ""
        return name

    def recognises(self, head: str) -> str:
        """See Importer."""
        found = _FIRST.match(head)
        name = _KEYS.get(found[1], "") if found is not None else ""
        return name if found is not None and found[2] == ("{" if name in ("messenger", "profile") else "[") else ""

    def read(self, files: Files) -> Archive:
        """See Importer."""
        found = Archive(self.network, oddities=files.oddities)
        found.connections = [ArchivedConnection(*one) for one in self._people(files, "friends")]
        for name, way, status in (("sent", "out", "pending"), ("received", "in", "pending"), ("rejected", "in", "declined")):
            found.requests += [ArchivedRequest(who, way, at, None, status) for who, at in self._people(files, name)]
        for name, way in (("following", "out"), ("followers", "in")):
            found.follows += [ArchivedFollow(who, way, since) for who, since in self._people(files, name)]
        found.blocks = [ArchivedBlock(who, "messenger", since) for who, since in read_all(files, "messenger", _messenger)]
        found.removed = [ArchivedRemoval(who, "unfriended", at) for who, at in self._people(files, "removed")]
        found.removed += [ArchivedRemoval(who, "unfollowed", at) for who, at in self._people(files, "unfollowed")]
        for name, lists in _EXPORTED.items():
            found.exported |= lists if files.has(name) else set()
        _tell_owner(files, found)
        return found

    def _people(self, files: Files, name: str) -> list[Dated]:
        return read_all(files, name, _dated)


_EXPORTED: Final[Mapping[str, set[str]]] = {
    "friends": {"connections"}, "received": {"requests in"}, "sent": {"requests out"}, "following": {"follows out"},
    "followers": {"follows in"}, "messenger": {"blocks"}, "removed": {"removed"}, "unfollowed": {"removed"}, "rejected": {"requests in"},
}  # fmt: skip


def _dated(entry: Entry, files: Files) -> list[Dated]:
    """People with a time, from either form."""
    if entry.base.lower().endswith(".json"):
        return usable(entry, files, records(entry, files.budget), _of_record)
    return _from_page(entry, files)


def _of_record(record: Any) -> Dated | None:
    """`{name, timestamp}`, or the label_values of newer files, or the string_list_data of a bare list."""
    name, at = text_in(record, "name"), record.get("timestamp") if isinstance(record, Mapping) else None
    if name is None and isinstance(record, Mapping):
        name = next((value for label, value in labels(record) if label.lower() in ("name", "nom", "nombre", "nome") and value), None)
        inside = record.get("string_list_data")
        one = inside[0] if isinstance(inside, list) and inside and isinstance(inside[0], Mapping) else {}
        name = name or text_in(one, "value") or text_in(record, "title")
        at = at if at is not None else one.get("timestamp")
    return (Someone(name=given(name)), instant(at)) if name else None


def _messenger(entry: Entry, files: Files) -> list[Dated]:
    if not entry.base.lower().endswith(".json"):
        return _from_page(entry, files)
    whole = document(entry, files.budget)
    holder = next(iter(whole.values()), None) if isinstance(whole, dict) else None
    entries = holder.get("entries") if isinstance(holder, dict) else holder
    return usable(entry, files, entries if isinstance(entries, list) else (), _of_entry)


def _of_entry(record: Any) -> Dated | None:
    data = record.get("data") if isinstance(record, Mapping) else None
    name = text_in(data, "name")
    if name is None or data is None:
        return None
    url = on_site(data.get("uri") if isinstance(data.get("uri"), str) else None, "facebook.com")
    if url is not None and path_of(url)[:1] in (["l.php"], ["flx"]):
        url = None  # leads elsewhere
    return Someone(name=given(name), url=url), instant(record.get("timestamp"))


def _from_page(entry: Entry, files: Files) -> list[Dated]:
    """Rows of a page: a name, and the date after it, which is what the account's clock showed, in its language."""
    root = page(entry, files.budget)
    names: list[tuple[str, str]] = []
    for number, block in enumerate(root.all()):
        if number % 5_000 == 0:
            files.budget.check()
        if block.classes & _NAME_CLASSES:
            names.append((block.text(), ""))
        elif block.classes & _DATE_CLASSES and names and not names[-1][1]:
            names[-1] = (names[-1][0], block.text())
    if not names and rows_expected(root):
        raise Unreadable("page unknown", detail=entry.base)
    found = [(Someone(name=given(name)), stamp(written, month_first=False)) for name, written in names if name.strip()]
    count_odd(files, "time unknown", entry, sum(bool(written) for name, written in names if name) - sum(at is not None for _, at in found))
    return found


def _tell_owner(files: Files, found: Archive) -> None:
    for entry in files.of.get("profile", ()):
        whole = document(entry, files.budget) if entry.base.lower().endswith(".json") else {}
        profile = next((value for key, value in whole.items() if key.startswith("profile")), None) if isinstance(whole, dict) else None
        if isinstance(profile, dict):
            found.owner = _owner(profile)
    for entry in files.of.get("privacy", ()):
        whole = document(entry, files.budget) if entry.base.lower().endswith(".json") else {}
        said = whole.get("label_values") if isinstance(whole, dict) else None
        for one in said if isinstance(said, list) else ():
            values = (
                [text_in(value, "value") for value in one.get("dict", ())]
                if isinstance(one, dict) and isinstance(one.get("dict"), list)
                else []
            )
            label = text_in(one, "label")
            if label and values and values[0]:
                found.privacy[label] = values[0]


def _owner(profile: Mapping[str, Any]) -> Someone | None:
    name = profile.get("name")
    full = text_in(name, "full_name") if isinstance(name, Mapping) else (repaired(name) if isinstance(name, str) else None)
    emails = profile.get("emails")
    mails = emails.get("emails") if isinstance(emails, Mapping) else None
    mail = mails[0] if isinstance(mails, list) and mails and isinstance(mails[0], str) else None
    url = on_site(profile.get("profile_uri") if isinstance(profile.get("profile_uri"), str) else None, "facebook.com")
    handle = text_in(profile, "username")
    return Someone(handle=handle, name=given(full), url=url, email=given(mail)) if full or handle else None
