"""Tries packages as somebody who installs them: `packaging/smoke deb|rpm|appdir|windows|all`, which sets up what this needs.

A bare Debian by debootstrap, an ordinary user, a screen: install, use (the sample community, one answer, close, open again, a link, an
account on a server on this machine), update from an earlier version, remove. What it writes and whom it speaks to is watched by strace.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from making.places import OUT, WORK, Stopped, say, version
from trying.forms import Deb, Form, Onefile, Rpm
from trying.machine import Machine
from trying.screen import Screen
from trying.story import Story
from trying.wine import try_setup

NAMES = {
    "deb": "netdesk_{}_amd64.deb",
    "rpm": "netdesk-{}-1.x86_64.rpm",
    "appdir": "NetDesk-{}-x86_64.run",
    "windows": "NetDesk-{}-setup.exe",
}
FORMS = tuple(NAMES)


def form_of(name: str, machine: Machine) -> Form:
    """The form by its name, with the package that lies in dist/. Raises Stopped when it is not built."""
    path = package(name)
    if name == "rpm":
        return Rpm(machine, path, package("deb"))
    return Deb(machine, path) if name == "deb" else Onefile(machine, path)


def package(name: str) -> Path:
    """The package of a form in dist/. Raises Stopped when it is not built."""
    path = OUT / NAMES[name].format(version())
    if not path.exists():
        raise Stopped(f"{path.name} is not built: packaging/build {name}")
    return path


def prepare(name: str, suite: str) -> None:
    """With the network: make the machine, and put there what the system brings."""
    machine = Machine(suite)
    machine.make()
    form_of(name, machine).prepare()


def use(name: str, suite: str, pictures: Path) -> None:
    """Without any network but the loopback."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    shutil.rmtree(WORK / "traces", ignore_errors=True)
    (WORK / "traces").mkdir(parents=True)
    machine = Machine(suite)
    with Screen() as screen:
        Story(machine, form_of(name, machine), screen, pictures / f"{name}-{suite}").whole()


def main() -> int:
    """Gives the exit status: 0 all that was tried is so, 1 the first that is not, in a sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forms", nargs="+", choices=[*FORMS, "all"])
    parser.add_argument("--suite", default="bookworm", help="which Debian (bookworm)")
    parser.add_argument("--pictures", type=Path, default=WORK / "pictures", help="where the screen's pictures go")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    words = parser.parse_args()
    try:
        if os.geteuid() != 0:
            raise Stopped("A system in a folder can only be made by root: sudo packaging/smoke …")
        for name in FORMS if "all" in words.forms else words.forms:
            if words.inside:
                use(name, words.suite, words.pictures)
                continue
            if name == "windows":
                try_setup(package("windows"), words.pictures)
                say("the setup program installs, works, updates and goes again under Wine")
                continue
            say(f"trying the {name} on Debian {words.suite}")
            prepare(name, words.suite)
            told = [
                "unshare",
                "--net",
                sys.executable,
                __file__,
                name,
                "--suite",
                words.suite,
                "--pictures",
                str(words.pictures),
                "--inside",
            ]
            if subprocess.run(told, check=False).returncode:
                return 1
            say(f"the {name} is installed, used, updated and removed on Debian {words.suite}")
    except Stopped as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
