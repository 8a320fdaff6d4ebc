"""The community's server: members, ties, requests, blocks, reports, mailboxes; it enforces blocks and audiences itself."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from netdesk.domain.errors import Refused
from netdesk.domain.names import fold
from netdesk.domain.people import Address, Profile, Relation, domain_of
from netdesk.domain.privacy import Privacy
from netdesk.domain.profiles import clean
from netdesk.domain.rules.visibility import may_see_topic, profile_for
from netdesk.networks.community.schema import open_community

Clock = Callable[[], datetime]


def to_ms(at: datetime) -> int:
    """An instant as the file keeps it: milliseconds since 1970, UTC."""
    return int(at.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Mail:
    """One thing that happened to a member, kept until they have taken it."""

    id: int
    at: int
    kind: str
    body: Mapping[str, Any]


class Server:
    """One open community file. Every method that changes something runs in one transaction; addresses are full ones."""

    def __init__(self, path: Path, clock: Clock, *, make: bool = False) -> None:
        self.path = path
        self.clock = clock
        self._db = open_community(path, make=make)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nested ones join the outer one."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def execute(self, text: str, *values: object) -> sqlite3.Cursor:
        """Run one statement."""
        return self._db.execute(text, values)

    def now_ms(self) -> int:
        """The server's time."""
        return to_ms(self.clock())

    # members

    def register(self, address: Address, name: str, *, made_at: datetime | None = None, resident: bool = False) -> None:
        """Make an account; raises Refused when the address is taken. The first who is no resident keeps the community.

        An address that was made and never used, by a program that ended in between, is made anew.
        """
        made = to_ms(made_at or self.clock())
        with self.transaction():
            if self.knows(address):
                if self._was_used(address):
                    raise Refused("address taken", detail=address)
                self.unregister(address)
            keeper = not resident and not self.execute("SELECT 1 FROM member WHERE keeper = 1").fetchone()
            self.execute(
                "INSERT INTO member (address, made_at, resident, keeper, profile) VALUES (?, ?, ?, ?, ?)",
                address, made, int(resident), int(keeper), json.dumps({"name": name}, ensure_ascii=False),
            )  # fmt: skip

    def unregister(self, address: Address) -> None:
        """Delete an account and all that belongs to it; its connections see the tie go."""
        with self.transaction():
            for other in self.connected_with(address) | self.followers_of(address):
                self._drop_ties(other, address)
            for table, column in (
                ("member", "address"),
                ("block", "owner"),
                ("mail", "owner"),
                ("request", "sender"),
                ("request", "recipient"),
            ):
                self.execute(f"DELETE FROM {table} WHERE {column} = ?", address)

    def _was_used(self, address: str) -> bool:
        """Whether a member has published, asked, been asked, blocked or connected."""
        row = self.execute(
            "SELECT resident OR audiences <> '{}' OR EXISTS (SELECT 1 FROM tie WHERE follower = address OR followed = address) "
            "OR EXISTS (SELECT 1 FROM request WHERE sender = address OR recipient = address) "
            "OR EXISTS (SELECT 1 FROM done WHERE owner = address) FROM member WHERE address = ?",
            address,
        ).fetchone()
        return bool(row[0])

    def knows(self, address: str) -> bool:
        """Whether there is an account."""
        return self.execute("SELECT 1 FROM member WHERE address = ?", address).fetchone() is not None

    def made_at(self, address: str) -> int | None:
        """When an account was made."""
        row = self.execute("SELECT made_at FROM member WHERE address = ?", address).fetchone()
        return int(row[0]) if row else None

    def is_keeper(self, address: str) -> bool:
        """Whether this member may read the reports."""
        return bool(self.execute("SELECT 1 FROM member WHERE address = ? AND keeper = 1", address).fetchone())

    # relations

    def blocks(self, owner: str, other: str) -> bool:
        """Whether `owner` has shut out `other`, by address or by domain."""
        row = self.execute("SELECT 1 FROM block WHERE owner = ? AND target IN (?, ?)", owner, other, domain_of(other)).fetchone()
        return row is not None

    def follows(self, follower: str, followed: str) -> bool:
        """Whether the one follows the other."""
        return self.execute("SELECT 1 FROM tie WHERE follower = ? AND followed = ?", follower, followed).fetchone() is not None

    def connected_with(self, address: str) -> set[str]:
        """Everybody tied to this member in both directions."""
        rows = self.execute(
            "SELECT a.followed FROM tie a JOIN tie b ON b.follower = a.followed AND b.followed = a.follower WHERE a.follower = ?", address
        )
        return {row[0] for row in rows}

    def followers_of(self, address: str) -> set[str]:
        """Everybody who follows this member."""
        return {row[0] for row in self.execute("SELECT follower FROM tie WHERE followed = ?", address)}

    def pending(self, sender: str, recipient: str) -> bool:
        """Whether a request waits, as far as its sender is told: one to somebody who blocks them waits for ever."""
        return self.execute("SELECT 1 FROM request WHERE sender = ? AND recipient = ?", sender, recipient).fetchone() is not None

    def relation(self, owner: str, viewer: str) -> Relation:
        """What `viewer` is to `owner`, for the rules of visibility."""
        if self.blocks(owner, viewer):
            return Relation.BLOCKED
        if self.follows(viewer, owner):
            return Relation.CONNECTION if self.follows(owner, viewer) else Relation.FOLLOWER
        if self.pending(viewer, owner):
            return Relation.PENDING_IN
        return Relation.PENDING_OUT if self.pending(owner, viewer) else Relation.STRANGER

    def waiting_for(self, recipient: str) -> list[str]:
        """Whose requests wait for a member's answer, the oldest first."""
        return [
            row[0] for row in self.execute("SELECT sender FROM request WHERE recipient = ? AND shadow = 0 ORDER BY at, sender", recipient)
        ]

    def asked_by(self, sender: str) -> list[str]:
        """Whom a member has asked and not been answered by."""
        return [row[0] for row in self.execute("SELECT recipient FROM request WHERE sender = ? ORDER BY recipient", sender)]

    def blocked_by(self, owner: str) -> list[str]:
        """Whom a member shuts out."""
        return [row[0] for row in self.execute("SELECT target FROM block WHERE owner = ? ORDER BY target", owner)]

    def ties_of(self, address: str) -> dict[str, tuple[bool, bool, int]]:
        """Everybody tied to this member: (they are followed, they follow, since), in ms."""
        found: dict[str, tuple[bool, bool, int]] = {}
        for other, since in self.execute("SELECT followed, since FROM tie WHERE follower = ?", address):
            found[other] = (True, False, since)
        for other, since in self.execute("SELECT follower, since FROM tie WHERE followed = ?", address):
            mine = found.get(other)
            found[other] = (mine is not None, True, max(since, mine[2]) if mine else since)
        return found

    # mail

    def post(self, owner: str, kind: str, /, **body: object) -> None:
        """Put something into a member's mailbox."""
        self.execute(
            "INSERT INTO mail (owner, at, kind, body) SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM member WHERE address = ?)",
            owner, self.now_ms(), kind, json.dumps(body, ensure_ascii=False), owner,
        )  # fmt: skip

    def mail_after(self, owner: str, after: int, limit: int = 500) -> list[Mail]:
        """What happened to a member after mail number `after`, in order."""
        rows = self.execute("SELECT id, at, kind, body FROM mail WHERE owner = ? AND id > ? ORDER BY id LIMIT ?", owner, after, limit)
        return [Mail(number, at, kind, json.loads(body)) for number, at, kind, body in rows]

    def forget_mail(self, owner: str, up_to: int) -> None:
        """Mail that was taken for good is not kept."""
        self.execute("DELETE FROM mail WHERE owner = ? AND id <= ?", owner, up_to)

    # ties

    def tie_both(self, one: str, other: str, since: int | None = None) -> None:
        """Connect two members; both find it in their mailbox."""
        at = self.now_ms() if since is None else since
        for follower, followed in ((one, other), (other, one)):
            self.execute("INSERT OR IGNORE INTO tie (follower, followed, since) VALUES (?, ?, ?)", follower, followed, at)
        self.execute("DELETE FROM request WHERE (sender = ? AND recipient = ?) OR (sender = ? AND recipient = ?)", one, other, other, one)
        self.tie_changed(one, other)

    def tie_changed(self, one: str, other: str) -> None:
        """Tell both how they are tied now, and that the other's list may be read or not; and those who read their lists."""
        for owner, who in ((one, other), (other, one)):
            self.post(owner, "tie", address=who)
            self.post(owner, "list", owner=who)
        for owner in (one, other):
            self.list_changed(owner)

    def list_changed(self, owner: str) -> None:
        """Tell those with whom a member shares her list to read it again."""
        rows = self.execute(
            "SELECT a.followed FROM tie a JOIN tie b ON b.follower = a.followed AND b.followed = a.follower "
            "JOIN member m ON m.address = a.followed AND m.shares = 1 AND m.resident = 0 "
            "WHERE a.follower = ? AND EXISTS (SELECT 1 FROM member WHERE address = ? AND shares = 1)",
            owner, owner,
        )  # fmt: skip
        for (reader,) in rows.fetchall():
            self.post(reader, "list", owner=owner)

    def _drop_ties(self, one: str, other: str) -> None:
        dropped = self.execute(
            "DELETE FROM tie WHERE (follower = ? AND followed = ?) OR (follower = ? AND followed = ?)", one, other, other, one
        )
        if dropped.rowcount:
            self.tie_changed(one, other)

    def drop_ties(self, one: str, other: str) -> None:
        """End what ties two members; both find it in their mailbox."""
        self._drop_ties(one, other)

    # what members show

    def privacy_of(self, address: str) -> tuple[Privacy, Profile, bool]:
        """A member's audiences, whole profile, and whether they share their list."""
        row = self.execute("SELECT audiences, chosen, profile, picture, shares FROM member WHERE address = ?", address).fetchone()
        if row is None:
            raise Refused("no such account", detail=address)
        values = json.loads(row[0])
        values["chosen"] = json.loads(row[1])
        profile = json.loads(row[2])
        profile["picture"] = bytes(row[3]).hex()
        return Privacy.from_dict(values), Profile.from_dict(profile), bool(row[4])

    def publish(self, address: str, profile: Profile, audiences: Mapping[str, Any], chosen: tuple[str, ...]) -> None:
        """Keep a member's profile, tamed and limited, and audiences; those who may look are told to look again."""
        values = clean(profile).as_dict()
        picture = bytes.fromhex(values.pop("picture"))
        with self.transaction():
            self.execute(
                "UPDATE member SET profile = ?, picture = ?, audiences = ?, chosen = ? WHERE address = ?",
                json.dumps(values, ensure_ascii=False), picture, json.dumps(dict(audiences)), json.dumps(list(chosen)), address,
            )  # fmt: skip
            waiting = {row[0] for row in self.execute("SELECT recipient FROM request WHERE sender = ?", address)}
            for other in sorted(self.connected_with(address) | self.followers_of(address) | waiting):
                self.post(other, "profile", address=address)
                self.post(other, "list", owner=address)

    def look(self, viewer: str, address: str) -> Profile | None:
        """What `viewer` may see of a member's profile; None when there is nobody, or the viewer shuts them out.

        Somebody whom the member blocks sees what a stranger sees of one who shows nothing: an empty profile.
        """
        if not self.knows(address) or self.blocks(viewer, address):
            return None
        relation = self.relation(address, viewer)
        if relation is Relation.BLOCKED:
            return Profile()
        privacy, profile, _ = self.privacy_of(address)
        return profile_for(profile, privacy, relation, chosen=viewer in privacy.chosen)

    def look_up(self, viewer: str, words: str, most: int = 50) -> list[tuple[str, str]]:
        """Address and name of members who show their name to everyone and bear these words in it; nobody who blocks or is blocked."""
        wanted = fold(words)
        found = []
        for (address,) in self.execute("SELECT address FROM member WHERE address <> ? ORDER BY address", viewer).fetchall():
            privacy, profile, _ = self.privacy_of(address)
            shown = profile_for(profile, privacy, Relation.STRANGER).name
            if wanted and wanted in fold(shown) and not self.blocks(address, viewer) and not self.blocks(viewer, address):
                found.append((address, shown))
        return found[:most]

    def share(self, address: str, *, on: bool) -> None:
        """Turn the two-way switch; every connection is told to read the list again."""
        with self.transaction():
            self.execute("UPDATE member SET shares = ? WHERE address = ?", int(on), address)
            for other in sorted(self.connected_with(address)):
                self.post(other, "list", owner=address)
                self.post(address, "list", owner=other)
                self.list_changed(other)  # with the switch off she is on nobody's list any more

    def shared_list(self, viewer: str, owner: str) -> list[str] | None:
        """The addresses that `owner` lets `viewer` see, sorted: only people who have the switch on, only between connections who
        both have it on; None when there is nothing for them."""
        if not (self.knows(owner) and self.knows(viewer)) or self.blocks(viewer, owner):
            return None
        privacy, _, shares = self.privacy_of(owner)
        relation = self.relation(owner, viewer)
        allowed = may_see_topic(privacy, "connections", relation, chosen=viewer in privacy.chosen)
        if not (shares and self.privacy_of(viewer)[2] and relation is Relation.CONNECTION and allowed):
            return None
        rows = self.execute(
            "SELECT a.followed FROM tie a JOIN tie b ON b.follower = a.followed AND b.followed = a.follower "
            "JOIN member m ON m.address = a.followed WHERE a.follower = ? AND m.shares = 1 AND a.followed <> ? ORDER BY a.followed",
            owner, viewer,
        )  # fmt: skip
        return [row[0] for row in rows if not self.blocks(row[0], viewer) and not self.blocks(viewer, row[0])]

    # the file's own memory

    def remember(self, key: str, value: object) -> None:
        """Keep something about the community as a whole."""
        self.execute(
            "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, json.dumps(value)
        )

    def recall(self, key: str, default: Any = None) -> Any:
        """What was kept under `key`."""
        row = self.execute("SELECT value FROM meta WHERE key = ?", key).fetchone()
        return json.loads(row[0]) if row else default

    def reports(self, reader: str) -> list[tuple[str, str, str, str, str, int]]:
        """Reports as (reporter, target, category, text, note, at in ms), the latest first; raises Refused for anybody but the keeper."""
        if not self.is_keeper(reader):
            raise Refused("not the keeper")
        return list(self.execute("SELECT reporter, target, category, text, note, at FROM report ORDER BY id DESC"))
