"""The sample community: 200 residents from resources/community/, their ties, and what the owner of the sample finds waiting."""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from netdesk.domain.people import Address, Profile
from netdesk.domain.privacy import DEFAULT_FIELDS, DEFAULT_TOPICS, Audience, Privacy
from netdesk.networks.community.server import Server, to_ms
from netdesk.paths import resource

OWNER: Final = Address("nadia@chat.example")
OWNER_PROFILE: Final = Profile(
    name="Nadia Rahman",
    headline="Vaccine logistics coordinator",
    about="I plan how vaccines travel the last hundred kilometres. On Thursdays I sing.",
    organisation="Delta Health",
    location="Accra",
    interests=("public health", "logistics", "cold chain", "choir", "cycling"),
)
SEED: Final = 7
_FRIENDS: Final = (
    "kofi.mensah@care.example", "ines@lisboa.example", "pavel@sklad.example", "sara.lund@tidning.example", "obi@choir.example",
    "lena.graf@karte.example", "yuki@uni.example", "omar@pharma.example",
)  # fmt: skip
_MORE_FRIENDS: Final = 34

SPAM_NOTE: Final = "Hello dear, big profit waiting for you, guaranteed income every week. Write me now on t.me/fastprofit and start today."


def build(server: Server, set_clock: Callable[[datetime], None], now: datetime, strangers: frozenset[str]) -> None:
    """Fill an empty community file; nobody of `strangers` is connected with the owner yet.

    `set_clock` moves the server's clock, so that everything bears the time at which it happened.
    """
    document = json.loads(resource("community/residents.json").read_text("utf-8"))
    people: list[dict[str, Any]] = document["residents"]
    with server.transaction():
        set_clock(now - timedelta(days=400))
        server.register(OWNER, OWNER_PROFILE.name)
        for at, one in enumerate(people):
            _settle(server, at, one, now)
        for first, second in document["ties"]:
            _tie(server, people[first]["address"], people[second]["address"], now - timedelta(days=100))
        rng = random.Random(SEED)
        likely = [one["address"] for one in people if one["cluster"] < 4 and one["address"] not in _FRIENDS]
        friends = [*_FRIENDS, *(one for one in rng.sample(likely, _MORE_FRIENDS) if one not in strangers)]
        for at, friend in enumerate(friends):
            _tie(server, OWNER, friend, now - timedelta(days=11 + at * 9, hours=at * 7 % 24))
        server.execute("DELETE FROM mail")
        set_clock(now)


def spam_ring() -> list[Address]:
    """The addresses of those who ask with one note."""
    document = json.loads(resource("community/residents.json").read_text("utf-8"))
    return [Address(one["address"]) for one in document["residents"] if one["address"].endswith("@fast-profit.example")]


def _settle(server: Server, at: int, one: dict[str, Any], now: datetime) -> None:
    """Give a resident an account, a profile, a picture and audiences."""
    address = Address(one["address"])
    server.register(address, one["name"], made_at=now - timedelta(days=one["days"]), resident=True)
    picture = resource(f"community/pictures/{at:03}.png").read_bytes() if one["picture"] else b""
    profile = Profile(
        name=one["name"], headline=one["headline"], about=one["about"], organisation=one["organisation"], location=one["location"],
        interests=tuple(one["interests"]), picture=picture, email=str(address),
    )  # fmt: skip
    open_fields = dict.fromkeys(DEFAULT_FIELDS, Audience.EVERYONE) | {"email": Audience.CONNECTIONS, "phone": Audience.NOBODY}
    privacy = Privacy(know_mutuals=bool(one["shares"]), topics=DEFAULT_TOPICS, fields=open_fields, confirmed=True)
    server.publish(address, profile, privacy.as_dict(), ())
    server.execute("UPDATE member SET shares = ? WHERE address = ?", int(one["shares"]), address)


def _tie(server: Server, one: str, other: str, since: datetime) -> None:
    for follower, followed in ((one, other), (other, one)):
        server.execute("INSERT OR IGNORE INTO tie (follower, followed, since) VALUES (?, ?, ?)", follower, followed, to_ms(since))
