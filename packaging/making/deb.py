"""The Debian package."""

import shutil
from pathlib import Path

from making.elf import debian_packages, needs_of
from making.places import HERE, HOME, OUT, WORK, read_toml, run, say, settle, version, write
from making.stage import stage


def make_deb(program: Path) -> Path:
    """Pack the frozen program; gives dist/netdesk_VERSION_amd64.deb."""
    say("packing the .deb")
    root = WORK / "deb"
    stage(program, root)
    depends = [*debian_packages(needs_of(root / "usr/lib/netdesk")), *read_toml(HERE / "deb/control.toml")["depends"]]
    overrides = root / "usr/share/lintian/overrides/netdesk"
    overrides.parent.mkdir(parents=True)
    shutil.copyfile(HERE / "deb/lintian-overrides", overrides)
    _control(root, sorted(set(depends)))
    settle(root)
    OUT.mkdir(exist_ok=True)
    target = OUT / f"netdesk_{version()}_amd64.deb"
    # xz: Debian 12's own checker calls a package in zstd malformed
    run("dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--threads-max=2", "--build", root, target)
    return target


def _control(root: Path, depends: list[str]) -> None:
    words = read_toml(HERE / "deb/control.toml")
    kib = sum((one.stat().st_size + 1023) // 1024 for one in (root / "usr").rglob("*") if one.is_file() and not one.is_symlink())
    fields = {
        "Package": "netdesk",
        "Version": version(),
        "Architecture": "amd64",
        "Maintainer": f"{HOME['maker']} <{HOME['mail']}>",
        "Installed-Size": str(kib),
        "Depends": ", ".join(depends),
        "Recommends": ", ".join(words["recommends"]),
        "Suggests": ", ".join(words["suggests"]),
        "Section": "net",
        "Priority": "optional",
        "Homepage": HOME["page"],
        "Description": words["summary"] + "\n" + "\n".join(f" {line or '.'}" for line in words["description"].strip().splitlines()),
    }
    write(root / "DEBIAN/control", "".join(f"{name}: {text}\n" for name, text in fields.items()))
    sums = run("sh", "-c", "find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum", folder=root)
    write(root / "DEBIAN/md5sums", sums)
