"""What CHANGELOG.md says, for the packages: each version with its day and its lines."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from making.places import ROOT, Stopped, epoch, version

UNRELEASED = "Unreleased"
_TITLE = re.compile(r"^## (\S+)(?: \((\d{4}-\d{2}-\d{2})\))?$")


@dataclass(frozen=True, slots=True)
class Release:
    """One section: the version, its day (UTC), and the lines of each heading (Added, Changed, Fixed), each a paragraph of plain text."""

    version: str
    at: datetime
    lines: dict[str, tuple[str, ...]]
    text: str


def releases(path: Path = ROOT / "CHANGELOG.md") -> list[Release]:
    """All sections, the newest first; what is not released yet counts as the version of this checkout, on the day of the build.

    Raises Stopped for a section that is not headed as `## 1.2.3 (2026-11-26)` or `## Unreleased`, and when there is none.
    """
    found = []
    for part in re.split(r"^(?=## )", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        head, _, text = part.partition("\n")
        title = _TITLE.match(head)
        if title is None or (title[1] != UNRELEASED and not title[2]):
            raise Stopped(f"CHANGELOG.md: “{head}” is neither “## Unreleased” nor a version with its day.")
        if title[1] == UNRELEASED and not text.strip():
            continue
        day = datetime.fromisoformat(title[2]).replace(tzinfo=UTC) if title[2] else datetime.fromtimestamp(epoch(), UTC)
        found.append(Release(version() if title[1] == UNRELEASED else title[1], day, _lines(text), text.strip()))
    if not found:
        raise Stopped("CHANGELOG.md has no section.")
    return found


def _lines(text: str) -> dict[str, tuple[str, ...]]:
    lines: dict[str, list[str]] = {}
    heading = ""
    for line in text.splitlines():
        if line.startswith("### "):
            heading = line[4:].strip()
        elif line.startswith("- "):
            lines.setdefault(heading, []).append(line[2:].strip())
        elif line.strip() and lines.get(heading):
            lines[heading][-1] += " " + line.strip()
    return {name: tuple(plain(one) for one in found) for name, found in lines.items()}


def plain(markdown: str) -> str:
    """A line of Markdown as plain text."""
    return re.sub(r"[*`]|\[([^]]+)\]\([^)]*\)", lambda found: found[1] or "", markdown)
