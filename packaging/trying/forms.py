"""The forms that a package comes in: how each is installed, updated and removed, and where its program is then."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Protocol

from making.places import WORK, Stopped, run
from trying.machine import USER, Machine, outside
from trying.screen import Screen

EARLIER = "0.0.9"


class Form(Protocol):
    """One form of the package on a machine."""

    program: str
    path: Path
    in_place: bool  # an update replaces the files of a program that runs

    def prepare(self) -> None:
        """Install what the system has to bring along, and nothing of NetDesk."""

    def install(self, path: Path) -> None:
        """Install or update."""

    def remove(self, screen: Screen, pictures: Path, /) -> None:
        """Remove the program, not the data; where that is asked in a window, on this screen."""

    def earlier(self) -> Path | None:
        """The same package as an earlier version of itself, with a file more; None where that cannot be made."""


class Deb:
    """The Debian package, by apt."""

    program = "/usr/bin/netdesk"
    in_place = True

    def __init__(self, machine: Machine, path: Path) -> None:
        self.machine = machine
        self.path = path

    def prepare(self) -> None:
        """apt brings what the package declares; then the package goes again, and what it brought stays."""
        self.machine.run("apt-get", "update", "-qq", user=False)
        self.machine.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", self.machine.put(self.path), user=False)
        self.machine.run("dpkg", "--purge", "netdesk", user=False)

    def install(self, path: Path) -> None:
        """By dpkg: all that it declares is there."""
        self.machine.run("dpkg", "-i", self.machine.put(path), user=False)

    def remove(self, _screen: Screen, _pictures: Path, /) -> None:
        """With purge nothing of it is to stay."""
        self.machine.run("dpkg", "--purge", "netdesk", user=False)

    def earlier(self) -> Path | None:
        """Unpacked, named anew, packed."""
        folder = WORK / "earlier"
        shutil.rmtree(folder, ignore_errors=True)
        run("dpkg-deb", "-R", self.path, folder)
        control = folder / "DEBIAN/control"
        control.write_text(re.sub(r"^Version: .*$", f"Version: {EARLIER}", control.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
        (folder / "usr/lib/netdesk/lib/of-the-earlier-version").write_text("gone after the update\n", "utf-8")
        target = WORK / f"netdesk_{EARLIER}_amd64.deb"
        run("dpkg-deb", "--root-owner-group", "-Znone", "--build", folder, target)
        return target


class Rpm:
    """The RPM package, by this machine's rpm, on a Debian: its dependencies are those of the .deb, by other names."""

    program = "/usr/bin/netdesk"
    in_place = True

    def __init__(self, machine: Machine, path: Path, deb: Path) -> None:
        self.machine = machine
        self.path = path
        self._deb = deb

    def prepare(self) -> None:
        """The libraries come from Debian; each name that the package requires has to be among them. Two folders that every Fedora has."""
        Deb(self.machine, self._deb).prepare()
        self.machine.run("mkdir", "-p", "/usr/share/metainfo", "/usr/share/licenses", user=False)
        there = self.machine.run("/sbin/ldconfig", "-p", user=False)
        wanted = [
            one.partition("(")[0] for one in run("rpm", "-qpR", self.path).splitlines() if one.startswith("lib") and "GLIBC" not in one
        ]
        missing = [one for one in wanted if one not in there]
        if missing:
            raise Stopped(f"The .rpm requires what its own libraries do not name on Debian: {', '.join(missing)}")

    def install(self, path: Path) -> None:
        """Without asking for dependencies: Debian's are not in its database."""
        self.machine.put(path)
        outside("rpm", "--root", self.machine.root, "--dbpath", "/var/lib/rpm", "-U", "--force", "--nodeps", path)

    def remove(self, _screen: Screen, _pictures: Path, /) -> None:
        """What the package has installed goes."""
        outside("rpm", "--root", self.machine.root, "--dbpath", "/var/lib/rpm", "-e", "--nodeps", "netdesk")

    def earlier(self) -> Path | None:
        """An rpm cannot be named anew; it is installed over itself."""
        return None


class Onefile:
    """The one-file form, by the user alone."""

    program = f"/home/{USER}/.local/bin/netdesk"
    in_place = False

    def __init__(self, machine: Machine, path: Path) -> None:
        self.machine = machine
        self.path = path

    def prepare(self) -> None:
        """What every desktop has, and the packer's tools; none of the small X11 libraries that the form brings along."""
        self.machine.run("apt-get", "update", "-qq", user=False)
        self.machine.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *_EVERY_DESKTOP, user=False)

    def install(self, path: Path) -> None:
        """Started as a file, or as the script that is in it for an earlier version, which is not packed again."""
        there = self.machine.put(path)
        if path.suffix == ".run":
            self.machine.run("sh", there, "--", "--no-start")
        else:
            self.machine.run("sh", "-c", f"tar -xf {there} -C /tmp && sh /tmp/earlier/install.sh --no-start && rm -rf /tmp/earlier")

    def remove(self, screen: Screen, pictures: Path, /) -> None:
        """By its own remover, as the menu's entry starts it: it asks in a window, and the key Return removes the program alone."""
        words = self.machine.words("sh", f"/home/{USER}/.local/opt/netdesk/remove", "--ask", display=screen.name)
        with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as asking:
            screen.wait_for("^Remove NetDesk$")
            screen.settle()
            screen.keep(pictures / "remove.png")
            screen.press("Return")
            _, told = asking.communicate(timeout=60)
        if asking.returncode:
            raise Stopped(f"The remover ended with {asking.returncode}: {told.decode()}")

    def earlier(self) -> Path | None:
        """Unpacked, named anew."""
        folder = WORK / "earlier"
        shutil.rmtree(folder, ignore_errors=True)
        outside("sh", self.path, "--noexec", "--target", folder)
        (folder / "VERSION").write_text(EARLIER + "\n", "utf-8")
        (folder / "program/lib/of-the-earlier-version").write_text("gone after the update\n", "utf-8")
        target = WORK / "earlier.tar"
        outside("tar", "-cf", target, "-C", WORK, "earlier")
        return target


_EVERY_DESKTOP = (
    "libegl1", "libgl1", "libglib2.0-0", "libdbus-1-3", "libfontconfig1", "libx11-6", "libx11-xcb1", "libxcb1", "libxcb-glx0", "libxcb-randr0",
    "libxcb-render0", "libxcb-shape0", "libxcb-shm0", "libxcb-sync1", "libxcb-xfixes0", "libxkbcommon0", "libwayland-client0", "libwayland-cursor0",
    "libwayland-egl1", "libssl3", "libexpat1", "libbrotli1", "libgssapi-krb5-2", "ca-certificates", "xz-utils",
)  # fmt: skip
