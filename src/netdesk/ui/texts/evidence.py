"""Signals, chips and reasons in words."""

from dataclasses import dataclass
from typing import Final

from netdesk.domain.requests import Chip
from netdesk.domain.rules.evidence import Evidence, Signal
from netdesk.ui.texts.times import count, first_upper, joined


@dataclass(frozen=True, slots=True)
class Line:
    """One line of evidence: a mark (✓ for, ! against, • neutral), what it says, and a dim addition."""

    mark: str
    text: str
    more: str = ""

    @property
    def whole(self) -> str:
        """The line as one text."""
        return f"{self.text} ({self.more})" if self.more else self.text


# name: (text, addition); {0}, {1} … are the signal's own facts.
_SIGNALS: Final[dict[str, tuple[str, str]]] = {
    "names_mutual": ("The note names {0}, whom you know", ""),
    "introduced": ("{0} introduced them to you", ""),
    "i_asked_first": ("You asked them to connect before", ""),
    "was_connected": ("You were connected before", ""),
    "same_organisation": ("Works at {0}, like you", ""),
    "personal_note": ("The note is personal", "nobody else sent it"),
    "complete_profile": ("The profile is {0} % complete", ""),
    "first_request": ("First request from this person", "no earlier decline or withdrawal"),
    "recruiter": ("Says they recruit", "from headline and note"),
    "job_seeker": ("Says they look for work", "from headline and note"),
    "business": ("Says they come on business", "from headline and note"),
    "no_note": ("No note", ""),
    "generic_note": ("The note is a stock phrase", "it says nothing about you two"),
    "links": ("There is a link in the note", "look at it before you follow it"),
    "phone_number": ("There is a phone number in the note", ""),
    "empty_profile": ("The profile is nearly empty", "{0} % complete"),
    "shortener": ("The note hides where its link leads", "a shortened link"),
    "prize_words": ("The note speaks of quick money or prizes", ""),
    "same_note_accounts": ("The same note came to {0} of your accounts", ""),
    "takes_name": ("Bears the same name as your connection {0}", "but has another address"),
    "like_blocked": ("Recalls {0}, whom you have shut out", "by name, address or note"),
    "lookalike": ("The address looks like that of your connection {0}", "some letters only look the same"),
}


def _days(number: str) -> str:
    return "today" if number == "0" else f"{count(int(number), 'day')} ago"


def _special(signal: Signal) -> tuple[str, str] | None:
    """The signals whose sentence depends on their numbers."""
    facts = signal.params
    match signal.name:
        case "mutual":
            number, names = int(facts[0]), list(facts[1:])
            text = joined(names + [""] * (number - len(names)), len(names))
            return f"{text} {'lists' if number == 1 else 'list'} them among their connections", ""
        case "shared_interests":
            return f"You share {joined(list(facts[1:]), 4)}", ""
        case "engaged":
            liked, commented = int(facts[0]), int(facts[1])
            parts = [*([f"liked {count(liked, 'post')} of yours"] if liked else []), *([f"commented {commented}×"] if commented else [])]
            return first_upper(" and ".join(parts)), "before asking"
        case "asked_again":
            return f"Asks again, {_days(facts[1])} you said no", f"said no {count(int(facts[0]), 'time')} so far"
        case "asked_before":
            declined, withdrawn = int(facts[1]), int(facts[2])
            parts = [*([f"{declined} declined"] if declined else []), *([f"{withdrawn} withdrawn"] if withdrawn else [])]
            return f"Asked {count(int(facts[0]), 'time')} before", ", ".join(parts)
        case "young_account":
            return f"The account was made {_days(facts[0])}", ""
        case "server_trust":
            return f"Their own server trusts this account with {facts[0]} of 100", ""
        case "same_note":
            others = int(facts[0])
            return f"{count(others, 'other person', 'other people')} sent you this very note", ""
        case "burst":
            return f"{count(int(facts[0]), 'request')} from {facts[1]} within a few hours", ""
    return None


def line(signal: Signal) -> Line:
    """A signal in words. A name without words is a bug: KeyError."""
    mark = "✓" if signal.weight > 0 else "!" if signal.weight < 0 else "•"
    text, more = _special(signal) or _SIGNALS[signal.name]
    return Line(mark, text.format(*signal.params), more.format(*signal.params))


def total(found: Evidence) -> str:
    """What the signals add up to, in words with its parts; never a bare number."""
    good = sum(1 for signal in found.signals if signal.weight > 0)
    bad = sum(1 for signal in found.signals if signal.weight < 0)
    parts = [*([f"{count(good, 'thing')} for it"] if good else []), *([f"{count(bad, 'thing')} against it"] if bad else [])]
    if not parts:
        return "Nothing speaks for or against it yet"
    leaning = "speaks for it" if found.score > 0 else "speaks against it" if found.score < 0 else "keeps the balance"
    return f"All together this {leaning}: {', '.join(parts)}"


_CHIPS: Final = {
    "lookalike": "Look-alike address", "takes_name": "Takes a name you know", "like_blocked": "Like someone blocked",
    "same_note_accounts": "Same note again", "prize_words": "Quick money", "shortener": "Hidden link", "links": "Link",
    "phone_number": "Phone number", "asked_again": "Asked again", "empty_profile": "Empty profile", "young_account": "New account",
    "introduced": "Introduced", "i_asked_first": "You asked first", "names_mutual": "Names {0}", "engaged": "Liked your post",
    "same_organisation": "Same organisation", "personal_note": "Personal note", "was_connected": "Was connected",
    "complete_profile": "Complete profile", "recruiter": "Recruiter", "job_seeker": "Job seeker", "business": "Business contact",
    "no_note": "No note", "generic_note": "Stock phrase", "asked_before": "Asked before",
}  # fmt: skip


def chip(one: Chip) -> str:
    """A chip's word or two."""
    match one.name:
        case "mutual":
            return f"{one.params[0]} mutual"
        case "shared_interests":
            return count(int(one.params[0]), "shared interest")
        case "same_note":
            return f"Same note from {int(one.params[0]) + 1} people"
        case "under":
            return f"{int(one.params[0]):,} more like it"
        case "burst":
            return f"Burst of {one.params[0]}"
    text = _CHIPS[one.name].format(*one.params)
    return text if len(text) <= 24 else text[:23] + "…"


REASONS: Final = {
    "no shared connection": "you share no connection",
    "other domain": "comes from another domain",
    "not invited": "has no invitation",
    "closed": "you take no requests now",
    "no note": "has no note",
    "likely spam": "likely spam",
    "burst": "one of a burst",
    "like blocked": "recalls someone you shut out",
    "asked again": "asks again too soon after your no",
}


def reasons(found: tuple[str, ...]) -> str:
    """Why the rules put a request aside."""
    return ", ".join(REASONS[one] for one in found)
