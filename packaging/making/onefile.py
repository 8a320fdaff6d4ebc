"""One file that needs no root: it installs NetDesk for the user who starts it (makeself)."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from making.places import HERE, OUT, WORK, Stopped, epoch, read_toml, run, say, settle, version
from making.stage import desktop_files


def make_onefile(program: Path) -> Path:
    """Pack the frozen program; gives dist/NetDesk-VERSION-x86_64.run."""
    say("packing the one-file form")
    root = WORK / "onefile"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(program, root / "program", symlinks=True)
    _small_libraries(root / "program/lib")
    desktop_files(root / "share", "@COMMAND@")
    shutil.copyfile(HERE.parent / "LICENSE", root / "LICENSE")
    (root / "VERSION").write_text(version() + "\n", "utf-8")
    shutil.copyfile(HERE / "onefile/install.sh", root / "install.sh")
    settle(root)
    OUT.mkdir(exist_ok=True)
    target = OUT / f"NetDesk-{version()}-x86_64.run"
    target.unlink(missing_ok=True)
    day = f"{datetime.fromtimestamp(epoch(), UTC):%Y-%m-%d}"
    order = f"--sort=name --mtime=@{epoch()} --owner=0 --group=0 --numeric-owner"
    run(
        "makeself", "--xz", "--complevel", "6", "--sha256", "--threads", "2", "--nox11", "--nomd5", "--nocrc", "--noprogress", "--tar-quietly",
        "--tar-extra", order, "--packaging-date", day, root, target, f"NetDesk {version()}", "sh", "./install.sh",
    )  # fmt: skip
    return target


def _small_libraries(lib: Path) -> None:
    """Bring along the small X11 libraries that a desktop on Wayland may lack and that somebody without root cannot install."""
    cache = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    places = {
        words[0]: Path(words[-1]) for words in (line.split() for line in cache.splitlines()[1:]) if len(words) > 3 and "x86-64" in words[1]
    }
    for name in read_toml(HERE / "contents.toml")["linux"]["small"]:
        if name not in places:
            raise Stopped(f"{name} is not on this machine, and the one-file form brings it along.")
        target = lib / name
        shutil.copyfile(places[name].resolve(), target)
        run("strip", "--strip-unneeded", target)
        target.chmod(0o644)
