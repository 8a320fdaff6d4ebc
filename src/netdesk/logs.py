"""The log: a file beside the data, private to the owner; never a note, an address or a secret in it."""

import contextlib
import logging
import logging.handlers
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from netdesk.paths import make_private
from netdesk.reports import redacted

log = logging.getLogger("netdesk")
FILE_NAME = "netdesk.log"
_BYTES = 1_000_000
_told: list[Callable[[BaseException], object]] = []


class _PrivateFile(logging.handlers.RotatingFileHandler):
    def _open(self):  # type: ignore[no-untyped-def] # the base class says a stream of one of several kinds
        Path(self.baseFilename).touch(mode=0o600)
        return super()._open()


class _Redacting(logging.Formatter):
    """What an exception says may hold an address."""

    def formatException(self, ei: Any) -> str:
        """The traceback without addresses and the owner's folders."""
        return redacted(super().formatException(ei), (Path.home(),))


def start_logging(folder: Path) -> None:
    """Log to a file in the data folder; without one where it cannot be written, which is said when the data is opened."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    logging.raiseExceptions = False  # a full disk must not print tracebacks over the command's own words
    try:
        handler = _PrivateFile(make_private(folder) / FILE_NAME, maxBytes=_BYTES, backupCount=2, encoding="utf-8", delay=False)
    except OSError:
        root.addHandler(logging.NullHandler())
        return
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    root.addHandler(handler)


def stop_logging() -> None:
    """Let go of the log file."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _PrivateFile)]:
        root.removeHandler(handler)
        with contextlib.suppress(OSError):
            handler.close()


def tell_of_uncaught(tell: Callable[[BaseException], object] | None) -> None:
    """Tell the window, too, from now on, or nobody any more. It may be told on any thread."""
    _told[:] = [tell] if tell is not None else []


def catch_uncaught() -> None:
    """Write what nobody caught to the log, from any thread."""

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            log.critical("uncaught", exc_info=(kind, error, trace))
            for tell in _told:
                tell(error)

    def in_thread(found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None:
            uncaught(found.exc_type, found.exc_value, found.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
