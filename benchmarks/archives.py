"""Figures of importing: a LinkedIn export of 30,000 connections and 5,000 requests, from zip to searchable list."""

import csv
import gc
import io
import sqlite3
import statistics
import time
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import figures as table
from benchmarks.window import application, gaps, shown
from netdesk.archives.read import read_archives
from netdesk.desk import Desk, prepare_interpreter
from netdesk.domain.people import PeopleQuery

CONNECTIONS, REQUESTS = 30_000, 5_000
_FIRST = ("Mira", "José", "Zoë", "Łukasz", "王小", "Amélie", "Yusuf", "Åse", "Nguyễn", "Søren", "Priya", "Kofi", "Ingrid", "Tāne", "Élodie")
_LAST = ("Solheim", "Ibarra", "Żółw", "Козак", "Rousseau", "Al-Karimi", "Brekke", "Hồng", "Kjær", "Mensah", "Holm", "Rangi", "Bąk")
_IN = "https://www.linkedin.com/in/"


def make(path: Path) -> Path:
    """The export of an invented person."""
    connections, invitations = io.StringIO(), io.StringIO()
    people, asked = csv.writer(connections, lineterminator="\n"), csv.writer(invitations, lineterminator="\n")
    people.writerow(["First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On"])
    asked.writerow(["From", "To", "Sent At", "Message", "Direction", "inviterProfileUrl", "inviteeProfileUrl"])
    for n in range(CONNECTIONS):
        day = date(2024, 6, 1) - timedelta(days=n % 5_000)
        last = f"{_LAST[n // 20 % len(_LAST)]} {n}"
        people.writerow([_FIRST[n % 15], last, f"{_IN}person-{n}", "", f"Company {n % 80}", f"Role {n % 50}", day.strftime("%d %b %Y")])
    for n in range(REQUESTS):
        at = datetime(2024, 6, 1) - timedelta(minutes=37 * n)
        when = f"{at.month}/{at.day}/{at:%y}, {at.hour % 12 or 12}:{at:%M} {'PM' if at.hour >= 12 else 'AM'}"
        note = f"Hello {n}, shall we connect?" if n % 10 == 0 else ""
        asked.writerow([f"Asker {n}", "Me", when, note, "INCOMING", f"{_IN}asker-{n}", f"{_IN}me"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("Connections.csv", connections.getvalue())
        made.writestr("Invitations.csv", invitations.getvalue())
    return path


def _floor(archive: Path, database: Path) -> tuple[float, float]:
    """Reading it with the standard library alone, and a plain executemany of its rows into tables without an index. In ms."""
    start = time.perf_counter()
    with zipfile.ZipFile(archive) as source:
        rows = {name: list(csv.reader(io.StringIO(source.read(name).decode("utf-8")))) for name in source.namelist()}
    read = time.perf_counter()
    database.unlink(missing_ok=True)
    with sqlite3.connect(database) as db:
        db.execute("PRAGMA journal_mode = wal")
        db.execute("PRAGMA synchronous = full")
        db.execute("CREATE TABLE connection (a, b, c, d, e, f, g)")
        db.execute("CREATE TABLE request (a, b, c, d, e, f, g)")
        db.executemany("INSERT INTO connection VALUES (?, ?, ?, ?, ?, ?, ?)", rows["Connections.csv"])
        db.executemany("INSERT INTO request VALUES (?, ?, ?, ?, ?, ?, ?)", rows["Invitations.csv"])
    db.close()
    return (read - start) * 1_000, (time.perf_counter() - read) * 1_000


def _subject(archive: Path, folder: Path) -> tuple[float, float]:
    """Reading it, and bringing it onto a desk of its own until it can be searched. In ms."""
    desk = Desk(folder).open()
    start = time.perf_counter()
    (found,) = read_archives([archive])
    found.packed()
    read = time.perf_counter()
    desk.call(desk.do.imports.bring, found, archive.name)
    assert desk.call(desk.do.network.page, PeopleQuery(text="solheim"), 0, 100).total
    took = (read - start) * 1_000, (time.perf_counter() - read) * 1_000
    desk.close()
    return took


def importing(folder: Path) -> list[Any]:
    """Both against their floors, and how a window that scrolls fares meanwhile."""
    prepare_interpreter()
    folder.mkdir(parents=True)
    archive = make(folder / "export.zip")
    turns = [(_subject(archive, folder / str(turn)), _floor(archive, folder / "floor.db")) for turn in range(4)][1:]
    names = ("read", "on the desk and searchable")
    found = []
    for at, name in enumerate(names):
        mine, floor = (statistics.median(one[side][at] for one in turns) for side in (0, 1))
        beside = "the standard library" if at == 0 else "a plain executemany"
        found.append(table.Figure(f"{CONNECTIONS:,} connections, {REQUESTS:,} requests {name} / {beside}", mine, floor, ""))
    whole = [(sum(mine), sum(floor)) for mine, floor in turns]
    found.append(
        table.Figure("the two together", statistics.median(one for one, _ in whole), statistics.median(one for _, one in whole), "≤ 3 ×")
    )
    return found + _meanwhile(folder, archive)


def _meanwhile(folder: Path, archive: Path) -> list[Any]:
    app = application()
    desk = Desk(folder / "window").open()
    desk.add_community_account("Owner")
    desk.call(desk.do.accounts.confirm_first_run, desk.call(desk.do.accounts.all)[0].id)
    (small,) = read_archives([archive])
    small.connections = small.connections[:5_000]
    desk.call(desk.do.imports.bring, small, "first.zip")
    window = shown(app, desk)
    window.show_tab("network")
    gc.collect()
    gc.freeze()
    reading = desk.read_archives([archive])
    state: dict[str, Any] = {"bringing": None, "at": 0}

    def working() -> bool:
        bar = window.pages.network.rows.verticalScrollBar()
        state["at"] = (state["at"] + 40) % max(1, bar.maximum())
        bar.setValue(state["at"])
        if state["bringing"] is None and reading.done():
            state["bringing"] = desk.submit(desk.do.imports.bring, reading.result()[0], "second.zip")
        return state["bringing"] is None or not state["bringing"].done()

    late = gaps(app, working)
    desk.close()
    ordered = sorted(late)
    return [
        table.Figure("longest time a window that scrolls stood still meanwhile", max(late), None, "≤ 50 ms"),
        table.Figure("99 of 100 ticks were later by less than", ordered[int(len(ordered) * 0.99)], None, "≤ 16 ms"),
    ]
