"""What residents write: notes that name a person or an interest in common, plain ones, generic ones."""

import random
from typing import Final

from netdesk.domain.people import Profile
from netdesk.domain.rules.evidence import shared_interests

_PERSONAL: Final = (
    "{mutual} told me about your work on {interest}. I would like to hear how you do it.",
    "Hello {first}, {mutual} and I were talking about {interest} and your name came up twice. May I join the conversation?",
    "I read what you wrote about {interest}. {mutual} said you would not mind a question or two.",
    "We sat two rows apart when {mutual} spoke on {interest}. I would like to stay in touch.",
)
_INTEREST: Final = (
    "You write about {interest}, and I am trying to learn it. May I follow along?",
    "I work on {interest} too and would like to compare notes, {first}.",
    "Your profile mentions {interest}. We are looking for people who know it well.",
)
_PLAIN: Final = (
    "Good to find you here, {first}. We have met at the regional meeting in spring.",
    "I am new in this field and building up a small circle of people to learn from.",
    "Our offices are in the same street. Coffee some day?",
    "A colleague showed me your talk. Thank you for it.",
)
_GENERIC: Final = ("Hi, let's connect", "I'd like to add you to my network", "Hello", "Let's stay in touch")


def write_note(rng: random.Random, kind: str, mine: Profile, theirs: Profile, mutual: list[str]) -> str:
    """A note of this kind (personal, plain, generic, none) from the one to the other; `mutual` are names of people in common."""
    if kind == "none":
        return ""
    if kind == "generic":
        return rng.choice(_GENERIC)
    shared = shared_interests(mine.interests, theirs.interests)
    first = theirs.name.split()[0] if theirs.name else "there"
    if kind == "personal" and mutual and (shared or mine.interests):
        return rng.choice(_PERSONAL).format(first=first, mutual=rng.choice(mutual), interest=(shared or mine.interests)[0])
    if kind == "personal" and shared:
        return rng.choice(_INTEREST).format(first=first, interest=shared[0])
    return rng.choice(_PLAIN).format(first=first)
