"""What every network promises (networks/port.py); a network that joins runs this same file through its own `world` fixture.

The world has accounts of people on one or more servers; each can go online with a cursor, tell orders, and gives what was delivered.
"""

import asyncio
import json
import uuid
from typing import Any

import pytest
from tests.contract.worlds import Party, World

from netdesk.domain import events, orders
from netdesk.domain.directory import Entry
from netdesk.domain.errors import Refused
from netdesk.domain.orders import OrderId
from netdesk.domain.people import Address, Profile, Relation
from netdesk.domain.privacy import Audience, Privacy

NOTE = "We met at the workshop in Accra; may I ask about your maps?"


def number() -> OrderId:
    return OrderId(uuid.uuid4().hex)


async def connect(one: Party, other: Party) -> None:
    """Connect two people."""
    await one.does(orders.Ask(other.address, NOTE))
    await other.sees(events.RequestsArrived)
    await other.does(orders.Accept(one.address))
    await one.sees(events.RequestAnswered)
    await one.quiet()
    await other.quiet()
    one.said.clear()
    other.said.clear()


def published(profile: Profile, *, chosen: tuple[str, ...] = (), mutuals: bool = False, **fields: Audience) -> orders.PublishProfile:
    """The order that publishes a profile with these audiences."""
    privacy = Privacy(confirmed=True, know_mutuals=mutuals)
    for name, audience in fields.items():
        privacy = privacy.with_field(name, audience)
    values = {key: value for key, value in privacy.as_dict().items() if key in {"topics", "fields", "confirmed", "know_mutuals"}}
    return orders.PublishProfile(json.dumps(profile.as_dict()), json.dumps(values), chosen)


async def test_online_with_all_that_is_there(world: World) -> None:
    ann = await world.party("ann")
    kinds = [type(one) for one in await ann.quiet()]
    assert kinds[0] is events.WentOnline
    assert events.TiesChanged in kinds and events.ServerKnows in kinds
    assert next(one for one in ann.said if isinstance(one, events.TiesChanged)).complete


async def test_a_request_with_its_note_reaches_the_other(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    assert await ann.does(orders.Ask(ben.address, NOTE)) is events.OrderConfirmed
    arrived = (await ben.sees(events.RequestsArrived)).requests[0]
    assert (arrived.address, arrived.note) == (ann.address, NOTE)


@pytest.mark.parametrize(("order", "answer"), [(orders.Accept, "accepted"), (orders.Decline, "declined")])
async def test_answers_are_told(world: World, order: Any, answer: str) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await ann.does(orders.Ask(ben.address, NOTE))
    await ben.sees(events.RequestsArrived)
    await ben.does(order(ann.address))
    told = await ann.sees(events.RequestAnswered)
    assert (told.address, told.answer) == (ben.address, answer)
    await ann.quiet()
    assert ann.tie(ben.address) == ((True, True) if answer == "accepted" else (False, False))


async def test_one_way(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await ann.does(orders.Ask(ben.address, NOTE))
    await ben.sees(events.RequestsArrived)
    await ben.does(orders.LetFollow(ann.address))
    await ann.sees(events.RequestAnswered)
    await ben.quiet()
    assert ann.tie(ben.address) == (True, False)
    assert ben.tie(ann.address) == (False, True)


async def test_two_who_ask_each_other_are_connected(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await ann.does(orders.Ask(ben.address, NOTE))
    await ben.does(orders.Ask(ann.address, "me too"))
    await ann.quiet()
    await ben.quiet()
    assert ann.tie(ben.address) == (True, True) == ben.tie(ann.address)


async def test_a_withdrawal_is_told(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await ann.does(orders.Ask(ben.address, NOTE))
    await ben.sees(events.RequestsArrived)
    await ann.does(orders.Withdraw(ben.address))
    if ben.capabilities.tells_withdrawals:
        assert (await ben.sees(events.RequestsWithdrawn)).addresses == (ann.address,)
    else:
        await ben.leaves()
        await ben.comes_back()
        assert ann.address not in (await ben.sees(events.ServerKnows)).waiting, "seen at the next login"
    assert await ben.does(orders.Accept(ann.address)) is events.OrderRefused


async def test_remove_ends_the_tie_on_both_sides(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await connect(ann, ben)
    await ann.does(orders.Remove(ben.address))
    await ben.sees(events.TiesChanged)
    assert ben.tie(ann.address) == (False, False)


async def test_the_same_order_twice_has_one_effect(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    same = number()
    for _ in range(3):
        assert await ann.does(orders.Ask(ben.address, NOTE), same) is events.OrderConfirmed
    await ben.quiet()
    assert sum(len(one.requests) for one in ben.said if isinstance(one, events.RequestsArrived) and not one.snapshot) == 1


async def test_what_happened_while_away_is_delivered_in_order(world: World) -> None:
    ann, ben, cid = await world.party("ann"), await world.party("ben"), await world.party("cid")
    await ben.quiet()
    await ben.leaves()
    await ann.does(orders.Ask(ben.address, NOTE))
    await cid.does(orders.Ask(ben.address, "hello Ben"))
    await cid.does(orders.Withdraw(ben.address))
    await ben.comes_back()
    await ben.quiet()
    waiting = [one for event in ben.said if isinstance(event, events.RequestsArrived) for one in event.requests]
    assert {one.address for one in waiting} == {ann.address}
    knows = await ben.sees(events.ServerKnows)
    assert knows.waiting == {ann.address}


async def test_asked_withdrawn_and_asked_again_is_one_request(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await ben.quiet()
    await ben.leaves()
    await ann.does(orders.Ask(ben.address, "first"))
    world.wait(seconds=5)
    await ann.does(orders.Withdraw(ben.address))
    await ann.does(orders.Ask(ben.address, "second"))
    await ben.comes_back()
    await ben.quiet()
    open_ones: dict[Address, str] = {}
    times: dict[Address, Any] = {}
    for event in ben.said:
        if isinstance(event, events.RequestsArrived):
            for one in event.requests:
                open_ones[one.address], times[one.address] = one.note, one.arrived_at
        elif isinstance(event, events.RequestsWithdrawn):
            for address in event.addresses:
                if event.asked_at is None or times.get(address) is None or times[address] <= event.asked_at:
                    open_ones.pop(address, None)
    assert open_ones == {ann.address: "second"}


async def test_the_server_says_whom_i_asked_and_block(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await ann.does(orders.Ask(ben.address, NOTE))
    await ann.does(orders.Block("spam.example"))
    await ann.leaves()
    await ann.comes_back()
    knows = await ann.sees(events.ServerKnows)
    assert (knows.asked, knows.blocked) == ({ben.address}, {"spam.example"})


@pytest.mark.parametrize("whole_domain", [False, True])
async def test_nothing_passes_a_block_in_either_direction(world: World, whole_domain: bool) -> None:
    ann, ben = await world.party("ann"), await world.party("ben", domain="other.example")
    await connect(ann, ben)
    await ann.does(orders.Block("other.example" if whole_domain else ben.address))
    await ann.quiet()
    await ben.quiet()
    ann.said.clear()
    ben.said.clear()
    await ann.does(published(Profile(name="Ann", headline="CNRY-secret"), headline=Audience.EVERYONE))
    assert await ben.does(orders.Ask(ann.address, "let me in")) is events.OrderConfirmed, "to them it seems to wait"
    await ben.does(published(Profile(name="Ben", headline="CNRY-other")))
    await ben.looks_at(ann.address)
    await ann.looks_at(ben.address)
    await ann.quiet()
    await ben.quiet()
    assert not [one for one in ann.said if isinstance(one, events.RequestsArrived | events.ProfileArrived | events.ListArrived)]
    assert "CNRY" not in repr(ann.said)
    if ann.capabilities.hides_from_domains or not whole_domain:
        assert "CNRY" not in repr(ben.said)
    assert ann.tie(ben.address) == (False, False)
    tries = [one.target for one in ann.said if isinstance(one, events.TriesCounted)]
    assert tries == (["other.example" if whole_domain else ben.address] if ann.capabilities.counts_tries else [])


async def test_after_an_unblock_they_may_ask_again(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await ann.does(orders.Block(ben.address))
    await ben.does(orders.Ask(ann.address, "while shut out"))
    await ann.does(orders.Unblock(ben.address))
    await ben.does(orders.Ask(ann.address, "again"))
    assert (await ann.sees(events.RequestsArrived)).requests[0].note == "again"


async def test_a_report_is_taken(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    taken = events.OrderConfirmed if ann.capabilities.reports else events.OrderRefused
    assert await ann.does(orders.Report(ben.address, "spam", "same note to everybody", NOTE)) is taken


async def test_a_profile_is_seen_by_its_audience_only(world: World) -> None:
    ann, ben, cid = await world.party("ann"), await world.party("ben"), await world.party("cid")
    await connect(ann, ben)
    profile = Profile(name="Ann", headline="Nurse", about="CNRY-about", email="cnry@mail", phone="CNRY-phone", interests=("choir",))
    await ann.does(published(profile, about=Audience.CONNECTIONS, email=Audience.CHOSEN, phone=Audience.NOBODY, chosen=(cid.address,)))
    await ben.looks_at(ann.address)
    await cid.looks_at(ann.address)
    seen = {who: (await who.sees(events.ProfileArrived)).profile for who in (ben, cid)}
    assert (seen[ben].name, seen[ben].about, seen[ben].email, seen[ben].phone) == ("Ann", "CNRY-about", "", "")
    assert (seen[cid].name, seen[cid].about, seen[cid].email, seen[cid].phone) == ("Ann", "", "cnry@mail", "")


async def test_what_the_network_says_it_can_is_what_is_tested(world: World) -> None:
    ann = await world.party("ann")
    assert ann.network is not None
    await ann.quiet()
    assert ann.network.capabilities == ann.capabilities


async def test_what_the_server_holds_for_others_is_what_they_see(world: World) -> None:
    """See-as: read back from the server, and compared with what a stranger and a connection really get."""
    ann, ben, cid = await world.party("ann"), await world.party("ben"), await world.party("cid")
    assert ann.network is not None
    await connect(ann, ben)
    profile = Profile(name="Ann", headline="Nurse", about="long walks", email="ann@mail.example", interests=("choir", "maps"))
    await ann.does(
        published(profile, about=Audience.CONNECTIONS, email=Audience.CHOSEN, headline=Audience.EVERYONE, chosen=("x@y.example",))
    )
    await ben.looks_at(ann.address)
    await cid.looks_at(ann.address)
    for relation, who in ((Relation.CONNECTION, ben), (Relation.STRANGER, cid), (Relation.PENDING_IN, cid)):
        assert await ann.network.seen_by(relation) == (await who.sees(events.ProfileArrived)).profile, relation
    assert (await ann.network.seen_by(Relation.CONNECTION)).about and not (await ann.network.seen_by(Relation.STRANGER)).about


async def test_people_are_found_by_name(world: World) -> None:
    ann, ben, cid = await world.party("ann"), await world.party("ben"), await world.party("cid")
    assert ann.network is not None
    name = f"Benedikta {uuid.uuid4().hex[:8]}"
    for one in (ben, cid):
        await world.list_in_directory(one, name)
    await ann.does(orders.Block(cid.address))
    await ann.quiet()
    if not ann.capabilities.directory:
        with pytest.raises(Refused, match="no directory"):
            await ann.network.look_up(name)
        return
    assert await ann.network.look_up(name) == (Entry(ben.address, name),)
    assert await ann.network.look_up("nobody of this name") == ()


async def test_a_narrower_audience_holds_from_then_on(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await connect(ann, ben)
    await ann.does(published(Profile(name="Ann", about="CNRY-about"), about=Audience.CONNECTIONS))
    await ann.does(published(Profile(name="Ann", about="CNRY-about"), about=Audience.NOBODY))
    ben.said.clear()
    await ben.quiet()
    await ben.looks_at(ann.address)
    assert "CNRY" not in repr(ben.said[-1])


async def test_what_is_for_chosen_connections_ends_with_the_connection(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await connect(ann, ben)
    privacy = Privacy(confirmed=True).with_topic("profile", Audience.CONNECTIONS).with_field("phone", Audience.CHOSEN)
    values = {key: value for key, value in privacy.as_dict().items() if key in {"topics", "fields", "confirmed", "know_mutuals"}}
    profile = Profile(name="Ann", phone="CNRY-phone")
    await ann.does(orders.PublishProfile(json.dumps(profile.as_dict()), json.dumps(values), (ben.address,)))
    await ben.looks_at(ann.address)
    assert (await ben.sees(events.ProfileArrived)).profile.phone == "CNRY-phone"
    await ann.does(orders.Remove(ben.address))
    await ann.quiet()
    ben.said.clear()
    await ben.looks_at(ann.address)
    assert "CNRY" not in repr(ben.said)


async def test_an_account_that_published_nothing_shows_nothing(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await ben.looks_at(ann.address)
    assert [one.profile for one in ben.said if isinstance(one, events.ProfileArrived)] in ([], [Profile()])


async def test_lists_are_shared_when_both_have_the_switch_on(world: World) -> None:
    ann, ben, cid = await world.party("ann"), await world.party("ben"), await world.party("cid")
    await connect(ann, ben)
    await connect(ben, cid)
    for who in (ann, ben, cid):
        await who.does(published(Profile(name=who.name), mutuals=True))
    await ben.does(orders.ShareList(True))
    await cid.does(orders.ShareList(True))
    await ann.quiet()
    assert not [one for one in ann.said if isinstance(one, events.ListArrived)], "hers is off: she sees none"
    await ann.does(orders.ShareList(True))
    await ann.quiet()
    assert ann.list_of(ben.address) == {cid.address}
    await cid.does(orders.ShareList(False))
    await ann.quiet()
    assert ann.list_of(ben.address) == set(), "who has it off is on nobody's list"
    await cid.does(orders.ShareList(True))
    await ben.does(orders.Remove(ann.address))
    await ann.quiet()
    assert ann.list_of(ben.address) == set(), "no longer connected, no longer shared"


async def test_a_list_of_1200_comes_in_parts(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await connect(ann, ben)
    for who in (ann, ben):
        await who.does(published(Profile(name=who.name), mutuals=True))
        await who.does(orders.ShareList(True))
    await world.crowd(ben, 1_200)
    await ann.leaves()
    ann.said.clear()
    await ann.comes_back()
    await ann.quiet()
    parts = [one for one in ann.said if isinstance(one, events.ListArrived) and one.owner == ben.address]
    assert max(len(one.listed) for one in parts) <= 500
    assert len(ann.list_of(ben.address)) == 1_200


def marks(party: Party, of: Address) -> bool | None:
    """What the other device has made of a request, from all that was delivered."""
    told = [one.ignored for event in party.all_of(events.RequestsArrived) for one in event.requests if one.address == of]
    return told[-1] if told else None


async def test_what_one_device_ignored_another_knows(world: World) -> None:
    """At once where it is online, else at its next login; and when it is opened again. The sender learns nothing."""
    ann, ben, cid = await world.party("ann"), await world.party("ben"), await world.party("cid")
    if not ann.capabilities.remembers_ignored:
        pytest.skip("one desk holds an account of this network")
    phone = await world.other_device(ann)
    for one in (ben, cid):
        await one.does(orders.Ask(ann.address, NOTE))
    ben.said.clear()
    assert await ann.does(orders.TellIgnored((ben.address,))) is events.OrderConfirmed
    await phone.quiet()
    assert marks(phone, ben.address) is True and marks(phone, cid.address) is None
    await phone.leaves()
    phone.said.clear()
    await phone.comes_back()
    assert marks(phone, ben.address) is True and marks(phone, cid.address) is None
    await phone.does(orders.TellIgnored((), (ben.address,)))
    await ann.quiet()
    assert marks(ann, ben.address) is False
    assert await ben.quiet() == [], "nobody else is told"
    if ann.capabilities.tells_withdrawals:  # else a request that is taken back and made again looks the same
        await phone.does(orders.TellIgnored((ben.address,)))
        await ann.quiet()
    await ben.does(orders.Withdraw(ann.address))
    await ann.quiet()
    for one in (ann, phone):
        await one.leaves()
        one.said.clear()
    await ben.does(orders.Ask(ann.address, NOTE))
    await ann.comes_back()
    assert marks(ann, ben.address) is not True, "a new request is a new one"


async def test_an_introduction_is_the_middle_ones_choice(world: World) -> None:
    ann, ben, cid = await world.party("ann"), await world.party("ben"), await world.party("cid")
    await connect(ann, ben)
    await connect(ben, cid)
    assert await ann.does(orders.AskIntroduction(ben.address, cid.address, "about maps")) is events.OrderConfirmed
    asked = await ben.sees(events.IntroductionAsked)
    assert (asked.who, asked.whom) == (ann.address, cid.address)
    await cid.quiet()
    assert not [one for one in cid.said if isinstance(one, events.IntroductionArrived)]
    await ben.does(orders.AnswerIntroduction(ann.address, cid.address, "you two should talk", True))
    made = await cid.sees(events.IntroductionArrived)
    assert (made.via, made.who, made.note) == (ben.address, ann.address, "you two should talk")
    assert (await ann.sees(events.IntroductionAnswered)).made


async def test_whom_a_connection_knows_is_not_told_by_asking(world: World) -> None:
    ann, ben, cid = await world.party("ann"), await world.party("ben"), await world.party("cid")
    await connect(ann, ben)
    assert await ann.does(orders.AskIntroduction(ben.address, cid.address, "")) is events.OrderConfirmed
    await ben.quiet()
    assert not [one for one in ben.said if isinstance(one, events.IntroductionAsked)]


async def test_an_invitation_token_goes_with_the_request(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await ann.does(orders.Ask(ben.address, "", "token-123"))
    assert (await ben.sees(events.RequestsArrived)).requests[0].token == "token-123"


async def test_one_follow_up(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await ann.does(orders.Ask(ben.address, NOTE))
    assert await ann.does(orders.FollowUp(ben.address, "any news?")) is events.OrderConfirmed
    assert (await ben.sees(events.FollowUpArrived)).note == "any news?"
    assert await ann.does(orders.FollowUp(ben.address, "and now?")) is events.OrderRefused


async def test_words_to_nobody_are_not_confirmed_for_good(world: World) -> None:
    """A follow-up to an account that is gone meanwhile is refused, or comes back."""
    ann, ben = await world.party("ann"), await world.party("ben")
    await ann.does(orders.Ask(ben.address, NOTE))
    await world.forget(ben)
    answer = await ann.does(orders.FollowUp(ben.address, "any news?"))
    back = [one for one in await ann.quiet() if isinstance(one, events.OrderCameBack)]
    ended = [one for one in ann.said if isinstance(one, events.RequestBounced | events.RequestAnswered)]
    assert answer is events.OrderRefused or ended or [one.order for one in back] == [orders.FollowUp(ben.address, "any news?")]


async def test_nobody_there_is_refused_with_the_reason(world: World) -> None:
    ann = await world.party("ann")
    answer = await ann.does(orders.Ask(Address("nobody@nowhere.example"), NOTE))
    for _ in range(100 if answer is events.OrderConfirmed else 0):  # a server that finds out later says so later
        if any(isinstance(one, events.RequestBounced) for one in await ann.quiet()):
            break
        await asyncio.sleep(0.2)
    assert [one.reason for one in ann.said if isinstance(one, events.OrderRefused | events.RequestBounced)] in (
        ["no such account"],
        ["no server"],
    )


async def test_after_stop_nothing_is_delivered(world: World) -> None:
    ann, ben = await world.party("ann"), await world.party("ben")
    await ben.quiet()
    await ben.leaves()
    before = len(ben.said)
    await ann.does(orders.Ask(ben.address, NOTE))
    await asyncio.sleep(0.05)
    assert len(ben.said) == before
