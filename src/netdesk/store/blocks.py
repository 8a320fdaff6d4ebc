"""Blocks: whom the owner shut out, and what they tried since."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from netdesk.domain.people import AccountId, Address, domain_of
from netdesk.domain.privacy import Block, BlockId
from netdesk.store.database import Database
from netdesk.store.models import BlockTable, TurnedAway, to_ms

_FIELDS = (
    BlockTable.id, BlockTable.account, BlockTable.target, BlockTable.name, BlockTable.reason, BlockTable.at, BlockTable.reported,
    BlockTable.tries, BlockTable.last_try,
)  # fmt: skip


def _block(row: tuple[Any, ...]) -> Block:
    number, account, target, name, reason, at, reported, tries, last = row
    return Block(BlockId(number), AccountId(account), target, name, reason, at, bool(reported), tries, last)


def all_blocks(db: Database) -> list[Block]:
    """Every block, the latest first."""
    query = BlockTable.select(*_FIELDS).order_by(BlockTable.at.desc(), BlockTable.id.desc())
    return [_block(row) for row in db.rows(query)]


def covering(db: Database, address: str) -> Block | None:
    """The block that shuts out this address, its own or that of its domain; a block holds for all accounts of the desk."""
    rows = db.sql("SELECT id FROM block WHERE target IN (?, ?) ORDER BY id LIMIT 1", (address, domain_of(address)))
    if not rows:
        return None
    row = db.first(BlockTable.select(*_FIELDS).where(BlockTable.id == rows[0][0]))
    return _block(row) if row else None


def uncovered(db: Database, addresses: Iterable[Address]) -> set[Address]:
    """Those of these addresses that no block shuts out (`covering`), of many at once."""
    targets = {row[0] for row in db.sql("SELECT target FROM block")}
    return {one for one in addresses if one not in targets and domain_of(one) not in targets}


def of_target(db: Database, target: str) -> Block | None:
    """The block of exactly this address or domain."""
    row = db.first(BlockTable.select(*_FIELDS).where(BlockTable.target == target))
    return _block(row) if row else None


def add(db: Database, account: AccountId, target: str, name: str, reason: str, at: datetime, *, reported: bool) -> None:
    """Write a block; one that stands keeps its date and takes the new reason."""
    standing = of_target(db, target)
    if standing is None:
        db.run(BlockTable.insert(account=account, target=target, name=name, reason=reason, at=at, reported=reported))
    else:
        db.run(
            BlockTable.update(reason=reason or standing.reason, reported=reported or standing.reported).where(BlockTable.id == standing.id)
        )


def remove(db: Database, target: str) -> None:
    """Forget a block."""
    db.run(BlockTable.delete().where(BlockTable.target == target))


def count_try(db: Database, account: AccountId, target: str, at: datetime) -> None:
    """A blocked person tried again."""
    db.run(BlockTable.update(tries=BlockTable.tries + 1, last_try=at).where(BlockTable.target == target))
    db.run(TurnedAway.insert(account=account, target=target, at=at))


def tries_since(db: Database, since: datetime) -> int:
    """How often blocked people were turned away since a time."""
    return int(db.sql("SELECT count(*) FROM turned_away WHERE at >= ?", (to_ms(since),))[0][0])
