"""Visibility: who sees what of the owner; the one place that decides it (product.md §5)."""

from collections.abc import Callable
from dataclasses import replace

from netdesk.domain.people import FIELDS, Profile, Relation
from netdesk.domain.privacy import AUDIENCE_ORDER, WRITTEN_TOPICS, Audience, Privacy

_NOTHING_EVER = frozenset({Relation.BLOCKED})


def narrower(one: Audience, other: Audience) -> Audience:
    """The audience that lets fewer people see."""
    return min(one, other, key=AUDIENCE_ORDER.index)


def audience_admits(audience: Audience, relation: Relation, *, chosen: bool) -> bool:
    """Whether somebody of this relation belongs to `audience`; `chosen` when the owner put them on her list of chosen people."""
    if relation in _NOTHING_EVER:
        return False
    match audience:
        case Audience.NOBODY:
            return False
        case Audience.CHOSEN:
            return chosen
        case Audience.CONNECTIONS:
            return relation is Relation.CONNECTION
        case Audience.EVERYONE:
            return True


def field_audience(privacy: Privacy, name: str) -> Audience:
    """Who sees a profile field, in one word for the screen: the narrower of the profile's audience and the field's own.

    To see it somebody must belong to both (`may_see_field`): a chosen person need not be a connection.
    """
    return narrower(privacy.topics["profile"], privacy.fields[name])


def may_see_field(privacy: Privacy, name: str, relation: Relation, *, chosen: bool = False) -> bool:
    """Whether a viewer may see profile field `name`; never before the first-run page is confirmed."""
    both = (privacy.topics["profile"], privacy.fields[name])
    return privacy.confirmed and all(audience_admits(one, relation, chosen=chosen) for one in both)


def may_see_topic(privacy: Privacy, topic: str, relation: Relation, *, chosen: bool = False) -> bool:
    """Whether a viewer may see a topic (profile, connections, posts, presence).

    The list of connections needs the two-way switch as well (product.md §5).
    """
    if not privacy.confirmed or (topic == "connections" and not privacy.know_mutuals):
        return False
    return audience_admits(privacy.topics[topic], relation, chosen=chosen)


def _kept(profile: Profile, sees: Callable[[str], bool]) -> Profile:
    empty = Profile()
    return replace(profile, **{name: getattr(empty, name) for name in FIELDS if not sees(name)})


def profile_for(profile: Profile, privacy: Privacy, relation: Relation, *, chosen: bool = False) -> Profile:
    """The profile as a viewer of this relation sees it; what they may not see is empty."""
    return _kept(profile, lambda name: may_see_field(privacy, name, relation, chosen=chosen))


def topics_for(privacy: Privacy, relation: Relation, *, chosen: bool = False) -> tuple[str, ...]:
    """The topics that a viewer of this relation sees; 'profile' when at least one field is seen."""
    seen = [topic for topic in WRITTEN_TOPICS if topic != "profile" and may_see_topic(privacy, topic, relation, chosen=chosen)]
    if any(may_see_field(privacy, name, relation, chosen=chosen) for name in FIELDS):
        seen.insert(0, "profile")
    return tuple(seen)


def gained_by_accepting(privacy: Privacy, profile: Profile, *, connect: bool) -> tuple[str, ...]:
    """What somebody starts to see when accepted: fields of the profile that say something, and topics; what they saw before left out."""
    after = Relation.CONNECTION if connect else Relation.FOLLOWER
    said = [name for name in FIELDS if getattr(profile, name)]
    fields = [name for name in said if may_see_field(privacy, name, after) and not may_see_field(privacy, name, Relation.PENDING_IN)]
    topics = [
        topic
        for topic in WRITTEN_TOPICS
        if topic != "profile" and may_see_topic(privacy, topic, after) and not may_see_topic(privacy, topic, Relation.PENDING_IN)
    ]
    return tuple(fields + topics)
