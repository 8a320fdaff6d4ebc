"""Etiquette: what the owner may send, with the reason and the date when it will be possible; the one place that decides it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from netdesk.domain.requests import NOTE_LENGTH
from netdesk.domain.rules import notes
from netdesk.domain.rules.numbers import (
    AFTER_NO,
    AFTER_WITHDRAWAL,
    DAY,
    DAY_ADVICE,
    DAY_LIMIT,
    DECLINES_UNTIL_SILENCE,
    FOLLOW_UP_AFTER,
    NEW_ACCOUNT,
    NEW_DAY_ADVICE,
    NEW_DAY_LIMIT,
    PROFILE_ADVICE_BELOW,
    SAME_NOTE_LIMIT,
    WAITING_LIMIT,
    WEEK,
    WEEK_LIMIT,
)


@dataclass(frozen=True, slots=True)
class Budget:
    """How much was used of the day's and the week's requests, and when one more may go (None: now)."""

    day_used: int
    day_advice: int
    day_limit: int
    week_used: int
    week_limit: int
    free_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What the owner wants to send, and what is known about it. Times are those of her own earlier requests to this person."""

    note: str = ""
    to_myself: bool = False
    connected: bool = False
    blocked: bool = False
    waiting: bool = False
    they_ask: bool = False
    waiting_count: int = 0
    same_note_people: int = 0
    last_withdrawn: datetime | None = None
    last_no: datetime | None = None
    declines: int = 0
    they_wrote_since: bool = False
    my_profile: int = 100
    engaged: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may be sent. `reason` and `until` say why not and when; `queue_until` when the budget has room again."""

    allowed: bool
    reason: str = ""
    until: datetime | None = None
    queue_until: datetime | None = None
    advice: tuple[str, ...] = ()


def _free_at(sent: Sequence[datetime], now: datetime, window: timedelta, limit: int) -> datetime | None:
    """When fewer than `limit` of the times lie within `window` of the moment; None when that is so now."""
    near = sorted(one for one in sent if now - one < window)
    if len(near) < limit:
        return None
    return near[len(near) - limit] + window


def budget(sent: Sequence[datetime], account_made: datetime, now: datetime) -> Budget:
    """The budget at `now`, from the times of all requests that were sent or are on their way (withdrawn ones count too).

    Times ahead of the clock count as now, so turning the clock back frees nothing.
    """
    sent = [min(one, now) for one in sent]
    new = abs(now - account_made) < NEW_ACCOUNT
    day_limit = NEW_DAY_LIMIT if new else DAY_LIMIT
    free = [at for at in (_free_at(sent, now, DAY, day_limit), _free_at(sent, now, WEEK, WEEK_LIMIT)) if at is not None]
    return Budget(
        day_used=sum(1 for one in sent if now - one < DAY),
        day_advice=NEW_DAY_ADVICE if new else DAY_ADVICE,
        day_limit=day_limit,
        week_used=sum(1 for one in sent if now - one < WEEK),
        week_limit=WEEK_LIMIT,
        free_at=max(free) if free else None,
    )


def _refusal(wish: Wish, now: datetime) -> tuple[str, datetime | None] | None:
    """The first rule that refuses, with the date when it will not; None when none does."""
    plain = (
        (wish.to_myself, "to myself"),
        (wish.blocked, "blocked"),
        (wish.connected, "connected"),
        (wish.they_ask, "they ask you"),
        (wish.waiting, "waiting already"),
    )
    for holds, reason in plain:
        if holds:
            return reason, None
    if len(wish.note) > NOTE_LENGTH:
        return "note too long", None
    if wish.declines >= DECLINES_UNTIL_SILENCE and not wish.they_wrote_since:
        return "declined twice", None
    if wish.last_withdrawn is not None and now - wish.last_withdrawn < AFTER_WITHDRAWAL:
        return "withdrawn lately", wish.last_withdrawn + AFTER_WITHDRAWAL
    if wish.last_no is not None and not wish.they_wrote_since and now - wish.last_no < AFTER_NO:
        return "no lately", wish.last_no + AFTER_NO
    if wish.waiting_count >= WAITING_LIMIT:
        return "too many waiting", None
    if wish.same_note_people >= SAME_NOTE_LIMIT:
        return "same note", None
    return None


def advice_for(wish: Wish, used: Budget) -> tuple[str, ...]:
    """What could make it better, as words that ui/texts.py knows; advice never stops anything."""
    found: list[str] = []
    if not wish.note.strip():
        found.append("no note")
    elif notes.is_generic(wish.note):
        found.append("generic note")
    if wish.note.strip() and wish.same_note_people >= 1:
        found.append("same note")
    if used.day_used >= used.day_advice:
        found.append("many today")
    if wish.my_profile < PROFILE_ADVICE_BELOW:
        found.append("incomplete profile")
    if not wish.engaged:
        found.append("not engaged")
    return tuple(found)


def may_ask(wish: Wish, used: Budget, now: datetime) -> Verdict:
    """Whether the owner may send this request now; over the budget it is allowed but queued until `queue_until`."""
    advice = advice_for(wish, used)
    refusal = _refusal(wish, now)
    if refusal is not None:
        return Verdict(False, refusal[0], refusal[1], advice=advice)
    return Verdict(True, queue_until=used.free_at, advice=advice)


def may_follow_up(sent_at: datetime, followed_up_at: datetime | None, now: datetime) -> Verdict:
    """Whether one follow-up may be written: once for each request, seven days after it."""
    if followed_up_at is not None:
        return Verdict(False, "followed up already")
    if now - sent_at < FOLLOW_UP_AFTER:
        return Verdict(False, "follow up later", sent_at + FOLLOW_UP_AFTER)
    return Verdict(True)
