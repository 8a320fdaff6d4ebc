"""What an archive holds, lacks and changed, in words."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from netdesk.domain.archive import LABELS, LISTS, Archive, Oddity
from netdesk.domain.names import tame
from netdesk.ui.texts.times import count

ODD: Final = {
    "rows skipped": "{count} in {file} could not be read and left out.",
    "time unknown": "The time of {count} in {file} could not be read: it stands as unknown.",
    "answers not told": "{file} is not among the files: which requests were accepted cannot be told.",
    "part missing": "The archive names {file} and does not hold it: the list is not whole.",
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
            text = f"{numbers[name]:,}".replace(",", "\u202f") if numbers[name] else "none"
            text += f", {waiting[name]:,} still waiting".replace(",", "\u202f", 0) if waiting.get(name) else ""
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
    return [f"{number:,} {words[number != 1]}".replace(",", "\u202f") for kind, words in _TOLD.items() if (number := told.get(kind, 0))]


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
