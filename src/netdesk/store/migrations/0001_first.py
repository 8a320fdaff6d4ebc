"""The first schema: accounts, people, requests, outbox, holds, blocks, and the search index."""

from typing import Any

STATEMENTS = (
    (
        'CREATE TABLE "account" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "network" TEXT NOT NULL, "address" TEXT NOT NULL, '
        '"place" TEXT NOT NULL, "created_at" INTEGER NOT NULL, "cursor" INTEGER NOT NULL, "profile" TEXT NOT NULL, '
        '"privacy" TEXT NOT NULL)'
    ),
    'CREATE UNIQUE INDEX "account_address" ON "account" ("address")',
    (
        'CREATE TABLE "block" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "account_id" INTEGER NOT NULL, "target" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "reason" TEXT NOT NULL, "at" INTEGER NOT NULL, "reported" INTEGER NOT NULL, '
        '"tries" INTEGER NOT NULL, "last_try" INTEGER, FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE'
        " CASCADE)"
    ),
    'CREATE UNIQUE INDEX "block_target" ON "block" ("target")',
    'CREATE TABLE "circle" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "name" TEXT NOT NULL)',
    'CREATE UNIQUE INDEX "circle_name" ON "circle" ("name")',
    (
        'CREATE TABLE "person" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "account_id" INTEGER NOT NULL, "address" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "sort_name" TEXT NOT NULL, "look" TEXT NOT NULL, "address_look" TEXT NOT NULL, '
        '"headline" TEXT NOT NULL, "profile" TEXT, "picture" BLOB NOT NULL, "complete" INTEGER NOT NULL, "tie" INTEGER '
        'NOT NULL, "since" INTEGER, "removed_at" INTEGER, "known_since" INTEGER, "mutual" INTEGER NOT NULL, "blocked" '
        'INTEGER NOT NULL, "pass_next" INTEGER NOT NULL, "private_note" TEXT NOT NULL, "touch_days" INTEGER NOT NULL, '
        '"last_contact" INTEGER, "liked" INTEGER NOT NULL, "commented" INTEGER NOT NULL, "introduced_by" TEXT NOT NULL,'
        ' "dismissed" INTEGER NOT NULL, FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE)'
    ),
    'CREATE UNIQUE INDEX "person_account_id_address" ON "person" ("account_id", "address")',
    'CREATE INDEX "person_tie_blocked_since_id_account_id" ON "person" ("tie", "blocked", "since", "id", "account_id")',
    'CREATE INDEX "person_tie_blocked_sort_name_id_account_id" ON "person" ("tie", "blocked", "sort_name", "id", "account_id")',
    'CREATE INDEX "person_sort_name_id" ON "person" ("sort_name", "id")',
    'CREATE INDEX "person_look" ON "person" ("look")',
    'CREATE INDEX "person_address_look" ON "person" ("address_look")',
    'CREATE INDEX "person_tie_blocked_mutual_id" ON "person" ("tie", "blocked", "mutual", "id")',
    (
        'CREATE TABLE "circle_member" ("circle_id" INTEGER NOT NULL, "person_id" INTEGER NOT NULL, PRIMARY KEY '
        '("circle_id", "person_id"), FOREIGN KEY ("circle_id") REFERENCES "circle" ("id") ON DELETE CASCADE, FOREIGN '
        'KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE) WITHOUT ROWID'
    ),
    'CREATE INDEX "circle_member_person_id" ON "circle_member" ("person_id")',
    'CREATE TABLE "edge" ("listed" INTEGER NOT NULL, "via" INTEGER NOT NULL, PRIMARY KEY ("listed", "via")) WITHOUT ROWID',
    'CREATE INDEX "edge_via" ON "edge" ("via")',
    (
        'CREATE TABLE "history" ("id" INTEGER NOT NULL PRIMARY KEY, "person_id" INTEGER NOT NULL, "at" INTEGER NOT '
        'NULL, "kind" TEXT NOT NULL, "detail" TEXT NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON '
        "DELETE CASCADE)"
    ),
    'CREATE INDEX "history_person_id_at" ON "history" ("person_id", "at")',
    'CREATE INDEX "history_kind_at" ON "history" ("kind", "at")',
    (
        'CREATE TABLE "hold" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" TEXT NOT NULL, "at" INTEGER NOT NULL, "until" '
        'INTEGER NOT NULL, "count" INTEGER NOT NULL, "name" TEXT NOT NULL, "undo" TEXT NOT NULL)'
    ),
    'CREATE INDEX "hold_until" ON "hold" ("until")',
    (
        'CREATE TABLE "incoming" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "account_id" INTEGER NOT NULL, "person_id" INTEGER'
        ' NOT NULL, "note" TEXT NOT NULL, "state" TEXT NOT NULL, "place" INTEGER NOT NULL, "reasons" TEXT NOT NULL, '
        '"chips" TEXT NOT NULL, "score" INTEGER NOT NULL, "mutual" INTEGER NOT NULL, "same_note" INTEGER NOT NULL, '
        '"arrived_at" INTEGER NOT NULL, "domain" TEXT NOT NULL, "words" TEXT NOT NULL, "later_until" INTEGER, "answered_at" INTEGER, FOREIGN KEY ("account_id") '
        'REFERENCES "account" ("id") ON DELETE CASCADE, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE '
        "CASCADE)"
    ),
    'CREATE INDEX "incoming_person_id" ON "incoming" ("person_id")',
    'CREATE INDEX "incoming_place_score_id_account_id" ON "incoming" ("place", "score", "id", "account_id")',
    'CREATE INDEX "incoming_place_arrived_at_id_account_id" ON "incoming" ("place", "arrived_at", "id", "account_id")',
    'CREATE INDEX "incoming_place_mutual_id_account_id" ON "incoming" ("place", "mutual", "id", "account_id")',
    'CREATE INDEX "incoming_place_answered_at_id_account_id" ON "incoming" ("place", "answered_at", "id", "account_id")',
    'CREATE INDEX "incoming_domain_arrived_at" ON "incoming" ("domain", "arrived_at")',
    'CREATE INDEX "incoming_arrived_at" ON "incoming" ("arrived_at")',
    (
        'CREATE TABLE "introduction" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "account_id" INTEGER NOT NULL, "role" TEXT NOT'
        ' NULL, "via" TEXT NOT NULL, "who" TEXT NOT NULL, "whom" TEXT NOT NULL, "note" TEXT NOT NULL, "at" INTEGER NOT '
        'NULL, "state" TEXT NOT NULL, FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE)'
    ),
    'CREATE INDEX "introduction_account_id" ON "introduction" ("account_id")',
    (
        'CREATE TABLE "invitation" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "account_id" INTEGER NOT NULL, "token" TEXT NOT '
        'NULL, "label" TEXT NOT NULL, "made_at" INTEGER NOT NULL, "expires_at" INTEGER, "left" INTEGER, "used" INTEGER '
        'NOT NULL, "revoked" INTEGER NOT NULL, FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE '
        "CASCADE)"
    ),
    'CREATE INDEX "invitation_account_id" ON "invitation" ("account_id")',
    'CREATE UNIQUE INDEX "invitation_token" ON "invitation" ("token")',
    ('CREATE TABLE "note_print" ("print" INTEGER NOT NULL, "incoming" INTEGER NOT NULL, PRIMARY KEY ("print", "incoming")) WITHOUT ROWID'),
    'CREATE INDEX "note_print_incoming" ON "note_print" ("incoming")',
    (
        'CREATE TABLE "outbox" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "order_id" TEXT NOT NULL, "account_id" INTEGER NOT '
        'NULL, "kind" TEXT NOT NULL, "body" TEXT NOT NULL, "target" TEXT NOT NULL, "not_before" INTEGER NOT NULL, '
        '"hold" INTEGER, "cancelled_by" INTEGER, "retry_at" INTEGER, "handed_at" INTEGER, "under_way" INTEGER NOT NULL, "outgoing" INTEGER, '
        'FOREIGN KEY ("account_id") '
        'REFERENCES "account" ("id") ON DELETE CASCADE)'
    ),
    'CREATE UNIQUE INDEX "outbox_order_id" ON "outbox" ("order_id")',
    'CREATE INDEX "outbox_account_id" ON "outbox" ("account_id")',
    'CREATE INDEX "outbox_target" ON "outbox" ("target")',
    'CREATE INDEX "outbox_hold" ON "outbox" ("hold")',
    'CREATE INDEX "outbox_outgoing" ON "outbox" ("outgoing")',
    'CREATE INDEX "outbox_not_before" ON "outbox" ("not_before")',
    (
        'CREATE TABLE "outgoing" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "account_id" INTEGER NOT NULL, "person_id" INTEGER'
        ' NOT NULL, "note" TEXT NOT NULL, "token" TEXT NOT NULL, "state" TEXT NOT NULL, "place" INTEGER NOT NULL, '
        '"created_at" INTEGER NOT NULL, "sent_at" INTEGER, "ended_at" INTEGER, "queued_until" INTEGER, "hold_until" '
        'INTEGER, "remind_at" INTEGER, "followed_up_at" INTEGER, "why" TEXT NOT NULL, FOREIGN KEY ("account_id") '
        'REFERENCES "account" ("id") ON DELETE CASCADE, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE '
        "CASCADE)"
    ),
    'CREATE INDEX "outgoing_person_id" ON "outgoing" ("person_id")',
    'CREATE INDEX "outgoing_place_created_at_id" ON "outgoing" ("place", "created_at", "id")',
    'CREATE INDEX "outgoing_place_ended_at_id" ON "outgoing" ("place", "ended_at", "id")',
    'CREATE INDEX "outgoing_account_id_sent_at" ON "outgoing" ("account_id", "sent_at")',
    'CREATE TABLE "setting" ("key" TEXT NOT NULL PRIMARY KEY, "value" TEXT NOT NULL)',
    'CREATE TABLE "template" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "title" TEXT NOT NULL, "text" TEXT NOT NULL)',
    'CREATE UNIQUE INDEX "template_title" ON "template" ("title")',
    (
        'CREATE TABLE "turned_away" ("id" INTEGER NOT NULL PRIMARY KEY, "account_id" INTEGER NOT NULL, "target" TEXT '
        'NOT NULL, "at" INTEGER NOT NULL, FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE)'
    ),
    'CREATE INDEX "turned_away_at" ON "turned_away" ("at")',
    "CREATE VIRTUAL TABLE person_word USING fts5(text, tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')",
    "CREATE VIRTUAL TABLE person_gram USING fts5(text, tokenize='trigram')",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
