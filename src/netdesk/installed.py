"""How this NetDesk came onto the computer, and the command that starts it."""

import sys
from pathlib import Path
from typing import Final

APPLICATION: Final = "org.netdesk.NetDesk"


def form() -> str:
    """One of: package (of the system), one file (of the user's own), setup (Windows), app (macOS), checkout."""
    program = Path(sys.executable)
    frozen = bool(getattr(sys, "frozen", False))
    if sys.platform == "win32":  # frozen on a Windows, or with its Python beside it when it was built elsewhere
        return "setup" if frozen or (program.parent / "Lib/site/netdesk").is_dir() else "checkout"
    if not frozen:
        return "checkout"
    if sys.platform == "darwin":
        return "app"
    return "one file" if (program.parent.parent / "remove").exists() else "package"


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


class Replaced:
    """Tells whether an update has replaced the program that runs: what it has not loaded yet is then another version's, or gone."""

    def __init__(self) -> None:
        self._program = Path(sys.executable) if form() in ("package", "one file", "app") else None
        self._mark = self._looks()

    def _looks(self) -> tuple[int, ...] | None:
        if self._program is None:
            return None
        try:
            found = self._program.stat()
            current = self._program.parent.parent / "current"
            beside = current.stat().st_ino if form() == "one file" else 0
        except OSError:
            return ()
        return found.st_ino, found.st_size, found.st_mtime_ns, beside

    def is_there(self) -> bool:
        """Whether there is a program in its place."""
        return self._program is None or self._program.exists()

    def __call__(self) -> bool:
        """Whether it has, by now."""
        return self._looks() != self._mark
