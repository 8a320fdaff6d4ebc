"""A profile made fit to keep and to show, whoever wrote it: every field tamed and limited, a picture only if it may be decoded."""

from typing import Final

from netdesk.domain.names import ABOUT_LIMIT, HEADLINE_LIMIT, NAME_LIMIT, tame
from netdesk.domain.people import Profile
from netdesk.domain.pictures import fit_to_decode

INTERESTS_LIMIT: Final = 30
INTEREST_LENGTH: Final = 60
LINK_LENGTH: Final = 300


def clean(profile: Profile) -> Profile:
    """The profile with each field at most as long as it is ever shown; a picture that would harm is left out."""
    interests = tuple(dict.fromkeys(tamed for one in profile.interests[: 4 * INTERESTS_LIMIT] if (tamed := tame(one, INTEREST_LENGTH))))
    return Profile(
        name=tame(profile.name, NAME_LIMIT),
        headline=tame(profile.headline, HEADLINE_LIMIT),
        about=tame(profile.about, ABOUT_LIMIT, lines=True),
        organisation=tame(profile.organisation, HEADLINE_LIMIT),
        location=tame(profile.location, HEADLINE_LIMIT),
        website=tame(profile.website, LINK_LENGTH),
        interests=interests[:INTERESTS_LIMIT],
        picture=profile.picture if fit_to_decode(profile.picture) else b"",
        email=tame(profile.email, LINK_LENGTH),
        phone=tame(profile.phone, INTEREST_LENGTH),
    )
