"""The bridge: where the main thread and the store thread meet, and nowhere else."""

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from netdesk.desk import Controllers, Desk
from netdesk.domain.changes import Changes
from netdesk.domain.errors import NetDeskError

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")


def _alive(callback: Callable[..., object]) -> bool:
    """Whether the widget that a callback belongs to is still there."""
    function: object = callback.func if isinstance(callback, partial) else callback
    owner = getattr(function, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)


class Bridge(QObject):
    """Runs jobs on the store thread and brings their results back to the main thread.

    `changed` carries Changes, `failed` a NetDeskError, `broke` any other exception: each arrives on the main thread.
    """

    changed = Signal(object)
    failed = Signal(object)
    broke = Signal(object)
    _done = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.do: Controllers = desk.do
        self._running = 0
        desk.on_changes = self.changed.emit
        desk.on_bug = self.broke.emit
        self._done.connect(self._finish)

    @property
    def idle(self) -> bool:
        """Whether no job is under way."""
        return self._running == 0

    def run(
        self, job: Callable[[], T], then: Callable[[T], object] | None = None, failed: Callable[[NetDeskError], object] | None = None
    ) -> None:
        """Run `job` on the store thread; what changed is spread, then `then` gets the result, or `failed` the failure.

        Without `failed` the owner is told the failure's sentence. A callback of a widget that is gone is dropped.
        """
        if self.desk.closing:
            return
        self._running += 1
        self.desk.submit(self._on_store, job, then, failed)

    def run_apart(
        self, job: Callable[[], T], then: Callable[[T], object] | None = None, failed: Callable[[NetDeskError], object] | None = None
    ) -> None:
        """The same for a job that waits for a server or a keyring: on a thread of its own, so that nothing waits behind it."""
        if self.desk.closing:
            return
        self._running += 1
        threading.Thread(target=self._on_store, args=(job, then, failed), name="apart", daemon=True).start()

    def _on_store(self, job: Callable[[], T], then: Callable[[T], object] | None, failed: Callable[[NetDeskError], object] | None) -> None:
        answer: Callable[[], object] | None = None
        try:
            result = job()
        except NetDeskError as error:
            log.info("refused or failed: %s", error.reason)
            answer = partial(self._give, failed or self.failed.emit, error)
        except Exception as error:
            log.exception("a job broke")
            answer = partial(self.broke.emit, error)
        else:
            if isinstance(result, Changes):
                self.desk.apply(result)
            if then is not None:
                answer = partial(self._give, then, result)
        self._done.emit(answer)

    @staticmethod
    def _give(callback: Callable[[T], object], value: T) -> None:
        if _alive(callback):
            callback(value)

    @Slot(object)
    def _finish(self, answer: Callable[[], object] | None) -> None:
        self._running -= 1
        if answer is not None:
            answer()

    def go_round(self) -> None:
        """Let the desk do what time has brought about."""
        if self.desk.closing:
            return
        self.desk.go_round()
