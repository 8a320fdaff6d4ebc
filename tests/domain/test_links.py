"""xmpp: links: to ask somebody, to make an account, or both."""

import pytest

from netdesk.domain.errors import Unreadable
from netdesk.domain.links import Link, parse_invitation, parse_link
from netdesk.domain.people import Address

ANN = Address("ann@x.example")


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("xmpp:ann@x.example", Link(ANN, domain="x.example")),
        ("XMPP:Ann@X.example?message;body=hello", Link(ANN, domain="x.example")),
        ("xmpp:ann@x.example?roster;preauth=T0ken_-", Link(ANN, "T0ken_-", domain="x.example")),
        ("xmpp:ann@x.example?roster;preauth=T;ibr=y", Link(ANN, "T", joins=True, domain="x.example")),
        ("xmpp:ann@x.example?roster;ibr=y", Link(ANN, domain="x.example")),
        ("xmpp:x.example?register;preauth=T", Link(None, "T", joins=True, domain="x.example")),
        ("xmpp:dave@x.example?register;preauth=T", Link(None, "T", joins=True, name="dave", domain="x.example")),
        ("xmpp:localhost?register", Link(None, "", joins=True, domain="localhost")),
        ("xmpp:ann@x.example?roster;preauth=%00", Link(ANN, "", domain="x.example")),
    ],
)
def test_what_a_link_is_for(text: str, link: Link) -> None:
    assert parse_link(text) == link


@pytest.mark.parametrize("text", ["", "xmpp:", "http://x.example", "xmpp:?register;preauth=T", "xmpp:x.example", "xmpp:" + "a" * 5_000])
def test_what_is_no_link(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_link(text)


def test_a_link_that_only_makes_accounts_asks_nobody() -> None:
    with pytest.raises(Unreadable, match="account link"):
        parse_invitation("xmpp:dave@x.example?register;preauth=T")
    assert parse_invitation("xmpp:ann@x.example?roster;preauth=T;ibr=y") == (ANN, "T")
