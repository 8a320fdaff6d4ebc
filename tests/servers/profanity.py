"""profanity, somebody else's XMPP program, driven without a screen: its terminal is a pty, commands are typed there, its debug log is read."""

import contextlib
import fcntl
import os
import re
import shutil
import struct
import subprocess
import termios
import time
from pathlib import Path

from tests.servers.prosody import DIES_WITH_US, PASSWORD, Prosody
from tests.servers.terminal import Terminal

_ACCOUNTS = """
[peer]
enabled=true
jid={address}
password={password}
server=127.0.0.1
port={port}
resource=desk
tls.policy=force
"""

# tls.certpath=none: it trusts what OpenSSL trusts by default, which is what SSL_CERT_FILE and SSL_CERT_DIR name; else /etc/ssl/certs as well.
_PREFERENCES = """
[connection]
tls.certpath=none
account=peer
autoping=0
reconnect=0

[ui]
splash=false
vercheck=false
beep=false
flash=false
wintitle.show=false
wintitle.goodbye=false
mouse=false

[notifications]
invite=false
sub=false
message=off
room=off
typing=false
remind=0

[logging]
chlog=false
grlog=false

[chatstates]
enabled=false

[presence]
autoaway.mode=off

[omemo]
policy=manual
"""

_ESCAPES = re.compile(rb"\x1b\][^\x07]*\x07|\x1b[\[\(][0-9;?]*[ -/]*[@-~]|\x1b[=>78M]|[\x0e\x0f\r]")


def installed() -> bool:
    """Whether profanity is on this machine."""
    return shutil.which("profanity") is not None


class Profanity:
    """One person's profanity; `with Profanity(folder, server, address) as peer`."""

    def __init__(self, folder: Path, server: Prosody, address: str) -> None:
        self.address = address
        self._folder = folder
        self._log = folder / "debug.log"
        self._ca_file = server.ca_file
        for part in ("config/profanity", "data/profanity", "cache", "run"):
            (folder / part).mkdir(parents=True)
        (folder / "run").chmod(0o700)
        (folder / "config/profanity/profrc").write_text(_PREFERENCES)
        accounts = folder / "data/profanity/accounts"
        accounts.write_text(_ACCOUNTS.format(address=address, password=PASSWORD, port=server.starttls))
        accounts.chmod(0o600)
        self._mark = 0

    def __enter__(self) -> "Profanity":
        self.start()
        return self

    def __exit__(self, *_found: object) -> None:
        self.stop()

    def _launch(self) -> None:
        self._terminal = Terminal("profanity")
        slave = self._terminal.slave
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 250, 0, 0))
        kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        self._process = subprocess.Popen(
            [*DIES_WITH_US, "profanity", "--log", "DEBUG", "--logfile", str(self._log), "--account", "peer"],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True, cwd=self._folder,
            env=kept | {
                "TERM": "xterm", "LANG": "C.UTF-8", "HOME": str(self._folder),
                "SSL_CERT_FILE": str(self._ca_file), "SSL_CERT_DIR": str(self._folder / "run"),
                "XDG_CONFIG_HOME": str(self._folder / "config"), "XDG_DATA_HOME": str(self._folder / "data"),
                "XDG_CACHE_HOME": str(self._folder / "cache"), "XDG_RUNTIME_DIR": str(self._folder / "run"),
                "DBUS_SESSION_BUS_ADDRESS": "disabled:", "GSETTINGS_BACKEND": "memory", "INPUTRC": "/dev/null",
            },
        )  # fmt: skip
        self._terminal.handed_over()

    def start(self) -> None:
        """Start it and wait until it is signed in and has its roster, its block list and the server's features."""
        self._launch()
        try:
            self.sees("Connection handler: XMPP_CONN_CONNECT", within=20)
            # Before these are there, /sub request and /blocked act on half a picture ("not supported by server").
            self.gets("<iq ", 'id="roster"', 'type="result"', within=10)
            self.sees("Blocked list result handler fired", within=10)
            self.sees("connection_features_received", within=10)
            # Its own presence comes back once it is available: from now on the server hands it requests.
            self.gets("<presence ", f'from="{self.address}/desk"', within=10)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it: /quit ends the stream; SIGTERM by its process id otherwise."""
        if self._process.poll() is None:
            with contextlib.suppress(OSError):
                os.write(self._terminal.master, b"\x15/quit\r")
            try:
                self._process.wait(3)
            except subprocess.TimeoutExpired:
                self._process.terminate()
                try:
                    self._process.wait(5)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()
        self._terminal.close()

    @property
    def screen(self) -> str:
        """All that was ever drawn, without the escapes; text that was drawn over is there as well."""
        return _ESCAPES.sub(b" ", self._terminal.drawn).decode(errors="replace")

    @property
    def log(self) -> str:
        """Its debug log."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def says(self, line: str) -> None:
        """Type a line, as in `/sub allow ann@x.example`; what `sees` finds afterwards is later than it."""
        assert self._process.poll() is None, f"it ended with {self._process.returncode}"
        assert "\n" not in line
        self._mark = len(self.log)
        os.write(self._terminal.master, b"\x15" + line.encode() + b"\r")

    def sees(self, *parts: str, within: float = 5.0, ever: bool = False) -> str:
        """Wait for a line of the log that has all these parts, since the last line typed (or ever); gives the line.

        Parts, not one pattern: its library writes a stanza's attributes in another order every time.
        """
        deadline = time.monotonic() + within
        while True:
            over = self._process.poll() is not None
            for line in (self.log if ever else self.log[self._mark :]).splitlines():
                if all(one in line for one in parts):
                    return line
            if over or time.monotonic() > deadline:
                raise AssertionError(
                    f"no {parts} in {within} s (ended: {over}):\n{self.log[self._mark :][-3_000:]}\n{self.screen[-1_500:]}"
                )
            time.sleep(0.02)

    def gets(self, *parts: str, within: float = 5.0, ever: bool = False) -> str:
        """Wait for a stanza from the server, as in `gets("<presence", 'type="subscribe"')`; gives it."""
        return self.sees("xmpp: DBG: RECV: ", *parts, within=within, ever=ever).partition("RECV: ")[2]

    def does(self, line: str, *parts: str, within: float = 5.0) -> str:
        """Type a command and wait until its stanza has been written to the socket; gives the stanza."""
        self.says(line)
        return self.sees("conn: DBG: SENT: ", *parts, within=within).partition("SENT: ")[2]
