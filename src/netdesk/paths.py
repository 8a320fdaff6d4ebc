"""Where data, run-time files and resources are."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

_OWN = ("desk", "netdesk", "community", "backups", "before-", "reports", "crash")
_HERE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """The file or folder `name` below resources/: inside the package when installed, beside src/ in a checkout."""
    inside = _HERE / "resources"
    return (inside if inside.is_dir() else _HERE.parent.parent / "resources") / name


def data_folder(*, sample: bool = False) -> Path:
    """The folder of the desk when none is given: the system's place for a user's data; the sample has its own."""
    name = "netdesk-sample" if sample else "netdesk"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / name
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / name
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / name


@contextmanager
def private_file(path: Path) -> Iterator[TextIO]:
    """A text file to be written for the owner alone (0600); it takes its name only when it is whole."""
    beside = path.with_name(path.name + ".part")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def make_folder(folder: Path) -> Path:
    """`folder`, made if it is missing, as are those above it, open to its owner alone (0700); one that is there stays as it is."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def make_private(folder: Path) -> Path:
    """A folder of NetDesk's own, made if it is missing, open to its owner alone (0700).

    One that is there and holds other things than NetDesk's is somebody's, a home or /tmp: it is used, and stays as it is.
    """
    make_folder(folder)
    if folder.stat().st_mode & 0o077 and all(one.name.startswith(_OWN) for one in folder.iterdir()):
        folder.chmod(0o700)
    return folder
