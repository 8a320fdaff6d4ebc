"""Answers to requests: what they write, what they tell, undo, bulk, later, reopen."""

from datetime import timedelta

import pytest
from tests.builders import DAY, NOW, Table

from netdesk.domain import events, orders
from netdesk.domain.errors import Gone, Refused
from netdesk.domain.people import Address, Profile, Tie
from netdesk.domain.requests import Answer, Incoming, IncomingQuery, ReportReason
from netdesk.store import outbox

ANN = Address("ann@x.example")


@pytest.mark.parametrize(
    ("answer", "state", "told"),
    [
        (Answer.ACCEPT, Incoming.ACCEPTED, [orders.Accept(ANN)]),
        (Answer.FOLLOW, Incoming.FOLLOWING, [orders.LetFollow(ANN)]),
        (Answer.DECLINE, Incoming.DECLINED, [orders.Decline(ANN)]),
        (Answer.IGNORE, Incoming.IGNORED, [orders.TellIgnored((ANN,))]),
        (Answer.BLOCK, Incoming.BLOCKED, [orders.Block(ANN)]),
        (Answer.REPORT, Incoming.BLOCKED, [orders.Block(ANN), orders.Report(ANN, "spam", "why", "a note")]),
    ],
)
def test_an_answer_is_told_when_ten_seconds_are_over(table: Table, answer: Answer, state: Incoming, told: list[orders.Order]) -> None:
    number = table.arrives(ANN, "a note")
    table.do.incoming.answer([number], answer, reason="why" if answer is Answer.REPORT else "")
    assert table.everything()[0].state is state
    assert table.later(seconds=9) == []
    assert table.later(seconds=2) == told
    assert table.later(seconds=60) == [], "told once"


@pytest.mark.parametrize("answer", [one for one in Answer if one is not Answer.LATER])
def test_undo_within_ten_seconds_puts_everything_back(table: Table, answer: Answer) -> None:
    number = table.arrives(ANN, "a note")
    before = table.do.incoming.card(number)
    table.do.incoming.answer([number], answer)
    held = table.do.undo.current()
    assert held is not None and held.kind == answer.value and held.name == "ann"
    table.clock.pass_(seconds=9.9)
    table.do.undo.take_back(held.id)
    assert table.do.incoming.card(number) == before
    assert table.do.privacy.blocked() == []
    assert table.later(seconds=60) == []


def test_after_ten_seconds_it_cannot_be_undone(table: Table) -> None:
    table.do.incoming.answer([table.arrives(ANN)], Answer.DECLINE)
    held = table.do.undo.current()
    assert held is not None
    table.clock.pass_(seconds=10)
    assert table.do.undo.current() is None
    with pytest.raises(Gone, match="hold"):
        table.do.undo.take_back(held.id)


def test_a_restart_in_the_hold_neither_loses_nor_doubles(table: Table) -> None:
    table.do.incoming.answer([table.arrives(ANN)], Answer.ACCEPT)
    table.clock.pass_(seconds=3)
    again = table.again()
    held = again.do.undo.current()
    assert held is not None and held.until == NOW + timedelta(seconds=10)
    assert again.later(seconds=8) == [orders.Accept(ANN)]
    assert again.later(seconds=8) == []
    again.close()
    table.db.open()


def test_at_once_is_told_at_the_next_round(table: Table) -> None:
    table.do.incoming.answer([table.arrives(ANN)], Answer.ACCEPT, at_once=True)
    assert table.round() == [orders.Accept(ANN)]


def test_many_at_once_with_one_undo(table: Table) -> None:
    numbers = [table.arrives(f"p{one}@x.example", f"note {one}") for one in range(50)]
    table.do.incoming.answer(numbers, Answer.DECLINE)
    assert table.rows() == () and len(table.rows("answered")) == 50
    held = table.do.undo.current()
    assert held is not None and held.count == 50
    table.do.undo.take_back(held.id)
    assert len(table.rows()) == 50
    table.do.incoming.answer(numbers, Answer.DECLINE)
    assert len(table.later(seconds=11)) == 50


def test_those_answered_meanwhile_are_passed_over(table: Table) -> None:
    one, two = table.arrives(ANN), table.arrives("ben@x.example")
    table.do.incoming.answer([one], Answer.ACCEPT)
    table.do.incoming.answer([one, two], Answer.DECLINE)
    assert {row.address: row.state for row in table.everything()} == {ANN: Incoming.ACCEPTED, "ben@x.example": Incoming.DECLINED}
    with pytest.raises(Gone, match="request"):
        table.do.incoming.answer([one, two], Answer.IGNORE)


def test_all_that_share_a_note(table: Table) -> None:
    note = "Hello dear, big profit waiting for you, guaranteed income every week."
    table.choose(spam_aside=False)
    numbers = [table.arrives(f"p{one}@spam{one}.example", note) for one in range(5)]
    other = table.arrives("kind@x.example", "We met on the ferry to Oban and spoke of maps.")
    assert sorted(table.do.incoming.with_same_note(numbers[2])) == sorted(numbers)
    assert table.do.incoming.with_same_note(other) == [other]


def test_block_a_whole_domain_ends_all_that_waits_from_it(table: Table) -> None:
    one, two, three = table.arrives(ANN), table.arrives("ben@x.example"), table.arrives("cid@y.example")
    table.do.incoming.answer([one], Answer.BLOCK, domain=True)
    assert [row.id for row in table.rows()] == [three]
    assert {row.state for row in table.rows("answered")} == {Incoming.BLOCKED}
    assert [block.target for block in table.do.privacy.blocked()] == ["x.example"]
    held = table.do.undo.current()
    assert held is not None
    table.do.undo.take_back(held.id)
    assert {row.id for row in table.rows()} == {one, two, three}


def test_report_and_block_the_domain(table: Table) -> None:
    number = table.arrives(ANN, "a note")
    table.do.incoming.answer([number], Answer.REPORT, report=ReportReason.ABUSE, reason="threats", domain=True)
    told = table.later(seconds=11)
    assert [type(one).__name__ for one in told] == ["Block", "Report", "Block"]
    found = {block.target: block.reported for block in table.do.privacy.blocked()}
    assert found == {ANN: True, "x.example": False}


def test_a_connection_that_is_blocked_ends_and_comes_back_with_undo(table: Table) -> None:
    table.connects(ANN)
    table.do.privacy.block(table.me, ANN)
    assert table.do.network.counts()["connections"] == 0
    held = table.do.undo.current()
    assert held is not None
    table.do.undo.take_back(held.id)
    assert table.do.network.counts()["connections"] == 1


def test_what_was_still_to_be_told_to_somebody_blocked_is_not_told(table: Table) -> None:
    table.do.incoming.answer([table.arrives(ANN)], Answer.ACCEPT)
    table.do.privacy.block(table.me, ANN)
    assert table.later(seconds=11) == [orders.Block(ANN)]


def test_and_is_told_after_all_when_the_block_is_undone(table: Table) -> None:
    table.do.incoming.answer([table.arrives(ANN)], Answer.ACCEPT)
    table.do.privacy.block(table.me, ANN)
    held = table.do.undo.current()
    assert held is not None
    table.do.undo.take_back(held.id)
    assert table.later(seconds=11) == [orders.Accept(ANN)]


def test_later_comes_back_on_its_date(table: Table) -> None:
    number = table.arrives(ANN)
    table.do.incoming.put_off([number], NOW + DAY)
    assert table.rows() == () and table.rows("later")[0].later_until == NOW + DAY
    table.later(hours=23)
    assert table.rows() == ()
    table.later(hours=2)
    assert [row.id for row in table.rows()] == [number]
    with pytest.raises(Refused, match="date has passed"):
        table.do.incoming.put_off([number], table.clock())


def test_later_can_be_undone_and_rescued(table: Table) -> None:
    number = table.arrives(ANN)
    table.do.incoming.put_off([number], NOW + DAY)
    held = table.do.undo.current()
    assert held is not None
    table.do.undo.take_back(held.id)
    assert [row.id for row in table.rows()] == [number]
    table.do.incoming.put_off([number], NOW + DAY)
    table.do.incoming.rescue([number])
    assert table.rows()[0].later_until is None


def test_a_declined_one_asks_again_too_soon_and_is_put_aside(table: Table) -> None:
    table.do.incoming.answer([table.arrives(ANN, "first")], Answer.DECLINE)
    table.later(days=20)
    table.arrives(ANN, "second")
    assert [row.reasons for row in table.rows("filtered")] == [("asked again",)]
    table.do.incoming.answer([table.rows("filtered")[0].id], Answer.DECLINE)
    table.later(days=91)
    table.arrives(ANN, "third")
    assert [row.note for row in table.rows()] == ["third"]


def test_reopen_lets_the_next_one_pass(table: Table) -> None:
    number = table.arrives(ANN, "first")
    table.do.incoming.answer([number], Answer.DECLINE)
    table.later(days=2)
    table.do.incoming.reopen(number)
    table.arrives(ANN, "second")
    assert [row.note for row in table.rows()] == ["second"]


def test_an_ignored_one_is_reopened_at_once(table: Table) -> None:
    number = table.arrives(ANN, "first")
    table.do.incoming.answer([number], Answer.IGNORE)
    table.later(days=2)
    table.do.incoming.reopen(number)
    assert [row.id for row in table.rows()] == [number]


def test_an_accepted_one_cannot_be_reopened(table: Table) -> None:
    number = table.arrives(ANN)
    table.do.incoming.answer([number], Answer.ACCEPT)
    with pytest.raises(Refused, match="cannot reopen"):
        table.do.incoming.reopen(number)


def test_accepted_what_was_taken_back_in_the_same_moment(table: Table) -> None:
    table.do.incoming.answer([table.arrives(ANN)], Answer.ACCEPT)
    table.clock.pass_(seconds=11)
    for one in table.do.courier.go_round().to_tell:
        table.take(events.OrderRefused(one.id, "gone", None, NOW))
    assert table.rows("answered")[0].state is Incoming.WITHDRAWN


def test_the_card_says_what_accepting_reveals_and_what_was_before(table: Table) -> None:
    table.do.incoming.answer([table.arrives(ANN, "first")], Answer.DECLINE)
    table.later(days=2)
    table.do.profile.save(table.me, Profile(name="Nadia", about="I plan routes"))
    card = table.do.incoming.card(table.arrives(ANN, "second"))
    assert "about" in card.gains and "website" not in card.gains
    assert [one.kind for one in card.history] == ["asked me", "i declined", "asked me"]
    assert "asked_again" in {one.name for one in card.evidence.signals}


def test_orders_of_the_list(table: Table) -> None:
    table.choose(know_mutuals=True)
    table.connects("kofi@care.example", "ines@care.example")
    table.shares("kofi@care.example", "one@x.example", "two@x.example")
    table.shares("ines@care.example", "two@x.example")
    for hours, address in ((3, "one@x.example"), (2, "two@x.example"), (1, "none@x.example")):
        table.arrives(address, f"my very own words {hours}", at=NOW - timedelta(hours=hours))
    found = {
        order: [row.address.partition("@")[0] for row in table.rows("review", order)]
        for order in ("relevant", "newest", "oldest", "mutual")
    }
    assert found == {
        "relevant": ["two", "one", "none"], "newest": ["none", "two", "one"], "oldest": ["one", "two", "none"], "mutual": ["two", "one", "none"],
    }  # fmt: skip


def test_pages_join_without_gaps(table: Table) -> None:
    numbers = [table.arrives(f"p{one:03}@d{one}.example", f"note number {one}", at=NOW + timedelta(minutes=one)) for one in range(130)]
    query = IncomingQuery(order="oldest")
    found = [row.id for start in (0, 50, 100) for row in table.do.incoming.page(query, start, 50).rows]
    assert found == numbers
    assert table.do.incoming.page(query, 0, 1).total == 130


def test_an_introduction_asked_of_me(table: Table) -> None:
    table.connects("kofi@care.example", "ines@care.example")
    table.take(events.IntroductionAsked(Address("kofi@care.example"), Address("ines@care.example"), "about maps", NOW))
    found = table.do.incoming.introductions()[0]
    table.do.incoming.answer_introduction(found.id, "you should meet", made=True)
    assert table.round() == [orders.AnswerIntroduction(Address("kofi@care.example"), Address("ines@care.example"), "you should meet", True)]
    with pytest.raises(Gone, match="introduction"):
        table.do.incoming.answer_introduction(found.id, "", made=True)


def test_when_they_connect_meanwhile_the_request_is_answered(table: Table) -> None:
    table.arrives(ANN)
    table.take(events.TiesChanged((Tie(ANN, "Ann", True, True, NOW),), complete=False, at=NOW))
    assert table.rows("answered")[0].state is Incoming.ACCEPTED


def test_an_account_that_is_removed_leaves_nothing(table: Table) -> None:
    table.do.incoming.answer([table.arrives(ANN, "secret words")], Answer.ACCEPT)
    table.do.accounts.remove(table.me)
    assert table.everything() == [] and outbox.waiting(table.db) == 0
    for name in ("person", "incoming", "outgoing", "outbox", "history", "edge", "person_word"):
        assert table.db.sql(f"SELECT count(*) FROM {name}")[0][0] == 0, name
