"""A pseudo-terminal on which a program of somebody else runs, with all that it draws."""

import os
import pty
import threading


def terminals() -> bool:
    """Whether this machine gives out pseudo-terminals; a bare chroot does not."""
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError:
        return False
    return True


class Terminal:
    """Open until `close`, which comes after the program has ended."""

    def __init__(self, name: str) -> None:
        self.drawn = b""
        self.master, self.slave = pty.openpty()
        self._reading = threading.Thread(target=self._read, name=name, daemon=True)

    def handed_over(self) -> None:
        """The program has its end: read what it draws."""
        os.close(self.slave)
        self._reading.start()

    def close(self) -> None:
        """Let go of it."""
        os.close(self.master)
        self._reading.join(5)

    def _read(self) -> None:
        while True:
            try:
                found = os.read(self.master, 65_536)
            except OSError:
                return
            if not found:
                return
            self.drawn += found
