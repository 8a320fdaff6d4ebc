"""States and histories in words."""

from datetime import datetime
from typing import Final

from netdesk.domain.requests import Held, Incoming, IncomingRow, Moment, Outgoing, OutgoingRow
from netdesk.domain.rules.numbers import STALE_AFTER, SUGGEST_WITHDRAW_AFTER
from netdesk.ui.texts.errors import refusal
from netdesk.ui.texts.times import count, moment, until

HISTORY: Final = {
    "asked me": "Asked to connect with you",
    "blocked": "You shut them out",
    "connected": "You are connected",
    "delivered": "Delivered to {detail}",
    "engaged": "Engaged with a post of yours ({detail})",
    "i accepted": "You accepted",
    "i asked": "You asked them to connect",
    "i asked for an introduction": "You asked {detail} for an introduction",
    "i declined": "You declined",
    "i followed up": "You wrote once more",
    "i ignored": "You ignored the request",
    "i let follow": "You let them follow you",
    "i reopened": "You reopened the request",
    "i withdrew": "You took your request back",
    "introduced": "{detail} introduced you",
    "invited": "Came with your invitation “{detail}”",
    "no answer": "No answer",
    "not introduced": "{detail} would not introduce you",
    "removed": "You removed them",
    "unfriended there": "You removed them from your friends there",
    "unfollowed there": "You stopped following them there",
    "removed by them": "They removed the connection",
    "server refused": "The server did not take it: {detail}",
    "they accepted": "They accepted",
    "they declined": "They declined",
    "to be told again": "{detail} could not be reached; they will be told again",
    "they withdrew": "They took their request back",
    "unblocked": "You unblocked them",
    "words came back": "Your words could not be delivered: {detail}",
    "wrote again": "They wrote once more",
}
_ASKED: Final = {"note": "You asked them to connect, with a personal note", "": "You asked them to connect, without a note"}
SERVER_REFUSALS: Final = {
    "no such account": "there is no such account",
    "no server": "their server cannot be reached",
    "blocked": "you have shut them out",
    "to myself": "that is you",
}


def happened(one: Moment) -> str:
    """One line of a history."""
    if one.kind == "i asked":
        return _ASKED[one.detail]
    detail = SERVER_REFUSALS.get(one.detail, one.detail)
    return HISTORY[one.kind].format(detail=detail or "their server")


INCOMING: Final = {
    Incoming.TO_REVIEW: "To review",
    Incoming.FILTERED: "Filtered",
    Incoming.LATER: "Later",
    Incoming.ACCEPTED: "Accepted",
    Incoming.FOLLOWING: "Follows you",
    Incoming.DECLINED: "Declined",
    Incoming.IGNORED: "Ignored",
    Incoming.BLOCKED: "Blocked",
    Incoming.WITHDRAWN: "Taken back by them",
    Incoming.UNKNOWN: "Outcome unknown",
}
OUTGOING: Final = {
    Outgoing.DRAFT: "Draft",
    Outgoing.HELD: "Can be undone",
    Outgoing.QUEUED: "Queued",
    Outgoing.WAITING: "Waiting",
    Outgoing.ACCEPTED: "Accepted",
    Outgoing.DECLINED: "Declined",
    Outgoing.WITHDRAWN: "Taken back",
    Outgoing.NO_ANSWER: "No answer",
    Outgoing.REFUSED: "Not sent",
    Outgoing.UNKNOWN: "Outcome unknown",
}


def incoming_state(row: IncomingRow, now: datetime) -> str:
    """Where an incoming request stands, with its date."""
    text = INCOMING[row.state]
    if row.state is Incoming.LATER and row.later_until is not None:
        return f"Comes back {until(row.later_until, now)}"
    if row.answered_at is not None:
        return f"{text} {moment(row.answered_at, now)}"
    return text


def outgoing_state(row: OutgoingRow, now: datetime) -> tuple[str, str]:
    """Where a sent request stands in a few words, and the tone of its chip."""
    match row.state:
        case Outgoing.QUEUED if row.until is not None and row.until > now:
            return f"Queued until {until(row.until, now).removeprefix('on ')}", "caution"
        case Outgoing.QUEUED:
            return "On its way", "accent"
        case Outgoing.HELD:
            left = max(0, round((row.hold_until - now).total_seconds())) if row.hold_until else 0
            return f"Can be undone for {left} s" if left else "On its way", "accent"
        case Outgoing.WAITING:
            waited = now - (row.sent_at or row.created_at)
            text = f"Waiting {count(waited.days, 'day')}" if waited.days else "Sent today"
            return text, "caution" if waited >= STALE_AFTER else "plain"
        case Outgoing.ACCEPTED:
            return "Follows allowed" if row.why == "followed" else "Accepted", "good"
        case Outgoing.DRAFT:
            return "Draft", "plain"
        case Outgoing.REFUSED:
            return "Not sent", "bad"
        case _:
            return OUTGOING[row.state], "plain"


def outgoing_hint(row: OutgoingRow, now: datetime) -> str:
    """What the owner may want to know or do about a sent request; empty for nothing."""
    match row.state:
        case Outgoing.QUEUED if row.why == "budget" and row.until is not None:
            return f"You have sent as many requests as is polite. This one goes {until(row.until, now)}, by itself."
        case Outgoing.QUEUED:
            return "It is told to the server as soon as the account is online."
        case Outgoing.WAITING:
            waited = now - (row.sent_at or row.created_at)
            if waited >= SUGGEST_WITHDRAW_AFTER:
                return f"No answer for {count(waited.days, 'day')}. We suggest to take it back: it makes room, and you can ask again in 21 days."
            if waited >= STALE_AFTER:
                return f"No answer for {count(waited.days, 'day')}. After {SUGGEST_WITHDRAW_AFTER.days} days we suggest to take it back."
            return ""
        case Outgoing.REFUSED:
            reason = SERVER_REFUSALS.get(row.why)
            return f"It was not sent: {reason}." if reason else refusal(row.why, row.name, None, now)
        case Outgoing.WITHDRAWN if row.why == "blocked":
            return "It ended because you shut them out."
        case _:
            return ""


_HELD: Final = {
    "accept": ("Accepted {name}", "Accepted {count}"),
    "follow": ("{name} may follow you", "{count} may follow you"),
    "decline": ("Declined {name}", "Declined {count}"),
    "ignore": ("Ignored {name}", "Ignored {count}"),
    "block": ("Blocked {name}", "Blocked {count}"),
    "report": ("Blocked and reported {name}", "Blocked and reported {count}"),
    "later": ("{name} comes back later", "{count} come back later"),
    "ask": ("Asked {name} to connect", "Asked {count} to connect"),
    "withdraw": ("Took back the request to {name}", "Took back {count}"),
    "remove": ("Removed {name}", "Removed {count}"),
    "unblock": ("Unblocked {name}", "Unblocked {count}"),
}
_PEOPLE: Final = frozenset({"remove"})


def held(one: Held) -> str:
    """What the undo bar says."""
    single, many = _HELD[one.kind]
    noun = (
        ("person", "people")
        if one.kind in _PEOPLE
        else ("address or server", "addresses or servers")
        if one.kind == "block"
        else ("request", "requests")
    )
    return single.format(name=one.name) if one.count == 1 else many.format(count=count(one.count, *noun))
