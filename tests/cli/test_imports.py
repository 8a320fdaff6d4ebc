"""netdesk import: what is printed, kept and taken back."""

import json
from pathlib import Path

import pytest
from tests.cli.test_commands import Shell

SAMPLES = Path(__file__).parents[1] / "samples" / "archives"
LINKEDIN = SAMPLES / "dev/linkedin/2024-basic/Basic_LinkedInDataExport_01-15-2024.zip"


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path / "desk", capsys)


def test_a_dry_run_prints_all_and_keeps_nothing(shell: Shell) -> None:
    wanted = json.loads((LINKEDIN.parent / "expected.json").read_text("utf-8"))
    found = shell.json("import", str(LINKEDIN), "--dry-run")
    assert {name: found[name] for name in ("network", "owner", "counts", "rows", "warnings")} == {
        name: wanted[name] for name in ("network", "owner", "counts", "rows", "warnings")
    }
    assert "connections: 10" in shell.done("import", str(LINKEDIN), "--dry-run")
    assert shell.json("list", "connections") == []


def test_two_networks_are_two_objects(shell: Shell) -> None:
    out = shell.done("import", str(LINKEDIN), str(SAMPLES / "dev/bluesky/repo-car/repo.car"), "--dry-run", "--json")
    assert [json.loads(line)["network"] for line in out.splitlines()] == ["linkedin", "bluesky"]


def test_import_list_and_undo(shell: Shell) -> None:
    assert "10 new in your network; 3 new requests that came in; 2 new requests that you sent" in shell.done("import", str(LINKEDIN))
    assert "nothing that was not here" in shell.done("import", str(LINKEDIN))
    assert len(shell.json("list", "connections")) == 10
    assert {one["account"] for one in shell.json("list", "incoming")} == {"nadia-okonjo-vale-nd01@:linkedin"}
    shell.done("import", "--undo")
    assert shell.json("list", "connections") == [] and shell.json("list", "sent") == []
    assert "Only the latest import" in shell.refused("import", "--undo")


def test_what_cannot_be_read_is_one_sentence(shell: Shell, tmp_path: Path) -> None:
    assert "password" in shell.refused("import", str(SAMPLES / "hostile/zip-password.zip"))
    assert "no file" in shell.refused("import", str(tmp_path / "nothing.zip"))
    assert shell.run("import")[0] == 2


def test_people_of_an_export_are_shown_listed_and_ticked_off(shell: Shell) -> None:
    shell.done("import", str(LINKEDIN))
    whom = "henrike-blau-nd21@:linkedin"
    assert "Henrike Blau" in shell.done("show", whom)
    found = next(one for one in shell.json("list", "incoming", "--account", "linkedin") if one["address"] == whom)
    assert found["received_at"] == "2024-01-12T17:06:00", "as it was written"
    assert {one["since"] for one in shell.json("list", "connections")} >= {"2024-01-03", "2012-08-09"}
    assert "ticked off" in shell.done("answer", whom, "decline")
    assert "lets no other program in" in shell.refused("answer", "bogdan-ilie-nd22@:linkedin", "block")
    assert "lets no other program in" in shell.refused("remove", "mira-solheim-nd02@:linkedin")
    assert "taken back" in shell.done("withdraw", "ferran-quixal-nd31@:linkedin")
    assert whom not in [one["address"] for one in shell.json("list", "incoming")]
    assert "does not know" in shell.refused("show", "nobody@:linkedin")
