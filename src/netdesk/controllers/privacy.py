"""Privacy: who may ask, who sees what, who is shut out, and what the rules did."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from statistics import median

from netdesk.controllers.assess import assess_again
from netdesk.controllers.profile import publish
from netdesk.controllers.shutout import ShutOut, let_back, shut_out
from netdesk.controllers.undo import Undo
from netdesk.domain import orders
from netdesk.domain.cards import SeenAs
from netdesk.domain.cells import guarded, unguarded
from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import Gone, NetDeskError, Unreadable
from netdesk.domain.people import AccountId, Address, PersonId, Relation, domain_of, parse_address, parse_domain
from netdesk.domain.privacy import Block, MonthAccount, Privacy
from netdesk.domain.requests import ReportReason
from netdesk.domain.rules.visibility import profile_for, topics_for
from netdesk.store import accounts, blocks, graph, outbox, people
from netdesk.store.database import Database
from netdesk.store.models import to_ms

Clock = Callable[[], datetime]
MONTH = timedelta(days=30)


def keep_choices(db: Database, account: AccountId, privacy: Privacy, now: datetime) -> None:
    """Keep choices within the caller's transaction, with what the network has to be told of them."""
    before = accounts.privacy(db, account)
    accounts.set_privacy(db, account, privacy)
    shared, was = privacy.confirmed and privacy.know_mutuals, before.confirmed and before.know_mutuals
    if shared != was:
        outbox.replace_kind(db, account, orders.ShareList(shared), now)
    if before.know_mutuals and not privacy.know_mutuals:
        _forget_lists(db, account)
    seen, seen_before = ((one.topics, one.fields, one.chosen, one.confirmed) for one in (privacy, before))
    if (privacy.confirmed or before.confirmed) and (seen, shared) != (seen_before, was):
        publish(db, account, now)


def _forget_lists(db: Database, account: AccountId) -> None:
    """With the switch off the owner sees no lists either: what others shared is forgotten, not kept for later."""
    affected: set[PersonId] = set()
    for number, _ in people.ties(db, account):
        affected |= graph.clear_list(db, number)
    graph.recount(db, affected)
    assess_again(db, account, affected)


class PrivacyDesk:
    """What the owner decides about her privacy. All methods run on the store thread."""

    def __init__(self, db: Database, undo: Undo, clock: Clock) -> None:
        self._db = db
        self._undo = undo
        self._clock = clock

    def choices(self, account: AccountId) -> Privacy:
        """The owner's choices for an account."""
        return accounts.privacy(self._db, account)

    def choose(self, account: AccountId, privacy: Privacy) -> Changes:
        """Keep choices and tell the network what it has to know, in one transaction."""
        with self._db.transaction():
            keep_choices(self._db, account, privacy, self._clock())
        return changed(Kind.PRIVACY, Kind.PEOPLE, Kind.INCOMING, Kind.ACCOUNTS)

    def see_as(self, account: AccountId, relation: Relation) -> SeenAs:
        """The owner's profile as somebody of this relation sees it, by the rules that are enforced."""
        privacy = accounts.privacy(self._db, account)
        seen = profile_for(accounts.profile(self._db, account), privacy, relation)
        told = not outbox.untold_about(self._db, account, "", ("PublishProfile",))
        return SeenAs(relation, seen, topics_for(privacy, relation), told)

    # shut out

    def blocked(self) -> list[Block]:
        """Everybody and every domain that is shut out, the latest first."""
        return blocks.all_blocks(self._db)

    def target_of(self, text: str) -> str:
        """The address or domain that `text` names; raises Unreadable."""
        return parse_address(text) if "@" in text.strip().lstrip("@*") else parse_domain(text)

    def block(
        self, account: AccountId, text: str, reason: str = "", report: ReportReason | None = None, *, at_once: bool = False
    ) -> Changes:
        """Shut out an address or a domain; raises Unreadable, and Refused for the owner's own."""
        target = self.target_of(text)
        with self._db.transaction():
            record = self._undo.begin("block", 1, target, at_once=at_once)
            shut_out(self._db, account, ShutOut(target, reason, report), record)
            record.save()
        return changed(Kind.PRIVACY, Kind.PEOPLE, Kind.INCOMING, Kind.SENT, Kind.HOLDS)

    def connections_in(self, account: AccountId, domain: str) -> list[str]:
        """The names of connections in a domain: what the owner is warned of before she shuts it out."""
        return [tie.name or tie.address for _, tie in people.ties(self._db, account) if tie.address.endswith("@" + domain)]

    def unblock(self, target: str) -> Changes:
        """Let an address or domain try again; within the ten seconds of the block this is its undo. Raises Gone when it is not shut out."""
        if blocks.of_target(self._db, target) is None:
            raise Gone("block", detail=target)
        hold = self._undo.of_block(target)
        if hold is not None:
            return self._undo.take_back(hold)
        with self._db.transaction():
            record = self._undo.begin("unblock", 1, target, at_once=True)
            let_back(self._db, target, record)
            record.save()
        again = frozenset(one.id for one in accounts.all_accounts(self._db))
        return changed(Kind.PRIVACY, Kind.PEOPLE) | Changes(to_compare=again)

    def export_blocks(self) -> str:
        """The list of blocks as CSV: target, reason, at (ISO 8601), reported."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["target", "reason", "at", "reported"])
        for block in blocks.all_blocks(self._db):
            writer.writerow([block.target, guarded(block.reason), block.at.isoformat(), "yes" if block.reported else "no"])
        return out.getvalue()

    def import_blocks(self, account: AccountId, text: str) -> tuple[Changes, int, int]:
        """Shut out everybody on a list: CSV as exported, Mastodon's block list (account or domain first), or one a line.

        Returns what changed, how many were added, and how many lines could not be read. Raises Unreadable when none could.
        """
        targets: dict[str, str] = {}
        bad = 0
        for row in csv.reader(io.StringIO(text.replace("\0", ""))):
            first = row[0].strip() if row else ""
            if not first or first.lower().lstrip("#") in {"target", "account address", "domain", "address"}:
                continue
            try:
                targets[self.target_of(first)] = unguarded(row[1].strip()) if len(row) > 3 else ""
            except NetDeskError:
                bad += 1
        if not targets:
            raise Unreadable("block list")
        known = {block.target for block in blocks.all_blocks(self._db)}
        mine = {part for one in accounts.all_accounts(self._db) for part in (one.address, domain_of(one.address))}
        new = [target for target in targets if target not in known and target not in mine]
        if new:
            with self._db.transaction():
                record = self._undo.begin("block", len(new), new[0])
                for target in new:
                    shut_out(self._db, account, ShutOut(target, targets[target]), record)
                record.save()
        return changed(Kind.PRIVACY, Kind.PEOPLE, Kind.INCOMING, Kind.SENT, Kind.HOLDS), len(new), bad

    # what the rules did

    def month(self) -> MonthAccount:
        """What the rules did in the last 30 days."""
        since = self._clock() - MONTH
        rows = self._db.sql(
            "SELECT state, reasons, arrived_at, answered_at FROM incoming WHERE arrived_at >= ? AND import_id IS NULL", (to_ms(since),)
        )
        reasons: Counter[str] = Counter()
        filtered = answered = 0
        waits = []
        for state, found, arrived, replied in rows:
            named = json.loads(found)
            if named:
                filtered += 1
                reasons.update(named)
            put_aside = bool(named) and state == "blocked"  # with their domain, or with others of the same note
            if replied is not None and state != "withdrawn" and not put_aside:
                answered += 1
                waits.append((replied - arrived) / 3_600_000)
        counted: Mapping[str, int] = dict(reasons.most_common())
        return MonthAccount(
            arrived=len(rows),
            came_through=len(rows) - filtered,
            filtered=counted,
            filtered_total=filtered,
            turned_away=blocks.tries_since(self._db, since),
            answered=answered,
            median_answer_hours=median(waits) if waits else None,
        )

    def chosen(self, account: AccountId) -> list[Address]:
        """The chosen people of an account, by address."""
        return sorted(accounts.privacy(self._db, account).chosen)
