"""Profile: what the owner says of herself, on which account, and its publication."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from netdesk.domain import orders
from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import Unreadable
from netdesk.domain.people import FIELDS, AccountId, Profile
from netdesk.domain.pictures import check_picture
from netdesk.domain.privacy import Audience
from netdesk.domain.profiles import clean
from netdesk.domain.rules.completeness import Completeness, completeness
from netdesk.store import accounts, outbox
from netdesk.store.database import Database

Clock = Callable[[], datetime]


def publish(db: Database, account: AccountId, now: datetime) -> None:
    """Write the order that publishes the profile, within the caller's transaction.

    A field that nobody may see does not leave the computer; before the first-run page is confirmed, or when that is taken back, that is
    every field.
    """
    privacy = accounts.privacy(db, account)
    profile, empty = accounts.profile(db, account), Profile()
    hidden = [name for name in FIELDS if not privacy.confirmed or Audience.NOBODY in (privacy.topics["profile"], privacy.fields[name])]
    kept = {name: getattr(empty, name) for name in hidden}
    audiences = {key: value for key, value in privacy.as_dict().items() if key in {"topics", "fields", "confirmed", "know_mutuals"}}
    order = orders.PublishProfile(
        json.dumps(replace(profile, **kept).as_dict(), ensure_ascii=False), json.dumps(audiences), tuple(sorted(privacy.chosen))
    )
    outbox.replace_kind(db, account, order, now)


class ProfileDesk:
    """The owner's own profile. All methods run on the store thread."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def profile(self, account: AccountId) -> Profile:
        """What the owner says of herself on this account."""
        return accounts.profile(self._db, account)

    def completeness(self, account: AccountId) -> Completeness:
        """How complete it is, and what is missing."""
        return completeness(accounts.profile(self._db, account))

    def publish_again(self, account: AccountId) -> Changes:
        """Publish it once more as it is: the network holds something else."""
        with self._db.transaction():
            publish(self._db, account, self._clock())
        return changed(Kind.PROFILE)

    def save(self, account: AccountId, profile: Profile) -> Changes:
        """Keep the profile and publish it to its audiences. Raises Unreadable for a picture that is none, or a name without letters."""
        if profile.picture:
            check_picture(profile.picture)
        kept = clean(profile)
        if not kept.name:
            raise Unreadable("empty name")
        with self._db.transaction():
            accounts.set_profile(self._db, account, kept)
            if accounts.privacy(self._db, account).confirmed:
                publish(self._db, account, self._clock())
        return changed(Kind.PROFILE, Kind.ACCOUNTS, Kind.INCOMING)
