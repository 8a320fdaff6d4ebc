"""mcabber, somebody else's XMPP program, driven without a screen: its terminal is a pty, its commands come through its FIFO."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tests.servers.prosody import DIES_WITH_US, PASSWORD, Prosody
from tests.servers.terminal import Terminal

_CONFIG = """
set jid = {address}
set password = {password}
set server = 127.0.0.1
set port = {port}
set tls = 1
set ssl_ignore_checks = 1
set resource = desk
set disable_random_resource = 1
set logging = 0
set logging_dir = {folder}
set fifo_name = {folder}/fifo
set fifo_ignore = 0
module load fifo
set beep_on_message = 0
"""


def installed() -> bool:
    """Whether mcabber is on this machine."""
    return shutil.which("mcabber") is not None


class Mcabber:
    """One person's mcabber; `with Mcabber(folder, server, address) as peer`."""

    def __init__(self, folder: Path, server: Prosody, address: str) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._fifo = folder / "fifo"
        config = folder / "mcabberrc"
        config.write_text(_CONFIG.format(address=address, password=PASSWORD, port=server.starttls, folder=folder))
        config.chmod(0o600)
        self._config = config

    def __enter__(self) -> "Mcabber":
        self._terminal = Terminal("mcabber")
        slave = self._terminal.slave
        self._process = subprocess.Popen(
            [*DIES_WITH_US, "mcabber", "-f", str(self._config)],
            stdin=slave, stdout=slave, stderr=slave, env=os.environ | {"TERM": "xterm", "HOME": str(self._folder), "LANG": "C.UTF-8"},
            start_new_session=True,
        )  # fmt: skip
        self._terminal.handed_over()
        deadline = time.monotonic() + 20
        while not self._fifo.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert self._fifo.exists(), self._terminal.drawn[-2_000:]
        return self

    def __exit__(self, *_found: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._terminal.close()

    def does(self, command: str) -> None:
        """Type a command, as in `/authorization allow ann@x.example`."""
        with self._fifo.open("w") as fifo:
            fifo.write(command + "\n")
