"""How far somebody's own server trusts their account, where it tells."""

from typing import Any


def up(_migrator: Any, db: Any) -> None:
    """Add the column."""
    db.execute_sql('ALTER TABLE "person" ADD COLUMN "trust" INTEGER')
