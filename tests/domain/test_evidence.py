"""Evidence: every signal of product.md §3, its weight, and that each has words."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.builders import DAY, NOW

from netdesk.domain.people import Address, Mutual, PersonId, Profile
from netdesk.domain.rules.completeness import completeness
from netdesk.domain.rules.evidence import Evidence, Facts, History, chips, evidence, says_they_are
from netdesk.domain.rules.numbers import COMPLETENESS, SPAM_SIGNALS, WEIGHTS
from netdesk.ui.texts.evidence import chip, line, total

KOFI = Mutual(PersonId(1), Address("kofi@care.example"), "Kofi Mensah")
INES = Mutual(PersonId(2), Address("ines@care.example"), "Ines Duarte")
FULL = Profile("Ann", "Nurse", "About", "Care", "Accra", "", ("choir", "maps", "tea"), b"p")
PLAIN = Facts(
    "Ann", "ann@server.example", "Nurse", "We met in Accra last spring.", NOW, profile=Profile("Ann", "Nurse", "Words", interests=("tea",))
)

SIGNALS = [
    ("mutual", replace(PLAIN, mutual=(KOFI, INES)), 6),
    ("shared_interests", replace(PLAIN, my_interests=("TEA",)), 2),
    ("names_mutual", replace(PLAIN, mutual=(KOFI,), note="Kofi sent me"), 4),
    ("introduced", replace(PLAIN, introduced_by="Kofi"), 6),
    ("engaged", replace(PLAIN, liked=2), 3),
    ("i_asked_first", replace(PLAIN, history=History(i_asked=1)), 6),
    ("was_connected", replace(PLAIN, history=History(was_connected=True)), 2),
    ("same_organisation", replace(PLAIN, profile=replace(FULL), my_organisation="care"), 3),
    ("personal_note", replace(PLAIN, my_interests=("tea",), note="I love tea as you do"), 2),
    ("complete_profile", replace(PLAIN, profile=FULL), 1),
    ("first_request", PLAIN, 0),
    ("recruiter", replace(PLAIN, headline="Talent partner at Northwind"), 0),
    ("job_seeker", replace(PLAIN, headline="Looking for work"), 0),
    ("business", replace(PLAIN, headline="Sales, Acme"), 0),
    ("server_trust", replace(PLAIN, trust=35), 0),
    ("no_note", replace(PLAIN, note="  "), 0),
    ("generic_note", replace(PLAIN, note="Hi, let's connect!"), 0),
    ("asked_before", replace(PLAIN, history=History(earlier_requests=1, withdrawn=1)), -1),
    ("young_account", replace(PLAIN, known_since=NOW - 3 * DAY), -1),
    ("links", replace(PLAIN, note="see www.example.com/x"), -3),
    ("phone_number", replace(PLAIN, note="call +44 20 7946 0018 now"), -3),
    ("empty_profile", replace(PLAIN, profile=Profile("Ann")), -3),
    ("asked_again", replace(PLAIN, history=History(earlier_requests=1, declined=1, last_no=NOW - DAY)), -4),
    ("shortener", replace(PLAIN, note="join t.me/profit"), -5),
    ("prize_words", replace(PLAIN, note="guaranteed profit for you"), -5),
    ("burst", replace(PLAIN, burst=5), -5),
    ("same_note_accounts", replace(PLAIN, same_note_accounts=2), -6),
    ("same_note", replace(PLAIN, same_note_people=2), -7),
    ("takes_name", replace(PLAIN, takes_name_of="Ann (ann@care.example)"), -8),
    ("like_blocked", replace(PLAIN, like_blocked="Bob (bob@x.example)"), -9),
    ("lookalike", replace(PLAIN, lookalike_of="Ann (ann@care.example)"), -10),
]


@pytest.mark.parametrize(("name", "facts", "weight"), SIGNALS, ids=[one[0] for one in SIGNALS])
def test_every_signal_has_its_weight_and_words(name: str, facts: Facts, weight: int) -> None:
    found = {signal.name: signal for signal in evidence(facts).signals}
    assert name in found
    assert found[name].weight == weight
    said = line(found[name])
    assert said.mark == ("✓" if weight > 0 else "!" if weight < 0 else "•")
    assert said.text and "{" not in said.whole


def test_every_weight_has_a_case() -> None:
    assert {one[0] for one in SIGNALS} == set(WEIGHTS)


def test_the_weights_have_their_sides() -> None:
    assert all(WEIGHTS[name] < 0 for name in SPAM_SIGNALS)


def test_the_score_is_the_sum_and_is_limited_for_many_in_common() -> None:
    many = tuple(replace(KOFI, person=PersonId(n)) for n in range(50))
    found = evidence(replace(PLAIN, mutual=many))
    assert found.score == sum(signal.weight for signal in found.signals)
    assert next(signal for signal in found.signals if signal.name == "mutual").weight == 12


def test_not_known_is_not_none() -> None:
    found = evidence(replace(PLAIN, profile=None, mutual=None))
    assert found.completeness is None
    assert not {signal.name for signal in found.signals} & {"mutual", "empty_profile", "complete_profile", "shared_interests"}


def test_spam_needs_several_signals_or_a_heavy_one() -> None:
    spam = replace(PLAIN, profile=Profile(), note="big profit, write me on t.me/fastprofit today, guaranteed income")
    assert evidence(spam).likely_spam
    assert not evidence(replace(PLAIN, note="my number is +44 20 7946 0018")).likely_spam
    assert not evidence(replace(PLAIN, note="Hi, let's connect")).likely_spam
    assert not evidence(replace(spam, mutual=(KOFI, INES), introduced_by="Kofi", note="see t.me/x, Kofi knows", profile=FULL)).likely_spam


def test_the_order_of_signals_is_always_the_same() -> None:
    facts = replace(PLAIN, mutual=(KOFI,), burst=9, liked=1, note="Kofi says hello, call +44 20 7946 0018")
    assert [one.name for one in evidence(facts).signals] == [one.name for one in evidence(facts).signals]
    assert evidence(facts).signals[0].name == "burst"


def test_chips_are_the_strongest_facts() -> None:
    found = evidence(replace(PLAIN, lookalike_of="Ann (a@b)", mutual=(KOFI,), headline="Recruiter"))
    assert [one.name for one in chips(found)] == ["lookalike", "mutual", "recruiter"]
    assert [chip(one) for one in chips(found)] == ["Look-alike address", "1 mutual", "Recruiter"]


@pytest.mark.parametrize(
    ("headline", "note", "labels"),
    [
        ("Talent acquisition lead", "", ("recruiter",)),
        ("Nurse", "I am recruiting for a data role", ("recruiter",)),
        ("Graduate, open to work", "", ("job_seeker",)),
        ("Account manager", "our product", ("business",)),
        ("Nurse", "Our clients of the birth centre", ()),
        ("Choir director", "", ()),
    ],
)
def test_people_are_labelled_as_what_they_say(headline: str, note: str, labels: tuple[str, ...]) -> None:
    assert says_they_are(headline, note) == labels


def test_the_total_is_said_with_its_reasons() -> None:
    assert total(evidence(replace(PLAIN, mutual=(KOFI,)))) == "All together this speaks for it: 1 thing for it"
    assert total(Evidence((), 0, (), None, ())) == "Nothing speaks for or against it yet"


def test_completeness_says_what_is_missing_the_heaviest_first() -> None:
    assert sum(COMPLETENESS.values()) == 100
    assert completeness(FULL).percent == 100
    found = completeness(Profile("Ann", "Nurse", interests=("tea",)))
    assert found.percent == 15 + 20 + 5
    assert found.missing[0] == "about"


def test_someone_who_was_declined_long_ago_only_asked_before() -> None:
    long_ago = History(earlier_requests=1, declined=1, last_no=NOW - timedelta(days=91))
    assert "asked_before" in {one.name for one in evidence(replace(PLAIN, history=long_ago)).signals}
