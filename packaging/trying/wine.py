"""Tries the setup program where there is no Windows, under Wine: install, use, update, remove, with and without the data.

Wine is not Windows. Two libraries that Wine lacks stand in for it (windows/wine/, never shipped), and what it cannot do is not tried:
a click on an `xmpp:` link from a browser, the dialogs of the setup program, the keyring.
"""

import json
import os
import pty
import shutil
import subprocess
import sys
import time
from pathlib import Path

from making.places import HERE, WORK, Stopped, run, say, version
from trying.screen import Screen, wait_until

_OVERRIDES = "mscoree=;mshtml=;winemenubuilder.exe=;winedbg.exe=;mscms=n"
# Wine crashes on colour fonts.
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir></fontconfig>
"""
_KEYS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\NetDesk"


class Wine:
    """A Windows of its own below a folder, on a screen."""

    def __init__(self, screen: Screen, setup: Path, pictures: Path) -> None:
        self.screen = screen
        self.setup = setup
        self.pictures = pictures
        self.folder = WORK / "wine"
        self.local = self.folder / f"drive_c/users/{os.environ.get('USER', 'root')}/AppData/Local"
        self._environment = {
            **os.environ, "WINEPREFIX": str(self.folder), "WINEDEBUG": "-all", "WINEARCH": "win64", "WINEDLLOVERRIDES": _OVERRIDES, "DISPLAY": screen.name,
            "FONTCONFIG_FILE": str(WORK / "fonts.conf"), "PATH": f"{os.environ['PATH']}:/usr/lib/wine",
        }  # fmt: skip

    def start(self, *words: str | Path) -> "subprocess.Popen[bytes]":
        """Start a program; what Wine prints goes to a file, as its own servers hold on to it."""
        with (WORK / "wine.log").open("ab") as told:
            return subprocess.Popen(["wine64", *map(str, words)], stdin=subprocess.DEVNULL, stdout=told, stderr=told, env=self._environment)

    def run(self, *words: str | Path, seconds: float = 180) -> int:
        """Run a program to its end; gives its exit status. Raises Stopped when it does not end."""
        process = self.start(*words)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Stopped(f"{words[0]} does not end under Wine.") from None

    def terminal(self, *words: str | Path) -> str:
        """Run a program of the command line on a terminal (without one Wine gives it no output) and give what it printed."""
        mine, theirs = pty.openpty()
        process = subprocess.Popen(["wine64", *map(str, words)], stdin=theirs, stdout=theirs, stderr=theirs, env=self._environment)
        os.close(theirs)
        os.set_blocking(mine, False)
        told, deadline = b"", time.monotonic() + 120
        while time.monotonic() < deadline:
            ended = process.poll() is not None
            try:
                told += os.read(mine, 65_536)
            except (BlockingIOError, OSError):
                if ended:
                    break
                time.sleep(0.05)
        os.close(mine)
        return told.decode("utf-8", "replace")

    @property
    def program(self) -> Path:
        """Where it is installed."""
        return self.local / "Programs/NetDesk"

    def make(self) -> None:
        """A new Windows."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (WORK / "wine.log").unlink(missing_ok=True)
        (WORK / "fonts.conf").write_text(_FONTS, "utf-8")
        self.run("wineboot", "-i")
        self.stop()
        users = [one for one in (self.folder / "drive_c/users").iterdir() if one.name != "Public"]
        self.local = users[0] / "AppData/Local"

    def stop(self) -> None:
        """End everything that runs in it."""
        subprocess.run(["wineserver64", "-k", "-w"], env=self._environment, timeout=60, check=False)

    def install(self) -> None:
        """Without a question; then what Wine lacks comes, and what it hangs in goes: Qt's listener for changes of the network."""
        status = self.run(self.setup, "/S")
        if status:
            raise Stopped(f"The setup program ended with {status}.")
        for name in ("icuuc", "mscms"):
            run("x86_64-w64-mingw32-gcc", "-shared", "-O2", "-w", "-o", self.program / f"{name}.dll", HERE / f"windows/wine/{name}.c")
        shutil.rmtree(self.program / "Lib/site/PySide6/plugins/networkinformation")

    def window(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start the window, as a click does it, by `start`: what is started without it inherits handles that a window cannot have."""
        process = self.start("start", "/wait", self._windows("netdesk.exe"), *words)
        wait_until(lambda: bool(self.screen.windows("^NetDesk")) or process.poll() is not None, "a window under Wine", 90)
        if process.poll() is not None:
            raise Stopped(f"Under Wine the window ended with {process.returncode} before it was there.")
        return process

    def close(self, process: "subprocess.Popen[bytes]") -> None:
        """Close the window, as its cross does it: under Wine keys with Ctrl do not always arrive."""
        self.run("taskkill", "/im", "netdesk.exe")
        wait_until(lambda: not self.screen.windows("^NetDesk"), "the window closes under Wine")
        wait_until(lambda: process.poll() is not None, "the program ends under Wine")
        if process.returncode:
            raise Stopped(f"Under Wine the window ended with {process.returncode}.")

    def answered(self) -> list[str]:
        """Who was answered in the sample, read from a copy of its data by the checkout: a terminal under Wine breaks long lines."""
        copy = WORK / "wine-data"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.local / "netdesk-sample", copy)
        told = run(sys.executable, "-m", "netdesk", "--sample", "--data-dir", copy, "list", "answered", "--json")
        return [str(one["address"]) for one in json.loads(told)]

    def _windows(self, name: str) -> str:
        return "C:" + str(self.program / name).partition("drive_c")[2].replace("/", "\\")

    def key(self, path: str) -> bool:
        """Whether the registry has a key."""
        return self.run("reg", "query", path) == 0


def try_setup(setup: Path, pictures: Path) -> None:
    """The whole story. Raises Stopped at the first thing that is not so."""
    with Screen() as screen:
        wine = Wine(screen, setup, pictures)
        wine.make()
        try:
            _story(wine)
        finally:
            wine.stop()


def _story(wine: Wine) -> None:
    def check(told: bool, sentence: str) -> None:
        if not told:
            raise Stopped(sentence)

    say("installing under Wine")
    wine.install()
    check(
        f"NetDesk {version()}" in wine.terminal(wine.program / "netdesk-cli.exe", "--version"), "netdesk-cli.exe does not say its version."
    )
    check(any(wine.folder.rglob("NetDesk.lnk")), "There is no entry in the start menu.")
    check(wine.key(_KEYS), "It is not among the installed programs.")
    check(wine.key(r"HKCU\Software\Classes\NetDesk.xmpp\shell\open\command"), "It does not open xmpp: links.")
    say("using it under Wine")
    window = wine.window("--sample")
    wine.screen.settle()
    wine.screen.wait_for("^NetDesk")
    wine.screen.press("a")
    time.sleep(2)  # Wine draws late: a picture that stays may be the one before the key
    wine.screen.settle()
    wine.screen.keep(wine.pictures / "windows-wine/answered.png")
    wine.close(window)
    answered = wine.answered()
    check(bool(answered), "The answer is not there after closing.")
    say("updating under Wine")
    stale = wine.program / "Lib/site/of-the-earlier-version.py"
    stale.write_text("", "utf-8")
    wine.install()
    check(not stale.exists(), "What only the earlier version had is still there after the update.")
    check(wine.answered() == answered, "The answers are other ones after the update.")
    say("removing under Wine")
    wine.run(wine.program / "uninstall.exe", "/S")
    wait_until(lambda: not (wine.program / "netdesk.exe").exists(), "the program goes")
    wait_until(lambda: not wine.key(_KEYS), "its entry among the installed programs goes")
    check(not any(wine.folder.rglob("NetDesk.lnk")), "The entry in the start menu is still there.")
    check(not wine.key(r"HKCU\Software\Classes\NetDesk.xmpp"), "It still opens xmpp: links.")
    check((wine.local / "netdesk-sample/desk.db").exists(), "The data went with the program.")
    wine.install()
    wine.run(wine.program / "uninstall.exe", "/S", "/DATA")
    wait_until(lambda: not (wine.local / "netdesk-sample").exists(), "the data goes when that is chosen")
