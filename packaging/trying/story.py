"""What a newcomer does with NetDesk between installing and removing it, and what must be so at each step."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from making.places import ROOT, WORK, Stopped, say, version
from trying.forms import Form
from trying.machine import USER, Machine, changed
from trying.screen import Screen, wait_until
from trying.watch import addresses, written

sys.path.insert(0, str(ROOT))
from tests.servers.prosody import PASSWORD, Prosody

_HOME = f"home/{USER}"
# Where a program may write: its data, settings, caches (also those of fontconfig and Mesa), and what lives as long as the session.
_ALLOWED = (f"{_HOME}/.local/share/netdesk", f"{_HOME}/.config", f"{_HOME}/.cache", "run/user/1000")
_PASSING = ("/dev/", "/proc/", "/memfd:")


def check(told: bool, sentence: str) -> None:
    """Stop with a sentence when something is not so."""
    if not told:
        raise Stopped(sentence)


class Story:
    """One machine, one screen, one form of the package."""

    def __init__(self, machine: Machine, form: Form, screen: Screen, pictures: Path) -> None:
        self.machine = machine
        self.form = form
        self.screen = screen
        self.pictures = pictures
        self._traces = 0

    # pieces

    def netdesk(self, *words: str, **more: Any) -> str:
        """Run a command of the program."""
        return self.machine.run(self.form.program, *words, **more)

    def listed(self, kind: str) -> list[str]:
        """Who is in a list of the sample."""
        return [str(one["address"]) for one in json.loads(self.netdesk("--sample", "list", kind, "--json"))]

    def _trace(self) -> Path:
        self._traces += 1
        return WORK / f"traces/{self._traces}.log"

    def _window(self, *words: str, trace: Path | None = None) -> "subprocess.Popen[bytes]":
        told = self.machine.words(self.form.program, *words, display=self.screen.name, trace=trace)
        return subprocess.Popen(told, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def _close(self, window: "subprocess.Popen[bytes]", title: str) -> None:
        self.screen.wait_for(title)
        self.screen.press("ctrl+q")
        try:
            _, told = window.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            window.kill()
            raise Stopped("The window does not close with Ctrl+Q.") from None
        check(window.returncode == 0, f"The window ended with {window.returncode}:\n{told.decode()[-2000:]}")

    def _look(self, name: str) -> None:
        self.screen.settle()
        self.screen.keep(self.pictures / f"{name}.png")

    # the steps

    def first_look(self) -> None:
        """It says its version, finds its data whole, and opens links."""
        check(self.netdesk("--version").startswith("NetDesk "), "It does not say its version.")
        told = self.netdesk("doctor")
        check("database: whole" in told, f"doctor finds something:\n{told}")
        handler = self.machine.run("xdg-mime", "query", "default", "x-scheme-handler/xmpp").strip()
        check(handler == "org.netdesk.NetDesk.desktop", f"xmpp: links are opened by “{handler}”.")

    def sample(self) -> None:
        """The window on the sample: a request is answered with one key; after closing and opening again the answer is there."""
        before = self.listed("incoming")
        trace = self._trace()
        window = self._window("--sample", trace=trace)
        self.screen.wait_for("^NetDesk")
        self._look("sample")
        self.screen.press("a")
        self._look("answered")
        self._close(window, "^NetDesk")
        gone = [one for one in before if one not in self.listed("incoming")]
        check(len(gone) == 1, f"One request should have been answered, {len(gone)} are gone from the list.")
        check(gone[0] in self.listed("answered"), "The answer is not there after closing.")
        window = self._window("--sample")
        self.screen.wait_for("^NetDesk")
        self._look("opened-again")
        self._close(window, "^NetDesk")
        check(gone[0] in self.listed("answered"), "The answer is not there after opening again.")
        check(not addresses(trace), f"The sample spoke to the network: {addresses(trace)}")
        self._check_written(trace)

    def _check_written(self, trace: Path) -> None:
        found = {one for one in written(trace, f"/{_HOME}") if not one.startswith(_PASSING)}
        check(any(one.endswith("/desk.db") for one in found), "What it writes was not seen: not even its own database.")
        check(not any("autostart" in one for one in found), "It starts with the computer, and nobody asked for it.")
        strange = sorted(
            one
            for one in found
            if not one.lstrip("/").startswith(_ALLOWED) and not f"{_HOME}/.local/share/netdesk".startswith(one.lstrip("/"))
        )
        check(not strange, f"It wrote outside its folders: {', '.join(strange)}")

    def link(self) -> None:
        """A click on a link, as a browser passes it on, opens the composer in the window that is open."""
        self.netdesk("account", "add", "community", "Ann")
        self.netdesk("set", "confirmed", "yes")
        window = self._window()
        self.screen.wait_for("^NetDesk$")
        self.screen.settle()
        self.machine.run("xdg-open", "xmpp:kofi@somewhere.example?subscribe", display=self.screen.name)
        self.screen.wait_for("^New request$")
        self._look("link")
        check(len(self.screen.windows("^NetDesk$")) == 1, "The link opened a second window.")
        self.screen.press("Escape")
        wait_until(lambda: not self.screen.windows("^New request$"), "the composer closes with Escape")
        self._close(window, "^NetDesk$")

    def account(self) -> None:
        """With an account on a server it speaks to that server and to nobody else."""
        folder = WORK / "server"
        shutil.rmtree(folder, ignore_errors=True)
        with Prosody(folder, hosts=("server.example",)) as server:
            server.add_user("ann", "server.example")
            trace = self._trace()
            secret = self.machine.home / "secret"
            secret.write_text(PASSWORD + "\n", "utf-8")
            secret.chmod(0o600)
            os.chown(secret, 1000, 1000)
            authority = self.machine.put(server.ca_file)
            port, more = str(server.starttls), {"NETDESK_PASSWORD_FILE": f"/{_HOME}/secret"}
            words = (
                "account",
                "add",
                "xmpp",
                "ann@server.example",
                "--host",
                "127.0.0.1",
                "--port",
                port,
                "--tls",
                "starttls",
                "--ca-file",
                authority,
            )
            self.netdesk(*words, more=more)
            self.netdesk("sync", "--seconds", "8", trace=trace, more=more)
            found = addresses(trace)
            secret.unlink()
        check(found == {f"127.0.0.1:{server.starttls}"}, f"It spoke to {found}, the account's server is 127.0.0.1:{server.starttls}.")
        self._check_written(trace)

    def under_an_open_window(self, path: Path) -> None:
        """An update while the window is open: the window says so, and closes as it should."""
        self.netdesk("--sample", "set", "pace", "stopped")  # so that nothing else changes what is shown
        window = self._window("--sample")
        self.screen.wait_for("^NetDesk")
        self.screen.settle()
        before = self.screen.picture()
        self.form.install(path)
        wait_until(lambda: self.screen.picture() != before, "the window says that it was updated")
        self._look("updated-while-open")
        self._close(window, "^NetDesk")

    def whole(self) -> None:
        """From installing to removing. The machine has all the package needs, and nothing of it."""
        bare = self.machine.files()
        earlier = self.form.earlier()
        for path in (earlier, self.form.path) if earlier else (self.form.path, self.form.path):
            say(f"installing {path.name}")
            if self._traces and self.form.in_place:
                self.under_an_open_window(path)
            else:
                self.form.install(path)
            if not self._traces:
                self._use()
        answered = self.listed("answered")
        check(self.netdesk("--version").strip() == f"NetDesk {version()}", "It calls itself by another version.")
        check(bool(answered), "The answers are gone after the update.")
        left = [one for one in self.machine.files() if one.endswith("of-the-earlier-version")]
        check(not left, f"Of the earlier version there is still {left}.")
        window = self._window("--sample")
        self.screen.wait_for("^NetDesk")
        self._look("updated")
        self._close(window, "^NetDesk")
        check(self.listed("answered") == answered, "The answers are other ones after the update.")
        say("removing")
        self.form.remove(self.screen, self.pictures)
        self._check_left(bare)

    def _use(self) -> None:
        say("using it")
        self.first_look()
        self.sample()
        self.link()
        self.account()

    def _check_left(self, bare: dict[str, tuple[int, int, int]]) -> None:
        left = [one for one in changed(bare, self.machine.files()) if not self._is_system_cache(one)]
        strange = [one for one in left if not one.startswith((*_ALLOWED, "srv/")) and not f"{_HOME}/.local/share/netdesk".startswith(one)]
        strange += [one for one in left if "autostart" in one]
        check(not strange, f"After removing it there is still: {', '.join(strange)}")
        check(any(one.endswith("netdesk/desk.db") for one in left), "The data went with the program.")

    def _is_system_cache(self, path: str) -> bool:
        """Whether it is the menu's database, which the system makes anew, and which names NetDesk no longer."""
        whole = self.machine.root / path
        return whole.name == "mimeinfo.cache" and "netdesk" not in whole.read_text("utf-8").lower()
