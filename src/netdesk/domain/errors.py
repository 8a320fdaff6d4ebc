"""The expected failures, a small tree; everything else is a bug."""

from datetime import datetime


class NetDeskError(Exception):
    """An expected failure. `reason` names it for ui/texts.py; the rest are the facts that its sentence mentions."""

    def __init__(self, reason: str, *, until: datetime | None = None, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.until = until
        self.detail = detail


class Refused(NetDeskError):
    """A rule of the desk says no; `until` is when it would say yes, where that is known."""


class Gone(NetDeskError):
    """What was asked for is not there, or no longer."""


class Offline(NetDeskError):
    """The network of an account cannot be reached now."""


class Unreadable(NetDeskError):
    """Text or a file that was given cannot be understood."""


class Cancelled(NetDeskError):
    """The owner has stopped it; nothing was changed."""


class StorageTrouble(NetDeskError):
    """The data folder cannot be used: full, read-only, locked, damaged, newer."""
