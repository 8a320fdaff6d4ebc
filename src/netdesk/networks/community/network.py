"""The community as a network: what happens on the server becomes events, orders become acts."""

import asyncio
import contextlib
import json
import logging
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from netdesk.domain import events
from netdesk.domain.directory import Entry
from netdesk.domain.errors import NetDeskError, Offline, StorageTrouble
from netdesk.domain.events import ArrivedRequest, Delivery, Event, ListedPerson
from netdesk.domain.orders import Order, OrderId
from netdesk.domain.people import AccountId, Address, Profile, Relation, Tie
from netdesk.domain.rules.visibility import profile_for
from netdesk.networks.community.acts import carry_out
from netdesk.networks.community.life import Life
from netdesk.networks.community.server import Clock, Mail, Server
from netdesk.networks.port import Capabilities, Deliver

log = logging.getLogger(__name__)

PART: Final = 500
_POLL: Final = 0.4
_LIFE: Final = 1.0
_BACK_OFF: Final = (1.0, 2.0, 5.0, 10.0, 30.0)


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


@contextlib.contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Offline("unreachable") from error


class CommunityNetwork:
    """One account on a community file. `cursor` is the last mail that the desk has taken for good."""

    capabilities = Capabilities(remembers_ignored=False)  # one desk holds an account

    def __init__(self, account: AccountId, address: Address, path: Path, cursor: int, clock: Clock) -> None:
        self._account = account
        self._address = address
        self._path = path
        self._cursor = cursor
        self._clock = clock
        self._server: Server | None = None
        self._life: Life | None = None
        self._deliver: Deliver = lambda _delivery: None
        self._task: asyncio.Task[None] | None = None

    async def start(self, deliver: Deliver) -> None:
        """Go online and stay so until `stop`."""
        self._deliver = deliver
        self._task = asyncio.create_task(self._stay())

    async def stop(self) -> None:
        """Go offline and let go of everything."""
        self._deliver = lambda _delivery: None
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        self._leave()

    async def tell(self, number: OrderId, order: Order) -> None:
        """Tell the server; see the port."""
        server = self._standing()
        with _reaching():
            outcome = carry_out(server, self._address, number, order)
        now = self._clock()
        if outcome.refused:
            self._say(events.OrderRefused(number, outcome.refused, None, now))
        else:
            self._say(events.OrderConfirmed(number, now))

    async def look_at(self, address: Address) -> None:
        """Read a profile; see the port."""
        server = self._standing()
        with _reaching():
            for event in self._looked(server, address):
                self._say(event)

    contacts: tuple[str, ...] = ()

    async def look_up(self, words: str) -> tuple[Entry, ...]:
        """Members whose name everyone may see; see the port."""
        server = self._standing()
        with _reaching():
            return tuple(Entry(Address(address), name) for address, name in server.look_up(self._address, words))

    async def seen_by(self, relation: Relation) -> Profile:
        """From the community's file; see the port."""
        server = self._standing()
        with _reaching():
            privacy, profile, _ = server.privacy_of(self._address)
            return profile_for(profile, privacy, relation)

    async def look_again(self) -> None:
        """Say again what the server holds; see the port."""
        server = self._standing()
        with _reaching():
            self._tell_all(server)

    def try_now(self) -> None:
        """A file is tried often enough by itself."""

    async def exchange(self) -> int:
        """Take what waits now; see the port."""
        server = self._standing()
        with _reaching():
            if self._life is not None:
                self._life.live()
            return self._take_mail(server)

    async def live_for(self, time: timedelta) -> None:
        """Let the residents live for so long of their own time, if this is the sample community."""
        self._standing()
        if self._life is not None:
            with _reaching():
                self._life.live(time)

    def _standing(self) -> Server:
        if self._server is None:
            raise Offline("not online")
        return self._server

    def _say(self, *said: Event, cursor: int | None = None) -> None:
        self._deliver(Delivery(self._account, said, cursor))

    async def _stay(self) -> None:
        failures = 0
        while True:
            try:
                self._arrive()
                failures = 0
                await self._watch()
            except (NetDeskError, sqlite3.Error) as error:
                log.info("the community cannot be reached: %s", type(error).__name__)
                self._gone(error.reason if isinstance(error, StorageTrouble) else "unreachable")
                await asyncio.sleep(_BACK_OFF[min(failures, len(_BACK_OFF) - 1)])
                failures += 1
            except Exception:
                # the loop's own handler (house.md §9): what a member has put there must not keep others offline in silence
                log.exception("the session broke")
                self._gone("unreachable")
                await asyncio.sleep(_BACK_OFF[min(failures, len(_BACK_OFF) - 1)])
                failures += 1

    def _gone(self, reason: str) -> None:
        self._leave()
        self._say(events.WentOffline(reason))

    def _arrive(self) -> None:
        self._server = server = Server(self._path, self._clock)
        if not server.knows(self._address):
            raise StorageTrouble("no such account", detail=self._address)
        if Life.lives_in(server):
            self._life = Life(server)
        server.forget_mail(self._address, self._cursor)
        self._say(events.WentOnline())
        self._tell_all(server)
        self._take_mail(server)

    def _tell_all(self, server: Server) -> None:
        """All that the server holds for this member, in parts of at most 500."""
        now = self._clock()
        ties = server.ties_of(self._address)
        self._say(events.TiesChanged(tuple(self._tie(server, Address(other), ties) for other in sorted(ties)), complete=True, at=now))
        waiting = server.waiting_for(self._address)
        profiles = [event for other in (*sorted(ties), *waiting) for event in self._looked(server, Address(other))]
        for at in range(0, len(profiles), PART):
            self._say(*profiles[at : at + PART])
        for part in self._parts_of_lists(server, sorted(ties)):
            self._say(part)
        for at in range(0, len(waiting), PART):
            arrived = [request for sender in waiting[at : at + PART] for request in self._request(server, Address(sender))]
            self._say(events.RequestsArrived(tuple(arrived), snapshot=True))
        asked, blocked = server.asked_by(self._address), server.blocked_by(self._address)
        known = events.ServerKnows(frozenset(map(Address, waiting)), frozenset(map(Address, asked)), frozenset(blocked), now)
        self._say(known)

    def _parts_of_lists(self, server: Server, owners: list[str]) -> Iterator[Event]:
        for owner in owners:
            yield from self._list(server, Address(owner))

    async def _watch(self) -> None:
        server = self._standing()
        last_life = 0.0
        loop = asyncio.get_running_loop()
        while True:
            if self._life is not None and loop.time() - last_life >= _LIFE:
                last_life = loop.time()
                self._life.live()
            self._take_mail(server)
            await asyncio.sleep(_POLL)

    def _leave(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None
        self._life = None

    def _take_mail(self, server: Server) -> int:
        taken = 0
        while mails := server.mail_after(self._address, self._cursor, PART):
            said = [event for mail in self._latest_of_each(mails) for event in self._events(server, mail)]
            self._cursor = mails[-1].id
            self._say(*said, cursor=self._cursor)
            taken += len(said)
        return taken

    @staticmethod
    def _latest_of_each(mails: list[Mail]) -> list[Mail]:
        """Lists, profiles and ties are read as they stand now: of several words about the same one, the last is enough."""
        last = {(mail.kind, json.dumps(mail.body, sort_keys=True)): mail.id for mail in mails if mail.kind in {"list", "profile", "tie"}}
        return [mail for mail in mails if last.get((mail.kind, json.dumps(mail.body, sort_keys=True)), mail.id) == mail.id]

    def _events(self, server: Server, mail: Mail) -> Iterator[Event]:
        body, at = mail.body, _instant(mail.at)
        other = Address(body.get("address", ""))
        match mail.kind:
            case "request":
                found = tuple(one for one in self._request(server, other) if one.arrived_at == _instant(body["at"]))
                if found:  # else it was taken back meanwhile; the mail behind this one tells
                    yield from self._looked(server, other)
                    yield events.RequestsArrived(found)
            case "follow up":
                yield events.FollowUpArrived(other, body["note"], at)
            case "withdrawn":
                yield events.RequestsWithdrawn((other,), at, _instant(body["asked_at"]))
            case "answered":
                yield events.RequestAnswered(other, body["answer"], at)
            case "tie":
                yield events.TiesChanged((self._tie(server, other, server.ties_of(self._address)),), complete=False, at=at)
                yield from self._looked(server, other)
            case "profile":
                yield from self._looked(server, other)
            case "list":
                yield from self._list(server, Address(body["owner"]))
            case "try":
                yield events.TriesCounted(body["target"], at)
            case "introduction asked":
                yield events.IntroductionAsked(Address(body["who"]), Address(body["whom"]), body["note"], at)
            case "introduction":
                yield events.IntroductionArrived(Address(body["via"]), Address(body["who"]), body["name"], body["note"], at)
            case "introduction answered":
                yield events.IntroductionAnswered(Address(body["via"]), Address(body["whom"]), body["made"], at)
            case "engaged":
                yield events.Engaged(other, body["what"], at)
            case kind:
                log.warning("mail of an unknown kind: %s", kind)

    def _tie(self, server: Server, other: Address, ties: Mapping[str, tuple[bool, bool, int]]) -> Tie:
        i_follow, follows_me, since = ties.get(other, (False, False, 0))
        profile = server.look(self._address, other)
        return Tie(other, profile.name if profile else "", i_follow, follows_me, _instant(since) if since else None)

    def _looked(self, server: Server, other: Address) -> Iterator[Event]:
        profile = server.look(self._address, other)
        if profile is not None:
            made = server.made_at(other)
            yield events.ProfileArrived(other, profile, _instant(made) if made is not None else None)

    def _request(self, server: Server, sender: Address) -> Iterator[ArrivedRequest]:
        row = server.execute(
            "SELECT note, token, at FROM request WHERE sender = ? AND recipient = ? AND shadow = 0", sender, self._address
        ).fetchone()
        if row is not None:
            profile = server.look(self._address, sender)
            made = server.made_at(sender)
            yield ArrivedRequest(
                address=sender, name=profile.name if profile else "", note=row[0], token=row[1], arrived_at=_instant(row[2]),
                headline=profile.headline if profile else "", known_since=_instant(made) if made is not None else None,
            )  # fmt: skip

    def _list(self, server: Server, owner: Address) -> Iterator[Event]:
        listed = server.shared_list(self._address, owner)
        if listed is None:
            yield events.ListGone(owner)
            return
        people = []
        for address in listed:
            profile = server.look(self._address, address)
            people.append(ListedPerson(Address(address), profile.name if profile else "", profile.headline if profile else ""))
        parts = max(1, -(-len(people) // PART))
        for part in range(parts):
            yield events.ListArrived(owner, tuple(people[part * PART : (part + 1) * PART]), part + 1, parts)
