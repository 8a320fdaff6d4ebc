"""Requests from addresses that cannot be read: whose they are, as they came."""

from typing import Any

STATEMENT = (
    'CREATE TABLE "unreadable" ("account_id" INTEGER NOT NULL, "sender" TEXT NOT NULL, PRIMARY KEY ("account_id", "sender"), '
    'FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE) WITHOUT ROWID'
)


def up(_migrator: Any, db: Any) -> None:
    """Make the table."""
    db.execute_sql(STATEMENT)
