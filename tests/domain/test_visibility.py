"""Visibility: who sees what, for every relation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netdesk.domain.people import FIELDS, Profile, Relation
from netdesk.domain.privacy import TOPICS, WRITTEN_TOPICS, Audience, Privacy
from netdesk.domain.rules.visibility import (
    audience_admits,
    field_audience,
    gained_by_accepting,
    may_see_field,
    may_see_topic,
    profile_for,
    topics_for,
)

CONFIRMED = Privacy(confirmed=True, know_mutuals=True)
WHOLE = Profile(**{name: f"my {name}" for name in FIELDS if name not in {"interests", "picture"}}, interests=("choir",), picture=b"p")

# what a relation sees of an audience: (nobody, chosen and not on the list, chosen and on it, connections, everyone)
ADMITS = {
    Relation.STRANGER: (False, False, True, False, True),
    Relation.PENDING_IN: (False, False, True, False, True),
    Relation.PENDING_OUT: (False, False, True, False, True),
    Relation.FOLLOWER: (False, False, True, False, True),
    Relation.CONNECTION: (False, False, True, True, True),
    Relation.DECLINED: (False, False, True, False, True),
    Relation.REMOVED: (False, False, True, False, True),
    Relation.BLOCKED: (False, False, False, False, False),
}


@pytest.mark.parametrize("relation", list(Relation))
def test_every_audience_for_every_relation(relation: Relation) -> None:
    found = (
        audience_admits(Audience.NOBODY, relation, chosen=True),
        audience_admits(Audience.CHOSEN, relation, chosen=False),
        audience_admits(Audience.CHOSEN, relation, chosen=True),
        audience_admits(Audience.CONNECTIONS, relation, chosen=False),
        audience_admits(Audience.EVERYONE, relation, chosen=False),
    )
    assert found == ADMITS[relation]


def test_by_default_strangers_see_name_and_headline_only() -> None:
    seen = profile_for(WHOLE, CONFIRMED, Relation.STRANGER)
    assert seen == Profile(name="my name", headline="my headline")


def test_by_default_connections_see_all_but_mail_and_phone() -> None:
    seen = profile_for(WHOLE, CONFIRMED, Relation.CONNECTION)
    assert (seen.about, seen.picture, seen.email, seen.phone) == ("my about", b"p", "", "")
    assert topics_for(CONFIRMED, Relation.CONNECTION) == WRITTEN_TOPICS


def test_nothing_is_seen_before_the_first_run_is_confirmed() -> None:
    for relation in Relation:
        assert profile_for(WHOLE, Privacy(), relation) == Profile()
        assert topics_for(Privacy(), relation) == ()


def test_the_list_of_connections_needs_the_switch() -> None:
    off = Privacy(confirmed=True, know_mutuals=False).with_topic("connections", Audience.EVERYONE)
    assert not may_see_topic(off, "connections", Relation.CONNECTION)


def test_a_field_is_never_wider_than_the_profile() -> None:
    narrow = CONFIRMED.with_topic("profile", Audience.CONNECTIONS)
    assert field_audience(narrow, "name") is Audience.CONNECTIONS
    assert profile_for(WHOLE, narrow, Relation.STRANGER) == Profile()


def test_what_accepting_reveals() -> None:
    gained = gained_by_accepting(CONFIRMED, WHOLE, connect=True)
    assert "about" in gained and "connections" in gained and "name" not in gained and "email" not in gained
    assert "posts" not in gained, "none can be written yet"
    assert gained_by_accepting(CONFIRMED, WHOLE, connect=False) == ()
    assert "about" not in gained_by_accepting(CONFIRMED, Profile(name="Ann"), connect=True), "an empty field reveals nothing"


PRIVACIES = st.builds(
    lambda topics, fields, confirmed, mutuals: Privacy(topics=topics, fields=fields, confirmed=confirmed, know_mutuals=mutuals),
    st.fixed_dictionaries({topic: st.sampled_from(list(Audience)) for topic in TOPICS}),
    st.fixed_dictionaries({name: st.sampled_from(list(Audience)) for name in FIELDS}),
    st.booleans(),
    st.booleans(),
)


@given(PRIVACIES, st.sampled_from(list(Relation)), st.booleans())
def test_nobody_sees_what_their_audience_excludes(privacy: Privacy, relation: Relation, chosen: bool) -> None:
    seen = profile_for(WHOLE, privacy, relation, chosen=chosen)
    for name in FIELDS:
        shown = getattr(seen, name) == getattr(WHOLE, name)
        allowed = privacy.confirmed and all(
            audience_admits(one, relation, chosen=chosen) for one in (privacy.topics["profile"], privacy.fields[name])
        )
        assert shown == allowed == may_see_field(privacy, name, relation, chosen=chosen)
    if relation is Relation.BLOCKED or not privacy.confirmed:
        assert seen == Profile() and topics_for(privacy, relation, chosen=chosen) == ()


@given(PRIVACIES, st.sampled_from(list(Relation)))
def test_a_wider_audience_never_shows_less(privacy: Privacy, relation: Relation) -> None:
    wider = privacy.with_topic("profile", Audience.EVERYONE)
    assert all(may_see_field(wider, name, relation) or not may_see_field(privacy, name, relation) for name in FIELDS)
