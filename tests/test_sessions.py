"""The network thread: after a sleep, or on another network, every session is looked at."""

import time
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from netdesk import sessions as module
from netdesk.domain.people import AccountId
from netdesk.sessions import Sessions
from netdesk.ui.reachability import NetworkWatch


class Counts:
    """A network that only counts how often it was told to look."""

    def __init__(self) -> None:
        self.tried = 0

    async def start(self, _deliver: Any) -> None:
        return

    async def stop(self) -> None:
        return

    def try_now(self) -> None:
        self.tried += 1


def until(holds: Any) -> None:
    deadline = time.monotonic() + 5
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert holds()


def test_after_a_sleep_sessions_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_EVERY", 0.02)
    slept = {"seconds": 0.0}
    real = time.time
    monkeypatch.setattr(module.time, "time", lambda: real() + slept["seconds"])
    sessions = Sessions(lambda error: pytest.fail(repr(error)))
    sessions.open()
    network = Counts()
    sessions.start(AccountId(1), network, lambda _delivery: None)  # type: ignore[arg-type] # as much of one as is needed
    time.sleep(0.1)
    assert network.tried == 0, "time that passes as it should is none of its business"
    slept["seconds"] = 3_600.0
    until(lambda: network.tried == 1)
    time.sleep(0.1)
    assert network.tried == 1
    sessions.close()
    sessions.look_around()
    assert network.tried == 1, "nothing after the end"


def test_what_the_system_says_of_its_network_is_heard(qtbot: QtBot) -> None:
    looked: list[int] = []
    parent = QObject()
    watch = NetworkWatch(parent, lambda: looked.append(1))
    if watch.works:
        QNetworkInformation.instance().reachabilityChanged.emit(QNetworkInformation.Reachability.Online)
        assert looked == [1]
    watch.look()
    assert looked[-1] == 1
