"""Servers and strangers that mean harm: nothing secret is said, nothing spoofed counts, the session goes on."""

import asyncio
import random
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.builders import TestClock
from tests.servers.hostile import DOMAIN, PASSWORD, USER, Hostile, Plan

from netdesk.domain import events, orders
from netdesk.domain.errors import Offline
from netdesk.domain.orders import OrderId
from netdesk.domain.people import AccountId, Address
from netdesk.networks.xmpp.network import XmppNetwork
from netdesk.networks.xmpp.settings import DIRECT, STARTTLS, Memory, Settings
from netdesk.networks.xmpp.signin import sign_in
from netdesk.networks.xmpp.stream import DEPTH_LIMIT, STANZA_LIMIT

ME = Address(f"{USER}@{DOMAIN}")
PUSH = "<iq type='set' id='p1' {0}><query xmlns='jabber:iq:roster'><item jid='evil@evil.example' subscription='both'/></query></iq>"
REQUEST = "<presence type='subscribe' from='{0}'><status>hello</status></presence>"


def run(job: Callable[[], Awaitable[None]]) -> None:
    """Run a test that is a coroutine."""
    asyncio.run(job())  # type: ignore[arg-type]


def settings(server: Hostile) -> Settings:
    return Settings("127.0.0.1", server.port, DIRECT if server.plan.direct_tls else STARTTLS, str(server.ca_file))


async def reason_of(server: Hostile, memory: Memory | None = None) -> str:
    """Why signing in fails; empty when it does not."""
    try:
        line = await sign_in(ME, settings(server), PASSWORD, memory or Memory())
    except Offline as error:
        return error.reason
    await line.leave()
    return ""


@pytest.mark.parametrize("direct", [False, True])
def test_an_honest_server_is_signed_in_to(tmp_path: Path, direct: bool) -> None:
    async def job() -> None:
        memory = Memory()
        async with Hostile(tmp_path, Plan(direct_tls=direct)) as server:
            assert await reason_of(server, memory) == ""
        assert memory.mechanism == "SCRAM-SHA-1" and len(memory.key) == 64

    run(job)


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (Plan(offer_tls=False), "not encrypted"),
        (Plan(offer_tls=False, skip_sasl=True), "not encrypted"),
        (Plan(skip_sasl=True), "no sign-in"),
        (Plan(direct_tls=True, skip_sasl=True), "no sign-in"),
        (Plan(mechanisms=("PLAIN",)), "weak sign-in"),
        (Plan(mechanisms=("DIGEST-MD5", "CRAM-MD5", "ANONYMOUS", "PLAIN")), "weak sign-in"),
        (Plan(certificate="wrong host"), "certificate"),
        (Plan(certificate="unknown"), "certificate"),
        (Plan(certificate="expired"), "certificate"),
        (Plan(direct_tls=True, certificate="wrong host"), "certificate"),
        (Plan(direct_tls=True, certificate="unknown"), "certificate"),
        (Plan(before_header="<!DOCTYPE lol [<!ENTITY a 'aaaaaaaa'>]>"), "not XMPP"),
        (Plan(direct_tls=True, before_header="<!DOCTYPE lol [<!ENTITY a 'aaaaaaaa'>]>"), "not XMPP"),
    ],
)
def test_a_server_that_cannot_be_trusted_gets_nothing(tmp_path: Path, plan: Plan, reason: str) -> None:
    async def job() -> None:
        async with Hostile(tmp_path, plan) as server:
            assert await reason_of(server) == reason
            assert not server.signed_in.is_set()
            assert b"<auth" not in server.heard and b"<iq" not in server.heard and b"<presence" not in server.heard
            assert PASSWORD.encode() not in server.heard

    run(job)


@pytest.mark.parametrize("plan", [Plan(rounds=1), Plan(rounds=5_000_000), Plan(lie_about_proof=True)])
def test_a_server_that_does_not_prove_itself_is_left(tmp_path: Path, plan: Plan) -> None:
    async def job() -> None:
        async with Hostile(tmp_path, plan) as server:
            assert await reason_of(server) != ""
            assert not server.signed_in.is_set()

    run(job)


def test_never_weaker_than_last_time(tmp_path: Path) -> None:
    async def job() -> None:
        async with Hostile(tmp_path, Plan()) as server:
            assert await reason_of(server, Memory(mechanism="SCRAM-SHA-256")) == "weak sign-in"
            assert b"<auth" not in server.heard

    run(job)


def test_another_key_waits_for_the_owners_word(tmp_path: Path) -> None:
    async def job() -> None:
        memory = Memory()
        async with Hostile(tmp_path / "one", Plan()) as server:
            assert await reason_of(server, memory) == ""
        async with Hostile(tmp_path / "two", Plan()) as server:
            assert await reason_of(server, memory) == "certificate changed"
            assert b"<auth" not in server.heard
            assert memory.new_key and memory.new_key != memory.key
            memory.key, memory.new_key = memory.new_key, ""
            assert await reason_of(server, memory) == ""

    run(job)


def test_a_new_key_that_is_trusted_is_taken_and_remembered(tmp_path: Path) -> None:
    async def password() -> str:
        return PASSWORD

    async def job() -> None:
        said: list[Any] = []
        kept: list[dict[str, object]] = []
        async with Hostile(tmp_path, Plan()) as server:
            network = XmppNetwork(
                AccountId(1), ME, settings(server), password, TestClock(), Memory(key="another"), lambda one: kept.append(one.as_dict())
            )
            await network.start(lambda delivery: said.extend(delivery.events))
            with pytest.raises(Offline):
                await network.exchange()
            assert [one.reason for one in said if isinstance(one, events.WentOffline)] == ["certificate changed"]
            assert kept[-1]["key"] == "another" and kept[-1]["new_key"]
            await network.trust_new_key()
            async with asyncio.timeout(10):
                while not any(isinstance(one, events.WentOnline) for one in said):
                    await asyncio.sleep(0.02)
            await network.stop()
            assert kept[-1]["key"] not in ("another", "") and kept[-1]["new_key"] == ""

    run(job)


class Live:
    """A session with a scripted server."""

    def __init__(self, server: Hostile) -> None:
        self.server = server
        self.said: list[Any] = []
        self.network: Any = None

    async def still_there(self) -> None:
        """The session stands: what was sent before has been taken."""
        assert self.network._session is not None, "the session stands"
        await self.network.exchange()

    def seen(self, kind: type) -> list[Any]:
        return [one for one in self.said if isinstance(one, kind)]


@asynccontextmanager
async def live(folder: Path, plan: Plan | None = None) -> AsyncIterator[Live]:
    async def password() -> str:
        return PASSWORD

    async with Hostile(folder, plan or Plan()) as server:
        here = Live(server)
        here.network = XmppNetwork(AccountId(1), ME, settings(server), password, TestClock())
        await here.network.start(lambda delivery: here.said.extend(delivery.events))
        await here.network.exchange()
        here.said.clear()
        server.stanzas.clear()
        try:
            yield here
        finally:
            await here.network.stop()


def test_what_was_said_before_encryption_does_not_count(tmp_path: Path) -> None:
    plan = Plan(with_proceed=PUSH.format("") + REQUEST.format("evil@evil.example"))

    async def job() -> None:
        async with live(tmp_path, plan) as here:
            await here.still_there()
            assert not here.seen(events.RequestsArrived) and "evil" not in repr(here.said)
            assert here.network._session is not None and not here.network._session.roster.ties()

    run(job)


SPOOFERS = (
    "evil@evil.example",
    "friend@x.example",
    "friend@x.example/phone",
    DOMAIN,
    f"{USER}@{DOMAIN}/phone",
    f"{USER}@{DOMAIN}.evil",
    f"{USER}@server.exampIe",
)


@pytest.mark.parametrize("sender", SPOOFERS)
def test_what_is_mine_changes_only_by_my_own_server(tmp_path: Path, sender: str) -> None:
    async def job() -> None:
        async with live(tmp_path, Plan(roster="<item jid='friend@x.example' subscription='both'/>")) as here:
            before = here.network._session.roster.ties()
            asked = len(here.server.stanzas)
            here.server.say(PUSH.format(f"from='{sender}'"))
            here.server.say(
                f"<iq type='set' id='b' from='{sender}'><block xmlns='urn:xmpp:blocking'><item jid='friend@x.example'/></block></iq>"
            )
            here.server.say(f"<iq type='set' id='u' from='{sender}'><unblock xmlns='urn:xmpp:blocking'/></iq>")
            await here.still_there()
            assert here.network._session.roster.ties() == before
            assert not here.seen(events.TiesChanged) and not here.seen(events.ServerKnows)
            refused = [one for one in here.server.stanzas[asked:] if one.get("type") == "error"]
            assert len(refused) == 3

    run(job)


def test_a_push_of_my_own_server_counts(tmp_path: Path) -> None:
    """The test above can fail."""

    async def job() -> None:
        async with live(tmp_path) as here:
            here.server.say(PUSH.format(""))
            here.server.say(PUSH.format(f"from='{ME}'").replace("evil@", "other@"))
            await here.still_there()
            assert [one.ties[0].address for one in here.seen(events.TiesChanged)] == ["evil@evil.example", "other@evil.example"]

    run(job)


@pytest.mark.parametrize("sender", ["evil@evil.example", f"{USER}@{DOMAIN}.evil", "friend@x.example"])
def test_an_answer_counts_only_from_whom_it_was_asked_of(tmp_path: Path, sender: str) -> None:
    spoofed: list[str] = []

    def answer(stanza: Any) -> str | None:
        if stanza.get("type") == "get" and stanza.find("{urn:xmpp:blocking}blocklist") is not None:
            number = stanza.get("id")
            spoofed.append(number)
            items = "<item jid='friend@x.example'/>"
            return f"<iq type='result' id='{number}' from='{sender}'><blocklist xmlns='urn:xmpp:blocking'>{items}</blocklist></iq>" + (
                f"<iq type='result' id='{number}'><blocklist xmlns='urn:xmpp:blocking'/></iq>"
            )
        return None

    async def job() -> None:
        async with live(tmp_path, Plan(answer=answer)) as here:
            assert spoofed and here.network._session.blocked == frozenset()

    run(job)


QUESTIONS = (
    "<query xmlns='jabber:iq:version'/>", "<query xmlns='http://jabber.org/protocol/disco#info'/>", "<ping xmlns='urn:xmpp:ping'/>",
    "<vCard xmlns='vcard-temp'/>",
)  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_stranger_learns_nothing(tmp_path: Path, question: str) -> None:
    async def job() -> None:
        async with live(tmp_path) as here:
            here.server.say(f"<iq type='get' id='q' from='stranger@x.example/a'>{question}</iq>")
            await here.still_there()
            answer = next(one for one in here.server.stanzas if one.get("id") == "q")
            conditions = [child.tag for child in answer.iter() if "xmpp-stanzas" in child.tag]
            assert answer.get("type") == "error" and conditions == ["{urn:ietf:params:xml:ns:xmpp-stanzas}service-unavailable"]
            assert "NetDesk" not in repr(here.server.heard.split(b"id='q'")[-1])

    run(job)


def test_a_published_event_counts_only_of_those_i_follow(tmp_path: Path) -> None:
    event = (
        "<message from='{0}'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:vcard4'>"
        "<item><vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'/></item></items></event></message>"
    )

    async def job() -> None:
        async with live(tmp_path, Plan(roster="<item jid='friend@x.example' subscription='to'/>")) as here:
            here.server.say(event.format("stranger@x.example") + event.format(f"{ME}"))
            await here.still_there()
            assert not [one for one in here.server.stanzas if one.get("to") in ("stranger@x.example", str(ME))]
            here.server.say(event.format("friend@x.example"))
            await here.still_there()
            assert [one for one in here.server.stanzas if one.get("to") == "friend@x.example"], "a friend's is looked at"

    run(job)


def test_a_request_from_an_address_that_cannot_be_read_is_shown_and_can_be_declined(tmp_path: Path) -> None:
    strange = "o&apos;neil&amp;co@evil.example"

    async def job() -> None:
        async with live(tmp_path) as here:
            here.server.say(f"<presence type='subscribe' from='{strange}/x'/><presence type='subscribe' from='gateway.example'/>")
            await here.still_there()
            waiting = here.seen(events.UnreadableWait)[-1].senders
            assert waiting == ("gateway.example", "o'neil&co@evil.example")
            await here.network.tell(OrderId("1"), orders.DeclineUnreadable(("o'neil&co@evil.example", "nobody@asked.example")))
            said = [(one.get("type"), one.get("to")) for one in here.server.stanzas if one.tag.endswith("presence") and one.get("to")]
            assert said == [("unsubscribed", "o'neil&co@evil.example")]
            assert here.seen(events.UnreadableWait)[-1].senders == ("gateway.example",)
            here.server.say("<presence type='unsubscribe' from='gateway.example'/>")
            await here.still_there()
            assert here.seen(events.UnreadableWait)[-1].senders == ()

    run(job)


@pytest.mark.parametrize(("vouches", "told"), [(True, (datetime(2026, 11, 1, tzinfo=UTC), 35)), (False, (None, None))])
def test_what_a_server_says_of_an_account_counts_only_when_it_is_the_server(tmp_path: Path, vouches: bool, told: object) -> None:
    """XEP-0489: an account could put it there itself where its server does not."""
    info = "<info xmlns='urn:xmpp:raa:0' affiliation='registered' since='2026-11-01T00:00:00Z' trust='35'/>"

    def answer(stanza: ET.Element) -> str | None:
        payload = next(iter(stanza), None)
        if payload is not None and payload.tag.endswith("disco#info}query") and stanza.get("to") == "x.example":
            feature = "<feature var='urn:xmpp:raa:0#embed-presence-sub'/>" if vouches else ""
            query = f"<query xmlns='http://jabber.org/protocol/disco#info'>{feature}</query>"
            return f"<iq type='result' id='{stanza.get('id')}' from='x.example'>{query}</iq>"
        return None

    async def job() -> None:
        async with live(tmp_path, Plan(answer=answer)) as here:
            here.server.say(f"<presence type='subscribe' from='ann@x.example'><status>hello</status>{info}</presence>")
            await here.still_there()
            last = here.seen(events.RequestsArrived)[-1].requests[0]
            assert (last.known_since, last.trust) == told

    run(job)


def test_addresses_that_cannot_be_read_hurt_nobody(tmp_path: Path) -> None:
    async def job() -> None:
        async with live(tmp_path) as here:
            for sender in (
                "bob@b.example/🦄",
                "🦄@evil.example",
                "a b@c.example",
                "@x.example",
                "x@",
                "",
                "a@b@c",
                "x" * 3_000 + "@y.example",
            ):
                here.server.say(REQUEST.format(sender))
                here.server.say(f"<iq type='get' id='e' from='{sender}'><ping xmlns='urn:xmpp:ping'/></iq>")
            here.server.say(REQUEST.format("good@x.example"))
            await here.still_there()
            assert "good@x.example" in [one.address for event in here.seen(events.RequestsArrived) for one in event.requests]

    run(job)


def test_ten_thousand_malformed_stanzas(tmp_path: Path) -> None:
    pieces = (
        "<presence/>", "<presence type='subscribe'/>", "<presence type='unsubscribed' from='x@y.example'/>", "<message/>", "<iq/>",
        "<iq type='get'/>", "<iq type='set' id=''/>", "<iq type='result' id='nothing'/>", "<iq type='error' id='x'/>",
        "<message from='a@b.example'><event xmlns='http://jabber.org/protocol/pubsub#event'/></message>",
        "<message from='a@b.example'><event xmlns='http://jabber.org/protocol/pubsub#event'><items/></event></message>",
        "<message from='a@b.example'><introduction xmlns='urn:netdesk:0' is='made'/></message>",
        "<iq type='set' id='1'><query xmlns='jabber:iq:roster'/></iq>", "<iq type='set' id='2'><query xmlns='jabber:iq:roster'><item/></query></iq>",
        "<iq type='set' id='3'><query xmlns='jabber:iq:roster'><item jid='@' subscription='wrong'/></query></iq>",
        "<presence type='subscribe' from='a@b.example'><status/><nick xmlns='http://jabber.org/protocol/nick'/></presence>",
        "<unknown xmlns='nobody:knows'/>", "<presence xmlns='other:ns' type='subscribe' from='a@b.example'/>", " \n ",
        "<presence type='error' from='a@b.example'><error/></presence>", "<message type='error' from='a@b.example'/>",
    )  # fmt: skip

    async def job() -> None:
        dice = random.Random(7)
        async with live(tmp_path) as here:
            here.server.say("".join(dice.choice(pieces) for _ in range(10_000)))
            await here.still_there()
            here.server.say(REQUEST.format("good@x.example"))
            await here.still_there()
            assert any(one.address == "good@x.example" for event in here.seen(events.RequestsArrived) for one in event.requests)

    run(job)


@pytest.mark.parametrize(
    "flood",
    [
        f"<message from='a@b.example'><body>{'x' * (STANZA_LIMIT + 10)}</body></message>",
        f"<message from='a@b.example'>{'<a>' * (DEPTH_LIMIT + 1)}{'</a>' * (DEPTH_LIMIT + 1)}</message>",
        "<message from='a@b.example'><body>" + "x" * (STANZA_LIMIT + 10),
        "<presence",
        "</wrong>",
    ],
    ids=["oversize", "deep", "endless", "dripping", "malformed"],
)
def test_too_much_ends_the_connection_and_nothing_else(tmp_path: Path, flood: str) -> None:
    async def job() -> None:
        async with live(tmp_path) as here:
            here.server.say(flood)
            await asyncio.sleep(0.2)
            if flood == "<presence":
                return  # a stanza that never ends keeps the session waiting, no more
            assert here.seen(events.WentOffline) and here.seen(events.WentOffline)[0].reason in ("too much", "not XMPP")
            assert b"Server sent" not in here.server.heard, "what could not be read is not sent back"

    run(job)


def test_nothing_is_told_before_it_is_known_what_waits(tmp_path: Path) -> None:
    """An answer told in the middle of a login would be refused for good: the request that it answers has not come yet."""

    async def job() -> None:
        async def password() -> str:
            return PASSWORD

        def answer(stanza: ET.Element) -> str | None:
            if stanza.tag == "{jabber:client}presence" and not stanza.get("to"):
                return REQUEST.format("ann@x.example")
            return None

        async with Hostile(tmp_path, Plan(answer=answer)) as server:
            said: list[Any] = []
            network = XmppNetwork(AccountId(1), ME, settings(server), password, TestClock())
            await network.start(lambda delivery: said.extend(delivery.events))
            refused = 0
            async with asyncio.timeout(10):
                while not any(isinstance(one, events.WentOnline) for one in said):
                    try:
                        await network.tell(OrderId("1"), orders.Accept(Address("ann@x.example")))
                    except Offline:
                        refused += 1
                    await asyncio.sleep(0)
            assert refused > 10 and not [one for one in said if isinstance(one, events.OrderRefused)]
            await network.stop()

    run(job)


def test_a_session_is_not_taken_up_unasked(tmp_path: Path) -> None:
    """Promises that nobody asked for, and counts of what was never said."""
    unasked = (
        "<enabled xmlns='urn:xmpp:sm:3' id='x' resume='true'/><resumed xmlns='urn:xmpp:sm:3' h='0' previd='x'/>"
        "<a xmlns='urn:xmpp:sm:3' h='99'/><r xmlns='urn:xmpp:sm:3'/><failed xmlns='urn:xmpp:sm:3'/>"
    )

    async def job() -> None:
        async with live(tmp_path) as here:
            here.server.say(unasked)
            await here.still_there()
            assert not here.network._session.line.may_go_on
            assert b"urn:xmpp:sm:3" not in here.server.heard

    run(job)


@pytest.mark.parametrize("woken", [False, True])
def test_a_server_that_has_gone_silent_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, woken: bool) -> None:
    """The connection stands as far as TCP knows; nobody answers any more."""
    monkeypatch.setattr("netdesk.networks.xmpp.network.PING_EVERY", 1_000.0 if woken else 0.1)
    monkeypatch.setattr("netdesk.networks.xmpp.network._ANSWERS_WITHIN", 0.2)
    silent = {"now": False}

    async def job() -> None:
        async with live(tmp_path, Plan(answer=lambda _stanza: "" if silent["now"] else None)) as here:
            here.network.try_now()
            await asyncio.sleep(0.5)
            assert not here.seen(events.WentOffline), "one that answers is left in peace"
            silent["now"] = True
            if woken:
                here.network.try_now()
            async with asyncio.timeout(5):
                while not here.seen(events.WentOffline):
                    await asyncio.sleep(0.05)

    run(job)
