"""Rows and cards as plain JSON values, and as lines to read."""

from datetime import UTC, datetime
from typing import Any

from netdesk.desk import Report
from netdesk.domain.cards import PersonCard, RequestCard
from netdesk.domain.names import tame, tame_note
from netdesk.domain.people import Mutual, PersonRow, Profile, Relation
from netdesk.domain.privacy import Block
from netdesk.domain.requests import IncomingRow, Moment, OutgoingRow
from netdesk.domain.rules.archived import is_archived
from netdesk.domain.rules.completeness import completeness
from netdesk.ui.texts.evidence import line, reasons
from netdesk.ui.texts.moments import happened

Plain = dict[str, Any]


def iso(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second; None stays None."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at is not None else None


def addresses(mutual: tuple[Mutual, ...] | None) -> list[str] | None:
    """The addresses of people in common; None when not known."""
    return None if mutual is None else [one.address for one in mutual]


def _when(row: IncomingRow | OutgoingRow, at: datetime | None) -> str | None:
    """A time; of an archive as it was written, and none where it does not say."""
    return (row.stamp or None) if is_archived(row.address) else iso(at)


def incoming(row: IncomingRow, mutual: tuple[Mutual, ...] | None, account: str) -> Plain:
    """An incoming request."""
    return {
        "address": row.address, "name": row.name, "headline": row.headline, "state": row.state.value, "note": row.note,
        "received_at": _when(row, row.arrived_at), "answered_at": iso(row.answered_at), "later_until": iso(row.later_until),
        "reasons": list(row.reasons), "mutual": addresses(mutual), "score": row.score, "account": account,
    }  # fmt: skip


def outgoing(row: OutgoingRow, mutual: tuple[Mutual, ...] | None, account: str) -> Plain:
    """A sent request."""
    return {
        "address": row.address, "name": row.name, "headline": row.headline, "state": row.state.value, "note": row.note,
        "sent_at": _when(row, row.sent_at), "ended_at": iso(row.ended_at), "queued_until": iso(row.until), "reasons": [row.why] if row.why else [],
        "mutual": addresses(mutual), "account": account,
    }  # fmt: skip


def person(row: PersonRow, mutual: tuple[Mutual, ...] | None, account: str) -> Plain:
    """A row of a list of people."""
    state = "connected" if row.connected else "following" if row.i_follow else "follows me" if row.follows_me else "suggested"
    return {
        "address": row.address, "name": row.name, "headline": row.headline, "state": state, "note": row.private_note,
        "since": row.stamp or iso(row.since), "circles": list(row.circles), "reasons": [], "mutual": addresses(mutual), "account": account,
    }  # fmt: skip


def block(one: Block, account: str) -> Plain:
    """A block; `note` is the owner's reason."""
    return {
        "address": one.target, "name": one.name, "headline": "", "state": "blocked", "note": one.reason, "since": iso(one.at),
        "reported": one.reported, "tries": one.tries, "last_try": iso(one.last_try), "reasons": [], "mutual": None, "account": account,
    }  # fmt: skip


def report(one: Report, account: str) -> Plain:
    """A report, for the keeper of a community; `note` is the note that was reported."""
    return {
        "address": one.target, "name": one.target, "headline": one.text, "state": one.category, "note": one.note, "since": iso(one.at),
        "reporter": one.reporter, "reasons": [], "mutual": None, "account": account,
    }  # fmt: skip


def profile(found: Profile) -> Plain:
    """A profile; of the picture only the size in bytes."""
    values = found.as_dict()
    values["picture"] = len(found.picture)
    return values


def history(found: tuple[Moment, ...]) -> list[Plain]:
    """What happened, as it stands on the card."""
    return [{"at": iso(one.at), "kind": one.kind, "text": happened(one)} for one in found]


def shown(card: PersonCard, request: RequestCard | None, account: str) -> Plain:
    """A person with profile and, while they ask or asked, the evidence."""
    one = card.person
    state = "following" if card.relation is Relation.STRANGER and one.i_follow else card.relation.value
    known = card.mutual
    evidence = request.evidence if request else None
    return {
        "address": one.address, "name": one.shown_name, "headline": one.headline, "state": state,
        "note": request.row.note if request else "", "private_note": one.private_note, "since": iso(one.since),
        "received_at": iso(request.row.arrived_at) if request else None, "reasons": list(request.row.reasons) if request else [],
        "mutual": addresses(known), "mutual_names": None if known is None else [other.name for other in known],
        "account": account, "profile": profile(one.profile) if one.profile else None,
        "completeness": completeness(one.profile).percent if one.profile else None,
        "interests": list(one.profile.interests) if one.profile else None, "shared_interests": list(card.shared_interests),
        "history": history(card.history), "score": evidence.score if evidence else None,
        "signals": [{"name": s.name, "weight": s.weight, "text": line(s).whole} for s in evidence.signals] if evidence else [],
    }  # fmt: skip


def as_line(row: Plain) -> str:
    """A row for reading."""
    when = row.get("received_at") or row.get("sent_at") or row.get("since") or ""
    parts = [f"{row['name']} <{row['address']}>", row["headline"], row["state"], when[:10]]
    text = " · ".join(part for part in parts if part)
    if row["reasons"] and row["state"] == "filtered":
        text += f"\n    put aside: {reasons(tuple(row['reasons']))}"
    if row["note"]:
        text += f"\n    “{tame(row['note'], 160)}”"
    return text


def as_page(row: Plain) -> str:
    """A person with evidence, for reading."""
    lines = [f"{row['name']} <{row['address']}>", row["headline"] or "no headline known", f"to you: {row['state']}"]
    if row["note"]:
        lines.append(f"note: “{tame_note(row['note'])}”")
    known = row["mutual_names"]
    lines.append("people in common: " + ("not known" if known is None else ", ".join(known) or "nobody's shared list mentions them"))
    lines.append("shared interests: " + (", ".join(row["shared_interests"]) or ("none" if row["profile"] else "not known")))
    percent = row["completeness"]
    lines.append("profile: " + ("not known" if percent is None else f"{percent} % complete"))
    lines += [f"  {'+' if s['weight'] > 0 else '-' if s['weight'] < 0 else ' '} {s['text']}" for s in row["signals"]]
    lines += [f"  {moment['at']}  {moment['text']}" for moment in row["history"]]
    return "\n".join(lines)
