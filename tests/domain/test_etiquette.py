"""Etiquette: every rule of product.md §4 with its numbers, and that no sequence passes the budget."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import DAY, NOW

from netdesk.domain.rules.etiquette import Budget, Wish, budget, may_ask, may_follow_up

OLD = NOW - 400 * DAY
FREE = budget([], OLD, NOW)
PERSONAL = Wish(note="Kofi told me about your maps; may I ask how you draw them?")

REFUSALS = [
    ("to myself", replace(PERSONAL, to_myself=True), "to myself", None),
    ("blocked", replace(PERSONAL, blocked=True), "blocked", None),
    ("connected", replace(PERSONAL, connected=True), "connected", None),
    ("waiting", replace(PERSONAL, waiting=True), "waiting already", None),
    ("they ask", replace(PERSONAL, they_ask=True), "they ask you", None),
    ("100 waiting", replace(PERSONAL, waiting_count=100), "too many waiting", None),
    ("same note", replace(PERSONAL, same_note_people=5), "same note", None),
    ("withdrawn", replace(PERSONAL, last_withdrawn=NOW - 20 * DAY), "withdrawn lately", NOW + DAY),
    ("declined", replace(PERSONAL, last_no=NOW - 89 * DAY, declines=1), "no lately", NOW + DAY),
    ("declined twice", replace(PERSONAL, last_no=NOW - 900 * DAY, declines=2), "declined twice", None),
    ("too long", replace(PERSONAL, note="x" * 301), "note too long", None),
]


@pytest.mark.parametrize(("wish", "reason", "until"), [one[1:] for one in REFUSALS], ids=[one[0] for one in REFUSALS])
def test_refusals_have_a_reason_and_a_date(wish: Wish, reason: str, until: datetime | None) -> None:
    found = may_ask(wish, FREE, NOW)
    assert (found.allowed, found.reason, found.until) == (False, reason, until)


ALLOWED = [
    ("plain", PERSONAL),
    ("99 waiting", replace(PERSONAL, waiting_count=99)),
    ("four others", replace(PERSONAL, same_note_people=4)),
    ("21 days", replace(PERSONAL, last_withdrawn=NOW - 21 * DAY)),
    ("90 days", replace(PERSONAL, last_no=NOW - 90 * DAY, declines=1)),
    ("they wrote after a no", replace(PERSONAL, last_no=NOW - DAY, declines=1, they_wrote_since=True)),
    ("they wrote after two", replace(PERSONAL, last_no=NOW - DAY, declines=2, they_wrote_since=True)),
    ("300 letters", replace(PERSONAL, note="x" * 300)),
    ("no note", Wish()),
]


@pytest.mark.parametrize("wish", [one[1] for one in ALLOWED], ids=[one[0] for one in ALLOWED])
def test_what_may_be_sent(wish: Wish) -> None:
    assert may_ask(wish, FREE, NOW).allowed


@pytest.mark.parametrize(
    ("wish", "used", "advice"),
    [
        (Wish(), FREE, ("no note",)),
        (Wish(note="Hi, let's connect"), FREE, ("generic note",)),
        (replace(PERSONAL, same_note_people=1), FREE, ("same note",)),
        (PERSONAL, replace(FREE, day_used=10), ("many today",)),
        (PERSONAL, replace(FREE, day_used=9), ()),
        (replace(PERSONAL, my_profile=59), FREE, ("incomplete profile",)),
        (replace(PERSONAL, my_profile=60), FREE, ()),
        (replace(PERSONAL, engaged=False), FREE, ("not engaged",)),
    ],
)
def test_advice_never_stops_anything(wish: Wish, used: Budget, advice: tuple[str, ...]) -> None:
    found = may_ask(wish, used, NOW)
    assert (found.allowed, found.advice) == (True, advice)


def times(count: int, ago: timedelta) -> list[datetime]:
    return [NOW - ago] * count


@pytest.mark.parametrize(
    ("sent", "made", "free_at"),
    [
        (times(19, timedelta(hours=1)), OLD, None),
        (times(20, timedelta(hours=1)), OLD, NOW + timedelta(hours=23)),
        (times(20, DAY), OLD, None),
        (times(5, timedelta(hours=1)), NOW - 13 * DAY, NOW + timedelta(hours=23)),
        (times(5, timedelta(hours=1)), NOW - 14 * DAY, None),
        (times(79, 2 * DAY), OLD, None),
        (times(80, 2 * DAY), OLD, NOW + 5 * DAY),
    ],
)
def test_the_budget_of_a_day_and_a_week(sent: list[datetime], made: datetime, free_at: datetime | None) -> None:
    assert budget(sent, made, NOW).free_at == free_at


def test_over_the_budget_it_is_allowed_but_queued() -> None:
    used = budget(times(20, timedelta(hours=1)), OLD, NOW)
    found = may_ask(PERSONAL, used, NOW)
    assert found.allowed and found.queue_until == NOW + timedelta(hours=23)


def test_a_new_account_has_its_own_advice() -> None:
    used = budget(times(3, timedelta(hours=1)), NOW - DAY, NOW)
    assert (used.day_advice, used.day_limit) == (3, 5)
    assert "many today" in may_ask(PERSONAL, used, NOW).advice


@given(st.lists(st.integers(0, 20 * 24 * 60), min_size=1, max_size=150), st.booleans())
def test_no_sequence_passes_the_budget(minutes: list[int], new: bool) -> None:
    """Whoever asks the budget before each sending never has more than the limits in any window."""
    made = NOW if new else OLD
    sent: list[datetime] = []
    for minute in sorted(minutes):
        moment = NOW + timedelta(minutes=minute)
        if budget(sent, made, moment).free_at is None:
            sent.append(moment)
    for at in sent:
        day = [one for one in sent if at - DAY < one <= at]
        week = [one for one in sent if at - 7 * DAY < one <= at]
        assert len(day) <= (5 if new and at - made < 14 * DAY else 20)
        assert len(week) <= 80


@given(st.lists(st.integers(-30 * 24, 30 * 24), max_size=120), st.integers(-10_000, 10_000))
def test_turning_the_clock_back_frees_nothing(hours: list[int], jump: int) -> None:
    """Times ahead of the clock count as now."""
    sent = [NOW + timedelta(hours=one) for one in hours]
    used = budget(sent, OLD, NOW)
    near = sum(1 for one in sent if NOW - one < DAY)
    assert used.day_used == near
    assert (used.free_at is None) == (near < 20 and used.week_used < 80)
    if used.free_at is not None:
        assert used.free_at > NOW


@pytest.mark.parametrize(
    ("sent", "before", "allowed", "reason"),
    [
        (NOW - 7 * DAY, None, True, ""),
        (NOW - 6 * DAY, None, False, "follow up later"),
        (NOW - 20 * DAY, NOW - DAY, False, "followed up already"),
    ],
)
def test_one_follow_up_after_seven_days(sent: datetime, before: datetime | None, allowed: bool, reason: str) -> None:
    found = may_follow_up(sent, before, NOW)
    assert (found.allowed, found.reason) == (allowed, reason)
