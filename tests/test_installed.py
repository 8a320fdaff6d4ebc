"""How the program was installed, how it is started again, and starting with the computer."""

import plistlib
import shlex
import sys
from pathlib import Path

import pytest

from netdesk import autostart
from netdesk.domain.errors import StorageTrouble
from netdesk.installed import Replaced, command, form


def frozen(monkeypatch: pytest.MonkeyPatch, program: Path) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))


def test_a_checkout_starts_by_its_interpreter() -> None:
    assert form() == "checkout" and command() == [sys.executable, "-m", "netdesk"]


def test_a_package_starts_by_its_program(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen(monkeypatch, Path("/usr/lib/netdesk/netdesk"))
    assert form() == "package" and command() == ["/usr/lib/netdesk/netdesk"]


def test_the_one_file_form_starts_by_a_path_that_an_update_keeps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "0.1.0").mkdir()
    (tmp_path / "remove").touch()
    frozen(monkeypatch, tmp_path / "0.1.0/netdesk")
    assert form() == "one file" and command() == [str(tmp_path / "current/netdesk")]


def test_an_update_of_the_program_that_runs_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "netdesk"
    program.write_text("old")
    frozen(monkeypatch, program)
    replaced = Replaced()
    assert not replaced()
    (tmp_path / "new").write_text("new version")
    (tmp_path / "new").rename(program)  # as dpkg and rpm do it
    assert replaced()
    again = Replaced()
    program.unlink()
    assert again()  # removed while it is open


def test_an_update_beside_the_program_that_runs_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("0.1.0", "0.2.0"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "netdesk").touch()
    (tmp_path / "remove").touch()
    (tmp_path / "current").symlink_to("0.1.0")
    frozen(monkeypatch, tmp_path / "0.1.0/netdesk")
    replaced = Replaced()
    assert not replaced()
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to("0.2.0")
    assert replaced()


def test_a_checkout_is_never_replaced() -> None:
    assert not Replaced()()


def test_starting_with_the_computer_is_chosen_and_taken_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert not autostart.is_on()
    autostart.choose(on=True)
    assert autostart.is_on()
    (line,) = [one for one in autostart.place().read_text("utf-8").splitlines() if one.startswith("Exec=")]
    assert shlex.split(line.removeprefix("Exec="))[-3:] == ["-m", "netdesk", "--background"]
    autostart.choose(on=False)
    autostart.choose(on=False)
    assert not autostart.is_on() and not list(tmp_path.rglob("*.desktop"))


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_desktop_has_switched_off_is_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    autostart.choose(on=True)
    autostart.place().write_text(autostart.place().read_text("utf-8").replace("X-GNOME-Autostart-enabled=true", line), "utf-8")
    assert not autostart.is_on()
    autostart.choose(on=True)
    assert autostart.is_on() and f"TryExec={sys.executable}\n" in autostart.place().read_text("utf-8")


def test_an_entry_of_a_netdesk_that_is_gone_starts_this_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    frozen(monkeypatch, Path("/opt/netdesk/netdesk"))
    autostart.put_right()
    assert not autostart.place().exists()  # what was not chosen is not begun
    autostart.choose(on=True)
    right = autostart.place().read_text("utf-8")
    autostart.place().write_text(autostart.entry(["/usr/lib/netdesk/netdesk", "--background"]), "utf-8")
    autostart.put_right()
    assert autostart.place().read_text("utf-8") == right


def test_a_place_that_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("x")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with pytest.raises(StorageTrouble) as trouble:
        autostart.choose(on=True)
    assert trouble.value.reason == "autostart"


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("/usr/lib/netdesk/netdesk", "/usr/lib/netdesk/netdesk"),
        ("/home/a b/netdesk", '"/home/a b/netdesk"'),
        ("/home/100%/netdesk", '"/home/100%%/netdesk"'),
        ('/home/"x"/n', '"/home/\\\\"x\\\\"/n"'),
        ("/home/$x`y/n", '"/home/\\\\$x\\\\`y/n"'),
    ],
)
def test_an_exec_line_is_quoted_as_the_standard_says(word: str, written: str) -> None:
    assert f"Exec={written}\n" in autostart.entry([word])


def test_on_a_mac_it_is_a_launch_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    found = plistlib.loads(autostart.entry(["/Applications/NetDesk.app/Contents/MacOS/netdesk", "--background"]).encode())
    assert found["ProgramArguments"][1] == "--background" and found["RunAtLoad"] is True
    assert autostart.place().suffix == ".plist"
