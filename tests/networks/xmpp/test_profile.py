"""Profiles on nodes: each field where its audience is, and what comes back is what was written."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from netdesk.domain.people import FIELDS, Profile, Relation
from netdesk.domain.privacy import TOPICS, Audience, Privacy
from netdesk.domain.rules.visibility import profile_for
from netdesk.networks.xmpp.elements import VCARD, add, element, legal
from netdesk.networks.xmpp.profile import BOTH_NODE, CHOSEN_NODE, CONNECTIONS_NODE, parts_of
from netdesk.networks.xmpp.vcard import PICTURE_LIMIT, merged, read_vcard, write_vcard

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
WHOLE = Profile("Ann Ode", "Nurse", "I sing.", "Care", "Accra", "https://ann.example", ("choir", "maps"), PNG, "ann@x.example", "+233 1")
PRIVACIES = st.builds(
    lambda topics, fields, confirmed: Privacy(topics=topics, fields=fields, confirmed=confirmed),
    st.fixed_dictionaries({topic: st.sampled_from(list(Audience)) for topic in TOPICS}),
    st.fixed_dictionaries({name: st.sampled_from(list(Audience)) for name in FIELDS}),
    st.booleans(),
)


@given(PRIVACIES)
def test_who_may_read_which_node_sees_exactly_what_the_rules_say(privacy: Privacy) -> None:
    parts = parts_of(WHOLE, privacy)
    for relation in (Relation.STRANGER, Relation.FOLLOWER, Relation.PENDING_IN, Relation.CONNECTION):
        for chosen in (False, True):
            connected = relation is Relation.CONNECTION
            may_read = {CONNECTIONS_NODE: connected, CHOSEN_NODE: chosen, BOTH_NODE: connected and chosen}
            seen = merged([part for node, part in parts.items() if may_read.get(node, True)])
            assert seen == profile_for(WHOLE, privacy, relation, chosen=chosen)


def test_what_is_written_is_read_back() -> None:
    assert read_vcard(write_vcard(WHOLE)) == WHOLE
    assert read_vcard(write_vcard(Profile())) == Profile() == read_vcard(None)


def test_a_picture_that_servers_refuse_is_left_out() -> None:
    large = Profile(name="Ann", picture=PNG + b"x" * PICTURE_LIMIT)
    assert read_vcard(write_vcard(large)).picture == b""


def test_a_picture_elsewhere_is_not_fetched_and_what_is_none_is_left_out() -> None:
    for uri in ("https://x.example/a.png", "file:///etc/passwd", "data:image/png;base64,AAAA", "data:image/svg+xml,<svg/>", "data:,%%%"):
        vcard = element(VCARD, "vcard")
        add(add(vcard, "photo"), "uri", uri)
        assert read_vcard(vcard).picture == b""


def test_other_programs_vcards_are_understood() -> None:
    vcard = element(VCARD, "vcard")
    add(add(vcard, "fn"), "text", "Bo\u202egpj")
    address = add(vcard, "adr")
    for part, text in (("locality", "Lagos"), ("country", "Nigeria")):
        add(address, part, text)
    add(add(vcard, "tel"), "uri", "tel:+234")
    add(add(vcard, "interest"), "text", "tea")
    found = read_vcard(vcard)
    assert (found.name, found.location, found.phone, found.interests) == ("Bogpj", "Lagos, Nigeria", "+234", ("tea",))


@given(st.text())
def test_text_that_xml_cannot_hold_is_taken_out(text: str) -> None:
    kept = legal(text)
    assert all(one in "\t\n\r" or one >= " " for one in kept) and "\ufffe" not in kept
