"""The peewee models of what was imported from archives."""

from typing import Final

from peewee import AutoField, BlobField, BooleanField, CompositeKey, ForeignKeyField, TextField

from netdesk.store import models
from netdesk.store.models import AccountRow, DeskModel, InstantField, PersonTable


class ArchiveImport(DeskModel):
    """An archive that was imported, whole: with the one before it, it says what to go back to."""

    id = AutoField()
    account = ForeignKeyField(AccountRow, column_name="account_id", on_delete="CASCADE")
    at = InstantField()
    files = TextField()
    content = BlobField()
    told = TextField()

    class Meta:
        table_name = "archive_import"


class ArchivedBlock(DeskModel):
    """Whom the owner has shut out on another network."""

    account = ForeignKeyField(AccountRow, column_name="account_id", on_delete="CASCADE", index=False)
    address = TextField()
    kind = TextField()
    name = TextField()
    stamp = TextField()

    class Meta:
        table_name = "archived_block"
        primary_key = CompositeKey("account", "address", "kind")
        without_rowid = True


class SamePerson(DeskModel):
    """What the owner said of two people: they are one (`same`), or they are not. `low` is the smaller id."""

    low = ForeignKeyField(PersonTable, column_name="low", on_delete="CASCADE", index=False)
    high = ForeignKeyField(PersonTable, column_name="high", on_delete="CASCADE", backref="lows")
    same = BooleanField()

    class Meta:
        table_name = "same_person"
        primary_key = CompositeKey("low", "high")
        without_rowid = True


ALL: Final = (*models.ALL, ArchiveImport, ArchivedBlock, SamePerson)
