"""Accounts: the owner's identities, invitations, and what a desk is asked at its first run."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from netdesk.controllers.inbox import Inbox
from netdesk.controllers.privacy import keep_choices
from netdesk.domain import orders
from netdesk.domain.cards import AccountCard
from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import Gone, Refused
from netdesk.domain.people import Account, AccountId, Address, Profile
from netdesk.domain.requests import Invitation, InvitationId
from netdesk.store import accounts, blocks, invitations, outbox, settings
from netdesk.store.database import Database

Clock = Callable[[], datetime]


class AccountsDesk:
    """The owner's accounts. All methods run on the store thread."""

    def __init__(self, db: Database, inbox: Inbox, clock: Clock) -> None:
        self._db = db
        self._inbox = inbox
        self._clock = clock

    def all(self) -> list[Account]:
        """Every account, in the order in which they were added."""
        return accounts.all_accounts(self._db)

    def cards(self) -> list[AccountCard]:
        """Every account with its state."""
        found = []
        for account in accounts.all_accounts(self._db):
            mine = accounts.profile(self._db, account.id)
            found.append(
                AccountCard(
                    account=account,
                    name=mine.name or account.address.partition("@")[0],
                    picture=mine.picture,
                    online=self._inbox.online.get(account.id, False),
                    trouble=self._inbox.trouble.get(account.id, ""),
                    confirmed=accounts.privacy(self._db, account.id).confirmed,
                )
            )
        return found

    def choose(self, named: str | None) -> Account:
        """The account that a command names by its address or the part before the @, or the only one.

        Raises Gone when there is none, Refused when there are several and none is named.
        """
        there = accounts.all_accounts(self._db)
        if not there:
            raise Gone("no account")
        if named is None:
            if len(there) > 1:
                raise Refused("which account", detail=", ".join(one.address for one in there))
            return there[0]
        wanted = [one for one in there if named.lower() in (one.address, one.address.partition("@")[0])]
        if not wanted:
            raise Gone("account", detail=named)
        return wanted[0]

    def add(self, network: str, address: Address, place: str, name: str, created_at: datetime) -> Account:
        """Add an account with a profile that holds only the name; nothing is published. Raises Refused when the desk has it."""
        with self._db.transaction():
            account = accounts.add(self._db, network, address, place, created_at)
            accounts.set_profile(self._db, account.id, Profile(name=name))
            for block in blocks.all_blocks(self._db):
                outbox.put(self._db, account.id, orders.Block(block.target), self._clock())
        return account

    def remove(self, number: AccountId) -> Changes:
        """Forget an account and all that the desk knows through it. What others have of it is theirs."""
        with self._db.transaction():
            accounts.get(self._db, number)
            accounts.remove(self._db, number)
        return changed(Kind.ACCOUNTS, Kind.PEOPLE, Kind.INCOMING, Kind.SENT, Kind.PRIVACY)

    def cursor(self, number: AccountId) -> int:
        """How far the network's mailbox was taken."""
        return accounts.cursor(self._db, number)

    def confirm_first_run(self, number: AccountId) -> Changes:
        """The owner has seen the privacy page: from now on her profile is published to the audiences she chose."""
        with self._db.transaction():
            keep_choices(self._db, number, replace(accounts.privacy(self._db, number), confirmed=True), self._clock())
        return changed(Kind.ACCOUNTS, Kind.PRIVACY)

    # invitations

    def invitations(self) -> list[Invitation]:
        """Every invitation, the latest first."""
        return invitations.all_invitations(self._db)

    def invite(self, account: AccountId, label: str, days: int | None, uses: int | None) -> Invitation:
        """Make a link that lets people in without a request: for so many days and people, None for no limit. Raises Refused below one."""
        if (days is not None and days < 1) or (uses is not None and uses < 1):
            raise Refused("empty invitation")
        now = self._clock()
        expires = now + timedelta(days=days) if days is not None else None
        with self._db.transaction():
            number = invitations.add(self._db, account, secrets.token_urlsafe(12), label.strip()[:80], now, expires, uses)
        return invitations.get(self._db, number)

    def revoke(self, number: InvitationId) -> Changes:
        """The link lets nobody in from now on."""
        invitations.revoke(self._db, number)
        return changed(Kind.PRIVACY)

    # what the desk remembers for itself

    def setting(self, key: str, default: object = None) -> object:
        """Something remembered, a plain JSON value."""
        return settings.get(self._db, key, default)

    def remember(self, key: str, value: object) -> Changes:
        """Remember something."""
        settings.put(self._db, key, value)
        return Changes()
