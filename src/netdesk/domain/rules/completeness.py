"""Profile completeness: what counts and what is missing."""

from dataclasses import dataclass

from netdesk.domain.people import Profile
from netdesk.domain.rules.numbers import COMPLETENESS, INTERESTS_FOR_COMPLETE


@dataclass(frozen=True, slots=True)
class Completeness:
    """`percent` of 100, and the fields that would add to it, the heaviest first."""

    percent: int
    missing: tuple[str, ...]


def completeness(profile: Profile) -> Completeness:
    """How complete `profile` is. Three interests make that part whole; one or two count in proportion."""
    gained = 0.0
    missing: list[str] = []
    for name, weight in COMPLETENESS.items():
        if name == "interests":
            share = min(len(profile.interests), INTERESTS_FOR_COMPLETE) / INTERESTS_FOR_COMPLETE
        else:
            share = 1.0 if getattr(profile, name) else 0.0
        gained += weight * share
        if share < 1.0:
            missing.append(name)
    missing.sort(key=lambda name: -COMPLETENESS[name])
    return Completeness(round(gained), tuple(missing))
