"""A flood becomes one row: who belongs to it, who does not, and that nothing is lost under it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.builders import NOW, Table

from netdesk.domain import events, orders
from netdesk.domain.events import ArrivedRequest
from netdesk.domain.people import Address
from netdesk.domain.privacy import WhoMayAsk
from netdesk.domain.requests import Answer, Incoming, IncomingId
from netdesk.store import incoming

PERSONAL = "Kofi told me about your maps of clinics; may I ask how you draw the northern ones?"


def spam(number: int) -> ArrivedRequest:
    return ArrivedRequest(Address(f"p{number}@d{number % 40}.example"), "", f"hello, I liked {number * 7} and {number * 13}", NOW)


def flood(table: Table, count: int = 60, *, snapshot: bool = False, of: Iterable[ArrivedRequest] = ()) -> None:
    requests = tuple(of) or tuple(spam(number) for number in range(count))
    for at in range(0, len(requests), 25):
        table.take(events.RequestsArrived(requests[at : at + 25], snapshot=snapshot))


def leader(table: Table) -> IncomingId:
    found = [row.id for place in ("review", "filtered") for row in table.rows(place) if table.do.incoming.card(row.id).under]
    assert len(found) == 1, "one row for the burst"
    return found[0]


@pytest.mark.parametrize("snapshot", [False, True])
def test_a_flood_is_one_row_and_nothing_is_lost(table: Table, snapshot: bool) -> None:
    flood(table, snapshot=snapshot)
    visible = len(table.rows()) + len(table.rows("filtered"))
    under = table.do.incoming.card(leader(table)).under
    assert visible + under == 60 and visible == 1
    shown = [row for place in ("review", "filtered") for row in table.rows(place)]
    assert (shown[0].chips[0].name, shown[0].chips[0].params) == ("under", (str(under),))
    assert table.do.incoming.counts()["filtered"] + table.do.incoming.counts()["review"] == 60
    assert "burst" in table.do.incoming.card(leader(table)).row.reasons
    again = table.again()
    assert again.do.incoming.card(leader(again)).under == under, "also after a restart"
    again.close()


def test_the_same_flood_at_the_next_login_is_known(table: Table) -> None:
    flood(table, snapshot=True)
    before = table.do.incoming.counts()
    flood(table, snapshot=True)
    table.take(events.ServerKnows(frozenset(spam(number).address for number in range(60)), frozenset(), frozenset(), NOW))
    assert table.do.incoming.counts() == before


def test_a_note_of_ones_own_stands_by_itself(table: Table) -> None:
    flood(table)
    table.arrives("ann@x.example", PERSONAL)
    assert "ann@x.example" in [row.address for row in table.rows()]


def test_notes_that_are_varied_help_no_flood(table: Table) -> None:
    """Two hundred strangers in a minute, and no end: those beyond are one row, live; at a login each stands by itself."""
    varied = [
        ArrivedRequest(
            Address(f"v{number}@d{number % 40}.example"), "", f"hello number {number}, I liked {number * 7} and {number * 13}", NOW
        )
        for number in range(300)
    ]
    flood(table, of=varied)
    assert table.do.incoming.card(leader(table)).under == 99
    assert len(table.rows()) + len(table.rows("filtered")) == 201


def test_somebody_who_is_known_stands_by_herself(table: Table) -> None:
    table.connects("kofi@care.example")
    table.choose(know_mutuals=True)
    table.shares("kofi@care.example", "p50@d10.example")
    flood(table)
    shown = {row.address for place in ("review", "filtered") for row in table.rows(place)}
    assert "p50@d10.example" in shown and "p51@d11.example" not in shown


def test_old_requests_without_a_note_are_no_flood_at_a_login(table: Table) -> None:
    requests = [ArrivedRequest(Address(f"old{number}@x{number}.example"), f"Old {number}", "", NOW) for number in range(80)]
    flood(table, of=requests, snapshot=True)
    assert len(table.rows()) + len(table.rows("filtered")) == 80


def test_strangers_without_a_note_by_the_dozen_are_a_flood(table: Table) -> None:
    requests = [ArrivedRequest(Address(f"new{number}@x{number}.example"), "", "", NOW) for number in range(80)]
    flood(table, of=requests)
    assert table.do.incoming.card(leader(table)).under == 79


def test_who_is_shut_out_is_turned_away_and_counted(table: Table) -> None:
    table.do.privacy.block(table.me, "@d7.example")
    later = NOW + timedelta(seconds=30)
    flood(table, of=[replace(spam(number), arrived_at=later + timedelta(milliseconds=number)) for number in range(120)])
    assert all("d7.example" not in row.address for row in table.everything())
    assert table.do.privacy.blocked()[0].tries == 3
    assert not any("d7.example" in row.address for row in table.do.incoming.all_under(None))


def test_answering_the_first_brings_out_the_next(table: Table) -> None:
    flood(table)
    first = leader(table)
    under = table.do.incoming.card(first).under
    table.do.incoming.answer([first], Answer.DECLINE)
    second = leader(table)
    assert second != first and table.do.incoming.card(second).under == under - 1
    held = table.do.undo.current()
    assert held is not None
    table.do.undo.take_back(held.id)
    assert leader(table) == first and second not in {row.id for row in table.rows("filtered")}
    assert table.do.incoming.card(first).under == under


def test_all_are_answered_with_one_undo(table: Table) -> None:
    flood(table)
    first = leader(table)
    together = table.do.incoming.with_same_note(first)
    table.do.incoming.answer(together, Answer.IGNORE)
    assert table.do.incoming.all_under(None) == []
    assert len([row for row in table.everything() if row.state is Incoming.IGNORED]) == len(together) >= 40
    held = table.do.undo.current()
    assert held is not None and held.count == len(together)
    table.do.undo.take_back(held.id)
    assert not [row for row in table.everything() if row.state is Incoming.IGNORED]
    assert leader(table) == first and len(table.rows("filtered")) == 1
    assert table.do.incoming.card(first).under == len(together) - 1


def test_they_can_be_shown_one_by_one_or_alone(table: Table) -> None:
    flood(table)
    first = leader(table)
    one = table.do.incoming.all_under(None)[7]
    table.do.incoming.bring_out(one.id, alone=True)
    assert one.id in [row.id for row in table.rows("filtered")]
    table.do.incoming.bring_out(first)
    assert table.do.incoming.all_under(None) == []
    assert len(table.rows()) + len(table.rows("filtered")) == 60


def test_the_first_that_is_taken_back_hands_on(table: Table) -> None:
    flood(table)
    first = leader(table)
    address = incoming.get(table.db, first).address
    table.take(events.RequestsWithdrawn((address,), NOW))
    assert leader(table) != first


def test_one_of_them_can_be_answered_by_address(table: Table) -> None:
    flood(table)
    one = table.do.incoming.all_under(None)[3]
    row = table.do.incoming.open_request_of(table.me, one.address)
    table.do.incoming.answer([row.id], Answer.ACCEPT)
    assert orders.Accept(one.address) in table.later(seconds=11)


def test_blocking_a_domain_ends_those_under_it_too(table: Table) -> None:
    flood(table, 120)
    table.do.privacy.block(table.me, "@d3.example")
    assert not [row for row in table.do.incoming.all_under(None) if row.address.endswith("@d3.example")]


def test_the_owners_rules_hold_in_a_flood(table: Table) -> None:
    table.choose(who_may_ask=WhoMayAsk.NOBODY, spam_aside=False)
    flood(table)
    assert not table.rows() and set(table.do.incoming.card(leader(table)).row.reasons) == {"closed"}


def test_without_putting_spam_aside_the_row_is_under_review(table: Table) -> None:
    table.choose(spam_aside=False)
    flood(table)
    assert leader(table) in [row.id for row in table.rows()]
    assert table.do.incoming.counts() == {"review": 60, "later": 0, "filtered": 0, "answered": 0}


def test_a_minute_of_quiet_ends_it(table: Table) -> None:
    flood(table)
    table.clock.pass_(minutes=2)
    number = table.arrives("late@d1.example", "hello, I liked 1 and 2")
    assert number and number in [row.id for place in ("review", "filtered") for row in table.rows(place)]


def test_people_of_a_flood_are_written_like_any_other(table: Table) -> None:
    """The short way writes the same columns as the long one."""
    flood(table)
    usual = table.arrives("usual@d1.example", PERSONAL)
    columns = [row[1] for row in table.db.sql("PRAGMA table_info(person)")]
    own = {"id", "address", "sort_name", "look", "address_look"}
    of = {address: dict(zip(columns, table.db.sql("SELECT * FROM person WHERE address = ?", (address,))[0], strict=True))
          for address in ("usual@d1.example", table.do.incoming.all_under(None)[0].address)}  # fmt: skip
    first, second = of.values()
    assert {key: value for key, value in first.items() if key not in own} == {key: value for key, value in second.items() if key not in own}
    assert second["sort_name"] and second["look"] and second["address_look"] and usual
    assert table.do.network.search("p59")[0].state == "filtered"


def test_what_is_under_one_counts_where_that_is_and_is_not_put_off_with_it(table: Table) -> None:
    flood(table)
    first = leader(table)
    table.do.incoming.put_off([first], table.clock() + timedelta(hours=3))
    assert table.do.incoming.counts()["later"] == 60
    table.clock.pass_(seconds=30)
    flood(table, of=[spam(number) for number in range(60, 90)])
    assert table.do.incoming.counts()["later"] == 90
    table.do.incoming.bring_out(first)
    assert table.do.incoming.counts() == {"review": 0, "later": 1, "filtered": 89, "answered": 0}
    assert len(table.rows("filtered")) == 89


def test_what_is_under_one_goes_with_it_to_review(table: Table) -> None:
    flood(table)
    first = leader(table)
    table.do.incoming.rescue([first])
    assert table.do.incoming.counts()["review"] == 60
    table.do.incoming.bring_out(first)
    assert len(table.rows()) == 60


def test_what_was_brought_out_is_not_pulled_back(table: Table) -> None:
    """The first is answered while the flood goes on: those that were shown one by one stay so under no new one."""
    flood(table, 30)
    first = leader(table)
    table.do.incoming.bring_out(first)
    shown = {row.id for row in table.rows("filtered")}
    table.do.incoming.answer([first], Answer.DECLINE)
    table.clock.pass_(seconds=30)
    flood(table, of=[spam(number) for number in range(30, 60)])
    assert shown - {first} <= {row.id for row in table.rows("filtered")}
    assert table.do.incoming.card(leader(table)).under == 29


@pytest.mark.logs
def test_a_row_that_was_taken_back_leads_nothing(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of the flood could not be written, nor the row it got: what comes next does not stand under a row with that number."""

    def breaks(*_given: object) -> None:
        raise ZeroDivisionError

    flood(table, 20)
    with monkeypatch.context() as broken:
        broken.setattr("netdesk.store.bursts.gather", breaks)
        flood(table, of=[spam(number) for number in range(20, 45)])
    table.arrives("ann@x.example", PERSONAL)
    flood(table, of=[spam(number) for number in range(20, 60)])
    assert table.do.incoming.card(leader(table)).row.address != "ann@x.example"
    assert sum(table.do.incoming.counts().values()) == 61
