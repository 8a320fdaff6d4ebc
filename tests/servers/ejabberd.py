"""A throw-away ejabberd: loopback only, free ports, no distribution and so no epmd, stopped by its process id, everything in one folder."""

import datetime
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import trustme
from tests.servers.federation import Federation
from tests.servers.prosody import DIES_WITH_US, HOSTS, PASSWORD, SECRET, Server, free_ports, wait_for_port

COMMUNITY_CONFIG = Path(__file__).resolve().parents[2] / "docs" / "server" / "ejabberd.yml"
_CONFIG = """
hosts: [{hosts}]
ca_file: "{folder}/ca.pem"
loglevel: warning
certfiles: ["{folder}/server.pem"]
listen:
  - {{port: {starttls}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, access: all, starttls_required: true}}
  - {{port: {direct}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, access: all, tls: true}}
  - {{port: {component}, ip: "127.0.0.1", module: ejabberd_service, access: all, hosts: {{crowd.example: {{password: {secret}}}}}}}
  - {{port: {s2s}, ip: "127.0.0.1", module: ejabberd_s2s_in, max_stanza_size: 524288}}
  - {{port: {s2s_direct}, ip: "127.0.0.1", module: ejabberd_s2s_in, max_stanza_size: 524288, tls: true}}
  - {{port: {http}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {{/api: mod_http_api}}}}
registration_timeout: infinity
s2s_max_retry_delay: 1
s2s_dns_timeout: 1
s2s_dns_retries: 1
acme: {{auto: false}}
acl:
  admin: {{user: [admin@community.local]}}
  local: {{user_regexp: ""}}
api_permissions:
  "tests": {{from: [mod_http_api], who: all, what: "*"}}
"""


def installed() -> bool:
    """Whether ejabberd is on this machine."""
    return shutil.which("erl") is not None and _library() is not None


def _library() -> Path | None:
    return next((one.parent for one in sorted(Path("/usr/lib").glob("*/ejabberd-*")) if (one / "ebin").is_dir()), None)


class Ejabberd(Server):
    """The server; `with Ejabberd(folder) as server`. The same to its user as a Prosody."""

    def __init__(
        self,
        folder: Path,
        more: str = "",
        *,
        hosts: tuple[str, ...] = HOSTS,
        federation: Federation | None = None,
        captcha: bool = False,
    ) -> None:
        """With `captcha` new accounts have to read a picture, whose letters are in `captcha_text`."""
        self.folder = folder
        self.hosts = hosts
        self.starttls, self.direct, self.component, self._http, self._s2s, self._s2s_direct = free_ports(6)
        for one in ("spool", "logs"):
            (folder / one).mkdir(parents=True)
        ca = federation.authority if federation is not None else trustme.CA()
        self.ca_file = folder / "ca.pem"
        ca.cert_pem.write_to_path(str(self.ca_file))
        until = datetime.datetime(
            2045, 1, 1, tzinfo=datetime.UTC
        )  # beyond 2049 a certificate writes years in a form that ejabberd cannot read
        ca.issue_cert(*hosts, not_after=until).private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
        self.config = folder / "ejabberd.yml"
        own = _CONFIG.format(
            folder=folder, starttls=self.starttls, direct=self.direct, component=self.component, http=self._http, secret=SECRET,
            hosts=", ".join(hosts), s2s=self._s2s, s2s_direct=self._s2s_direct,
        )  # fmt: skip
        port = federation.names.port if federation is not None else 9  # nobody answers there
        lookup = f'{{resolv_conf, ""}}.\n{{hosts_file, ""}}.\n{{lookup, [dns]}}.\n{{nameserver, {{127,0,0,1}}, {port}}}.\n'
        (folder / "inetrc").write_text(lookup)  # in this order: an empty resolv_conf behind the name server would clear it
        tests = "".join(f"  {one}: {{}}\n" for one in ("mod_adhoc", "mod_admin_extra", "mod_http_api", "mod_version"))
        protected = ", captcha_protected: true" if captcha else ""
        tests += f"  mod_register: {{access: all, ip_access: all, password_strength: 0{protected}}}\n"
        own += self._picture_command() if captcha else ""
        self.config.write_text(own + COMMUNITY_CONFIG.read_text() + tests + more)
        if federation is not None:
            federation.publish(hosts, starttls=self.starttls, direct=self.direct, s2s=self._s2s, s2s_direct=self._s2s_direct)

    def _picture_command(self) -> str:
        """A program that draws what it is told, and writes the letters down for the test."""
        script = self.folder / "captcha.sh"
        text = self.folder / "captcha.txt"
        script.write_text(f'#!/bin/sh\necho "$1" > "{text}"\nexec "{sys.executable}" "{Path(__file__).with_name("captcha.py")}" "$1"\n')
        script.chmod(0o755)
        return f'captcha_cmd: "{script}"\n'

    def captcha_text(self) -> str:
        """The letters in the picture that was drawn last."""
        return (self.folder / "captcha.txt").read_text().strip()

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = os.environ | {
            "HOME": str(self.folder), "EJABBERD_CONFIG_PATH": str(self.config), "EJABBERD_LOG_PATH": str(self.folder / "logs" / "ejabberd.log"),
            "ERL_CRASH_DUMP": str(self.folder / "logs" / "crash.dump"), "ERL_LIBS": str(_library()), "LANG": "C.UTF-8",
            "ERL_INETRC": str(self.folder / "inetrc"),
        }  # fmt: skip
        with (self.folder / "out.log").open("ab") as out:
            self._process = subprocess.Popen(
                [*DIES_WITH_US, "erl", "-noinput", "-mnesia", "dir", f'"{self.folder}/spool"', "+P", "250000", "+sbwt", "none",
                 "-ejabberd", "log_rotate_count", "0", "-s", "ejabberd"],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, start_new_session=True,
            )  # fmt: skip
        for port in (self.starttls, self.direct, self.component, self._http):
            wait_for_port(port, self._process, 60)
        deadline = time.monotonic() + 60
        while True:
            try:
                self._api("status")
            except OSError:
                assert time.monotonic() < deadline, "ejabberd does not answer"
                time.sleep(0.05)
            else:
                return

    def _api(self, command: str, **values: object) -> object:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._http}/api/{command}", json.dumps(values).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def add_user(self, name: str, host: str = HOSTS[0], password: str = PASSWORD) -> None:
        """Make an account."""
        self._api("register", user=name, host=host, password=password)

    def list_in_directory(self, address: str, name: str) -> None:
        """Write somebody's name into the directory."""
        user, _, host = address.partition("@")
        self._api("set_vcard", user=user, host=host, name="FN", content=name)

    def delete_user(self, address: str) -> None:
        """Delete an account."""
        name, _, host = address.partition("@")
        self._api("unregister", user=name, host=host)

    def fill_roster(self, address: str, connections: list[str]) -> None:
        """Put connections into somebody's roster."""
        name, _, host = address.partition("@")
        for one in connections:
            user, _, server = one.partition("@")
            self._api("add_rosteritem", localuser=name, localhost=host, user=user, host=server, nick="", group="", subs="both")
