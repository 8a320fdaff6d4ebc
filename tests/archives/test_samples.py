"""Every export of the samples, in each of the forms in which it may be given, says what it should; every hostile file is survived."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from netdesk.archives.read import read_archives
from netdesk.domain.archive import Archive
from netdesk.domain.errors import Unreadable

SAMPLES = Path(__file__).parents[1] / "samples" / "archives"
CASES = [
    (expected.parent, files)
    for expected in sorted((SAMPLES / "dev").glob("*/*/expected.json"))
    for files in json.loads(expected.read_text("utf-8"))["inputs"]
]
HOSTILE: list[dict[str, Any]] = json.loads((SAMPLES / "hostile" / "expected.json").read_text("utf-8"))["cases"]
READ_ANYWAY = {  # what is refused or read at will, and is read here
    "zip-duplicate-names.zip", "tar-traversal.tar.gz", "json-huge-integer/your_friends.json", "json-utf16/your_friends.json",
    "json-duplicate-keys/your_friends.json", "csv-giant-field/Invitations.csv", "csv-ragged-rows/Connections.csv",
    "csv-nul-and-latin1/Connections.csv", "csv-utf16-tabs/Connections.csv", "facebook-html-hostile.zip",
    "instagram-hostile/connections/followers_and_following/following.json",
}  # fmt: skip


@pytest.mark.parametrize(("folder", "files"), CASES, ids=[f"{folder.parent.name}-{folder.name}-{files[0]}" for folder, files in CASES])
def test_an_export_says_what_it_should(folder: Path, files: list[str]) -> None:
    wanted = json.loads((folder / "expected.json").read_text("utf-8"))
    (found,) = read_archives([folder / one for one in files])
    assert found.network == wanted["network"]
    assert (found.owner.as_dict() if found.owner is not None else None) == wanted["owner"]
    assert found.privacy == wanted["privacy"]
    assert found.counts() == wanted["counts"]
    assert found.rows() == wanted["rows"]
    assert found.oddities == []


@pytest.mark.parametrize("case", HOSTILE, ids=[case["file"] for case in HOSTILE])
def test_a_hostile_file_is_survived(case: dict[str, Any]) -> None:
    path = SAMPLES / "hostile" / case["file"]
    wants = {key: value for key, value in case.items() if key.startswith("expect_")}
    if not wants and case["file"] not in READ_ANYWAY:
        with pytest.raises(Unreadable):
            read_archives([path])
        return
    (found,) = read_archives([path])
    counts = found.counts()
    assert wants.get("expect_connections", counts["connections"]) == counts["connections"]
    assert wants.get("expect_follows_out", counts["follows_out"]) == counts["follows_out"]
    assert wants.get("expect_requests", len(found.requests)) == len(found.requests)
    assert wants.get("expect_names") in (None, [one.person.name for one in found.connections])
    said = json.dumps(found.rows(), ensure_ascii=False).encode("utf-8")
    assert b"\0" not in said and all(b"evil" not in (url or "").encode() for url in links(found))


def links(found: Archive) -> list[str | None]:
    everybody = (*found.connections, *found.requests, *found.follows, *found.blocks, *found.removed)
    return [one.person.url for one in everybody]


HUGE = ("zip-bomb-512MB.zip", "huge-json-160MB.zip", "zip-nested-bomb.zip", "zip-overlapping-entries.zip", "json-deep-nesting.json")
MEASURE = """
import sys
from pathlib import Path
from netdesk.archives.read import read_archives
from netdesk.domain.errors import Unreadable
try:
    read_archives([Path(sys.argv[1])])
except Unreadable:
    print(next(int(line.split()[1]) // 1_024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.parametrize("name", HUGE)
def test_what_is_made_to_fill_the_memory_does_not(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(SAMPLES / "hostile" / name)], capture_output=True, text=True, timeout=30, check=True
    )
    assert 0 < int(done.stdout) < 60  # MB


def test_nothing_is_written_and_no_link_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("zip-path-traversal.zip", "tar-traversal.tar.gz"):
        read_archives([SAMPLES / "hostile" / name])
    assert list(tmp_path.iterdir()) == [] and not Path("/tmp/netdesk-owned.csv").exists()
    (tmp_path / "Connections.csv").symlink_to(SAMPLES / "dev/linkedin/2024-basic/tree/Connections.csv")
    with pytest.raises(Unreadable, match="archive unknown"):
        read_archives([tmp_path])
