"""Writes resources/licences/parts.json: every part that is in the packages, with its licence and the text of it.

Python packages and their versions are those of uv.lock; the others stand in packaging/native.toml, and their texts are read from
/usr/share/doc of a Debian system. Run after a change to either: ./run --in-env python scripts/make_parts.py
"""

import hashlib
import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "resources/licences/parts.json"
DOCS = Path("/usr/share/doc")
# What the packages' own metadata says in other words, or not at all.
LICENCES = {
    "backports-tarfile": "MIT", "jaraco-classes": "MIT", "peewee": "MIT", "pyasn1": "BSD-2-Clause", "pyasn1-modules": "BSD-2-Clause",
    "segno": "BSD-3-Clause", "pyside6-essentials": "LGPL-3.0-only", "shiboken6": "LGPL-3.0-only", "pywin32-ctypes": "BSD-3-Clause",
}  # fmt: skip
IN_WINDOWS_ONLY = {"pywin32-ctypes"}


def locked() -> dict[str, str]:
    """The Python packages that the program needs on any system, with their versions, from the lock file."""
    lock = {one["name"]: one for one in tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]}
    wanted, found = ["netdesk"], {}
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = lock[name].get("version", "")
            wanted += [one["name"] for one in lock[name].get("dependencies", ())]
    del found["netdesk"]
    return dict(sorted(found.items()))


def main() -> None:
    texts: dict[str, str] = {}

    def kept(text: str) -> str:
        text = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().splitlines())
        key = hashlib.sha256(text.encode()).hexdigest()[:12]
        texts[key] = text
        return key

    lesser = Path("/usr/share/common-licenses/LGPL-3").read_text("utf-8")
    parts: list[dict[str, Any]] = []
    for name, version in locked().items():
        try:
            found = distribution(name)
        except PackageNotFoundError:
            assert name in IN_WINDOWS_ONLY, name
            parts.append(
                {"name": name, "version": version, "licence": LICENCES[name], "page": f"https://pypi.org/project/{name}/", "text": ""}
            )
            continue
        assert found.version == version, (name, found.version, version)
        files = [
            one for one in found.files or () if ".dist-info" in str(one) and re.search("licen[cs]e|copying|notice", str(one), re.IGNORECASE)
        ]
        text = "\n\n".join(one.read_text() for one in sorted(files)) or lesser
        licence = LICENCES.get(name) or found.metadata["License-Expression"]
        page = f"https://pypi.org/project/{name}/"
        parts.append({"name": found.metadata["Name"], "version": version, "licence": licence, "page": page, "text": kept(text)})
    for name, part in tomllib.loads((ROOT / "packaging/native.toml").read_text("utf-8"))["parts"].items():
        source = DOCS / part["text"] / "copyright" if "/" not in part["text"] else Path("/usr/share") / part["text"]
        parts.append(
            {"name": name, "version": "", "licence": part["licence"], "page": part["page"], "text": kept(source.read_text("utf-8"))}
        )
    unicode = (ROOT / "resources/unicode/LICENSE.unicode").read_text("utf-8")
    parts.append(
        {"name": "Unicode confusables", "version": "", "licence": "Unicode-3.0", "page": "https://www.unicode.org", "text": kept(unicode)}
    )
    own = kept((ROOT / "LICENSE").read_text("utf-8"))
    parts.append({"name": "NetDesk", "version": "", "licence": "GPL-3.0-or-later", "page": "https://netdesk.example", "text": own})
    parts.sort(key=lambda one: one["name"].casefold())
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps({"parts": parts, "texts": dict(sorted(texts.items()))}, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
