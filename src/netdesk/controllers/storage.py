"""Storage: backups and restoring, for the window and the command line."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from netdesk.domain.cards import BackupFile
from netdesk.store import backup, database
from netdesk.store.database import Database

Clock = Callable[[], datetime]


class StorageDesk:
    """The desk's own file. All methods run on the store thread."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def back_up_if_due(self) -> str:
        """Make an automatic backup unless one is younger than 30 minutes; its path, or nothing."""
        made = backup.back_up_if_due(self._db, self._clock())
        return str(made) if made else ""

    def back_up_to(self, target: Path) -> None:
        """A backup in any place; raises StorageTrouble or Unreadable."""
        backup.back_up_to(self._db, target)

    def backups(self) -> list[BackupFile]:
        """The automatic backups, the newest first."""
        return [BackupFile(str(one.path), one.at) for one in backup.backups(self._db.folder)]

    def facts(self) -> dict[str, object]:
        """What doctor says of the file: whole or not, its size in bytes, how many rows."""
        answer = self._db.sql("PRAGMA quick_check")[0][0]
        counts = {
            name: self._db.sql(f"SELECT count(*) FROM {name}")[0][0] for name in ("person", "incoming", "outgoing", "block", "outbox")
        }
        return {"whole": answer == "ok", "bytes": self._db.path.stat().st_size, **counts}


def open_database(folder: Path) -> Database:
    """Open the desk's database; raises StorageTrouble. To be called on the store thread."""
    db = Database(folder)
    db.open()
    return db


def newest_sound_backup(folder: Path) -> BackupFile | None:
    """The newest automatic backup that is whole."""
    found = backup.newest_sound(folder)
    return BackupFile(str(found.path), found.at) if found else None


def restore(folder: Path, source: Path, now: datetime) -> str:
    """Put a backup in the place of a closed database; gives the name under which the old one is kept, or nothing."""
    kept = backup.restore(folder, source, now)
    return str(kept) if kept else ""


def start_afresh(folder: Path) -> None:
    """Open an empty desk where a damaged one was set aside: only on the owner's word."""
    database.start_afresh(folder)
