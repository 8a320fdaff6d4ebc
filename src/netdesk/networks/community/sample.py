"""The sample community: 200 residents from resources/community/, their ties, and what the owner of the sample finds waiting."""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from netdesk.domain import orders
from netdesk.domain.people import Address, Profile
from netdesk.domain.privacy import DEFAULT_FIELDS, DEFAULT_TOPICS, Audience, Privacy
from netdesk.networks.community.acts import perform
from netdesk.networks.community.life import Life
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
_SPAM_NOTE: Final = "Hello dear, big profit waiting for you, guaranteed income every week. Write me now on t.me/fastprofit and start today."

# Who asks the owner before the sample opens: hours ago, address, note.
STORY: Final = (
    (30 * 24, "layla@care.example", "Ines and I train midwives in Amman. We would love to use your cold chain checklist."),
    (2.0, "amara@care.example", "We met at the vaccine logistics workshop in Accra. I'd love to swap notes on cold chain training: I run the night-shift "
     "programme with Kofi, and we are starting a second one in Ibadan."),
    (5.0, "jonas@fjordkraft.example", "Hi! Your post on open tariff data helped us a lot. May I ask you about the logistics side of it?"),
    (22.0, "meiling@ux.example", ""),
    (26.0, "r.delgado@northwind.example", "I am recruiting for a public health data role; could we talk next week?"),
    (31.0, "tomas@old.example", ""),
    (40.0, "grace@baridi.example", "You are our client for the Mombasa shipments. Kofi suggested that I write to you directly about the new cold chain boxes."),
    (47.0, "daniel.osei@uni.example", "I finished my degree in public health in June and I am looking for a first job. Any advice is welcome."),
    (52.0, "priya@health.example", "Omar Haddad gave me your name. Our cold chain training starts in January, and your checklist is the best I have read."),
    (9.0, "kofi.rnensah@care.example", "Hi it's Kofi, I lost my old account, please add me again."),
)  # fmt: skip


def build(server: Server, set_clock: Callable[[datetime], None], now: datetime) -> None:
    """Fill an empty community file. `set_clock` moves the server's clock, so that everything bears the time at which it happened."""
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
        asked = {address for _, address, _ in STORY} | {"hana@lab.example", "luis@revista.example", "elif@koro.example"}
        friends = [*_FRIENDS, *(one for one in rng.sample(likely, _MORE_FRIENDS) if one not in asked)]
        for at, friend in enumerate(friends):
            _tie(server, OWNER, friend, now - timedelta(days=11 + at * 9, hours=at * 7 % 24))
        server.execute("DELETE FROM mail")
        spam = [one["address"] for one in people if one["address"].endswith("@fast-profit.example")]
        story = [*STORY, *((3.0 - at / 20, address, _SPAM_NOTE) for at, address in enumerate(spam))]
        for hours, address, note in sorted(story, key=lambda one: -one[0]):
            set_clock(now - timedelta(hours=hours))
            perform(server, address, orders.Ask(OWNER, note))
        set_clock(now)
        Life.begin(server, OWNER, SEED)


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
