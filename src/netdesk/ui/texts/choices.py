"""What can be chosen, and the advice before sending, in words."""

from typing import Final

from netdesk.domain.people import Relation
from netdesk.domain.privacy import Audience, WhoMayAsk
from netdesk.domain.rules.etiquette import Budget
from netdesk.ui.texts.times import joined

AUDIENCES: Final = {
    Audience.EVERYONE: "Everyone",
    Audience.CONNECTIONS: "My connections",
    Audience.CHOSEN: "People I choose",
    Audience.NOBODY: "Nobody",
}
WHO_MAY_ASK: Final = {
    WhoMayAsk.EVERYONE: "Everyone",
    WhoMayAsk.SHARED: "People I share a connection with",
    WhoMayAsk.DOMAINS: "People of certain domains",
    WhoMayAsk.INVITED: "Only with an invitation",
    WhoMayAsk.NOBODY: "Nobody until a date",
}
TOPICS: Final = {
    "profile": ("Profile", "Name, headline, about, interests; each field can be narrower"),
    "connections": ("My connections", "Lets people you know see who you both know"),
    "posts": ("Posts", "New posts; each post can differ"),
    "presence": ("When I am online", "Whether the program of others shows you as there"),
}
FIELDS: Final = {
    "name": "Name", "headline": "Headline", "about": "About", "organisation": "Organisation", "location": "Place", "website": "Website",
    "interests": "Interests", "picture": "Picture", "email": "E-mail", "phone": "Phone",
}  # fmt: skip
_SEEN: Final = {
    "name": "name", "headline": "headline", "about": "what you say about yourself", "organisation": "organisation", "location": "place",
    "website": "website", "interests": "interests", "picture": "picture", "email": "e-mail", "phone": "phone number",
    "connections": "which of their people you know", "posts": "posts", "presence": "when you are online",
}  # fmt: skip
RELATIONS: Final = {
    Relation.STRANGER: "A stranger",
    Relation.PENDING_IN: "Someone who asks you",
    Relation.PENDING_OUT: "Someone you asked",
    Relation.FOLLOWER: "A follower",
    Relation.CONNECTION: "A connection",
    Relation.DECLINED: "Someone you declined",
    Relation.REMOVED: "Someone you removed",
    Relation.BLOCKED: "Someone blocked",
}
TO_ME: Final = {
    Relation.STRANGER: "Not connected",
    Relation.PENDING_IN: "Asks to connect",
    Relation.PENDING_OUT: "You asked",
    Relation.FOLLOWER: "Follows you",
    Relation.CONNECTION: "Connected",
    Relation.DECLINED: "Declined earlier",
    Relation.REMOVED: "No longer connected",
    Relation.BLOCKED: "Shut out",
}


def gains(name: str, found: tuple[str, ...]) -> str:
    """The line before accepting: what the person will see from then on."""
    first = name.split()[0] if name.split() else name
    if not found:
        return f"If you accept, {first} sees nothing more of you than now."
    return f"If you accept, {first} will also see: {joined([_SEEN[one] for one in found], 12)}."


def seen(found: tuple[str, ...]) -> str:
    """Which topics somebody sees."""
    others = [_SEEN[one] for one in found if one != "profile"]
    return f"They also see: {joined(others, 5)}." if others else ""


def advice(word: str, budget: Budget, completeness: int) -> str:
    """One piece of advice before sending."""
    match word:
        case "no note":
            return "No note yet. A few words of your own help the person to decide."
        case "generic note":
            return "This could be to anybody. Say what connects the two of you."
        case "same note":
            return "You have just sent this same note to somebody else."
        case "many today":
            return f"You have sent {budget.day_used} requests in the last 24 hours. Fewer and better ones are read."
        case "incomplete profile":
            return f"Your profile is {completeness} % complete. People look at it before they answer."
        case _:
            return "You have not read or liked anything of theirs yet."


def budget_line(budget: Budget) -> str:
    """How much of the budget is used."""
    return f"{budget.day_used} of {budget.day_limit} requests in the last 24 hours, {budget.week_used} of {budget.week_limit} in 7 days"
