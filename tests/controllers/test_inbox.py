"""The door in: every event, and that blocking stands behind it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import DAY, NOW, Table, TestClock

from netdesk.domain import events, orders
from netdesk.domain.changes import Kind
from netdesk.domain.errors import Gone
from netdesk.domain.events import ArrivedRequest, Delivery
from netdesk.domain.links import parse_invitation
from netdesk.domain.people import AccountId, Address, PeopleQuery, Profile, Tie
from netdesk.domain.privacy import WhoMayAsk
from netdesk.domain.requests import Answer, Incoming, IncomingQuery, Outgoing, OutgoingQuery

ANN = Address("ann@x.example")
SPAM = "Hello dear, big profit waiting for you, guaranteed income every week. Write me now on t.me/fastprofit."


def test_a_request_comes_to_review_with_a_notice(table: Table) -> None:
    changes = table.take(events.RequestsArrived((ArrivedRequest(Address("ann@x.example"), "Ann", "Hello Nadia, we met.", NOW),)))
    assert [(row.name, row.address, row.note, row.state) for row in table.rows()] == [
        ("Ann", "ann@x.example", "Hello Nadia, we met.", Incoming.TO_REVIEW)
    ]
    assert changes.touches(Kind.INCOMING)
    assert [(one.kind, one.name) for one in changes.notices] == [("asks", "Ann")]


def test_the_same_request_delivered_again_is_one(table: Table) -> None:
    number = table.arrives("ann@x.example", "a note", at=NOW)
    assert table.arrives("ann@x.example", "a note", at=NOW) == 0
    table.do.incoming.answer([number], Answer.IGNORE)
    table.take(events.RequestsArrived((ArrivedRequest(Address("ann@x.example"), "", "a note", NOW + DAY),), snapshot=True))
    assert len(table.everything()) == 1, "an ignored one does not come back at the next login"


def test_a_delivery_is_taken_once(table: Table) -> None:
    said = events.Engaged(Address("ann@x.example"), "liked", NOW)
    table.take(said, cursor=7)
    table.take(said, cursor=7)
    table.take(said, cursor=6)
    assert sum(1 for one in table.do.network.card(table.person("ann@x.example")).history if one.kind == "engaged") == 1


def test_a_delivery_for_a_removed_account_changes_nothing(table: Table) -> None:
    assert not table.do.inbox.take(Delivery(AccountId(99), (events.WentOnline(),)))


@pytest.mark.parametrize("target", ["ann@x.example", "x.example"])
def test_nothing_of_somebody_blocked_comes_in(table: Table, target: str) -> None:
    table.do.privacy.block(table.me, target)
    table.clock.pass_(minutes=1)
    before = table.do.network.counts()
    ann = Address("ann@x.example")
    assert table.arrives("ann@x.example", "let me in") == 0
    table.take(
        events.FollowUpArrived(ann, "please", NOW),
        events.TiesChanged((Tie(ann, "Ann", True, True, NOW),), complete=False, at=NOW),
        events.ProfileArrived(ann, Profile(name="Ann")),
        events.IntroductionAsked(ann, Address("ben@y.example"), "", NOW),
        events.IntroductionArrived(ann, Address("ben@y.example"), "Ben", "", NOW),
        events.IntroductionArrived(Address("cid@y.example"), ann, "Ann", "", NOW),
        events.Engaged(ann, "liked", NOW),
        events.RequestAnswered(ann, "accepted", NOW),
    )
    assert table.everything() == [] and table.do.network.counts() == before
    assert table.do.incoming.introductions() == []
    assert table.do.network.search("ann") == []
    assert table.do.privacy.blocked()[0].tries == 1, "the request was counted"


def test_somebody_blocked_is_no_person_in_common(table: Table) -> None:
    table.choose(know_mutuals=True)
    table.connects("kofi@care.example", "ines@care.example")
    table.shares("kofi@care.example", "ann@x.example")
    table.shares("ines@care.example", "ann@x.example")
    number = table.arrives("ann@x.example", "hello there, we know Kofi")
    assert len(table.do.incoming.card(number).mutual or ()) == 2
    table.do.privacy.block(table.me, "kofi@care.example")
    assert [one.address for one in table.do.incoming.card(number).mutual or ()] == ["ines@care.example"]


def test_filtered_with_its_reasons_and_never_lost(table: Table) -> None:
    table.choose(who_may_ask=WhoMayAsk.SHARED, ask_for_note=True)
    number = table.arrives("ann@x.example")
    row = table.rows("filtered")[0]
    assert row.id == number and row.reasons == ("no shared connection", "no note")
    table.do.incoming.rescue([number])
    assert [one.id for one in table.rows()] == [number]


def test_a_burst_of_one_note_is_put_aside(table: Table) -> None:
    for number in range(12):
        table.clock.pass_(minutes=2)
        table.arrives(f"p{number}@fast.example", SPAM)
    assert len(table.rows("filtered")) == 12
    assert table.do.incoming.card(table.rows("filtered")[0].id).same_note_open == 11


def knows(waiting: tuple[str, ...] = (), asked: tuple[str, ...] = (), blocked: tuple[str, ...] = ()) -> events.ServerKnows:
    """What a server holds at a login."""
    return events.ServerKnows(frozenset(map(Address, waiting)), frozenset(map(Address, asked)), frozenset(blocked), NOW + DAY)


def test_what_waits_no_longer_was_taken_back_meanwhile(table: Table) -> None:
    table.arrives("ann@x.example", "one")
    table.arrives("ben@x.example", "two")
    table.take(knows(waiting=("ben@x.example",)))
    assert {row.address: row.state for row in table.everything()} == {
        "ann@x.example": Incoming.WITHDRAWN, "ben@x.example": Incoming.TO_REVIEW,
    }  # fmt: skip


def test_what_was_answered_while_away_is_found_at_the_login(table: Table) -> None:
    for name in ("ann", "ben", "cid"):
        table.do.sent.ask(table.me, Address(f"{name}@x.example"), f"hello {name}, of the maps and the ferry number {name}")
    table.later(seconds=11)
    table.take(
        events.TiesChanged((Tie(Address("ann@x.example"), "Ann", True, True, NOW),), complete=True, at=NOW),
        knows(asked=("cid@x.example",)),
    )
    assert [row.address for row in table.sent("accepted")] == ["ann@x.example"]
    assert [row.address for row in table.sent("ended")] == ["ben@x.example"]
    assert [row.address for row in table.sent()] == ["cid@x.example"]


def test_blocks_of_desk_and_server_become_one(table: Table) -> None:
    table.do.privacy.block(table.me, "ann@x.example")
    table.later(seconds=11)
    table.take(knows(blocked=("spam.example",)))
    assert {one.target for one in table.do.privacy.blocked()} == {"ann@x.example", "spam.example"}
    assert [type(one).__name__ for one in table.round()] == ["Block"], "the server lost one: it is told again"


def test_a_request_made_anew_is_not_taken_for_the_one_that_was_withdrawn(table: Table) -> None:
    table.arrives("ann@x.example", "first", at=NOW)
    table.take(events.RequestsWithdrawn((Address("ann@x.example"),), NOW, NOW))
    table.arrives("ann@x.example", "second", at=NOW + DAY)
    table.take(events.RequestsWithdrawn((Address("ann@x.example"),), NOW, NOW))
    assert [row.note for row in table.rows()] == ["second"]


def test_one_that_still_waits_on_the_server_is_open_again(table: Table) -> None:
    table.arrives("ann@x.example", "first", at=NOW)
    table.take(events.RequestsWithdrawn((Address("ann@x.example"),), NOW))
    table.take(events.RequestsArrived((ArrivedRequest(Address("ann@x.example"), "", "first", NOW),), snapshot=True))
    assert [row.note for row in table.rows()] == ["first"]


def test_a_list_in_parts_gives_people_in_common(table: Table) -> None:
    table.choose(know_mutuals=True)
    table.connects("kofi@care.example")
    for part in (1, 2, 3):
        listed = tuple(events.ListedPerson(Address(f"p{part}{n}@x.example"), f"P{part}{n}") for n in range(500))
        table.take(events.ListArrived(Address("kofi@care.example"), listed, part, 3))
    assert table.do.network.counts()["suggested"] == 1_500
    table.take(events.ListArrived(Address("kofi@care.example"), (events.ListedPerson(Address("only@x.example"), "Only"),), 1, 1))
    found = table.do.network.page(PeopleQuery(kind="suggested"), 0, 10)
    assert [row.address for row in found.rows] == ["only@x.example"]
    assert found.rows[0].mutual_names == ("Kofi",)
    table.take(events.ListGone(Address("kofi@care.example")))
    assert table.do.network.counts()["suggested"] == 0


def test_with_the_switch_off_no_list_is_kept(table: Table) -> None:
    table.connects("kofi@care.example")
    table.shares("kofi@care.example", "ann@x.example")
    assert table.do.network.counts()["suggested"] == 0
    table.choose(know_mutuals=True)
    table.shares("kofi@care.example", "ann@x.example")
    assert table.do.network.counts()["suggested"] == 1
    table.choose(know_mutuals=False)
    assert table.do.network.counts()["suggested"] == 0
    assert table.do.incoming.card(table.arrives("ann@x.example", "a note")).mutual is None, "unknown, not none"


def test_removed_by_them_is_history_and_their_list_goes(table: Table) -> None:
    table.choose(know_mutuals=True)
    kofi = table.connects("kofi@care.example")[0]
    table.shares("kofi@care.example", "ann@x.example")
    table.take(events.TiesChanged((), complete=True, at=NOW))
    assert table.do.network.counts() == {"connections": 0, "follows": 0, "followers": 0, "suggested": 0}
    assert "removed by them" in [one.kind for one in table.do.network.card(kofi).history]


def test_a_tie_that_was_ended_here_and_not_told_stays_ended(table: Table) -> None:
    kofi = table.connects("kofi@care.example")[0]
    table.do.network.remove([kofi])
    table.take(events.TiesChanged((Tie(Address("kofi@care.example"), "Kofi", True, True, NOW),), complete=True, at=NOW))
    assert table.do.network.counts()["connections"] == 0


def test_a_yes_and_a_no_to_what_i_asked(table: Table) -> None:
    for address in ("ann@x.example", "ben@x.example"):
        table.do.sent.ask(table.me, Address(address), f"hello {address}, I liked your talk on maps")
        table.later(seconds=11)
    changes = table.take(events.RequestAnswered(Address("ann@x.example"), "accepted", NOW + DAY))
    table.take(events.RequestAnswered(Address("ben@x.example"), "declined", NOW + DAY))
    assert [row.address for row in table.sent("accepted")] == ["ann@x.example"]
    assert [(row.address, row.state) for row in table.sent("ended")] == [("ben@x.example", Outgoing.DECLINED)]
    assert [one.kind for one in changes.notices] == ["accepted"]


def test_a_server_that_refuses_ends_the_request_with_the_reason(table: Table) -> None:
    table.do.sent.ask(table.me, Address("nobody@x.example"), "hello")
    table.clock.pass_(seconds=11)
    for one in table.do.courier.go_round().to_tell:
        table.take(events.OrderRefused(one.id, "no such account", None, NOW))
    row = table.sent("ended")[0]
    assert (row.state, row.why, row.sent_at) == (Outgoing.REFUSED, "no such account", None)
    assert table.do.sent.budget(table.me).day_used == 0


def test_a_server_that_is_busy_makes_it_wait(table: Table) -> None:
    table.do.sent.ask(table.me, Address("ann@x.example"), "hello")
    table.clock.pass_(seconds=11)
    order = table.do.courier.go_round().to_tell[-1]
    table.take(events.OrderRefused(order.id, "busy", NOW + timedelta(minutes=5), NOW))
    table.do.courier.not_told(order.id)
    assert table.do.courier.go_round().to_tell == ()
    table.later(minutes=6)
    assert table.sent()[0].state is Outgoing.WAITING


def test_an_invitation_lets_in_once(table: Table) -> None:
    made = table.do.accounts.invite(table.me, "for Ann", 7, 1)
    table.arrives("ann@x.example", token=made.token)
    table.arrives("ben@x.example", "me too", token=made.token)
    assert [row.state for row in table.rows("answered")] == [Incoming.ACCEPTED]
    assert [row.address for row in table.rows()] == ["ben@x.example"]
    assert [type(one).__name__ for one in table.round()] == ["Accept"]


@pytest.mark.parametrize("spoil", ["expire", "revoke", "block"])
def test_an_invitation_that_is_no_longer_good(table: Table, spoil: str) -> None:
    made = table.do.accounts.invite(table.me, "", 1, None)
    if spoil == "expire":
        table.clock.pass_(days=1)
    elif spoil == "revoke":
        table.do.accounts.revoke(made.id)
    else:
        table.do.privacy.block(table.me, "ann@x.example")
    table.arrives("ann@x.example", "hello", token=made.token)
    assert not [row for row in table.everything() if row.state is Incoming.ACCEPTED]


def test_a_follow_up_joins_the_note(table: Table) -> None:
    number = table.arrives("ann@x.example", "first words")
    table.take(events.FollowUpArrived(Address("ann@x.example"), "second words", NOW))
    assert table.do.incoming.card(number).row.note == "first words\n\nsecond words"


def test_an_introduction_speaks_for_somebody(table: Table) -> None:
    table.connects("kofi@care.example", name="Kofi")
    number = table.arrives("ann@x.example", "hello")
    table.take(events.IntroductionArrived(Address("kofi@care.example"), Address("ann@x.example"), "Ann", "you two should talk", NOW))
    assert "introduced" in {one.name for one in table.do.incoming.card(number).evidence.signals}
    assert [one.role for one in table.do.incoming.introductions()] == ["for me"]


ADDRESSES = [Address(f"{name}@{domain}") for name in ("ann", "ben") for domain in ("x.example", "y.example")]
REMOTE = st.one_of(
    st.builds(lambda who, day: events.RequestsArrived((ArrivedRequest(who, "N", f"note {day}", NOW + day * DAY),)), st.sampled_from(ADDRESSES), st.integers(0, 9)),
    st.builds(lambda who: events.TiesChanged((Tie(who, "N", True, True, NOW),), complete=False, at=NOW), st.sampled_from(ADDRESSES)),
    st.builds(lambda who: events.ProfileArrived(who, Profile(name="N", interests=("tea",))), st.sampled_from(ADDRESSES)),
    st.builds(lambda who: events.ListArrived(who, tuple(events.ListedPerson(one, "N") for one in ADDRESSES), 1, 1), st.sampled_from(ADDRESSES)),
    st.builds(lambda who: events.FollowUpArrived(who, "more", NOW), st.sampled_from(ADDRESSES)),
    st.builds(lambda who: events.Engaged(who, "liked", NOW), st.sampled_from(ADDRESSES)),
)  # fmt: skip
OWNER = st.one_of(
    st.tuples(st.just("block"), st.sampled_from([*ADDRESSES, "x.example"])),
    st.tuples(st.just("unblock"), st.sampled_from([*ADDRESSES, "x.example"])),
    st.tuples(st.just("undo"), st.just("")),
    st.tuples(st.just("wait"), st.just("")),
    st.tuples(st.just("restart"), st.just("")),
)


@settings(max_examples=40)
@given(steps=st.lists(st.one_of(REMOTE, OWNER), max_size=25))
def test_nothing_from_a_blocked_address_is_ever_shown(tmp_path_factory: pytest.TempPathFactory, steps: list[object]) -> None:
    table = Table(tmp_path_factory.mktemp("blocked") / "desk", TestClock())
    table.choose(know_mutuals=True)
    try:
        for step in steps:
            table = _take_step(table, step)
            _nobody_blocked_is_shown(table)
    finally:
        table.close()


def _take_step(table: Table, step: object) -> Table:
    if not isinstance(step, tuple):
        table.take(step)
        return table
    what, target = step
    held = table.do.undo.current()
    if what == "block":
        table.do.privacy.block(table.me, str(target))
    elif what == "unblock" and any(one.target == target for one in table.do.privacy.blocked()):
        table.do.privacy.unblock(table.me, str(target))
    elif what == "undo" and held is not None:
        table.do.undo.take_back(held.id)
    elif what == "wait":
        table.later(seconds=11)
    elif what == "restart":
        return table.again()
    return table


def _nobody_blocked_is_shown(table: Table) -> None:
    targets = {one.target for one in table.do.privacy.blocked()}

    def shut_out(address: str) -> bool:
        return address in targets or address.partition("@")[2] in targets

    shown = [row.address for place in ("review", "later", "filtered") for row in table.do.incoming.page(IncomingQuery(place), 0, 99).rows]
    for kind in ("connections", "follows", "followers", "suggested"):
        shown += [row.address for row in table.do.network.page(PeopleQuery(kind=kind), 0, 99).rows]
    shown += [one.address for one in table.do.network.search("n")]
    for row in table.everything():
        shown += [one.address for one in table.do.incoming.card(row.id).mutual or ()]
    assert not [one for one in shown if shut_out(one)]
    untold = table.db.sql("SELECT target FROM outbox WHERE kind IN ('Ask', 'Accept', 'LetFollow', 'FollowUp') AND cancelled_by IS NULL")
    assert not [target for (target,) in untold if shut_out(target)]


def test_what_came_back_was_not_sent(table: Table) -> None:
    table.do.sent.ask(table.me, ANN, "hello Ann, we met in Accra")
    table.clock.pass_(seconds=11)
    for one in table.do.courier.go_round().to_tell:
        table.take(events.OrderConfirmed(one.id, NOW))
    assert table.do.sent.counts()["waiting"] == 1
    changes = table.take(events.RequestBounced(ANN, "no such account", NOW))
    row = table.do.sent.page(OutgoingQuery("ended"), 0, 10).rows[0]
    assert (row.state, row.address) == (Outgoing.REFUSED, ANN)
    assert changes.notices[0].kind == "not sent"
    assert not table.take(events.RequestBounced(ANN, "no such account", NOW)), "told once"


@pytest.mark.parametrize("answer", [Answer.ACCEPT, Answer.DECLINE, Answer.FOLLOW])
def test_what_is_answered_and_not_told_yet_is_not_asked_anew_by_a_login(table: Table, answer: Answer) -> None:
    """A server that keeps no time delivers what waits as if it had just come."""
    table.do.incoming.answer([table.arrives(ANN, "hello")], answer)
    table.clock.pass_(seconds=40)
    table.take(events.RequestsArrived((ArrivedRequest(ANN, "Ann", "hello", table.clock()),), snapshot=True))
    assert not table.rows("review") and len(table.rows("answered")) == 1


@pytest.mark.parametrize("token", ["tok\x01", "tok\ud800", "tök", "a\nb"])
def test_a_poisoned_link_brings_no_token(token: str) -> None:
    """What cannot stand in XML would end the session each time it is told."""
    assert parse_invitation(f"xmpp:ann@x.example?roster;preauth={token}")[1] == ""


def test_what_another_device_ignored_is_ignored_here(table: Table) -> None:
    number = table.arrives("ann@x.example", "hello")
    table.arrives("ben@x.example", "hello too", ignored=True)
    assert [row.address for row in table.rows()] == ["ann@x.example"], "a new one comes as it stands"
    again = ArrivedRequest(Address("ann@x.example"), "", "hello", table.clock())
    table.take(events.RequestsArrived((replace(again, ignored=True),), snapshot=True))
    assert {row.state for row in table.everything()} == {Incoming.IGNORED} and table.round() == []
    table.take(events.RequestsArrived((replace(again, ignored=False),), snapshot=True))
    assert [row.id for row in table.rows()] == [number]


def test_what_this_desk_has_still_to_tell_counts_for_more(table: Table) -> None:
    number = table.arrives("ann@x.example", "hello")
    again = ArrivedRequest(Address("ann@x.example"), "", "hello", table.clock())
    table.do.incoming.answer([number], Answer.IGNORE)
    table.take(events.RequestsArrived((replace(again, ignored=False),), snapshot=True))
    assert table.everything()[0].state is Incoming.IGNORED
    assert table.later(seconds=11) == [orders.TellIgnored((Address("ann@x.example"),))]
    table.do.incoming.reopen(number)
    table.take(events.RequestsArrived((replace(again, ignored=True),), snapshot=True))
    assert table.everything()[0].state is Incoming.TO_REVIEW
    assert table.round() == [orders.TellIgnored((), (Address("ann@x.example"),))]


def test_an_ignore_that_is_undone_is_told_to_no_device(table: Table) -> None:
    table.do.incoming.answer([table.arrives("ann@x.example", "hello")], Answer.IGNORE)
    held = table.do.undo.current()
    assert held is not None
    table.do.undo.take_back(held.id)
    assert table.later(seconds=11) == []


def test_an_answer_given_here_is_not_undone_by_another_device(table: Table) -> None:
    number = table.arrives("ann@x.example", "hello")
    table.do.incoming.answer([number], Answer.DECLINE)
    again = ArrivedRequest(Address("ann@x.example"), "", "hello", table.clock())
    for state in (True, False):
        table.take(events.RequestsArrived((replace(again, ignored=state),), snapshot=True))
    assert [row.state for row in table.everything()] == [Incoming.DECLINED]


def test_requests_that_cannot_be_read_are_counted_and_declined(table: Table) -> None:
    table.take(events.UnreadableWait(("a b@evil.example", "gateway.example")))
    assert table.again().do.incoming.unreadable() == {table.me: ("a b@evil.example", "gateway.example")}


def test_declining_what_cannot_be_read(table: Table) -> None:
    with pytest.raises(Gone):
        table.do.incoming.decline_unreadable()
    table.take(events.UnreadableWait(("gateway.example",)))
    table.do.incoming.decline_unreadable()
    assert table.do.incoming.unreadable() == {} and table.round() == [orders.DeclineUnreadable(("gateway.example",))]


def test_what_their_server_says_of_them_is_shown(table: Table) -> None:
    number = table.arrives("ann@x.example", "We met in Accra, about the maps of clinics.")
    said = ArrivedRequest(Address("ann@x.example"), "", "", NOW, known_since=NOW - 2 * DAY, trust=35)
    table.take(events.RequestsArrived((said,), snapshot=True))
    signals = {signal.name: signal.params for signal in table.do.incoming.card(number).evidence.signals}
    assert signals["server_trust"] == ("35",) and signals["young_account"] == ("2",)
