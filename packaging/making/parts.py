"""Every part of the packages with its licence, from resources/licences/parts.json: for Debian's copyright file and the SBOM."""

import json
import re
from typing import Any

from making.places import HERE, HOME, ROOT, read_toml

_COMMON = {
    "TERMS AND CONDITIONS FOR USE, REPRODUCTION": "On Debian systems the full text is in /usr/share/common-licenses/Apache-2.0.",
    "GNU LESSER GENERAL PUBLIC LICENSE": "On Debian systems the full text is in /usr/share/common-licenses/LGPL-3.",
}
_LIBRARY = "usr/lib/netdesk"


def known() -> tuple[list[dict[str, str]], dict[str, str]]:
    """The parts (name, version, licence, page, text) and the texts by their key."""
    found: dict[str, Any] = json.loads((ROOT / "resources/licences/parts.json").read_text("utf-8"))
    return found["parts"], found["texts"]


def copyright_text() -> str:
    """The copyright file of the Debian package (format 1.0): NetDesk itself, then every part, then the texts."""
    parts, texts = known()
    lines = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
        "Upstream-Name: NetDesk",
        f"Upstream-Contact: {HOME['maker']} <{HOME['mail']}>",
        f"Source: {HOME['page']}",
        "Comment: The package carries a frozen Python program: Python, Qt and the libraries that it needs lie in its own folder. Each of these",
        " parts is named below with its licence; NetDesk's About window shows the same list.",
        "",
        "Files: *",
        "Copyright: 2026 The NetDesk project",
        "License: GPL-3+",
        " On Debian systems the full text of the GNU General Public License, version 3, is in /usr/share/common-licenses/GPL-3.",
        "",
    ]
    for one in parts:
        if one["name"] == "NetDesk":
            continue
        lines += [f"Files: {_files(one['name'])}", f"Copyright: the authors of {one['name']}, {one['page']}"]
        lines += [f"License: {one['name'].replace(' ', '-')}-licence"]
        lines += [f" {one['licence']}", " ."]
        text = texts.get(one["text"], "")
        for title, words in _COMMON.items():  # Debian has the text already, and wants it once
            text = words if title in text else text
        lines += [f" {line}" if line.strip() else " ." for line in text.splitlines()]
        lines.append("")
    return "\n".join(lines)


def _files(name: str) -> str:
    """Where a part lies: a library in a file of its own or inside one of Qt's; a Python package also in the program's own archive."""
    native = read_toml(HERE / "native.toml")["parts"].get(name)
    if native is not None:
        return f"{_LIBRARY}/lib/{native['file']} {_LIBRARY}/lib/*/{native['file']}"
    return f"{_LIBRARY}/netdesk {_LIBRARY}/lib/{re.sub('[-. ]', '_', name)}*"
