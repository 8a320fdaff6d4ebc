"""Checks of what was built: the systems' own checkers have nothing to say, the sizes are those we want, two builds are the same."""

import shutil
from collections.abc import Callable
from pathlib import Path

from making.places import ID, WORK, Stopped, run, say
from making.sums import sum_of

LARGEST = {".deb": 45_000_000, ".rpm": 45_000_000, ".run": 45_000_000, ".exe": 45_000_000}


def check(path: Path) -> None:
    """Hold a package against the checkers that there are for it. Raises Stopped with what they say."""
    most = LARGEST.get(path.suffix)
    if most is not None and path.stat().st_size > most:
        raise Stopped(f"{path.name} has {path.stat().st_size:,} bytes; at most {most:,} are wanted.")
    if path.suffix == ".deb":
        _check_deb(path)
    elif path.suffix == ".rpm":
        run("rpm", "--checksig", "--nosignature", path)
    elif path.suffix == ".run":
        run("sh", path, "--check")


def _check_deb(path: Path) -> None:
    share = WORK / "deb/usr/share"
    run("desktop-file-validate", share / f"applications/{ID}.desktop")
    run("appstreamcli", "validate", "--no-net", share / f"metainfo/{ID}.metainfo.xml")
    said = run("lintian", "--no-cfg", "--profile", "debian", "--fail-on", "error,warning", "--tag-display-limit", "0", path)
    if said.strip():
        say(said.strip())


def compare(made: list[Path], again: Callable[[], list[Path]]) -> None:
    """Build again and compare with what was built. Raises Stopped with the names of those that differ."""
    first = WORK / "first"
    shutil.rmtree(first, ignore_errors=True)
    first.mkdir(parents=True)
    for one in made:
        shutil.move(one, first / one.name)
    say("building a second time, to compare")
    different = [one.name for one in again() if sum_of(one) != sum_of(first / one.name)]
    if different:
        raise Stopped(f"Two builds differ: {', '.join(different)}. The first one is in {first}.")
    say(f"the two builds are the same, byte by byte: {', '.join(one.name for one in made)}")
