"""Versions that libraries say of themselves in their own files."""

import re
from pathlib import Path
from typing import Any

_PRINTABLE = re.compile(rb"[\x20-\x7e]{5,200}")


def version_in(folder: Path, part: dict[str, Any]) -> str | None:
    """The version of a part of native.toml in the frozen program; empty when its file says none, None when its file is not there."""
    files = sorted(one for one in folder.rglob(part["file"]) if one.is_file())
    if not files:
        return None
    if "version" not in part:
        return ""
    wanted = re.compile(part["version"], re.MULTILINE)
    for text in _PRINTABLE.findall(files[0].read_bytes()):
        found = wanted.search(text.decode("ascii"))
        if found:
            return str(found[1])
    return ""
