"""A small Debian in a folder (debootstrap), and commands in it, as root or as an ordinary user."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from making.places import WORK, Stopped, run, say

MIRROR: Final = "http://deb.debian.org/debian"
USER: Final = "ann"
_NUMBER: Final = "1000"
# What a desktop brings along: who opens links, and what keeps the menu's database.
_DESKTOP: Final = ("xdg-utils", "desktop-file-utils", "hicolor-icon-theme", "fonts-dejavu-core", "man-db")
_ENTER: Final = """
set -e
mount --make-rprivate /
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
if [ -d /tmp/.X11-unix ]; then mkdir -p "$1/tmp/.X11-unix"; mount --bind /tmp/.X11-unix "$1/tmp/.X11-unix"; fi
root=$1; shift
exec "$@"
"""
_UNTOLD: Final = ("proc", "sys", "dev", "tmp", "var/cache", "var/log", "var/lib/dpkg", "var/lib/apt", "var/lib/rpm", "etc/ld.so.cache")


def outside(*words: str | Path, text: str = "") -> str:
    """Run a command of this machine with its own language and time."""
    done = subprocess.run([str(one) for one in words], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stopped(f"{' '.join(map(str, words[:3]))}… failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


class Machine:
    """A system of its own below a folder. It shares this machine's kernel, screen and loopback, nothing else."""

    def __init__(self, suite: str) -> None:
        self.suite = suite
        self.root = WORK / f"roots/{suite}"

    def make(self) -> None:
        """Make it anew from a copy of the bare system; that is kept, and made by debootstrap the first time."""
        bare = WORK / f"roots/{self.suite}.bare"
        if not (bare / "etc/netdesk-ready").exists():
            say(f"making a bare Debian ({self.suite}) by debootstrap")
            shutil.rmtree(bare, ignore_errors=True)
            bare.parent.mkdir(parents=True, exist_ok=True)
            run("debootstrap", "--variant=minbase", f"--include={','.join(_DESKTOP)}", self.suite, bare, MIRROR)
            run("chroot", bare, "useradd", "--create-home", "--uid", _NUMBER, "--shell", "/bin/sh", USER)
            (bare / "etc/netdesk-ready").touch()
        shutil.rmtree(self.root, ignore_errors=True)
        outside("cp", "-a", "--reflink=auto", bare, self.root)
        runtime = self.root / f"run/user/{_NUMBER}"
        runtime.mkdir(parents=True)
        os.chown(runtime, int(_NUMBER), int(_NUMBER))
        runtime.chmod(0o700)

    @property
    def home(self) -> Path:
        """The user's home, seen from outside."""
        return self.root / "home" / USER

    def words(
        self, *words: str, user: bool = True, display: str = "", trace: Path | None = None, more: dict[str, str] | None = None
    ) -> list[str]:
        """The command line that runs `words` in there. With `trace`, what it does to files and network is written to that file."""
        place = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", **(more or {})}
        become: list[str] = []
        if user:
            place |= {"HOME": f"/home/{USER}", "USER": USER, "XDG_RUNTIME_DIR": f"/run/user/{_NUMBER}"}
            become = ["setpriv", f"--reuid={_NUMBER}", f"--regid={_NUMBER}", "--clear-groups"]
        else:
            place |= {"HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}
        if display:
            place["DISPLAY"] = display
        settings = [f"{name}={value}" for name, value in place.items()]
        follow: list[str] = []
        if trace is not None:
            calls = "%network,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,symlink,symlinkat,link,linkat"
            calls += ",open,openat2,unlink,unlinkat,rmdir,truncate,chmod,fchmodat"
            follow = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", f"trace={calls}", "-o", str(trace)]
        return [
            "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _ENTER, "sh", str(self.root), *follow,
            "chroot", str(self.root), *become, "env", "-i", "-C", place["HOME"], *settings, *words,
        ]  # fmt: skip

    def run(
        self,
        *words: str,
        user: bool = True,
        display: str = "",
        trace: Path | None = None,
        more: dict[str, str] | None = None,
        text: str = "",
    ) -> str:
        """Run a command in there and give what it printed. Raises Stopped when it fails or takes two minutes."""
        try:
            done = subprocess.run(
                self.words(*words, user=user, display=display, trace=trace, more=more),
                input=text,
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Stopped(f"{' '.join(words)} does not end.") from None
        if done.returncode:
            raise Stopped(f"{' '.join(words)} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-3000:]}")
        return done.stdout

    def put(self, path: Path) -> str:
        """Copy a file into /srv there, readable by all; gives its path there."""
        target = self.root / "srv" / path.name
        shutil.copyfile(path, target)
        target.chmod(0o755)
        return f"/srv/{path.name}"

    def files(self) -> dict[str, tuple[int, int, int]]:
        """All files there but what the system itself notes (packages, caches, logs): path -> kind with mode, size, time of change."""
        found = {}
        waiting = [self.root]
        while waiting:
            for entry in os.scandir(waiting.pop()):
                path = os.path.relpath(entry.path, self.root)
                if path in _UNTOLD:
                    continue
                told = entry.stat(follow_symlinks=False)
                is_folder = entry.is_dir(follow_symlinks=False)
                if is_folder:
                    waiting.append(Path(entry.path))
                found[path] = (told.st_mode, 0 if is_folder else told.st_size, 0 if is_folder else told.st_mtime_ns)
        return found


def changed(before: dict[str, tuple[int, int, int]], after: dict[str, tuple[int, int, int]]) -> list[str]:
    """What is new, different or gone, sorted."""
    return sorted(one for one in before.keys() | after.keys() if before.get(one) != after.get(one))
