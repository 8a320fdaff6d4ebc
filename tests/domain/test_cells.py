"""Cells that a spreadsheet would run are guarded, and come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netdesk.domain.cells import guarded, unguarded


@pytest.mark.parametrize("text", ["=1+1", "+49", "-2", "@SUM(1)", " =1", "\t=1", "\r=1", "＝1", "'=1"])
def test_what_would_run_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Ann", "O'Neil", "'n Company", "", "a=b", "1-2"])
def test_what_would_not_is_left(text: str) -> None:
    assert guarded(text) == text == unguarded(text)


@given(st.text(alphabet="'=+-@ \t\rab＝"))
def test_it_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
