"""One process for each data folder: a lock on a file of its own, never on the database."""

import os
import sys
from pathlib import Path

from netdesk.domain.errors import StorageTrouble
from netdesk.paths import make_private

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FolderLock:
    """Held while a process uses the folder; the system lets go of it when the process ends in any way."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "desk.lock"
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock; raises StorageTrouble('in use') when another process has it, 'read only' when it cannot be made."""
        try:
            make_private(self._path.parent)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StorageTrouble("read only", detail=str(self._path.parent)) from error
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._descriptor, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.release()
            raise StorageTrouble("in use", detail=str(self._path.parent)) from error

    def release(self) -> None:
        """Let go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
