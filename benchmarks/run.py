"""Prints NetDesk's figures as ratios to a floor measured in the same run.

Run: ./run --in-env python benchmarks/run.py [PART OF A NAME]

Each figure is the median of several turns, floor and subject in turn. A run in which a reference loop moves by more than a quarter says so.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
PYC = Path(tempfile.gettempdir()) / "netdesk-bench-pyc"
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.servers import ejabberd, prosody  # noqa: E402

from benchmarks import archives, fill, installed, window, xmpp  # noqa: E402 - the path comes first
from benchmarks.figures import Figure, median_ms  # noqa: E402


def until_usable(code: str, *words: str) -> float:
    """How long, in ms, a program in a process of its own takes until it says that its window is usable."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONPYCACHEPREFIX": str(PYC)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's Python keeps what it has compiled
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline().strip() == b"usable"
        return (time.perf_counter() - start) * 1_000


EMPTY = (
    "from PySide6.QtWidgets import QApplication, QMainWindow; from PySide6.QtCore import QTimer; a = QApplication([]); w = QMainWindow(); "
    "w.resize(1240, 820); w.show(); QTimer.singleShot(0, lambda: (print('usable', flush=True), a.quit())); a.exec()"
)
OURS = (
    "import sys; from pathlib import Path; from netdesk.app import Program, make_application; a = make_application(); "
    "p = Program(a, Path(sys.argv[1])); p.open(Path(sys.argv[1]), sample=False); "
    "p.window.pages.incoming.model.loaded.connect(lambda: (print('usable', flush=True), a.quit())); a.exec(); p.close()"
)


def starting(folders: dict[int, Path]) -> list[Figure]:
    found = []
    for rows, folder in folders.items():
        turns = [(until_usable(OURS, str(folder)), until_usable(EMPTY)) for _ in range(6)][1:]
        mine, floor = statistics.median(one[0] for one in turns), statistics.median(one[1] for one in turns)
        found.append(Figure(f"start to usable window, {rows:,} people and requests / empty PySide6 window", mine, floor, "≤ 2 ×"))
    return found


def main() -> None:
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    place = Path(tempfile.mkdtemp(prefix="netdesk-bench-"))
    reference = median_ms(lambda: sum(range(300_000)))
    try:
        folders = {rows: fill.desk(place / str(rows), rows) for rows in (1_000, 100_000)}
        parts = {
            "start": lambda: starting(folders),
            "lists": lambda: [figure for rows, folder in folders.items() for figure in window.lists(folder, rows)],
            "graph": lambda: window.graph(place / "graph"),
            "flood": lambda: window.flood(place / "flood"),
            "import": lambda: archives.importing(place / "import"),
            "login": lambda: xmpp.login(place / "login") if prosody.installed() else [],
            "packages": lambda: installed.figures(place / "packages"),
            "arriving": lambda: xmpp.arriving(place / "arriving") if ejabberd.installed() else [],
        }
        figures = [figure for name, part in parts.items() if only in name for figure in part()]
    finally:
        shutil.rmtree(place, ignore_errors=True)
    moved = median_ms(lambda: sum(range(300_000))) / reference
    print(f"| {'what':<78} | {'NetDesk':>10} | {'floor':>10} | {'ratio':>7} | target |")
    print(f"|{'-' * 80}|{'-' * 11}:|{'-' * 11}:|{'-' * 8}:|---|")
    for one in figures:
        ratio = f"{one.mine / one.floor:.2f}" if one.floor else "–"
        floor = f"{one.floor:.2f} {one.unit}" if one.floor is not None else "–"
        print(f"| {one.name:<78} | {one.mine:>7.2f} {one.unit} | {floor:>10} | {ratio:>7} | {one.target} |")
    if not 0.75 < moved < 1.25:
        print(f"\nThe machine was not quiet: the reference loop moved to {moved:.2f} of what it was. Take these figures again.")


if __name__ == "__main__":
    main()
