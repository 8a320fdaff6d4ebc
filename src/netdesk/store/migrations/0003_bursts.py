"""Requests of a flood stand under the first of them."""

from typing import Any

STATEMENTS = (
    'ALTER TABLE "incoming" ADD COLUMN "burst" INTEGER',
    'CREATE INDEX "incoming_burst" ON "incoming" ("burst", "place", "id") WHERE "burst" IS NOT NULL',
)


def up(_migrator: Any, db: Any) -> None:
    """Add the column and its index."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
