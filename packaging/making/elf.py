"""What the programs and libraries in a folder need of the system, read from the ELF files themselves."""

import re
from dataclasses import dataclass
from pathlib import Path

from making.places import HERE, Stopped, read_toml, run

_NEEDED = re.compile(r"NEEDED\s+(\S+)")
_VERSION = re.compile(r"\b(GLIBC)_(\d+)\.(\d+)(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Needs:
    """The sonames that are not in the folder, sorted, and the newest version of glibc that any file asks for, as in 2.35."""

    sonames: tuple[str, ...]
    glibc: str


def needs_of(folder: Path) -> Needs:
    """Read every ELF file below `folder`."""
    here: set[str] = set()
    needed: set[str] = set()
    newest = (0, 0)
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            continue
        here.add(path.name)
        if path.is_symlink() or path.open("rb").read(4) != b"\x7fELF":
            continue
        said = run("objdump", "-p", path)
        needed.update(_NEEDED.findall(said))
        newest = max([newest, *((int(one[2]), int(one[3])) for one in _VERSION.finditer(said))])
    return Needs(tuple(sorted(needed - here)), f"{newest[0]}.{newest[1]}")


def debian_packages(needs: Needs) -> list[str]:
    """Which packages of Debian and Ubuntu have them. Raises Stopped for a library that contents.toml does not know."""
    table: dict[str, str] = read_toml(HERE / "contents.toml")["linux"]["debian"]
    unknown = [one for one in needs.sonames if one not in table]
    if unknown:
        raise Stopped(f"The program needs libraries that contents.toml neither bundles nor knows a package of: {', '.join(unknown)}.")
    return sorted({table[one].format(glibc=needs.glibc) for one in needs.sonames})
