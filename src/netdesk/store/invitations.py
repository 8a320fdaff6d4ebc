"""Invitations and introductions: links that let people in, and people put in touch."""

from datetime import datetime
from typing import Any

from netdesk.domain.errors import Gone
from netdesk.domain.people import AccountId, Address
from netdesk.domain.requests import Introduction, IntroductionId, Invitation, InvitationId
from netdesk.store.database import Database
from netdesk.store.models import AccountRow, IntroductionTable, InvitationTable

_FIELDS = (
    InvitationTable.id, InvitationTable.account, AccountRow.address, InvitationTable.token, InvitationTable.label, InvitationTable.made_at,
    InvitationTable.expires_at, InvitationTable.left, InvitationTable.used, InvitationTable.revoked,
)  # fmt: skip


def _invitation(row: tuple[Any, ...]) -> Invitation:
    number, account, address, token, label, made, expires, left, used, revoked = row
    return Invitation(InvitationId(number), AccountId(account), Address(address), token, label, made, expires, left, used, bool(revoked))


def add(
    db: Database, account: AccountId, token: str, label: str, made_at: datetime, expires_at: datetime | None, left: int | None
) -> InvitationId:
    """Write an invitation."""
    return InvitationId(
        db.run(InvitationTable.insert(account=account, token=token, label=label, made_at=made_at, expires_at=expires_at, left=left))
    )


def all_invitations(db: Database) -> list[Invitation]:
    """Every invitation, the latest first."""
    query = InvitationTable.select(*_FIELDS).join(AccountRow).order_by(InvitationTable.id.desc())
    return [_invitation(row) for row in db.rows(query)]


def get(db: Database, number: InvitationId) -> Invitation:
    """One invitation; raises Gone."""
    row = db.first(InvitationTable.select(*_FIELDS).join(AccountRow).where(InvitationTable.id == number))
    if row is None:
        raise Gone("invitation")
    return _invitation(row)


def revoke(db: Database, number: InvitationId) -> None:
    """The link lets nobody in from now on."""
    db.run(InvitationTable.update(revoked=True).where(InvitationTable.id == number))


def use(db: Database, account: AccountId, token: str, now: datetime) -> Invitation | None:
    """Use an invitation once; the invitation, or None when the token is unknown, revoked, expired or used up."""
    if not token:
        return None
    row = db.first(
        InvitationTable.select(*_FIELDS).join(AccountRow).where((InvitationTable.account == account) & (InvitationTable.token == token))
    )
    if row is None:
        return None
    found = _invitation(row)
    expired = found.expires_at is not None and now >= found.expires_at
    if found.revoked or expired or (found.left is not None and found.left <= 0):
        return None
    left = None if found.left is None else found.left - 1
    db.run(InvitationTable.update(left=left, used=found.used + 1).where(InvitationTable.id == found.id))
    return found


_INTRODUCTION = (
    IntroductionTable.id, IntroductionTable.account, IntroductionTable.role, IntroductionTable.via, IntroductionTable.who,
    IntroductionTable.whom, IntroductionTable.note, IntroductionTable.at, IntroductionTable.state,
)  # fmt: skip


def _introduction(row: tuple[Any, ...]) -> Introduction:
    return Introduction(
        IntroductionId(row[0]), AccountId(row[1]), row[2], Address(row[3]), Address(row[4]), Address(row[5]), row[6], row[7], row[8]
    )


def add_introduction(
    db: Database, account: AccountId, role: str, via: Address, who: Address, whom: Address, note: str, at: datetime
) -> IntroductionId:
    """Write an introduction; the same one that is still open is not written again."""
    same = (
        (IntroductionTable.account == account) & (IntroductionTable.role == role) & (IntroductionTable.via == via)
        & (IntroductionTable.who == who) & (IntroductionTable.whom == whom) & (IntroductionTable.state == "open")
    )  # fmt: skip
    there = db.scalar(IntroductionTable.select(IntroductionTable.id).where(same))
    if there is not None:
        return IntroductionId(there)
    return IntroductionId(db.run(IntroductionTable.insert(account=account, role=role, via=via, who=who, whom=whom, note=note, at=at)))


def introductions(db: Database, *, only_open: bool) -> list[Introduction]:
    """Introductions, the latest first."""
    query = IntroductionTable.select(*_INTRODUCTION).order_by(IntroductionTable.id.desc())
    if only_open:
        query = query.where(IntroductionTable.state == "open")
    return [_introduction(row) for row in db.rows(query)]


def introduction(db: Database, number: IntroductionId) -> Introduction:
    """One introduction; raises Gone."""
    row = db.first(IntroductionTable.select(*_INTRODUCTION).where(IntroductionTable.id == number))
    if row is None:
        raise Gone("introduction")
    return _introduction(row)


def set_introduction(db: Database, number: IntroductionId, state: str) -> None:
    """Move an introduction: open, made, refused, dismissed."""
    db.run(IntroductionTable.update(state=state).where(IntroductionTable.id == number))


def drop_introductions(db: Database, account: AccountId, address: Address) -> list[int]:
    """Somebody was shut out: introductions that name them are over; their ids."""
    text = "UPDATE introduction SET state = 'dismissed' WHERE account_id = ? AND state = 'open' AND ? IN (via, who, whom) RETURNING id"
    return [row[0] for row in db.sql(text, (account, address))]


def open_again(db: Database, account: AccountId, who: Address, whom: Address) -> None:
    """What I answered to `who`, who asked me to introduce them to `whom`, did not reach them: it waits for me again."""
    text = (
        "UPDATE introduction SET state = 'open' WHERE id = (SELECT max(id) FROM introduction WHERE account_id = ? AND role = 'asked of me' "
        "AND who = ? AND whom = ?)"
    )
    db.sql(text, (account, who, whom))


def asked_of(db: Database, account: AccountId, via: Address, whom: Address) -> Introduction | None:
    """My own open wish that `via` introduces me to `whom`."""
    row = db.first(
        IntroductionTable.select(*_INTRODUCTION).where(
            (IntroductionTable.account == account)
            & (IntroductionTable.role == "i asked")
            & (IntroductionTable.via == via)
            & (IntroductionTable.whom == whom)
            & (IntroductionTable.state == "open")
        )
    )
    return _introduction(row) if row else None
