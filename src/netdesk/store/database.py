"""Opening, checking and closing the database of a desk, and running queries on it."""

import errno
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from peewee import DatabaseError, Query, SqliteDatabase
from playhouse.migrations import Runner

from netdesk.domain.errors import StorageTrouble
from netdesk.paths import make_private

log = logging.getLogger(__name__)

FILE_NAME: Final = "desk.db"
_DIRTY: Final = "desk.open"  # stands while the database is open: a start that finds it checks the file
_DAMAGED: Final = "desk.damaged"  # stands from finding damage until the owner chose what to do
_AFRESH: Final = "desk.afresh"  # stands from the owner's choice of an empty desk until it is made
_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_PRAGMAS: Final = {
    "journal_mode": "wal",
    "synchronous": "full",  # with NORMAL a power cut loses confirmed rows
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "secure_delete": 1,
    "busy_timeout": 5_000,
    "cache_size": -16_000,
    "temp_store": "memory",
}
_NO_ROOM: Final = 64 * 1024
_WORDS: Final = (
    ("full", "disk full"),
    ("readonly", "read only"),
    ("read-only", "read only"),
    ("unable to open", "read only"),
    ("permission", "read only"),
    ("locked", "locked"),
    ("busy", "locked"),
    ("malformed", "damaged"),
    ("not a database", "damaged"),
    ("corrupt", "damaged"),
    ("disk i/o", "disk trouble"),
)


def trouble_of(error: BaseException) -> str:
    """The reason behind a database error, looking through what peewee raised on top of it; empty when it is a bug."""
    seen: BaseException | None = error
    reasons = []
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in (errno.ENOSPC, errno.EDQUOT):
            return "disk full"
        text = str(seen).lower()
        reasons += [reason for word, reason in _WORDS if word in text]
        seen = seen.__cause__ or seen.__context__
    return reasons[-1] if reasons else ""


class Database:
    """One open desk database. All its methods are for the one thread that opened it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self._sqlite = SqliteDatabase(str(self.path), pragmas=_PRAGMAS, thread_safe=False)

    def open(self) -> None:
        """Open, check and migrate; raises StorageTrouble (damaged, newer, disk full, read only, locked)."""
        if (self.folder / _DAMAGED).exists():
            raise StorageTrouble("damaged", detail=(self.folder / _DAMAGED).read_text("utf-8").strip())
        try:
            make_private(self.folder)
            existed = self.path.exists()
            unclean = (self.folder / _DIRTY).exists()
            if (not existed or self.path.stat().st_size == 0) and self._was_used():
                raise StorageTrouble("damaged")
            if not existed:
                self.path.touch(mode=0o600)
            self._refuse_others()
            with self.troubles():
                self._sqlite.connect()
                self._check(thoroughly=unclean)
                self._migrate(existed=existed)
                self._sqlite.execute_sql("PRAGMA optimize")
            (self.folder / _DIRTY).touch(mode=0o600)
            (self.folder / _AFRESH).unlink(missing_ok=True)
        except OSError as error:
            raise StorageTrouble(trouble_of(error) or "read only", detail=str(self.folder)) from error
        except StorageTrouble as trouble:
            self._sqlite.close()
            if trouble.reason == "damaged":
                self._set_aside()
            raise
        self._keep_private()

    def close(self) -> None:
        """Close; the file needs no check at the next start."""
        if not self._sqlite.is_closed():
            self._sqlite.close()
            (self.folder / _DIRTY).unlink(missing_ok=True)

    def _was_used(self) -> bool:
        """Whether there are backups of a desk that is missing, or empty, and nobody has asked for an empty one."""
        return any((self.folder / "backups").glob("desk-*.db")) and not (self.folder / _AFRESH).exists()

    def _check(self, *, thoroughly: bool) -> None:
        pragma = "quick_check" if thoroughly else "schema_version"
        answer = self._sqlite.execute_sql(f"PRAGMA {pragma}").fetchone()
        if thoroughly and answer[0] != "ok":
            raise StorageTrouble("damaged")

    def _refuse_others(self) -> None:
        """Refuse a newer desk's file and another program's, unchanged: looked at before anything is set on it."""
        try:
            peek = sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)
        except sqlite3.Error:
            return
        try:
            tables = {row[0] for row in peek.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            applied = {row[0] for row in peek.execute("SELECT name FROM schema_migration")} if "schema_migration" in tables else set()
        except sqlite3.Error:
            return  # damaged: the check finds it
        finally:
            peek.close()
        if applied - known_migrations():
            raise StorageTrouble("newer", detail=", ".join(sorted(applied - known_migrations())))
        if tables and "schema_migration" not in tables:
            raise StorageTrouble("not ours", detail=str(self.path))

    def _migrate(self, *, existed: bool) -> None:
        runner = Runner(self._sqlite, str(_MIGRATIONS))
        pending = [one for one in runner.status() if one.path is not None and one.applied is None]
        if not pending:
            return
        if existed and runner.applied():
            self.copy_to(self.folder / f"before-{pending[0].name}.db")
        runner.up()

    def _set_aside(self) -> None:
        """Move the damaged file away, under a name that says when, and leave a mark so that no empty desk opens in its place."""
        stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        for suffix in ("", "-wal", "-shm"):
            file = self.path.with_name(FILE_NAME + suffix)
            if file.exists():
                file.rename(self.folder / f"{FILE_NAME}.corrupt-{stamp}{suffix}")  # so SQLite still finds the -wal beside it
        (self.folder / _DAMAGED).write_text(f"{FILE_NAME}.corrupt-{stamp}\n", "utf-8")
        (self.folder / _DIRTY).unlink(missing_ok=True)

    def _keep_private(self) -> None:
        if os.name == "nt":
            return  # there the folder's own rules keep others out, and a file that SQLite has open cannot be changed
        for file in self.folder.glob(FILE_NAME + "*"):
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)

    @contextmanager
    def troubles(self) -> Iterator[None]:
        """Turn what is wrong with the disk or the file into StorageTrouble; anything else is a bug and passes."""
        try:
            yield
        except (DatabaseError, sqlite3.Error) as error:
            reason = trouble_of(error)
            if not reason:
                raise
            if reason == "disk trouble" and shutil.disk_usage(self.folder).free < _NO_ROOM:
                reason = "disk full"  # SQLite says so of a -shm file that it could not make
            log.warning("storage trouble: %s", reason)
            raise StorageTrouble(reason, detail=str(self.folder)) from error

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of a transaction that is undone by itself when it raises; the rest stands."""
        self._sqlite.execute_sql("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self._sqlite.in_transaction():  # a full disk may have ended it all
                self._sqlite.execute_sql("ROLLBACK TO part")
                self._sqlite.execute_sql("RELEASE part")
            raise
        self._sqlite.execute_sql("RELEASE part")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nested ones join the outer one."""
        if self._sqlite.in_transaction():
            yield
            return
        with self.troubles(), self._sqlite.atomic("IMMEDIATE"):
            yield

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """The rows of a select, as plain tuples."""
        with self.troubles():
            return list(query.bind(self._sqlite).tuples())

    def first(self, query: Query) -> tuple[Any, ...] | None:
        """The first row of a select, or None."""
        found = self.rows(query.limit(1))
        return found[0] if found else None

    def scalar(self, query: Query) -> Any:
        """The first value of the first row of a select, or None."""
        row = self.first(query)
        return row[0] if row else None

    def run(self, query: Query) -> int:
        """Run an insert (gives the new id), update or delete (gives the number of rows)."""
        with self.troubles():
            return int(query.bind(self._sqlite).execute() or 0)

    def sql(self, text: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a statement that peewee does not write: full-text search, windows, WITHOUT ROWID bulk work."""
        with self.troubles():
            return list(self._sqlite.execute_sql(text, parameters).fetchall())

    def many(self, text: str, rows: list[tuple[Any, ...]]) -> None:
        """One statement for many rows of parameters."""
        with self.troubles():
            self._sqlite.connection().executemany(text, rows)

    def copy_to(self, target: Path) -> None:
        """A copy of the database in `target`, whole at one moment, by SQLite's backup API; private to the owner."""
        target.touch(mode=0o600)
        with self.troubles():
            other = sqlite3.connect(target)
            try:
                self._sqlite.connection().backup(other)
                other.execute("PRAGMA journal_mode = delete")
            finally:
                other.close()

    def is_whole(self) -> bool:
        """Whether SQLite finds nothing wrong with the file."""
        with self.troubles():
            return bool(self._sqlite.execute_sql("PRAGMA quick_check(1)").fetchone()[0] == "ok")

    @property
    def peewee(self) -> SqliteDatabase:
        """The peewee database, for schema work and tests."""
        return self._sqlite


def start_afresh(folder: Path) -> None:
    """Let an empty desk open in the place of one that was set aside as damaged: the owner's choice, never made for her."""
    (folder / _AFRESH).touch(mode=0o600)
    (folder / _DAMAGED).unlink(missing_ok=True)


def known_migrations() -> set[str]:
    """The names of the steps that this program knows."""
    return {path.stem for path in _MIGRATIONS.glob("[0-9]*.py")}
