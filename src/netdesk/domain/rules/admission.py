"""Admission: whether an incoming request comes to review, is filtered, is let in or is turned away; the one place that decides it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from netdesk.domain.people import domain_of
from netdesk.domain.privacy import Privacy, WhoMayAsk


class Place(StrEnum):
    """Where a request lands."""

    TO_REVIEW = "to review"
    FILTERED = "filtered"
    LET_IN = "let in"
    TURNED_AWAY = "turned away"


@dataclass(frozen=True, slots=True)
class Asking:
    """What admission asks about a request. `mutual` is None when not known."""

    address: str
    note: str
    blocked: bool = False
    invited: bool = False
    mutual: int | None = None
    likely_spam: bool = False
    like_blocked: bool = False
    last_no: datetime | None = None
    let_next_pass: bool = False
    i_asked_them: bool = False


@dataclass(frozen=True, slots=True)
class Admission:
    """Where it lands, and why it was filtered: each reason is a word that ui/texts.py knows."""

    place: Place
    reasons: tuple[str, ...] = ()


def domain_allowed(domain: str, allowed: tuple[str, ...]) -> bool:
    """Whether `domain` is one of `allowed` or below one of them."""
    return any(domain == one or domain.endswith("." + one) for one in allowed)


def _who_may_ask(asking: Asking, privacy: Privacy) -> str:
    match privacy.who_may_ask:
        case WhoMayAsk.EVERYONE:
            return ""
        case WhoMayAsk.SHARED:
            return "" if asking.mutual else "no shared connection"
        case WhoMayAsk.DOMAINS:
            return "" if domain_allowed(domain_of(asking.address), privacy.domains) else "other domain"
        case WhoMayAsk.INVITED:
            return "not invited"
        case WhoMayAsk.NOBODY:
            return "closed"


def admit(asking: Asking, privacy: Privacy, now: datetime) -> Admission:
    """Where a request lands. Only a block turns it away; every other rule puts it aside with its reasons, nothing is lost.

    An invitation, an earlier request of the owner's own, and "let their next request pass" overrule everything but a block.
    """
    if asking.blocked:
        return Admission(Place.TURNED_AWAY)
    if asking.invited:
        return Admission(Place.LET_IN)
    if asking.let_next_pass or asking.i_asked_them:
        return Admission(Place.TO_REVIEW)
    reasons: list[str] = []
    closed = privacy.closed_until is not None and now < privacy.closed_until
    who = "closed" if closed else _who_may_ask(asking, privacy)
    if who and not (privacy.who_may_ask is WhoMayAsk.NOBODY and privacy.closed_until is not None and not closed):
        reasons.append(who)
    if privacy.ask_for_note and not asking.note.strip():
        reasons.append("no note")
    if asking.like_blocked:
        reasons.append("like blocked")
    if privacy.spam_aside and asking.likely_spam:
        reasons.append("likely spam")
    if asking.last_no is not None and now - asking.last_no < timedelta(days=privacy.reask_days):
        reasons.append("asked again")
    return Admission(Place.FILTERED if reasons else Place.TO_REVIEW, tuple(reasons))
