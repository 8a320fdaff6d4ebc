"""Addresses, profiles, audiences and orders as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netdesk.domain import orders
from netdesk.domain.errors import Unreadable
from netdesk.domain.people import Address, Profile, domain_of, parse_address, parse_domain
from netdesk.domain.privacy import Audience, Privacy, WhoMayAsk

TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ann@Server.Example", "ann@server.example"),
        (" a@b ", "a@b"),
        ("xmpp:a@b/phone", "a@b"),
        ("xmpp:a@b?roster", "a@b"),
        ("ü@b.de", "ü@b.de"),
    ],
)
def test_addresses_are_read(text: str, address: str) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize("text", ["", "a", "@b", "a@", "a b@c", "a@b@c", "a<b@c", "a\0@b", "x" * 300 + "@b", "a@b\nc"])
def test_what_is_no_address_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable, match="address"):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "domain"), [("@Spam.Example", "spam.example"), ("*spam.example", "spam.example"), ("spam.example.", "spam.example")]
)
def test_domains_are_read(text: str, domain: str) -> None:
    assert parse_domain(text) == domain


@pytest.mark.parametrize("text", ["", "@", "localhost", "a b.c", "a/b.c"])
def test_what_is_no_domain_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable, match="domain"):
        parse_domain(text)


def test_the_domain_of_an_address() -> None:
    assert domain_of("a@b.example") == "b.example"


@given(st.builds(Profile, name=TEXT, headline=TEXT, about=TEXT, interests=st.tuples(TEXT, TEXT), picture=st.binary(max_size=20)))
def test_a_profile_survives_as_json(profile: Profile) -> None:
    assert Profile.from_dict(profile.as_dict()) == profile


def test_a_profile_of_the_wrong_kinds_is_unsaid() -> None:
    assert Profile.from_dict({"name": 5, "interests": "x", "picture": None}) == Profile()


@given(st.sampled_from(list(WhoMayAsk)), st.booleans(), st.sampled_from(list(Audience)))
def test_choices_survive_as_json(who: WhoMayAsk, on: bool, audience: Audience) -> None:
    privacy = Privacy(who_may_ask=who, ask_for_note=on, know_mutuals=on).with_topic("posts", audience).with_field("email", audience)
    assert Privacy.from_dict(privacy.as_dict()) == privacy


ORDERS = [
    orders.Ask(Address("a@b"), "note", "token"), orders.FollowUp(Address("a@b"), "n"), orders.Accept(Address("a@b")),
    orders.LetFollow(Address("a@b")), orders.Decline(Address("a@b")), orders.Withdraw(Address("a@b")), orders.Remove(Address("a@b")),
    orders.Block("b"), orders.Unblock("a@b"), orders.Report("a@b", "spam", "t", "n"), orders.PublishProfile("{}", "{}", ("a@b",)),
    orders.ShareList(True), orders.AskIntroduction(Address("v@b"), Address("w@b"), "n"),
    orders.AnswerIntroduction(Address("v@b"), Address("w@b"), "n", True), orders.TellIgnored((Address("a@b"),), (Address("c@b"),)),
    orders.DeclineUnreadable(("x y@b",)),
]  # fmt: skip


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: type(order).__name__)
def test_every_order_survives_the_outbox(order: orders.Order) -> None:
    kind, text = orders.order_to_json(order)
    assert orders.order_from_json(kind, text) == order


def test_all_kinds_of_orders_are_in_the_test() -> None:
    assert {type(order).__name__ for order in ORDERS} == set(orders._KINDS)


def test_orders_know_whom_they_are_about() -> None:
    assert orders.target_of(orders.Block("spam.example")) == "spam.example"
    assert orders.target_of(orders.AskIntroduction(Address("v@b"), Address("w@b"), "")) == "v@b"
    assert orders.target_of(orders.ShareList(True)) == ""
    assert orders.target_of(orders.Ask(Address("a@b"))) == "a@b"
