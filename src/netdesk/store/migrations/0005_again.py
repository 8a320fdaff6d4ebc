"""Which orders are told again because their server had not heard them."""

from typing import Any


def up(_migrator: Any, db: Any) -> None:
    """Add the column."""
    db.execute_sql('ALTER TABLE "outbox" ADD COLUMN "again" INTEGER NOT NULL DEFAULT 0')
