"""What came back after the server had taken it: words count as not sent, answers are told again."""

import pytest
from tests.builders import DAY, Table

from netdesk.domain import events, orders
from netdesk.domain.people import Address
from netdesk.domain.requests import Answer, Incoming

ANN = Address("ann@x.example")
BEN = Address("ben@y.example")
NOTE = "Kofi told me about your maps of clinics; may I ask how you draw them?"


def history(table: Table, address: str) -> list[str]:
    card = table.do.network.card(table.person(address))
    return [one.kind for one in card.history]


@pytest.mark.parametrize("refused", [True, False])
def test_a_follow_up_that_came_back_may_be_written_again(table: Table, refused: bool) -> None:
    table.do.sent.ask(table.me, ANN, NOTE)
    table.later(seconds=11)
    table.later(days=8)
    row = table.sent()[0]
    table.do.sent.follow_up(row.id, "any news?")
    told = table.do.courier.go_round().to_tell
    if refused:
        changes = table.take(events.OrderRefused(told[0].id, "service-unavailable", None, table.clock()))
    else:
        table.take(events.OrderConfirmed(told[0].id, table.clock()))
        changes = table.take(events.OrderCameBack(orders.FollowUp(ANN, "any news?"), "no such account", table.clock()))
    assert [one.kind for one in changes.notices] == ["not sent"]
    assert table.sent()[0].followed_up_at is None and history(table, ANN)[-1] == "words came back"
    table.do.sent.follow_up(row.id, "once more")


def test_a_wish_to_be_introduced_that_came_back_may_be_made_again(table: Table) -> None:
    table.connects(BEN)
    table.do.sent.ask_introduction(table.me, BEN, ANN, "of the maps")
    table.round()
    table.take(events.OrderCameBack(orders.AskIntroduction(BEN, ANN, "of the maps"), "no such account", table.clock()))
    assert history(table, ANN)[-1] == "words came back"
    table.do.sent.ask_introduction(table.me, BEN, ANN, "of the maps")
    assert table.round() == [orders.AskIntroduction(BEN, ANN, "of the maps")]


def test_an_introduction_that_came_back_waits_for_the_owner_again(table: Table) -> None:
    table.connects(ANN, BEN)
    table.take(events.IntroductionAsked(ANN, BEN, "please", table.clock()))
    number = table.do.incoming.introductions()[0].id
    table.do.incoming.answer_introduction(number, "you two", made=True)
    assert table.do.incoming.introductions() == []
    told = table.round()
    table.take(events.OrderCameBack(told[0], "no such account", table.clock()))
    assert [one.id for one in table.do.incoming.introductions()] == [number]


@pytest.mark.parametrize("answer", [Answer.DECLINE, Answer.ACCEPT, Answer.FOLLOW])
def test_an_answer_that_their_server_did_not_hear_is_told_again(table: Table, answer: Answer) -> None:
    number = table.arrives(ANN, "hello")
    table.do.incoming.answer([number], answer)
    told = table.later(seconds=11)
    table.take(events.OrderCameBack(told[0], "remote-server-timeout", table.clock()))
    table.take(events.OrderCameBack(told[0], "remote-server-timeout", table.clock()))
    assert table.later(minutes=59) == []
    assert table.later(minutes=2) == told, "once"
    assert history(table, ANN).count("to be told again") == 1


def test_while_it_is_under_way_it_may_come_back(table: Table) -> None:
    """The error comes before the server's own confirmation."""
    number = table.arrives(ANN, "hello")
    table.do.incoming.answer([number], Answer.DECLINE)
    table.clock.pass_(seconds=11)
    told = table.do.courier.go_round().to_tell
    table.take(events.OrderCameBack(told[0].order, "remote-server-timeout", table.clock()))
    table.take(events.OrderConfirmed(told[0].id, table.clock()))
    assert table.later(hours=2) == [orders.Decline(ANN)]


def test_after_a_week_it_is_let_go(table: Table) -> None:
    table.do.incoming.answer([table.arrives(ANN, "hello")], Answer.DECLINE)
    told = table.later(seconds=11)
    table.clock.pass_(days=8)
    table.take(events.OrderCameBack(told[0], "remote-server-timeout", table.clock()))
    assert table.later(days=1) == []


def test_nothing_is_told_again_to_somebody_who_is_shut_out(table: Table) -> None:
    table.do.incoming.answer([table.arrives(ANN, "hello")], Answer.DECLINE)
    told = table.later(seconds=11)
    table.do.privacy.block(table.me, ANN, at_once=True)
    table.take(events.OrderCameBack(told[0], "remote-server-timeout", table.clock()))
    assert table.round() == [orders.Block(ANN)]
    assert table.later(hours=2) == []
    assert table.everything()[0].state is Incoming.DECLINED
    assert table.clock() - table.everything()[0].arrived_at < DAY


def test_an_old_answer_does_not_fall_on_a_new_request(table: Table) -> None:
    """Declined, not heard there, asked again, accepted: what is told is the acceptance, at once."""
    table.do.incoming.answer([table.arrives(ANN, "hello")], Answer.DECLINE)
    told = table.later(seconds=11)
    table.take(events.OrderCameBack(told[0], "remote-server-timeout", table.clock()))
    table.clock.pass_(minutes=5)
    again = table.arrives(ANN, "hello once more")
    table.do.incoming.answer([again], Answer.ACCEPT)
    assert table.later(seconds=11) == [orders.Accept(ANN)]
    assert table.later(hours=2) == []


def not_heard(table: Table) -> list[orders.Order]:
    """Declined, and their server did not hear it."""
    table.do.incoming.answer([table.arrives(ANN, "hello")], Answer.DECLINE)
    told = table.later(seconds=11)
    table.take(events.OrderCameBack(told[0], "remote-server-timeout", table.clock()))
    return told


def test_a_request_that_waits_at_a_login_is_a_new_one_also_when_the_old_answer_is_to_be_told_again(table: Table) -> None:
    not_heard(table)
    table.clock.pass_(minutes=5)
    table.take(events.RequestsArrived((events.ArrivedRequest(ANN, "", "hello once more", table.clock()),), snapshot=True))
    assert [row.note for row in table.everything() if row.state in (Incoming.TO_REVIEW, Incoming.FILTERED)] == ["hello once more"]
    assert table.later(hours=2) == []


def test_what_the_owner_does_anew_is_told_at_once_and_the_old_answer_never(table: Table) -> None:
    not_heard(table)
    table.do.sent.ask(table.me, ANN, NOTE)
    assert table.later(seconds=11) == [orders.Ask(ANN, NOTE)]
    assert table.later(hours=2) == []


def test_what_was_void_is_told_again_when_the_new_act_is_taken_back(table: Table) -> None:
    told = not_heard(table)
    table.do.sent.ask(table.me, ANN, NOTE)
    held = table.do.undo.current()
    assert held is not None
    table.do.undo.take_back(held.id)
    assert table.later(hours=2) == told


def test_a_newer_act_that_is_still_held_stops_it(table: Table) -> None:
    table.do.incoming.answer([table.arrives(ANN, "hello")], Answer.DECLINE)
    told = table.later(seconds=11)
    table.do.sent.ask(table.me, ANN, NOTE)
    table.take(events.OrderCameBack(told[0], "remote-server-timeout", table.clock()))
    assert table.later(seconds=11) == [orders.Ask(ANN, NOTE)]
    assert table.later(hours=2) == []


@pytest.mark.parametrize("whom", [ANN, "@x.example"])
def test_a_block_waits_for_nothing(table: Table, whom: str) -> None:
    """Removed, not heard, to be told again in an hour; the block is told when its own time has come, and nothing after it."""
    table.connects(ANN)
    table.do.network.remove([table.person(ANN)])
    told = table.later(seconds=11)
    assert told == [orders.Remove(ANN)]
    table.take(events.OrderCameBack(told[0], "remote-server-timeout", table.clock()))
    table.do.privacy.block(table.me, whom)
    assert table.later(seconds=11) == [orders.Block(whom.removeprefix("@"))]
    assert table.later(hours=2) == []


def test_a_block_waits_for_nothing_that_the_server_has_put_off(table: Table) -> None:
    table.connects(ANN)
    table.do.network.remove([table.person(ANN)])
    table.clock.pass_(seconds=11)
    told = table.do.courier.go_round().to_tell
    table.take(events.OrderRefused(told[0].id, "too fast", table.clock() + DAY / 2, table.clock()))
    table.do.privacy.block(table.me, ANN)
    assert table.later(seconds=11) == [orders.Block(ANN)]
