"""The community's SQLite file: its tables, opening it, private to its owner."""

import sqlite3
from pathlib import Path
from typing import Final

from netdesk.domain.errors import StorageTrouble
from netdesk.paths import make_folder

VERSION: Final = 1
_TABLES: Final = """
CREATE TABLE member (
    address TEXT PRIMARY KEY, made_at INTEGER NOT NULL, resident INTEGER NOT NULL DEFAULT 0, keeper INTEGER NOT NULL DEFAULT 0,
    shares INTEGER NOT NULL DEFAULT 0, profile TEXT NOT NULL DEFAULT '{}', picture BLOB NOT NULL DEFAULT x'',
    audiences TEXT NOT NULL DEFAULT '{}', chosen TEXT NOT NULL DEFAULT '[]'
) WITHOUT ROWID;
CREATE TABLE tie (follower TEXT NOT NULL, followed TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (follower, followed)) WITHOUT ROWID;
CREATE INDEX tie_followed ON tie (followed, follower);
CREATE TABLE request (
    sender TEXT NOT NULL, recipient TEXT NOT NULL, note TEXT NOT NULL, token TEXT NOT NULL, at INTEGER NOT NULL,
    followed_up INTEGER NOT NULL DEFAULT 0, shadow INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (recipient, sender)
) WITHOUT ROWID;
CREATE INDEX request_sender ON request (sender);
CREATE TABLE block (owner TEXT NOT NULL, target TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (owner, target)) WITHOUT ROWID;
CREATE TABLE report (
    id INTEGER PRIMARY KEY, reporter TEXT NOT NULL, target TEXT NOT NULL, category TEXT NOT NULL, text TEXT NOT NULL, note TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE TABLE introduction (
    asker TEXT NOT NULL, via TEXT NOT NULL, whom TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (via, asker, whom)
) WITHOUT ROWID;
CREATE TABLE mail (id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX mail_owner ON mail (owner, id);
CREATE TABLE done (number TEXT PRIMARY KEY, owner TEXT NOT NULL, at INTEGER NOT NULL, outcome TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE plan (id INTEGER PRIMARY KEY, due REAL NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX plan_due ON plan (due);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


def open_community(path: Path, *, make: bool = False) -> sqlite3.Connection:
    """Open the file, made if it is missing and `make` says so; raises StorageTrouble. Several processes may have it open.

    The file's own mode is its owner's to choose, so that several people of one computer can share it; a new one is private.
    """
    try:
        if not path.exists():
            if not make:
                raise StorageTrouble("community gone", detail=str(path))
            make_folder(path.parent)
            path.touch(mode=0o600)
        connection = sqlite3.connect(path, isolation_level=None, timeout=10.0)
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA synchronous = full")
        connection.execute("PRAGMA foreign_keys = on")
        connection.execute("PRAGMA trusted_schema = off")
        _prepare(connection, path)
    except (OSError, sqlite3.Error) as error:
        text = str(error).lower()
        reason = "disk full" if "full" in text else "community damaged" if "not a database" in text or "malformed" in text else "community"
        raise StorageTrouble(reason, detail=str(path)) from error
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables, once, whoever comes first; refuse a file of a newer version."""
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        connection.execute("ROLLBACK")
        connection.close()
        raise StorageTrouble("community newer", detail=str(path))
    if version == 0:
        for statement in _TABLES.split(";"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
