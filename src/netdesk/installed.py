"""How this NetDesk came onto the computer, and the command that starts it."""

import sys
from pathlib import Path
from typing import Final

APPLICATION: Final = "org.netdesk.NetDesk"
_ONE_FILE: Final = ".local/opt/netdesk"


def form(program: Path | None = None) -> str:
    """One of: package (of the system), one file (of the user's own), setup (Windows), app (macOS), checkout.

    `program` is the program that runs, where it is not this one.
    """
    at = program or Path(sys.executable)
    if sys.platform == "win32":
        return "setup" if (at.name.lower() != "python.exe" and (at.parent / "Lib/site/netdesk").is_dir()) or _is_frozen() else "checkout"
    if not _is_frozen() and program is None:
        return "checkout"
    if sys.platform == "darwin":
        return "app"
    return "one file" if (at.parent.parent / "remove").exists() else "package"


def command() -> list[str]:
    """The words that start the program as it was started now; without options."""
    if form() == "checkout":
        return [sys.executable, "-m", "netdesk"]
    program = Path(sys.executable)
    if form() == "one file":
        program = program.parent.parent / "current" / program.name  # stays true when an update puts the program beside this one
    if sys.platform == "win32" and program.name.lower() == "netdesk-cli.exe":
        program = program.with_name("netdesk.exe")
    return [str(program)]


def _is_frozen() -> bool:
    return bool(getattr(sys, "frozen", False))
