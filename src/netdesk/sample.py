"""The sample desk: Nadia's, on the sample community, with what has happened in her last month."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from netdesk.desk import COMMUNITY, COMMUNITY_FILE, Desk
from netdesk.domain import orders
from netdesk.domain.errors import Refused
from netdesk.domain.people import Account, Address
from netdesk.domain.privacy import Audience
from netdesk.domain.requests import Answer, IncomingQuery
from netdesk.networks.community import life
from netdesk.networks.community.acts import perform
from netdesk.networks.community.life import Life
from netdesk.networks.community.network import CommunityNetwork
from netdesk.networks.community.sample import OWNER, OWNER_PROFILE, SEED, SPAM_NOTE, build, spam_ring
from netdesk.networks.community.server import Server

Step = Callable[[], None]
STEP: Final = timedelta(hours=3)
PACES: Final = tuple(life.PACES)

# What people ask Nadia: hours before the sample opens, address, note.
ASKED: Final = (
    (700.0, "layla@care.example", "Ines and I train midwives in Amman. We would love to use your cold chain checklist."),
    (2.0, "amara@care.example", "We met at the vaccine logistics workshop in Accra. I'd love to swap notes on cold chain training: I run the night-shift "
     "programme with Kofi, and we are starting a second one in Ibadan."),
    (5.0, "jonas@fjordkraft.example", "Hi! Your post on open tariff data helped us a lot. May I ask you about the logistics side of it?"),
    (22.0, "meiling@ux.example", ""),
    (26.0, "r.delgado@northwind.example", "I am recruiting for a public health data role; could we talk next week?"),
    (31.0, "tomas@old.example", ""),
    (40.0, "grace@baridi.example", "You are our client for the Mombasa shipments. Kofi suggested that I write to you about the new cold chain boxes."),
    (47.0, "daniel.osei@uni.example", "I finished my degree in public health in June and I am looking for a first job. Any advice is welcome."),
    (52.0, "priya@health.example", "Omar Haddad gave me your name. Our cold chain training starts in January, and your checklist is the best I have read."),
    (9.0, "kofi.rnensah@care.example", "Hi it's Kofi, I lost my old account, please add me again."),
    (330.0, "emily.clarke@velo.example", "Hi, let's connect"),
    (290.0, "arjun.mehta@northwind.example", "I have an exciting opportunity for your company, can I send you a quote for our services?"),
)  # fmt: skip

# What Nadia asks: hours before, address, note, and what becomes of it (hours after; None while it waits).
ASKS: Final = (
    (27 * 24.0, "hana@lab.example", "Dear Hana, your talk on vaccine freezers changed how we plan our routes. Kofi and I would be glad to compare data.",
     "", None),
    (6 * 24.0 + 3, "luis@revista.example", "Sara Lund showed me your series on rural clinics. I have numbers on cold chain losses you may want to see.", "", None),
    (3.0, "elif@koro.example", "Obi says your choir network is the warmest in the Mediterranean. I sing alto and will be in Izmir in March.", "", None),
    (20 * 24.0, "aditi", "I read about your ward's vaccine fridge log. Could I see the template?", "accepted", 9.0),
    (18 * 24.0, "selam", "We both sing and both count vials. I would like to hear how you plan the week.", "accepted", 30.0),
    (16 * 24.0, "giorgos", "", "accepted", 50.0),
    (14 * 24.0, "zofia", "", "declined", 20.0),
    (11 * 24.0, "thiago", "Kofi told me about your cold chain maps. I would like to learn how you draw them.", "accepted", 4.0),
    (9 * 24.0, "noor", "", "withdrawn", 70.0),
)  # fmt: skip


def open_sample(folder: Path) -> Desk:
    """The sample desk in `folder`, made if it is not there; one whose making was cut off is made anew.

    Raises Refused when the folder holds a desk that is no sample.
    """
    desk = Desk(folder).open()
    try:
        if not desk.call(desk.do.accounts.setting, "sample", False):
            desk.call(_check_empty, desk)
            desk.call(_make, desk)
    except BaseException:
        desk.close()
        raise
    return desk


def _check_empty(desk: Desk) -> None:
    begun = desk.do.accounts.setting("sample begun", False)
    place = desk.folder / COMMUNITY_FILE
    if not begun and (desk.do.accounts.all() or place.exists()):
        raise Refused("not a sample", detail=str(desk.folder))
    desk.do.accounts.remember("sample begun", True)
    for account in desk.do.accounts.all():
        desk.do.accounts.remove(account.id)
    for suffix in ("", "-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)


def _make(desk: Desk) -> Account:
    """Fill an empty desk and its community with the sample's story, every step at the time at which it happened."""
    place = (desk.folder / COMMUNITY_FILE).resolve()
    opening = desk.clock()
    before = desk.clock.offset
    server = Server(place, desk.clock, make=True)
    strangers = frozenset({address for _, address, _ in ASKED} | {_full(server, address) for _, address, _, _, _ in ASKS})
    build(server, desk.clock.set, opening, strangers | _unsettled())
    account = desk.do.accounts.add(COMMUNITY, OWNER, str(place), OWNER_PROFILE.name, opening - timedelta(days=400))
    desk.do.profile.save(account.id, OWNER_PROFILE)
    privacy = replace(desk.do.privacy.choices(account.id), know_mutuals=True, confirmed=True)
    for name in ("about", "interests", "organisation", "location"):
        privacy = privacy.with_field(name, Audience.EVERYONE)
    desk.do.privacy.choose(account.id, privacy)
    asyncio.run(_play(desk, account, server, opening))
    desk.clock.offset = before
    Life.begin(server, OWNER, SEED)
    server.close()
    desk.do.accounts.remember("sample", True)
    return account


def _unsettled() -> frozenset[str]:
    return frozenset({"hana@lab.example", "luis@revista.example", "elif@koro.example"})


def _full(server: Server, start: str) -> str:
    """The address of the resident whose address begins so; the story names some only by their first name."""
    row = server.execute("SELECT address FROM member WHERE address LIKE ? ORDER BY address LIMIT 1", start + "%").fetchone()
    return str(row[0]) if row else start


async def _play(desk: Desk, account: Account, server: Server, opening: datetime) -> None:
    """Let the story happen, in the order of its times."""
    network = CommunityNetwork(account.id, account.address, server.path, 0, desk.clock)
    desk.clock.set(opening - timedelta(days=31))
    await network.start(lambda delivery: _ignore(desk.do.inbox.take(delivery)))
    await asyncio.sleep(0)
    await _exchange(desk, network)
    for hours, step in sorted(_steps(desk, account, server), key=lambda one: -one[0]):
        desk.clock.set(opening - timedelta(hours=hours))
        step()
        await _exchange(desk, network)
    await network.stop()
    desk.do.inbox.online.clear()


def _ignore(_changes: object) -> None:
    return None


async def _exchange(desk: Desk, network: CommunityNetwork) -> None:
    """Tell what is due, and take what comes, until it is quiet."""
    for _ in range(4):
        for one in desk.do.courier.go_round().to_tell:
            await network.tell(one.id, one.order)
        await network.exchange()


def _steps(desk: Desk, account: Account, server: Server) -> list[tuple[float, Step]]:
    found: list[tuple[float, Step]] = []
    for hours, address, note in ASKED:
        found.append((hours, _resident(server, address, orders.Ask(OWNER, note))))
    for at, address in enumerate(spam_ring()):
        found.append((3.0 - at / 20, _resident(server, address, orders.Ask(OWNER, SPAM_NOTE))))
    for hours, start, note, outcome, after in ASKS:
        found += _asks(desk, account, server, (hours, Address(_full(server, start)), note, outcome, after))
    found.append((690.0, lambda: _answer(desk, account, "layla@care.example", Answer.ACCEPT)))
    found.append((320.0, lambda: _answer(desk, account, "emily.clarke@velo.example", Answer.IGNORE)))
    found.append((280.0, lambda: _answer(desk, account, "arjun.mehta@northwind.example", Answer.DECLINE)))
    return found


def _resident(server: Server, address: str, order: orders.Order) -> Step:
    def step() -> None:
        with server.transaction():
            perform(server, _full(server, address), order)

    return step


def _asks(desk: Desk, account: Account, server: Server, one: tuple[float, Address, str, str, float | None]) -> list[tuple[float, Step]]:
    hours, address, note, outcome, after = one

    def ask() -> None:
        desk.do.sent.ask(account.id, address, note, at_once=True)

    def withdraw() -> None:
        desk.do.sent.withdraw([desk.do.sent.open_request_to(account.id, address).id], at_once=True)

    steps: list[tuple[float, Step]] = [(hours, ask)]
    if after is not None:
        answer: orders.Order = orders.Accept(OWNER) if outcome == "accepted" else orders.Decline(OWNER)
        steps.append((hours - after, withdraw if outcome == "withdrawn" else _resident(server, address, answer)))
    return steps


def _answer(desk: Desk, account: Account, address: str, answer: Answer) -> None:
    start = address.partition("@")[0]
    for row in desk.do.incoming.page(_everything(), 0, 100).rows:
        if row.account == account.id and row.address.startswith(start):
            desk.do.incoming.answer([row.id], answer, at_once=True)


def _everything() -> IncomingQuery:
    return IncomingQuery(place="review", order="newest")


def let_days_pass(desk: Desk, days: float) -> None:
    """Let so many days of community life pass: the residents act at their own times, the owner's desk takes what comes."""
    account = desk.call(desk.do.accounts.all)[0]
    desk.exchange(20)
    left = timedelta(days=days)
    while left > timedelta(0):
        step = min(STEP, left)
        left -= step
        desk.let_live(account.id, step)
        desk.exchange(20, quiet_rounds=1)
        desk.call(desk.do.accounts.remember, "clock offset", desk.clock.offset.total_seconds())


def set_pace(desk: Desk, pace: str) -> None:
    """How fast the residents live: stopped, calm, lively. On the store thread. Raises Refused on a desk that is no sample."""
    if not desk.do.accounts.setting("sample", False):
        raise Refused("not a sample", detail=str(desk.folder))
    for account in desk.do.accounts.all():
        server = Server(Path(account.place), desk.clock)
        if Life.lives_in(server):
            server.remember("pace", life.PACES[pace])
        server.close()
