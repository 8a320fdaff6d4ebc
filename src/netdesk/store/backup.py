"""Backups: automatic ones, thinned to 12 daily, 10 weekly and 9 monthly; one to any place; restore."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from netdesk.domain.errors import Gone, StorageTrouble, Unreadable
from netdesk.paths import make_private
from netdesk.store.database import FILE_NAME, Database, known_migrations, start_afresh, trouble_of

_STAMP: Final = "%Y%m%d-%H%M%S"
APART: Final = timedelta(minutes=30)
_KEEP: Final = ((12, "%Y-%j"), (10, "%G-%V"), (9, "%Y-%m"))


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file and when it was made."""

    path: Path
    at: datetime


def backups(folder: Path) -> list[Backup]:
    """The automatic backups of a desk, the newest first."""
    found = []
    for path in (folder / "backups").glob("desk-*.db"):
        try:
            found.append(Backup(path, datetime.strptime(path.stem.removeprefix("desk-"), _STAMP).replace(tzinfo=UTC)))
        except ValueError:
            continue
    return sorted(found, key=lambda one: one.at, reverse=True)


def to_keep(times: Iterable[datetime]) -> set[datetime]:
    """Which backups stay: the last of each of the latest 12 days, 10 weeks and 9 months that have one."""
    newest_first = sorted(times, reverse=True)
    kept: set[datetime] = set()
    for most, pattern in _KEEP:
        periods: set[str] = set()
        for at in newest_first:
            period = at.strftime(pattern)
            if period not in periods and len(periods) < most:
                periods.add(period)
                kept.add(at)
    return kept


def back_up_if_due(database: Database, now: datetime) -> Path | None:
    """Make an automatic backup unless one is younger than 30 minutes, and thin the old ones; its path, or None."""
    there = backups(database.folder)
    if any(abs(now - one.at) < APART for one in there):
        return None
    if not database.is_whole():
        raise StorageTrouble("damaged", detail=FILE_NAME)  # a bad copy must not take the place of good ones
    try:
        target = make_private(database.folder / "backups") / f"desk-{now.astimezone(UTC).strftime(_STAMP)}.db"
        _copy_whole(database, target)
    except OSError as error:
        raise StorageTrouble(trouble_of(error) or "backup place", detail=str(database.folder / "backups")) from error
    there = backups(database.folder)
    kept = to_keep(one.at for one in there) | {now.astimezone(UTC).replace(microsecond=0)}
    for one in there:
        if one.at not in kept:
            one.path.unlink()
    return target


def back_up_to(database: Database, target: Path) -> None:
    """A backup in `target`; raises StorageTrouble when it cannot be written.

    Raises Unreadable for a place in the desk's own folder, and for a file that is there and is no backup: nothing else is written over.
    """
    if target.resolve().parent == database.folder.resolve() or (target.exists() and not is_sound(target)):
        raise Unreadable("backup onto itself", detail=str(target))
    try:
        _copy_whole(database, target)
    except OSError as error:
        raise StorageTrouble("backup place", detail=str(target)) from error


def _copy_whole(database: Database, target: Path) -> None:
    """Copy beside the target first, so that a failure never leaves half a file under its name."""
    beside = target.with_name(target.name + ".part")
    try:
        database.copy_to(beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def is_sound(path: Path) -> bool:
    """Whether the file is a whole NetDesk database. Never call it with the live one."""
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return False
    try:
        whole = bool(connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
        return whole and int(connection.execute("SELECT count(*) FROM schema_migration").fetchone()[0]) > 0
    except sqlite3.Error:
        return False
    finally:
        connection.close()


def _steps(path: Path) -> set[str]:
    """The migrations that a sound backup has behind it."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return {row[0] for row in connection.execute("SELECT name FROM schema_migration")}
    finally:
        connection.close()


def newest_sound(folder: Path) -> Backup | None:
    """The newest automatic backup that is whole."""
    return next((one for one in backups(folder) if is_sound(one.path)), None)


def restore(folder: Path, source: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the database, which must be closed; what was there is kept under the returned name."""
    if not source.exists():
        raise Gone("backup", detail=str(source))
    if not is_sound(source):
        raise Unreadable("backup", detail=str(source))
    if _steps(source) - known_migrations():
        raise StorageTrouble("newer", detail=str(source))
    target = folder / FILE_NAME
    fresh = folder / (FILE_NAME + ".restoring")
    try:
        make_private(folder)
        _plain_copy(source, fresh)
        aside = None
        if target.exists():
            stamp = now.astimezone(UTC).strftime(_STAMP)
            for suffix in ("", "-wal", "-shm"):
                file = target.with_name(FILE_NAME + suffix)
                if file.exists():
                    file.rename(folder / f"{FILE_NAME}.before-restore-{stamp}{suffix}")
            aside = folder / f"{FILE_NAME}.before-restore-{stamp}"
        fresh.replace(target)
    except (OSError, sqlite3.Error) as error:
        fresh.unlink(missing_ok=True)
        raise StorageTrouble(trouble_of(error) or "read only", detail=str(folder)) from error
    start_afresh(folder)
    return aside


def _plain_copy(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    with sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True) as old:
        new = sqlite3.connect(target)
        old.backup(new)
        new.close()
    old.close()
