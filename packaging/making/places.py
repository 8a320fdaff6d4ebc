"""Where things are, what this version is called, and how a tool is run so that two builds are alike."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
HERE: Final = ROOT / "packaging"
WORK: Final = ROOT / ".build"
OUT: Final = ROOT / "dist"
ENVIRONMENT: Final = WORK / "env"


class Stopped(Exception):
    """The build cannot go on; carries the sentence that says why."""


def read_toml(path: Path) -> dict[str, Any]:
    """The settings in a TOML file."""
    return tomllib.loads(path.read_text("utf-8"))


HOME: Final = read_toml(HERE / "home.toml")
ID: Final[str] = HOME["id"]


def version(root: Path = ROOT) -> str:
    """The version of the program in a checkout: src/netdesk/__init__.py is the only place that says it."""
    found = re.search(r'^__version__ = "([^"]+)"$', (root / "src/netdesk/__init__.py").read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise Stopped("src/netdesk/__init__.py says no version.")
    return found[1]


def epoch() -> int:
    """The time that everything in a package has, in seconds: SOURCE_DATE_EPOCH, else that of the latest commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    said = subprocess.run(["git", "-C", ROOT, "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False)
    if said.returncode:
        raise Stopped("This is no git checkout: give SOURCE_DATE_EPOCH, the time that the files in the packages should have.")
    return int(said.stdout)


def steady() -> dict[str, str]:
    """The environment of every tool: nothing of the machine's language, time zone or hash seed gets into a package."""
    return {**os.environ, "SOURCE_DATE_EPOCH": str(epoch()), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def run(*words: str | Path, folder: Path | None = None, more: dict[str, str] | None = None) -> str:
    """Run a tool and give what it printed. Raises Stopped with its last words when it fails or is not there."""
    try:
        done = subprocess.run(
            [str(one) for one in words], cwd=folder, env={**steady(), **(more or {})}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise Stopped(f"{words[0]} is not on this machine; packaging/build --yes installs what is missing.") from None
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-20:])
        raise Stopped(f"{Path(str(words[0])).name} failed:\n{last}")
    return done.stdout


def say(text: str) -> None:
    """Tell whoever builds what happens."""
    print(f"packaging: {text}", file=sys.stderr, flush=True)


def write(path: Path, text: str, mode: int = 0o644) -> Path:
    """Write a text file of a package, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
    path.chmod(mode)
    return path


def settle(folder: Path) -> None:
    """Give everything below a folder the same time and the modes that a package has, whatever the umask was."""
    at = epoch()
    for one in sorted(folder.rglob("*"), reverse=True):
        if not one.is_symlink():
            one.chmod(0o755 if one.is_dir() or one.stat().st_mode & 0o100 else 0o644)
        os.utime(one, (at, at), follow_symlinks=False)
    os.utime(folder, (at, at))
