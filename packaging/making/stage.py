"""Lays the frozen program out as a Linux system has it, with all that a desktop wants to know of it."""

import gzip
import shutil
from email.utils import format_datetime
from pathlib import Path
from textwrap import fill
from xml.etree import ElementTree

from making.history import Release, releases
from making.parts import copyright_text
from making.places import HERE, HOME, ID, ROOT, read_toml, settle, version, write

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def stage(program: Path, root: Path) -> None:
    """Fill `root` with usr/: the program below lib/netdesk, its command, menu entry, icons, man page, licences, and metainfo."""
    shutil.rmtree(root, ignore_errors=True)
    usr = root / "usr"
    shutil.copytree(program, usr / "lib/netdesk", symlinks=True)
    (usr / "bin").mkdir()
    (usr / "bin/netdesk").symlink_to("../lib/netdesk/netdesk")
    desktop_files(usr / "share", "netdesk")
    share = usr / "share"
    write(share / "metainfo" / f"{ID}.metainfo.xml", metainfo())
    man = (HERE / "desktop/netdesk.1").read_text("utf-8").replace("@VERSION@", version())
    _zipped(share / "man/man1/netdesk.1.gz", man)
    write(share / "doc/netdesk/copyright", copyright_text())
    _zipped(share / "doc/netdesk/changelog.gz", debian_changelog())
    settle(root)


def desktop_files(share: Path, command: str) -> None:
    """The menu entry, which starts `command`, and the icons, below a share/ folder."""
    entry = (HERE / f"desktop/{ID}.desktop").read_text("utf-8").replace("@COMMAND@", command)
    write(share / "applications" / f"{ID}.desktop", entry)
    for size in SIZES:
        _icon(ROOT / f"resources/icons/netdesk-{size}.png", share / f"icons/hicolor/{size}x{size}/apps/{ID}.png")
    _icon(ROOT / "resources/icons/netdesk.svg", share / f"icons/hicolor/scalable/apps/{ID}.svg")


def _icon(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True)
    shutil.copyfile(source, target)


def _zipped(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))  # no time inside, as gzip -n


def debian_changelog() -> str:
    """The history as Debian writes it."""
    told = []
    for release in releases():
        lines = "\n".join(
            fill(one, 76, initial_indent="  * ", subsequent_indent="    ", break_long_words=False)
            for found in release.lines.values()
            for one in found
        )
        told.append(
            f"netdesk ({release.version}) stable; urgency=medium\n\n{lines}\n\n"
            f" -- {HOME['maker']} <{HOME['mail']}>  {format_datetime(release.at.replace(hour=12, minute=0, second=0, microsecond=0))}\n"
        )
    return "\n".join(told)


def metainfo() -> str:
    """What software centres show (AppStream 1.0): the words of desktop/metainfo.xml, the pictures and the releases."""
    ElementTree.register_namespace("xml", "http://www.w3.org/XML/1998/namespace")
    tree = ElementTree.parse(HERE / "desktop/metainfo.xml")
    root = tree.getroot()
    for name, text in (("id", ID), ("url", HOME["page"]), ("launchable", f"{ID}.desktop")):
        root.find(name).text = text  # type: ignore[union-attr] # the file is ours: it has them
    developer = root.find("developer")
    developer.set("id", ID.rpartition(".")[0])  # type: ignore[union-attr]
    developer.find("name").text = HOME["maker"]  # type: ignore[union-attr]
    shown = ElementTree.SubElement(root, "screenshots")
    for at, (picture, words) in enumerate(read_toml(HERE / "desktop/pictures.toml")["pictures"].items()):
        one = ElementTree.SubElement(shown, "screenshot", {"type": "default"} if at == 0 else {})
        ElementTree.SubElement(one, "caption").text = words
        ElementTree.SubElement(one, "image").text = f"{HOME['pictures']}/{picture}.png"
    told = ElementTree.SubElement(root, "releases")
    for release in releases():
        _release(told, release)
    ElementTree.indent(tree, "  ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _release(told: ElementTree.Element, release: Release) -> None:
    one = ElementTree.SubElement(told, "release", version=release.version, date=f"{release.at:%Y-%m-%d}")
    words = ElementTree.SubElement(one, "description")
    for heading, lines in release.lines.items():
        ElementTree.SubElement(words, "p").text = f"{heading}:"
        listed = ElementTree.SubElement(words, "ul")
        for line in lines:
            ElementTree.SubElement(listed, "li").text = line
