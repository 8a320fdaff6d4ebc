"""Profile: what the owner says of herself, on which account, and its publication."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from netdesk.domain import orders
from netdesk.domain.changes import Changes, Kind, changed
from netdesk.domain.errors import Unreadable
from netdesk.domain.names import ABOUT_LIMIT, HEADLINE_LIMIT, NAME_LIMIT, tame
from netdesk.domain.people import FIELDS, AccountId, Profile
from netdesk.domain.pictures import check_picture
from netdesk.domain.privacy import Audience
from netdesk.domain.rules.completeness import Completeness, completeness
from netdesk.domain.rules.visibility import field_audience
from netdesk.store import accounts, outbox
from netdesk.store.database import Database

Clock = Callable[[], datetime]
INTERESTS_LIMIT = 30


def publish(db: Database, account: AccountId, now: datetime) -> None:
    """Write the order that publishes the profile, within the caller's transaction; none before the first-run page is confirmed.

    A field that nobody may see does not leave the computer.
    """
    privacy = accounts.privacy(db, account)
    if not privacy.confirmed:
        return
    profile, empty = accounts.profile(db, account), Profile()
    kept = {name: getattr(empty, name) for name in FIELDS if field_audience(privacy, name) is Audience.NOBODY}
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

    def save(self, account: AccountId, profile: Profile) -> Changes:
        """Keep the profile and publish it to its audiences. Raises Unreadable for a picture that is none, or a name without letters."""
        interests = tuple(dict.fromkeys(tame(one, 60) for one in profile.interests if one.strip()))[:INTERESTS_LIMIT]
        clean = Profile(
            name=tame(profile.name, NAME_LIMIT),
            headline=tame(profile.headline, HEADLINE_LIMIT),
            about=tame(profile.about, ABOUT_LIMIT, lines=True),
            organisation=tame(profile.organisation, HEADLINE_LIMIT),
            location=tame(profile.location, HEADLINE_LIMIT),
            website=tame(profile.website, 300),
            interests=interests,
            picture=profile.picture,
            email=tame(profile.email, 300),
            phone=tame(profile.phone, 60),
        )
        if not clean.name:
            raise Unreadable("empty name")
        if clean.picture:
            check_picture(clean.picture)
        with self._db.transaction():
            accounts.set_profile(self._db, account, clean)
            publish(self._db, account, self._clock())
        return changed(Kind.PROFILE, Kind.ACCOUNTS, Kind.INCOMING)
