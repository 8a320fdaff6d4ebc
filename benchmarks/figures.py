"""A line of the table, and how its times are taken."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table: what NetDesk takes, what the floor takes, and the target, as ratio or in the line's own unit."""

    name: str
    mine: float
    floor: float | None
    target: str
    unit: str = "ms"


def median_ms(job: Callable[[], object], turns: int = 7) -> float:
    """The median time of a job in milliseconds."""
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        job()
        times.append((time.perf_counter() - start) * 1_000)
    return statistics.median(times)


def in_turn(mine: Callable[[], object], floor: Callable[[], object], turns: int = 7) -> tuple[float, float]:
    """The medians of two jobs that run in turn."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(turns):
        for job, times in zip((mine, floor), found, strict=True):
            start = time.perf_counter()
            job()
            times.append((time.perf_counter() - start) * 1_000)
    return statistics.median(found[0]), statistics.median(found[1])
