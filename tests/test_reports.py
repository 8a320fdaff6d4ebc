"""What a crash leaves: a report without addresses, found at the next start."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from netdesk.reports import Watch, kept, redacted, words_of, write

DIES = """
import os, signal, sys
from pathlib import Path
from netdesk.reports import Watch
print(Watch(Path(sys.argv[1])).begin())
os.kill(os.getpid(), getattr(signal, sys.argv[2]))
"""


def run_that_dies(folder: Path, how: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", DIES, str(folder), how], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("how", ["SIGSEGV", "SIGABRT", "SIGFPE"])
def test_a_run_that_dies_is_reported_by_the_next_one(tmp_path: Path, how: str) -> None:
    assert run_that_dies(tmp_path, how).returncode == -getattr(signal, how)
    watch = Watch(tmp_path)
    assert watch.begin() is True
    watch.end()
    (report,) = kept(tmp_path)
    text = report.read_text("utf-8")
    assert "Fatal Python error" in text and "NetDesk 0." in text and str(Path.home()) + "/" not in text
    assert report.stat().st_mode & 0o777 == 0o600 and report.parent.stat().st_mode & 0o777 == 0o700
    assert watch.begin() is False  # told once
    watch.end()


def test_a_run_that_is_killed_is_no_crash(tmp_path: Path) -> None:
    """kill -9 and a power cut leave nothing to report."""
    run_that_dies(tmp_path, "SIGKILL")
    watch = Watch(tmp_path)
    assert watch.begin() is False
    watch.end()
    assert not kept(tmp_path)


def test_a_run_that_ends_leaves_nothing(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    watch.begin()
    watch.end()
    assert not list(tmp_path.rglob("*.txt"))


def test_addresses_and_folders_are_hidden_and_stay_distinct() -> None:
    text = redacted(
        "KeyError: 'amara@care.example/phone' then kofi@chat.example, Amara@care.example and <xmpp:ines@lisboa.example> in /home/nadia/x",
        [Path("/home/nadia")],
    )
    assert "@" not in text and "amara" not in text.lower() and "lisboa" not in text and "/home/nadia" not in text and "~/x" in text
    numbers = [one.partition(">")[0] for one in text.split("<address ")[1:]]
    assert len(numbers) == 4 and numbers[0] == numbers[2] != numbers[1]
    assert redacted("amara@care.example", []) != redacted("amara@care.example", [])  # nothing can be looked up from outside


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("'amara@care.example/Amara Okafors phone' x", "Okafor"),
        ("xmpp:amara%40care.example?subscribe", "amara"),
        ("smith,john@care.example", "smith"),
        ("o(neill)@care.example", "neill"),
        ("blocked @server.example now", "server"),
        ("OSError: 'C:\\\\Users\\\\Ann Smith\\\\AppData\\\\x'", "Smith"),
        ("File /home/zo\\xeb/x.py", "xeb"),
    ],
)
def test_what_could_be_read_is_hidden_too(text: str, hidden: str) -> None:
    assert hidden not in redacted(text, [Path("C:\\Users\\Ann Smith"), Path("/home/zoë")])


def test_a_long_text_keeps_its_end_and_takes_no_time() -> None:
    text = redacted("x" * 3_000_000 + "\nKeyError: the end", [])
    assert text.endswith("KeyError: the end") and len(text) < 70_000
    assert len(redacted("x" * 50_000, [])) == 50_000


def test_an_exception_is_reported_with_where_it_was(tmp_path: Path) -> None:
    try:
        raise KeyError("amara@care.example")
    except KeyError as error:
        path = write(tmp_path, words_of(error))
    text = path.read_text("utf-8")
    assert "KeyError" in text and "test_reports.py" in text and "amara" not in text


def test_only_the_latest_reports_are_kept(tmp_path: Path) -> None:
    for at in range(9):
        write(tmp_path, f"number {at}")
    assert len(kept(tmp_path)) == 5


def test_where_nothing_can_be_written_nothing_breaks(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    watch = Watch(tmp_path / "file")
    assert watch.begin() is False
    watch.end()
