"""Admission: the table of cases, and what must always hold."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import DAY, NOW

from netdesk.domain.privacy import Privacy, WhoMayAsk
from netdesk.domain.rules.admission import Asking, Place, admit, domain_allowed

STRANGER = Asking("ann@server.example", "A note")
EVERYONE = Privacy()

CASES = [
    ("everyone", STRANGER, EVERYONE, Place.TO_REVIEW, ()),
    ("blocked", replace(STRANGER, blocked=True, invited=True, let_next_pass=True), EVERYONE, Place.TURNED_AWAY, ()),
    ("invited", replace(STRANGER, invited=True), Privacy(who_may_ask=WhoMayAsk.NOBODY), Place.LET_IN, ()),
    ("I asked them", replace(STRANGER, i_asked_them=True, likely_spam=True), Privacy(who_may_ask=WhoMayAsk.NOBODY), Place.TO_REVIEW, ()),
    ("let pass", replace(STRANGER, let_next_pass=True, last_no=NOW), EVERYONE, Place.TO_REVIEW, ()),
    ("shared, none", STRANGER, Privacy(who_may_ask=WhoMayAsk.SHARED), Place.FILTERED, ("no shared connection",)),
    ("shared, not known", replace(STRANGER, mutual=None), Privacy(who_may_ask=WhoMayAsk.SHARED), Place.FILTERED, ("no shared connection",)),
    ("shared, one", replace(STRANGER, mutual=1), Privacy(who_may_ask=WhoMayAsk.SHARED), Place.TO_REVIEW, ()),
    ("domain", STRANGER, Privacy(who_may_ask=WhoMayAsk.DOMAINS, domains=("server.example",)), Place.TO_REVIEW, ()),
    ("domain below", STRANGER, Privacy(who_may_ask=WhoMayAsk.DOMAINS, domains=("example",)), Place.TO_REVIEW, ()),
    ("other domain", STRANGER, Privacy(who_may_ask=WhoMayAsk.DOMAINS, domains=("rver.example",)), Place.FILTERED, ("other domain",)),
    ("invited only", STRANGER, Privacy(who_may_ask=WhoMayAsk.INVITED), Place.FILTERED, ("not invited",)),
    ("nobody", STRANGER, Privacy(who_may_ask=WhoMayAsk.NOBODY), Place.FILTERED, ("closed",)),
    ("closed until", STRANGER, Privacy(who_may_ask=WhoMayAsk.NOBODY, closed_until=NOW + DAY), Place.FILTERED, ("closed",)),
    ("open again", STRANGER, Privacy(who_may_ask=WhoMayAsk.NOBODY, closed_until=NOW), Place.TO_REVIEW, ()),
    ("no note", replace(STRANGER, note=" \n"), Privacy(ask_for_note=True), Place.FILTERED, ("no note",)),
    ("spam", replace(STRANGER, likely_spam=True), EVERYONE, Place.FILTERED, ("likely spam",)),
    ("spam allowed", replace(STRANGER, likely_spam=True), Privacy(spam_aside=False), Place.TO_REVIEW, ()),
    ("like blocked", replace(STRANGER, like_blocked=True), Privacy(spam_aside=False), Place.FILTERED, ("like blocked",)),
    ("again, 89 days", replace(STRANGER, last_no=NOW - 89 * DAY), EVERYONE, Place.FILTERED, ("asked again",)),
    ("again, 90 days", replace(STRANGER, last_no=NOW - 90 * DAY), EVERYONE, Place.TO_REVIEW, ()),
    ("again, at once", replace(STRANGER, last_no=NOW - timedelta(seconds=1)), Privacy(reask_days=0), Place.TO_REVIEW, ()),
    ("two reasons", replace(STRANGER, note="", likely_spam=True), Privacy(ask_for_note=True), Place.FILTERED, ("no note", "likely spam")),
]


@pytest.mark.parametrize(("asking", "privacy", "place", "reasons"), [one[1:] for one in CASES], ids=[one[0] for one in CASES])
def test_where_a_request_lands(asking: Asking, privacy: Privacy, place: Place, reasons: tuple[str, ...]) -> None:
    found = admit(asking, privacy, NOW)
    assert (found.place, found.reasons) == (place, reasons)


ASKINGS = st.builds(
    Asking,
    address=st.sampled_from(["a@b.example", "c@d.example"]),
    note=st.sampled_from(["", "a note"]),
    blocked=st.booleans(), invited=st.booleans(), mutual=st.sampled_from([None, 0, 3]), likely_spam=st.booleans(),
    like_blocked=st.booleans(), last_no=st.sampled_from([None, NOW - DAY, NOW - 200 * DAY]), let_next_pass=st.booleans(),
    i_asked_them=st.booleans(),
)  # fmt: skip
PRIVACIES = st.builds(
    Privacy,
    who_may_ask=st.sampled_from(list(WhoMayAsk)), domains=st.sampled_from([(), ("b.example",)]), ask_for_note=st.booleans(),
    spam_aside=st.booleans(), reask_days=st.integers(0, 365), closed_until=st.sampled_from([None, NOW - DAY, NOW + DAY]),
)  # fmt: skip


@given(ASKINGS, PRIVACIES)
def test_only_a_block_turns_away_and_what_is_filtered_has_a_reason(asking: Asking, privacy: Privacy) -> None:
    found = admit(asking, privacy, NOW)
    assert (found.place is Place.TURNED_AWAY) == asking.blocked
    assert (found.place is Place.FILTERED) == bool(found.reasons)


def test_a_domain_is_not_matched_in_its_middle() -> None:
    assert not domain_allowed("evilcare.example", ("care.example",))
    assert domain_allowed("a.care.example", ("care.example",))
