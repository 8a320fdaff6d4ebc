"""Starting with the computer: on only when the owner says so, in the system's own place for it, where other programs show it too."""

import contextlib
import os
import plistlib
import subprocess
import sys
from pathlib import Path
from typing import Final

from netdesk.domain.errors import StorageTrouble
from netdesk.installed import APPLICATION, command, form
from netdesk.paths import private_file

if sys.platform == "win32":
    import winreg

HIDDEN: Final = "--background"
_RUN: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"


def is_on() -> bool:
    """Whether NetDesk starts with the computer."""
    if sys.platform == "win32":
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                winreg.QueryValueEx(key, "NetDesk")
        except OSError:
            return False
        return True
    try:
        lines = {one.strip().lower() for one in place().read_text("utf-8", "replace").splitlines()}
    except OSError:
        return False
    return not lines & {"hidden=true", "x-gnome-autostart-enabled=false"}  # as desktops switch it off


def choose(*, on: bool) -> None:
    """Start with the computer from now on, or no longer. Raises StorageTrouble when the system's place cannot be written."""
    try:
        if sys.platform == "win32":
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                if on:
                    winreg.SetValueEx(key, "NetDesk", 0, winreg.REG_SZ, subprocess.list2cmdline([*command(), HIDDEN]))
                elif is_on():
                    winreg.DeleteValue(key, "NetDesk")
        elif on:
            place().parent.mkdir(parents=True, exist_ok=True)
            with private_file(place()) as file:
                file.write(entry([*command(), HIDDEN]))
        else:
            place().unlink(missing_ok=True)
    except OSError as error:
        raise StorageTrouble("autostart", detail=str(error.filename or "")) from error


def put_right() -> None:
    """Where it is on for a NetDesk that is gone or was elsewhere, let it start this one. What cannot be written stays as it is; a checkout
    takes the place of nothing that is installed."""
    if sys.platform == "win32" or form() == "checkout" or not is_on():
        return
    wanted = entry([*command(), HIDDEN])
    with contextlib.suppress(OSError, StorageTrouble):
        if place().read_text("utf-8", "replace") != wanted:
            choose(on=True)


def place() -> Path:
    """The file that says it (Linux: XDG autostart; macOS: a launch agent)."""
    if sys.platform == "darwin":
        return Path.home() / f"Library/LaunchAgents/{APPLICATION}.plist"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / f"autostart/{APPLICATION}.desktop"


def entry(words: list[str]) -> str:
    """What the file says to start these words.

    Linux: Desktop Application Autostart Specification 0.5 and Desktop Entry Specification 1.5, "The Exec key"; macOS: launchd.plist(5).
    """
    if sys.platform == "darwin":
        return plistlib.dumps({"Label": APPLICATION, "ProgramArguments": words, "RunAtLoad": True, "ProcessType": "Interactive"}).decode()
    return (
        "[Desktop Entry]\nType=Application\nName=NetDesk\nComment=Looks after your connection requests\n"
        f"Exec={' '.join(map(_quoted, words))}\nTryExec={words[0]}\nIcon={APPLICATION}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
    )


def _quoted(word: str) -> str:
    """A word of an Exec line. Quotes only where they must be: some readers know none."""
    if word and all(one.isalnum() or one in "/._-+:" for one in word):
        return word
    quoted = "".join("\\" + one if one in '\\"`$' else one for one in word).replace("\\", "\\\\").replace("%", "%%")
    return f'"{quoted}"'
