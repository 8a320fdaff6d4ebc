"""The installed program against the checkout: how long each takes to start, and how large the packages are."""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figures import Figure

ROOT = Path(__file__).resolve().parent.parent
FROZEN = ROOT / ".build/frozen/netdesk/netdesk"
DROP = Path("/proc/sys/vm/drop_caches")


def until_it_answers(words: list[str], folder: Path, environment: dict[str, str]) -> float:
    """How long, in ms, a start takes until its window is there and answers a second start: by the socket of its data folder."""
    start = time.perf_counter()
    with subprocess.Popen(
        [*words, "--data-dir", str(folder)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        while True:
            assert running.poll() is None, f"the program ended with {running.returncode}"
            try:
                with socket.socket(socket.AF_UNIX) as asks:
                    asks.connect(str(folder / "desk.socket"))
                    asks.sendall(b"raise\n")
                    asks.settimeout(30)
                    assert asks.recv(3) == b"ok\n"
            except (FileNotFoundError, ConnectionRefusedError):
                time.sleep(0.002)
            else:
                taken = (time.perf_counter() - start) * 1_000
                running.send_signal(signal.SIGTERM)
                running.wait(30)
                return taken


def _cold() -> bool:
    """Forget what the system keeps of files, where that is allowed."""
    if not os.access(DROP, os.W_OK):
        return False
    os.sync()
    try:
        DROP.write_text("3\n")
    except OSError:
        return False
    return True


def figures(folder: Path) -> list[Figure]:
    """Starts warm and cold, in turn; sizes. Empty when nothing was built (packaging/build deb)."""
    if not FROZEN.exists():
        return []
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONPYCACHEPREFIX": str(folder / "pyc")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    both = ([str(FROZEN)], [sys.executable, "-m", "netdesk"])
    desk = folder / "desk"

    def turn() -> tuple[float, float]:
        mine, checkout = (until_it_answers(words, desk, environment) for words in both)
        return mine, checkout

    turn()
    warm = [turn() for _ in range(9)]
    found = [_figure("start of the installed program, warm / of the checkout", warm, "≤ 1.3 ×")]
    cold = []
    for _ in range(4):
        pair = []
        for words in both:
            if not _cold():
                break
            pair.append(until_it_answers(words, desk, environment))
        if len(pair) == 2:
            cold.append((pair[0], pair[1]))
    if cold:
        found.append(_figure("the same, cold (the system's file cache dropped)", cold, "≤ 1.3 ×"))
    for package in sorted((ROOT / "dist").glob("*")):
        if package.suffix in (".deb", ".rpm", ".run", ".exe"):
            found.append(Figure(f"size of {package.name}", package.stat().st_size / 1e6, None, "≤ 45 MB", "MB"))
    size = sum(one.stat().st_size for one in FROZEN.parent.rglob("*") if one.is_file() and not one.is_symlink())
    found.append(Figure("size of the installed program", size / 1e6, None, "", "MB"))
    shutil.rmtree(desk, ignore_errors=True)
    return found


def _figure(name: str, pairs: list[tuple[float, float]], target: str) -> Figure:
    return Figure(name, statistics.median(one[0] for one in pairs), statistics.median(one[1] for one in pairs), target)
