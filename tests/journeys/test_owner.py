"""Stories of an owner, on the real window."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QTableView
from tests.journeys.conftest import Story
from tests.networks.test_desk import Owner

from netdesk.domain.events import ArrivedRequest, Delivery, RequestsArrived
from netdesk.domain.people import Address, PeopleQuery
from netdesk.domain.privacy import WhoMayAsk
from netdesk.domain.requests import Answer, Incoming, ReportReason
from netdesk.ui.answers import ShutOutDialog
from netdesk.ui.composer import Composer
from netdesk.ui.parts import PlainLabel

AMARA = "amara@care.example"


def test_first_run_from_nothing_to_an_open_desk(story: Story) -> None:
    story.opens()
    window = story.window
    assert window.current is window.pages.welcome and not window.tabs.isEnabled()
    window.pages.welcome._name.setText("Nadia Rahman")
    story.clicks("Create")
    story.waits_until(lambda: window._first_run is not None)
    desk = window.bridge.desk
    account = desk.call(desk.do.accounts.all)[0]
    assert not desk.call(desk.do.privacy.choices, account.id).confirmed, "nothing is published before"
    window._first_run._headline.setText("Vaccine logistics")
    story.clicks("Publish this")
    story.waits_until(lambda: window.current is window.pages.incoming)
    assert desk.call(desk.do.privacy.choices, account.id).confirmed
    assert desk.call(desk.do.profile.profile, account.id).headline == "Vaccine logistics"
    story.waits_until(window.pages.incoming.list.nothing.isVisible)


def test_judge_and_accept_with_one_key(sample: Story) -> None:
    sample.picks(AMARA)
    said = " ".join(label.text() for label in sample.window.pages.incoming.card.findChildren(type(sample.window.pages.incoming.card._hint)))
    assert AMARA in said and "Kofi" in said and "What we checked" in said and "If you accept" in said
    sample.presses("a")
    sample.waits_until(lambda: AMARA not in [row.address for row in sample.incoming()])
    sample.waits_until(sample.window.undo_bar.isVisible)
    shown = sample.window.pages.incoming.rows
    sample.waits_until(lambda: shown.current_row() is not None and shown.current_row().address != AMARA)
    sample.hold_is_over()
    sample.waits_until(lambda: AMARA in sample.connections())


def test_decline_and_undo(sample: Story) -> None:
    sample.picks(AMARA)
    sample.presses("d")
    sample.waits_until(lambda: len(sample.incoming()) == 8)
    sample.waits_until(lambda: sample.window.undo_bar._held is not None)
    sample.presses("u")
    sample.waits_until(lambda: AMARA in [row.address for row in sample.incoming()])
    sample.waits_until(lambda: not sample.window.undo_bar.isVisible())


def test_a_key_that_is_held_answers_once(sample: Story) -> None:
    before = len(sample.incoming())
    for _ in range(5):
        sample.presses("d")
    sample.rests()
    assert len(sample.incoming()) == before - 1


def test_block_and_nothing_passes_in_either_direction(story: Story, ben: Owner) -> None:
    story.begins_as("Nadia")
    me = Address("nadia@community.local")
    ben.desk.call(ben.desk.do.sent.ask, ben.account.id, me, "let me in", at_once=True)
    ben.sync()
    story.waits_until(lambda: story.window.pages.incoming.rows.current_row() is not None)
    story.presses("b")
    dialog = story.dialog()
    assert isinstance(dialog, ShutOutDialog)
    story.clicks("Block", dialog)
    story.waits_until(lambda: story.incoming() == [])
    story.hold_is_over()
    ben.sync()
    ben.desk.call(ben.desk.do.sent.withdraw, [ben.desk.call(ben.desk.do.sent.open_request_to, ben.account.id, me).id], at_once=True)
    ben.sync()
    seen = ben.desk.call(ben.desk.do.network.find, ben.account.id, me)
    assert seen.profile is None or not seen.profile.name
    story.rests()
    assert story.incoming() == [] and story.connections() == []
    assert [row.state for row in story.incoming("answered")] == [Incoming.BLOCKED]


@pytest.mark.parametrize(
    ("choice", "reason"),
    [({"who_may_ask": WhoMayAsk.SHARED}, "no shared connection"), ({"who_may_ask": WhoMayAsk.INVITED}, "not invited"),
     ({"ask_for_note": True}, "no note"), ({"who_may_ask": WhoMayAsk.DOMAINS, "domains": ("x.example",)}, "other domain"),
     ({"who_may_ask": WhoMayAsk.NOBODY}, "closed")],
)  # fmt: skip
def test_filtered_by_a_rule_and_rescued(story: Story, ben: Owner, choice: dict[str, object], reason: str) -> None:
    story.begins_as("Nadia")
    desk = story.window.bridge.desk
    account = desk.call(desk.do.accounts.all)[0]
    desk.call(desk.do.privacy.choose, account.id, replace(desk.call(desk.do.privacy.choices, account.id), **choice))
    ben.desk.call(ben.desk.do.sent.ask, ben.account.id, Address("nadia@community.local"), "", at_once=True)
    ben.sync()
    story.waits_until(lambda: story.incoming("filtered"))
    assert story.incoming("filtered")[0].reasons == (reason,)
    story.shows("incoming", "filtered")
    story.picks(ben.account.address)
    story.clicks("Move to review")
    story.waits_until(lambda: [row.address for row in story.incoming()] == [ben.account.address])


def test_send_with_a_note_and_be_accepted(story: Story, ben: Owner) -> None:
    story.begins_as("Nadia")
    story.presses("n")
    composer = story.dialog()
    assert isinstance(composer, Composer)
    QTest.keyClicks(composer._to, ben.account.address)
    QTest.keyClicks(composer._note, "We met in Accra; may I ask about your maps?")
    story.waits_until(lambda: composer._send.isEnabled())
    QTest.keyClick(composer, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    story.waits_until(lambda: story.sent() == [ben.account.address])
    story.hold_is_over()
    ben.sync()
    ben.answers(Answer.ACCEPT)
    story.waits_until(lambda: story.connections() == [ben.account.address])
    assert story.sent("accepted") == [ben.account.address]


def test_over_the_budget_it_is_queued_with_a_date(sample: Story) -> None:
    desk = sample.window.bridge.desk
    account = desk.call(desk.do.accounts.all)[0]
    suggested = desk.call(desk.do.network.page, PeopleQuery(kind="suggested"), 0, 40).rows
    others = [row.address for row in suggested if row.address not in ("asa.oberg@lab.example", "noor.jansen@uni.example")]
    for number, address in enumerate(others[:19]):
        desk.call(desk.do.sent.ask, account.id, address, f"word{number} " * 3, at_once=True)
    composer = sample.window.compose(0, "asa.oberg@lab.example")
    assert composer is not None
    composer._note.setPlainText("One more, and it is queued.")
    sample.waits_until(lambda: composer._send.isEnabled())
    sample.waits_until(lambda: any("Over the budget" in one.text() for one in composer.findChildren(type(composer._title))))
    composer.send()
    sample.waits_until(lambda: "asa.oberg@lab.example" in sample.sent())
    row = desk.call(desk.do.sent.open_request_to, account.id, Address("asa.oberg@lab.example"))
    assert row.until is not None and row.sent_at is None


def test_withdraw_and_cool_down(sample: Story) -> None:
    sample.shows("sent", "waiting")
    sample.picks("luis@revista.example")
    sample.presses("w")
    sample.waits_until(lambda: "luis@revista.example" not in sample.sent())
    sample.hold_is_over()
    composer = sample.window.compose(0, "luis@revista.example")
    assert composer is not None
    sample.waits_until(lambda: any("You can ask again on" in one.text() for one in composer.findChildren(type(composer._title))))
    assert not composer._send.isEnabled()
    composer.reject()


def test_the_twelve_with_one_note_answered_together(sample: Story) -> None:
    sample.shows("incoming", "filtered")
    sample.waits_until(lambda: sample.window.pages.incoming.model.rowCount() == 12)
    sample.picks(sample.incoming("filtered")[0].address)
    sample.clicks("Answer them together")
    sample.waits_until(lambda: len(sample.window.pages.incoming._picked) == 12)
    sample.rests()
    sample.presses("i")
    sample.waits_until(lambda: sample.incoming("filtered") == [])
    sample.waits_until(lambda: sample.window.undo_bar._held is not None and sample.window.undo_bar._held.count == 12)
    sample.presses("u")
    sample.waits_until(lambda: len(sample.incoming("filtered")) == 12)


def test_report_with_a_reason(sample: Story) -> None:
    sample.picks("kofi.rnensah@care.example")
    sample.presses("r")
    dialog = sample.dialog()
    assert isinstance(dialog, ShutOutDialog)
    dialog._reason.setText("pretends to be Kofi")
    sample.clicks("Block and report", dialog)
    sample.hold_is_over()
    desk = sample.window.bridge.desk
    block = desk.call(desk.do.privacy.blocked)[0]
    assert (block.target, block.reason) == ("kofi.rnensah@care.example", "pretends to be Kofi")
    sample.waits_until(lambda: desk.call(desk.do.privacy.blocked)[0].reported)
    account = desk.call(desk.do.accounts.all)[0]
    assert [(one.target, one.category) for one in desk.call(desk.reports, account.id)] == [(block.target, ReportReason.SPAM.value)]


def test_two_owners_on_one_community_each_see_their_own(story: Story, ben: Owner) -> None:
    story.begins_as("Nadia")
    ben.desk.call(ben.desk.do.sent.ask, ben.account.id, Address("nadia@community.local"), "for Nadia only", at_once=True)
    ben.sync()
    story.waits_until(lambda: [row.note for row in story.incoming()] == ["for Nadia only"])
    assert ben.incoming() == []


def test_a_crash_in_the_hold_time_tells_it_once(sample: Story, tmp_path: Path) -> None:
    """The window and the desk go without a word, as in a crash; the next start tells the answer, once."""
    sample.picks(AMARA)
    sample.presses("a")
    sample.waits_until(lambda: AMARA not in [row.address for row in sample.incoming()])
    sample.closes()
    sample.opens(sample=True, folder=tmp_path / "sample")
    assert [row.state for row in sample.incoming("answered") if row.address == AMARA] == [Incoming.ACCEPTED]
    sample.hold_is_over()
    sample.waits_until(lambda: AMARA in sample.connections())


def test_close_and_reopen_where_one_was(sample: Story, tmp_path: Path) -> None:
    sample.shows("privacy")
    sample.window.theme.choose("dark")
    sample.window.resize(780, 600)
    sample.closes()
    sample.opens(sample=True, folder=tmp_path / "sample")
    assert sample.window.tabs.currentIndex() == 3
    assert sample.window.theme.choice == "dark"
    assert sample.window.width() == 780


def test_search_finds_and_opens(sample: Story) -> None:
    QTest.keyClick(sample.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = sample.window.search
    sample.window.activateWindow()
    field.setFocus()
    QTest.keyClicks(field, "amara")
    sample.waits_until(lambda: field.results.count() > 0)
    QTest.keyClick(field, Qt.Key.Key_Return)
    shown = sample.window.pages.incoming.rows
    sample.waits_until(lambda: shown.current_row() is not None and shown.current_row().address == AMARA)


def test_letters_in_a_field_are_letters(sample: Story) -> None:
    before = len(sample.incoming())
    sample.shows("network")
    field: QLineEdit = sample.window.pages.network.search
    field.setFocus()
    QTest.keyClicks(field, "adilbr")
    assert field.text() == "adilbr"
    sample.rests()
    assert len(sample.incoming()) == before


def test_a_link_opens_the_composer_and_sends_nothing(sample: Story) -> None:
    before = sample.sent()
    sample.window.open_link("xmpp:hana.new@lab.example?roster;preauth=abc")
    composer = sample.dialog()
    assert isinstance(composer, Composer) and composer._token == "abc"
    composer.reject()
    sample.window.open_link("xmpp:no address")
    sample.rests()
    assert "not an" in sample.window.band.text and sample.sent() == before


def test_from_the_sample_to_the_own_desk_and_back(story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    story.opens()
    story.window.pages.welcome.try_button.click()
    story.waits_until(lambda: story.program.window is not None and story.program.window.sample)
    story.waits_until(lambda: story.window.pages.incoming.model.rowCount() >= 9)
    story.rests()
    story.window.wants_own_desk.emit()
    story.waits_until(lambda: story.program.window is not None and not story.program.window.sample)
    story.rests()
    assert story.window.current is story.window.pages.welcome


def test_narrow_windows_show_the_list_then_the_card(sample: Story) -> None:
    sample.window.resize(760, 560)
    sample.picks(AMARA)
    page = sample.window.pages.incoming
    sample.waits_until(lambda: page.narrow)
    page.show_card()
    assert page._right.isVisible() and not page._left.isVisible()
    page.show_list()
    assert page._left.isVisible()


def test_every_widget_that_can_be_reached_has_a_name(sample: Story) -> None:
    for tab in ("network", "incoming", "sent", "privacy"):
        sample.shows(tab)
        for kind in (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QTableView):
            for widget in sample.window.findChildren(kind):
                if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus and "qt_" not in widget.objectName():
                    text = widget.text() if isinstance(widget, QAbstractButton) else ""
                    assert widget.accessibleName() or text or widget.parent().__class__.__name__ in {"QLineEdit", "QTabBar"}, widget


def test_a_backup_is_restored_from_the_window(sample: Story, tmp_path: Path) -> None:
    desk = sample.window.bridge.desk
    backup = tmp_path / "backup.db"
    desk.call(desk.do.storage.back_up_to, backup)
    sample.picks(AMARA)
    sample.presses("i")
    sample.waits_until(lambda: len(sample.incoming()) == 8)
    before = sample.window
    sample.window.wants_restore.emit(str(backup))
    sample.waits_until(lambda: sample.program.window is not None and sample.program.window is not before)
    sample.waits_until(lambda: len(sample.incoming()) == 9)


def test_what_is_no_backup_changes_nothing_and_is_said(sample: Story, tmp_path: Path) -> None:
    (tmp_path / "no.db").write_bytes(b"nonsense" * 1_000)
    before = sample.window
    sample.window.wants_restore.emit(str(tmp_path / "no.db"))
    sample.waits_until(lambda: sample.program.window is not None and sample.program.window is not before)
    sample.rests()
    assert len(sample.incoming()) == 9 and "not a whole NetDesk backup" in sample.window.band.text


@pytest.mark.logs
def test_a_damaged_desk_is_never_an_empty_one_in_silence(story: Story) -> None:
    story.begins_as("Nadia")
    desk = story.window.bridge.desk
    for early in (story.folder / "backups").iterdir():
        early.unlink()  # made at the start, before there was an account
    desk.call(desk.do.storage.back_up_if_due)
    story.closes()
    (story.folder / "desk.open").touch()
    path = story.folder / "desk.db"
    path.write_bytes(b"\xff" * path.stat().st_size)
    assert story.program.open(story.folder, sample=False)
    dialog = story.program._damaged
    assert dialog is not None and story.program.window is None
    story.clicks_in(dialog, "Restore the backup")
    story.waits_until(lambda: story.program.window is not None)
    story.waits_until(lambda: story.window.current is story.window.pages.incoming)


def test_names_and_notes_that_mean_harm_stay_in_their_place(sample: Story) -> None:
    desk = sample.window.bridge.desk
    desk.exchange(5, quiet_rounds=1)  # a login that came later would call these requests withdrawn: no server holds them
    account = desk.call(desk.do.accounts.all)[0].id
    harm = ("<b>bold</b><img src=/etc/passwd>", "\u202egpj.exe" * 40, "e" + "\u0301" * 10_000, "x" * 65_536, "ليلى حداد", "👩‍👩‍👧" * 300)
    requests = tuple(ArrivedRequest(Address(f"h{n}@harm.example"), name, name, desk.clock()) for n, name in enumerate(harm))
    desk.apply(desk.call(desk.do.inbox.take, Delivery(account, (RequestsArrived(requests),))))
    heights = set()
    for number in range(len(harm)):
        place = "filtered" if f"h{number}@harm.example" in [row.address for row in sample.incoming("filtered")] else "review"
        sample.shows("incoming", place)
        sample.picks(f"h{number}@harm.example")
        heights.add(sample.window.pages.incoming.rows.rowHeight(sample.window.pages.incoming.rows.currentIndex().row()))
        labels = sample.window.pages.incoming.card.findChildren(PlainLabel)
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
        assert any(label.text() == f"h{number}@harm.example" for label in labels), "the address stands beside the name, whole"
    assert len(heights) == 1, "no row is taller than another"
    sample.window.grab()
