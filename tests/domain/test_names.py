"""Names and notes made safe to show."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netdesk.domain.names import NAME_LIMIT, fold, initials, tame, tame_name, tame_note


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("Amara Okafor", "Amara Okafor"),
        ("  spaced \n out ", "spaced out"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("a\u200bb\u2060c", "abc"),
        ("e" + "\u0301" * 10_000, "e" + "\u0301" * 4),
        ("ليلى حداد", "ليلى حداد"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("\u200d\u200cx", "x"),
        ("x" * 1_000, "x" * 63 + "…"),
        ("\u3164\u115f", ""),
        ("", ""),
    ],
)
def test_names(given_text: str, shown: str) -> None:
    assert tame_name(given_text) == shown


@given(st.text(max_size=400))
def test_a_tamed_name_never_disorders_a_line(text: str) -> None:
    shown = tame_name(text)
    assert len(shown) <= NAME_LIMIT
    assert not any(unicodedata.category(c) in {"Cc", "Co", "Cs", "Zl", "Zp"} for c in shown)
    assert not any(unicodedata.category(c) == "Cf" and c not in "\u200c\u200d" for c in shown)
    assert "\n" not in shown


@given(st.text(alphabet=st.one_of(st.characters(max_codepoint=0x300), st.characters()), max_size=200), st.booleans())
def test_the_short_way_for_plain_text_gives_what_the_long_one_does(text: str, lines: bool) -> None:
    """A mark sends the whole text the long way."""
    assert (
        tame(f"e\u0301.{text}", 10_000, lines=lines).removeprefix("e\u0301.").strip() == tame(f".{text}", 10_000, lines=lines)[1:].strip()
    )


def test_a_note_keeps_its_lines_and_is_limited() -> None:
    assert tame_note("one\ntwo\u202e") == "one\ntwo"
    assert len(tame_note("x" * 100_000)) == 4_000


def test_64_kilobytes_take_no_time_to_tame() -> None:
    assert len(tame("ab" * 32_000, 160)) == 160


@pytest.mark.parametrize(
    ("name", "address", "letters"),
    [
        ("Amara Okafor", "a@b", "AO"),
        ("", "kofi.mensah@b", "KM"),
        ("Prince", "p@b", "P"),
        ("", "@b", "?"),
        ("...", "x@b", "X"),
        ("李娜", "l@b", "李"),
    ],
)
def test_initials(name: str, address: str, letters: str) -> None:
    assert initials(name, address) == letters


@pytest.mark.parametrize(
    ("one", "other"), [("Åsa Öberg", "asa oberg"), ("STRASSE", "Straße"), ("Ｆｕｌｌ", "full"), ("Γιώργος", "γιωργος"), ("a\0b", "a b")]
)
def test_folded_texts_compare(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_folding_keeps_the_vowels_of_hindi() -> None:
    assert fold("अदिति") != fold("अदत")
