"""The frozen program: Python, Qt, the libraries and NetDesk in one folder, by PyInstaller."""

import shutil
from pathlib import Path

from making.places import ENVIRONMENT, HERE, WORK, Stopped, epoch, run, say, settle, version

_LARGEST = 150_000_000


def freeze() -> Path:
    """Build the folder of the program anew; it holds `netdesk` and `lib/`. Raises Stopped when it does not run or is far too large."""
    say("freezing the program")
    shutil.rmtree(WORK / "frozen", ignore_errors=True)
    run(
        ENVIRONMENT / "bin/pyinstaller", "--clean", "--noconfirm", "--log-level", "ERROR",
        "--distpath", WORK / "frozen", "--workpath", WORK / "work", HERE / "netdesk.spec", more={"NETDESK_VERSION": version()},
    )  # fmt: skip
    folder = WORK / "frozen/netdesk"
    for one in folder.rglob("*"):
        if one.is_file() and not one.is_symlink():
            one.chmod(0o755 if one.parent == folder else 0o644)
    settle(folder)
    said = run(folder / "netdesk", "--version").strip()
    if said != f"NetDesk {version()}":
        raise Stopped(f"The frozen program calls itself {said}.")
    size = size_of(folder)
    if size > _LARGEST:
        raise Stopped(f"The frozen program has {size} bytes, {_LARGEST} are thought to be enough: something got in that does not belong.")
    say(f"the program has {size / 1e6:.0f} MB, its files the time {epoch()}")
    return folder


def size_of(folder: Path) -> int:
    """How many bytes the files below a folder have."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file() and not one.is_symlink())
