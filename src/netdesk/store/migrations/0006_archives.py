"""Archives of other networks: imports, what was shut out there, and times as they were written."""

from typing import Any


def up(_migrator: Any, db: Any) -> None:
    """Add the columns and tables."""
    for table in ("person", "incoming", "outgoing"):
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "stamp" TEXT NOT NULL DEFAULT \'\'')
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "import_id" INTEGER')
    for table in ("incoming", "outgoing"):
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "ended_by" INTEGER')
    db.execute_sql(
        'CREATE TABLE "archive_import" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "account_id" INTEGER NOT NULL, "at" INTEGER NOT NULL, '
        '"files" TEXT NOT NULL, "content" BLOB NOT NULL, "told" TEXT NOT NULL, '
        'FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE)'
    )
    db.execute_sql('CREATE INDEX "archive_import_account_id" ON "archive_import" ("account_id")')
    db.execute_sql(
        'CREATE TABLE "same_person" ("low" INTEGER NOT NULL, "high" INTEGER NOT NULL, "same" INTEGER NOT NULL, PRIMARY KEY ("low", "high"), '
        'FOREIGN KEY ("low") REFERENCES "person" ("id") ON DELETE CASCADE, FOREIGN KEY ("high") REFERENCES "person" ("id") ON DELETE CASCADE) '
        "WITHOUT ROWID"
    )
    db.execute_sql('CREATE INDEX "same_person_high" ON "same_person" ("high")')
    db.execute_sql(
        'CREATE TABLE "archived_block" ("account_id" INTEGER NOT NULL, "address" TEXT NOT NULL, "kind" TEXT NOT NULL, "name" TEXT NOT NULL, '
        '"stamp" TEXT NOT NULL, PRIMARY KEY ("account_id", "address", "kind"), '
        'FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE) WITHOUT ROWID'
    )
