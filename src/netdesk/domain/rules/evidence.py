"""Evidence: what speaks for and against an incoming request, each signal with its weight and what it is about."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from netdesk.domain.names import fold
from netdesk.domain.people import Mutual, Profile
from netdesk.domain.requests import Chip
from netdesk.domain.rules import notes
from netdesk.domain.rules.completeness import completeness
from netdesk.domain.rules.numbers import (
    BURST_COUNT,
    INTERESTS_MOST,
    MUTUAL_MOST,
    SAME_NOTE_ONCE,
    SPAM_AGAINST,
    SPAM_SIGNALS,
    WEIGHTS,
    YOUNG_ACCOUNT,
)


@dataclass(frozen=True, slots=True)
class History:
    """What was between the owner and this person before."""

    earlier_requests: int = 0
    declined: int = 0
    ignored: int = 0
    withdrawn: int = 0
    last_no: datetime | None = None
    was_connected: bool = False
    i_asked: int = 0
    was_blocked: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the evidence is made from; None means not known."""

    name: str
    address: str
    headline: str
    note: str
    arrived_at: datetime
    profile: Profile | None = None
    mutual: tuple[Mutual, ...] | None = None
    my_interests: tuple[str, ...] = ()
    my_organisation: str = ""
    known_since: datetime | None = None
    trust: int | None = None
    history: History = History()
    same_note_people: int = 0
    same_note_accounts: int = 0
    burst: int = 0
    lookalike_of: str = ""
    takes_name_of: str = ""
    like_blocked: str = ""
    liked: int = 0
    commented: int = 0
    introduced_by: str = ""
    reask: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Signal:
    """One line of evidence: its name, what it weighs, and the facts that its sentence mentions."""

    name: str
    weight: int
    params: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signals in a fixed order, their sum, and what is shared."""

    signals: tuple[Signal, ...]
    score: int
    shared_interests: tuple[str, ...]
    completeness: int | None
    missing: tuple[str, ...]

    @property
    def likely_spam(self) -> bool:
        """Whether the signals of spam together are heavy and nothing outweighs them."""
        against = sum(signal.weight for signal in self.signals if signal.name in SPAM_SIGNALS)
        return against <= SPAM_AGAINST and self.score < 0


NOT_CHECKED: Final = Evidence((), 0, (), None, ())


_LABELS: Final = (
    ("recruiter", re.compile(r"\b(?:recruit\w*|talent (?:partner|acquisition|sourc\w+)|head ?hunter|headhunt\w*|staffing|hiring for|sourcer)\b")),
    ("job_seeker", re.compile(
        r"\b(?:job ?seek\w*|open to (?:work|opportunities)|looking for (?:a )?(?:job|work|position|role|internship)|"
        r"seeking (?:a )?(?:job|role|position|opportunit\w+)|between jobs)\b")),
    ("business", re.compile(
        r"\b(?:sales|business development|account (?:executive|manager)|client|customer|supplier|vendor|partnership|procurement|"
        r"our (?:product|services?|company)|quote|proposal)\b")),
)  # fmt: skip


def says_they_are(headline: str, note: str) -> tuple[str, ...]:
    """What somebody presents themselves as: recruiter, job_seeker, business; neither good nor bad."""
    text = fold(f"{headline} {note}")
    return tuple(label for label, pattern in _LABELS if pattern.search(text))


def shared_interests(theirs: tuple[str, ...], mine: tuple[str, ...]) -> tuple[str, ...]:
    """The interests that both name, in their order and wording."""
    own = {fold(one) for one in mine}
    return tuple(one for one in theirs if fold(one) in own)


def _signal(name: str, *params: object, weight: int | None = None) -> Signal:
    return Signal(name, WEIGHTS[name] if weight is None else weight, tuple(str(one) for one in params))


def _shared(facts: Facts) -> Iterator[Signal]:
    if facts.mutual:
        count = len(facts.mutual)
        weight = min(count * WEIGHTS["mutual"], MUTUAL_MOST)
        yield _signal("mutual", count, *(one.name or one.address for one in facts.mutual[:3]), weight=weight)
    if facts.profile is not None:
        common = shared_interests(facts.profile.interests, facts.my_interests)
        if common:
            yield _signal(
                "shared_interests", len(common), *common[:4], weight=min(len(common) * WEIGHTS["shared_interests"], INTERESTS_MOST)
            )
        theirs, mine = fold(facts.profile.organisation), fold(facts.my_organisation)
        if theirs and theirs == mine:
            yield _signal("same_organisation", facts.profile.organisation)
    if facts.introduced_by:
        yield _signal("introduced", facts.introduced_by)


def _note(facts: Facts) -> Iterator[Signal]:
    note = facts.note
    if not note.strip():
        yield _signal("no_note")
        return
    named = next((one for one in facts.mutual or () if notes.mentions(note, one.name)), None)
    if named is not None:
        yield _signal("names_mutual", named.name)
    if facts.same_note_accounts > 1:
        yield _signal("same_note_accounts", facts.same_note_accounts)
    if facts.same_note_people:
        once = facts.same_note_people == 1
        yield _signal("same_note", facts.same_note_people, weight=SAME_NOTE_ONCE if once else None)
    elif notes.is_generic(note):
        yield _signal("generic_note")
    suspicious = tuple(_suspicious(note))
    yield from suspicious
    interests = facts.profile.interests if facts.profile else ()
    personal = named is not None or any(notes.mentions(note, one) for one in shared_interests(interests, facts.my_interests))
    if personal and not facts.same_note_people and not suspicious:
        yield _signal("personal_note")


def _suspicious(note: str) -> Iterator[Signal]:
    if notes.has_shortener(note):
        yield _signal("shortener")
    elif notes.has_link(note):
        yield _signal("links")
    if notes.has_phone_number(note):
        yield _signal("phone_number")
    if notes.has_prize_words(note):
        yield _signal("prize_words")


def _person(facts: Facts) -> Iterator[Signal]:
    if facts.profile is not None:
        percent = completeness(facts.profile).percent
        if percent >= 80:
            yield _signal("complete_profile", percent)
        elif percent <= 25:
            yield _signal("empty_profile", percent)
    if facts.known_since is not None and facts.arrived_at - facts.known_since < YOUNG_ACCOUNT:
        yield _signal("young_account", max(0, (facts.arrived_at - facts.known_since).days))
    if facts.trust is not None:
        yield _signal("server_trust", facts.trust)
    for label in says_they_are(facts.headline, facts.note):
        yield _signal(label)


def _between(facts: Facts) -> Iterator[Signal]:
    history = facts.history
    if facts.liked or facts.commented:
        yield _signal("engaged", facts.liked, facts.commented)
    if history.i_asked:
        yield _signal("i_asked_first")
    if history.was_connected:
        yield _signal("was_connected")
    if history.last_no is not None and facts.arrived_at - history.last_no < facts.reask:
        yield _signal("asked_again", history.declined + history.ignored, (facts.arrived_at - history.last_no).days)
    elif history.earlier_requests:
        yield _signal("asked_before", history.earlier_requests, history.declined, history.withdrawn)
    else:
        yield _signal("first_request")


def _deceit(facts: Facts) -> Iterator[Signal]:
    if facts.burst >= BURST_COUNT:
        yield _signal("burst", facts.burst, facts.address.rpartition("@")[2])
    if facts.lookalike_of:
        yield _signal("lookalike", facts.lookalike_of)
    if facts.takes_name_of:
        yield _signal("takes_name", facts.takes_name_of)
    if facts.like_blocked:
        yield _signal("like_blocked", facts.like_blocked)


_PARTS: Final[tuple[Callable[[Facts], Iterator[Signal]], ...]] = (_deceit, _shared, _note, _person, _between)


def evidence(facts: Facts) -> Evidence:
    """The evidence for one request, signals in a fixed order; the score is the sum of their weights."""
    signals = tuple(signal for part in _PARTS for signal in part(facts))
    known = completeness(facts.profile) if facts.profile is not None else None
    return Evidence(
        signals=signals,
        score=sum(signal.weight for signal in signals),
        shared_interests=shared_interests(facts.profile.interests, facts.my_interests) if facts.profile else (),
        completeness=known.percent if known else None,
        missing=known.missing if known else (),
    )


_CHIP_TONES: Final[dict[str, str]] = {
    "lookalike": "bad", "takes_name": "bad", "like_blocked": "bad", "same_note": "bad", "same_note_accounts": "bad", "burst": "bad",
    "prize_words": "bad", "shortener": "bad", "asked_again": "caution", "empty_profile": "caution", "links": "caution",
    "phone_number": "caution", "young_account": "caution", "mutual": "accent", "introduced": "good", "i_asked_first": "good",
    "names_mutual": "good", "shared_interests": "good", "engaged": "good", "same_organisation": "good", "personal_note": "good",
    "was_connected": "plain", "complete_profile": "good", "recruiter": "plain", "job_seeker": "plain", "business": "plain",
    "no_note": "plain", "generic_note": "plain", "asked_before": "plain",
}  # fmt: skip


def chips(found: Evidence, most: int = 3) -> tuple[Chip, ...]:
    """The strongest facts as chips: by weight, whichever way they speak; what somebody says they are comes before weak ones."""
    rank = {"recruiter": 2.5, "job_seeker": 2.5, "business": 2.4, "no_note": 1.5}
    worth = [signal for signal in found.signals if signal.name in _CHIP_TONES]
    worth.sort(key=lambda signal: -max(abs(signal.weight), rank.get(signal.name, 0)))
    return tuple(Chip(signal.name, _CHIP_TONES[signal.name], signal.params) for signal in worth[:most])
