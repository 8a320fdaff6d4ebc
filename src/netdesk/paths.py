"""Where data, run-time files and resources are."""

import os
import sys
from pathlib import Path

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


def make_private(folder: Path) -> Path:
    """`folder`, made if it is missing, open to its owner alone (0700)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    return folder
