"""Search: full text over names, addresses, headlines, interests, private notes and notes of requests; prefix and infix, any script."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from netdesk.domain.names import fold
from netdesk.domain.people import PersonId
from netdesk.store.database import Database

_WIDE: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
GRAM: Final = 3
_LONGEST: Final = 200


def _unspaced(character: str) -> bool:
    """Whether a letter belongs to a script that writes words without spaces between."""
    return character > "\u0e00" and unicodedata.name(character, "").startswith(_WIDE)


def _spaced(folded: str) -> str:
    """Folded text with each letter of an unspaced script as a word of its own, so that a part of a name is found."""
    return folded if max(folded, default="") <= "\u0e00" else "".join(f" {c} " if _unspaced(c) else c for c in folded)


def _quoted(word: str) -> str:
    """One word as FTS5 reads a string: in double quotes, inner ones doubled. FTS5 raises on almost any bare punctuation."""
    return '"' + word.replace('"', '""') + '"'


def word_query(text: str) -> str:
    """The FTS5 expression that finds every word of `text` by its beginning; empty when there is nothing to look for."""
    words = _spaced(fold(text[:_LONGEST])).split()
    return " ".join(f"{_quoted(word)}*" for word in words if any(c.isalnum() for c in word))


def gram_query(text: str) -> str:
    """The FTS5 expression that finds every word of three letters or more anywhere; empty when one is shorter."""
    words = fold(text[:_LONGEST]).split()
    return " ".join(_quoted(word) for word in words) if words and all(len(word) >= GRAM for word in words) else ""


_TEXT: Final = """
SELECT p.id, p.name, substr(p.address, 1, instr(p.address || '@:', '@:') - 1), p.headline, p.private_note, COALESCE(json_extract(p.profile, '$.interests'), ''),
       COALESCE(json_extract(p.profile, '$.organisation'), ''),
       COALESCE((SELECT group_concat(note, ' ') FROM (SELECT note FROM incoming WHERE person_id = p.id ORDER BY id DESC LIMIT 5)), ''),
       COALESCE((SELECT group_concat(note, ' ') FROM (SELECT note FROM outgoing WHERE person_id = p.id ORDER BY id DESC LIMIT 5)), '')
FROM person p WHERE p.id IN (SELECT value FROM json_each(?))
"""


def refresh(db: Database, ids: Iterable[int], *, fresh: bool = False) -> None:
    """Write the search index of these people anew; call it in the transaction that changed them. `fresh` when they are in it for the first time.

    Of somebody of an archive the network is no part of the text: it would be the same of thousands.
    """
    wanted = sorted(set(ids))
    for at in range(0, len(wanted), 500):
        chosen = "[" + ",".join(map(str, wanted[at : at + 500])) + "]"
        texts = [(row[0], fold(" ".join(str(part)[:2_000] for part in row[1:]))) for row in db.sql(_TEXT, (chosen,))]
        for table in () if fresh else ("person_word", "person_gram"):
            db.sql(f"DELETE FROM {table} WHERE rowid IN (SELECT value FROM json_each(?))", (chosen,))
        db.many("INSERT INTO person_word (rowid, text) VALUES (?, ?)", [(number, _spaced(text)) for number, text in texts])
        db.many("INSERT INTO person_gram (rowid, text) VALUES (?, ?)", texts)


def find(db: Database, text: str, limit: int = 50) -> list[PersonId]:
    """People found by `text`: those whose name begins with it first, then by words' beginnings, then by any part of a word."""
    folded = fold(text[:_LONGEST])
    words = word_query(text)
    if not words:
        return []
    found: dict[int, None] = {}
    for (number,) in db.sql(
        "SELECT id FROM person WHERE sort_name >= ? AND sort_name < ? AND blocked = 0 ORDER BY sort_name LIMIT ?",
        (folded, folded + "\U0010ffff", limit),
    ):
        found[number] = None
    queries = [("person_word", words)]
    if grams := gram_query(text):
        queries.append(("person_gram", grams))
    for table, query in queries:
        if len(found) < limit:
            text = f"SELECT rowid FROM {table} WHERE {table} MATCH ? AND rowid NOT IN (SELECT id FROM person WHERE blocked = 1) LIMIT ?"
            for (number,) in db.sql(text, (query, limit)):
                found.setdefault(number)
    return [PersonId(number) for number in list(found)[:limit]]


def condition(text: str) -> tuple[str, tuple[str, ...]] | None:
    """An SQL condition on person.id for a list that is narrowed by `text`, with its parameters; None when nothing is asked."""
    words = word_query(text)
    if not words:
        return None
    parts, values = ["SELECT rowid FROM person_word WHERE person_word MATCH ?"], [words]
    if grams := gram_query(text):
        parts.append("SELECT rowid FROM person_gram WHERE person_gram MATCH ?")
        values.append(grams)
    return f"id IN ({' UNION '.join(parts)})", tuple(values)
