"""The desk's file: opening, what goes wrong, privacy of the files, migrations."""

import os
import sqlite3
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import SqliteDatabase
from playhouse.migrations import Runner
from tests.builders import Table, TestClock

from netdesk.domain.errors import StorageTrouble
from netdesk.store import archive_models, database
from netdesk.store.database import Database, trouble_of
from netdesk.store.lock import FolderLock

_OTHERS = ("sqlite_", "person_word", "person_gram", "schema_migration")


def opened(folder: Path) -> Database:
    made = Database(folder)
    made.open()
    return made


def test_durable_and_strict(table: Table) -> None:
    pragmas = {name: table.db.sql(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_the_migrations_make_what_the_models_say(tmp_path: Path, table: Table) -> None:
    """Tables, their columns with types, and indexes are the same, made either way."""
    fresh = SqliteDatabase(str(tmp_path / "models.db"))
    with fresh.bind_ctx(archive_models.ALL):
        fresh.create_tables(archive_models.ALL)

    def shape(run: Callable[[str], Any]) -> dict[str, Any]:
        names = [row[0] for row in run("SELECT name FROM sqlite_master WHERE type IN ('table', 'index')") if not row[0].startswith(_OTHERS)]
        return {
            name: [row[1:4] for row in run(f'PRAGMA table_xinfo("{name}")')] or run(f'PRAGMA index_info("{name}")')
            for name in sorted(names)
        }

    expected, found = shape(lambda text: fresh.execute_sql(text).fetchall()), shape(table.db.sql)
    fresh.close()
    assert found == expected


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_files_are_the_owners_alone(tmp_path: Path, clock: TestClock, mask: int) -> None:
    before = os.umask(mask)
    try:
        made = Table(tmp_path / "desk", clock)
        made.do.storage.back_up_if_due()
        made.arrives("a@b.example")
        found = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "desk").rglob("*")}
        made.close()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "desk").stat().st_mode) == 0o700
    assert {path.name: mode for path, mode in found.items() if mode not in (0o600, 0o700)} == {}
    assert {"desk.db", "desk.db-wal", "desk.db-shm"} <= {path.name for path in found}


def test_a_newer_database_is_refused_unchanged(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with sqlite3.connect(tmp_path / "desk.db") as other:
        other.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01 00:00:00')")
    other.close()
    before = (tmp_path / "desk.db").read_bytes()
    with pytest.raises(StorageTrouble, match="newer"):
        opened(tmp_path)
    assert (tmp_path / "desk.db").read_bytes() == before


def test_another_programs_file_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "desk.db") as other:
        other.execute("CREATE TABLE something (x)")
    other.close()
    before = (tmp_path / "desk.db").read_bytes()
    with pytest.raises(StorageTrouble, match="not ours"):
        opened(tmp_path)
    assert (tmp_path / "desk.db").read_bytes() == before


@pytest.mark.logs
@pytest.mark.parametrize("harm", ["nonsense", "header", "middle", "cut"])
def test_a_damaged_database_is_set_aside_never_replaced_in_silence(tmp_path: Path, clock: TestClock, harm: str) -> None:
    made = Table(tmp_path, clock)
    for number in range(60):
        made.arrives(f"p{number}@b.example", "a note " * 40)
    made.close()
    (tmp_path / "desk.open").touch()  # as after a crash: the file is checked
    path = tmp_path / "desk.db"
    content = bytearray(path.read_bytes())
    if harm == "nonsense":
        content = bytearray(b"not a database at all" * 400)
    elif harm == "header":
        content[0:64] = b"\xff" * 64
    elif harm == "middle":
        content[8_000 : len(content) // 2] = b"\xa5" * (len(content) // 2 - 8_000)
    else:
        del content[len(content) // 3 :]
    path.write_bytes(bytes(content))
    with pytest.raises(StorageTrouble, match="damaged"):
        opened(tmp_path)
    kept = [one for one in tmp_path.iterdir() if ".corrupt-" in one.name]
    assert any(one.read_bytes() == bytes(content) for one in kept)
    assert not path.exists()
    with pytest.raises(StorageTrouble, match="damaged"):
        opened(tmp_path)  # still no empty desk: the owner has to say so
    database.start_afresh(tmp_path)
    opened(tmp_path).close()


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageTrouble, match="read only"):
        opened(tmp_path / "file" / "desk")


@pytest.mark.logs
def test_disk_full_is_named_and_nothing_is_half_done(table: Table) -> None:
    table.arrives("first@b.example", "a note")
    pages = table.db.sql("PRAGMA page_count")[0][0]
    table.db.sql(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(StorageTrouble, match="disk full"):
        for number in range(500):
            table.arrives(f"p{number}@b.example", "a long note " * 200)
    kept = len(table.everything())
    table.db.sql("PRAGMA max_page_count = 1000000")
    assert table.arrives("last@b.example", "a note") == 0, "nothing is taken before a new session begins where the desk stands"
    table.online()
    table.arrives("last@b.example", "a note")
    assert len(table.everything()) == kept + 1
    assert table.db.sql("PRAGMA quick_check")[0][0] == "ok"


def test_what_lies_behind_an_error_is_found() -> None:
    try:
        try:
            raise sqlite3.OperationalError("database or disk is full")
        except sqlite3.OperationalError:
            raise sqlite3.OperationalError("cannot rollback - no transaction is active")  # noqa: B904 - as peewee does it
    except sqlite3.OperationalError as error:
        assert trouble_of(error) == "disk full"
    assert trouble_of(ValueError("nothing")) == ""


def test_a_migration_keeps_a_copy_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(tmp_path).close()
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    for script in database._MIGRATIONS.glob("0*.py"):
        (scripts / script.name).write_text(script.read_text())
    (scripts / "0099_more.py").write_text('def up(migrator, db):\n    db.execute_sql("CREATE TABLE more (x)")\n')
    monkeypatch.setattr(database, "_MIGRATIONS", scripts)
    made = opened(tmp_path)
    assert made.sql("SELECT count(*) FROM more") == [(0,)]
    made.close()
    assert (tmp_path / "before-0099_more.db").exists()


def test_a_desk_of_the_first_schema_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: TestClock) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    (scripts / "0001_first.py").write_text((database._MIGRATIONS / "0001_first.py").read_text())
    with monkeypatch.context() as patch:
        patch.setattr(database, "_MIGRATIONS", scripts)
        first = opened(tmp_path)
        first.sql("INSERT INTO setting (key, value) VALUES ('kept', '1')")
        first.close()
    now = opened(tmp_path)
    assert now.sql("SELECT value FROM setting WHERE key = 'kept'") == [("1",)]
    assert now.sql("SELECT count(*) FROM unreadable") == [(0,)]
    now.close()


@pytest.mark.logs
def test_a_migration_that_fails_leaves_the_old_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(tmp_path).close()
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    for script in database._MIGRATIONS.glob("0*.py"):
        (scripts / script.name).write_text(script.read_text())
    (scripts / "0099_bad.py").write_text(
        'def up(migrator, db):\n    db.execute_sql("CREATE TABLE half (x)")\n    db.execute_sql("CREATE NONSENSE")\n'
    )
    with monkeypatch.context() as patch:
        patch.setattr(database, "_MIGRATIONS", scripts)
        broken = Database(tmp_path)
        with pytest.raises(Exception, match="NONSENSE"):
            broken.open()
        broken.close()
    made = opened(tmp_path)
    assert made.sql("SELECT name FROM sqlite_master WHERE name = 'half'") == []
    assert [one.applied is not None for one in Runner(made.peewee, str(database._MIGRATIONS)).status()] == [True] * len(
        database.known_migrations()
    )
    made.close()


def test_the_live_file_is_never_opened_by_anything_but_sqlite(tmp_path: Path, clock: TestClock) -> None:
    """Closing a descriptor of the file drops SQLite's locks (POSIX): a backup goes through SQLite's own API."""
    seen: list[str] = []
    watching = [True]

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if watching[0] and event == "open" and isinstance(arguments[0], str | Path):
            seen.append(str(arguments[0]))

    made = Table(tmp_path / "desk", clock)
    sys.addaudithook(watch)
    try:
        made.arrives("a@b.example", "note")
        made.do.storage.back_up_if_due()
        made.do.storage.back_up_to(tmp_path / "copy.db")
        made.do.storage.facts()
    finally:
        watching[0] = False
    made.close()
    assert not [one for one in seen if one.endswith(("desk.db", "desk.db-wal", "desk.db-shm"))]


def test_one_process_has_the_folder(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.take()
    with pytest.raises(StorageTrouble, match="in use"):
        second.take()
    first.release()
    second.take()
    second.release()
