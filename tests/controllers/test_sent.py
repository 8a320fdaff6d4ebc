"""Asking others: drafts, the hold, the budget, withdrawing, following up, and a machine that tries every order of acts."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.builders import DAY, ME, NOW, Table, TestClock

from netdesk.controllers.sent import fill, mention
from netdesk.domain import events, orders
from netdesk.domain.errors import Gone, NetDeskError, Refused
from netdesk.domain.people import Address
from netdesk.domain.requests import Answer, Outgoing
from netdesk.store import outgoing

ANN = Address("ann@x.example")
NOTE = "Kofi told me about your maps of clinics; may I ask how you draw them?"


def unlike(number: int) -> str:
    """A note unlike every other."""
    words = ("maps", "choir", "ferry", "bread", "chess", "river", "lamp", "violin", "garden", "frost", "comet", "letter", "harbour")
    return " ".join(words[(number * step + step) % len(words)] + str(number * step) for step in range(1, 9))


def test_the_way_of_a_request(table: Table) -> None:
    table.do.sent.ask(table.me, ANN, NOTE)
    assert table.sent()[0].state is Outgoing.HELD
    assert table.later(seconds=9) == []
    table.clock.pass_(seconds=2)
    told = table.do.courier.go_round().to_tell
    assert [one.order for one in told] == [orders.Ask(ANN, NOTE)]
    assert table.sent()[0].state is Outgoing.QUEUED, "waiting only when the server has confirmed it"
    table.take(events.OrderConfirmed(told[0].id, table.clock()))
    assert table.sent()[0].state is Outgoing.WAITING
    assert [one.kind for one in table.do.sent.card(table.sent()[0].id).history] == ["i asked", "delivered"]


def test_undo_makes_it_a_draft_and_frees_the_budget(table: Table) -> None:
    table.do.sent.ask(table.me, ANN, NOTE)
    assert table.do.sent.budget(table.me).day_used == 1
    held = table.do.undo.current()
    assert held is not None
    table.do.undo.take_back(held.id)
    assert [(row.state, row.note) for row in table.sent("drafts")] == [(Outgoing.DRAFT, NOTE)]
    assert table.do.sent.budget(table.me).day_used == 0
    assert table.later(seconds=60) == []


def test_offline_it_is_queued_and_told_once_when_back(table: Table) -> None:
    table.take(events.WentOffline("unreachable"))
    table.do.sent.ask(table.me, ANN, NOTE)
    assert table.later(minutes=5) == []
    assert table.sent()[0].state is Outgoing.QUEUED
    table.online()
    assert table.round() == [orders.Ask(ANN, NOTE)]
    assert table.round() == []


def test_a_broken_connection_tells_the_same_order_again(table: Table) -> None:
    table.do.sent.ask(table.me, ANN, NOTE)
    table.clock.pass_(seconds=11)
    first = table.do.courier.go_round().to_tell
    assert table.do.courier.go_round().to_tell == (), "it is under way"
    table.take(events.WentOffline(""))
    table.online()
    again = table.do.courier.go_round().to_tell
    assert [one.id for one in again] == [one.id for one in first], "the same number: the server does it once"


def test_the_21st_of_a_day_is_queued_and_goes_by_itself(table: Table) -> None:
    for number in range(21):
        table.do.sent.ask(table.me, Address(f"p{number}@x.example"), unlike(number))
        table.later(minutes=1)
    queued = [row for row in table.sent() if row.state is Outgoing.QUEUED]
    assert [row.address for row in queued] == ["p20@x.example"]
    assert queued[0].until == NOW + timedelta(minutes=1) + DAY, "a day after the first was told"
    assert table.do.sent.budget(table.me).day_used == 20
    table.later(hours=23)
    assert table.sent()[-1].state is Outgoing.QUEUED
    told = table.later(hours=1)
    assert [one.address for one in told if isinstance(one, orders.Ask)] == ["p20@x.example"]


def test_a_new_account_stops_at_five(tmp_path: Path, clock: TestClock) -> None:
    table = Table(tmp_path / "new", clock, account=False)
    table.do.accounts.add("community", ME, "", "Nadia", NOW - 3 * DAY)
    table.me = table.do.accounts.all()[0].id
    for number in range(6):
        table.do.sent.ask(table.me, Address(f"p{number}@x.example"), unlike(number))
    assert [row.state for row in table.sent()].count(Outgoing.QUEUED) == 1
    table.close()


def test_the_same_note_to_six_people_is_refused(table: Table) -> None:
    for number in range(5):
        table.do.sent.ask(table.me, Address(f"p{number}@x.example"), NOTE)
    with pytest.raises(Refused, match="same note"):
        table.do.sent.ask(table.me, ANN, NOTE)
    with pytest.raises(Refused, match="same note"):
        table.do.sent.ask(table.me, ANN, NOTE.upper() + "!")
    table.clock.pass_(days=7, seconds=1)
    table.do.sent.ask(table.me, ANN, NOTE)


@pytest.mark.parametrize("reason", ["to myself", "connected", "blocked", "waiting already", "they ask you", "note too long"])
def test_what_is_refused(table: Table, reason: str) -> None:
    note, address = NOTE, ANN
    match reason:
        case "to myself":
            address = ME
        case "connected":
            table.connects(ANN)
        case "blocked":
            table.do.privacy.block(table.me, "x.example")
        case "waiting already":
            table.do.sent.ask(table.me, ANN, NOTE)
        case "they ask you":
            table.arrives(ANN, "hello")
        case "note too long":
            note = "x" * 301
    with pytest.raises(Refused, match=reason):
        table.do.sent.ask(table.me, address, note)
    assert not [row for row in table.sent() if row.address == address and reason != "waiting already"]


def test_withdrawn_twenty_one_days_and_no_more(table: Table) -> None:
    table.do.sent.ask(table.me, ANN, NOTE)
    table.later(seconds=11)
    table.do.sent.withdraw([table.sent()[0].id])
    assert table.later(seconds=11) == [orders.Withdraw(ANN)]
    with pytest.raises(Refused, match="withdrawn lately") as refused:
        table.do.sent.ask(table.me, ANN, NOTE)
    assert refused.value.until == NOW + timedelta(seconds=11) + 21 * DAY
    table.clock.pass_(days=21)
    table.do.sent.ask(table.me, ANN, NOTE)


def test_withdrawing_before_it_was_told_sends_nothing_of_it(table: Table) -> None:
    table.do.sent.ask(table.me, ANN, NOTE)
    table.do.sent.withdraw([table.sent()[0].id])
    assert orders.Ask(ANN, NOTE) not in table.later(seconds=11)
    assert table.do.sent.budget(table.me).day_used == 0


def test_a_decline_closes_for_ninety_days_two_for_good(table: Table) -> None:
    for number in (1, 2):
        table.do.sent.ask(table.me, ANN, unlike(number))
        table.later(seconds=11)
        table.take(events.RequestAnswered(ANN, "declined", table.clock()))
        with pytest.raises(Refused, match="no lately" if number == 1 else "declined twice"):
            table.do.sent.ask(table.me, ANN, unlike(3))
        table.clock.pass_(days=91)
    with pytest.raises(Refused, match="declined twice"):
        table.do.sent.ask(table.me, ANN, unlike(4))
    number_in = table.arrives(ANN, "I changed my mind")
    table.do.incoming.answer([number_in], Answer.IGNORE)
    table.later(seconds=11)
    table.do.sent.ask(table.me, ANN, unlike(5))


def test_ninety_days_without_an_answer_end_it_and_a_late_yes_counts(table: Table) -> None:
    table.do.sent.ask(table.me, ANN, NOTE)
    table.later(seconds=11)
    table.later(days=90, seconds=1)
    assert table.sent("ended")[0].state is Outgoing.NO_ANSWER
    table.take(events.RequestAnswered(ANN, "accepted", table.clock()))
    assert table.sent("accepted")[0].address == ANN


def test_asking_again_after_no_answer_takes_the_old_one_back_first(table: Table) -> None:
    table.do.sent.ask(table.me, ANN, NOTE)
    table.later(seconds=11)
    table.later(days=91)
    table.do.sent.ask(table.me, ANN, unlike(1))
    assert table.later(seconds=11) == [orders.Withdraw(ANN), orders.Ask(ANN, unlike(1))]


def test_one_follow_up_after_a_week(table: Table) -> None:
    table.do.sent.ask(table.me, ANN, NOTE)
    table.later(seconds=11)
    number = table.sent()[0].id
    with pytest.raises(Refused, match="follow up later"):
        table.do.sent.follow_up(number, "any news?")
    table.later(days=8)
    with pytest.raises(Refused, match="empty note"):
        table.do.sent.follow_up(number, " ")
    table.do.sent.follow_up(number, "any news?")
    assert table.round() == [orders.FollowUp(ANN, "any news?")]
    with pytest.raises(Refused, match="followed up already"):
        table.do.sent.follow_up(number, "and now?")


def test_withdraw_all_that_are_older(table: Table) -> None:
    for number in range(3):
        table.do.sent.ask(table.me, Address(f"p{number}@x.example"), unlike(number))
        table.later(seconds=11)
        table.later(days=10)
    with pytest.raises(Gone, match="nothing so old"):
        table.do.sent.withdraw_older(table.me, 40)
    table.do.sent.withdraw_older(table.me, 15)
    assert [row.address for row in table.sent()] == ["p2@x.example"]
    held = table.do.undo.current()
    assert held is not None and held.count == 2
    table.do.undo.take_back(held.id)
    assert len(table.sent()) == 3


def test_reminders_are_given_once(table: Table) -> None:
    table.do.sent.ask(table.me, ANN, NOTE)
    table.later(seconds=11)
    table.do.sent.remind(table.sent()[0].id, NOW + DAY)
    table.clock.pass_(days=1)
    assert [one.kind for one in table.do.courier.go_round().changes.notices] == ["reminder"]
    assert table.do.courier.go_round().changes.notices == ()


def test_drafts_are_kept_one_a_person(table: Table) -> None:
    table.do.sent.save_draft(table.me, ANN, "first")
    table.do.sent.save_draft(table.me, ANN, "second")
    assert [row.note for row in table.sent("drafts")] == ["second"]
    assert table.do.sent.compose(table.me, ANN).draft is not None
    table.do.sent.ask(table.me, ANN, NOTE)
    assert table.sent("drafts") == ()


def test_figures_are_my_own_history(table: Table) -> None:
    assert table.do.sent.figures(table.me).median_wait_hours is None
    for number, answer in enumerate(("accepted", "accepted", "declined", "")):
        address = Address(f"p{number}@x.example")
        table.do.sent.ask(table.me, address, unlike(number) if number % 2 == 0 else "")
        table.later(seconds=11)
        if answer:
            table.take(events.RequestAnswered(address, answer, table.clock() + timedelta(hours=number + 1)))
    found = table.do.sent.figures(table.me)
    assert (found.sent, found.answered, found.accepted) == (4, 3, 2)
    assert (found.with_note, found.with_note_accepted, found.without_note, found.without_note_accepted) == (2, 1, 1, 1)
    assert found.median_wait_hours == pytest.approx(1.5, abs=0.01)
    assert (found.day_used, found.waiting) == (4, 1)


def test_templates_fill_what_is_known(table: Table) -> None:
    table.choose(know_mutuals=True)
    table.connects("kofi@care.example", name="Kofi Mensah")
    table.shares("kofi@care.example", ANN)
    table.do.sent.save_template("Hello", "Dear {first}, {mutual} says hello. {interest}? {me}")
    composing = table.do.sent.compose(table.me, ANN)
    assert fill(composing.templates[0].text, composing) == "Dear Ann, Kofi Mensah says hello. {interest}? Nadia Rahman"
    with pytest.raises(Refused, match="empty template"):
        table.do.sent.save_template(" ", "x")
    table.do.sent.delete_template(composing.templates[0].id)
    assert table.do.sent.templates() == []
    assert mention("Hello", "Kofi") == "Hello Kofi " and mention("", "Kofi") == "Kofi "


def test_ask_a_mutual_connection_for_an_introduction(table: Table) -> None:
    with pytest.raises(Refused, match="not connected"):
        table.do.sent.ask_introduction(table.me, Address("kofi@care.example"), ANN, "please")
    table.connects("kofi@care.example", name="Kofi")
    table.do.sent.ask_introduction(table.me, Address("kofi@care.example"), ANN, "please")
    assert table.round() == [orders.AskIntroduction(Address("kofi@care.example"), ANN, "please")]
    with pytest.raises(Refused, match="introduction asked"):
        table.do.sent.ask_introduction(table.me, Address("kofi@care.example"), ANN, "please")
    table.take(events.IntroductionAnswered(Address("kofi@care.example"), ANN, True, NOW))
    assert "introduced" in [one.kind for one in table.do.network.card(table.person(ANN)).history]


def test_blocking_takes_back_what_i_asked(table: Table) -> None:
    table.do.sent.ask(table.me, ANN, NOTE)
    table.later(seconds=11)
    table.do.privacy.block(table.me, ANN)
    row = table.sent("ended")[0]
    assert (row.state, row.why) == (Outgoing.WITHDRAWN, "blocked")


class Budgets(RuleBasedStateMachine):
    """Tries acts in every order, with restarts and clock jumps, and looks that no limit is ever passed."""

    folder: Path

    @initialize()
    def begin(self) -> None:
        self.clock = TestClock()
        self.table = Table(self.folder / f"run{id(self)}", self.clock)
        self.table.db.sql("PRAGMA synchronous = off")  # whether it is durable is another test's question
        self.number = 0
        self.told: list[tuple[datetime, str, str]] = []
        self.true_time = NOW

    def teardown(self) -> None:
        if hasattr(self, "table"):
            self.table.close()

    def go(self) -> None:
        for order in self.table.round():
            if isinstance(order, orders.Ask):
                self.told.append((self.true_time, order.address, order.note))

    @rule(count=st.sampled_from([3, 9, 22]), seconds=st.sampled_from([11, 700]))
    def ask_many_and_wait(self, count: int, seconds: int) -> None:
        self.ask(count, False, False)
        self.wait(seconds / 60)

    @rule(count=st.sampled_from([1, 6, 22]), same=st.booleans(), again=st.booleans())
    def ask(self, count: int, same: bool, again: bool) -> None:
        for _ in range(count):
            if not again:
                self.number += 1
            note = NOTE if same else unlike(self.number)
            try:
                self.table.do.sent.ask(self.table.me, Address(f"p{self.number}@x.example"), note)
            except NetDeskError:
                return

    @rule()
    def undo(self) -> None:
        held = self.table.do.undo.current()
        if held is not None:
            self.table.do.undo.take_back(held.id)

    @rule(which=st.integers(0, 30))
    def withdraw(self, which: int) -> None:
        rows = self.table.sent()
        if rows:
            self.table.do.sent.withdraw([rows[which % len(rows)].id])

    @rule(which=st.integers(0, 30), yes=st.booleans())
    def answered(self, which: int, yes: bool) -> None:
        rows = [row for row in self.table.sent() if row.state is Outgoing.WAITING]
        if rows:
            self.table.take(events.RequestAnswered(rows[which % len(rows)].address, "accepted" if yes else "declined", self.clock()))

    @rule(minutes=st.sampled_from([1, 11, 60, 600, 1_500, 11_000]))
    def wait(self, minutes: float) -> None:
        for _ in range(3):
            self.clock.pass_(minutes=minutes / 3)
            self.true_time += timedelta(minutes=minutes / 3)
            self.go()

    @rule(hours=st.integers(-72, -1))
    def clock_is_turned_back(self, hours: int) -> None:
        self.clock.pass_(hours=hours)
        self.go()

    @rule()
    def restart(self) -> None:
        self.table = self.table.again()

    @invariant()
    def no_limit_is_passed(self) -> None:
        if not hasattr(self, "table"):
            return
        now = self.true_time
        recent = [one for one in self.told if now - one[0] < DAY]
        assert len(recent) <= 20
        assert len([one for one in self.told if now - one[0] < 7 * DAY]) <= 80
        assert outgoing.waiting_count(self.table.db, self.table.me) <= 100
        week = [one for one in self.told if now - one[0] < 7 * DAY]
        for _, _, note in week:
            assert len({address for _, address, other in week if note and note == other}) <= 5
        open_to = [row.address for row in self.table.sent()]
        assert len(open_to) == len(set(open_to)), "never two open requests to one person"


def test_no_sequence_of_acts_passes_a_limit(tmp_path: Path) -> None:
    Budgets.folder = tmp_path
    case = Budgets.TestCase
    case.settings = settings(max_examples=60, stateful_step_count=40, deadline=None, phases=(Phase.generate, Phase.shrink))
    case("runTest").runTest()
