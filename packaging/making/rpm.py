"""The RPM package, for Fedora and those like it. Its dependency on a library is the library's own name, as rpm has it everywhere."""

import shutil
from pathlib import Path

from making.elf import Needs, needs_of
from making.places import HERE, HOME, OUT, WORK, epoch, read_toml, run, say, version
from making.stage import stage


def make_rpm(program: Path) -> Path:
    """Pack the frozen program; gives dist/netdesk-VERSION-1.x86_64.rpm."""
    say("packing the .rpm")
    root, work = WORK / "rpm", WORK / "rpmbuild"
    stage(program, root)
    requires = requires_of(needs_of(root / "usr/lib/netdesk"))
    licences = root / "usr/share/licenses/netdesk"
    licences.mkdir(parents=True)
    (root / "usr/share/doc/netdesk/copyright").rename(licences / "copyright")
    shutil.copyfile(HERE.parent / "LICENSE", licences / "LICENSE")
    shutil.rmtree(root / "usr/share/doc")
    for one in [licences, *licences.iterdir(), root / "usr/share"]:
        run("touch", "-d", f"@{epoch()}", one)
    shutil.rmtree(work, ignore_errors=True)
    words = read_toml(HERE / "deb/control.toml")
    spec = (HERE / "rpm/netdesk.spec").read_text("utf-8")
    for name, text in (
        ("@VERSION@", version()),
        ("@SUMMARY@", words["summary"][0].upper() + words["summary"][1:]),
        ("@PAGE@", HOME["page"]),
        ("@MAKER@", f"{HOME['maker']} <{HOME['mail']}>"),
        ("@REQUIRES@", "\n".join(f"Requires: {one}" for one in requires)),
        ("@DESCRIPTION@", words["description"].strip()),
        ("@ROOT@", str(root)),
    ):
        spec = spec.replace(name, text)
    made = WORK / "netdesk.spec"
    made.write_text(spec, "utf-8")
    run("rpmbuild", "-bb", "--quiet", "--define", f"_topdir {work}", "--define", "_buildhost netdesk.example", made)
    OUT.mkdir(exist_ok=True)
    target = OUT / f"netdesk-{version()}-1.x86_64.rpm"
    shutil.move(work / f"RPMS/x86_64/{target.name}", target)
    return target


def requires_of(needs: Needs) -> list[str]:
    """The requirements as rpm writes them for 64 bits."""
    libraries = [f"{one}()(64bit)" for one in needs.sonames if one not in ("libc.so.6", "ld-linux-x86-64.so.2")]
    return [f"libc.so.6(GLIBC_{needs.glibc})(64bit)", *libraries, "ca-certificates"]
