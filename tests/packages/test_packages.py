"""What the packages say and hold, as far as it can be known without building them."""

import importlib.metadata
import json
import plistlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from making.elf import Needs, debian_packages
from making.history import plain, releases
from making.parts import copyright_text
from making.places import HERE, HOME, ID, ROOT, Stopped
from making.rpm import requires_of
from making.stage import SIZES, _zipped, debian_changelog, metainfo
from making.strings import version_in
from scripts.make_parts import locked
from trying.machine import changed
from trying.watch import addresses, written

from netdesk.cli.parser import COMMANDS, build
from netdesk.installed import APPLICATION

PARTS = json.loads((ROOT / "resources/licences/parts.json").read_text("utf-8"))
WORKFLOW = (ROOT / ".github/workflows/packages.yml").read_text("utf-8")


def test_about_lists_every_locked_part_in_its_locked_version() -> None:
    listed = {re.sub(r"[-_.]+", "-", one["name"]).lower(): one["version"] for one in PARTS["parts"] if one["version"]}
    assert listed == locked(), "run scripts/make_parts.py"


def test_every_part_has_a_licence_and_nearly_all_their_text() -> None:
    native = tomllib.loads((HERE / "native.toml").read_text("utf-8"))["parts"]
    assert set(native) <= {one["name"] for one in PARTS["parts"]}
    assert all(one["licence"] and one["page"].startswith("http") for one in PARTS["parts"])
    assert [one["name"] for one in PARTS["parts"] if not PARTS["texts"].get(one["text"])] == ["pywin32-ctypes"]
    assert set(PARTS["texts"]) == {one["text"] for one in PARTS["parts"] if one["text"]}


def test_debians_copyright_file_names_every_part() -> None:
    text = copyright_text()
    assert all(f"the authors of {one['name']}," in text for one in PARTS["parts"] if one["name"] != "NetDesk")
    assert text.startswith("Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/")


def test_the_man_page_names_every_command_and_option() -> None:
    page = (HERE / "desktop/netdesk.1").read_text("utf-8").replace("\\-", "-")
    assert not [one for one in COMMANDS if f".B {one}\n" not in page]
    shown = [text for one in build()._actions if one.help != "==SUPPRESS==" for text in one.option_strings if text.startswith("--")]
    assert shown and not [one for one in shown if one not in page]


def test_the_menu_entry_opens_links_by_the_name_that_windows_have() -> None:
    entry = (HERE / f"desktop/{ID}.desktop").read_text("utf-8")
    assert ID == APPLICATION and f"StartupWMClass={ID}" in entry and "MimeType=x-scheme-handler/xmpp;" in entry
    assert "Exec=@COMMAND@ %u\n" in entry and f"Icon={ID}\n" in entry
    assert all((ROOT / f"resources/icons/netdesk-{size}.png").exists() for size in SIZES)


def test_the_metainfo_has_pictures_that_exist_and_this_release() -> None:
    tree = ElementTree.fromstring(metainfo())
    assert tree.findtext("id") == ID and tree.find("releases/release") is not None
    shown = [one.text or "" for one in tree.findall("screenshots/screenshot/image")]
    assert len(shown) >= 3
    for address in shown:
        assert address.startswith(HOME["pictures"]) and (ROOT / "docs/screenshots" / address.rpartition("/")[2]).exists()


def test_the_history_is_read_from_the_changelog(tmp_path: Path) -> None:
    path = tmp_path / "CHANGELOG.md"
    path.write_text(
        "# Changes\n\n## Unreleased\n\n## 1.2.0 (2026-12-01)\n\n### Added\n- One\n  thing\n- `Two`\n\n### Fixed\n- [X](y)\n", "utf-8"
    )
    (found,) = releases(path)  # an empty Unreleased is no release
    assert found.version == "1.2.0" and found.lines == {"Added": ("One thing", "Two"), "Fixed": ("X",)}
    for head in ("## next", "## 1.2.0", "## 1.2.0 - 2026-12-01"):
        path.write_text(f"{head}\n- x\n", "utf-8")
        with pytest.raises(Stopped):
            releases(path)
    assert plain("**a** `b` [c](https://x.example)") == "a b c"


def test_what_is_zipped_carries_no_time(tmp_path: Path) -> None:
    """A time later than the changelog's day would make lintian complain, on some days only."""
    _zipped(tmp_path / "x.gz", "text")
    assert (tmp_path / "x.gz").read_bytes()[4:8] == b"\0\0\0\0"


def test_debians_changelog_has_its_form() -> None:
    text = debian_changelog()
    assert re.match(r"netdesk \(\d+\.\d+\.\d+\) stable; urgency=medium\n\n  \* ", text)
    assert re.search(r"\n -- The NetDesk project <[^>]+>  \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000\n", text)


def test_a_library_that_no_package_is_known_of_stops_the_build() -> None:
    assert debian_packages(Needs(("libc.so.6", "libssl.so.3", "libcrypto.so.3"), "2.35")) == ["libc6 (>= 2.35)", "libssl3t64 | libssl3"]
    with pytest.raises(Stopped, match=r"libunheardof\.so\.9"):
        debian_packages(Needs(("libunheardof.so.9",), "2.35"))


def test_rpm_requires_libraries_by_their_own_names() -> None:
    assert requires_of(Needs(("ld-linux-x86-64.so.2", "libc.so.6", "libz.so.1"), "2.35")) == [
        "libc.so.6(GLIBC_2.35)(64bit)", "libz.so.1()(64bit)", "ca-certificates",
    ]  # fmt: skip


def test_a_librarys_version_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "libx.so.1").write_bytes(b"\x7fELF\0\0libx version 1.2.3\0\0rest of it")
    part = {"file": "libx*", "version": r"libx version (\d+\.\d+\.\d+)"}
    assert version_in(tmp_path, part) == "1.2.3"
    assert version_in(tmp_path, {"file": "libx*"}) == "" and version_in(tmp_path, {**part, "version": "y (1)"}) == ""
    assert version_in(tmp_path, {**part, "file": "liby*"}) is None


STRACE = """
101 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 7
101 connect(7, {sa_family=AF_INET, sin_port=htons(5222), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINPROGRESS (Operation now in progress)
102 connect(3, {sa_family=AF_UNIX, sun_path="/run/user/1000/bus"}, 110) = 0
103 sendto(9, "x", 1, 0, {sa_family=AF_INET6, sin6_port=htons(53), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28 <unfinished ...>
104 openat(AT_FDCWD, "/home/ann/.local/share/netdesk/desk.db", O_RDWR|O_CREAT|O_NOFOLLOW|O_CLOEXEC, 0600 <unfinished ...>
103 <... sendto resumed>) = 1
104 <... openat resumed>) = 11
105 openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 4
106 openat(AT_FDCWD, "/etc/shadow", O_WRONLY|O_CREAT, 0600) = -1 EACCES (Permission denied)
107 rename("/tmp/a", "/tmp/b") = 0
109 openat(AT_FDCWD, "notes.txt", O_WRONLY|O_CREAT, 0600) = 5
108 mkdir("/home/ann/.config", 0700) = -1 EEXIST (File exists)
"""


def test_what_strace_saw_is_read(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(STRACE, "utf-8")
    assert addresses(log) == {"127.0.0.1:5222", "2001:db8::1:53"}
    assert written(log, "/home/ann") == {"/home/ann/.local/share/netdesk/desk.db", "/tmp/a", "/tmp/b", "/home/ann/notes.txt"}


def test_what_was_changed_on_a_machine_is_found() -> None:
    before = {"a": (1, 1, 1), "b": (1, 1, 1), "c": (1, 1, 1)}
    assert changed(before, {"a": (1, 1, 1), "b": (1, 2, 1), "d": (1, 1, 1)}) == ["b", "c", "d"]


def test_what_is_loaded_by_name_is_named_to_the_freezer() -> None:
    spec = (HERE / "netdesk.spec").read_text("utf-8")
    named = {
        found[1]
        for one in (ROOT / "src/netdesk").rglob("*.py")
        for found in re.finditer(r'import_module\(\s*"([\w.]+)"', one.read_text("utf-8"))
    }
    assert {"netdesk.app", "netdesk.ui.updates", "keyring", "segno"} <= named
    assert not [one for one in named if f'"{one}"' not in spec and one != "keyring"]
    assert 'copy_metadata("keyring")' in spec and 'collect_submodules("keyring.backends")' in spec


def test_the_macs_description_of_the_program() -> None:
    info = plistlib.loads((HERE / "macos/Info.plist").read_bytes())
    assert info["CFBundleIdentifier"] == ID and info["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["xmpp"]
    qt = importlib.metadata.version("PySide6-Essentials")
    lock = (ROOT / "uv.lock").read_text("utf-8")
    (floor,) = {f"{one[0]}.{one[1]}" for one in re.findall(rf"pyside6_essentials-{re.escape(qt)}[^\"]*macosx_(\d+)_(\d+)", lock)}
    assert info["LSMinimumSystemVersion"] == floor
    rights = plistlib.loads((HERE / "macos/entitlements.plist").read_bytes())
    assert set(rights) == {
        "com.apple.security.cs.allow-unsigned-executable-memory", "com.apple.security.cs.disable-library-validation",
        "com.apple.security.network.client",
    }  # fmt: skip


def test_the_icons_of_the_other_systems_are_icons() -> None:
    mac, windows = (HERE / "macos/netdesk.icns").read_bytes(), (HERE / "windows/netdesk.ico").read_bytes()
    assert mac[:4] == b"icns" and int.from_bytes(mac[4:8], "big") == len(mac)
    assert windows[:4] == b"\0\0\1\0" and int.from_bytes(windows[4:6], "little") == 7


def test_a_link_on_windows_can_never_be_an_option() -> None:
    script = (HERE / "windows/netdesk.nsi").read_text("utf-8")
    commands = re.findall(r"shell\\open\\command\" \"\" '([^']*)'", script)
    assert commands and set(commands) == {'"$INSTDIR\\netdesk.exe" -- "%1"'}
    assert "RequestExecutionLevel user" in script and "HKLM" not in script


def test_the_workflow_is_one_and_runs_what_is_there() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", ".github/workflows/packages.yml"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    for path in re.findall(r"packaging[/\\][\w./\\]+", WORKFLOW):
        assert (ROOT / path.replace("\\", "/").rstrip(".")).exists(), path
    setup = re.search(r"^UV_VERSION=(\S+)$", (ROOT / "scripts/setup.sh").read_text("utf-8"), re.MULTILINE)
    assert setup is not None and set(re.findall(r"uv==(\S+)", WORKFLOW)) == {setup[1]}


def test_the_scripts_of_the_one_file_form_are_sound() -> None:
    for path in (HERE / "onefile/install.sh", HERE / "macos/try.sh", HERE / "build", HERE / "smoke", HERE / "release"):
        subprocess.run(["sh", "-n", str(path)], check=True)


def install(home: Path, here: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    told = {"HOME": str(home), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "NETDESK_AS_ROOT": "1"}  # tests may run as root
    return subprocess.run(
        ["sh", str(here / "install.sh"), *words], capture_output=True, text=True, check=False, env=told, stdin=subprocess.DEVNULL
    )


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """The one-file form, unpacked, with a program that says its version."""
    here = tmp_path / "unpacked"
    (here / "program").mkdir(parents=True)
    (here / "program/netdesk").write_text("#!/bin/sh\necho NetDesk 0.1.0\n")
    (here / "program/netdesk").chmod(0o755)
    (here / "VERSION").write_text("0.1.0\n")
    (here / "LICENSE").write_text("x")
    (here / "install.sh").write_text((HERE / "onefile/install.sh").read_text("utf-8"))
    (here / "share/applications").mkdir(parents=True)
    (here / f"share/applications/{ID}.desktop").write_text((HERE / f"desktop/{ID}.desktop").read_text("utf-8"))
    (here / "share/icons/hicolor/16x16/apps").mkdir(parents=True)
    (here / f"share/icons/hicolor/16x16/apps/{ID}.png").write_bytes(b"x")
    return here


def test_the_one_file_form_installs_in_an_odd_home_and_goes_again(tmp_path: Path, unpacked: Path) -> None:
    home = tmp_path / 'a "home" $x & 100%'
    home.mkdir()
    done = install(home, unpacked, "--no-start")
    assert done.returncode == 0, done.stderr
    entry = (home / f".local/share/applications/{ID}.desktop").read_text("utf-8")
    assert f'Exec="{tmp_path}/a \\\\"home\\\\" \\\\$x & 100%%/.local/opt/netdesk/current/netdesk" %u\n' in entry
    assert "Actions=sample;remove;" in entry and "@COMMAND@" not in entry
    assert subprocess.run([home / ".local/bin/netdesk"], capture_output=True, text=True, check=True).stdout == "NetDesk 0.1.0\n"
    (home / ".local/share/netdesk").mkdir()
    (home / ".local/share/netdesk/desk.db").write_text("mine")
    told = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    subprocess.run(["sh", str(home / ".local/opt/netdesk/remove"), "--remove"], check=True, capture_output=True, env=told)
    assert [str(one.relative_to(home)) for one in home.rglob("*") if not one.is_dir()] == [".local/share/netdesk/desk.db"]


def test_the_one_file_form_removes_the_data_only_when_told(tmp_path: Path, unpacked: Path) -> None:
    home = tmp_path / "home"
    (home / ".local/share/netdesk").mkdir(parents=True)
    (home / ".local/share/netdesk/desk.db").write_text("mine")
    assert install(home, unpacked, "--no-start").returncode == 0
    told = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    subprocess.run(["sh", str(home / ".local/opt/netdesk/remove"), "--remove", "--with-data"], check=True, capture_output=True, env=told)
    assert not [one for one in home.rglob("*") if not one.is_dir()]


def test_a_program_that_does_not_run_here_is_not_installed(tmp_path: Path, unpacked: Path) -> None:
    (unpacked / "program/netdesk").write_text("#!/bin/sh\necho libmissing.so: cannot open >&2\nexit 127\n")
    home = tmp_path / "home"
    home.mkdir()
    done = install(home, unpacked, "--no-start")
    assert done.returncode == 1 and "does not run on this system: libmissing.so" in done.stderr
    assert not (home / ".local/bin/netdesk").exists() and not (home / ".local/share/applications").exists()


def test_an_update_replaces_what_was_there(tmp_path: Path, unpacked: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    install(home, unpacked, "--no-start")
    (unpacked / "program").mkdir(exist_ok=True)
    (unpacked / "program/netdesk").write_text("#!/bin/sh\necho NetDesk 0.2.0\n")
    (unpacked / "program/netdesk").chmod(0o755)
    (unpacked / "VERSION").write_text("0.2.0\n")
    done = install(home, unpacked, "--no-start")
    assert done.returncode == 0 and "updated from 0.1.0 to 0.2.0" in done.stdout
    assert sorted(one.name for one in (home / ".local/opt/netdesk").iterdir()) == ["0.2.0", "LICENSE", "current", "remove"]


def remove(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    told = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    remover = [str(home / ".local/opt/netdesk/remove"), "--remove", *words]
    return subprocess.run(["sh", *remover], capture_output=True, text=True, check=False, env=told, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("through", ["home", "link", "home/"])
def test_what_runs_is_neither_removed_nor_replaced(tmp_path: Path, unpacked: Path, through: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "link").symlink_to("home")
    home = Path(f"{tmp_path}/{through}")
    assert install(home, unpacked, "--no-start").returncode == 0
    program = (home / ".local/opt/netdesk/current").resolve() / "netdesk-runs"
    shutil.copyfile(Path("/bin/sleep").resolve(), program)
    program.chmod(0o755)
    with subprocess.Popen([program, "60"]) as running:
        try:
            refused = remove(home, "--with-data")
            assert refused.returncode == 1 and "Close NetDesk first" in refused.stderr
            (unpacked / "program").mkdir(exist_ok=True)
            (unpacked / "program/netdesk").write_text("#!/bin/sh\necho NetDesk 0.1.0\n")
            (unpacked / "program/netdesk").chmod(0o755)
            for _ in range(2):
                done = install(home, unpacked, "--no-start")
                assert done.returncode == 0 or "cannot" not in done.stderr
                shutil.copytree(home / ".local/opt/netdesk/current", unpacked / "program", symlinks=True, dirs_exist_ok=True)
            assert program.exists() and "It is running" in done.stdout
        finally:
            running.kill()
    assert remove(home).returncode == 0


def test_a_command_of_the_same_name_stays_as_it_is(tmp_path: Path, unpacked: Path) -> None:
    home = tmp_path / "home"
    (home / ".local/bin").mkdir(parents=True)
    (home / ".local/bin/netdesk").write_text("mine")
    done = install(home, unpacked, "--no-start")
    assert done.returncode == 0 and "There is another" in done.stdout
    assert remove(home).returncode == 0
    assert (home / ".local/bin/netdesk").read_text() == "mine"


def test_what_others_have_in_the_menu_stays(tmp_path: Path, unpacked: Path) -> None:
    home = tmp_path / "home"
    menu, autostart = home / ".local/share/applications", home / f".config/autostart/{ID}.desktop"
    menu.mkdir(parents=True)
    (menu / "other.desktop").symlink_to("/usr/share/applications/other.desktop")
    (menu / "mimeinfo.cache").write_text("[MIME Cache]")
    (home / ".local/share/icons/hicolor/48x48/apps").mkdir(parents=True)
    autostart.parent.mkdir(parents=True)
    autostart.write_text("Exec=/usr/bin/netdesk --background\n")
    assert install(home, unpacked, "--no-start").returncode == 0 and remove(home).returncode == 0
    assert (menu / "mimeinfo.cache").exists() and (menu / "other.desktop").is_symlink()
    assert (home / ".local/share/icons/hicolor/48x48/apps").is_dir() and autostart.exists()


def test_data_behind_a_link_is_named_and_not_said_to_be_gone(tmp_path: Path, unpacked: Path) -> None:
    home = tmp_path / "home"
    (home / ".local/share").mkdir(parents=True)
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk/desk.db").write_text("mine")
    (home / ".local/share/netdesk").symlink_to(tmp_path / "disk")
    assert install(home, unpacked, "--no-start").returncode == 0
    done = remove(home, "--with-data")
    assert str(tmp_path / "disk") in done.stdout and (tmp_path / "disk/desk.db").exists()


def test_the_setup_program_has_one_place_of_its_own() -> None:
    """What is in it is removed as a whole: it must never be a folder of the owner's."""
    script = (HERE / "windows/netdesk.nsi").read_text("utf-8")
    assert "MUI_PAGE_DIRECTORY" not in script and "InstallDir " not in script
    assert script.count("!insertmacro Place") == 2 and script.count("StrCpy $INSTDIR") == 1
