"""What `netdesk set` can set: the profile, the audiences, who may ask; each key with its reader."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final, TypeVar

from netdesk.desk import Desk
from netdesk.domain.errors import Refused, Unreadable
from netdesk.domain.people import FIELDS, AccountId, parse_address, parse_domain
from netdesk.domain.privacy import TOPICS, Audience, Privacy, WhoMayAsk
from netdesk.sample import PACES, set_pace
from netdesk.ui.texts.choices import FIELDS as FIELD_NAMES

E = TypeVar("E", bound=Enum)

KEYS: Final[dict[str, str]] = {
    **{name: f"your {FIELD_NAMES[name].lower()}" for name in FIELDS},
    "interests": "your interests, with commas between",
    "picture": "your picture: a PNG or JPEG file",
    **{f"see.{name}": "who sees it: nobody, chosen, connections, everyone" for name in (*TOPICS, *(n for n in FIELDS if n not in TOPICS))},
    "chosen": "the addresses of 'chosen', with commas between",
    "who-may-ask": "everyone, shared, domains, invited, nobody",
    "domains": "whose requests pass with who-may-ask domains, with commas between",
    "closed-until": "take no requests until a date: YYYY-MM-DD, or 'open'",
    "ask-for-note": "yes, no",
    "spam-aside": "yes, no",
    "reask-days": "0 to 365: put those who ask again sooner after a no aside",
    "know-mutuals": "yes, no: know people in common, both ways",
    "confirmed": "yes: publish the profile to the audiences chosen; nothing is published before",
    "pace": "in the sample community: " + ", ".join(PACES),
}  # fmt: skip

_WHO: Final = {"shared": WhoMayAsk.SHARED, **{one.value: one for one in WhoMayAsk}}


def _yes(text: str) -> bool:
    found = {"yes": True, "on": True, "true": True, "1": True, "no": False, "off": False, "false": False, "0": False}.get(text.lower())
    if found is None:
        raise Unreadable("value", detail=text)
    return found


def _one_of(kind: type[E], text: str) -> E:
    try:
        return kind(text.lower())
    except ValueError:
        raise Unreadable("value", detail=text) from None


def _list(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _closed_until(text: str) -> datetime | None:
    if text.lower() == "open":
        return None
    try:
        closed = datetime.combine(date.fromisoformat(text), datetime.min.time(), tzinfo=UTC)
    except ValueError:
        raise Unreadable("value", detail=text) from None
    if closed <= datetime.now(UTC):
        raise Refused("date has passed")
    return closed


def _who(text: str) -> WhoMayAsk:
    if text.lower() not in _WHO:
        raise Unreadable("value", detail=text)
    return _WHO[text.lower()]


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) > 365:
        raise Unreadable("value", detail=text)
    return int(text)


_CHOICES: Final[dict[str, Callable[[Desk, Privacy, str], Privacy]]] = {
    "chosen": lambda _, old, text: replace(old, chosen=frozenset(parse_address(one) for one in _list(text))),
    "who-may-ask": lambda _, old, text: replace(old, who_may_ask=_who(text)),
    "domains": lambda _, old, text: replace(old, domains=tuple(parse_domain(one) for one in _list(text))),
    "closed-until": lambda _, old, text: replace(old, closed_until=_closed_until(text)),
    "ask-for-note": lambda _, old, text: replace(old, ask_for_note=_yes(text)),
    "spam-aside": lambda _, old, text: replace(old, spam_aside=_yes(text)),
    "reask-days": lambda _, old, text: replace(old, reask_days=_days(text)),
    "know-mutuals": lambda _, old, text: replace(old, know_mutuals=_yes(text)),
    "confirmed": lambda _, old, text: replace(old, confirmed=_yes(text)),
}


def set_value(desk: Desk, account: AccountId, key: str, value: str) -> None:
    """Set one key of an account. On the store thread. Raises Unreadable for a value that does not fit."""
    if key == "pace":
        if value not in PACES:
            raise Unreadable("value", detail=value)
        set_pace(desk, value)
    elif key in FIELDS:
        _set_field(desk, account, key, value)
    else:
        old = desk.do.privacy.choices(account)
        if key.startswith("see."):
            name, audience = key.removeprefix("see."), _one_of(Audience, value)
            new = old.with_topic(name, audience) if name in TOPICS else old.with_field(name, audience)
        else:
            new = _CHOICES[key](desk, old, value)
        desk.do.privacy.choose(account, new)


def _set_field(desk: Desk, account: AccountId, key: str, value: str) -> None:
    content: Any = value
    if key == "interests":
        content = _list(value)
    elif key == "picture":
        try:
            content = Path(value).expanduser().read_bytes() if value else b""
        except OSError as error:
            raise Unreadable("file", detail=value) from error
    desk.do.profile.save(account, replace(desk.do.profile.profile(account), **{key: content}))
