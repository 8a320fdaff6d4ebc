"""A screen without a monitor (Xvfb), with a keyboard (xdotool) and a camera."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from making.places import Stopped

_PATIENCE = 60.0


def wait_until(what: Callable[[], bool], told: str, seconds: float = _PATIENCE) -> None:
    """Wait until it is so; raises Stopped, which says what did not come about."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise Stopped(f"In {seconds:.0f} seconds it did not come about: {told}.")
        time.sleep(0.1)


class Screen:
    """`with Screen() as screen`: `screen.name` is its display."""

    def __enter__(self) -> Self:
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
            pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as said:
            number = said.readline().strip()
        if not number:
            raise Stopped("Xvfb does not start.")
        self.name = f":{number}"
        return self

    def __exit__(self, *_found: object) -> None:
        self._server.terminate()
        self._server.wait(10)

    def _tool(self, *words: str) -> str:
        done = subprocess.run(["xdotool", *words], env={**os.environ, "DISPLAY": self.name}, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else ""

    def windows(self, title: str) -> list[str]:
        """The visible windows whose title matches."""
        return self._tool("search", "--onlyvisible", "--name", title).split()

    def wait_for(self, title: str) -> str:
        """Wait for a window and give it the keyboard; gives its number."""
        wait_until(lambda: bool(self.windows(title)), f"a window “{title}”")
        number = self.windows(title)[-1]
        self._tool("windowfocus", "--sync", number)
        return number

    def press(self, *keys: str) -> None:
        """Press keys, by xdotool's names."""
        for one in keys:
            self._tool("key", "--clearmodifiers", one)

    def picture(self) -> bytes:
        """What is on it, as raw pixels."""
        return subprocess.run(["import", "-window", "root", "-display", self.name, "rgb:-"], capture_output=True, check=True).stdout

    def settle(self) -> None:
        """Wait until nothing moves, and something is there."""
        last = [b""]

        def still() -> bool:
            before, last[0] = last[0], self.picture()
            return before == last[0] and len(set(last[0][::997])) > 8

        wait_until(still, "a picture that stays")

    def keep(self, path: Path) -> None:
        """Write what is on it to a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["import", "-window", "root", "-display", self.name, str(path)], check=True)
