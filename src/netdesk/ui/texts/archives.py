"""What an archive holds, lacks and changed, in words."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from netdesk.domain.archive import LABELS, LISTS, Archive, Oddity, Someone
from netdesk.domain.names import tame
from netdesk.domain.rules.archived import is_archived, moment_of, network_of
from netdesk.ui.texts.times import count, full_day, grouped, local

ODD: Final = {
    "rows skipped": "{count} in {file} could not be read and left out.",
    "time unknown": "The time of {count} in {file} could not be read: it stands as unknown.",
    "answers not told": "{file} is not among the files: which requests were accepted cannot be told.",
    "part missing": "The archive names {file} and does not hold it: the list is not whole.",
    "archive partial": "X has split this archive: give NetDesk all of its parts together.",
    "left out": "{file} could not be read and is left out; the other lists are not touched by it.",
    "names not read": "{file} is damaged: fewer accounts have a name.",
    "names too many": "{file} is too large to be read for names: fewer accounts have a name.",
}
_LIST_NAMES: Final = {
    "connections": "connections", "requests in": "requests that came in", "requests out": "requests you sent",
    "follows out": "whom you follow", "follows in": "who follows you", "blocks": "whom you blocked", "removed": "whom you removed",
}  # fmt: skip
# What a network never exports (formats), so that its lack is no fault of this export.
NEVER: Final = {
    "linkedin": {"blocks", "removed", "follows in"},
    "facebook": set(),
    "instagram": {"connections"},
    "x": {"connections", "requests in", "requests out", "removed"},
    "mastodon": {"connections", "requests in", "requests out", "removed", "follows in"},
    "bluesky": {"connections", "requests in", "requests out", "removed", "follows in"},
}  # fmt: skip
_TOLD: Final = {
    "new ties": ("new in your network", "new in your network"), "gone ties": ("no longer in your network", "no longer in your network"),
    "new in": ("new request that came in", "new requests that came in"), "new out": ("new request that you sent", "new requests that you sent"),
    "accepted in": ("request that you accepted meanwhile", "requests that you accepted meanwhile"),
    "accepted out": ("request of yours that was accepted meanwhile", "requests of yours that were accepted meanwhile"),
    "gone in": ("request that came in is not there any more", "requests that came in are not there any more"),
    "gone out": ("request of yours is not there any more", "requests of yours are not there any more"),
}  # fmt: skip


_HOSTS: Final = {
    "linkedin": ("linkedin.com",), "facebook": ("facebook.com",), "instagram": ("instagram.com",), "x": ("x.com",), "bluesky": ("bsky.app",),
}  # fmt: skip
_PAGES: Final = {
    "linkedin": "https://www.linkedin.com/mynetwork/invitation-manager/", "facebook": "https://www.facebook.com/friends/requests",
    "instagram": "https://www.instagram.com/", "x": "https://x.com/follower_requests", "bluesky": "https://bsky.app/",
}  # fmt: skip
# How the owner asks for the export there: the steps, what it holds, how long it takes.
GUIDE: Final = {
    "linkedin": "On LinkedIn: Me, Settings & Privacy, Data privacy, Get a copy of your data. Choose the larger archive, or Connections and Invitations. "
    "The first part is there after some minutes, all of it within a day; the link in the mail is good for 72 hours. It holds your connections with "
    "their dates, and the invitations that came in and went out with their notes. It holds no list of whom you blocked.",
    "facebook": "On Facebook: Settings, Accounts Centre, Your information and permissions, Export your information. Choose the format JSON, all time, and at "
    "least Connections. It takes from minutes to a day; the file can be fetched for four days. It holds friends, requests both ways and those you "
    "declined, followers and whom you removed; names only, no links. Pages (HTML) are read as well, with times of the clock of your account.",
    "instagram": "On Instagram: Settings, Accounts Centre, Your information and permissions, Export your information. Choose the format JSON, all time (a shorter "
    "range leaves older followers out), and Connections. It takes from minutes to a day. It holds followers and whom you follow, requests both "
    "ways, and whom you blocked, restricted or hid stories from.",
    "x": "On X: Settings, Your account, Download an archive of your data. It takes a day or more. It holds whom you follow, who follows you, blocked and "
    "muted accounts, as numbers and without times. It holds no follow requests.",
    "mastodon": "On your Mastodon server: Preferences, Import and export, Data export. Take each CSV list (follows, blocks, mutes, blocked domains), and "
    "the archive, which says whose they are; it may be asked for every seven days. There are no times, no followers and no requests in them.",
    "bluesky": "On Bluesky: Settings, Account, Export my data. The file repo.car is there at once. It holds whom you follow and blocked, with times, "
    "as identifiers without names.",
}  # fmt: skip


def place(address: str) -> str:
    """An address as it is shown: of somebody of an archive the network, and the handle where it has one."""
    if not is_archived(address):
        return address
    key, network = address.rpartition("@")[0], network_of(address)
    handle = key if network in ("instagram", "mastodon") else ""
    return f"{LABELS[network]} · @{handle}" if handle else LABELS[network]


def badge(address: str) -> tuple[str, str]:
    """The network's name for somebody of an archive, empty for others; and the rest of the address."""
    name, _, handle = place(address).partition(" · ")
    return (name, handle) if is_archived(address) else ("", address)


def page_of(address: str, website: str) -> tuple[str, str] | None:
    """The page of somebody of an archive, else the one where requests are answered: the link and its host. Only https, only the network's own."""
    key, network = address.rpartition("@")[0], network_of(address)
    user, _, server = key.partition("@")
    if network == "mastodon":
        return (f"https://{server}/@{user}", server) if user and server.isascii() else None
    link = f"https://bsky.app/profile/{key}" if network == "bluesky" and key.startswith("did:") else website
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        host = ""
    mine = any(host == one or host.endswith(f".{one}") for one in _HOSTS[network])
    if mine and link.startswith(("https://", "http://")) and "@" not in urlsplit(link).netloc:
        return link, host
    general = _PAGES[network]
    return general, urlsplit(general).hostname or ""


def when(stamp: str) -> str:
    """A time of an archive as it was written: with the network's clock where it has no zone, a date as a date."""
    at = moment_of(stamp)
    if at is None:
        return "at a time that the export does not say"
    if len(stamp) == 10:
        return f"on {full_day(at)}"
    return f"on {full_day(at)} at {local(at):%H:%M}" + ("" if stamp.endswith("Z") else " by the clock of that network")


def odd(one: Oddity) -> str:
    """One thing that is odd in an archive."""
    return ODD[one.kind].format(count=count(one.count, "row"), file=tame(one.file, 120))


def title(archive: Archive) -> str:
    """Whose archive it is."""
    owner = archive.owner
    who = (owner.name or owner.handle) if owner is not None else None
    return f"{LABELS[archive.network]}: {tame(who, 80)}" if who else f"{LABELS[archive.network]} (the export does not say whose)"


def facts(archive: Archive) -> list[tuple[str, str]]:
    """What each list holds: its name and a number, none, or that it was not exported."""
    counts = archive.counts()
    numbers: dict[str, int] = {
        "connections": counts["connections"], "requests in": sum(counts["requests_in"].values()),
        "requests out": sum(counts["requests_out"].values()), "follows out": counts["follows_out"], "follows in": counts["follows_in"],
        "blocks": sum(counts["blocks"].values()), "removed": counts["removed"],
    }  # fmt: skip
    waiting = {"requests in": counts["requests_in"].get("pending", 0), "requests out": counts["requests_out"].get("pending", 0)}
    found = []
    for name in LISTS:
        if name in archive.exported:
            text = grouped(numbers[name]) if numbers[name] else "none"
            text += f", {grouped(waiting[name])} still waiting" if waiting.get(name) else ""
        elif name in NEVER[archive.network]:
            text = f"{LABELS[archive.network]} does not export this"
        else:
            text = "not in this export"
        found.append((_LIST_NAMES[name], text))
    return found


def notes(archive: Archive) -> list[str]:
    """What the owner should know besides."""
    found = [odd(one) for one in archive.oddities]
    if archive.hidden_rows:
        found.append(f"{count(archive.hidden_rows, 'member')} hid their profile: the export has a date and nothing else of them.")
    if archive.network == "x":
        found.append("X exports numbers, no names and no times: names are known only of accounts that your own posts mention.")
    if archive.network == "facebook":
        found.append("Facebook exports names only: two people of one name stay two, and nobody can be told apart by a link.")
    return found


def changes(told: Mapping[str, int]) -> list[str]:
    """What an import changed, a line each."""
    return [f"{grouped(number)} {words[number != 1]}" for kind, words in _TOLD.items() if (number := told.get(kind, 0))]


def first_rows(archive: Archive, most: int) -> list[str]:
    """The first rows in words, those that wait first."""
    found = []
    waiting = [one for one in archive.requests if one.status == "pending"]
    for request in waiting[:most]:
        way = "asks you" if request.direction == "in" else "has your request"
        found.append(f"{_name(request.person)} {way}" + (f", since {when(request.sent_at).removeprefix('on ')}" if request.sent_at else ""))
    for connection in archive.connections[: most - len(found)]:
        found.append(f"{_name(connection.person)}, connected" + (f" {when(connection.since)}" if connection.since else ""))
    for follow in archive.follows[: most - len(found)]:
        found.append(f"{_name(follow.person)}, {'followed by you' if follow.direction == 'out' else 'follows you'}")
    return found


def _name(person: Someone) -> str:
    name = person.name or (f"@{person.handle}" if person.handle else f"Account {person.id}")
    more = tame(person.headline or "", 60)
    return f"{tame(name, 80)}{f' ({more})' if more else ''}"


def as_plain(archive: Archive) -> dict[str, Any]:
    """The whole archive as JSON values."""
    owner = archive.owner.as_dict() if archive.owner is not None else None
    return {"network": archive.network, "owner": owner, "privacy": archive.privacy, "counts": archive.counts(), "rows": archive.rows(),
            "exported": sorted(archive.exported), "warnings": [odd(one) for one in archive.oddities]}  # fmt: skip


def as_lines(archive: Archive) -> Iterable[str]:
    """The same for people to read."""
    yield title(archive)
    yield from (f"  {name}: {text}" for name, text in facts(archive))
    yield from (f"  {text}" for text in notes(archive))
