"""Fuzzes the readers of archives with bytes, guided by coverage (atheris, on Linux).

Run: .tools/bin/uv sync --frozen --group fuzz && ./run --in-env python scripts/fuzz_archives.py [SECONDS]

Each input is read as every kind of file that an export may be. Whatever it is, it is read or refused with a sentence: anything else ends the run,
and the input stands in crash-… in the current folder. The samples of the tests are the beginning.
"""

import io
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]

try:
    import atheris
except ImportError:
    sys.exit(__doc__)

with atheris.instrument_imports(include=["netdesk.archives"]):
    from netdesk.archives import container, read
    from netdesk.archives.container import Entry
    from netdesk.domain.errors import NetDeskError

NAMES = (
    "Connections.csv", "Invitations.csv", "connections/friends/your_friends.json", "connections/friends/your_friends.html",
    "connections/followers_and_following/followers_1.json", "connections/followers_and_following/following.html", "connections.json",
    "data/follower.js", "data/tweets.js", "following_accounts.csv", "actor.json", "repo.car",
)  # fmt: skip


class Given(container.Container):
    """A container whose one file is the input."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__((), container.Budget())
        self.entries = [Entry(name, len(content), lambda: io.BytesIO(content), given=True)]


def one_input(data: bytes) -> None:
    """Read it as each of them in turn, by its first byte; or as an archive."""
    kind, content = (data[0] if data else 0) % (len(NAMES) + 1), data[1:]
    try:
        if kind < len(NAMES):
            budget = container.Budget()
            entries = Given(NAMES[kind], content).entries
            archives = [
                read._read(one, files)
                for one in read._IMPORTERS
                for network, files in read._sorted(entries, budget).items()
                if network == one.network
            ]
        else:
            with tempfile.NamedTemporaryFile(suffix=".zip") as file:
                file.write(content)
                file.flush()
                archives = read.read_archives([Path(file.name)])
    except NetDeskError:
        return
    for archive in archives:
        archive.packed()


def beginnings(folder: Path) -> None:
    """The samples, each with the byte that says what it is."""
    for path in sorted((ROOT / "tests" / "samples" / "archives").rglob("*")):
        if path.is_file() and path.stat().st_size < 40_000:
            kinds = [at for at, name in enumerate(NAMES) if name.rpartition(".")[2] == path.suffix.lstrip(".")] or [len(NAMES)]
            for at in kinds:
                (folder / f"{at}-{abs(hash(str(path)))}").write_bytes(bytes([at]) + path.read_bytes())


def main() -> None:
    seconds = sys.argv[1] if len(sys.argv) > 1 else "300"
    with tempfile.TemporaryDirectory() as corpus:
        beginnings(Path(corpus))
        atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=60000", "-timeout=10", "-rss_limit_mb=1200", corpus], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
