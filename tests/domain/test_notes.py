"""Notes and look-alikes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netdesk.domain.rules import notes
from netdesk.domain.rules.lookalike import skeleton

SPAM = "Hello dear, big profit waiting for you, guaranteed income every week. Write me now on t.me/fastprofit."


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (SPAM, SPAM, True),
        (SPAM, SPAM.upper(), True),
        (SPAM, SPAM.replace("dear", "Nadia") + "!!", True),
        (SPAM, "I liked your talk on the last mile of vaccine routes and have a question about maps.", False),
        ("Hi", "Hi", True),
        ("Hi", "Hey", False),
        ("", "", False),
        ("Hi Ann", "Hi Ben", False),
    ],
)
def test_same_note(one: str, other: str, same: bool) -> None:
    assert notes.same_note(one, other) is same


@given(st.text(max_size=200), st.text(max_size=200))
def test_being_the_same_goes_both_ways(one: str, other: str) -> None:
    assert notes.same_note(one, other) == notes.same_note(other, one)


@given(st.text(max_size=200))
def test_the_same_text_shares_its_fingerprints(text: str) -> None:
    assert notes.fingerprints(text) == notes.fingerprints(text.swapcase()) or not text.isascii()
    assert len(notes.fingerprints(text)) <= 8


@pytest.mark.parametrize(
    ("note", "generic"),
    [("Hi", True), ("hello!", True), ("I'd like to add you to my professional network", True), ("Hi, lets connect :)", True), ("", False),
     ("Hi Nadia, Kofi told me about your maps", False), ("Please accept", True)],
)  # fmt: skip
def test_stock_phrases(note: str, generic: bool) -> None:
    assert notes.is_generic(note) is generic


@pytest.mark.parametrize(
    ("check", "text", "found"),
    [
        (notes.has_link, "see https://a.example/b", True), (notes.has_link, "at care.org", True), (notes.has_link, "e.g. this", False),
        (notes.has_shortener, "t.me/x", True), (notes.has_shortener, "at me", False),
        (notes.has_phone_number, "+49 30 901820", True), (notes.has_phone_number, "in 2026 we met", False),
        (notes.has_phone_number, "on 2026-11-25", False), (notes.has_prize_words, "Crypto gains", True),
        (notes.has_prize_words, "the prize committee", True), (notes.has_prize_words, "surprised to see you", False),
    ],
)  # fmt: skip
def test_what_stands_in_a_note(check: object, text: str, found: bool) -> None:
    assert check(text) is found  # type: ignore[operator]


@pytest.mark.parametrize(
    ("note", "name", "named"),
    [("Kofi sent me", "Kofi Mensah", True), ("the koficafe", "Kofi Mensah", False), ("陳美玲さんの紹介", "陳美玲", True), ("Al says", "Al Gore", False),
     ("Al Gore says", "Al Gore", True), ("", "Al", False)],
)  # fmt: skip
def test_mentions(note: str, name: str, named: bool) -> None:
    assert notes.mentions(note, name) is named


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("kofi.rnensah@care.example", "kofi.mensah@care.example", True),
        ("paypa1@x.example", "paypal@x.example", True),
        ("аnn@x.example", "ann@x.example", True),
        ("Kofi Ménsah", "kofi mensah", True),
        ("ann@x.example", "ann@x.example", False),
        ("ann@x.example", "anna@x.example", False),
    ],
)
def test_look_alikes(one: str, other: str, alike: bool) -> None:
    assert (one != other and skeleton(one) == skeleton(other)) is alike


@given(st.text(max_size=60))
def test_a_skeleton_of_a_skeleton_is_itself_for_plain_letters(text: str) -> None:
    if text.isascii() and text.isalpha():
        assert skeleton(skeleton(text)) == skeleton(text)
    assert isinstance(skeleton(text), str)
