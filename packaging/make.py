"""Builds the packages; started by packaging/build, which sets up what it needs."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from making.check import check, compare
from making.deb import make_deb
from making.freeze import freeze
from making.onefile import make_onefile
from making.places import OUT, Stopped, say
from making.rpm import make_rpm
from making.sbom import make_sbom
from making.sums import write_sums
from making.windows import make_windows

FROZEN: Final[dict[str, Callable[[Path], Path]]] = {"deb": make_deb, "rpm": make_rpm, "appdir": make_onefile}
TARGETS: Final = (*FROZEN, "windows")


def build(targets: list[str]) -> list[Path]:
    """Build these, each from nothing; gives the files in dist/."""
    made = []
    if any(one in FROZEN for one in targets):
        program = freeze()
        made = [FROZEN[one](program) for one in targets if one in FROZEN]
        made.append(make_sbom(program))
    if "windows" in targets:
        made.append(make_windows())
    return made


def main() -> int:
    """Gives the exit status: 0 built and checked, 1 stopped with a sentence."""
    parser = argparse.ArgumentParser(prog="packaging/build", description=__doc__)
    parser.add_argument("targets", nargs="+", choices=[*TARGETS, "all"], metavar="TARGET", help=", ".join([*TARGETS, "all"]))
    parser.add_argument("--twice", action="store_true", help="build a second time and compare the two byte by byte")
    words = parser.parse_args()
    targets = list(TARGETS) if "all" in words.targets else list(dict.fromkeys(words.targets))
    try:
        made = build(targets)
        if words.twice:
            compare(made, lambda: build(targets))
        for one in made:
            check(one)
        write_sums()
    except Stopped as error:
        say(str(error))
        return 1
    for one in made:
        print(f"{one.relative_to(OUT.parent)}  {one.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
