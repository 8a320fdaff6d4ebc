"""LinkedIn's export: CSV files in a zip (formats: Connections, Invitations, Profile, Notes, Member_Follows)."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from netdesk.archives.container import Entry
from netdesk.archives.dates import stamp
from netdesk.archives.parts import Files, Reader, T, count_odd, given, on_site, path_of, read_all, squeezed
from netdesk.archives.reading import table
from netdesk.domain.archive import Archive, ArchivedConnection, ArchivedFollow, ArchivedRequest, Someone, Stamp
from netdesk.domain.errors import Unreadable

_CONNECTIONS: Final = ("first name", "last name", "connected on")
_INVITATIONS: Final = ("from", "to", "sent at", "direction")
_PROFILE: Final = ("first name", "last name", "headline")
_NOTES: Final = ("connection profile url", "note")
_FOLLOWS: Final = ("date", "status", "fullname")
_NAMES: Final = {
    "connections": "connections",
    "invitations": "invitations",
    "profile": "profile",
    "notes": "notes",
    "memberfollows": "follows",
}
_HEADERS: Final = (
    ("connections", _CONNECTIONS),
    ("invitations", _INVITATIONS),
    ("notes", _NOTES),
    ("follows", _FOLLOWS),
    ("profile", _PROFILE),
)


class LinkedIn:
    """Reads it. Status of a request is inferred: the file does not say."""

    network = "linkedin"

    def claims(self, entry: Entry) -> str:
        """See Importer."""
        return _NAMES.get(squeezed(entry), "") if entry.base.lower().endswith(".csv") else ""

    def recognises(self, head: str) -> str:
        """See Importer."""
        lines = [line.lower() for line in head.splitlines()]
        return next((name for name, needed in _HEADERS if any(all(one in line for one in needed) for line in lines)), "")

    def read(self, files: Files) -> Archive:
        """See Importer."""
        found = Archive(self.network, oddities=files.oddities)
        connections = read_all(files, "connections", self._connections)
        found.hidden_rows = sum(_hidden(one) for one in connections)
        notes = dict(read_all(files, "notes", _or_nothing(self._notes)))
        found.connections = [
            replace(one, note=notes.get(one.person.handle)) if one.person.handle in notes else one
            for one in connections
            if not _hidden(one)
        ]
        invitations = read_all(files, "invitations", self._invitations)
        found.requests = list(_with_status([one for one, _ in invitations], found.connections))
        if invitations and not files.has("connections"):
            files.odd("answers not told", "Connections.csv")
        found.follows = read_all(files, "follows", _or_nothing(self._follows))
        found.owner = self._owner(files, [mine for _, mine in invitations])
        for name, lists in (
            ("connections", {"connections"}),
            ("invitations", {"requests in", "requests out"}),
            ("follows", {"follows out"}),
        ):
            found.exported |= lists if files.has(name) else set()
        return found

    def _connections(self, entry: Entry, files: Files) -> list[ArchivedConnection]:
        found = []
        odd = 0
        for row in table(entry, files.budget, _CONNECTIONS):
            url = _profile(row.get("url"))
            name = given(f"{row['first name']} {row['last name']}")
            since = stamp(row["connected on"])
            if name is None and url is None and not any(value for key, value in row.items() if key != "connected on"):
                found.append(_HIDDEN)
                continue
            odd += bool(row["connected on"]) and since is None
            person = Someone(
                handle=_handle(url), name=name, headline=given(row.get("position")), company=given(row.get("company")), url=url,
                email=given(row.get("email address")),
            )  # fmt: skip
            found.append(ArchivedConnection(person, since))
        count_odd(files, "time unknown", entry, odd)
        return found

    def _invitations(self, entry: Entry, files: Files) -> list[tuple[ArchivedRequest, Someone]]:
        """Each with the owner's own side of it."""
        found = []
        odd = skipped = 0
        for row in table(entry, files.budget, _INVITATIONS):
            inviter = _person(row["from"], row.get("inviterprofileurl"))
            invitee = _person(row["to"], row.get("inviteeprofileurl"))
            way = {"incoming": "in", "outgoing": "out"}.get(row["direction"].lower())
            other, mine = (inviter, invitee) if way == "in" else (invitee, inviter)
            if way is None or (other.name is None and other.url is None):
                skipped += 1
                continue
            sent = stamp(row["sent at"])
            odd += bool(row["sent at"]) and sent is None
            note = row.get("message", "").strip() or None
            found.append((ArchivedRequest(other, way, sent, note), mine))
        count_odd(files, "time unknown", entry, odd)
        count_odd(files, "rows skipped", entry, skipped)
        return found

    def _notes(self, entry: Entry, files: Files) -> list[tuple[str | None, str]]:
        rows = ((on_site(row["connection profile url"], "linkedin.com"), row["note"]) for row in table(entry, files.budget, _NOTES))
        return [(_handle(url), note) for url, note in rows if url is not None and note]

    def _follows(self, entry: Entry, files: Files) -> list[ArchivedFollow]:
        rows = table(entry, files.budget, _FOLLOWS)
        return [
            ArchivedFollow(Someone(name=given(row["fullname"])), "out", stamp(row["date"]))
            for row in rows
            if row["status"].lower() == "active" and row["fullname"]
        ]

    def _owner(self, files: Files, mine: Sequence[Someone]) -> Someone | None:
        """From the profile; her address only from her own side of the requests. Never guessed from the connections."""
        urls = Counter(one.url for one in mine if one.url is not None)
        url = urls.most_common(1)[0][0] if urls else None
        names = Counter(one.name for one in mine if one.name is not None)
        row: Mapping[str, str] = {}
        for entry in files.of.get("profile", ()):
            with suppress(Unreadable):  # who she is may be said elsewhere
                row = next(iter(table(entry, files.budget, _PROFILE)), row)
        name = given(f"{row.get('first name', '')} {row.get('last name', '')}") or (names.most_common(1)[0][0] if url and names else None)
        if name is None and url is None:
            return None
        return Someone(handle=_handle(url), name=name, headline=given(row.get("headline")), url=url)


def _or_nothing(reader: Reader[T]) -> Reader[T]:
    """A list that adds something and is not needed: one that cannot be read is said, and the others are taken."""

    def read(entry: Entry, files: Files) -> list[T]:
        try:
            return reader(entry, files)
        except Unreadable:
            files.odd("left out", entry.base)
            return []

    return read


_HIDDEN: Final = ArchivedConnection(Someone(), Stamp("hidden"))


def _hidden(one: ArchivedConnection) -> bool:
    """A member who hid their profile: a row with nothing but a date."""
    return one is _HIDDEN


def _handle(url: str | None) -> str | None:
    """The slug of a profile's address, percent-decoded, in lower case."""
    parts = path_of(url) if url is not None else []
    return (parts[1].lower() or None) if len(parts) >= 2 and parts[0] == "in" else None


def _profile(url: str | None) -> str | None:
    """The link to a member's profile; none for other pages of the site, some of which lead elsewhere."""
    site = on_site(url, "linkedin.com")
    return site if _handle(site) is not None else None


def _person(name: str, url: str | None) -> Someone:
    site = _profile(url)
    return Someone(handle=_handle(site), name=given(name), url=site)


def _folded(name: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", name or "").casefold().split())


def _with_status(requests: Sequence[ArchivedRequest], connections: Sequence[ArchivedConnection]) -> Iterator[ArchivedRequest]:
    """Accepted: they are among the connections, by address, else by a name that exactly one of them has. Two of a name: unknown."""
    handles = {one.person.handle for one in connections if one.person.handle is not None}
    names = Counter(_folded(one.person.name) for one in connections)
    for one in requests:
        if one.person.handle is not None and handles:
            status = "accepted" if one.person.handle in handles else "pending"
        else:
            name = _folded(one.person.name)
            status = {0: "pending", 1: "accepted"}.get(names[name] if name else 0, "unknown")
        yield replace(one, status=status)
