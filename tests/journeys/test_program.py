"""The owner and the program itself: About, updates, a report, starting and closing."""

import json
import sqlite3
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QListWidget, QPlainTextEdit, QSystemTrayIcon
from tests.journeys.conftest import Story
from tests.test_updates import SAID, Signer, Site, publish, site

from netdesk import autostart, logs, reports
from netdesk.installed import Replaced
from netdesk.ui.notices import BugDialog

__all__ = ["site"]


def dialog(story: Story, title: str) -> QDialog:
    story.waits_until(lambda: [one for one in story.window.findChildren(QDialog) if one.isVisible() and one.windowTitle() == title])
    return [one for one in story.window.findChildren(QDialog) if one.isVisible() and one.windowTitle() == title][-1]


def test_about_names_every_part_with_its_licence(story: Story) -> None:
    story.begins_as("Nadia")
    story.window.program.act("about", None)
    story.clicks_in(dialog(story, "About NetDesk"), "Parts")
    shown = dialog(story, "Parts and licences")
    names = shown.findChild(QListWidget)
    text = shown.findChild(QPlainTextEdit)
    found = [names.item(at).text() for at in range(names.count())]
    assert {"slixmpp", "peewee", "Qt", "Python", "OpenSSL"} <= {one.split()[0] for one in found}
    names.setCurrentRow(next(at for at, one in enumerate(found) if one.startswith("Qt ")))
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text.toPlainText()
    assert names.item(names.currentRow()).text().split()[1].startswith("6.")


def test_updates_are_asked_for_when_the_button_is_pressed_and_not_before(story: Story, site: Site) -> None:
    story.begins_as("Nadia")
    story.window.program.act("updates", None)
    shown = dialog(story, "Updates")
    story.rests()
    assert not shown._ask.isEnabled() and "no place to ask" in shown._said.text()
    signer = Signer()
    publish(site, signer)
    story.clicks_in(shown, "Ask somewhere else")
    shown._address.setText(site.address)
    shown._key.setText(signer.public)
    assert not site.asked
    story.clicks_in(shown, "Check now")
    story.waits_until(lambda: "0.2.0" in shown._said.text())
    assert "2026-12-24" in shown._said.text() and "Posts" in shown._notes.text() and shown._page == SAID["page"]
    site.files["/latest.json"] = json.dumps({**SAID, "version": "9.9.9"}).encode()
    story.clicks_in(shown, "Check now")
    story.waits_until(lambda: "not signed" in shown._said.text())
    assert not shown._go.isVisible()
    shown.reject()
    story.window.program.act("updates", None)  # what was written is remembered
    again = dialog(story, "Updates")
    story.waits_until(lambda: again._address.text() == site.address)
    assert again._key.text() == signer.public


def test_a_mistake_leaves_a_report_that_can_be_changed_and_deleted(story: Story, tmp_path: Path) -> None:
    story.begins_as("Nadia")
    story.window.bridge.broke.emit(KeyError("amara@care.example"))
    story.clicks_in(dialog(story, "Something unexpected happened"), "Look at")
    shown = dialog(story, "Report")
    text = shown.findChild(QPlainTextEdit)
    assert "KeyError" in text.toPlainText() and "amara" not in text.toPlainText()
    text.setPlainText("only this")
    shown._save(tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text("utf-8") == "only this"
    assert reports.kept(story.folder)
    story.clicks_in(shown, "Delete")
    assert not reports.kept(story.folder)


def test_several_mistakes_are_said_once(story: Story) -> None:
    story.begins_as("Nadia")
    for _ in range(3):
        story.window.bridge.broke.emit(KeyError("x"))
    assert len([one for one in story.window.findChildren(BugDialog) if one.isVisible()]) == 1
    dialog(story, "Something unexpected happened").accept()


def test_a_mistake_that_comes_again_and_again_is_reported_once(story: Story) -> None:
    story.begins_as("Nadia")
    error = KeyError("x")
    for _ in range(8):
        story.window.bridge.broke.emit(error)
        dialogs = [one for one in story.window.findChildren(BugDialog) if one.isVisible()]
        for one in dialogs:
            one.accept()
    assert len(reports.kept(story.folder)) == 1


def test_a_mistake_of_the_window_itself_is_reported_too(story: Story) -> None:
    """From a slot, a timer or another thread it comes through the interpreter's hook."""
    story.begins_as("Nadia")
    catch_uncaught_in = threading.Thread(target=lambda: [tell(KeyError("amara@care.example")) for tell in logs._told])
    catch_uncaught_in.start()
    catch_uncaught_in.join()
    dialog(story, "Something unexpected happened").accept()
    assert len(reports.kept(story.folder)) == 1
    story.closes()
    assert not logs._told


def test_a_restore_that_fails_in_any_way_leaves_a_window(story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    story.begins_as("Nadia")

    def full(*_words: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    desk = story.window.bridge.desk
    desk.call(desk.do.storage.back_up_to, tmp_path / "copy.db")
    monkeypatch.setattr("netdesk.store.backup._plain_copy", full)
    story.program.restore(str(tmp_path / "copy.db"))
    story.waits_until(lambda: "disk reports an error" in story.window.band.text)
    story.rests()


@pytest.mark.qt_log_ignore("No such signal QPlatformNativeInterface::systemTrayWindowChanged", extend=True)
def test_a_tray_that_comes_late_is_used(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begins_as("Nadia")
    assert not story.window.tray.there
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    assert story.window.tray.there
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))
    story.window._wanted("stays", True)
    closed: list[bool] = []
    story.window.closed.connect(lambda: closed.append(True))
    story.window.close()
    assert closed  # it went: nobody is left without a window


def test_after_a_crash_the_next_start_says_so_and_shows_the_report(story: Story) -> None:
    story.begins_as("Nadia")
    story.closes()
    (story.folder / "crash.txt").write_text("Fatal Python error: Segmentation fault\n", "utf-8")
    story.opens()
    assert "ended unexpectedly" in story.window.band.text
    story.clicks("Show", story.window.band)
    assert "Segmentation fault" in dialog(story, "Report").findChild(QPlainTextEdit).toPlainText()
    story.closes()
    story.opens()
    assert not story.window.band.isVisible()


def test_an_update_under_an_open_window_is_said(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begins_as("Nadia")
    story.window.program._look_for_update()
    assert not story.window.band.isVisible()
    monkeypatch.setattr(Replaced, "__call__", lambda _self: True)
    story.window.program._look_for_update()
    assert "was updated" in story.window.band.text and "open it again" in story.window.band.text
    monkeypatch.setattr(Replaced, "is_there", lambda _self: False)
    story.window.program._look_for_update()
    assert "was removed" in story.window.band.text


def test_starting_with_the_computer_is_a_choice_of_the_menu(story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    story.begins_as("Nadia")
    assert not autostart.is_on()
    story.window._wanted("starts", True)
    assert autostart.is_on()
    story.window._wanted("starts", False)
    assert not autostart.is_on()


@pytest.mark.qt_log_ignore("No such signal QPlatformNativeInterface::systemTrayWindowChanged", extend=True)
def test_with_a_tray_closing_goes_on_there_and_quit_ends(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    story.begins_as("Nadia")
    closed: list[bool] = []
    story.window.closed.connect(lambda: closed.append(True))
    story.window._wanted("stays", True)
    story.window.close()
    assert not story.window.isVisible() and not closed
    story.window.raise_window()
    assert story.window.isVisible()
    story.rests()
    story.closes()
    story.opens()
    assert story.window.tray.stays  # it is remembered
    story.window._wanted("quit", None)
    assert not story.window.isVisible()


def test_without_a_tray_closing_ends(story: Story) -> None:
    story.begins_as("Nadia")
    story.window._wanted("stays", True)
    closed: list[bool] = []
    story.window.closed.connect(lambda: closed.append(True))
    story.window.close()
    assert closed


@pytest.mark.qt_log_ignore("No such signal QPlatformNativeInterface::systemTrayWindowChanged", extend=True)
def test_in_the_background_there_is_no_window_until_it_is_wanted(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    assert story.program.open(story.folder, sample=False, background=True)
    assert not story.window.isVisible()
    story.window.tray.opened.emit()
    assert story.window.isVisible()
    story.rests()
