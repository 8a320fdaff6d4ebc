"""The peewee models, nothing else; they are bound to a database query by query, never at import."""

from datetime import UTC, datetime
from typing import Any

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def to_ms(at: datetime) -> int:
    """An instant as milliseconds since 1970, UTC."""
    return int(at.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The reverse of `to_ms`; instants outside 1970 to 2200 are drawn to the nearest of these."""
    return datetime.fromtimestamp(min(max(ms, 0), 7_258_118_400_000) / 1000, UTC)


class InstantField(BigIntegerField):
    """An aware datetime, kept as milliseconds since 1970, UTC."""

    def db_value(self, value: Any) -> Any:
        """To the database."""
        return to_ms(value) if isinstance(value, datetime) else value

    def python_value(self, value: Any) -> Any:
        """From the database."""
        return from_ms(value) if isinstance(value, int) else value


class DeskModel(Model):
    """A table of the desk."""

    class Meta:
        legacy_table_names = False


class AccountRow(DeskModel):
    """An identity of the owner. `cursor` is how far the network's mailbox was taken."""

    id = AutoField()
    network = TextField()
    address = TextField(unique=True)
    place = TextField(default="")
    created_at = InstantField()
    cursor = BigIntegerField(default=0)
    profile = TextField(default="{}")
    privacy = TextField(default="{}")

    class Meta:
        table_name = "account"


class PersonTable(DeskModel):
    """Somebody an account knows of. `tie`: 1 I follow, 2 they follow me, 3 both; `mutual`: connections who list them."""

    id = AutoField()
    account = ForeignKeyField(AccountRow, column_name="account_id", on_delete="CASCADE", index=False)
    address = TextField()
    name = TextField(default="")
    sort_name = TextField(default="")
    look = TextField(default="")
    address_look = TextField(default="")
    headline = TextField(default="")
    profile = TextField(null=True)
    picture = BlobField(default=b"")
    complete = IntegerField(default=-1)
    tie = IntegerField(default=0)
    since = InstantField(null=True)
    removed_at = InstantField(null=True)
    known_since = InstantField(null=True)
    mutual = IntegerField(default=0)
    blocked = BooleanField(default=False)
    pass_next = BooleanField(default=False)
    private_note = TextField(default="")
    touch_days = IntegerField(default=0)
    last_contact = InstantField(null=True)
    liked = IntegerField(default=0)
    commented = IntegerField(default=0)
    introduced_by = TextField(default="")
    dismissed = BooleanField(default=False)
    trust = IntegerField(null=True)
    stamp = TextField(default="")  # `since` as an archive wrote it
    import_id = IntegerField(null=True)

    class Meta:
        table_name = "person"
        indexes = (
            (("account", "address"), True),
            (("tie", "blocked", "since", "id", "account"), False),
            (("tie", "blocked", "sort_name", "id", "account"), False),
            (("sort_name", "id"), False),
            (("look",), False),
            (("address_look",), False),
            (("tie", "blocked", "mutual", "id"), False),
        )


class CircleTable(DeskModel):
    """A group of connections."""

    id = AutoField()
    name = TextField(unique=True)

    class Meta:
        table_name = "circle"


class CircleMember(DeskModel):
    """Who is in a circle."""

    circle = ForeignKeyField(CircleTable, column_name="circle_id", on_delete="CASCADE", index=False)
    person = ForeignKeyField(PersonTable, column_name="person_id", on_delete="CASCADE")

    class Meta:
        table_name = "circle_member"
        primary_key = CompositeKey("circle", "person")
        without_rowid = True


class Edge(DeskModel):
    """A shared list: `via`, a connection of mine, lists `listed`."""

    listed = IntegerField()
    via = IntegerField(index=True)

    class Meta:
        table_name = "edge"
        primary_key = CompositeKey("listed", "via")
        without_rowid = True


class IncomingTable(DeskModel):
    """An incoming request. `place`: 0 review, 1 later, 2 filtered, 3 answered, -1 under the one that leads its `burst`; `words` is the note
    as notes are compared."""

    id = AutoField()
    account = ForeignKeyField(AccountRow, column_name="account_id", on_delete="CASCADE", index=False)
    person = ForeignKeyField(PersonTable, column_name="person_id", on_delete="CASCADE")
    note = TextField(default="")
    state = TextField()
    place = IntegerField()
    reasons = TextField(default="[]")
    chips = TextField(default="[]")
    score = IntegerField(default=0)
    mutual = IntegerField(default=0)
    same_note = IntegerField(default=0)
    arrived_at = InstantField()
    domain = TextField(default="")
    words = TextField(default="")
    later_until = InstantField(null=True)
    answered_at = InstantField(null=True)
    burst = IntegerField(null=True)
    stamp = TextField(default="")
    import_id = IntegerField(null=True)
    ended_by = IntegerField(null=True)  # the import by which it is no longer open

    class Meta:
        table_name = "incoming"
        indexes = (
            (("place", "score", "id", "account"), False),
            (("place", "arrived_at", "id", "account"), False),
            (("place", "mutual", "id", "account"), False),
            (("place", "answered_at", "id", "account"), False),
            (("domain", "arrived_at"), False),
            (("arrived_at",), False),
            SQL('CREATE INDEX "incoming_burst" ON "incoming" ("burst", "place", "id") WHERE "burst" IS NOT NULL'),
        )


class NotePrint(DeskModel):
    """A fingerprint of an incoming note, to find the same one again."""

    print = BigIntegerField()
    incoming = IntegerField(index=True)

    class Meta:
        table_name = "note_print"
        primary_key = CompositeKey("print", "incoming")
        without_rowid = True


class OutgoingTable(DeskModel):
    """An outgoing request. `place`: 0 drafts, 1 waiting, 2 accepted, 3 ended; `sent_at` counts for the budget."""

    id = AutoField()
    account = ForeignKeyField(AccountRow, column_name="account_id", on_delete="CASCADE", index=False)
    person = ForeignKeyField(PersonTable, column_name="person_id", on_delete="CASCADE")
    note = TextField(default="")
    token = TextField(default="")
    state = TextField()
    place = IntegerField()
    created_at = InstantField()
    sent_at = InstantField(null=True)
    ended_at = InstantField(null=True)
    queued_until = InstantField(null=True)
    hold_until = InstantField(null=True)
    remind_at = InstantField(null=True)
    followed_up_at = InstantField(null=True)
    why = TextField(default="")
    stamp = TextField(default="")
    import_id = IntegerField(null=True)
    ended_by = IntegerField(null=True)

    class Meta:
        table_name = "outgoing"
        indexes = (
            (("place", "created_at", "id"), False),
            (("place", "ended_at", "id"), False),
            (("account", "sent_at"), False),
        )


class OutboxTable(DeskModel):
    """What a network is still to be told. `hold` can take it back until `not_before`; `cancelled_by` is a hold that did; `retry_at`
    is when the server wants to be asked again; `under_way` while this session has it and the server has not answered; `again` when the
    other side's server had not heard it."""

    id = AutoField()
    order_id = TextField(unique=True)
    account = ForeignKeyField(AccountRow, column_name="account_id", on_delete="CASCADE")
    kind = TextField()
    body = TextField()
    target = TextField(index=True)
    not_before = InstantField()
    hold = IntegerField(null=True, index=True)
    cancelled_by = IntegerField(null=True)
    retry_at = InstantField(null=True)
    handed_at = InstantField(null=True)
    under_way = BooleanField(default=False)
    outgoing = IntegerField(null=True, index=True)
    again = BooleanField(default=False)

    class Meta:
        table_name = "outbox"
        indexes = ((("not_before",), False),)


class HoldTable(DeskModel):
    """An act that can be taken back until `until`; `undo` says how things were before."""

    id = AutoField()
    kind = TextField()
    at = InstantField()
    until = InstantField(index=True)
    count = IntegerField(default=1)
    name = TextField(default="")
    undo = TextField()

    class Meta:
        table_name = "hold"


class HistoryTable(DeskModel):
    """What happened with a person, when."""

    id = AutoField()
    person = ForeignKeyField(PersonTable, column_name="person_id", on_delete="CASCADE", index=False)
    at = InstantField()
    kind = TextField()
    detail = TextField(default="")

    class Meta:
        table_name = "history"
        indexes = ((("person", "at"), False), (("kind", "at"), False))


class BlockTable(DeskModel):
    """Whom the owner shut out."""

    id = AutoField()
    account = ForeignKeyField(AccountRow, column_name="account_id", on_delete="CASCADE", index=False)
    target = TextField()
    name = TextField(default="")
    reason = TextField(default="")
    at = InstantField()
    reported = BooleanField(default=False)
    tries = IntegerField(default=0)
    last_try = InstantField(null=True)

    class Meta:
        table_name = "block"
        indexes = ((("target",), True),)


class TurnedAway(DeskModel):
    """A try of somebody who is blocked."""

    id = AutoField()
    account = ForeignKeyField(AccountRow, column_name="account_id", on_delete="CASCADE", index=False)
    target = TextField()
    at = InstantField(index=True)

    class Meta:
        table_name = "turned_away"


class TemplateTable(DeskModel):
    """A note with places to fill."""

    id = AutoField()
    title = TextField(unique=True)
    text = TextField()

    class Meta:
        table_name = "template"


class InvitationTable(DeskModel):
    """A link that lets people in."""

    id = AutoField()
    account = ForeignKeyField(AccountRow, column_name="account_id", on_delete="CASCADE")
    token = TextField(unique=True)
    label = TextField(default="")
    made_at = InstantField()
    expires_at = InstantField(null=True)
    left = IntegerField(null=True)
    used = IntegerField(default=0)
    revoked = BooleanField(default=False)

    class Meta:
        table_name = "invitation"


class IntroductionTable(DeskModel):
    """Somebody puts two people in touch."""

    id = AutoField()
    account = ForeignKeyField(AccountRow, column_name="account_id", on_delete="CASCADE")
    role = TextField()
    via = TextField()
    who = TextField()
    whom = TextField()
    note = TextField(default="")
    at = InstantField()
    state = TextField(default="open")

    class Meta:
        table_name = "introduction"


class UnreadableTable(DeskModel):
    """A request from an address that cannot be read, as it came."""

    account = ForeignKeyField(AccountRow, column_name="account_id", on_delete="CASCADE", index=False)
    sender = TextField()

    class Meta:
        table_name = "unreadable"
        primary_key = CompositeKey("account", "sender")
        without_rowid = True


class SettingTable(DeskModel):
    """What is remembered for the desk as a whole."""

    key = TextField(primary_key=True)
    value = TextField()

    class Meta:
        table_name = "setting"


ALL = (
    AccountRow, PersonTable, CircleTable, CircleMember, Edge, IncomingTable, NotePrint, OutgoingTable, OutboxTable, HoldTable,
    HistoryTable, BlockTable, TurnedAway, TemplateTable, InvitationTable, IntroductionTable, SettingTable, UnreadableTable,
)  # fmt: skip
