"""Accounts: the owner's identities, what she says of herself on each, and her choices of privacy."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from netdesk.domain.archive import NETWORKS
from netdesk.domain.errors import Gone, Refused
from netdesk.domain.people import Account, AccountId, Address, Profile
from netdesk.domain.privacy import Privacy
from netdesk.store.database import Database
from netdesk.store.models import AccountRow

_FIELDS = (AccountRow.id, AccountRow.network, AccountRow.address, AccountRow.created_at, AccountRow.place)


def _account(row: tuple[Any, ...]) -> Account:
    return Account(AccountId(row[0]), row[1], Address(row[2]), row[3], row[4])


def all_accounts(db: Database) -> list[Account]:
    """Every account on which people can be reached, in the order in which they were added; archives of other networks are none."""
    wanted = AccountRow.select(*_FIELDS).where(AccountRow.network.not_in(NETWORKS)).order_by(AccountRow.id)
    return [_account(row) for row in db.rows(wanted)]


def archived(db: Database) -> list[Account]:
    """Every account that an archive of another network is of, in the order in which they were imported first."""
    wanted = AccountRow.select(*_FIELDS).where(AccountRow.network.in_(NETWORKS)).order_by(AccountRow.id)
    return [_account(row) for row in db.rows(wanted)]


def rename(db: Database, number: AccountId, address: Address, place: str) -> None:
    """The account has another address: an archive says now whose it is."""
    db.run(AccountRow.update(address=address, place=place).where(AccountRow.id == number))


def there(db: Database, number: AccountId) -> bool:
    """Whether the desk has this account."""
    return bool(db.sql("SELECT 1 FROM account WHERE id = ?", (number,)))


def get(db: Database, number: AccountId) -> Account:
    """The account with this id; raises Gone."""
    row = db.first(AccountRow.select(*_FIELDS).where(AccountRow.id == number))
    if row is None:
        raise Gone("account")
    return _account(row)


def add(db: Database, network: str, address: Address, place: str, created_at: datetime) -> Account:
    """Add an account; raises Refused when the desk has it."""
    if db.first(AccountRow.select(AccountRow.id).where(AccountRow.address == address)) is not None:
        raise Refused("account there", detail=address)
    number = db.run(AccountRow.insert(network=network, address=address, place=place, created_at=created_at))
    return get(db, AccountId(number))


def remove(db: Database, number: AccountId) -> None:
    """Remove an account and all that belongs to it."""
    ids = "(SELECT id FROM person WHERE account_id = ?)"
    db.sql(f"DELETE FROM person_word WHERE rowid IN {ids}", (number,))
    db.sql(f"DELETE FROM person_gram WHERE rowid IN {ids}", (number,))
    db.sql(f"DELETE FROM edge WHERE via IN {ids}", (number,))
    db.sql("DELETE FROM note_print WHERE incoming IN (SELECT id FROM incoming WHERE account_id = ?)", (number,))
    db.run(AccountRow.delete().where(AccountRow.id == number))


def cursor(db: Database, number: AccountId) -> int:
    """How far the network's mailbox was taken."""
    return int(db.scalar(AccountRow.select(AccountRow.cursor).where(AccountRow.id == number)) or 0)


def set_cursor(db: Database, number: AccountId, value: int) -> None:
    """Write how far the network's mailbox was taken, in the transaction that took it."""
    db.run(AccountRow.update(cursor=value).where(AccountRow.id == number))


@lru_cache(maxsize=16)
def _profile_of(text: str) -> Profile:
    return Profile.from_dict(json.loads(text))


@lru_cache(maxsize=16)
def _privacy_of(text: str) -> Privacy:
    return Privacy.from_dict(json.loads(text))


def profile(db: Database, number: AccountId) -> Profile:
    """What the owner says of herself on this account."""
    rows = db.sql("SELECT profile FROM account WHERE id = ?", (number,))
    return _profile_of(rows[0][0] if rows else "{}")


def set_profile(db: Database, number: AccountId, value: Profile) -> None:
    """Keep what the owner says of herself."""
    db.run(AccountRow.update(profile=json.dumps(value.as_dict(), ensure_ascii=False)).where(AccountRow.id == number))


def privacy(db: Database, number: AccountId) -> Privacy:
    """The owner's choices for this account."""
    rows = db.sql("SELECT privacy FROM account WHERE id = ?", (number,))
    return _privacy_of(rows[0][0] if rows else "{}")


def set_privacy(db: Database, number: AccountId, value: Privacy) -> None:
    """Keep the owner's choices."""
    db.run(AccountRow.update(privacy=json.dumps(value.as_dict(), ensure_ascii=False)).where(AccountRow.id == number))
