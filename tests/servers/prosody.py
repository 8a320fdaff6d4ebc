"""A throw-away Prosody: loopback only, free ports, stopped by its process id, everything in one folder."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

import trustme
from tests.servers.federation import PROSODY_NAMES, Federation

HOSTS = ("community.local", "other.example")
COMPONENT = "crowd.example"
SECRET = "not-secret"
PASSWORD = "a test's password"

COMMUNITY_CONFIG = Path(__file__).resolve().parents[2] / "docs" / "server" / "netdesk.cfg.lua"

_CONFIG = """
Include "{community}"
daemonize = false
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
plugin_paths = {{ "{modules}" }}
interfaces = {{ "127.0.0.1" }}
local_interfaces = {{ "127.0.0.1" }}
use_ipv6 = false
c2s_ports = {{ {starttls} }}
c2s_direct_tls_ports = {{ {direct} }}
component_ports = {{ {component} }}
component_interfaces = {{ "127.0.0.1" }}
s2s_ports = {{ {s2s} }}
s2s_direct_tls_ports = {{ {s2s_direct} }}
http_ports = {{ }}
https_ports = {{ }}
{federation}
allow_registration = true
registration_throttle_max = 100000
authentication = "internal_plain"
storage = "internal"
limits = {{ c2s = {{ rate = "100mb/s"; burst = "4s"; }} }}
ssl = {{ certificate = "{folder}/server.pem"; key = "{folder}/server.key"; cafile = "{folder}/ca.pem"; }}
log = {{ {{ levels = {{ min = "warn" }}, to = "file", filename = "{folder}/prosody.log" }} }}
{hosts}
Component "crowd.example"
  component_secret = "not-secret"
"""

_REPORTS = """
module:add_feature("urn:xmpp:reporting:1");
"""

DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()


def installed() -> bool:
    """Whether Prosody is on this machine."""
    return shutil.which("prosody") is not None


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wait_for_port(port: int, process: "subprocess.Popen[bytes]", seconds: float = 30.0) -> None:
    """Wait until somebody listens there."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(port)


class Server:
    """What throw-away servers have in common: they are started for a `with`, and stopped by their process id."""

    _process: "subprocess.Popen[bytes] | None" = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_found: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers."""
        raise NotImplementedError

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


class Prosody(Server):
    """The server; `with Prosody(folder) as server`."""

    def __init__(
        self, folder: Path, *, hosts: tuple[str, ...] = HOSTS, federation: Federation | None = None, invited: bool = False
    ) -> None:
        """With `invited` accounts are made by invitation only (`invitation`); without a `federation` it knows no other server."""
        self.folder = folder
        self.hosts = hosts
        self.starttls, self.direct, self.component, self._s2s, self._s2s_direct = free_ports(5)
        (folder / "data").mkdir(parents=True)
        modules = folder / "modules"
        modules.mkdir()
        (modules / "mod_spam_reporting_test.lua").write_text(_REPORTS)
        (modules / "mod_test_names.lua").write_text(PROSODY_NAMES)
        ca = federation.authority if federation is not None else trustme.CA()
        self.ca_file = folder / "ca.pem"
        ca.cert_pem.write_to_path(str(self.ca_file))
        certificate = ca.issue_cert(*hosts)
        certificate.private_key_pem.write_to_path(str(folder / "server.key"))
        for at, blob in enumerate(certificate.cert_chain_pems):
            blob.write_to_path(str(folder / "server.pem"), append=at > 0)

        def modules_of(host: str) -> str:
            wanted = ["test_names"] if federation is not None else []
            wanted += ["spam_reporting_test"] if host == hosts[0] else []
            return ", ".join(f'"{one}"' for one in (*wanted, *(("invites", "invites_register") if invited else ())))

        self.config = folder / "prosody.cfg.lua"
        self.config.write_text(
            _CONFIG.format(
                community=COMMUNITY_CONFIG,
                folder=folder,
                modules=modules,
                starttls=self.starttls,
                direct=self.direct,
                component=self.component,
                s2s=self._s2s if federation is not None else "",
                s2s_direct=self._s2s_direct if federation is not None else "",
                federation=f"test_dns_port = {federation.names.port}" if federation is not None else 'modules_disabled = { "s2s" }',
                hosts="\n".join(f'VirtualHost "{host}"\n  modules_enabled = {{ {modules_of(host)} }}' for host in hosts),
            )
        )
        if invited:
            self.config.write_text(self.config.read_text().replace("allow_registration = true", "allow_registration = false"))
        if federation is not None:
            federation.publish(hosts, starttls=self.starttls, direct=self.direct, s2s=self._s2s, s2s_direct=self._s2s_direct)

    def invitation(self) -> str:
        """A link that lets one account be made on the first host."""
        command = ["prosodyctl", "--config", str(self.config), "mod_invites", "generate", HOSTS[0]]
        said = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"HOME": str(self.folder)})
        return said.stdout.strip().splitlines()[-1]

    def start(self) -> None:
        """Start it and wait until it listens."""
        with (self.folder / "out.log").open("ab") as out:
            self._process = subprocess.Popen(
                [*DIES_WITH_US, "prosody", "-F", "--config", str(self.config)],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=os.environ | {"HOME": str(self.folder)}, start_new_session=True,
            )  # fmt: skip
        for port in (self.starttls, self.direct, self.component):
            wait_for_port(port, self._process)

    def add_user(self, name: str, host: str = HOSTS[0], password: str = PASSWORD) -> None:
        """Make an account: Prosody reads the file when somebody signs in."""
        place = self.folder / "data" / host.replace(".", "%2e") / "accounts"
        place.mkdir(parents=True, exist_ok=True)
        encoded = "".join(one if one.isalnum() else f"%{ord(one):02x}" for one in name)
        (place / f"{encoded}.dat").write_text(f'return {{ ["password"] = "{password}"; }};\n')

    def list_in_directory(self, _address: str, _name: str) -> None:
        """It has no directory."""

    def delete_user(self, address: str) -> None:
        """Delete the account of somebody who is not signed in."""
        name, _, host = address.partition("@")
        encoded = "".join(one if one.isalnum() else f"%{ord(one):02x}" for one in name)
        (self.folder / "data" / host.replace(".", "%2e") / "accounts" / f"{encoded}.dat").unlink()

    def fill_roster(self, address: str, connections: list[str]) -> None:
        """Put connections into the roster of somebody who is not signed in."""
        name, _, host = address.partition("@")
        encoded = "".join(one if one.isalnum() else f"%{ord(one):02x}" for one in name)
        path = self.folder / "data" / host.replace(".", "%2e") / "roster" / f"{encoded}.dat"
        there = path.read_text() if path.exists() else "return {\n};\n"
        entries = "".join(f'["{one}"] = {{ ["subscription"] = "both"; ["groups"] = {{}}; }};\n' for one in connections)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(there.replace("return {", "return {\n" + entries, 1))

    def fill_waiting(self, address: str, senders: list[str]) -> None:
        """Let requests wait for somebody who is not signed in, each with a note."""
        name, _, host = address.partition("@")
        path = self.folder / "data" / host.replace(".", "%2e") / "roster" / f"{name}.dat"
        stanza = (
            '["{0}"] = {{ ["name"] = "presence"; ["attr"] = {{ ["type"] = "subscribe"; ["from"] = "{0}"; ["to"] = "{1}"; }}; '
            '{{ ["name"] = "status"; ["attr"] = {{}}; "hello, I liked {2} and {3}"; }}; }};\n'
        )
        waiting = "".join(stanza.format(one, address, at * 7, at * 13) for at, one in enumerate(senders))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'return {{ [false] = {{ ["pending"] = {{\n{waiting}}}; ["version"] = 1; }}; }};\n')
