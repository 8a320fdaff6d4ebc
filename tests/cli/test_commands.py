"""The command line: every command over the same controllers, its words, its JSON, its exit status."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from netdesk.__main__ import main
from netdesk.cli.parser import LISTS

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Shell:
    """Runs commands on one data folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.err = ""

    def run(self, *words: str) -> tuple[int, str]:
        """Exit status and what was printed."""
        try:
            status = main(["--data-dir", str(self.folder), *words])
        except SystemExit as left:
            status = int(left.code or 0)
        out, self.err = self._capsys.readouterr()
        return status, out

    def done(self, *words: str) -> str:
        status, out = self.run(*words)
        assert status == 0, self.err
        assert not self.err
        return out

    def refused(self, *words: str) -> str:
        """The one sentence on standard error."""
        status, out = self.run(*words)
        assert status == 1 and not out
        lines = self.err.strip().splitlines()
        assert len(lines) == 1 and lines[0].startswith("netdesk: ")
        return lines[0]

    def json(self, *words: str) -> Any:
        return json.loads(self.done(*words, "--json"))


@pytest.fixture
def ann(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return made(tmp_path, capsys, "Ann")


@pytest.fixture
def ben(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return made(tmp_path, capsys, "Ben")


def made(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> Shell:
    shell = Shell(tmp_path / name.lower(), capsys)
    shell.done("account", "add", "community", name, "--community", str(tmp_path / "shared" / "community.db"))
    shell.done("set", "headline", f"{name} of Accra")
    shell.done("set", "confirmed", "yes")
    shell.done("sync", "--seconds", "5")
    return shell


def test_ask_answer_and_be_told(ann: Shell, ben: Shell) -> None:
    ann.done("request", "ben@community.local", "--note", "We met in Accra; may I ask about your maps?")
    assert ann.json("list", "sent")[0]["state"] == "queued"
    ann.done("sync")
    assert ann.json("list", "sent")[0]["state"] == "waiting"
    ben.done("sync")
    row = ben.json("list", "incoming")[0]
    assert {"address", "name", "headline", "state", "note", "received_at", "reasons", "mutual", "account"} <= set(row)
    assert (row["address"], row["name"], row["headline"], row["mutual"]) == ("ann@community.local", "Ann", "Ann of Accra", None)
    assert ISO.fullmatch(row["received_at"])
    shown = ben.json("show", "ann@community.local")
    assert {"profile", "completeness", "interests", "shared_interests", "history", "signals"} <= set(shown)
    assert all({"name", "weight", "text"} == set(one) for one in shown["signals"])
    ben.done("answer", "ann@community.local", "accept")
    ben.done("sync")
    ann.done("sync")
    mine = ann.json("list", "connections")[0]
    assert mine["address"] == "ben@community.local" and ISO.fullmatch(mine["since"])
    assert ann.json("list", "sent")[0]["state"] == "accepted"


@pytest.mark.parametrize(
    ("answer", "state"), [("follow", "following"), ("decline", "declined"), ("ignore", "ignored"), ("block", "blocked")]
)
def test_every_answer(ann: Shell, ben: Shell, answer: str, state: str) -> None:
    ann.done("request", "ben@community.local", "--note", "hello")
    ann.done("sync")
    ben.done("sync")
    ben.done("answer", "ann@community.local", answer)
    ben.done("sync")
    assert ben.json("list", "answered")[0]["state"] == state
    assert "No such request" in ben.refused("answer", "ann@community.local", "accept")


def test_report_reaches_the_keeper(ann: Shell, ben: Shell) -> None:
    ben.done("answer", "spammer@community.local", "report", "--reason", "same note to all")
    ben.done("sync")
    assert ben.json("list", "blocks")[0]["reported"] is True
    assert ann.json("list", "reports")[0]["address"] == "spammer@community.local"
    assert "keeper" in ben.refused("list", "reports")


def test_block_and_unblock_a_domain(ann: Shell) -> None:
    ann.done("answer", "@spam.example", "block", "--reason", "bursts")
    row = ann.json("list", "blocks")[0]
    assert (row["address"], row["note"], row["state"]) == ("spam.example", "bursts", "blocked")
    assert "shut" in ann.refused("request", "x@spam.example")
    ann.done("unblock", "@spam.example")
    assert ann.json("list", "blocks") == []
    assert "not shut out" in ann.refused("unblock", "@spam.example")


def test_withdraw_and_remove(ann: Shell, ben: Shell) -> None:
    ann.done("request", "ben@community.local", "--note", "hello Ben")
    ann.done("sync")
    ann.done("withdraw", "ben@community.local")
    ann.done("sync")
    assert "You can ask again" in ann.refused("request", "ben@community.local", "--note", "again")
    assert "No such request" in ann.refused("withdraw", "ben@community.local")
    assert ann.refused("remove", "ben@community.local")


def test_the_sixth_of_a_new_account_is_queued_with_a_date(ann: Shell) -> None:
    for number in range(6):
        ann.done("request", f"p{number}@community.local", "--note", f"word{number} " * 4)
    queued = [row for row in ann.json("list", "sent") if row["queued_until"]]
    assert len(queued) == 1 and ISO.fullmatch(queued[0]["queued_until"])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("request", "not an address"), "not an address"), (("request", "xmpp:a b@c"), "not an address"), (("request", "ann@community.local"), "That is you"),
        (("set", "picture", "/nowhere.png"), "cannot be read"), (("set", "reask-days", "-3"), "does not fit"), (("set", "pace", "calm"), "no sample"),
        (("set", "closed-until", "2020-01-01"), "passed"), (("set", "name", " "), "needs a name"), (("show", "nobody@x.example"), "does not know"),
        (("export", "/nowhere/x.csv"), "could not be written"), (("backup", "/nowhere/x.db"), "could not be written"),
        (("account", "remove", "nobody"), "no account nobody"), (("--account", "nobody", "list", "sent"), "no account nobody"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why_in_one_sentence(ann: Shell, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in ann.refused(*words)


@pytest.mark.parametrize(
    "words", [("nonsense",), ("list",), ("list", "all"), ("answer", "a@b"), ("--days", "3"), ("set", "colour", "red"), ("--json",)]
)
def test_wrong_usage_is_two(ann: Shell, words: tuple[str, ...]) -> None:
    assert ann.run(*words)[0] == 2


@pytest.mark.parametrize("kind", [one for one in LISTS if one != "reports"])
def test_every_list_is_a_json_array(ann: Shell, kind: str) -> None:
    assert ann.json("list", kind) == []
    assert ann.done("list", kind) == "nothing\n"


@pytest.mark.parametrize(
    ("key", "value"),
    [("name", "Ann Two"), ("interests", "choir, maps"), ("email", "a@b.example"), ("see.email", "nobody"), ("see.connections", "everyone"),
     ("who-may-ask", "shared"), ("domains", "a.example,b.example"), ("closed-until", "2090-01-01"), ("ask-for-note", "yes"), ("spam-aside", "off"),
     ("reask-days", "30"), ("know-mutuals", "yes"), ("chosen", "ben@community.local"), ("confirmed", "no")],
)  # fmt: skip
def test_every_key_can_be_set(ann: Shell, key: str, value: str) -> None:
    assert ann.json("set", key, value)["key"] == key


def test_taking_the_confirmation_back_takes_the_profile_back(ann: Shell, ben: Shell) -> None:
    assert ben.json("show", "ann@community.local")["headline"] == "Ann of Accra"
    ann.done("set", "confirmed", "no")
    ann.done("sync")
    assert ben.json("show", "ann@community.local")["profile"] is None


def test_export_backup_doctor(ann: Shell, tmp_path: Path) -> None:
    for name in ("net.csv", "net.json", "net.vcf"):
        ann.done("export", str(tmp_path / name))
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
    ann.done("export", "--blocks", str(tmp_path / "blocked.csv"))
    ann.done("backup", str(tmp_path / "copy.db"))
    assert "no backup" in ann.refused("backup", str(tmp_path / "net.csv"))
    assert "no backup" in ann.refused("backup", str(ann.folder / "community.db"))
    found = ann.json("doctor")
    assert found["sound"] and found["accounts"] == {"ann@community.local": True} and found["keyring"]


def test_a_community_that_is_gone_is_one_sentence(ann: Shell, tmp_path: Path) -> None:
    (tmp_path / "shared" / "community.db").rename(tmp_path / "shared" / "moved.db")
    assert "cannot be reached" in ann.refused("sync", "--seconds", "1")


def test_several_accounts_want_a_name(ann: Shell) -> None:
    ann.done("account", "add", "community", "Ann Two")
    assert "several accounts" in ann.refused("request", "x@community.local")
    ann.done("request", "x@community.local", "--account", "ann.two")
    assert [row["account"] for row in ann.json("list", "sent")] == ["ann.two@community.local"]
    ann.done("account", "remove", "ann.two")
    assert len(ann.json("account", "list")) == 1


def test_the_sample_passes_days_without_a_window(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(tmp_path / "sample", capsys)
    shell.done("--sample", "--days", "2", "--no-window")
    rows = shell.json("--sample", "list", "incoming")
    assert len(rows) >= 9 and any(row["mutual"] for row in rows)
    page = shell.done("--sample", "show", "kofi.rnensah@care.example")
    assert "looks like that of your connection Kofi Mensah" in page


def environment(**more: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src"), "PYTHONIOENCODING": "utf-8"} | more


def test_no_qt_without_a_window(tmp_path: Path) -> None:
    code = "import sys; from netdesk.__main__ import main; main(['--data-dir', sys.argv[1], 'list', 'sent']); sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path / "d")], env=environment(), check=False, timeout=60).returncode == 0


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    command = f'"{sys.executable}" -m netdesk --help | head -1'
    assert "usage" in subprocess.run(command, shell=True, env=environment(), capture_output=True, text=True, timeout=60).stdout


def test_words_that_are_no_text_are_wrong_usage(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "netdesk", "--data-dir", str(tmp_path / "d"), "request", b"\xff@x.example"]
    assert subprocess.run(words, env=environment(), capture_output=True, timeout=60).returncode == 2


def test_the_log_holds_no_notes_or_addresses(ann: Shell, ben: Shell) -> None:
    ann.done("request", "ben@community.local", "--note", "CNRY-note")
    ann.done("sync")
    ben.done("sync")
    text = "".join(path.read_text("utf-8") for path in (*ann.folder.glob("*.log"), *ben.folder.glob("*.log")))
    assert "CNRY" not in text and "@community.local" not in text
