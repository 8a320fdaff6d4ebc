"""A newcomer who has only exports of other networks, at the real window."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton
from tests.journeys.conftest import Story

from netdesk.archives.read import read_archives
from netdesk.controllers.imports import Standing
from netdesk.domain.requests import Incoming
from netdesk.ui.importing import ImportPage
from netdesk.ui.parts import PlainLabel
from netdesk.ui.texts.archives import page_of

SAMPLES = Path(__file__).parents[1] / "samples" / "archives"
LINKEDIN = SAMPLES / "dev/linkedin/2024-basic/Basic_LinkedInDataExport_01-15-2024.zip"


def page(story: Story) -> ImportPage:
    return story.window.pages.importing


def words(widget: object) -> str:
    return "\n".join(one.text() for one in widget.findChildren(PlainLabel))  # type: ignore[attr-defined]


def imports(story: Story, *paths: Path) -> None:
    page(story).read(list(paths))
    story.waits_until(lambda: page(story)._reading is None)


def test_from_nothing_but_a_zip_to_a_desk(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    story.opens()
    story.clicks("Import it")
    story.waits_until(lambda: story.window.current is page(story))
    imports(story, LINKEDIN)
    said = words(page(story))
    assert "LinkedIn: Nadia Okonjo-Vale" in said and "LinkedIn does not export this" in said and "2 members hid their profile" in said
    story.waits_until(lambda: story.window.focusWidget() is not None)
    focused = story.window.focusWidget()
    assert isinstance(focused, QPushButton) and focused.text() == "Bring it onto my desk", "the keyboard goes on"
    story.clicks("Bring it onto my desk")
    story.clicks("Show my desk")
    story.waits_until(lambda: story.window.current is story.window.pages.incoming)
    assert [row.name for row in story.incoming()] == ["Henrike Blau", "Bogdan Ilie", "陳美玲"]
    story.picks("henrike-blau-nd21@:linkedin")
    card = words(story.window.pages.incoming.card)
    assert (
        "From your LinkedIn export" in card and "we met at the" in card and "on 12 Jan 2024 at 17:06 by the clock of that network" in card
    )
    story.clicks("Open on LinkedIn")
    assert opened == ["https://www.linkedin.com/in/henrike-blau-nd21"]
    story.presses("a", story.window.pages.incoming.rows)
    story.waits_until(lambda: len(story.incoming()) == 2)
    assert {row.state for row in story.incoming("answered")} >= {Incoming.ACCEPTED}
    assert story.window.bridge.desk.call(story.window.bridge.do.courier.waiting) == 0
    story.shows("network")
    story.window.pages.network.search.setText("solh")
    story.waits_until(lambda: story.window.pages.network.model.rowCount() == 1)
    assert not story.window.tabs.isTabEnabled(3), "there is no privacy to choose without an account"
    story.window.compose()
    assert "add an account" in story.window.band.text
    story.closes()
    again = Story(story.qtbot, story.program.application, story.folder).opens()
    again.waits_until(lambda: again.window.current is again.window.pages.network)  # where she was
    again.closes()


def test_files_are_dropped_on_the_window_and_nothing_else_is(story: Story) -> None:
    story.begins_as("Nadia")
    window, at = story.window, QPoint(300, 300)
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for url, taken in ((QUrl("https://evil.example/x.zip"), False), (QUrl.fromLocalFile(str(LINKEDIN)), True)):
        data = QMimeData()
        data.setUrls([url])
        enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, button, none)
        enter.ignore()
        QApplication.sendEvent(window, enter)
        assert enter.isAccepted() is taken
    QApplication.sendEvent(window, QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, button, none))
    story.waits_until(lambda: window.current is page(story) and page(story)._reading is None)
    assert "LinkedIn: Nadia Okonjo-Vale" in words(page(story))


def test_reading_is_stopped_and_the_desk_is_as_it_was(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begins_as("Nadia")
    begun = threading.Event()

    def slowly(_paths: object, check: object) -> object:
        begun.set()
        while True:
            check()  # type: ignore[operator]
            time.sleep(0.01)

    monkeypatch.setattr("netdesk.desk.read_archives", slowly)
    story.window.show_import([LINKEDIN])
    story.waits_until(begun.is_set)
    story.clicks("Cancel")
    story.waits_until(lambda: page(story)._reading is None and story.window.bridge.idle)
    assert not page(story)._wrong.isVisible()
    assert story.connections() == [] and story.incoming() == []


def test_what_cannot_be_read_is_said_in_a_sentence(story: Story) -> None:
    story.begins_as("Nadia")
    story.window.show_import([SAMPLES / "hostile/zip-truncated.zip"])
    story.waits_until(lambda: page(story)._wrong.isVisible())
    assert "Download it again" in page(story)._wrong_text.text()
    imports(story, SAMPLES / "hostile/csv-markup-names/Connections.csv")
    assert not page(story)._wrong.isVisible() and "<b>Bold</b>" in words(page(story)), "markup is text"


def test_an_import_is_taken_back_and_the_account_forgotten(story: Story) -> None:
    story.begins_as("Nadia")
    story.window.show_import([LINKEDIN])
    story.clicks("Bring it onto my desk")
    story.clicks("Take it back")
    story.waits_until(lambda: story.window.bridge.idle and story.connections() == [])
    story.waits_until(lambda: "Imported" not in words(page(story).elsewhere))


@pytest.mark.parametrize(
    ("address", "website", "link"),
    [
        ("ann@:linkedin", "https://www.linkedin.com/in/ann", "https://www.linkedin.com/in/ann"),
        ("ann@:linkedin", "javascript:alert(1)", "https://www.linkedin.com/mynetwork/invitation-manager/"),
        ("ann@:linkedin", "https://linkedin.com.evil.example/x", "https://www.linkedin.com/mynetwork/invitation-manager/"),
        ("ann@:linkedin", "https://www.linkedin.com@evil.example/x", "https://www.linkedin.com/mynetwork/invitation-manager/"),
        ("ann@x.example@:mastodon", "", "https://x.example/@ann"),
        ("did:plc:abc@:bluesky", "", "https://bsky.app/profile/did:plc:abc"),
        ("somebody.12345678@:facebook", "", "https://www.facebook.com/friends/requests"),
        ("7@:x", "https://x.com/i/user/7", "https://x.com/i/user/7"),
    ],
)
def test_only_the_networks_own_pages_are_opened(address: str, website: str, link: str) -> None:
    found = page_of(address, website)
    assert found is not None and found[0] == link and found[1] in link


def test_the_import_page_is_left_by_any_way_and_a_filter_on_what_is_gone_is_lifted(story: Story) -> None:
    story.begins_as("Nadia")
    window = story.window
    window.show_import([LINKEDIN])
    story.clicks("Bring it onto my desk")
    story.clicks("Show my desk")
    story.waits_until(lambda: window.current is window.pages.incoming and window.pages.incoming.model.rowCount() == 3)
    number = window._archives[0].id
    window._wanted("account", number)
    window.show_import()
    window.show_tab("incoming")
    assert window.current is window.pages.incoming, "the tab was the current one already"
    for key in "br":
        story.picks("henrike-blau-nd21@:linkedin")
        story.presses(key, window.pages.incoming.rows)
        story.waits_until(lambda: "lets no other program in" in window.band.text)
    window.bridge.run(lambda: window.bridge.do.imports.take_back(window.bridge.do.imports.imports()[0].id))
    story.waits_until(lambda: not window._archives and window._filter is None)
    assert window.pages.incoming._account is None


def test_two_previews_of_one_account_do_not_stand_in_each_others_way(story: Story) -> None:
    """The newer is brought first: the other says then that it is older."""
    story.begins_as("Nadia")
    (newer,) = read_archives([LINKEDIN])
    older = replace(newer, connections=newer.connections[4:], requests=[])
    story.window.show_import()
    there = page(story)
    there._show(None, [(one, Standing(None, None, older=False, same=False)) for one in (newer, older)])  # type: ignore[arg-type]
    story.clicks("Bring it onto my desk")
    story.waits_until(lambda: "older than the one" in words(there))
    story.clicks("Import the older one")
    story.waits_until(lambda: story.window.bridge.idle and len(story.connections()) == 6)
